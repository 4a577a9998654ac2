// Where a picture stands on the screen: plain geometry, no GL.
#pragma once

#include "base/geometry.h"

namespace mw::render {

inline constexpr double kMinZoom = 1.0 / 64, kMaxZoom = 64;

// How the picture lies on the screen: mirrored left to right first, then turned.
struct Turn {
    double degrees = 0; // clockwise on the screen, -180 < degrees <= 180
    bool mirrored = false;
    bool operator==(const Turn&) const = default;
    bool none() const { return degrees == 0 && !mirrored; }
};

// The turn of a vector on the screen, and back.
PointF turned(const Turn& turn, PointF v);
PointF unturned(const Turn& turn, PointF v);

// screen = turned((image - center) * zoom) + pane center, in framebuffer pixels, y down.
struct Viewport {
    PointF center;   // image point in the middle of the pane
    double zoom = 1; // screen pixels per image pixel, kMinZoom .. kMaxZoom
    Turn turn;
    bool operator==(const Viewport&) const = default;
};

PointF to_screen(const Viewport& view, const Rect& pane, PointF image);
PointF to_image(const Viewport& view, const Rect& pane, PointF screen);
// Zooms so that the image point under `anchor` (screen) stays there; the result is clamped.
Viewport zoomed_at(const Viewport& view, const Rect& pane, PointF anchor, double factor);
// The next step of the usual ladder (…, 25, 33, 50, 67, 100, 200, 300, 400, 600, 800 % …), from any
// zoom; direction > 0 is in, < 0 is out. The ends of the range stay where they are.
double next_zoom_step(double zoom, int direction);
Viewport panned(const Viewport& view, PointF screen_delta);
// Turned by so many degrees more about `anchor` (screen), which stays where it is; mirrored about
// the vertical through it, as the screen shows it.
Viewport turned_at(const Viewport& view, const Rect& pane, PointF anchor, double degrees);
Viewport mirrored_at(const Viewport& view, const Rect& pane, PointF anchor);
// The whole picture in the pane with a margin; never above 1:1 for small pictures unless `enlarge`.
Viewport fitted(Size picture, const Rect& pane, double margin_px, bool enlarge = false,
                const Turn& turn = {});
// Centred on `area` (image pixels) so that it fills most of the pane.
Viewport fitted_to(const Rect& area, const Rect& pane, double margin_px, const Turn& turn = {});

// Where the canvas draws image point (0, 0). At zooms whose pixels can match the screen's (whole
// numbers, 1/2, 1/4, …) this is to_screen of it rounded to whole framebuffer pixels, so that pixels
// are exact: up to half a pixel away from to_screen. What must lie exactly on the picture's pixels
// (a pixel grid, a crop's edge) is drawn at drawn_origin + image * zoom. Without a turn only.
PointF drawn_origin(const Viewport& view, const Rect& pane);

} // namespace mw::render
