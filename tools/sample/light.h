#pragma once

#include "random.h"
#include "scene.h"

// The room's light: one tall window to the left, and the dim bounce of the room itself.
namespace mw::sample {

// Whole window: panes and glazing bars, in the plane x = kWindowX.
inline constexpr float kWindowX = -78, kWindowY0 = 30, kWindowY1 = 98, kWindowZ0 = -6,
                       kWindowZ1 = 44;
inline constexpr float kPane = 0.9f; // Share of a pane's pitch that is glass, each way.
inline constexpr float kGlassArea =
    (kWindowY1 - kWindowY0) * (kWindowZ1 - kWindowZ0) * kPane * kPane;

// Radiance leaving a point of the window into the room; zero on a glazing bar.
inline Vec window_radiance(float y, float z) {
    const float u = (z - kWindowZ0) / (kWindowZ1 - kWindowZ0) * 2;
    const float v = (y - kWindowY0) / (kWindowY1 - kWindowY0) * 3;
    const float bar_u = std::abs(u - std::floor(u) - 0.5f);
    const float bar_v = std::abs(v - std::floor(v) - 0.5f);
    if (std::max(bar_u, bar_v) > 0.5f * kPane) return {};
    // Sky above, sunlit garden below.
    return mix(Vec{9.5f, 8.6f, 6.2f}, Vec{19.0f, 17.3f, 14.6f}, smoothstep(0.4f, 1.6f, v));
}

// A point of the glass, uniform over its area kGlassArea as `r` is over the unit square.
inline Vec window_point(Pair r) {
    auto onto_glass = [](float at, float panes) {
        const float pane = std::floor(at * panes);
        return (pane + 0.5f + (at * panes - pane - 0.5f) * kPane * 0.999f) / panes;
    };
    return {kWindowX, mix(kWindowY0, kWindowY1, onto_glass(r.u, 3)),
            mix(kWindowZ0, kWindowZ1, onto_glass(r.v, 2))};
}

// Radiance of the room in direction `d`, the window left out.
inline Vec room_radiance(Vec d) {
    const Vec down{0.06f, 0.048f, 0.036f}, up{0.22f, 0.23f, 0.24f};
    Vec c = mix(down, up, smoothstep(-0.5f, 0.8f, d.y));
    // A pale wall to the right gives the shadow sides their shape.
    return c * (1 + 0.8f * smoothstep(0.2f, 0.9f, d.x));
}

// Radiance of the window where `ray` meets it, else false.
inline bool meets_window(Ray ray, float reach, Vec& radiance) {
    if (ray.d.x >= -1e-4f) return false;
    const float t = (kWindowX - ray.o.x) / ray.d.x;
    const Vec p = ray.o + ray.d * t;
    if (t >= reach || p.y < kWindowY0 || p.y > kWindowY1 || p.z < kWindowZ0 || p.z > kWindowZ1)
        return false;
    radiance = window_radiance(p.y, p.z);
    return true;
}

} // namespace mw::sample
