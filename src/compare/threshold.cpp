#include "compare/threshold.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"
#include "compare/fit.h"
#include "compare/shown_tile.h"
#include "compare/yiq_row.h"
#include "image/convert.h"

namespace mw::compare {
namespace {

using image::Image;
using image::ImageView;
using image::SampleType;

// Luma of YIQ, and the form 0.5053 Y^2 + 0.299 I^2 + 0.1957 Q^2 of a difference in levels of 255,
// multiplied out.
constexpr double kY[] = {0.29889531, 0.58662247, 0.11448223};
constexpr double kI[] = {0.59597799, -0.27417610, -0.32180189};
constexpr double kQ[] = {0.21147017, -0.52261711, 0.31114694};
constexpr float form(int i, int j) {
    const double v = 0.5053 * kY[i] * kY[j] + 0.299 * kI[i] * kI[j] + 0.1957 * kQ[i] * kQ[j];
    return static_cast<float>(i == j ? v : 2 * v);
}

// Planes of differences keep the arithmetic apart from the interleaving.
constexpr int kBlock = 256;

MW_CLONES int judge_rgbf(const float* p, const float* q, int n, float limit,
                         std::uint8_t* __restrict out) {
    float r[kBlock], g[kBlock], b[kBlock];
    for (int i = 0; i < n; ++i) {
        r[i] = (p[3 * i] - q[3 * i]) * 255;
        g[i] = (p[3 * i + 1] - q[3 * i + 1]) * 255;
        b[i] = (p[3 * i + 2] - q[3 * i + 2]) * 255;
    }
    int differing = 0;
    for (int i = 0; i < n; ++i) {
        const float sum = r[i] * (form(0, 0) * r[i] + form(0, 1) * g[i] + form(0, 2) * b[i]) +
                          g[i] * (form(1, 1) * g[i] + form(1, 2) * b[i]) + form(2, 2) * b[i] * b[i];
        const int over = sum > limit ? 1 : 0;
        out[i] = static_cast<std::uint8_t>(over);
        differing += over;
    }
    return differing;
}

template <int kStep>
int judge(const std::uint8_t* p, const std::uint8_t* q, int n, float limit, std::uint8_t* out) {
    return judge_yiq_row(p, q, kStep, n, limit, out);
}
template <int kStep>
int judge(const float* p, const float* q, int n, float limit, std::uint8_t* out) {
    return judge_rgbf(p, q, n, limit, out);
}

// A picture whose first three channels are opaque colours, kStep samples a pixel.
template <class T, int kStep>
struct Colors {
    ImageView view;
    const T* at(int x, int y) const { return view.row<T>(y) + std::ptrdiff_t{x} * kStep; }
    float luma(int x, int y) const {
        const T* p = at(x, y);
        return static_cast<float>(kY[0]) * float(p[0]) + static_cast<float>(kY[1]) * float(p[1]) +
               static_cast<float>(kY[2]) * float(p[2]);
    }
    bool same(int x, int y, int u, int v) const {
        const T *p = at(x, y), *q = at(u, v);
        return p[0] == q[0] && p[1] == q[1] && p[2] == q[2];
    }
    // Calls visit(u, v) for the up to eight neighbours.
    template <class Visit>
    void around(int x, int y, Visit visit) const {
        const int left = std::max(x - 1, 0), right = std::min(x + 1, view.size.width - 1);
        const int top = std::max(y - 1, 0), bottom = std::min(y + 1, view.size.height - 1);
        for (int v = top; v <= bottom; ++v)
            for (int u = left; u <= right; ++u)
                if (u != x || v != y) visit(u, v);
    }
    bool at_border(int x, int y) const {
        return x == 0 || y == 0 || x == view.size.width - 1 || y == view.size.height - 1;
    }
    // A place with at least three neighbours of its own colour, the border counting as one.
    bool in_flat(int x, int y) const {
        int alike = at_border(x, y) ? 1 : 0;
        around(x, y, [&](int u, int v) { alike += same(x, y, u, v); });
        return alike >= 3;
    }
};

// On a slope between a darker and a brighter neighbour of which one lies in a flat of both
// pictures.
template <class C>
bool is_antialiased(const C& picture, const C& other, int x, int y) {
    int equal = picture.at_border(x, y) ? 1 : 0;
    float darkest = 0, brightest = 0;
    Point dark, bright;
    const float own = picture.luma(x, y);
    picture.around(x, y, [&](int u, int v) {
        const float d = picture.luma(u, v) - own;
        equal += d == 0;
        if (d < darkest) darkest = d, dark = {u, v};
        if (d > brightest) brightest = d, bright = {u, v};
    });
    if (equal > 2 || darkest == 0 || brightest == 0) return false;
    return (picture.in_flat(dark.x, dark.y) && other.in_flat(dark.x, dark.y)) ||
           (picture.in_flat(bright.x, bright.y) && other.in_flat(bright.x, bright.y));
}

// The same away from the border, for whole numbers: most of what is asked.
template <int kStep>
class Inner {
  public:
    Inner(ImageView picture, ImageView other, int x, int y)
        : p_(picture.pixel<std::uint8_t>(x, y)),
          q_(other.pixel<std::uint8_t>(x, y)),
          stride_p_(picture.stride),
          stride_q_(other.stride) {}
    // Two pixels from every border, so that the neighbours' neighbours are there.
    bool is_antialiased() const {
        int equal = 0, darkest = 0, brightest = 0;
        std::ptrdiff_t dark[2] = {}, bright[2] = {};
        const int own = luma(p_);
        for (int v = -1; v <= 1; ++v)
            for (int u = -1; u <= 1; ++u) {
                if (u == 0 && v == 0) continue;
                const std::ptrdiff_t at = v * stride_p_ + u * kStep;
                const int d = luma(p_ + at) - own;
                equal += d == 0;
                if (d < darkest) darkest = d, dark[0] = at, dark[1] = v * stride_q_ + u * kStep;
                if (d > brightest)
                    brightest = d, bright[0] = at, bright[1] = v * stride_q_ + u * kStep;
            }
        if (equal > 2 || darkest == 0 || brightest == 0) return false;
        return (in_flat(p_ + dark[0], stride_p_) && in_flat(q_ + dark[1], stride_q_)) ||
               (in_flat(p_ + bright[0], stride_p_) && in_flat(q_ + bright[1], stride_q_));
    }

  private:
    static int luma(const std::uint8_t* p) { return 9794 * p[0] + 19222 * p[1] + 3751 * p[2]; }
    static bool in_flat(const std::uint8_t* p, std::ptrdiff_t stride) {
        int alike = 0;
        for (int v = -1; v <= 1; ++v)
            for (int u = -1; u <= 1; ++u) {
                const std::uint8_t* q = p + v * stride + u * kStep;
                alike += ((p[0] ^ q[0]) | (p[1] ^ q[1]) | (p[2] ^ q[2])) == 0;
            }
        return alike - 1 >= 3; // itself is no neighbour
    }
    const std::uint8_t *p_, *q_;
    std::ptrdiff_t stride_p_, stride_q_;
};

template <class T, int kStep>
bool edge_at(const Colors<T, kStep>& a, const Colors<T, kStep>& b, int x, int y) {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        const Size size = a.view.size;
        if (x >= 2 && y >= 2 && x < size.width - 2 && y < size.height - 2)
            return Inner<kStep>(a.view, b.view, x, y).is_antialiased() ||
                   Inner<kStep>(b.view, a.view, x, y).is_antialiased();
    }
    return is_antialiased(a, b, x, y) || is_antialiased(b, a, x, y);
}

template <class T, int kStep>
VerdictCount judge_tile(ImageView a, ImageView b, const ThresholdParams& params, const Rect& tile,
                        image::ImageSpan out) {
    const Colors<T, kStep> pa{a}, pb{b};
    const double t = std::clamp(params.threshold, 0.0, 1.0);
    const auto limit = static_cast<float>(kLargestYiq * t * t);
    VerdictCount count;
    for (int y = 0; y < tile.height; ++y) {
        auto* to = out.row<std::uint8_t>(y);
        const int v = tile.y + y;
        if (same_samples(a, b, {tile.x, v, tile.width, 1})) {
            std::fill_n(to, tile.width, std::uint8_t{0});
            continue;
        }
        for (int x = 0; x < tile.width; x += kBlock) {
            const int n = std::min(kBlock, tile.width - x);
            const int over =
                judge<kStep>(pa.at(tile.x + x, v), pb.at(tile.x + x, v), n, limit, to + x);
            count.differing += over;
            if (over == 0 || !params.antialias_test) continue;
            for (int i = x; i < x + n; ++i)
                if (to[i] && edge_at(pa, pb, tile.x + i, v)) {
                    to[i] = static_cast<std::uint8_t>(Verdict::antialiased);
                    --count.differing, ++count.antialiased;
                }
        }
    }
    return count;
}

bool opaque(ImageView v, const Rect& window) {
    if (!v.format.has_alpha()) return true;
    if (v.format.type != SampleType::u8) return false;
    const int n = v.format.channels;
    for (int y = window.y; y < window.bottom(); ++y) {
        const auto* p = v.pixel<std::uint8_t>(window.x, y);
        if (n == 4) {
            std::uint32_t all = ~0u;
            for (int x = 0; x < window.width; ++x) {
                std::uint32_t pixel;
                std::memcpy(&pixel, p + 4 * x, 4);
                all &= pixel;
            }
            std::uint8_t bytes[4];
            std::memcpy(bytes, &all, 4);
            if (bytes[3] != 255) return false;
        } else {
            std::uint8_t all = 255;
            for (int x = 0; x < window.width; ++x)
                all &= p[2 * x + 1];
            if (all != 255) return false;
        }
    }
    return true;
}

// kRgbF, over white.
Image over_white(ImageView v) {
    if (!v.format.has_alpha()) return image::convert(v, image::kRgbF);
    const Image from = image::convert(v, image::kRgbaF);
    Image out(v.size, image::kRgbF);
    for (int y = 0; y < v.size.height; ++y) {
        const float* p = from.view().row<float>(y);
        float* to = out.span().row<float>(y);
        for (int x = 0; x < v.size.width; ++x, p += 4, to += 3)
            for (int c = 0; c < 3; ++c)
                to[c] = 1 + (p[c] - 1) * p[3];
    }
    return out;
}

} // namespace

VerdictCount fill_threshold(ImageView a, ImageView b, const ThresholdParams& params,
                            const Rect& tile, image::ImageSpan out) {
    const Rect window = with_halo(tile, kThresholdHalo, a.size);
    if (a.format == b.format && a.format.type == SampleType::u8 && a.format.channels >= 3 &&
        opaque(a, window) && opaque(b, window))
        return a.format.channels == 3 ? judge_tile<std::uint8_t, 3>(a, b, params, tile, out)
                                      : judge_tile<std::uint8_t, 4>(a, b, params, tile, out);
    const Image fa = over_white(a.sub(window)), fb = over_white(b.sub(window));
    // The window ends where the picture ends or two pixels further on, so that neighbours are the
    // same ones.
    return judge_tile<float, 3>(fa.view(), fb.view(), params, tile.translated(-window.x, -window.y),
                                out);
}

namespace {

// A in faint grey, what differs red, what is antialiased yellow.
void paint(ImageView a, const Rect& tile, ImageView verdicts, bool all_alike,
           image::ImageSpan out) {
    Image own;
    if (a.format.type != SampleType::u8 || a.format.channels < 3) {
        own = image::convert(a.sub(tile), image::kRgb8);
        a = own.view();
    } else {
        a = a.sub(tile);
    }
    for (int y = 0; y < tile.height; ++y) {
        auto* to = out.row<std::uint8_t>(y);
        faint_rgb_row(a.row<std::uint8_t>(y), a.format.channels, tile.width, to);
        if (all_alike) continue;
        const auto* v = verdicts.row<std::uint8_t>(y);
        for (int x = 0; x < tile.width; ++x)
            if (v[x]) {
                to[3 * x] = 255, to[3 * x + 2] = 0;
                to[3 * x + 1] = v[x] == static_cast<std::uint8_t>(Verdict::antialiased) ? 200 : 0;
            }
    }
}

} // namespace

Result<VerdictCount> threshold_picture_into(ImageView a, ImageView b, const ThresholdParams& params,
                                            const Views& views, image::ImageSpan out) {
    if (Status ok = check_sizes(a.size, b.size); !ok) return tl::unexpected(ok.error());
    assert(out.size == a.size && out.format == image::kRgb8);
    const std::vector<Rect> tiles = tiles_of(a.size);
    std::atomic<std::int64_t> differing = 0, antialiased = 0;
    parallel_for(static_cast<int>(tiles.size()), 4, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const Rect& tile = tiles[static_cast<std::size_t>(i)];
            const ShownTile seen(a, b, views, tile, kThresholdHalo);
            Image verdicts(tile.size(), image::kGray8);
            const VerdictCount count =
                fill_threshold(seen.a(), seen.b(), params, seen.tile(), verdicts.span());
            differing += count.differing;
            antialiased += count.antialiased;
            paint(seen.a(), seen.tile(), verdicts.view(), count.differing + count.antialiased == 0,
                  out.sub(tile));
        }
    });
    return VerdictCount{differing, antialiased};
}

Result<ThresholdPicture> threshold_picture(ImageView a, ImageView b, const ThresholdParams& params,
                                           const Views& views) {
    auto picture = Image::try_create(a.size, image::kRgb8);
    if (!picture) return tl::unexpected(picture.error());
    const auto count = threshold_picture_into(a, b, params, views, picture->span());
    if (!count) return tl::unexpected(count.error());
    return ThresholdPicture{*count, std::move(*picture)};
}

} // namespace mw::compare
