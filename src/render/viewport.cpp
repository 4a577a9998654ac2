#include "render/viewport.h"

#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

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

// Exact for quarter turns, so that pixels stay whole.
struct Rotation {
    double cos = 1, sin = 0;
    explicit Rotation(double degrees) {
        const double quarters = degrees / 90;
        if (whole(quarters)) {
            constexpr std::array kCos{1.0, 0.0, -1.0, 0.0};
            const auto q = static_cast<std::size_t>(((static_cast<int>(quarters) % 4) + 4) % 4);
            cos = kCos[q];
            sin = kCos[(q + 3) % 4];
        } else {
            cos = std::cos(degrees * std::numbers::pi / 180);
            sin = std::sin(degrees * std::numbers::pi / 180);
        }
    }
};

double wrapped(double degrees) {
    if (!std::isfinite(degrees)) return 0;
    const double d = std::remainder(degrees, 360.0);
    return d <= -180 ? d + 360 : d;
}

double fill_zoom(double area_width, double area_height, const Turn& turn, const Rect& pane,
                 double margin_px) {
    const Rotation r(turn.degrees);
    const double width = std::abs(r.cos) * area_width + std::abs(r.sin) * area_height;
    const double height = std::abs(r.sin) * area_width + std::abs(r.cos) * area_height;
    const double across = std::max(1.0, pane.width - 2 * margin_px) / width;
    const double down = std::max(1.0, pane.height - 2 * margin_px) / height;
    return std::min(across, down);
}

} // namespace

PointF turned(const Turn& turn, PointF v) {
    if (turn.mirrored) v.x = -v.x;
    const Rotation r(turn.degrees);
    return {r.cos * v.x - r.sin * v.y, r.sin * v.x + r.cos * v.y};
}

PointF unturned(const Turn& turn, PointF v) {
    const Rotation r(turn.degrees);
    const PointF u{r.cos * v.x + r.sin * v.y, r.cos * v.y - r.sin * v.x};
    return {turn.mirrored ? -u.x : u.x, u.y};
}

PointF to_screen(const Viewport& view, const Rect& pane, PointF image) {
    const PointF m = middle(pane);
    const PointF v = turned(
        view.turn, {(image.x - view.center.x) * view.zoom, (image.y - view.center.y) * view.zoom});
    return {v.x + m.x, v.y + m.y};
}

PointF to_image(const Viewport& view, const Rect& pane, PointF screen) {
    const PointF m = middle(pane);
    const PointF v = unturned(view.turn, {screen.x - m.x, screen.y - m.y});
    return {v.x / view.zoom + view.center.x, v.y / view.zoom + view.center.y};
}

namespace {

// Such that image point `held` lies under `anchor`.
Viewport holding(Viewport view, const Rect& pane, PointF anchor, PointF held) {
    const PointF m = middle(pane);
    const PointF v = unturned(view.turn, {anchor.x - m.x, anchor.y - m.y});
    view.center = {held.x - v.x / view.zoom, held.y - v.y / view.zoom};
    return view;
}

} // namespace

Viewport zoomed_at(const Viewport& view, const Rect& pane, PointF anchor, double factor) {
    Viewport zoomed = view;
    zoomed.zoom = clamp_zoom(view.zoom * factor);
    return holding(zoomed, pane, anchor, to_image(view, pane, anchor));
}

Viewport turned_at(const Viewport& view, const Rect& pane, PointF anchor, double degrees) {
    Viewport out = view;
    out.turn.degrees = wrapped(view.turn.degrees + degrees);
    return holding(out, pane, anchor, to_image(view, pane, anchor));
}

Viewport mirrored_at(const Viewport& view, const Rect& pane, PointF anchor) {
    // A mirror after the turn is a mirror before the turn the other way.
    Viewport out = view;
    out.turn = {wrapped(-view.turn.degrees), !view.turn.mirrored};
    return holding(out, pane, anchor, to_image(view, pane, anchor));
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
    const PointF v = unturned(view.turn, screen_delta);
    Viewport out = view;
    out.center = {view.center.x - v.x / view.zoom, view.center.y - v.y / view.zoom};
    return out;
}

Viewport fitted(Size picture, const Rect& pane, double margin_px, bool enlarge, const Turn& turn) {
    if (picture.empty() || pane.empty()) return {{}, 1, turn};
    double zoom = fill_zoom(picture.width, picture.height, turn, pane, margin_px);
    if (!enlarge) zoom = std::min(zoom, 1.0);
    return {{picture.width / 2.0, picture.height / 2.0}, clamp_zoom(zoom), turn};
}

Viewport fitted_to(const Rect& area, const Rect& pane, double margin_px, const Turn& turn) {
    if (area.empty() || pane.empty()) return {{}, 1, turn};
    return {{area.x + area.width / 2.0, area.y + area.height / 2.0},
            clamp_zoom(fill_zoom(area.width, area.height, turn, pane, margin_px)),
            turn};
}

PointF drawn_origin(const Viewport& view, const Rect& pane) {
    assert(view.turn.none());
    const PointF at = to_screen(view, pane, {0, 0});
    const bool exact = view.zoom >= 1 ? whole(view.zoom)
                                      : std::exp2(std::round(std::log2(view.zoom))) == view.zoom;
    if (!exact) return at;
    return {std::floor(at.x + 0.5), std::floor(at.y + 0.5)};
}

} // namespace mw::render
