// Files as text/uri-list (RFC 2483), the way file managers, portals and drag and drop name them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mw::desktop {

// "file:///home/a%20b.png", every byte that is not a plain letter escaped.
std::string file_uri(const std::filesystem::path& absolute);
// Nothing for what is no absolute file of this machine, or has a broken escape or a zero byte.
std::optional<std::filesystem::path> path_of_uri(std::string_view uri);
// The local files of a list; comments and whatever else is in it are left out.
std::vector<std::filesystem::path> paths_of_uri_list(std::string_view list);

} // namespace mw::desktop
