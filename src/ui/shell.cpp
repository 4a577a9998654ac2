#include "ui/shell.h"

#include <imgui_internal.h>

#include <cmath>

#include "ui/canvas_panel.h"
#include "ui/compare_bar.h"
#include "ui/compare_commands.h"
#include "ui/crop_tool.h"
#include "ui/empty_state.h"
#include "ui/execute.h"
#include "ui/help_sheet.h"
#include "ui/jobs_panel.h"
#include "ui/markup_tool.h"
#include "ui/options_bar.h"
#include "ui/select_tools.h"
#include "ui/splitter.h"
#include "ui/tool_strip.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::SessionView;

// Window coordinates.
struct Layout {
    ImRect tabs, bar, strip, history, side, tray, status, canvas;
};

constexpr float kLeastSide = 280, kLeastTray = 148, kLeastHistory = 220; // design pixels

Layout lay_out(const SessionView& view, const ShellState& state) {
    const ImVec2 all = ImGui::GetIO().DisplaySize;
    Layout l;
    if (!state.panels) {
        l.canvas = {{0, 0}, all};
        return l;
    }
    const float bar = px(44), strip = px(48), status = px(26);
    // A picture on its way stands where it will stay.
    const bool desk = view.document != nullptr || picture_coming(view) != nullptr;
    const session::Preferences& p = *view.preferences;
    // In a small window the canvas keeps its share, whatever was dragged in a large one.
    const auto width = [&](float design) {
        return std::min(px(design), std::floor(all.x * 0.35f));
    };
    const float side = desk && p.side ? width(std::max(kLeastSide, p.side_width)) : 0;
    const float tray =
        desk && p.tray ? std::min(px(std::max(kLeastTray, p.tray_height)), std::floor(all.y * 0.4f))
                       : 0;
    const float top = tabs_shown(state.tabs) ? px(32) : 0;
    const float history = state.history.open && view.document != nullptr
                              ? std::min(width(std::max(kLeastHistory, p.history_width)), all.x / 4)
                              : 0;
    l.tabs = {{0, 0}, {all.x, top}};
    l.bar = {{0, top}, {all.x, top + bar}};
    l.strip = {{0, l.bar.Max.y}, {strip, all.y}};
    l.side = {{all.x - side, l.bar.Max.y}, all};
    l.tray = {{strip, all.y - tray}, {all.x - side, all.y}};
    l.status = {{strip, l.tray.Min.y - status}, {all.x - side, l.tray.Min.y}};
    l.history = {{strip, l.bar.Max.y}, {strip + history, l.status.Min.y}};
    l.canvas = {{strip + history, l.bar.Max.y}, {all.x - side, l.status.Min.y}};
    return l;
}

Rect whole(const ImRect& r, double density = 1) {
    const auto at = [density](float v) { return static_cast<int>(std::lround(v * density)); };
    return Rect::from_edges(at(r.Min.x), at(r.Min.y), at(r.Max.x), at(r.Max.y));
}

enum class Edge { top, right, bottom, left };

// A docked window with a line on the side where it meets its neighbour.
bool begin_region(const char* id, const ImRect& r, ImVec2 padding, Edge edge, int flags = 0) {
    if (r.GetWidth() < 1 || r.GetHeight() < 1) return false;
    ImGui::SetNextWindowPos(r.Min);
    ImGui::SetNextWindowSize(r.GetSize());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
    const bool shown = ImGui::Begin(id, nullptr,
                                    ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                        ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoCollapse |
                                        ImGuiWindowFlags_NoSavedSettings |
                                        ImGuiWindowFlags_NoBringToFrontOnFocus | flags);
    ImGui::PopStyleVar();
    if (!shown) {
        ImGui::End();
        return false;
    }
    settle_focus();
    const float w = std::max(1.0f, px(1));
    ImVec2 min = r.Min, max = r.Max;
    if (edge == Edge::top) max.y = min.y + w;
    if (edge == Edge::bottom) min.y = max.y - w;
    if (edge == Edge::left) max.x = min.x + w;
    if (edge == Edge::right) min.x = max.x - w;
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRect(r.Min, r.Max);
    list->AddRectFilled(min, max, colors().edge);
    list->PopClipRect();
    return true;
}

// Before a panel's window: it takes the keyboard when that is its turn.
void enter(ShellState& state, PanelPlace place) {
    if (!state.enter_panels || state.walked != place) return;
    state.enter_panels = false;
    ImGui::SetNextWindowFocus();
}

// Whether F2 can lead there.
bool is_there(const SessionView& view, const ShellState& state, const Layout& l, PanelPlace place) {
    switch (place) {
        case PanelPlace::side:
            return view.document == nullptr || l.side.GetWidth() > 0; // else the empty window
        case PanelPlace::tray:
            return view.document != nullptr && l.tray.GetHeight() > 0;
        case PanelPlace::strip:
        case PanelPlace::bar:
            return true;
        case PanelPlace::compare:
            return view.document != nullptr && view.compare.mode != session::CompareMode::off;
        case PanelPlace::history:
            return l.history.GetWidth() > 0;
        case PanelPlace::tabs:
            return tabs_shown(state.tabs);
    }
    return false;
}

void draw_side(const SessionView& view, ShellState& state, const Layout& l, session::Actions& out) {
    if (view.document != nullptr) enter(state, PanelPlace::side);
    if (!begin_region("##side", l.side, px(16, 12), Edge::left)) return;
    if (view.document == nullptr) return ImGui::End(); // a picture is on its way
    if (view.compare.figures) {
        draw_compare_panel(view, state.canvas, state.compare, out);
        return ImGui::End();
    }
    draw_mask_panel(view, state.mask, out);
    draw_request_panel(view, state.request, out);
    if (std::exchange(state.request.service.add_reference, false))
        open_file_dialog(state.files, FilePurpose::add_reference, view);
    draw_verdict_panel(view, state.verdict, out);
    ImGui::End();
}

void draw_bottom(const SessionView& view, ShellState& state, const Layout& l,
                 session::Actions& out) {
    if (begin_region("##status", l.status, px(12, 6), Edge::top, ImGuiWindowFlags_NoScrollbar)) {
        draw_status_line(view, state.canvas);
        ImGui::End();
    }
    ImRect tray = l.tray;
    const bool jobs = any_job_shown(view);
    if (jobs) tray.Max.x -= std::min(px(320), tray.GetWidth() / 2);
    enter(state, PanelPlace::tray);
    if (begin_region("##tray", tray, px(16, 6), Edge::top, ImGuiWindowFlags_HorizontalScrollbar)) {
        if (view.document != nullptr) draw_tray(view, state.tray, out);
        if (state.tray.drag) state.host.drag = std::exchange(state.tray.drag, std::nullopt);
        ImGui::End();
    }
    if (!jobs) return;
    const ImRect list{{tray.Max.x, tray.Min.y}, l.tray.Max};
    if (begin_region("##jobs", list, px(16, 14), Edge::top)) {
        draw_jobs_panel(view, out);
        ImGui::End();
    }
}

// Their edges can be dragged.
void draw_splitters(const SessionView& view, ShellState& state, const Layout& l,
                    session::Actions& out) {
    const float half = px(3);
    const auto drag = [&](const char* name, SplitAxis axis, const ImRect& edge,
                          float session::Preferences::*size, float least, float shown, float sign) {
        const SplitResult r = splitter(name, axis, edge.Min, edge.Max);
        if (!r.held && !r.reset) return;
        if (!state.split_from) state.split_from = shown;
        session::Preferences next = *view.preferences;
        if (r.moved != 0) next.*size = std::max(least, *state.split_from + sign * r.moved);
        if (r.reset) next.*size = session::default_preferences().*size;
        if (r.ended || !r.held) state.split_from.reset();
        // At the end it is written, though it was as it is while it was dragged.
        if (r.ended || !(next == *view.preferences))
            out.push_back(session::SetPreferences{std::move(next), r.held && !r.ended});
    };
    const float scale = look().scale;
    if (l.side.GetWidth() > 0)
        drag("split.side", SplitAxis::columns,
             {{l.side.Min.x - half, l.side.Min.y}, {l.side.Min.x + half, l.side.Max.y}},
             &session::Preferences::side_width, kLeastSide, l.side.GetWidth() / scale, -1);
    if (l.tray.GetHeight() > 0)
        drag("split.tray", SplitAxis::rows,
             {{l.tray.Min.x, l.tray.Min.y - half}, {l.tray.Max.x - half, l.tray.Min.y + half}},
             &session::Preferences::tray_height, kLeastTray, l.tray.GetHeight() / scale, -1);
    if (l.history.GetWidth() > 0)
        drag("split.history", SplitAxis::columns,
             {{l.history.Max.x - half, l.history.Min.y}, {l.history.Max.x + half, l.history.Max.y}},
             &session::Preferences::history_width, kLeastHistory, l.history.GetWidth() / scale, 1);
}

void set_cursor(const SessionView& view, const CanvasState& canvas) {
    if (!canvas.over || view.shown == nullptr) return;
    const bool pans = canvas.gesture == Gesture::pan || canvas.space ||
                      (canvas.gesture == Gesture::none && view.tool == session::Tool::pan);
    if (pans)
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    else if (canvas.over_handle || canvas.gesture == Gesture::wipe_move ||
             canvas.gesture == Gesture::wipe_turn)
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeAll);
    else if (view.tool == session::Tool::crop)
        ImGui::SetMouseCursor(crop_cursor(canvas.crop_grip, canvas.view.turn));
    else
        ImGui::SetMouseCursor(ImGuiMouseCursor_None); // the outline is the cursor
}

bool popup_open() {
    return ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel);
}

bool is_nudge(Command command) {
    return command >= Command::nudge_left && command <= Command::nudge_down;
}

void keys(const SessionView& view, ShellState& state, session::Actions& out) {
    const bool modal = popup_open();
    // Tab moves the focus while the panels are walked or a text is written; elsewhere it hides
    // them.
    const bool tab_moves = state.walking || ImGui::GetIO().WantTextInput;
    if (!modal && tab_moves && !ImGui::GetIO().KeyCtrl && ImGui::IsKeyPressed(ImGuiKey_Tab, false))
        state.walking = true;
    if (state.walking) state.canvas.keyboard.on = false; // the arrows move the focus
    for (const Command command : pressed_commands(modal)) {
        if (state.canvas.keyboard.on && is_nudge(command)) continue; // they move the pointer
        if (command == Command::toggle_panels && tab_moves) continue;
        if (command == Command::leave_compare && wants_escape(view, state.canvas)) continue;
        execute(command, view, state, out);
    }
    if (!modal && !state.walking) number_keys(view, out);
    const bool leave =
        ImGui::IsKeyPressed(ImGuiKey_Escape, false) || (state.canvas.gesture != Gesture::none);
    if (state.walking && !modal && leave) {
        state.walking = false;
        ImGui::FocusWindow(nullptr);
    }
}

} // namespace

bool wants_keyboard_navigation(const ShellState& state) {
    // A list or a dialog is left with Esc, which is navigation to ImGui.
    return state.walking || popup_open() || ImGui::GetIO().WantTextInput;
}

void draw_shell(const SessionView& view, ShellState& state, std::span<const PointerEvent> pointer,
                session::Actions& out) {
    look().begin_frame();
    look().follow(*view.preferences);
    keys(view, state, out);
    const Layout l = lay_out(view, state);
    state.canvas.density = ImGui::GetIO().DisplayFramebufferScale.x;
    state.canvas.area = whole(l.canvas, state.canvas.density);
    const bool blocked = popup_open() || view.document == nullptr;
    canvas_input(view, state.canvas, pointer, blocked, out);
    follow_comparison(view, state.canvas);
    draw_canvas_overlay(view, state.canvas);
    set_cursor(view, state.canvas);

    while (state.enter_panels && !is_there(view, state, l, state.walked))
        state.walked = static_cast<PanelPlace>((static_cast<int>(state.walked) + 1) % kPanelPlaces);
    enter(state, PanelPlace::bar);
    if (begin_region("##bar", l.bar, px(8, 8), Edge::bottom, ImGuiWindowFlags_NoScrollbar)) {
        draw_options_bar(view, state.canvas, out);
        ImGui::End();
    }
    enter(state, PanelPlace::strip);
    if (begin_region("##strip", l.strip, px(8, 8), Edge::right, ImGuiWindowFlags_NoScrollbar)) {
        draw_tool_strip(view, out);
        ImGui::End();
    }
    enter(state, PanelPlace::tabs);
    if (begin_region("##tabs", l.tabs, px(8, 4), Edge::bottom, ImGuiWindowFlags_NoScrollbar)) {
        draw_tab_strip(state.tabs, out);
        ImGui::End();
    }
    enter(state, PanelPlace::history);
    if (begin_region("##history", l.history, px(8, 10), Edge::right,
                     ImGuiWindowFlags_NoScrollbar)) {
        draw_history(view, state.history, out);
        ImGui::End();
    }
    draw_side(view, state, l, out);
    draw_bottom(view, state, l, out);
    draw_splitters(view, state, l, out);
    const Rect canvas = whole(l.canvas);
    enter(state, PanelPlace::compare);
    draw_compare_bar(view, canvas, out);
    if (view.document == nullptr && picture_coming(view) == nullptr) {
        enter(state, PanelPlace::side);
        draw_empty_state(view, state.empty, canvas, state.sample, out);
    }
    const auto act = [&](std::uint64_t id) {
        if (state.notice_action) state.notice_action(id);
    };
    // News lies above the comparison's bar.
    Rect news = canvas;
    if (view.document != nullptr && view.compare.mode != session::CompareMode::off)
        news.height -= static_cast<int>(px(64));
    draw_notices(view, state.notices, news, act, out);
    draw_note_field(view, state.canvas, out);
    draw_file_dialog(view, state.files, out);
    draw_help_sheet(state.help);
    draw_command_search(state.commands);
    draw_preferences(view, state.preferences, out);
    // Buttons asked for these while panels were drawn.
    const auto asked = look().commands;
    for (const Command command : asked)
        execute(command, view, state, out);
}

void drop_textures(ShellState& state) {
    drop_thumbnails(state.tray.thumbnails);
    drop_thumbnails(state.history.thumbnails);
    drop_pictures(state.empty);
    drop_pictures(state.request.service);
    drop_pictures(state.files.list);
}

} // namespace mw::ui
