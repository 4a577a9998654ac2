// The shared corpus of pictures: its files, and what its README expects of the bad ones.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "codec/child.h"

namespace mw::codec::io {

std::filesystem::path corpus(); // empty when it is not there

// Regular files below a folder of the corpus, sorted.
std::vector<std::filesystem::path> files_below(const std::string& folder);

// File name to the last column of the tables "Bad: ..." of the README. A row of a range
// ("damaged_01
// ... damaged_63.exr") stands under the text before its first digit.
std::map<std::string, std::string> expectations();

struct Outcome {
    Result<Picture> picture;
    ChildUsage usage;
};
Outcome open_file(const std::filesystem::path& file);

// Names the file, is one printable line, and says more than a word.
void expect_good_message(const Error& error, const std::filesystem::path& file);

// The worst of many.
struct Worst {
    double cpu = 0, wall = 0;
    std::int64_t kib = 0;
    std::string slowest, fattest;
    void add(const ChildUsage& usage, const std::filesystem::path& file);
    std::string text() const;
};

} // namespace mw::codec::io
