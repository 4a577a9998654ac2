// The colours of the window. Greys have R = G = B so that they do not tint the judgement of a
// picture; there is one accent, and status is always told by an icon and a word besides its colour.
#pragma once

#include <imgui.h>

namespace mw::ui::palette {

// Surfaces, from the deepest.
inline constexpr ImU32 kEdge = IM_COL32(20, 20, 20, 255);   // lines between regions
inline constexpr ImU32 kField = IM_COL32(30, 30, 30, 255);  // text fields, tracks
inline constexpr ImU32 kCanvas = IM_COL32(38, 38, 38, 255); // around the picture
inline constexpr ImU32 kPanel = IM_COL32(46, 46, 46, 255);
inline constexpr ImU32 kRaised = IM_COL32(60, 60, 60, 255); // buttons
inline constexpr ImU32 kHover = IM_COL32(72, 72, 72, 255);
inline constexpr ImU32 kPress = IM_COL32(84, 84, 84, 255);
inline constexpr ImU32 kLine = IM_COL32(68, 68, 68, 255); // outlines of fields and cards

// Text; each is at least 4.5 : 1 on every surface above that carries it (tests/ui/panels).
inline constexpr ImU32 kText = IM_COL32(232, 232, 232, 255);
inline constexpr ImU32 kTextSecond = IM_COL32(190, 190, 190, 255); // not on kPress
inline constexpr ImU32 kTextOff = IM_COL32(158, 158, 158, 255);    // panels and fields only

// The accent: filled with white text on it, or as a line or icon on the surfaces.
inline constexpr ImU32 kAccent = IM_COL32(42, 104, 214, 255);
inline constexpr ImU32 kAccentHover = IM_COL32(58, 114, 214, 255);
inline constexpr ImU32 kAccentPress = IM_COL32(34, 88, 186, 255);
inline constexpr ImU32 kAccentLine = IM_COL32(140, 187, 255, 255);
inline constexpr ImU32 kOnAccent = IM_COL32(255, 255, 255, 255);

// Status, for icons and short words.
inline constexpr ImU32 kGood = IM_COL32(126, 204, 152, 255);
inline constexpr ImU32 kWarning = IM_COL32(232, 190, 96, 255);
inline constexpr ImU32 kError = IM_COL32(255, 150, 140, 255);

} // namespace mw::ui::palette
