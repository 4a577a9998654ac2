#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/utf8.h"

namespace mw {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }
    bool valid() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

tl::unexpected<Error> errno_failure(int error_number, std::string_view what,
                                    const std::filesystem::path& path, std::string_view advice) {
    return fail(code_from_errno(error_number),
                fmt::format("{} {}: {}.{}{}", what, display_path(path),
                            text_from_errno(error_number), advice.empty() ? "" : " ", advice));
}

std::string_view write_advice(int error_number) {
    switch (code_from_errno(error_number)) {
        case ErrorCode::disk_full:
            return "Nothing was written; free some space or choose another folder.";
        case ErrorCode::permission_denied:
            return "Nothing was written; choose a folder you may write to.";
        case ErrorCode::not_found:
            return "Nothing was written; create the folder first or choose another.";
        default:
            return "Nothing was written; the old file, if any, is whole.";
    }
}

Status write_all(int fd, std::span<const std::byte> bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_failure(errno, "Cannot write", path, write_advice(errno));
        bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

// The length of the UTF-8 character at `i`; 0 for a byte that belongs to none, and for control
// characters (C1 included: terminals obey them too).
std::size_t printable_bytes(std::string_view text, std::size_t i) {
    const auto c = utf8_at(text, i);
    const bool control = c && (c->code < 0x20 || (c->code >= 0x7f && c->code < 0xa0));
    return c && !control ? c->bytes : 0;
}

} // namespace

std::string display_path(const std::filesystem::path& path) {
    constexpr std::size_t kMax = 240, kEnd = 115;
    std::string text = path.string();
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t n = printable_bytes(text, i);
        if (n == 0) text[i] = '?';
        i += std::max<std::size_t>(n, 1);
    }
    if (text.size() > kMax) {
        const auto continues = [&](std::size_t i) {
            return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80;
        };
        std::size_t head = kEnd, tail = text.size() - kEnd;
        while (continues(head))
            --head;
        while (continues(tail))
            ++tail;
        text = text.substr(0, head) + " ... " + text.substr(tail);
    }
    return "\"" + text + "\"";
}

InputFile::~InputFile() {
    if (fd_ >= 0) ::close(fd_);
}

Result<InputFile> open_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
    // O_NONBLOCK: opening a pipe without a writer must not hang.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno_failure(errno, "Cannot open", path,
                             code_from_errno(errno) == ErrorCode::not_found
                                 ? "Check the name and the folder."
                                 : "Check its permissions.");
    Descriptor file(fd);
    struct stat info {};
    if (::fstat(fd, &info) != 0) return errno_failure(errno, "Cannot read", path, "");
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} is a folder; give a file in it.", display_path(path)));
    if (!S_ISREG(info.st_mode))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("{} is not a regular file; copy its content to one.", display_path(path)));
    const auto size = static_cast<std::uint64_t>(info.st_size);
    if (size > max_bytes)
        return fail(ErrorCode::too_large,
                    fmt::format("{} has {:.1f} MB; the limit for such a file is {:.1f} MB.",
                                display_path(path), double(size) / 1e6, double(max_bytes) / 1e6));
    return InputFile(file.release(), size);
}

Result<Bytes> read_start(const InputFile& file, std::uint64_t most,
                         const std::filesystem::path& path) {
    Bytes bytes(std::min(most, file.size()));
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t n =
            ::pread(file.fd(), bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_failure(errno, "Cannot read", path, "");
        if (n == 0) break;
        have += static_cast<std::size_t>(n);
    }
    bytes.resize(have); // it may have shrunk since it was opened
    return bytes;
}

Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t max_bytes) {
    auto file = open_file(path, max_bytes);
    if (!file) return tl::unexpected(file.error());
    return read_start(*file, file->size(), path);
}

namespace {

// What stands at `path` may be replaced; its mode then, 0 when there is nothing.
Result<mode_t> check_target(const std::filesystem::path& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return mode_t{0};
    if (S_ISDIR(info.st_mode))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} is a folder; add a file name.", display_path(path)));
    if (S_ISLNK(info.st_mode))
        return fail(ErrorCode::permission_denied,
                    fmt::format("{} is a symbolic link and is not written through; name its "
                                "target instead.",
                                display_path(path)));
    if (!S_ISREG(info.st_mode)) // rename would put a file in the place of a pipe or a device
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} is not a regular file; nothing was written. Choose another "
                                "name.",
                                display_path(path)));
    // Rename would replace a file that its owner made read-only.
    if (::access(path.c_str(), W_OK) != 0 || (info.st_mode & 0222) == 0)
        return fail(ErrorCode::permission_denied,
                    fmt::format("{} is read-only; nothing was written. Choose another name.",
                                display_path(path)));
    return info.st_mode;
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

} // namespace

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& path) {
    if (path.empty() || !path.has_filename())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} names no file to write; add a file name.", display_path(path)));
    const std::filesystem::path folder = folder_of(path);
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0)
        return errno_failure(errno, "Cannot write into the folder", folder, write_advice(errno));
    auto replaced = check_target(path);
    if (!replaced) return tl::unexpected(replaced.error());
    // The name's length may already be at the file system's limit, so the temporary one does not
    // build on it.
    static std::atomic<unsigned> serial{0};
    std::string temporary;
    const auto open = [&] {
        temporary = (folder / fmt::format(".maskwright-{}-{}.tmp", ::getpid(), serial.fetch_add(1)))
                        .string();
        return ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      0666);
    };
    int fd = open();
    for (int tries = 0; fd < 0 && errno == EEXIST && tries < 100; ++tries)
        fd = open();
    if (fd < 0)
        return errno_failure(errno, "Cannot write into the folder", folder, write_advice(errno));
    if (*replaced != 0) ::fchmod(fd, *replaced & 0777);
    return AtomicFile(path, std::move(temporary), fd);
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)),
      written_(other.written_),
      pending_(std::move(other.pending_)) {}

AtomicFile::~AtomicFile() {
    if (fd_ >= 0) ::close(fd_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status AtomicFile::flush() {
    if (Status s = write_all(fd_, pending_, path_); !s) return s;
    written_ += pending_.size();
    pending_.clear();
    return {};
}

Status AtomicFile::write(std::span<const std::byte> bytes) {
    constexpr std::size_t kGathered = 256u << 10;
    if (pending_.size() + bytes.size() > kGathered)
        if (Status s = flush(); !s) return s;
    if (bytes.size() < kGathered) {
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
        return {};
    }
    if (Status s = write_all(fd_, bytes, path_); !s) return s;
    written_ += bytes.size();
    return {};
}

Status AtomicFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
    assert(offset + bytes.size() <= size());
    if (offset >= written_) {
        std::ranges::copy(bytes, pending_.begin() + static_cast<std::ptrdiff_t>(offset - written_));
        return {};
    }
    if (Status s = flush(); !s) return s;
    while (!bytes.empty()) {
        const ssize_t n = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno_failure(errno, "Cannot write", path_, write_advice(errno));
        bytes = bytes.subspan(static_cast<std::size_t>(n));
        offset += static_cast<std::uint64_t>(n);
    }
    return {};
}

Status AtomicFile::commit() {
    if (Status s = flush(); !s) return s;
    const auto failed = [&] {
        return errno_failure(errno, "Cannot write", path_, write_advice(errno));
    };
    if (::fsync(fd_) != 0) return failed();
    // The error of close() matters on network drives: that is where a full disk is told.
    if (::close(std::exchange(fd_, -1)) != 0) return failed();
    // Something else may stand there by now.
    if (auto target = check_target(path_); !target) return tl::unexpected(target.error());
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return failed();
    temporary_.clear();
    const Descriptor directory(
        ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.valid()) ::fsync(directory.get());
    return {};
}

Status write_file_atomic(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    auto file = AtomicFile::create(path);
    if (!file) return tl::unexpected(file.error());
    if (Status s = file->write(bytes); !s) return s;
    return file->commit();
}

} // namespace mw
