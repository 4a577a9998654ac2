#include "composite/warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/clones.h"

namespace mw::composite {
namespace {

constexpr int kTaps = 6, kBefore = 2; // taps at -2 .. 3 around the whole part

using Taps = std::array<const float*, kTaps>;

// Lagrange's polynomial through six neighbours (Schafer & Rabiner 1973): flat to the fifth order,
// so that fine detail comes through a shift as it was.
MW_INLINE void weights(float t, float* w) {
    const float a = t + 2, b = t + 1, c = t, d = t - 1, e = t - 2, f = t - 3;
    const float bc = b * c, de = d * e, ab = a * b, ef = e * f, cd = c * d;
    w[0] = bc * de * f * (-1.0f / 120);
    w[1] = a * c * de * f * (1.0f / 24);
    w[2] = ab * d * ef * (-1.0f / 12);
    w[3] = ab * c * ef * (1.0f / 12);
    w[4] = ab * cd * f * (-1.0f / 24);
    w[5] = ab * cd * e * (1.0f / 120);
}

// out[i] = the six rows at i, between the third and the fourth by fraction[i].
MW_CLONES void interpolate(Taps rows, const float* fraction, int count, float* out) {
    const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4],
                *r5 = rows[5];
    for (int i = 0; i < count; ++i) {
        float w[kTaps];
        weights(fraction[i], w);
        out[i] =
            w[0] * r0[i] + w[1] * r1[i] + w[2] * r2[i] + w[3] * r3[i] + w[4] * r4[i] + w[5] * r5[i];
    }
}

// Splits 0 .. count - 1 into runs in which at + drift * i has one whole part: run(begin, end, whole
// part). The fractions go to `fraction`, once for each of n channels.
template <class Run>
void for_runs(double at, double drift, int count, int n, float* fraction, const Run& run) {
    for (int begin = 0; begin < count;) {
        const double whole = std::floor(at + drift * begin);
        int end = begin;
        for (; end < count; ++end) {
            const double f = at + drift * end - whole;
            if (f < 0 || f >= 1) break;
            for (int c = 0; c < n; ++c)
                fraction[end * n + c] = static_cast<float>(f);
        }
        run(begin, end, static_cast<int>(whole));
        begin = end;
    }
}

// `picture`'s row at `from` .. `from + count - 1`, edges repeated.
void clamped_row(image::ImageView picture, int y, int from, int count, float* out) {
    const int n = picture.format.channels, last = picture.size.width - 1;
    const float* row = picture.row<float>(std::clamp(y, 0, picture.size.height - 1));
    const int inside = std::clamp(from, 0, last + 1),
              past = std::clamp(from + count, inside, last + 1);
    for (int x = from; x < std::min(0, from + count); ++x, out += n)
        std::copy_n(row, n, out);
    out = std::copy(row + inside * n, row + past * n, out);
    for (int x = std::max(last + 1, from); x < from + count; ++x, out += n)
        std::copy_n(row + last * n, n, out);
}

} // namespace

void warp(image::ImageView picture, const Registration& r, PointF centre, const Rect& area,
          image::ImageSpan out) {
    if (!r.applied) return image::copy_pixels(picture.sub(area), out);
    const int n = picture.format.channels, width = area.width, height = area.height;
    // x' = x0 + xx x + xy y, y' = y0 + yx x + yy y for out's (x, y).
    const double ax = area.x - centre.x, ay = area.y - centre.y;
    const double x0 = centre.x + r.xx * ax + r.xy * ay + r.dx;
    const double y0 = centre.y + r.yx * ax + r.yy * ay + r.dy;
    const double far_x = width - 1, far_y = height - 1;
    const int first = static_cast<int>(std::floor(y0 + std::min(0.0, r.yx * far_x))) - kBefore;
    const int past = static_cast<int>(std::floor(y0 + std::max(0.0, r.yx * far_x) + r.yy * far_y)) +
                     kTaps - kBefore + 1; // one for rounding
    const auto stride = static_cast<std::size_t>(width) * static_cast<std::size_t>(n);
    std::vector<float> middle(stride * static_cast<std::size_t>(past - first)), fraction(stride),
        row;

    // Across: column x of `middle` is what out's column x needs of row v, where
    // y = (v - y0 - yx x) / yy.
    const double step = r.xx - r.xy * r.yx / r.yy;
    for (int v = first; v < past; ++v) {
        const double at = x0 + r.xy * (v - y0) / r.yy;
        const int left = static_cast<int>(std::floor(at)) - kBefore;
        const int count =
            static_cast<int>(std::floor(at + step * far_x)) + kTaps + 1 - kBefore - left;
        row.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(n));
        clamped_row(picture, v, left, count, row.data());
        float* to = &middle[stride * static_cast<std::size_t>(v - first)];
        for_runs(at, step - 1, width, n, fraction.data(), [&](int begin, int end, int whole) {
            Taps taps{};
            for (int k = 0; k < kTaps; ++k)
                taps[static_cast<std::size_t>(k)] =
                    row.data() + (begin + whole - kBefore + k - left) * n;
            interpolate(taps, &fraction[static_cast<std::size_t>(begin * n)], (end - begin) * n,
                        to + begin * n);
        });
    }
    for (int y = 0; y < height; ++y) {
        for_runs(
            y0 + r.yy * y, r.yx, width, n, fraction.data(), [&](int begin, int end, int whole) {
                Taps taps{};
                for (int k = 0; k < kTaps; ++k)
                    taps[static_cast<std::size_t>(k)] =
                        &middle[stride * static_cast<std::size_t>(whole - kBefore + k - first) +
                                static_cast<std::size_t>(begin * n)];
                interpolate(taps, &fraction[static_cast<std::size_t>(begin * n)], (end - begin) * n,
                            out.row<float>(y) + begin * n);
            });
    }
}

} // namespace mw::composite
