// What can be asked for by a key, a button or by name: one table, from which the keys,
// the tooltips and the cheat sheet come. Which keys it is by is the Keymap's (keymap.h).
#pragma once

#include <imgui.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mw::ui {

// clang-format off
enum class Command {
    open, export_, close, save_project, next_tab, previous_tab, load_mask, save_mask,
    brush, eraser, pan, crop, swap_tool, brush_smaller, brush_larger, brush_softer, brush_harder,
    select_shape, select_lasso, select_wand, select_smart, clone, heal, markup, delete_mark, toggle_marks,
    undo, redo, invert_mask, clear_mask, fill_mask, feather_mask, toggle_overlay,
    reselect, cycle_mask_look,
    run, cancel_jobs, accept, reject, previous_iteration, next_iteration,
    toggle_history, search_history, toggle_star, prune,
    cycle_compare, leave_compare, toggle_side_by_side, toggle_stacked, toggle_wipe, toggle_flip,
    toggle_onion, toggle_flicker, toggle_difference, toggle_heat, toggle_sheet, next_metric,
    swap_sides, toggle_figures, next_spot, open_to_compare, export_report, export_table,
    nudge_left, nudge_right, nudge_up, nudge_down, nudge_back,
    fit, zoom_100, zoom_200, zoom_in, zoom_out, zoom_to_mask,
    exposure_up, exposure_down, exposure_reset,
    turn_right, turn_left, mirror_view, upright, toggle_pixel_grid,
    copy, copy_region, paste,
    toggle_panels, toggle_side, toggle_tray, toggle_theme, recall_prompt, keep_prompt, preferences, change_keys,
    focus_prompt, walk_panels, search_commands, help, keyboard_pointer,
};
// clang-format on

struct CommandInfo {
    Command id;
    const char* group;
    const char* name;
    const char* icon; // null: none
    const char* keys; // of our own: "Ctrl+Shift+E, Ctrl+E"; "" for none
    bool repeats = false;
};

std::span<const CommandInfo> all_commands();
const CommandInfo& info(Command id);
// By which it is known in files, "invert_mask", and back.
std::string_view id_of(Command id);
std::optional<Command> command_of(std::string_view id);
// The first key of a command, for tooltips.
std::string first_key(Command id);

// The commands whose keys went down in this frame. A key without Ctrl or Alt is not heard while a
// text field has the focus, nor anything but Ctrl+Enter while `modal`. Function keys are heard in
// text fields.
std::vector<Command> pressed_commands(bool modal);

} // namespace mw::ui
