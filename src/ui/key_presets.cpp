#include "ui/keymap.h"

namespace mw::ui {
namespace {

// Only what the hand of someone who knows the other program would reach for and not find: our own
// keys are close to Photoshop's already. What gives way keeps a key of its own.

// Adobe, "Default keyboard shortcuts in Photoshop".
constexpr KeyPreset::Entry kPhotoshop[] = {
    {Command::save_project, "Ctrl+S, Ctrl+Shift+S"},
    {Command::save_mask, "Ctrl+Alt+S"},
    {Command::export_, "Ctrl+Alt+Shift+W, Ctrl+Shift+E"},
    {Command::clone, "S"},
    {Command::select_smart, "Shift+W"},
    {Command::undo, "Ctrl+Z, Ctrl+Alt+Z"},
    {Command::redo, "Ctrl+Shift+Z"},
    {Command::invert_mask, "Ctrl+Shift+I"},
    {Command::zoom_in, "Ctrl++, +"},
    {Command::zoom_out, "Ctrl+-, -"},
    {Command::preferences, "Ctrl+K"},
    {Command::search_commands, "Ctrl+F"},
    {Command::search_history, "Ctrl+Shift+F"},
};

// Krita manual, "Shortcut settings" (Krita default scheme).
constexpr KeyPreset::Entry kKrita[] = {
    {Command::save_project, "Ctrl+S, Ctrl+Shift+S"},
    {Command::save_mask, "Ctrl+Alt+S"},
    {Command::select_shape, "Ctrl+R"},
    {Command::clear_mask, "Ctrl+Shift+A"},
    {Command::accept, "Ctrl+Alt+A"},
    {Command::redo, "Ctrl+Shift+Z"},
    {Command::invert_mask, "Ctrl+Shift+I"},
    {Command::zoom_100, "Ctrl+0, Ctrl+1"},
    {Command::fit, "Ctrl+9"},
    {Command::mirror_view, "M"},
    {Command::turn_right, "Ctrl+]"},
    {Command::turn_left, "Ctrl+["},
    {Command::pan, "Shift+H"},
};

// GIMP 2.10, "Key and mouse reference".
constexpr KeyPreset::Entry kGimp[] = {
    {Command::save_project, "Ctrl+S, Ctrl+Shift+S"},
    {Command::save_mask, "Ctrl+Alt+S"},
    {Command::brush, "P"},
    {Command::eraser, "Shift+E"},
    {Command::export_, "Ctrl+E, Ctrl+Shift+E"},
    {Command::select_shape, "R"},
    {Command::turn_right, "Alt+Shift+R"},
    {Command::turn_left, "Alt+Shift+L"},
    {Command::select_lasso, "F"},
    {Command::select_wand, "U"},
    {Command::clone, "C"},
    {Command::heal, "H"},
    {Command::crop, "Shift+C"},
    {Command::pan, "Shift+H"},
    {Command::clear_mask, "Ctrl+Shift+A"},
    {Command::accept, "Ctrl+Alt+A"},
    {Command::invert_mask, "Ctrl+I"},
    {Command::undo, "Ctrl+Z"},
    {Command::redo, "Ctrl+Y"},
    {Command::cycle_mask_look, "Shift+Q"},
    {Command::fit, "Ctrl+Shift+J"},
    {Command::zoom_100, "Ctrl+1"},
    {Command::search_commands, "/, Ctrl+K"},
};

constexpr KeyPreset kPresets[] = {
    {"", "Maskwright", {}},
    {"photoshop", "Photoshop", kPhotoshop},
    {"krita", "Krita", kKrita},
    {"gimp", "GIMP", kGimp},
};

} // namespace

std::span<const KeyPreset> key_presets() {
    return kPresets;
}

} // namespace mw::ui
