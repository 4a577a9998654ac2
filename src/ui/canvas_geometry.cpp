#include <cmath>

#include "compare/wipe.h"
#include "ui/canvas_state.h"

namespace mw::ui {

using session::CompareMode;

CompareMode effective_compare(const session::SessionView& view) {
    return view.compared != nullptr && view.shown != nullptr ? view.compare.mode : CompareMode::off;
}

Panes panes_of(const session::SessionView& view, const CanvasState& state) {
    const Rect& all = state.area;
    if (effective_compare(view) != CompareMode::side_by_side) return {Rect{}, all};
    constexpr int kGap = 2;
    const int left = (all.width - kGap) / 2;
    return {{all.x, all.y, left, all.height},
            {all.x + left + kGap, all.y, all.width - left - kGap, all.height}};
}

Rect pane_at(const Panes& panes, PointF at) {
    const Point p{static_cast<int>(std::floor(at.x)), static_cast<int>(std::floor(at.y))};
    return panes.a.contains(p) ? panes.a : panes.b;
}

PointF image_point(const session::SessionView& view, const CanvasState& state, PointF at) {
    return render::to_image(state.view, pane_at(panes_of(view, state), at), at);
}

WipeHandles wipe_handles(const session::CompareState& state, const Rect& pane, double scale) {
    const auto line = compare::wipe_line(state.wipe_position, state.wipe_angle_degrees);
    const compare::WipeRay ray = compare::wipe_ray(line, pane);
    const double arm = 88 * scale;
    return {ray.point,
            {ray.point.x + ray.direction.x * arm, ray.point.y + ray.direction.y * arm},
            ray.direction};
}

bool overlay_shown(const session::SessionView& view, const CanvasState& state) {
    return view.mask_style.visible && !state.overlay_muted && !state.hold_original;
}

} // namespace mw::ui
