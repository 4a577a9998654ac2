#include "ui/file_list.h"

#include <fmt/format.h>
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "embedded/icons.h"
#include "ui/widgets.h"
#include "ui/word_search.h"

namespace mw::ui {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostEntries = 20000;

// "2" before "10", capitals beside small letters.
bool natural_less(const std::string& a, const std::string& b) {
    std::size_t i = 0, j = 0;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    while (i < a.size() && j < b.size()) {
        if (digit(a[i]) && digit(b[j])) {
            const std::size_t from_a = i, from_b = j;
            while (i < a.size() && digit(a[i]))
                ++i;
            while (j < b.size() && digit(b[j]))
                ++j;
            auto x = a.substr(from_a, i - from_a), y = b.substr(from_b, j - from_b);
            x.erase(0, std::min(x.find_first_not_of('0'), x.size()));
            y.erase(0, std::min(y.find_first_not_of('0'), y.size()));
            if (x.size() != y.size()) return x.size() < y.size();
            if (x != y) return x < y;
            continue;
        }
        const int ca = std::tolower(static_cast<unsigned char>(a[i]));
        const int cb = std::tolower(static_cast<unsigned char>(b[j]));
        if (ca != cb) return ca < cb;
        ++i, ++j;
    }
    return a.size() - i < b.size() - j;
}

std::string date_words(const fs::file_time_type& time) {
    const auto system =
        std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::file_clock::to_sys(time));
    const std::time_t t = std::chrono::system_clock::to_time_t(system);
    std::tm local{};
    if (localtime_r(&t, &local) == nullptr) return "";
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local);
    return text.data();
}

void move_selection(FileList& list) {
    if (list.entries.empty()) return;
    const int last = static_cast<int>(list.entries.size()) - 1;
    const auto down = [](ImGuiKey key) { return ImGui::IsKeyPressed(key, true); };
    int to = list.selected;
    if (down(ImGuiKey_DownArrow)) to = std::min(to + 1, last);
    if (down(ImGuiKey_UpArrow)) to = std::max(to - 1, 0);
    if (down(ImGuiKey_PageDown)) to = std::min(to + 10, last);
    if (down(ImGuiKey_PageUp)) to = std::max(to - 10, 0);
    for (const ImGuiKey key :
         {ImGuiKey_DownArrow, ImGuiKey_UpArrow, ImGuiKey_PageDown, ImGuiKey_PageUp})
        if (ImGui::IsKeyPressed(key, true))
            ImGui::NavMoveRequestCancel(); // the list's, not the focus'
    if (to == list.selected) return;
    list.selected = to;
    list.scroll_to_selected = true;
}

constexpr float kRow = 36, kDate = 112, kSize = 132; // from the right: where they begin, end

void draw_headings(FileList& list) {
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 at = ImGui::GetCursorPos();
    const auto heading = [&](const char* name, const char* words, FileSort sort, float x,
                             float wide) {
        ImGui::SetCursorPos({at.x + x, at.y});
        const bool on = list.sort == sort;
        const char* icon = !on               ? nullptr
                           : list.descending ? icons::kArrowDownward
                                             : icons::kArrowUpward;
        if (button(name, words,
                   {.kind = ButtonKind::quiet,
                    .icon = icon,
                    .width = wide,
                    .height = px(24),
                    .selected = on,
                    .left = true})) {
            list.descending = on && !list.descending;
            list.sort = sort;
            arrange(list);
        }
    };
    heading("files.by_name", "Name", FileSort::name, 0, px(120));
    heading("files.by_size", "Size", FileSort::size, width - px(220), px(84));
    heading("files.by_date", "Date", FileSort::date, width - px(kDate + 12), px(120));
}

// What the file looks like, once that is known; else an icon.
void draw_small(const session::SessionView& view, FileList& list, const FileEntry& entry,
                ImVec2 at) {
    const float side = px(kRow - 4);
    const auto seen = view.glances.find(entry.path);
    if (seen != view.glances.end() && seen->second && look().make_texture) {
        const auto [made, fresh] = list.pictures.try_emplace(entry.path, nullptr);
        if (fresh) made->second = look().make_texture(*seen->second);
        const auto w = static_cast<float>(seen->second->width());
        const auto h = static_cast<float>(seen->second->height());
        const float scale = std::min(side / w, side / h);
        const ImVec2 min{std::floor(at.x + (side - w * scale) / 2),
                         std::floor(at.y + (side - h * scale) / 2)};
        ImGui::GetWindowDrawList()->AddImage(made->second, min,
                                             {min.x + w * scale, min.y + h * scale});
        return;
    }
    ImFont* icons = look().fonts.icons;
    const float off = std::floor((side - icons->FontSize) / 2);
    ImGui::GetWindowDrawList()->AddText(
        icons, icons->FontSize, {at.x + off, at.y + off},
        entry.folder ? colors().accent_line : colors().text_second,
        entry.folder ? icons::kFolder
                     : (entry.path.extension() == ".mwr" ? icons::kAccountTree : icons::kImage));
}

// True when it is opened by a double click.
bool draw_row(const session::SessionView& view, FileList& list, int index) {
    const FileEntry& entry = list.entries[static_cast<std::size_t>(index)];
    const float row = px(kRow), width = ImGui::GetContentRegionAvail().x;
    bool opened = false;
    ImGui::PushID(index);
    const ImVec2 at = ImGui::GetCursorPos(), on_screen = ImGui::GetCursorScreenPos();
    if (ImGui::Selectable("##row", list.selected == index, ImGuiSelectableFlags_AllowDoubleClick,
                          {width, row})) {
        list.selected = index;
        opened = ImGui::IsMouseDoubleClicked(0);
    }
    name_item(fmt::format("files.{}", index));
    if (list.scroll_to_selected && list.selected == index) {
        ImGui::SetScrollHereY();
        list.scroll_to_selected = false;
    }
    draw_small(view, list, entry, {on_screen.x + px(4), on_screen.y + px(2)});
    const float y = at.y + px(9);
    ImGui::SetCursorPos({at.x + px(kRow + 12), y});
    text_cut(entry.shown, width - px(kRow + 12 + 220));
    if (!entry.folder) {
        const std::string size = size_words(entry.bytes);
        ImFont* small = look().fonts.small;
        const float wide = small->CalcTextSizeA(small->FontSize, 1e9f, 0, size.c_str()).x;
        ImGui::SetCursorPos({width - px(kSize) - wide, y + px(1)});
        text(size, colors().text_second, small);
    }
    ImGui::SetCursorPos({width - px(kDate), y + px(1)});
    text(entry.date, colors().text_second, look().fonts.small);
    ImGui::SetCursorPos({at.x, at.y + row});
    ImGui::PopID();
    return opened;
}

} // namespace

std::span<const std::string_view> picture_endings() {
    static constexpr std::string_view kEndings[] = {"png", "jpg", "jpeg", "webp", "tif", "tiff",
                                                    "exr", "hdr", "psd",  "gif",  "bmp", "tga",
                                                    "pnm", "ppm", "pgm",  "pfm"};
    return kEndings;
}

bool is_picture_name(const fs::path& path) {
    const std::string ext = lower(path.extension().string());
    if (ext.empty()) return false;
    const auto known = picture_endings();
    const std::string_view ending = std::string_view(ext).substr(1);
    return ending == kProjectEnding || std::ranges::find(known, ending) != known.end();
}

std::string size_words(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    if (bytes < 1000 * 1000) return fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3);
    if (bytes < 1000ull * 1000 * 1000)
        return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
    return fmt::format("{:.2f} GB", static_cast<double>(bytes) / 1e9);
}

void list_folder(FileList& list, const fs::path& folder) {
    if (list.folder != folder) {
        list.filter.clear();
        drop_pictures(list);
    }
    list.folder = folder;
    list.all.clear();
    list.entries.clear();
    list.selected = -1;
    list.glanced.clear();
    list.error.clear();
    std::error_code error;
    fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
    if (error) {
        list.error = "This folder cannot be read: " + error.message() + ".";
        return;
    }
    for (; it != fs::directory_iterator() && list.all.size() < kMostEntries; it.increment(error)) {
        if (error) break;
        const fs::path name = it->path().filename();
        if (name.native().empty() || name.native()[0] == '.') continue;
        std::error_code ignored;
        FileEntry entry;
        entry.folder = it->is_directory(ignored);
        if (!entry.folder && !list.all_files && !is_picture_name(name)) continue;
        entry.path = it->path();
        entry.shown = shown_name(name.native());
        if (!entry.folder) {
            const auto bytes = it->file_size(ignored);
            entry.bytes = ignored ? 0 : bytes;
        }
        const auto time = it->last_write_time(ignored);
        if (!ignored) entry.date = date_words(time), entry.time = time;
        list.all.push_back(std::move(entry));
    }
    arrange(list);
}

void arrange(FileList& list) {
    const bool chosen = list.selected >= 0;
    const fs::path before =
        chosen ? list.entries[static_cast<std::size_t>(list.selected)].path : fs::path();
    list.entries.clear();
    for (const FileEntry& entry : list.all)
        if (holds_words(entry.shown, list.filter)) list.entries.push_back(entry);
    const auto less = [&](const FileEntry& a, const FileEntry& b) {
        if (list.sort == FileSort::size && a.bytes != b.bytes) return a.bytes < b.bytes;
        if (list.sort == FileSort::date && a.time != b.time) return a.time < b.time;
        return natural_less(a.shown, b.shown);
    };
    std::ranges::sort(list.entries, [&](const FileEntry& a, const FileEntry& b) {
        if (a.folder != b.folder) return a.folder;
        return list.descending ? less(b, a) : less(a, b);
    });
    const auto at = std::ranges::find(list.entries, before, &FileEntry::path);
    list.selected =
        chosen && at != list.entries.end() ? static_cast<int>(at - list.entries.begin()) : -1;
    list.scroll_to_selected = list.selected >= 0;
}

void drop_pictures(FileList& list) {
    for (const auto& [file, texture] : list.pictures)
        if (look().drop_texture && texture != nullptr) look().drop_texture(texture);
    list.pictures.clear();
}

void draw_file_filter(FileList& list, float width) {
    ImGui::SetNextItemWidth(width);
    if (ImGui::InputTextWithHint("##filter", "Filter", &list.filter)) arrange(list);
    name_item("files.filter");
}

std::optional<FileEntry> draw_file_list(const session::SessionView& view, FileList& list,
                                        float below, session::Actions& out) {
    std::optional<FileEntry> opened;
    move_selection(list);
    draw_headings(list);
    ImGui::PushStyleColor(ImGuiCol_ChildBg, colors().field);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(4, 4));
    ImGui::BeginChild("##files", {0, ImGui::GetContentRegionAvail().y - below},
                      ImGuiChildFlags_Border | ImGuiChildFlags_AlwaysUseWindowPadding);
    const float row = px(kRow);
    if (!list.error.empty() || list.entries.empty()) {
        ImGui::SetCursorPos(px(16, 16));
        text_wrapped(!list.error.empty()   ? list.error
                     : list.filter.empty() ? "No pictures in this folder."
                                           : "Nothing here has this in its name.",
                     colors().text_second);
    }
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
    std::vector<fs::path> in_sight;
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(list.entries.size()), row);
    if (list.scroll_to_selected && list.selected >= 0) clipper.IncludeItemByIndex(list.selected);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const FileEntry& entry = list.entries[static_cast<std::size_t>(i)];
            if (draw_row(view, list, i)) opened = entry;
            if (!entry.folder && entry.path.extension() != ".mwr") in_sight.push_back(entry.path);
        }
    ImGui::PopStyleVar();
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
    if (in_sight != list.glanced) {
        list.glanced = in_sight;
        out.push_back(session::GlanceAt{std::move(in_sight)});
    }
    return opened;
}

std::optional<fs::path> draw_places(const std::vector<fs::path>& recent, const fs::path& current) {
    std::vector<std::pair<const char*, fs::path>> places;
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != 0) {
        places.emplace_back("Home", home);
        for (const char* name : {"Pictures", "Desktop", "Downloads"}) {
            std::error_code ignored;
            if (fs::is_directory(fs::path(home) / name, ignored))
                places.emplace_back(name, fs::path(home) / name);
        }
    }
    places.emplace_back("Computer", "/");
    std::optional<fs::path> chosen;
    int index = 0;
    const auto row = [&](const std::string& label, const char* icon, const fs::path& to) {
        ImGui::PushID(index);
        const ImVec2 at = ImGui::GetCursorPos();
        if (ImGui::Selectable("##place", to == current, 0, {0, px(26)})) chosen = to;
        name_item(fmt::format("place.{}", index++));
        ImGui::SetCursorPos({at.x + px(8), at.y + px(5)});
        icon_text(icon, "", colors().text_second);
        ImGui::SetCursorPos({at.x + px(34), at.y + px(5)});
        text_cut(label, ImGui::GetContentRegionAvail().x - px(4));
        ImGui::SetCursorPos({at.x, at.y + px(26)});
        ImGui::PopID();
    };
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
    for (const auto& [label, path] : places)
        row(label, label == std::string_view("Home") ? icons::kHome : icons::kFolder, path);
    std::vector<fs::path> seen;
    for (const fs::path& file : recent) {
        const fs::path folder = file.parent_path();
        if (std::find(seen.begin(), seen.end(), folder) != seen.end() || seen.size() == 6) continue;
        if (seen.empty()) {
            ImGui::Dummy(px(1, 12));
            text("  Recent folders", colors().text_second, look().fonts.small);
            ImGui::Dummy(px(1, 4));
        }
        seen.push_back(folder);
        row(shown_name(folder.filename().native()), icons::kHistory, folder);
    }
    ImGui::PopStyleVar();
    return chosen;
}

} // namespace mw::ui
