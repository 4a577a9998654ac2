// A folder's contents to choose from, for the dialogs that open and save.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/action.h"

namespace mw::ui {

struct FileEntry {
    std::filesystem::path path;
    std::string shown; // safe to draw
    bool folder = false;
    std::uint64_t bytes = 0;
    std::string date; // "2026-11-22 19:40", local time
    std::filesystem::file_time_type time;
};

enum class FileSort { name, size, date };

struct FileList {
    std::filesystem::path folder;
    std::string error;              // why the folder cannot be read; empty: it was
    std::vector<FileEntry> all;     // that are there
    std::vector<FileEntry> entries; // of them those that hold the filter's words, in order
    std::string filter;
    FileSort sort = FileSort::name;
    bool descending = false;
    bool all_files = false; // else folders and known pictures
    int selected = -1;      // of entries
    bool scroll_to_selected = false;
    std::vector<std::filesystem::path> glanced; // in sight, asked for
    std::map<std::filesystem::path, ImTextureID> pictures;
};

// Reads `folder`, hidden files left out.
void list_folder(FileList& list, const std::filesystem::path& folder);
// Makes `entries` of `all`: folders first, names in natural order. What was selected stays so
// while it is among them.
void arrange(FileList& list);
// Gives the textures back.
void drop_pictures(FileList& list);
// Of files that can be opened: pictures, "png" ..., and projects, small letters.
std::span<const std::string_view> picture_endings();
inline constexpr std::string_view kProjectEnding = "mwr";
// One of them, however it is written.
bool is_picture_name(const std::filesystem::path& path);
std::string size_words(std::uint64_t bytes);

// Field of the filter, `width` wide, window coordinates.
void draw_file_filter(FileList& list, float width);
// Headings that sort and the rows, in what is left of the current window less `below`. Moves the
// selection with the arrow keys; gives the entry opened by a double click.
std::optional<FileEntry> draw_file_list(const session::SessionView& view, FileList& list,
                                        float below, session::Actions& out);
// Home, root, the folders of recent files as a column; the folder chosen.
std::optional<std::filesystem::path> draw_places(const std::vector<std::filesystem::path>& recent,
                                                 const std::filesystem::path& current);

} // namespace mw::ui
