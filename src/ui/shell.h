// The window's contents: places the panels, carries out commands, and gives the frame of the
// canvas.
#pragma once

#include <functional>
#include <span>
#include <utility>

#include "render/canvas.h"
#include "session/action.h"
#include "ui/canvas_state.h"
#include "ui/command_search.h"
#include "ui/compare_panel.h"
#include "ui/empty_state.h"
#include "ui/file_dialog.h"
#include "ui/history_panel.h"
#include "ui/host.h"
#include "ui/mask_panel.h"
#include "ui/notices.h"
#include "ui/pointer.h"
#include "ui/preferences_window.h"
#include "ui/request_panel.h"
#include "ui/tab_strip.h"
#include "ui/tray.h"
#include "ui/verdict_panel.h"

namespace mw::ui {

// Where the keyboard can be, in the order F2 goes; those that are not shown are passed over.
enum class PanelPlace { side, tray, strip, bar, compare, history, tabs };
inline constexpr int kPanelPlaces = 7;

struct ShellState {
    CanvasState canvas;
    MaskPanelState mask;
    RequestPanelState request;
    VerdictPanelState verdict;
    ComparePanelState compare;
    TrayState tray;
    HistoryState history;
    TabsState tabs;
    EmptyState empty;
    NoticesState notices;
    FileDialogState files;
    CommandSearchState commands;
    HostWishes host;
    PreferencesState preferences;
    bool panels = true; // Tab
    bool help = false;  // F1
    // The keyboard walks the panels (F2, or Tab out of a text field) until Esc; F2 again goes on to
    // the next of them.
    bool walking = false;
    PanelPlace walked = PanelPlace::side;
    bool enter_panels = false;       // set: `walked` takes the keyboard in the next frame
    std::optional<float> split_from; // size of the panel whose edge is held, as it was, design px
    bool quit = false;               // asked for by the shell; the owner of the window obeys
    std::filesystem::path sample;    // offered when nothing is open; empty: none
    // What a notice's button does; set by the owner of the session.
    std::function<void(std::uint64_t notice)> notice_action;
};

// Whether ImGui should move its focus with Tab and the arrows in the coming frame. Asked before
// NewFrame.
bool wants_keyboard_navigation(const ShellState& state);

// Between NewFrame and Render. Everything the artist did comes out as actions.
void draw_shell(const session::SessionView& view, ShellState& state,
                std::span<const PointerEvent> pointer, session::Actions& out);

// Gives back every texture of the panels, before the device they are on goes; they are made again
// as they are needed.
void drop_textures(ShellState& state);

} // namespace mw::ui
