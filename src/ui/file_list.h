// A folder's contents to choose from, for the dialogs that open and save.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mw::ui {

struct FileEntry {
    std::filesystem::path path;
    std::string shown; // safe to draw
    bool folder = false;
    std::uint64_t bytes = 0;
    std::string date; // "2026-11-22 19:40", local time
};

struct FileList {
    std::filesystem::path folder;
    std::string error; // why the folder cannot be read; empty: it was
    std::vector<FileEntry> entries;
    bool all_files = false; // else folders and known pictures
    int selected = -1;
    bool scroll_to_selected = false;
};

// Reads `folder`, hidden files left out, folders first, names in natural order.
void list_folder(FileList& list, const std::filesystem::path& folder);
bool is_picture_name(const std::filesystem::path& path);
std::string size_words(std::uint64_t bytes);

// The rows, in what is left of the current window less `below`. Moves the selection with the
// arrow keys; gives the entry opened by a double click.
std::optional<FileEntry> draw_file_list(FileList& list, float below);
// Home, root, the folders of recent files as a column; the folder chosen.
std::optional<std::filesystem::path> draw_places(const std::vector<std::filesystem::path>& recent,
                                                 const std::filesystem::path& current);

} // namespace mw::ui
