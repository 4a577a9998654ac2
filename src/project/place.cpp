#include "project/place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <set>

#include "base/file.h"

namespace mw::project {
namespace {

using FileId = std::pair<std::uint64_t, std::uint64_t>;

std::mutex held_mutex;
std::set<FileId>& held_files() {
    static std::set<FileId> files;
    return files;
}

std::optional<FileId> id_of(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return std::nullopt;
    return FileId{info.st_dev, info.st_ino};
}

tl::unexpected<Error> system_failure(std::string_view what, const std::filesystem::path& path) {
    const int error = errno;
    return fail(code_from_errno(error),
                fmt::format("{} {}: {}.", display_path(path), what, text_from_errno(error)));
}

std::filesystem::path with(const std::filesystem::path& path, const char* ending) {
    std::filesystem::path out = path;
    out += ending;
    return out;
}

// What tells whether a file was written to: size, times, the first bytes of a log.
struct Look {
    bool there = false;
    std::int64_t size = 0, seconds = 0, nanoseconds = 0;
    std::array<char, 32> head{};
    bool operator==(const Look&) const = default;
};
Look look_at(const std::filesystem::path& path) {
    Look out;
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return out;
    struct stat info {};
    if (::fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
        out.there = true;
        out.size = info.st_size;
        out.seconds = info.st_mtim.tv_sec;
        out.nanoseconds = info.st_mtim.tv_nsec;
        if (::pread(fd, out.head.data(), out.head.size(), 0) < 0) out.there = false;
    }
    ::close(fd);
    return out;
}

Status copy_whole(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code error;
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing, error);
    if (!error) return {};
    return fail(code_from_errno(error.value()),
                fmt::format("{} cannot be copied to be read: {}.", display_path(from),
                            text_from_errno(error.value())));
}

} // namespace

HeldFile::HeldFile(HeldFile&& other) noexcept : id_(other.id_), held_(other.held_) {
    other.held_ = false;
}
HeldFile& HeldFile::operator=(HeldFile&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(held_, other.held_);
    return *this;
}
HeldFile::~HeldFile() {
    if (!held_) return;
    const std::lock_guard lock(held_mutex);
    held_files().erase(id_);
}
bool HeldFile::take(const std::filesystem::path& path) {
    const auto id = id_of(path);
    if (!id) return false;
    const std::lock_guard lock(held_mutex);
    if (!held_files().insert(*id).second) return false;
    if (held_) held_files().erase(id_);
    id_ = *id;
    held_ = true;
    return true;
}

bool is_held(const std::filesystem::path& path) {
    const auto id = id_of(path);
    const std::lock_guard lock(held_mutex);
    return id && held_files().contains(*id);
}

std::filesystem::path temporary_beside(const std::filesystem::path& path) {
    static std::atomic<int> number{0};
    const auto folder =
        path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path();
    return folder / fmt::format(".{}.{}-{}.part", path.filename().string().substr(0, 100),
                                ::getpid(), ++number);
}

Status move_into_place(const std::filesystem::path& temporary, const std::filesystem::path& path,
                       bool overwrite) {
    const auto give_up = [&](auto error) {
        ::unlink(temporary.c_str());
        return Status(error);
    };
    const int fd = ::open(temporary.c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0 || ::fsync(fd) != 0) {
        auto error = system_failure("cannot be written", path);
        if (fd >= 0) ::close(fd);
        return give_up(error);
    }
    ::close(fd);
    std::error_code ignored;
    const bool there = std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
    if (there && !overwrite)
        return give_up(
            fail(ErrorCode::refused,
                 fmt::format("{} exists already; choose another name.", display_path(path))));
    if (there) {
        // A log of the file that goes must not be taken for one of the file that comes.
        ::unlink(with(path, "-wal").c_str());
        ::unlink(with(path, "-journal").c_str());
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0)
        return give_up(system_failure("cannot be written", path));
    const auto folder =
        path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path();
    if (const int dir = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); dir >= 0) {
        ::fsync(dir);
        ::close(dir);
    }
    return {};
}

Result<std::filesystem::path> private_copy(const std::filesystem::path& path) {
    std::error_code ignored;
    std::string pattern =
        (std::filesystem::temp_directory_path(ignored) / "maskwright-read-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) return system_failure("cannot be copied to be read", path);
    const std::filesystem::path folder = pattern, copy = folder / "project.mwr";
    constexpr int kTries = 20;
    for (int i = 0; i < kTries; ++i) {
        const auto look = [&] {
            return std::array{look_at(path), look_at(with(path, "-wal")),
                              look_at(with(path, "-journal"))};
        };
        const auto before = look();
        Status ok = copy_whole(path, copy);
        for (const char* ending : {"-wal", "-journal"}) {
            std::filesystem::remove(with(copy, ending), ignored);
            if (ok && std::filesystem::exists(with(path, ending), ignored))
                ok = copy_whole(with(path, ending), with(copy, ending));
        }
        auto after = look();
        // A log may have grown meanwhile: its end is checked when it is read. Only a log that was
        // begun anew, or a file that was written to, makes the copy worthless.
        if (before[1].there && after[1].there && after[1].size >= before[1].size)
            after[1] = {true, before[1].size, before[1].seconds, before[1].nanoseconds,
                        after[1].head};
        if (ok && before == after) return copy;
        if (!ok && i + 1 == kTries) {
            std::filesystem::remove_all(folder, ignored);
            return tl::unexpected(ok.error());
        }
        ::usleep(50'000);
    }
    std::filesystem::remove_all(folder, ignored);
    return fail(ErrorCode::permission_denied,
                fmt::format("{} is being written by another program all the time; try again.",
                            display_path(path)));
}

bool at_rest(const std::filesystem::path& path) {
    std::error_code ignored;
    return !std::filesystem::exists(with(path, "-wal"), ignored) &&
           !std::filesystem::exists(with(path, "-journal"), ignored);
}

bool can_write(const std::filesystem::path& path) {
    const auto folder =
        path.parent_path().empty() ? std::filesystem::path(".") : path.parent_path();
    return ::access(path.c_str(), W_OK) == 0 && ::access(folder.c_str(), W_OK) == 0;
}

} // namespace mw::project
