#include "composite/plane.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace mw::composite {
namespace {

std::size_t offset(int width, int y) {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(y);
}

} // namespace

float Plane::linear(double x, double y) const {
    x = std::clamp(x, 0.0, double(width - 1));
    y = std::clamp(y, 0.0, double(height - 1));
    const int ix = static_cast<int>(x), iy = static_cast<int>(y);
    const float fx = static_cast<float>(x - ix), fy = static_cast<float>(y - iy);
    const float* top = &values[offset(width, iy)];
    const float* low = &values[offset(width, std::min(iy + 1, height - 1))];
    const int right = std::min(ix + 1, width - 1);
    const float a = top[ix] + fx * (top[right] - top[ix]);
    const float b = low[ix] + fx * (low[right] - low[ix]);
    return a + fy * (b - a);
}

bool Ring::clear_around(int x, int y) const {
    for (int j = -1; j <= 1; ++j) {
        const std::uint8_t* row = &clear[offset(width, y + j)];
        if (!(row[x - 1] & row[x] & row[x + 1])) return false;
    }
    return true;
}

Plane luma_plane(image::ImageView encoded) {
    Plane plane{encoded.size.width, encoded.size.height, {}};
    plane.values.resize(static_cast<std::size_t>(encoded.size.area()));
    const int n = encoded.format.channels;
    parallel_for(plane.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* p = encoded.row<float>(y);
            float* to = &plane.values[offset(plane.width, y)];
            for (int x = 0; x < plane.width; ++x, p += n) {
                const float v = n == 1 ? p[0] : 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2];
                to[x] = std::isfinite(v) ? 255.0f * std::clamp(v, -1.0f, 4.0f) : 0.0f;
            }
        }
    });
    return plane;
}

Ring ring_of(image::ImageView ring) {
    Ring out{ring.size.width, ring.size.height, {}};
    out.clear.resize(static_cast<std::size_t>(ring.size.area()));
    for (int y = 0; y < out.height; ++y)
        std::copy_n(ring.row<std::uint8_t>(y), out.width, &out.clear[offset(out.width, y)]);
    return out;
}

Plane half(const Plane& p) {
    Plane out{p.width / 2, p.height / 2, {}};
    out.values.resize(offset(out.width, out.height));
    for (int y = 0; y < out.height; ++y)
        for (int x = 0; x < out.width; ++x)
            out.values[offset(out.width, y) + static_cast<std::size_t>(x)] =
                0.25f * (p.at(2 * x, 2 * y) + p.at(2 * x + 1, 2 * y) + p.at(2 * x, 2 * y + 1) +
                         p.at(2 * x + 1, 2 * y + 1));
    return out;
}

Ring half(const Ring& r) {
    Ring out{r.width / 2, r.height / 2, {}};
    out.clear.resize(offset(out.width, out.height));
    for (int y = 0; y < out.height; ++y) {
        const std::uint8_t* a = &r.clear[offset(r.width, 2 * y)];
        const std::uint8_t* b = &r.clear[offset(r.width, 2 * y + 1)];
        std::uint8_t* to = &out.clear[offset(out.width, y)];
        for (int x = 0; x < out.width; ++x)
            to[x] = a[2 * x] & a[2 * x + 1] & b[2 * x] & b[2 * x + 1];
    }
    return out;
}

void smooth(Plane& p) {
    std::vector<float> across(p.values.size());
    parallel_for(p.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* s = &p.values[offset(p.width, y)];
            float* t = &across[offset(p.width, y)];
            for (int x = 0; x < p.width; ++x)
                t[x] = 0.25f * s[std::max(x - 1, 0)] + 0.5f * s[x] +
                       0.25f * s[std::min(x + 1, p.width - 1)];
        }
    });
    parallel_for(p.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* a = &across[offset(p.width, std::max(y - 1, 0))];
            const float* b = &across[offset(p.width, y)];
            const float* c = &across[offset(p.width, std::min(y + 1, p.height - 1))];
            float* t = &p.values[offset(p.width, y)];
            for (int x = 0; x < p.width; ++x)
                t[x] = 0.25f * a[x] + 0.5f * b[x] + 0.25f * c[x];
        }
    });
}

} // namespace mw::composite
