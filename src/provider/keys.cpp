#include "provider/keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "base/file.h"
#include "provider/keyring.h"
#include "provider/model_data.h"

namespace mw::provider {
namespace {

// The key of `origin` in the text of a key file.
Result<Secret> key_in(std::string_view text, const std::string& origin, const std::string& name) {
    int number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
            line.remove_suffix(1);
        if (line.empty() || line[0] == '#') continue;
        const auto gap = line.find_first_of(" \t");
        if (gap == std::string_view::npos)
            return fail(ErrorCode::corrupt,
                        fmt::format("Line {} of {} is not \"https://address KEY\"; no key was read "
                                    "from it.",
                                    number, name));
        if (line.substr(0, gap) != origin) continue;
        return Secret(std::string(line.substr(line.find_first_not_of(" \t", gap))));
    }
    return Secret();
}

Result<Secret> read_key_file(const std::filesystem::path& path, const std::string& origin) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        if (errno == ENOENT || errno == ENOTDIR) return Secret();
        return fail(code_from_errno(errno),
                    fmt::format("Cannot open the key file {}: {}.", display_path(path),
                                text_from_errno(errno)));
    }
    struct Close {
        int fd;
        ~Close() { ::close(fd); }
    } close{file};
    struct stat info {};
    if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > 65536)
        return fail(ErrorCode::corrupt,
                    fmt::format("{} is no key file; no key was read from it.", display_path(path)));
    if (info.st_uid != ::geteuid() || (info.st_mode & 077) != 0)
        return fail(ErrorCode::permission_denied,
                    fmt::format("The key file {} can be read by others, so it is not used; run "
                                "chmod 600 on it.",
                                display_path(path)));
    std::array<char, 65536> buffer{};
    std::size_t have = 0;
    while (have < buffer.size()) {
        const ssize_t n = ::read(file, buffer.data() + have, buffer.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        have += static_cast<std::size_t>(n);
    }
    auto key = key_in({buffer.data(), have}, origin, display_path(path));
    wipe(buffer.data(), buffer.size());
    return key;
}

} // namespace

std::string_view to_string(KeySource source) {
    switch (source) {
        case KeySource::session:
            return "this session";
        case KeySource::environment:
            return "the environment";
        case KeySource::keyring:
            return "the keyring";
        case KeySource::file:
            return "the key file";
    }
    return "";
}

std::filesystem::path Keys::key_file() {
    if (const char* named = std::getenv("MASKWRIGHT_KEYS"); named != nullptr && *named != 0)
        return named;
    const auto folder = config_folder();
    return folder.empty() ? folder : folder / "keys";
}

Result<std::optional<FoundKey>> Keys::find(const std::string& origin,
                                           const std::vector<std::string>& variables) const {
    auto found = find_quick(origin, variables);
    if (!found || (*found && (*found)->source != KeySource::file)) return found;
    bool asked = false;
    {
        const std::lock_guard lock(mutex_);
        asked = from_keyring_.contains(origin);
    }
    if (asked) return found;
    // Outside the lock: the desktop may ask and wait, and the window asks find_quick meanwhile.
    Secret key = keyring_lookup(origin);
    const std::lock_guard lock(mutex_);
    from_keyring_[origin] = key;
    if (!key.empty()) return std::optional(FoundKey{std::move(key), KeySource::keyring});
    return found;
}

Result<std::optional<FoundKey>> Keys::find_quick(const std::string& origin,
                                                 const std::vector<std::string>& variables) const {
    {
        const std::lock_guard lock(mutex_);
        if (const auto it = session_.find(origin); it != session_.end())
            return std::optional(FoundKey{it->second, KeySource::session});
    }
    for (const std::string& variable : variables)
        if (const char* value = std::getenv(variable.c_str()); value != nullptr && *value != 0)
            return std::optional(FoundKey{Secret(std::string(value)), KeySource::environment});
    {
        const std::lock_guard lock(mutex_);
        const auto known = from_keyring_.find(origin);
        if (known != from_keyring_.end() && !known->second.empty())
            return std::optional(FoundKey{known->second, KeySource::keyring});
    }
    if (const auto path = key_file(); !path.empty()) {
        auto key = read_key_file(path, origin);
        if (!key) return tl::unexpected(key.error());
        if (!key->empty()) return std::optional(FoundKey{std::move(*key), KeySource::file});
    }
    return std::optional<FoundKey>();
}

void Keys::set_for_session(const std::string& origin, Secret key) {
    const std::lock_guard lock(mutex_);
    if (key.empty())
        session_.erase(origin);
    else
        session_[origin] = std::move(key);
    from_keyring_.erase(origin);
}

Status Keys::store_in_keyring(const std::string& origin, const Secret& key) {
    return keyring_store(origin, key);
}
Status Keys::forget_in_keyring(const std::string& origin) {
    return keyring_clear(origin);
}

Keys& keys() {
    static Keys all;
    return all;
}

} // namespace mw::provider
