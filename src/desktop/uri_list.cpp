#include "desktop/uri_list.h"

#include <unistd.h>

#include <climits>

namespace mw::desktop {
namespace {

int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool this_machine(std::string_view host) {
    if (host.empty() || host == "localhost") return true;
    char name[HOST_NAME_MAX + 1] = {};
    return ::gethostname(name, sizeof name - 1) == 0 && host == name;
}

} // namespace

std::string file_uri(const std::filesystem::path& absolute) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string uri = "file://";
    for (const char c : absolute.native()) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        if (plain)
            uri += c;
        else
            ((uri += '%') += kDigits[byte >> 4]) += kDigits[byte & 15];
    }
    return uri;
}

std::optional<std::filesystem::path> path_of_uri(std::string_view uri) {
    if (!uri.starts_with("file:")) return {};
    uri.remove_prefix(5);
    if (uri.starts_with("//")) {
        uri.remove_prefix(2);
        const auto slash = uri.find('/');
        if (slash == std::string_view::npos || !this_machine(uri.substr(0, slash))) return {};
        uri.remove_prefix(slash);
    }
    if (!uri.starts_with('/')) return {};
    std::string path;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        char c = uri[i];
        if (c == '%') {
            const int high = i + 2 < uri.size() ? hex(uri[i + 1]) : -1;
            const int low = i + 2 < uri.size() ? hex(uri[i + 2]) : -1;
            if (high < 0 || low < 0) return {};
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == 0) return {};
        path += c;
    }
    return path;
}

std::vector<std::filesystem::path> paths_of_uri_list(std::string_view list) {
    std::vector<std::filesystem::path> paths;
    while (!list.empty()) {
        const auto end = list.find_first_of("\r\n");
        const std::string_view line = list.substr(0, end);
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
        if (line.empty() || line.starts_with('#')) continue;
        if (auto path = path_of_uri(line)) paths.push_back(std::move(*path));
    }
    return paths;
}

} // namespace mw::desktop
