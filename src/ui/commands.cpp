#include "ui/commands.h"

#include <imgui_internal.h>

#include <cassert>

#include "embedded/icons.h"
#include "ui/keymap.h"
#include "ui/look.h"

namespace mw::ui {
namespace {

// clang-format off
constexpr CommandInfo kCommands[] = {
    {Command::open,                "File", "Open", icons::kFolderOpen, "Ctrl+O"},
    {Command::export_,             "File", "Export", icons::kSaveAlt, "Ctrl+Shift+E, Ctrl+E"},
    {Command::close,               "File", "Close the picture", icons::kClose, "Ctrl+W"},
    {Command::save_project,        "File", "Save the project as", icons::kSave, "Ctrl+Shift+S"},
    {Command::next_tab,            "File", "Next tab", nullptr, "Ctrl+Tab, Ctrl+PageDown"},
    {Command::previous_tab,        "File", "Previous tab", nullptr, "Ctrl+Shift+Tab, Ctrl+PageUp"},
    {Command::copy,                "File", "Copy the picture", nullptr, "Ctrl+C"},
    {Command::copy_region,         "File", "Copy what the mask covers", nullptr, "Ctrl+Shift+C"},
    {Command::paste,               "File", "Paste a picture", nullptr, "Ctrl+V"},
    {Command::load_mask,           "File", "Load a mask", icons::kFileDownload, ""},
    {Command::save_mask,           "File", "Save the mask", icons::kSave, "Ctrl+S"},

    {Command::brush,               "Tools", "Brush", icons::kBrush, "B"},
    {Command::eraser,              "Tools", "Eraser", icons::kCleaningServices, "E"},
    {Command::pan,                 "Tools", "Hand", icons::kPanTool, "H"},
    {Command::crop,                "Tools", "Crop of the request", icons::kCrop, "C"},
    {Command::select_shape,        "Tools", "Rectangle, ellipse", icons::kCropDin, "M"},
    {Command::select_lasso,        "Tools", "Lasso, polygon, follow an edge", icons::kGesture, "L"},
    {Command::select_wand,         "Tools", "Wand, colour, luminance", icons::kAutoFixHigh, "W"},
    {Command::select_smart,        "Tools", "Smart select", icons::kHighlightAlt, "S"},
    {Command::clone,               "Tools", "Clone brush", icons::kApproval, "K"},
    {Command::heal,                "Tools", "Heal brush", icons::kHealing, "J"},
    {Command::markup,              "Tools", "Marks for the model", icons::kRateReview, "D"},
    {Command::delete_mark,         "Tools", "Remove the picked mark", icons::kDelete, "Delete"},
    {Command::toggle_marks,        "Tools", "Show or hide the marks", icons::kVisibility, "Shift+D"},
    {Command::swap_tool,           "Tools", "Swap brush and eraser", nullptr, "X"},
    {Command::brush_smaller,       "Tools", "Smaller brush", nullptr, "[", true},
    {Command::brush_larger,        "Tools", "Larger brush", nullptr, "]", true},
    {Command::brush_softer,        "Tools", "Softer brush", nullptr, "Shift+[", true},
    {Command::brush_harder,        "Tools", "Harder brush", nullptr, "Shift+]", true},

    {Command::undo,                "Mask", "Undo", icons::kUndo, "Ctrl+Z", true},
    {Command::redo,                "Mask", "Redo", icons::kRedo, "Ctrl+Shift+Z, Ctrl+Y", true},
    {Command::invert_mask,         "Mask", "Invert the mask", icons::kInvertColors, "Ctrl+Shift+I, Ctrl+I"},
    {Command::clear_mask,          "Mask", "Clear the mask", icons::kLayersClear, "Ctrl+D"},
    {Command::fill_mask,           "Mask", "Mask everything", icons::kLayers, "Ctrl+A"},
    {Command::feather_mask,        "Mask", "Feather the mask", icons::kBlurOn, "Shift+F6"},
    {Command::reselect,            "Mask", "Reselect", nullptr, "Ctrl+Shift+D"},
    {Command::cycle_mask_look,     "Mask", "Next look of the mask", nullptr, "Q"},
    {Command::toggle_overlay,      "Mask", "Show or hide mask and crop", icons::kVisibility, "Ctrl+H"},

    {Command::run,                 "Request", "Run", icons::kAutoAwesome, "Ctrl+Enter"},
    {Command::cancel_jobs,         "Request", "Cancel the newest job", icons::kStop, "Shift+Esc"},
    {Command::focus_prompt,        "Request", "Write the request", icons::kEdit, "Ctrl+L"},
    {Command::recall_prompt,       "Request", "Earlier and kept requests", icons::kHistory, "Ctrl+Shift+L"},
    {Command::keep_prompt,         "Request", "Keep the request's words", icons::kBookmarks, ""},
    {Command::accept,              "Request", "Accept the proposal", icons::kCheck, "Ctrl+Shift+A"},
    {Command::reject,              "Request", "Reject the proposal", icons::kClose, "Ctrl+Shift+R"},
    {Command::previous_iteration,  "Request", "Previous iteration", nullptr, ",", true},
    {Command::next_iteration,      "Request", "Next iteration", nullptr, ".", true},

    {Command::toggle_history,      "Request", "History", icons::kAccountTree, "F12"},
    {Command::search_history,      "Request", "Search the history", icons::kSearch, "Ctrl+F"},
    {Command::toggle_star,         "Request", "Star", icons::kStar, "Shift+S"},
    {Command::prune,               "Request", "Move to the trash", icons::kDelete, "Shift+Delete"},

    {Command::cycle_compare,       "Compare", "Next way to compare", icons::kCompare, "Y"},
    {Command::leave_compare,       "Compare", "Leave the comparison", icons::kImage, "Esc"},
    {Command::toggle_side_by_side, "Compare", "Side by side", icons::kVerticalSplit, "Shift+Y"},
    {Command::toggle_stacked,      "Compare", "One above the other", icons::kSplitscreen, "Alt+Y"},
    {Command::toggle_flip,         "Compare", "Flip A and B", icons::kCompareArrows, "F5"},
    {Command::toggle_wipe,         "Compare", "Wipe", icons::kCompare, "F6"},
    {Command::toggle_onion,        "Compare", "Onion skin", icons::kOpacity, "F7"},
    {Command::toggle_flicker,      "Compare", "Flicker", icons::kTimer, "F8"},
    {Command::toggle_difference,   "Compare", "Difference", icons::kContrast, "F9"},
    {Command::toggle_heat,         "Compare", "Heat map", icons::kPalette, "F10"},
    {Command::next_metric,         "Compare", "Next metric of the heat map", nullptr, "Shift+F10"},
    {Command::toggle_sheet,        "Compare", "Contact sheet", icons::kPhotoLibrary, "F11"},
    {Command::swap_sides,          "Compare", "Swap A and B", icons::kSwapHoriz, "Shift+X"},
    {Command::toggle_figures,      "Compare", "Figures", icons::kTune, "F4"},
    {Command::next_spot,           "Compare", "Next worst spot", icons::kSearch, "F3"},
    {Command::nudge_left,          "Compare", "Move B left (Shift: 10 px)", nullptr, "Left, Shift+Left", true},
    {Command::nudge_right,         "Compare", "Move B right", nullptr, "Right, Shift+Right", true},
    {Command::nudge_up,            "Compare", "Move B up", nullptr, "Up, Shift+Up", true},
    {Command::nudge_down,          "Compare", "Move B down", nullptr, "Down, Shift+Down", true},
    {Command::nudge_back,          "Compare", "B where it belongs", icons::kRefresh, "Shift+Home"},
    {Command::open_to_compare,     "Compare", "Compare with a file", icons::kFolderOpen, "Ctrl+Alt+O"},
    {Command::export_report,       "Compare", "Export a report", icons::kSaveAlt, ""},
    {Command::export_table,        "Compare", "Export the table", icons::kSaveAlt, ""},

    {Command::fit,                 "View", "Fit", icons::kFitScreen, "Ctrl+0"},
    {Command::zoom_100,            "View", "100 %", icons::kCropFree, "Ctrl+1"},
    {Command::zoom_200,            "View", "200 %", nullptr, "Ctrl+2"},
    {Command::zoom_in,             "View", "Zoom in", icons::kZoomIn, "+, Ctrl++", true},
    {Command::zoom_out,            "View", "Zoom out", icons::kZoomOut, "-, Ctrl+-", true},
    {Command::zoom_to_mask,        "View", "Zoom to the mask", icons::kSearch, "Z"},
    {Command::exposure_up,         "View", "Brighter view", nullptr, "Shift+.", true},
    {Command::exposure_down,       "View", "Darker view", nullptr, "Shift+,", true},
    {Command::exposure_reset,      "View", "Exposure as in the file", nullptr, "Shift+0"},
    {Command::turn_right,          "View", "Turn the view right", icons::kRotateRight, "R", true},
    {Command::turn_left,           "View", "Turn the view left", icons::kRotateLeft, "Shift+R", true},
    {Command::mirror_view,         "View", "Mirror the view", icons::kFlip, "Shift+M"},
    {Command::upright,             "View", "Upright again", nullptr, "Alt+R"},
    {Command::toggle_pixel_grid,   "View", "Pixel grid from 800 %", icons::kGridOn, "Ctrl+'"},
    {Command::toggle_panels,       "View", "Only the canvas", nullptr, "Tab"},
    {Command::toggle_side,         "View", "Mask and request", icons::kVerticalSplit, "Shift+F2"},
    {Command::toggle_tray,         "View", "Candidates and jobs", icons::kSplitscreen, "Shift+F12"},
    {Command::toggle_theme,        "View", "Light or dark window", icons::kContrast, ""},
    {Command::preferences,         "View", "Preferences", icons::kSettings, "Ctrl+,"},
    {Command::change_keys,         "View", "Change keys", icons::kKeyboard, ""},
    {Command::walk_panels,         "View", "Walk the panels by keyboard", icons::kKeyboard, "F2"},
    {Command::keyboard_pointer,    "View", "Pointer by keyboard", icons::kKeyboard, "Ctrl+F2"},
    {Command::search_commands,     "View", "Find a command", icons::kSearch, "Ctrl+K"},
    {Command::help,                "View", "Keys", icons::kHelpOutline, "F1"},
};
// clang-format on

// In the order of Command: an id in a file stays when the enumeration grows.
// clang-format off
constexpr std::string_view kIds[] = {
    "open", "export", "close", "save_project", "next_tab", "previous_tab", "load_mask",
    "save_mask", "brush", "eraser", "pan", "crop", "swap_tool", "brush_smaller", "brush_larger",
    "brush_softer", "brush_harder", "select_shape", "select_lasso", "select_wand", "select_smart",
    "clone", "heal", "markup", "delete_mark", "toggle_marks", "undo", "redo", "invert_mask",
    "clear_mask", "fill_mask", "feather_mask", "toggle_overlay", "reselect", "cycle_mask_look",
    "run", "cancel_jobs", "accept", "reject", "previous_iteration", "next_iteration",
    "toggle_history", "search_history", "toggle_star", "prune", "cycle_compare", "leave_compare",
    "toggle_side_by_side", "toggle_stacked", "toggle_wipe", "toggle_flip", "toggle_onion",
    "toggle_flicker", "toggle_difference", "toggle_heat", "toggle_sheet", "next_metric",
    "swap_sides", "toggle_figures", "next_spot", "open_to_compare", "export_report",
    "export_table", "nudge_left", "nudge_right", "nudge_up", "nudge_down", "nudge_back", "fit",
    "zoom_100", "zoom_200", "zoom_in", "zoom_out", "zoom_to_mask", "exposure_up", "exposure_down",
    "exposure_reset", "turn_right", "turn_left", "mirror_view", "upright", "toggle_pixel_grid",
    "copy", "copy_region", "paste", "toggle_panels", "toggle_side", "toggle_tray", "toggle_theme", "recall_prompt", "keep_prompt",
    "preferences", "change_keys", "focus_prompt", "walk_panels", "search_commands", "help",
    "keyboard_pointer",
};
// clang-format on
static_assert(std::size(kIds) == static_cast<std::size_t>(Command::keyboard_pointer) + 1);

bool is_function_key(ImGuiKey key) {
    return key >= ImGuiKey_F1 && key <= ImGuiKey_F12;
}

// Both the main key and its twin on the number pad.
bool key_pressed(ImGuiKey key, bool repeat) {
    if (ImGui::IsKeyPressed(key, repeat)) return true;
    switch (key) {
        case ImGuiKey_Enter:
            return ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, repeat);
        case ImGuiKey_Equal:
            return ImGui::IsKeyPressed(ImGuiKey_KeypadAdd, repeat);
        case ImGuiKey_Minus:
            return ImGui::IsKeyPressed(ImGuiKey_KeypadSubtract, repeat);
        default:
            break;
    }
    if (key >= ImGuiKey_0 && key <= ImGuiKey_9)
        return ImGui::IsKeyPressed(static_cast<ImGuiKey>(ImGuiKey_Keypad0 + (key - ImGuiKey_0)),
                                   repeat);
    return false;
}

bool chord_pressed(ImGuiKeyChord chord, bool repeat) {
    const auto key = static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_);
    int mods = ImGui::GetIO().KeyMods;
    // "+" is Shift+= on many keyboards.
    if (key == ImGuiKey_Equal) mods &= ~ImGuiMod_Shift;
    return mods == (chord & ImGuiMod_Mask_) && key_pressed(key, repeat);
}

} // namespace

std::span<const CommandInfo> all_commands() {
    return kCommands;
}

const CommandInfo& info(Command id) {
    for (const CommandInfo& entry : kCommands) {
        if (entry.id == id) return entry;
    }
    assert(false);
    return kCommands[0];
}

std::string_view id_of(Command id) {
    return kIds[static_cast<std::size_t>(id)];
}

std::optional<Command> command_of(std::string_view id) {
    for (const CommandInfo& entry : kCommands)
        if (id_of(entry.id) == id) return entry.id;
    return std::nullopt;
}

std::string first_key(Command id) {
    const auto keys = split_keys(look().keys.keys(id));
    return keys.empty() ? std::string() : std::string(keys.front());
}

std::vector<Command> pressed_commands(bool modal) {
    const bool typing = ImGui::GetIO().WantTextInput;
    std::vector<Command> found;
    for (const CommandInfo& entry : kCommands) {
        if (modal) continue;
        for (const ImGuiKeyChord chord : look().keys.chords(entry.id)) {
            const auto key = static_cast<ImGuiKey>(chord & ~ImGuiMod_Mask_);
            const bool with_ctrl = (chord & (ImGuiMod_Ctrl | ImGuiMod_Alt)) != 0;
            if (typing && !with_ctrl && !is_function_key(key) && key != ImGuiKey_Escape) continue;
            // These belong to the text while one is being written.
            if (typing && (entry.id == Command::undo || entry.id == Command::redo ||
                           entry.id == Command::fill_mask || entry.id == Command::copy ||
                           entry.id == Command::paste))
                continue;
            if (chord_pressed(chord, entry.repeats)) {
                found.push_back(entry.id);
                break;
            }
        }
    }
    return found;
}

} // namespace mw::ui
