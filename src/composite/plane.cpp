#include "composite/plane.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "base/parallel.h"

namespace mw::composite {
namespace {

MW_INLINE float sane_level(float v) {
    // Written so that what is not a number becomes 0.
    const float low = v > -1.0f ? v : -1.0f;
    return v == v ? 255.0f * (low < 4.0f ? low : 4.0f) : 0.0f;
}

MW_CLONES void luma_row(const float* rgb, int width, float* to) {
    for (int x = 0; x < width; ++x)
        to[x] =
            sane_level(0.2126f * rgb[3 * x] + 0.7152f * rgb[3 * x + 1] + 0.0722f * rgb[3 * x + 2]);
}

MW_CLONES void half_row(const float* a, const float* b, int width, float* to) {
    for (int x = 0; x < width; ++x)
        to[x] = 0.25f * ((a[2 * x] + a[2 * x + 1]) + (b[2 * x] + b[2 * x + 1]));
}

MW_CLONES void inner_row(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c,
                         int width, std::uint8_t* to) {
    for (int x = 1; x + 1 < width; ++x)
        to[x] =
            a[x - 1] & a[x] & a[x + 1] & b[x - 1] & b[x] & b[x + 1] & c[x - 1] & c[x] & c[x + 1];
}

} // namespace

Plane luma_plane(image::ImageView encoded) {
    Plane plane{encoded.size.width, encoded.size.height, {}};
    plane.values.resize(static_cast<std::size_t>(encoded.size.area()));
    parallel_for(plane.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* p = encoded.row<float>(y);
            float* to = plane.row(y);
            if (encoded.format.channels == 3)
                luma_row(p, plane.width, to);
            else
                for (int x = 0; x < plane.width; ++x)
                    to[x] = sane_level(p[x * encoded.format.channels]);
        }
    });
    return plane;
}

Ring ring_of(image::ImageView ring) {
    Ring out{ring.size.width, ring.size.height, {}};
    out.clear.resize(static_cast<std::size_t>(ring.size.area()));
    for (int y = 0; y < out.height; ++y)
        std::copy_n(ring.row<std::uint8_t>(y), out.width, out.row(y));
    return out;
}

Plane half(const Plane& p) {
    Plane out{p.width / 2, p.height / 2, {}};
    out.values.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
    for (int y = 0; y < out.height; ++y)
        half_row(p.row(2 * y), p.row(2 * y + 1), out.width, out.row(y));
    return out;
}

Ring half(const Ring& r) {
    Ring out{r.width / 2, r.height / 2, {}};
    out.clear.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height));
    for (int y = 0; y < out.height; ++y) {
        const std::uint8_t *a = r.row(2 * y), *b = r.row(2 * y + 1);
        std::uint8_t* to = out.row(y);
        for (int x = 0; x < out.width; ++x)
            to[x] = a[2 * x] & a[2 * x + 1] & b[2 * x] & b[2 * x + 1];
    }
    return out;
}

Ring inner(const Ring& r) {
    Ring out{r.width, r.height, std::vector<std::uint8_t>(r.clear.size())};
    for (int y = 1; y + 1 < r.height; ++y)
        inner_row(r.row(y - 1), r.row(y), r.row(y + 1), r.width, out.row(y));
    return out;
}

Plane fine_detail(const Plane& plane) {
    constexpr int r = 3;
    const int w = plane.width, h = plane.height;
    Plane across{w, h, std::vector<float>(plane.values.size())}, out = across;
    for (int y = 0; y < h; ++y) {
        const float* s = plane.row(y);
        float sum = 0;
        for (int x = -r; x <= r; ++x)
            sum += s[std::clamp(x, 0, w - 1)];
        for (int x = 0; x < w; ++x) {
            across.row(y)[x] = sum;
            sum += s[std::min(x + r + 1, w - 1)] - s[std::max(x - r, 0)];
        }
    }
    std::vector<float> sums(static_cast<std::size_t>(w));
    const auto add = [&](int y, float sign) {
        const float* s = across.row(std::clamp(y, 0, h - 1));
        for (int x = 0; x < w; ++x)
            sums[static_cast<std::size_t>(x)] += sign * s[x];
    };
    for (int y = -r; y <= r; ++y)
        add(y, 1);
    constexpr float share = 1.0f / ((2 * r + 1) * (2 * r + 1));
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x)
            out.row(y)[x] = plane.row(y)[x] - share * sums[static_cast<std::size_t>(x)];
        add(y + r + 1, 1);
        add(y - r, -1);
    }
    return out;
}

Smooth smooth_at(const Plane& p, int x, int y) {
    const float *a = p.row(y - 1) + x, *b = p.row(y) + x, *c = p.row(y + 1) + x;
    const auto down = [&](int i) { return (a[i] + 4 * b[i] + c[i]) * (1.0f / 6); };
    const float left = down(-1), middle = down(0), right = down(1);
    const auto across = [](const float* r) { return (r[-1] + 4 * r[0] + r[1]) * (1.0f / 6); };
    return {(left + 4 * middle + right) * (1.0f / 6), 0.5f * (right - left),
            0.5f * (across(c) - across(a))};
}

float smooth_at(const Plane& p, float x, float y) {
    // Also false for what is not a number.
    if (!(x >= 1 && y >= 1 && x < static_cast<float>(p.width - 2) &&
          y < static_cast<float>(p.height - 2)))
        return kNowhere;
    const int ix = static_cast<int>(x), iy = static_cast<int>(y);
    float wx[4], wy[4];
    const auto weights = [](float t, float* w) {
        const float u = 1 - t, t2 = t * t, u2 = u * u;
        w[0] = u2 * u * (1.0f / 6);
        w[1] = 2.0f / 3 - 0.5f * t2 * (2 - t);
        w[2] = 2.0f / 3 - 0.5f * u2 * (2 - u);
        w[3] = t2 * t * (1.0f / 6);
    };
    weights(x - static_cast<float>(ix), wx);
    weights(y - static_cast<float>(iy), wy);
    const float* at = p.row(iy - 1) + ix - 1;
    typedef float Four __attribute__((vector_size(16), aligned(4)));
    Four sum{};
    for (int j = 0; j < 4; ++j, at += p.width)
        sum += wy[j] * *reinterpret_cast<const Four*>(at);
    return (wx[0] * sum[0] + wx[1] * sum[1]) + (wx[2] * sum[2] + wx[3] * sum[3]);
}

} // namespace mw::composite
