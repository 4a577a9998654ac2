#include "ui/file_list.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostEntries = 20000;

std::string lower(std::string s) {
    std::transform(s.begin(), s.end(), s.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return s;
}

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

} // namespace

bool is_picture_name(const fs::path& path) {
    static constexpr std::array kKnown = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tga",
                                          ".gif", ".psd", ".pnm",  ".ppm",  ".pgm", ".hdr",
                                          ".pfm", ".tif", ".tiff", ".exr",  ".mwr"};
    const std::string ext = lower(path.extension().string());
    return std::find(kKnown.begin(), kKnown.end(), ext) != kKnown.end();
}

std::string size_words(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} B", bytes);
    if (bytes < 1000 * 1000) return fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3);
    if (bytes < 1000ull * 1000 * 1000)
        return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
    return fmt::format("{:.2f} GB", static_cast<double>(bytes) / 1e9);
}

void list_folder(FileList& list, const fs::path& folder) {
    list.folder = folder;
    list.entries.clear();
    list.selected = -1;
    list.error.clear();
    std::error_code error;
    fs::directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
    if (error) {
        list.error = "This folder cannot be read: " + error.message() + ".";
        return;
    }
    for (; it != fs::directory_iterator() && list.entries.size() < kMostEntries;
         it.increment(error)) {
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
        if (!ignored) entry.date = date_words(time);
        list.entries.push_back(std::move(entry));
    }
    std::sort(list.entries.begin(), list.entries.end(), [](const FileEntry& a, const FileEntry& b) {
        if (a.folder != b.folder) return a.folder;
        return natural_less(a.shown, b.shown);
    });
}

std::optional<FileEntry> draw_file_list(FileList& list, float below) {
    std::optional<FileEntry> opened;
    move_selection(list);
    ImGui::PushStyleColor(ImGuiCol_ChildBg, colors().field);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(4, 4));
    ImGui::BeginChild("##files", {0, ImGui::GetContentRegionAvail().y - below},
                      ImGuiChildFlags_Border | ImGuiChildFlags_AlwaysUseWindowPadding);
    const float row = px(26), width = ImGui::GetContentRegionAvail().x;
    if (!list.error.empty() || list.entries.empty()) {
        ImGui::SetCursorPos(px(16, 16));
        text_wrapped(list.error.empty() ? "No pictures in this folder." : list.error,
                     colors().text_second);
    }
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2{0, 0});
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(list.entries.size()), row);
    if (list.scroll_to_selected && list.selected >= 0) clipper.IncludeItemByIndex(list.selected);
    while (clipper.Step()) {
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const FileEntry& entry = list.entries[static_cast<std::size_t>(i)];
            ImGui::PushID(i);
            const ImVec2 at = ImGui::GetCursorPos();
            if (ImGui::Selectable("##row", list.selected == i,
                                  ImGuiSelectableFlags_AllowDoubleClick, {width, row})) {
                list.selected = i;
                if (ImGui::IsMouseDoubleClicked(0)) opened = entry;
            }
            name_item(fmt::format("files.{}", i));
            if (list.scroll_to_selected && list.selected == i) {
                ImGui::SetScrollHereY();
                list.scroll_to_selected = false;
            }
            const float y = at.y + px(5);
            ImGui::SetCursorPos({at.x + px(8), y});
            icon_text(entry.folder ? icons::kFolder : icons::kImage, "",
                      entry.folder ? colors().accent_line : colors().text_second);
            ImGui::SetCursorPos({at.x + px(36), y});
            text_cut(entry.shown, width - px(36 + 220));
            if (!entry.folder) {
                const std::string size = size_words(entry.bytes);
                ImGui::SetCursorPos({width - px(132) - ImGui::CalcTextSize(size.c_str()).x, y});
                text(size, colors().text_second, look().fonts.small);
            }
            ImGui::SetCursorPos({width - px(112), y + px(1)});
            text(entry.date, colors().text_second, look().fonts.small);
            ImGui::SetCursorPos({at.x, at.y + row});
            ImGui::PopID();
        }
    }
    ImGui::PopStyleVar();
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor();
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
