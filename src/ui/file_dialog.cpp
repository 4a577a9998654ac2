#include "ui/file_dialog.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <cstdlib>

#include "embedded/icons.h"
#include "session/pasted.h"
#include "ui/export_options.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace fs = std::filesystem;
namespace {

using codec::FileFormat;
using session::SessionView;

struct Words {
    const char* title;
    const char* verb;
    const char* prefix; // of widget names
    bool saves;
};
Words words_of(FilePurpose purpose) {
    switch (purpose) {
        case FilePurpose::load_mask:
            return {"Load a mask", "Load", "dialog.mask", false};
        case FilePurpose::save_mask:
            return {"Save the mask", "Save", "dialog.save_mask", true};
        case FilePurpose::export_picture:
            return {"Export", "Export", "dialog.export", true};
        case FilePurpose::open_to_compare:
            return {"Compare with a file", "Compare", "dialog.compare", false};
        case FilePurpose::add_reference:
            return {"A picture to go by", "Add", "dialog.reference", false};
        case FilePurpose::save_project:
            return {"Save the project as", "Save", "dialog.project", true};
        case FilePurpose::export_report:
            return {"Export a report", "Export", "dialog.report", true};
        case FilePurpose::export_table:
            return {"Export the table", "Export", "dialog.table", true};
        default:
            return {"Open a picture or a project", "Open", "dialog.open", false};
    }
}

fs::path start_folder(const FileDialogState& state, const SessionView& view) {
    std::error_code ignored;
    if (view.document != nullptr && !session::is_pasted(view.document->path)) {
        const fs::path folder = fs::absolute(view.document->path, ignored).parent_path();
        if (fs::is_directory(folder, ignored)) return folder;
    }
    if (fs::is_directory(state.last_folder, ignored)) return state.last_folder;
    for (const fs::path& file : view.recent_files)
        if (fs::is_directory(file.parent_path(), ignored)) return file.parent_path();
    if (const char* home = std::getenv("HOME"); home != nullptr && fs::is_directory(home, ignored))
        return home;
    return "/";
}

fs::path expanded(const std::string& typed, const fs::path& folder) {
    if (typed.starts_with("~/")) {
        if (const char* home = std::getenv("HOME"); home != nullptr)
            return fs::path(home) / typed.substr(2);
    }
    const fs::path path(typed);
    return path.is_absolute() ? path : folder / path;
}

void go_to(FileDialogState& state, const fs::path& folder, bool saves) {
    const std::string name = saves ? fs::path(state.path).filename().string() : std::string();
    list_folder(state.list, folder.lexically_normal());
    state.path = (state.list.folder / name).string();
    state.error.clear();
    state.replacing.clear();
}

// What the file is for.
void act(FileDialogState& state, FilePurpose purpose, const fs::path& path, bool overwrite,
         session::Actions& out) {
    switch (purpose) {
        case FilePurpose::none:
            return;
        case FilePurpose::open_picture:
            out.push_back(session::OpenFile{path});
            break;
        case FilePurpose::open_to_compare:
            out.push_back(session::OpenToCompare{path});
            break;
        case FilePurpose::export_report:
        case FilePurpose::export_table:
            out.push_back(session::ExportReview{path, overwrite});
            break;
        case FilePurpose::load_mask:
            out.push_back(session::LoadMask{path});
            break;
        case FilePurpose::save_mask:
            out.push_back(session::SaveMask{path, overwrite});
            break;
        case FilePurpose::export_picture:
            out.push_back(session::Export{path, state.options, overwrite});
            break;
        case FilePurpose::save_project:
            out.push_back(session::SaveProjectAs{path, overwrite});
            break;
        case FilePurpose::add_reference:
            out.push_back(session::AddReference{path});
            break;
    }
    state.last_folder = path.parent_path();
}

void finish(FileDialogState& state, const fs::path& path, bool overwrite, session::Actions& out) {
    out.push_back(session::GlanceAt{}); // nobody looks any more
    act(state, state.purpose, path, overwrite, out);
    state.purpose = FilePurpose::none;
    ImGui::CloseCurrentPopup();
}

// Which endings are meant, when the name has none of them.
std::string wrong_ending(FilePurpose purpose, const fs::path& path) {
    using worker::ReviewKind;
    const ReviewKind kind = worker::review_kind(path);
    const bool table = kind == ReviewKind::csv || kind == ReviewKind::json;
    if (purpose == FilePurpose::save_project)
        return path.extension() == ".mwr" ? "" : "End the name in .mwr.";
    if (purpose == FilePurpose::export_table) return table ? "" : "End the name in .csv or .json.";
    if (purpose == FilePurpose::export_report)
        return kind != ReviewKind::none && !table ? ""
                                                  : "End the name in .html, .png (contact sheet), "
                                                    ".webp or .gif (A and B in turn).";
    return codec::format_or_layers_for_path(path) != FileFormat::unknown
               ? ""
               : "End the name in .png, .tif, .exr, .webp, .jpg, .ora or .psd.";
}

// What Enter or the button does with what was typed.
void confirm(FileDialogState& state, bool saves, session::Actions& out) {
    state.error.clear();
    if (state.path.empty()) {
        state.error = "Type a path or choose a file.";
        return;
    }
    const fs::path path = expanded(state.path, state.list.folder);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) return go_to(state, path, saves);
    if (!saves) {
        if (fs::exists(path, ignored)) return finish(state, path, false, out);
        state.error = "There is no such file.";
        return;
    }
    if (!fs::is_directory(path.parent_path(), ignored)) {
        state.error =
            fmt::format("There is no folder {}.", shown_name(path.parent_path().native()));
        return;
    }
    if (std::string wrong = wrong_ending(state.purpose, path); !wrong.empty()) {
        state.error = std::move(wrong);
        return;
    }
    if (fs::exists(path, ignored) && state.replacing != path.string()) {
        state.replacing = path.string();
        return;
    }
    finish(state, path, state.replacing == path.string(), out);
}

// Upper case too: to the desktop's dialogs these are different names.
void add_globs(std::string_view ending, std::vector<std::string>& globs) {
    std::string upper(ending);
    for (char& c : upper)
        c = static_cast<char>(c - 'a' + 'A');
    globs.push_back(fmt::format("*.{}", ending));
    globs.push_back("*." + upper);
}

// Puts the question that the window's owner hands on. `state.path` and the list are where it
// begins.
void ask_desktop(FileDialogState& state, FilePurpose purpose) {
    const Words words = words_of(purpose);
    desktop::FileQuestion q;
    q.title = words.title;
    q.verb = words.verb;
    q.folder = state.list.folder;
    q.saves = words.saves;
    if (words.saves) q.name = fs::path(state.path).filename().string();
    if (words.saves && fs::path(state.path).is_absolute())
        q.folder = fs::path(state.path).parent_path();
    q.several = purpose == FilePurpose::open_picture;
    if (!words.saves) {
        q.kind = purpose == FilePurpose::open_picture ? "Pictures and projects" : "Pictures";
        for (const std::string_view ending : picture_endings())
            add_globs(ending, q.globs);
        if (q.several) add_globs(kProjectEnding, q.globs);
    }
    state.question = std::move(q);
    state.asked = purpose;
}

void draw_path_field(FileDialogState& state, const Words& words, bool& entered) {
    if (state.focus_path) ImGui::SetKeyboardFocusHere();
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
    const std::string before = state.path;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, px(8, 7));
    entered = ImGui::InputText("##path", &state.path,
                               ImGuiInputTextFlags_EnterReturnsTrue |
                                   (state.focus_path ? ImGuiInputTextFlags_AutoSelectAll : 0));
    ImGui::PopStyleVar();
    name_item(fmt::format("{}.path", words.prefix));
    const bool active = ImGui::IsItemActive();
    ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(),
                                        active ? colors().accent_line : colors().line, px(4), 0,
                                        px(active ? 1.5f : 1));
    state.focus_path = false;
    if (state.path != before) state.error.clear(), state.replacing.clear();
}

void draw_footer(FileDialogState& state, const Words& words, bool entered, session::Actions& out) {
    const bool asks = !state.replacing.empty();
    const float top = ImGui::GetCursorPosY();
    ImGui::SetCursorPosY(top + px(6));
    if (!state.error.empty())
        icon_text(icons::kError, state.error, colors().error);
    else if (asks)
        icon_text(icons::kWarning, "This file exists. Replace it?", colors().warning);
    else if (!words.saves) {
        if ((ImGui::SetCursorPosY(top + px(4)),
             toggle("dialog.all_files", "All files", state.list.all_files)))
            list_folder(state.list, fs::path(state.list.folder));
    } else if (state.native && state.purpose == FilePurpose::export_picture) {
        if ((ImGui::SetCursorPosY(top),
             button("dialog.elsewhere", "Choose the place", {.height = px(32)})))
            ask_desktop(state, state.purpose);
        tooltip("In the desktop's own dialog");
    } else {
        ImGui::Dummy(px(1, 20));
    }
    const float width = px(112);
    ImGui::SetCursorPos({ImGui::GetContentRegionMax().x - 2 * width - px(8), top});
    if (button("dialog.cancel", "Cancel", {.width = width, .height = px(32)}) ||
        ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
        state.purpose = FilePurpose::none;
        out.push_back(session::GlanceAt{}); // nobody looks any more
        ImGui::CloseCurrentPopup();
        return;
    }
    ImGui::SameLine();
    const bool pressed = button("dialog.ok", asks ? "Replace" : words.verb,
                                {.kind = ButtonKind::primary, .width = width, .height = px(32)});
    name_item(fmt::format("{}.{}", words.prefix, words.saves ? "save" : "ok"));
    if (!pressed && !entered) return;
    confirm(state, words.saves, out);
    // What was refused is typed again at once.
    if (entered && !state.error.empty()) state.focus_path = true;
}

// One that holds what was opened.
const char* kept_extension(const project::Document& document) {
    switch (document.format) {
        case FileFormat::tiff:
            return ".tif";
        case FileFormat::exr:
        case FileFormat::hdr:
            return ".exr";
        default:
            return ".png";
    }
}

void begin_file_dialog(FileDialogState& state, FilePurpose purpose, const SessionView& view) {
    state.purpose = purpose;
    state.error.clear();
    state.replacing.clear();
    state.focus_path = true;
    const fs::path folder = start_folder(state, view);
    list_folder(state.list, folder);
    state.path = folder.string();
    if (!state.path.ends_with('/')) state.path += '/';
    if (view.document != nullptr) {
        const std::string stem = view.document->path.stem().string();
        if (purpose == FilePurpose::export_picture) {
            reset_export_options(state.options);
            state.path = (folder / (stem + "_edit" + kept_extension(*view.document))).string();
        }
        if (purpose == FilePurpose::export_report)
            state.path = (folder / (stem + "_report.html")).string();
        if (purpose == FilePurpose::export_table)
            state.path = (folder / (stem + "_candidates.csv")).string();
        if (purpose == FilePurpose::save_project) state.path = (folder / (stem + ".mwr")).string();
        if (purpose == FilePurpose::save_mask)
            state.path = (folder / (stem + "_mask.png")).string();
    }
}

} // namespace

void open_file_dialog(FileDialogState& state, FilePurpose purpose, const SessionView& view) {
    if (purpose == FilePurpose::none) return;
    begin_file_dialog(state, purpose, view);
    // An export has choices that no other dialog offers: it stays, and may ask for the place.
    if (!state.native || purpose == FilePurpose::export_picture) return;
    state.purpose = FilePurpose::none;
    ask_desktop(state, purpose);
}

void take_file_answer(FileDialogState& state, const desktop::FileAnswer& answer,
                      const SessionView& view, session::Actions& out) {
    const FilePurpose purpose = std::exchange(state.asked, FilePurpose::none);
    if (purpose == FilePurpose::none) return;
    if (!answer.asked) { // there is none after all
        state.native = false;
        return open_file_dialog(state, purpose, view);
    }
    const bool exports = purpose == FilePurpose::export_picture;
    if (!answer.problem.empty()) {
        if (!exports) begin_file_dialog(state, purpose, view);
        state.error = answer.problem;
        return;
    }
    if (exports && state.purpose != purpose) return; // closed meanwhile
    const bool saves = words_of(purpose).saves;
    for (const fs::path& path : answer.paths) {
        std::string wrong = saves ? wrong_ending(purpose, path) : std::string();
        if (exports || !wrong.empty()) {
            if (!exports) begin_file_dialog(state, purpose, view);
            list_folder(state.list, path.parent_path());
            state.path = path.string();
            state.error = std::move(wrong);
            // That it is replaced was asked there.
            std::error_code ignored;
            state.replacing = state.error.empty() && fs::exists(path, ignored) ? state.path : "";
            return;
        }
        act(state, purpose, path, saves, out);
    }
}

void draw_file_dialog(const SessionView& view, FileDialogState& state, session::Actions& out) {
    if (!is_open(state)) return;
    const Words words = words_of(state.purpose);
    if (!begin_sheet("##file dialog", 840, 600)) return;
    const float top = ImGui::GetCursorPosY();
    text(words.title, colors().text, look().fonts.semibold);
    constexpr float kFilter = 220;
    ImGui::SetCursorPos({ImGui::GetContentRegionMax().x - px(kFilter), top - px(4)});
    draw_file_filter(state.list, px(kFilter));
    bool entered = false;
    if (icon_button("dialog.up", icons::kArrowUpward, false, true, 28))
        go_to(state, state.list.folder.parent_path(), words.saves);
    tooltip("The folder above");
    ImGui::SameLine();
    draw_path_field(state, words, entered);

    const bool exports = state.purpose == FilePurpose::export_picture;
    const float below = px(exports ? kExportOptionsHeight : 40);
    ImGui::BeginChild("##places", {px(176), ImGui::GetContentRegionAvail().y - below});
    if (const auto folder = draw_places(view.recent_files, state.list.folder))
        go_to(state, *folder, words.saves);
    ImGui::EndChild();
    ImGui::SameLine();
    ImGui::BeginGroup();
    const int before = state.list.selected;
    const auto opened = draw_file_list(view, state.list, below, out);
    ImGui::EndGroup();
    if (state.list.selected != before && state.list.selected >= 0) {
        const FileEntry& entry = state.list.entries[static_cast<std::size_t>(state.list.selected)];
        if (!words.saves || !entry.folder) state.path = entry.path.string();
        state.error.clear();
        state.replacing.clear();
    }
    if (opened) {
        if (opened->folder)
            go_to(state, opened->path, words.saves);
        else if (state.path = opened->path.string(); !words.saves)
            entered = true;
    }
    if (exports) draw_export_options(view, state);
    draw_footer(state, words, entered, out);
    ImGui::EndPopup();
}

} // namespace mw::ui
