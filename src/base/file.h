// Whole files in and out. A write is never half: beside, sync, rename.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mw {

using Bytes = std::vector<std::byte>;

// A path as text for a message: control characters, terminal escapes and bytes that are not
// UTF-8 become '?', long ones keep both ends.
std::string display_path(const std::filesystem::path& path);

// A regular file, open for reading, and how long it was then.
class InputFile {
  public:
    InputFile(int fd, std::uint64_t size) : fd_(fd), size_(size) {} // takes the descriptor over
    ~InputFile();
    InputFile(InputFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}
    InputFile& operator=(InputFile&& other) noexcept {
        std::swap(fd_, other.fd_);
        std::swap(size_, other.size_);
        return *this;
    }
    int fd() const { return fd_; }
    std::uint64_t size() const { return size_; }

  private:
    int fd_;
    std::uint64_t size_;
};

// Errors as those of read_file.
Result<InputFile> open_file(const std::filesystem::path& path,
                            std::uint64_t max_bytes = 1ull << 30);
// Its first bytes, at most `most`; fewer when it has fewer by now.
Result<Bytes> read_start(const InputFile& file, std::uint64_t most,
                         const std::filesystem::path& path);

// The whole file. too_large with both numbers when it has more than max_bytes; a directory, a
// device or a pipe is an error, not a hang.
Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t max_bytes = 1ull << 30);

// A file that is made piece by piece and appears whole: a temporary file in the same folder, which
// commit() syncs, renames over `path`, and syncs the folder. Until then, and on any failure, the
// old file is whole; a temporary one that was not committed goes with this object. A symbolic link
// at `path` is refused (permission_denied), a missing folder is not_found, and the message names
// the folder.
class AtomicFile {
  public:
    static Result<AtomicFile> create(const std::filesystem::path& path);
    ~AtomicFile();
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&&) = delete;

    // At the end; gathered, so that small pieces cost no call each.
    Status write(std::span<const std::byte> bytes);
    // Over what was written already: offset + bytes.size() <= size().
    Status write_at(std::uint64_t offset, std::span<const std::byte> bytes);
    std::uint64_t size() const { return written_ + pending_.size(); }
    Status commit();

  private:
    AtomicFile(std::filesystem::path path, std::string temporary, int fd)
        : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}
    Status flush();

    std::filesystem::path path_;
    std::string temporary_; // empty: committed
    int fd_;
    std::uint64_t written_ = 0;
    Bytes pending_;
};

// All of it at once, as AtomicFile does it.
Status write_file_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes);

} // namespace mw
