#include "statistics.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"
#include "compare/metrics.h"
#include "image/color.h"

namespace mw::bench {
namespace {

constexpr int kMargin = 8;
constexpr double kPixelsPerDegree = 67;

// The hole grown by kMargin (chessboard), within `box`, row by row.
std::vector<std::uint8_t> region(const Scene& scene, const Rect& box) {
    std::vector<std::uint8_t> in(static_cast<std::size_t>(box.area()));
    for (int y = scene.bounds.y; y < scene.bounds.bottom(); ++y)
        for (int x = scene.bounds.x; x < scene.bounds.right(); ++x) {
            if (*scene.mask.view().pixel<std::uint8_t>(x, y) == 0) continue;
            const Rect around = intersect(Rect{x, y, 1, 1}.grown(kMargin), box);
            for (int v = around.y; v < around.bottom(); ++v)
                std::fill_n(in.begin() + (v - box.y) * box.width + (around.x - box.x), around.width,
                            std::uint8_t{1});
        }
    return in;
}

struct Plane {
    Size size;
    std::vector<float> v;
    float& at(int x, int y) { return v[static_cast<std::size_t>(y) * size.width + x]; }
    float at(int x, int y) const { return v[static_cast<std::size_t>(y) * size.width + x]; }
};

// Rows and columns by the two kernels (odd length), edges clamped.
template <std::size_t N>
Plane separable(const Plane& in, const std::array<float, N>& along,
                const std::array<float, N>& down) {
    constexpr int kHalf = N / 2;
    Plane rows{in.size, std::vector<float>(in.v.size())}, out = rows;
    const int w = in.size.width, h = in.size.height;
    parallel_for(h, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            for (int x = 0; x < w; ++x) {
                float sum = 0;
                for (int k = -kHalf; k <= kHalf; ++k)
                    sum += along[static_cast<std::size_t>(k + kHalf)] *
                           in.at(std::clamp(x + k, 0, w - 1), y);
                rows.at(x, y) = sum;
            }
    });
    parallel_for(h, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            for (int x = 0; x < w; ++x) {
                float sum = 0;
                for (int k = -kHalf; k <= kHalf; ++k)
                    sum += down[static_cast<std::size_t>(k + kHalf)] *
                           rows.at(x, std::clamp(y + k, 0, h - 1));
                out.at(x, y) = sum;
            }
    });
    return out;
}

using Kernel = std::array<float, 7>;

struct Kernels {
    Kernel smooth{}, first{}, second{};
    Kernels() {
        float sum = 0;
        for (int i = -3; i <= 3; ++i) {
            const float g = std::exp(-0.5f * static_cast<float>(i * i));
            const auto k = static_cast<std::size_t>(i + 3);
            smooth[k] = g;
            first[k] = static_cast<float>(i) * g;
            second[k] = static_cast<float>(i * i - 1) * g;
            sum += g;
        }
        for (auto* kernel : {&smooth, &first, &second})
            for (float& v : *kernel)
                v /= sum;
    }
};

Plane half(const Plane& in) {
    constexpr std::array<float, 5> kBinomial{0.0625f, 0.25f, 0.375f, 0.25f, 0.0625f};
    const Plane smooth = separable(in, kBinomial, kBinomial);
    Plane out{{(in.size.width + 1) / 2, (in.size.height + 1) / 2}, {}};
    out.v.resize(static_cast<std::size_t>(out.size.area()));
    for (int y = 0; y < out.size.height; ++y)
        for (int x = 0; x < out.size.width; ++x)
            out.at(x, y) = smooth.at(2 * x, 2 * y);
    return out;
}

using Samples = std::vector<float>; // of one subband, within the region

struct Bands {
    std::vector<Samples> all;
    void add(const Plane& plane, const std::vector<std::uint8_t>& in) {
        Samples s;
        for (std::size_t i = 0; i < in.size(); ++i)
            if (in[i]) s.push_back(plane.v[i]);
        std::sort(s.begin(), s.end());
        all.push_back(std::move(s));
    }
};

Bands subbands(image::ImageView picture, const Rect& box, std::vector<std::uint8_t> in) {
    static const Kernels kernels;
    Bands bands;
    std::array<Plane, 3> planes;
    for (Plane& p : planes)
        p = {box.size(), std::vector<float>(static_cast<std::size_t>(box.area()))};
    for (int y = 0; y < box.height; ++y)
        for (int x = 0; x < box.width; ++x) {
            const std::uint8_t* s = picture.pixel<std::uint8_t>(box.x + x, box.y + y);
            const float luma = 0.299f * s[0] + 0.587f * s[1] + 0.114f * s[2];
            planes[0].at(x, y) = luma;
            planes[1].at(x, y) = 0.564f * (s[2] - luma);
            planes[2].at(x, y) = 0.713f * (s[0] - luma);
        }
    for (const Plane& p : planes)
        bands.add(p, in);
    for (int scale = 0; scale < 4; ++scale) {
        const Kernel &g = kernels.smooth, &d = kernels.first, &dd = kernels.second;
        const Plane x = separable(planes[0], d, g), y = separable(planes[0], g, d);
        const Plane xx = separable(planes[0], dd, g), yy = separable(planes[0], g, dd),
                    xy = separable(planes[0], d, d);
        Plane turned = x;
        for (int k = 0; k < 4; ++k) {
            const float c = std::cos(static_cast<float>(k) * 0.78539816f),
                        s = std::sin(static_cast<float>(k) * 0.78539816f);
            for (std::size_t i = 0; i < turned.v.size(); ++i)
                turned.v[i] = c * x.v[i] + s * y.v[i];
            bands.add(turned, in);
            for (std::size_t i = 0; i < turned.v.size(); ++i)
                turned.v[i] = c * c * xx.v[i] + 2 * c * s * xy.v[i] + s * s * yy.v[i];
            bands.add(turned, in);
        }
        for (int c = 1; c < 3; ++c) {
            Plane band = separable(planes[static_cast<std::size_t>(c)], g, g);
            for (std::size_t i = 0; i < band.v.size(); ++i)
                band.v[i] = planes[static_cast<std::size_t>(c)].v[i] - band.v[i];
            bands.add(band, in);
        }
        const Size before = planes[0].size;
        for (Plane& p : planes)
            p = half(p);
        std::vector<std::uint8_t> smaller(static_cast<std::size_t>(planes[0].size.area()));
        for (int v = 0; v < planes[0].size.height; ++v)
            for (int u = 0; u < planes[0].size.width; ++u)
                smaller[static_cast<std::size_t>(v) * planes[0].size.width + u] =
                    in[static_cast<std::size_t>(2 * v) * before.width + 2 * u];
        in = std::move(smaller);
    }
    return bands;
}

} // namespace

double flip_in_hole(const Scene& scene, image::ImageView filled) {
    const Rect box = intersect(scene.bounds.grown(kMargin + 24), scene.truth.rect());
    const image::Image map =
        compare::flip_map(scene.truth.view().sub(box), filled.sub(box), kPixelsPerDegree);
    const auto in = region(scene, box);
    double sum = 0, n = 0;
    for (int y = 0; y < box.height; ++y)
        for (int x = 0; x < box.width; ++x)
            if (in[static_cast<std::size_t>(y) * box.width + x]) {
                sum += *map.view().pixel<float>(x, y);
                ++n;
            }
    return sum / n;
}

double texture_distance(const Scene& scene, image::ImageView filled) {
    constexpr double kLeast = 0.25;
    const Rect box = intersect(scene.bounds.grown(kMargin + 64), scene.truth.rect());
    const auto in = region(scene, box);
    const Bands truth = subbands(scene.truth.view(), box, in), got = subbands(filled, box, in);
    double total = 0;
    for (std::size_t b = 0; b < truth.all.size(); ++b) {
        const Samples &t = truth.all[b], &g = got.all[b];
        const double middle = t[t.size() / 2];
        double moved = 0, spread = 0;
        for (std::size_t i = 0; i < t.size(); ++i) {
            moved += std::abs(t[i] - g[i]);
            spread += std::abs(t[i] - middle);
        }
        const auto n = static_cast<double>(t.size());
        total += moved / n / (spread / n + kLeast);
    }
    return total / static_cast<double>(truth.all.size());
}

double seam_delta_e(const Scene& scene, image::ImageView picture) {
    const auto lab = [&](int x, int y) {
        const std::uint8_t* p = picture.pixel<std::uint8_t>(x, y);
        const auto v = image::linear_to_lab({image::srgb_to_linear(p[0] / 255.0f),
                                             image::srgb_to_linear(p[1] / 255.0f),
                                             image::srgb_to_linear(p[2] / 255.0f)});
        return std::array<double, 3>{v[0], v[1], v[2]};
    };
    const auto hole = [&](int x, int y) {
        return *scene.mask.view().pixel<std::uint8_t>(x, y) > 0;
    };
    double sum = 0, n = 0;
    for (int y = scene.bounds.y; y < scene.bounds.bottom(); ++y)
        for (int x = scene.bounds.x; x < scene.bounds.right(); ++x) {
            if (!hole(x, y)) continue;
            for (const Point d : {Point{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
                const Point q{x + d.x, y + d.y};
                if (!scene.truth.rect().contains(q) || hole(q.x, q.y)) continue;
                sum += compare::ciede2000(lab(x, y), lab(q.x, q.y));
                ++n;
            }
        }
    return n > 0 ? sum / n : 0;
}

} // namespace mw::bench
