// Pictures that came from the clipboard: files that no one named, in a folder of the program's own.
#pragma once

#include <filesystem>

namespace mw::session {

inline std::filesystem::path pasted_folder(const std::filesystem::path& state_folder) {
    return state_folder / "pasted";
}
inline bool is_pasted(const std::filesystem::path& file) {
    return file.parent_path().filename() == "pasted" &&
           file.parent_path().parent_path().filename() == "maskwright";
}

} // namespace mw::session
