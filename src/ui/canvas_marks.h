// What is drawn over the picture is made of these: places on the screen, outlines, words on plates.
// All in window coordinates.
#pragma once

#include <imgui.h>

#include <array>
#include <string>

#include "ui/canvas_state.h"

namespace mw::ui {

// From framebuffer pixels.
inline ImVec2 in_window(const CanvasState& state, PointF p) {
    return {static_cast<float>(p.x / state.density), static_cast<float>(p.y / state.density)};
}

struct Box {
    ImVec2 min, max;
};
Box in_window(const CanvasState& state, const Rect& framebuffer);

// The corners of an area of the picture as they lie on the screen, clockwise from its top left one.
using Quad = std::array<ImVec2, 4>;
Quad image_quad(const CanvasState& state, const Rect& pane, const Rect& image);
Box bounds_of(const Quad& quad);

// Thin, light on dark: seen on any picture. Dashes are drawn within the current clip only.
void outline(ImDrawList* list, const Quad& quad, ImU32 light, bool dashed = false);

// A word on a dark plate, at a corner of a pane.
void plate(ImDrawList* list, ImVec2 at, const std::string& words, bool right_aligned,
           const char* icon = nullptr);
ImVec2 plate_size(const std::string& words, bool icon = false);

} // namespace mw::ui
