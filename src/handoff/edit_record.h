// What was done to a picture, as a file beside it: for whoever must know later, and in the place of
// Content Credentials that an edit makes untrue.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "composite/graft.h"
#include "project/iteration_tree.h"

namespace mw::handoff {

struct RecordedAnswer {
    std::string sha256, media_type; // of the bytes as received
    bool provenance = false;        // they carry Content Credentials
    std::string model, request_id;  // empty: not known
    Rect crop;                      // what it shows
    Size request_size;
};

struct RecordedEdit {
    std::string prompt, what_was_done; // UTF-8
    mask::Mask mask;
    composite::GraftParams graft;
    std::int64_t changed_outside_mask = 0;
    std::string outside_sha256, outside_sha256_before;
    std::vector<RecordedAnswer> answers;
};

struct EditRecord {
    std::filesystem::path source; // the file that was opened
    bool source_provenance = false;
    std::vector<RecordedEdit> edits; // from the original up

    bool provenance() const; // of the source or of any answer
};

RecordedEdit recorded(const project::Iteration& iteration);
RecordedAnswer recorded(const edit::AnsweredPart& part);

// PATH.edit.json
std::filesystem::path record_path(const std::filesystem::path& exported);

// The JSON text (docs/recipe.md, "Edit record"). Of edits up to the last redaction, and of the
// source then, it holds nothing that a guess at what was covered could be held against. Files are
// hashed as they are now; one that cannot be read has null.
std::string record_text(const EditRecord& record, const std::filesystem::path& exported);

// SHA-256 of the coverage, row by row, whatever file it stands in.
std::string mask_sha256(const mask::Mask& mask);
// Of a whole file, read in pieces.
Result<std::string> file_sha256(const std::filesystem::path& path);

} // namespace mw::handoff
