#include "session/open_list.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/file.h"

namespace mw::session {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMaxBytes = 1 << 20;
constexpr std::string_view kPrefix = "open-", kSuffix = ".list";

bool is_list(const fs::path& file) {
    const std::string name = file.filename().string();
    return name.starts_with(kPrefix) && name.ends_with(kSuffix);
}

// Names end with NUL: the one byte that no path contains.
std::vector<fs::path> parse(const Bytes& bytes) {
    std::vector<fs::path> out;
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t length = ::strnlen(text + at, bytes.size() - at);
        if (length > 0) out.emplace_back(std::string(text + at, length));
        at += length + 1;
    }
    return out;
}

} // namespace

OpenList::OpenList(fs::path folder) : folder_(std::move(folder)) {}

OpenList::~OpenList() {
    if (lock_ >= 0) ::close(lock_);
}

std::vector<fs::path> OpenList::take_left_open() {
    std::vector<fs::path> lists, left;
    std::error_code ignored;
    if (folder_.empty()) return left;
    for (auto it = fs::directory_iterator(folder_, ignored);
         !ignored && it != fs::directory_iterator(); it.increment(ignored))
        if (is_list(it->path())) lists.push_back(it->path());
    std::sort(lists.begin(), lists.end());
    for (const fs::path& list : lists) {
        const int lock = ::open(list.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (lock < 0) continue;
        if (::flock(lock, LOCK_EX | LOCK_NB) == 0) {
            if (const auto bytes = read_file(list, kMaxBytes))
                for (fs::path& path : parse(*bytes))
                    if (std::find(left.begin(), left.end(), path) == left.end())
                        left.push_back(std::move(path));
            fs::remove(list, ignored);
        }
        ::close(lock);
    }
    return left;
}

void OpenList::write(const std::vector<fs::path>& open) {
    if (folder_.empty() || open == written_) return;
    std::error_code ignored;
    if (lock_ < 0) {
        if (open.empty()) return;
        fs::create_directories(folder_, ignored);
        // A name that an earlier program of the same number left is not taken up.
        for (int n = 0; lock_ < 0 && n < 100; ++n) {
            file_ = folder_ / fmt::format("{}{}-{}{}", kPrefix, ::getpid(), n, kSuffix);
            lock_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
            if (lock_ < 0 && errno != EEXIST) return;
        }
        if (lock_ < 0) return;
        (void)::flock(lock_, LOCK_EX | LOCK_NB);
    }
    std::string text;
    for (const fs::path& path : open)
        text += path.string() + '\0';
    // In place, for the lock hangs on this file: a list that was cut short names fewer projects.
    if (::ftruncate(lock_, 0) != 0) return;
    if (::pwrite(lock_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return;
    (void)::fdatasync(lock_);
    written_ = open;
}

void OpenList::forget() {
    if (lock_ < 0) return;
    std::error_code ignored;
    fs::remove(file_, ignored);
    ::close(lock_);
    lock_ = -1;
    written_.clear();
}

} // namespace mw::session
