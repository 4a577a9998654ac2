#include "ui/brush_options.h"

#include <imgui.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

bool percent(const char* name, const char* label, double& value, float low, float unit) {
    float shown = static_cast<float>(100 * value);
    if (!slider(name, label, shown, low, 100, {.width = unit, .format = "%.0f %%"})) return false;
    value = static_cast<double>(shown) / 100;
    return true;
}

} // namespace

void draw_brush_options(const session::SessionView& view, float unit, session::Actions& out) {
    mask::Brush brush = view.brush;
    float size = static_cast<float>(2 * brush.radius_px);
    bool changed = slider("brush.size", "Size", size, 1, 2000,
                          {.width = unit, .logarithmic = true, .format = "%.0f px"});
    if (changed) brush.radius_px = static_cast<double>(size) / 2;
    tooltip("Brush size", "[  ]", "Alt + right drag on the canvas: size and hardness.");
    ImGui::SameLine(0, px(4));
    // The longest label has the most room.
    changed |= percent("brush.hardness", "Hard", brush.hardness, 0, unit - px(8));
    tooltip("Hardness", "Shift+[  ]");
    ImGui::SameLine(0, px(4));
    changed |= percent("brush.opacity", "Opacity", brush.opacity, 1, unit + px(8));
    tooltip("Opacity", {}, "How much of the edit shows through what you paint.");
    ImGui::SameLine(0, px(4));
    changed |= percent("brush.stabiliser", "Steady", brush.stabiliser, 0, unit);
    tooltip(
        "Stabiliser", {},
        "How calmly the brush follows the pointer. Shift + click: a straight line from the last "
        "stroke; Shift + drag: straight across or down.");
    ImGui::SameLine(0, px(6));
    if (icon_button("brush.pressure_size", icons::kLineWeight, brush.pressure_radius, true, 28)) {
        brush.pressure_radius = !brush.pressure_radius;
        changed = true;
    }
    tooltip("Pen pressure: size", {}, brush.pressure_radius ? "On." : "Off.");
    ImGui::SameLine(0, px(2));
    if (icon_button("brush.pressure_opacity", icons::kOpacity, brush.pressure_opacity, true, 28)) {
        brush.pressure_opacity = !brush.pressure_opacity;
        changed = true;
    }
    tooltip("Pen pressure: opacity", {}, brush.pressure_opacity ? "On." : "Off.");
    ImGui::SameLine(0, px(2));
    const bool limited = view.selection.limit.has_value();
    if (icon_button("brush.within", icons::kSelectAll, limited, true, 28))
        out.push_back(session::SetPaintLimit{!limited});
    tooltip("Paint only within the selection", {},
            limited ? "Painting is held to the outlined selection; press to let go."
                    : "Holds brush and eraser to the mask as it is now, also after it is cleared.");
    if (changed) out.push_back(session::SetBrush{brush});
}

} // namespace mw::ui
