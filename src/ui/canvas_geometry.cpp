#include <algorithm>
#include <cmath>

#include "compare/wipe.h"
#include "ui/canvas_state.h"
#include "ui/look.h"

namespace mw::ui {
namespace {

using session::CompareMode;

constexpr int kGap = 2; // framebuffer pixels between panes

// Columns that show pictures of this shape largest.
int columns_of(int cells, const Rect& all, Size picture) {
    int best = 1;
    double largest = 0;
    for (int columns = 1; columns <= cells; ++columns) {
        const int rows = (cells + columns - 1) / columns;
        const double zoom = std::min(double(all.width) / columns / picture.width,
                                     double(all.height) / rows / picture.height);
        if (zoom > largest) {
            largest = zoom;
            best = columns;
        }
    }
    return best;
}

std::vector<Rect> sheet_of(int cells, const Rect& all, Size picture) {
    const int columns = columns_of(cells, all, picture), rows = (cells + columns - 1) / columns;
    // Of one size, so that the same part of the picture is seen in all.
    const int width = (all.width - (columns - 1) * kGap) / columns;
    const int height = (all.height - (rows - 1) * kGap) / rows;
    std::vector<Rect> out;
    for (int i = 0; i < cells; ++i)
        out.push_back({all.x + i % columns * (width + kGap), all.y + i / columns * (height + kGap),
                       width, height});
    return out;
}

} // namespace

CompareMode effective_compare(const session::SessionView& view) {
    if (view.shown == nullptr) return CompareMode::off;
    if (view.compare.mode == CompareMode::sheet)
        return view.comparison.sheet.empty() ? CompareMode::off : CompareMode::sheet;
    return view.comparison.possible() ? view.compare.mode : CompareMode::off;
}

double fit_margin(const CanvasState& state) {
    return 24.0 * look().scale * state.density;
}

Panes panes_of(const session::SessionView& view, const CanvasState& state) {
    const Rect& all = state.area;
    switch (effective_compare(view)) {
        case CompareMode::side_by_side: {
            const int left = (all.width - kGap) / 2;
            return {{all.x, all.y, left, all.height},
                    {all.x + left + kGap, all.y, all.width - left - kGap, all.height},
                    {}};
        }
        case CompareMode::stacked: {
            const int top = (all.height - kGap) / 2;
            return {{all.x, all.y, all.width, top},
                    {all.x, all.y + top + kGap, all.width, all.height - top - kGap},
                    {}};
        }
        case CompareMode::sheet: {
            auto cells =
                sheet_of(static_cast<int>(view.comparison.sheet.size()), all, view.shown->size());
            return {Rect{}, cells.front(), cells};
        }
        default:
            return {Rect{}, all, {}};
    }
}

Rect pane_at(const Panes& panes, PointF at) {
    const Point p{static_cast<int>(std::floor(at.x)), static_cast<int>(std::floor(at.y))};
    for (const Rect& cell : panes.cells)
        if (cell.contains(p)) return cell;
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
    return view.mask_style.visible && view.mask_style.look != session::MaskLook::off &&
           !state.overlay_muted && !state.hold_original;
}

} // namespace mw::ui
