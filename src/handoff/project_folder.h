// A whole project as a folder of ordinary files, with the recipe to make it again.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "project/document.h"

namespace mw::handoff {

struct FolderParams {
    // The bytes of the file that was opened; null: only its pixels are at hand, and are written.
    std::shared_ptr<const Bytes> original;
    bool overwrite = false; // write into a folder that holds something; else that is refused
};

struct FolderWritten {
    std::size_t files = 0, iterations = 0;
    std::vector<std::string> notes; // a sentence each
};

// Writes the original, each mask, answers as received, patches, results, contact sheets and
// recipe.json (docs/recipe.md). Names are labels made safe. A new folder appears whole or not at
// all. Errors: those of the files, refused, not_found (no folder to put it in), cancelled. Not to
// be called while the document changes.
Result<FolderWritten> export_folder(const project::Document& document,
                                    const std::filesystem::path& folder,
                                    const FolderParams& params = {}, std::stop_token stop = {});

// ASCII letters, digits, '.', '-' and '_' alone, at most `most`, never empty, never hidden.
std::string safe_name(std::string_view label, std::size_t most = 40);

} // namespace mw::handoff
