#include "render/viewport.h"

#include <array>
#include <cmath>

namespace mw::render {
namespace {

constexpr std::array kLadder{1.0 / 64, 1.0 / 48, 1.0 / 32, 1.0 / 24, 1.0 / 16, 1.0 / 12,
                             1.0 / 8,  1.0 / 6,  1.0 / 4,  1.0 / 3,  1.0 / 2,  2.0 / 3,
                             1.0,      2.0,      3.0,      4.0,      6.0,      8.0,
                             12.0,     16.0,     24.0,     32.0,     48.0,     64.0};

double clamp_zoom(double zoom) {
    if (!(zoom > 0)) return kMinZoom; // NaN too
    return std::clamp(zoom, kMinZoom, kMaxZoom);
}

PointF middle(const Rect& pane) {
    return {pane.x + pane.width / 2.0, pane.y + pane.height / 2.0};
}

bool whole(double v) {
    return v == std::floor(v);
}

double fill_zoom(double width, double height, const Rect& pane, double margin_px) {
    const double across = std::max(1.0, pane.width - 2 * margin_px) / width;
    const double down = std::max(1.0, pane.height - 2 * margin_px) / height;
    return std::min(across, down);
}

} // namespace

PointF to_screen(const Viewport& view, const Rect& pane, PointF image) {
    const PointF m = middle(pane);
    return {(image.x - view.center.x) * view.zoom + m.x,
            (image.y - view.center.y) * view.zoom + m.y};
}

PointF to_image(const Viewport& view, const Rect& pane, PointF screen) {
    const PointF m = middle(pane);
    return {(screen.x - m.x) / view.zoom + view.center.x,
            (screen.y - m.y) / view.zoom + view.center.y};
}

Viewport zoomed_at(const Viewport& view, const Rect& pane, PointF anchor, double factor) {
    const PointF held = to_image(view, pane, anchor), m = middle(pane);
    const double zoom = clamp_zoom(view.zoom * factor);
    return {{held.x - (anchor.x - m.x) / zoom, held.y - (anchor.y - m.y) / zoom}, zoom};
}

double next_zoom_step(double zoom, int direction) {
    // A wheel's arithmetic may land a hair beside a step: that is on it.
    constexpr double kNear = 1e-3;
    if (direction > 0) {
        for (const double step : kLadder)
            if (step > zoom * (1 + kNear)) return step;
        return kMaxZoom;
    }
    if (direction < 0) {
        for (auto step = kLadder.rbegin(); step != kLadder.rend(); ++step)
            if (*step < zoom * (1 - kNear)) return *step;
        return kMinZoom;
    }
    return clamp_zoom(zoom);
}

Viewport panned(const Viewport& view, PointF screen_delta) {
    return {
        {view.center.x - screen_delta.x / view.zoom, view.center.y - screen_delta.y / view.zoom},
        view.zoom};
}

Viewport fitted(Size picture, const Rect& pane, double margin_px, bool enlarge) {
    if (picture.empty() || pane.empty()) return {};
    double zoom = fill_zoom(picture.width, picture.height, pane, margin_px);
    if (!enlarge) zoom = std::min(zoom, 1.0);
    return {{picture.width / 2.0, picture.height / 2.0}, clamp_zoom(zoom)};
}

Viewport fitted_to(const Rect& area, const Rect& pane, double margin_px) {
    if (area.empty() || pane.empty()) return {};
    return {{area.x + area.width / 2.0, area.y + area.height / 2.0},
            clamp_zoom(fill_zoom(area.width, area.height, pane, margin_px))};
}

PointF drawn_origin(const Viewport& view, const Rect& pane) {
    const PointF at = to_screen(view, pane, {0, 0});
    const bool exact = view.zoom >= 1 ? whole(view.zoom)
                                      : std::exp2(std::round(std::log2(view.zoom))) == view.zoom;
    if (!exact) return at;
    return {std::floor(at.x + 0.5), std::floor(at.y + 0.5)};
}

} // namespace mw::render
