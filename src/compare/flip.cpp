// LDR-FLIP: Andersson, Nilsson, Akenine-Moller, Oskarsson, Astrom, Fairchild: "FLIP: A Difference
// Evaluator for Alternating Images" (HPG 2020). Section numbers below are the paper's. Tile by tile
// with a halo as wide as the filters; beyond the picture its edge pixels are repeated, as the
// authors' own tool does.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "base/clones.h"
#include "compare/fast_math.h"
#include "compare/filter.h"
#include "compare/metrics.h"
#include "compare/tile.h"

namespace mw::compare {

namespace {

constexpr double kPi = std::numbers::pi;

// Contrast sensitivity (4.1.1, table 1): sums of Gaussians a sqrt(pi / b) exp(-pi^2 d^2 / b), d in
// degrees.
struct Gaussian {
    double a, b;
};
constexpr Gaussian kAchromatic{1, 0.0047}, kRedGreen{1, 0.0053};
constexpr Gaussian kBlueYellow1{34.1, 0.04}, kBlueYellow2{13.5, 0.025};
// Colour metric (4.1.3): compression and where the knee lies.
constexpr float kQc = 0.7f, kPc = 0.4f, kPt = 0.95f;
// Features (4.2): edges as wide as 0.082 degrees, and the exponent of their difference.
constexpr double kFeatureDegrees = 0.082;

struct Triple {
    float x, y, z;
};

// Linear sRGB to XYZ relative to its own white, rows as in IEC 61966-2-1 with more digits.
MW_INLINE Triple xyz_of(float r, float g, float b) {
    return {(0.4123955889f * r + 0.3575834307f * g + 0.1804926474f * b) / 0.950428545f,
            0.2125862307f * r + 0.7151703037f * g + 0.0722004986f * b,
            (0.0192972154f * r + 0.1191838645f * g + 0.9504971251f * b) / 1.088900371f};
}
MW_INLINE Triple rgb_of(Triple c) {
    const float x = c.x * 0.950428545f, y = c.y, z = c.z * 1.088900371f;
    return {3.2410032329f * x - 1.5373989694f * y - 0.4986158819f * z,
            -0.9692242522f * x + 1.8759299837f * y + 0.0415542263f * z,
            0.0556394198f * x - 0.2040112061f * y + 1.0571489771f * z};
}

// CIELAB with the Hunt effect: colourfulness grows with lightness (4.1.2).
MW_INLINE float lab_f(float t) {
    constexpr float kDelta = 6.0f / 29.0f;
    const float root = cube_root(t), line = t / (3 * kDelta * kDelta) + 4.0f / 29.0f;
    return select(t > kDelta * kDelta * kDelta, root, line);
}
MW_INLINE Triple hunt_lab(Triple rgb) {
    const Triple c = xyz_of(rgb.x, rgb.y, rgb.z);
    const float x = lab_f(c.x), y = lab_f(c.y), z = lab_f(c.z);
    const float l = 116 * y - 16;
    return {l, 0.01f * l * 500 * (x - y), 0.01f * l * 200 * (y - z)};
}

// City block in lightness, Euclidean in hue and chroma.
MW_INLINE float hyab(Triple a, Triple b) {
    const float da = a.y - b.y, db = a.z - b.z;
    return std::abs(a.x - b.x) + std::sqrt(da * da + db * db);
}

int spatial_radius(double ppd) {
    return std::max(
        1, static_cast<int>(std::ceil(3 * std::sqrt(kBlueYellow1.b / (2 * kPi * kPi)) * ppd)));
}

double sigma_of(Gaussian g, double ppd) {
    return std::sqrt(g.b / (2 * kPi * kPi)) * ppd;
}

// Of the common radius, only what carries weight: beyond 5 sigma there is nothing to see.
HalfKernel spatial_kernel(Gaussian g, double ppd) {
    const double sigma = sigma_of(g, ppd);
    return gaussian_kernel(
        sigma, std::min(spatial_radius(ppd), std::max(1, static_cast<int>(std::ceil(5 * sigma)))));
}

// First and second derivative of a Gaussian, positive and negative weights each summing to 1.
HalfKernel edge_kernel(double sigma, int radius) {
    HalfKernel k(static_cast<std::size_t>(radius) + 1);
    double sum = 0;
    for (int i = 1; i <= radius; ++i)
        sum += i * std::exp(-0.5 * i * i / (sigma * sigma));
    for (int i = 1; i <= radius; ++i)
        k[static_cast<std::size_t>(i)] =
            static_cast<float>(i * std::exp(-0.5 * i * i / (sigma * sigma)) / sum);
    return k;
}
HalfKernel point_kernel(double sigma, int radius) {
    HalfKernel k(static_cast<std::size_t>(radius) + 1);
    double positive = 0, negative = 0;
    const auto value = [&](int i) {
        const double u = i * i / (sigma * sigma);
        return (u - 1) * std::exp(-0.5 * u);
    };
    for (int i = 0; i <= radius; ++i) {
        const double v = value(i) * (i ? 2 : 1);
        (v > 0 ? positive : negative) += std::abs(v);
    }
    for (int i = 0; i <= radius; ++i) {
        const double v = value(i), sum = v > 0 ? positive : negative;
        k[static_cast<std::size_t>(i)] = static_cast<float>(sum > 0 ? v / sum : 0);
    }
    return k;
}

} // namespace

struct FlipFilters {
    int halo = 0;
    HalfKernel achromatic, red_green, blue_yellow1, blue_yellow2;
    float share1 = 0, share2 = 0; // of the two Gaussians of blue-yellow
    HalfKernel smooth, edge, point;
    float largest_color = 0; // the greatest compressed colour difference: green against blue
};

std::shared_ptr<const FlipFilters> flip_filters(double pixels_per_degree) {
    const double ppd =
        std::clamp(std::isfinite(pixels_per_degree) ? pixels_per_degree : 67.0206, 0.5, 500.0);
    auto f = std::make_shared<FlipFilters>();
    f->achromatic = spatial_kernel(kAchromatic, ppd);
    f->red_green = spatial_kernel(kRedGreen, ppd);
    f->blue_yellow1 = spatial_kernel(kBlueYellow1, ppd);
    f->blue_yellow2 = spatial_kernel(kBlueYellow2, ppd);
    // The weight of each Gaussian in the sum is its volume, which is what its unnormalised samples
    // add up to: 1 over the squared centre weight of the normalised kernel.
    const auto volume = [](Gaussian g, const HalfKernel& k) {
        return g.a * std::sqrt(kPi / g.b) / (double(k[0]) * k[0]);
    };
    const double v1 = volume(kBlueYellow1, f->blue_yellow1),
                 v2 = volume(kBlueYellow2, f->blue_yellow2);
    f->share1 = static_cast<float>(v1 / (v1 + v2));
    f->share2 = static_cast<float>(v2 / (v1 + v2));
    const double sigma = 0.5 * kFeatureDegrees * ppd;
    const int radius = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
    f->smooth = gaussian_kernel(sigma, radius);
    f->edge = edge_kernel(sigma, radius);
    f->point = point_kernel(sigma, radius);
    f->halo = std::max(radius, spatial_radius(ppd));
    f->largest_color = std::pow(hyab(hunt_lab({0, 1, 0}), hunt_lab({0, 0, 1})), kQc);
    return f;
}

namespace {

enum Plane { kA, kRg, kBy1, kBy2, kSmooth, kEdge, kPoint, kPlanes };

// To YCxCz (4.1.1), and luminance alone for the features.
MW_CLONES void ycc_row(float* __restrict r, float* __restrict g, float* __restrict b, int count) {
    for (int i = 0; i < count; ++i) {
        const Triple c = xyz_of(r[i], g[i], b[i]);
        r[i] = 116 * c.y - 16;
        g[i] = 500 * (c.x - c.y);
        b[i] = 200 * (c.y - c.z);
    }
}
MW_CLONES void luminance_row(float* line, int count) {
    for (int i = 0; i < count; ++i)
        line[i] = (line[i] + 16) * (1 / 116.0f);
}

// One picture's tile, filtered along the rows, a few rows at a time.
class Filtered {
  public:
    Filtered(const FlipFilters& f, image::ImageView picture, const Rect& in, const Rect& tile)
        : f_(f),
          picture_(picture),
          in_(in),
          tile_(tile),
          ring_(kPlanes, tile.width, f.halo, in.height, Edge::clamp),
          r_(static_cast<std::size_t>(in.width)),
          g_(r_),
          b_(r_),
          line_(static_cast<std::size_t>(tile.width + 2 * f.halo)) {}
    // The rows up to `last` of `in`.
    void read_to(int last) {
        for (; read_ <= std::min(last, in_.height - 1); ++read_)
            read(read_);
    }
    const float* const* around(Plane plane, int y) { return ring_.around(plane, y); }
    int width() const { return tile_.width; }

  private:
    void read(int y) {
        const int wide = tile_.width + 2 * f_.halo, first = tile_.x - in_.x - f_.halo;
        const float* centre = line_.data() + f_.halo;
        const auto to = [&](Plane plane) { return ring_.row(plane, y); };
        linear_row(picture_, in_.x, in_.y + y, in_.width, r_.data(), g_.data(), b_.data());
        ycc_row(r_.data(), g_.data(), b_.data(), in_.width);
        spread_row(g_.data(), in_.width, first, wide, line_.data(), Edge::clamp);
        filter_row_even(centre, to(kRg), tile_.width, f_.red_green);
        spread_row(b_.data(), in_.width, first, wide, line_.data(), Edge::clamp);
        filter_row_even(centre, to(kBy1), tile_.width, f_.blue_yellow1);
        filter_row_even(centre, to(kBy2), tile_.width, f_.blue_yellow2);
        spread_row(r_.data(), in_.width, first, wide, line_.data(), Edge::clamp);
        filter_row_even(centre, to(kA), tile_.width, f_.achromatic);
        luminance_row(line_.data(), wide);
        filter_row_even(centre, to(kSmooth), tile_.width, f_.smooth);
        filter_row_odd(centre, to(kEdge), tile_.width, f_.edge);
        filter_row_even(centre, to(kPoint), tile_.width, f_.point);
    }
    const FlipFilters& f_;
    image::ImageView picture_;
    Rect in_, tile_;
    RowRing ring_;
    std::vector<float> r_, g_, b_, line_;
    int read_ = 0;
};

MW_INLINE float unit(float v) {
    v = select(v < 0, 0.0f, v);
    return select(v > 1, 1.0f, v);
}

// Filtered YCxCz back to colours a screen can show, then to CIELAB.
MW_CLONES void lab_row(const float* a, const float* rg, const float* by1, const float* by2,
                       float share1, float share2, float* __restrict l, float* __restrict p,
                       float* __restrict q, int count) {
    for (int i = 0; i < count; ++i) {
        const float y = (a[i] + 16) / 116;
        const float by = share1 * by1[i] + share2 * by2[i];
        const Triple rgb = rgb_of({y + rg[i] / 500, y, y - by / 200});
        const Triple lab = hunt_lab({unit(rgb.x), unit(rgb.y), unit(rgb.z)});
        l[i] = lab.x;
        p[i] = lab.y;
        q[i] = lab.z;
    }
}

MW_CLONES void length_row(float* x, const float* y, int count) {
    for (int i = 0; i < count; ++i)
        x[i] = std::sqrt(x[i] * x[i] + y[i] * y[i]);
}

// One finished row of one picture.
struct FinishedRow {
    std::vector<float> a, rg, by1, by2, ex, ey, px, py;
    std::vector<float> l, p, q; // CIELAB; ex and px end as lengths
    explicit FinishedRow(int width)
        : a(static_cast<std::size_t>(width)),
          rg(a),
          by1(a),
          by2(a),
          ex(a),
          ey(a),
          px(a),
          py(a),
          l(a),
          p(a),
          q(a) {}
    void take(const FlipFilters& f, Filtered& from, int y) {
        const int n = from.width();
        from.read_to(y + f.halo);
        filter_column_even(from.around(kA, y), a.data(), n, f.achromatic);
        filter_column_even(from.around(kRg, y), rg.data(), n, f.red_green);
        filter_column_even(from.around(kBy1, y), by1.data(), n, f.blue_yellow1);
        filter_column_even(from.around(kBy2, y), by2.data(), n, f.blue_yellow2);
        filter_column_even(from.around(kEdge, y), ex.data(), n, f.smooth);
        filter_column_odd(from.around(kSmooth, y), ey.data(), n, f.edge);
        filter_column_even(from.around(kPoint, y), px.data(), n, f.smooth);
        filter_column_even(from.around(kSmooth, y), py.data(), n, f.point);
        length_row(ex.data(), ey.data(), n);
        length_row(px.data(), py.data(), n);
        lab_row(a.data(), rg.data(), by1.data(), by2.data(), f.share1, f.share2, l.data(), p.data(),
                q.data(), n);
    }
};

// Colour difference, its knee, the feature difference and both together (4.1.3, 4.2, 4.3).
// a and b are l, p, q, edge, point of the two pictures.
MW_CLONES void error_row(const float* const* a, const float* const* b, float largest, float* out,
                         int count) {
    const float knee = kPc * largest, below = kPt / knee, above = (1 - kPt) / (largest - knee);
    const float *al = a[0], *ap = a[1], *aq = a[2], *ae = a[3], *ao = a[4];
    const float *bl = b[0], *bp = b[1], *bq = b[2], *be = b[3], *bo = b[4];
    for (int i = 0; i < count; ++i) {
        const float e = power(hyab({al[i], ap[i], aq[i]}, {bl[i], bp[i], bq[i]}), kQc);
        const float low = e * below, high = kPt + (e - knee) * above;
        const float color = select(e < knee, low, high);
        const float edges = std::abs(ae[i] - be[i]), points = std::abs(ao[i] - bo[i]);
        const float most = select(edges > points, edges, points);
        // The exponent 0.5 of the paper is a square root.
        const float features = unit(std::sqrt(most * (0.5f * std::numbers::sqrt2_v<float>)));
        out[i] = power(color, 1 - features);
    }
}

} // namespace

int halo_of(const FlipFilters& filters) {
    return filters.halo;
}

void fill_flip(const FlipFilters& f, image::ImageView a, image::ImageView b, const Rect& tile,
               image::ImageSpan out) {
    const Rect in = with_halo(tile, f.halo, a.size);
    if (same_samples(a, b, in)) {
        for (int y = 0; y < tile.height; ++y)
            std::fill_n(out.row<float>(y), tile.width, 0.0f);
        return;
    }
    Filtered fa(f, a, in, tile), fb(f, b, in, tile);
    FinishedRow ra(tile.width), rb(tile.width);
    for (int y = 0; y < tile.height; ++y) {
        ra.take(f, fa, tile.y - in.y + y);
        rb.take(f, fb, tile.y - in.y + y);
        const float* const pa[] = {ra.l.data(), ra.p.data(), ra.q.data(), ra.ex.data(),
                                   ra.px.data()};
        const float* const pb[] = {rb.l.data(), rb.p.data(), rb.q.data(), rb.ex.data(),
                                   rb.px.data()};
        error_row(pa, pb, f.largest_color, out.row<float>(y), tile.width);
    }
}

image::Image flip_map(image::ImageView a, image::ImageView b, double pixels_per_degree) {
    assert(a.size == b.size);
    const auto filters = flip_filters(pixels_per_degree);
    return map_of(a.size, [&](const Rect& tile, image::ImageSpan out) {
        fill_flip(*filters, a, b, tile, out);
    });
}

} // namespace mw::compare
