#include "mask.h"

#include "light.h"
#include "render.h"
#include "rows.h"

namespace mw::sample {
namespace {

constexpr float kVisible = 0.05f; // Least relative loss of light that an eye would notice.

// How much the toy takes from a table point's window light and room light, 0 to 1.
float toy_shade(Vec p, Rng& rng) {
    constexpr int kRays = 96;
    const Pair shift{rng.uniform(), rng.uniform()};
    float lost = 0, all = 0;
    for (uint32_t i = 0; i < kRays; ++i) {
        const Pair r = r2_point(i, shift);
        const Vec from = window_point(r), to = from - p, w = normalize(to);
        const float light = luminance(window_radiance(from.y, from.z)) * w.y * -w.x / dot(to, to);
        all += light;
        if (light > 0 && toy_blocks({p + Vec{0, 0.01f, 0}, w}, 60)) lost += light;
    }
    float hidden = 0;
    for (uint32_t i = 0; i < kRays; ++i) {
        const Vec d = cosine_direction({0, 1, 0}, r2_point(i, {shift.v, shift.u}));
        if (toy_blocks({p + Vec{0, 0.01f, 0}, d}, 60)) hidden += 1.0f / kRays;
    }
    return lost / std::max(all, 1e-9f) + 0.35f * hidden;
}

// True when the pixel shows the toy, its mirror image in the table, or table it darkens.
bool touched(const Scene& scene, int w, int h, int x, int y) {
    Rng rng(0x3a5c0000u + static_cast<uint64_t>(y) * static_cast<uint64_t>(w) +
            static_cast<uint64_t>(x));
    const Ray ray =
        camera_ray(w, h, static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f, {0, 0});
    const Hit hit = trace(scene, ray);
    if (hit.part == Part::Toy) return true;
    if (hit.part != Part::Table || length(hit.p - toy_place()) > 25) return false;
    const Vec mirrored{ray.d.x, -ray.d.y, ray.d.z};
    return toy_blocks({hit.p, mirrored}, 2.2f) || toy_shade(hit.p, rng) > kVisible;
}

using Plane = std::vector<float>;

// Dilation by a disc of `radius` pixels.
Plane grow(const Plane& in, int w, int h, int radius) {
    Plane out(in.size(), 0.0f);
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            if (in[static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x)] == 0)
                continue;
            for (int dy = -radius; dy <= radius; ++dy) {
                const int v = y + dy;
                if (v < 0 || v >= h) continue;
                const int reach =
                    static_cast<int>(std::sqrt(static_cast<float>(radius * radius - dy * dy)));
                const auto row = out.begin() + static_cast<long>(v) * w;
                std::fill(row + std::max(x - reach, 0), row + std::min(x + reach + 1, w), 1.0f);
            }
        }
    }
    return out;
}

Plane box_blur(const Plane& in, int w, int h, bool across) {
    Plane out(in.size());
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            float sum = 0;
            for (int k = -1; k <= 1; ++k) {
                const int u = std::clamp(across ? x + k : x, 0, w - 1);
                const int v = std::clamp(across ? y : y + k, 0, h - 1);
                sum += in[static_cast<size_t>(v) * static_cast<size_t>(w) + static_cast<size_t>(u)];
            }
            out[static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x)] = sum / 3;
        }
    }
    return out;
}

} // namespace

Picture toy_mask(int w, int h, int threads) {
    Plane mask(static_cast<size_t>(w) * static_cast<size_t>(h), 0.0f);
    for_each_row(h, threads, [&](int y) {
        for (int x = 0; x < w; ++x) {
            mask[static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x)] =
                touched({}, w, h, x, y) ? 1.0f : 0.0f;
        }
    });
    mask = grow(mask, w, h, std::max(2, w / 190));
    mask = box_blur(box_blur(box_blur(box_blur(mask, w, h, true), w, h, false), w, h, true), w, h,
                    false);
    Picture out{w, h, 1, std::vector<uint8_t>(mask.size())};
    for (size_t i = 0; i < mask.size(); ++i)
        out.data[i] = static_cast<uint8_t>(mask[i] * 255 + 0.5f);
    return out;
}

} // namespace mw::sample
