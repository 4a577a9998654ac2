// The colours of the window. Greys have R = G = B so that they do not tint the judgement of a
// picture; there is one accent, and status is always told by an icon and a word besides its colour.
#pragma once

#include <imgui.h>

#include "session/preferences.h"

namespace mw::ui {

using session::Theme;

// Of one theme; all are opaque unless said.
struct Palette {
    // Surfaces. Text is at least 4.5 : 1 on every one of them that carries it (tests/ui/panels).
    ImU32 edge;        // lines between regions
    ImU32 field;       // text fields, tracks
    ImU32 field_hover; // a field under the pointer
    ImU32 canvas;      // around the picture
    ImU32 panel;
    ImU32 card; // a row or card on a panel
    ImU32 raised_off;
    ImU32 raised; // buttons
    ImU32 hover;
    ImU32 press;
    ImU32 line; // outlines of fields and cards

    ImU32 text;
    ImU32 text_second; // not on press
    ImU32 text_off;    // panels, fields, raised_off
    ImU32 icon_off;    // of what cannot be pressed now

    // Parts of controls, from the quietest: links of a tree, outlines of boxes, grips of scrolling,
    // the filled part of a slider and its knob.
    ImU32 part_quiet, part, part_strong, knob;

    // The accent: filled with on_accent on it, or as a line or icon on the surfaces.
    ImU32 accent, accent_hover, accent_press;
    ImU32 accent_line;
    ImU32 on_accent;
    ImU32 selected_text; // behind text that is selected, translucent
    ImU32 shade;         // over what waits for a dialog, translucent

    // Status, for icons and short words.
    ImU32 good, warning, error;
};

const Palette& palette_of(Theme theme);

// Of the theme that the current ImGui context has (Look::theme).
const Palette& colors();

// What lies over a picture is the same in both themes: it is told from any picture by a dark and a
// light part, not by the window round it.
namespace over_picture {
inline constexpr ImU32 kPlate = IM_COL32(24, 24, 24, 225);
inline constexpr ImU32 kHandle = IM_COL32(24, 24, 24, 235);
inline constexpr ImU32 kText = IM_COL32(232, 232, 232, 255);
inline constexpr ImU32 kAccent = IM_COL32(140, 187, 255, 255);
} // namespace over_picture

} // namespace mw::ui
