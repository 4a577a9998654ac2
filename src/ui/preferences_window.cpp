#include "ui/preferences_window.h"

#include <fmt/format.h>
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"
#include "ui/word_search.h"

namespace mw::ui {
namespace {

using session::Preferences;
using session::Theme;

constexpr float kLabel = 260;

void draw_theme(Preferences& p) {
    const auto chosen =
        choices({{"preferences.dark", nullptr, "Dark", nullptr},
                 {.name = "preferences.light", .icon = nullptr, .label = "Light", .key = nullptr}},
                p.theme == Theme::light ? 1 : 0);
    if (chosen) p.theme = *chosen == 1 ? Theme::light : Theme::dark;
}

std::string scale_words(double scale) {
    return scale == 0 ? "as the monitor says" : fmt::format("{:.0f} %", 100 * scale);
}

void draw_scale(Preferences& p) {
    ImGui::SetNextItemWidth(px(200));
    if (!begin_combo("preferences.scale", scale_words(p.scale))) return;
    for (const double scale : {0.0, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0}) {
        const std::string words = scale_words(scale);
        ImGui::PushID(words.c_str());
        if (ImGui::Selectable("##s", p.scale == scale, 0, {0, px(24)})) p.scale = scale;
        name_item(fmt::format("preferences.scale.{:.0f}", 100 * scale));
        ImGui::SameLine(px(8));
        text(words);
        ImGui::PopID();
    }
    ImGui::EndPopup();
}

void draw_sizes(Preferences& p) {
    const Preferences& usual = session::default_preferences();
    const bool changed = p.side_width != usual.side_width || p.tray_height != usual.tray_height ||
                         p.history_width != usual.history_width;
    if (!button("preferences.sizes", "As they were at first", {.enabled = changed})) return;
    p.side_width = usual.side_width;
    p.tray_height = usual.tray_height;
    p.history_width = usual.history_width;
}

struct Setting {
    PreferencePage page;
    const char* name;
    const char* detail;
    const char* words; // by which it is found besides
    void (*draw)(Preferences&);
};
constexpr std::array kSettings = {
    Setting{PreferencePage::appearance, "Window",
            "Greys without a tint either way; the canvas stays a middle grey.",
            "theme dark light colour color mode", draw_theme},
    Setting{PreferencePage::appearance, "Size of text and controls",
            "--scale and MASKWRIGHT_SCALE go before it.", "zoom dpi hidpi font interface ui scale",
            draw_scale},
    Setting{PreferencePage::panels, "Mask and request", "On the right.", "panel hide show side",
            [](Preferences& p) { toggle("preferences.side", "Shown", p.side); }},
    Setting{PreferencePage::panels, "Candidates and jobs", "Along the bottom.",
            "panel hide show tray",
            [](Preferences& p) { toggle("preferences.tray", "Shown", p.tray); }},
    Setting{PreferencePage::panels, "Sizes of the panels",
            "Drag their edges; a double click there puts one back.", "width height resize",
            draw_sizes},
    Setting{PreferencePage::files, "Dialogs for files",
            "Where the desktop offers none, the program's own comes.",
            "native portal zenity open save browser",
            [](Preferences& p) {
                toggle("preferences.native", "The desktop's own", p.native_dialogs);
            }},
    Setting{
        PreferencePage::files, "When a request ends and the window is not looked at",
        "What was done and what it cost; never the words of the request.",
        "notification desktop tell unfocused news",
        [](Preferences& p) { toggle("preferences.notify", "Say so on the desktop", p.notify); }},
};

struct Page {
    PreferencePage id;
    const char* icon;
    const char* name;
};
constexpr std::array kPages = {
    Page{PreferencePage::appearance, icons::kContrast, "Appearance"},
    Page{PreferencePage::panels, icons::kVerticalSplit, "Panels"},
    Page{PreferencePage::files, icons::kFolderOpen, "Files and news"},
    Page{PreferencePage::keys, icons::kKeyboard, "Keys"},
};

bool matches(const Setting& setting, std::string_view query) {
    return holds_words(std::string(setting.name) + " " + setting.detail + " " + setting.words,
                       query);
}

void draw_setting(const Setting& setting, Preferences& p) {
    const ImVec2 at = ImGui::GetCursorPos();
    ImGui::PushTextWrapPos(at.x + px(kLabel - 24));
    text(setting.name);
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() - px(6));
    text(setting.detail, colors().text_second, look().fonts.small);
    ImGui::PopTextWrapPos();
    const float below = ImGui::GetCursorPosY();
    ImGui::SetCursorPos({at.x + px(kLabel), at.y});
    setting.draw(p);
    ImGui::SetCursorPosY(std::max(below, ImGui::GetCursorPosY()));
    gap(12);
}

void draw_pages(PreferencesState& state) {
    for (const Page& page : kPages) {
        const bool on = state.query.empty() && page.id == state.page;
        if (button(page.name, page.name,
                   {.kind = ButtonKind::quiet,
                    .icon = page.icon,
                    .width = ImGui::GetContentRegionAvail().x,
                    .height = px(32),
                    .selected = on,
                    .left = true})) {
            state.page = page.id;
            state.query.clear();
        }
        name_item(fmt::format("preferences.page.{}", static_cast<int>(page.id)));
    }
}

void draw_content(PreferencesState& state, Preferences& p) {
    const std::string& query = state.query;
    bool any = false;
    for (const Setting& setting : kSettings) {
        if (query.empty() ? setting.page != state.page : !matches(setting, query)) continue;
        draw_setting(setting, p);
        any = true;
    }
    if (!query.empty() || state.page == PreferencePage::keys)
        any |= draw_key_list(p, state.keys, query);
    if (!any) text("No setting and no command has these words.", colors().text_second);
}

} // namespace

void draw_preferences(const session::SessionView& view, PreferencesState& state,
                      session::Actions& out) {
    if (!state.open) return;
    const bool appears = !ImGui::IsPopupOpen("##preferences");
    if (appears) {
        state.query.clear();
        state.keys = {};
    }
    if (!begin_sheet("##preferences", 860, 600)) return;
    const bool listened = state.keys.recording.has_value(); // Esc is then no way out
    text("Preferences", colors().text, look().fonts.title);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(96 + 12 + 260));
    ImGui::SetNextItemWidth(px(260));
    if (appears) ImGui::SetKeyboardFocusHere();
    ImGui::InputTextWithHint("##query", "Search settings and keys", &state.query);
    name_item("preferences.query");
    ImGui::SameLine(0, px(12));
    const bool close = button("preferences.close", "Close", {.width = px(96)});
    gap(12);
    Preferences next = *view.preferences;
    if (ImGui::BeginChild("##pages", {px(168), 0}, 0, ImGuiWindowFlags_NoBackground))
        draw_pages(state);
    ImGui::EndChild();
    ImGui::SameLine(0, px(24));
    if (ImGui::BeginChild("##content", {0, 0}, 0, ImGuiWindowFlags_NoBackground))
        draw_content(state, next);
    ImGui::EndChild();
    if (!(next == *view.preferences)) out.push_back(session::SetPreferences{std::move(next)});
    if (close || (!listened && ImGui::IsKeyPressed(ImGuiKey_Escape, false))) {
        state.open = false;
        state.keys = {};
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

} // namespace mw::ui
