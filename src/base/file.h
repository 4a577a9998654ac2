// Whole files in and out. A write is never half: beside, sync, rename.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace mw {

using Bytes = std::vector<std::byte>;

// A path as text for a message: control characters, terminal escapes and bytes that are not
// UTF-8 become '?', long ones keep both ends.
std::string display_path(const std::filesystem::path& path);

// The whole file. too_large with both numbers when it has more than max_bytes; a directory, a
// device or a pipe is an error, not a hang.
Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t max_bytes = 1ull << 30);

// Writes a temporary file in the same folder, syncs, renames over `path`, syncs the folder. On any
// failure the old file is whole and the temporary one is gone. A symbolic link at `path` is refused
// (permission_denied), a missing folder is not_found, and the message names the folder.
Status write_file_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);

} // namespace mw
