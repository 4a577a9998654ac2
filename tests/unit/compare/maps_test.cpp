#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "compare/fast_math.h"
#include "compare/filter.h"
#include "compare/metrics.h"
#include "compare/tile.h"
#include "image/color.h"
#include "image/convert.h"

namespace mw::compare {
namespace {

using image::Image;
using image::ImageView;

Image wavy(Size size, image::PixelFormat format, std::uint32_t seed, double grain = 0.1) {
    std::mt19937 random(seed);
    Image out(size, {format.channels, image::SampleType::f32});
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < format.channels; ++c)
                out.span().pixel<float>(x, y)[c] =
                    float(0.5 + 0.35 * std::sin(x * 0.13 + c + seed) * std::cos(y * 0.09 + c) +
                          grain * (double(random() % 1000) / 1000 - 0.5));
    return image::convert(out.view(), format);
}

double luma(ImageView v, int x, int y) {
    const auto* p = v.pixel<std::uint8_t>(x, y);
    return (0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2]) / 255;
}

// Straight from the definition, in double, every window on its own.
double slow_ssim(ImageView a, ImageView b, int cx, int cy) {
    double w = 0, ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
    for (int j = -5; j <= 5; ++j)
        for (int i = -5; i <= 5; ++i) {
            const double k = std::exp(-(i * i + j * j) / (2 * 1.5 * 1.5));
            const int x = edge_index(cx + i, a.size.width, Edge::reflect);
            const int y = edge_index(cy + j, a.size.height, Edge::reflect);
            const double p = luma(a, x, y), q = luma(b, x, y);
            w += k, ma += k * p, mb += k * q, aa += k * p * p, bb += k * q * q, ab += k * p * q;
        }
    ma /= w, mb /= w;
    const double va = aa / w - ma * ma, vb = bb / w - mb * mb, cov = ab / w - ma * mb;
    const double c1 = 1e-4, c2 = 9e-4;
    return (2 * ma * mb + c1) * (2 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
}

TEST(Ssim, EqualsTheSlowDefinition) {
    for (const Size size : {Size{70, 45}, Size{3, 2}, Size{270, 5}}) {
        const Image a = wavy(size, image::kRgb8, 1), b = wavy(size, image::kRgb8, 2, 0.3);
        const Image map = ssim_map(a.view(), b.view());
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                ASSERT_NEAR(*map.view().pixel<float>(x, y), slow_ssim(a.view(), b.view(), x, y),
                            2e-5)
                    << x << "," << y;
    }
}

TEST(Ssim, OfEqualPicturesIsOne) {
    const Image a = wavy({300, 200}, image::kRgb8, 1);
    Image b = image::clone(a.view());
    b.span().pixel<std::uint8_t>(10, 10)[0] ^= 64;
    const Image map = ssim_map(a.view(), b.view());
    EXPECT_EQ(*map.view().pixel<float>(290, 190), 1.0f);
    EXPECT_NEAR(*map.view().pixel<float>(30, 30), 1.0f, 1e-6);
    EXPECT_LT(*map.view().pixel<float>(10, 10), 1.0f);
}

// ---- FLIP, by the paper's formulas with two-dimensional kernels in double ----

struct Lab {
    double l, a, b;
};
using Plane = std::vector<double>;

struct SlowFlip {
    Size size;
    double ppd;

    double at(const Plane& p, int x, int y) const {
        x = std::clamp(x, 0, size.width - 1), y = std::clamp(y, 0, size.height - 1);
        return p[std::size_t(y * size.width + x)];
    }
    template <class Kernel>
    Plane filtered(const Plane& p, int radius, Kernel kernel, bool by_sign) const {
        double plus = 0, minus = 0;
        std::vector<double> k;
        for (int j = -radius; j <= radius; ++j)
            for (int i = -radius; i <= radius; ++i) {
                k.push_back(kernel(i, j));
                (k.back() > 0 ? plus : minus) += std::abs(k.back());
            }
        for (double& v : k)
            v /= by_sign ? (v > 0 ? plus : minus) : plus;
        Plane out(p.size());
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                double sum = 0;
                std::size_t n = 0;
                for (int j = -radius; j <= radius; ++j)
                    for (int i = -radius; i <= radius; ++i)
                        sum += k[n++] * at(p, x + i, y + j);
                out[std::size_t(y * size.width + x)] = sum;
            }
        return out;
    }
    static void to_xyz(const double* rgb, double* xyz) {
        const double m[3][3] = {{0.4123955889, 0.3575834307, 0.1804926474},
                                {0.2125862307, 0.7151703037, 0.0722004986},
                                {0.0192972154, 0.1191838645, 0.9504971251}};
        for (int i = 0; i < 3; ++i)
            xyz[i] = (m[i][0] * rgb[0] + m[i][1] * rgb[1] + m[i][2] * rgb[2]) /
                     (m[i][0] + m[i][1] + m[i][2]);
    }
    static void to_rgb(const double* xyz, double* rgb) {
        const double w[3] = {0.4123955889 + 0.3575834307 + 0.1804926474, 0.999957033,
                             0.0192972154 + 0.1191838645 + 0.9504971251};
        const double m[3][3] = {{3.2410032329, -1.5373989694, -0.4986158819},
                                {-0.9692242522, 1.8759299837, 0.0415542263},
                                {0.0556394198, -0.2040112061, 1.0571489771}};
        for (int i = 0; i < 3; ++i)
            rgb[i] = std::clamp(
                m[i][0] * xyz[0] * w[0] + m[i][1] * xyz[1] * w[1] + m[i][2] * xyz[2] * w[2], 0.0,
                1.0);
    }
    static Lab hunt(const double* rgb) {
        double t[3];
        to_xyz(rgb, t);
        for (double& v : t) {
            const double d = 6.0 / 29;
            v = v > d * d * d ? std::cbrt(v) : v / (3 * d * d) + 4.0 / 29;
        }
        const double l = 116 * t[1] - 16;
        return {l, 0.01 * l * 500 * (t[0] - t[1]), 0.01 * l * 200 * (t[1] - t[2])};
    }
    static double hyab(Lab a, Lab b) {
        return std::abs(a.l - b.l) + std::hypot(a.a - b.a, a.b - b.b);
    }

    struct Parts {
        std::vector<Lab> color;
        Plane edge, point;
    };
    Parts parts(ImageView v) const {
        constexpr double kPi = std::numbers::pi;
        const auto n = std::size_t(size.area());
        Plane y(n), cx(n), cz(n), grey(n);
        for (std::size_t i = 0; i < n; ++i) {
            const auto* p = v.pixel<std::uint8_t>(int(i) % size.width, int(i) / size.width);
            double rgb[3], xyz[3];
            for (int c = 0; c < 3; ++c) {
                const double e = p[c] / 255.0;
                rgb[c] = e <= 0.04045 ? e / 12.92 : std::pow((e + 0.055) / 1.055, 2.4);
            }
            to_xyz(rgb, xyz);
            y[i] = 116 * xyz[1] - 16, cx[i] = 500 * (xyz[0] - xyz[1]);
            cz[i] = 200 * (xyz[1] - xyz[2]), grey[i] = (y[i] + 16) / 116;
        }
        const int radius = int(std::ceil(3 * std::sqrt(0.04 / (2 * kPi * kPi)) * ppd));
        const auto csf = [&](double a1, double b1, double a2, double b2) {
            return [=, this](int i, int j) {
                const double z = (i * i + j * j) / (ppd * ppd);
                return a1 * std::sqrt(kPi / b1) * std::exp(-kPi * kPi * z / b1) +
                       a2 * std::sqrt(kPi / b2) * std::exp(-kPi * kPi * z / b2);
            };
        };
        y = filtered(y, radius, csf(1, 0.0047, 0, 1e-5), false);
        cx = filtered(cx, radius, csf(1, 0.0053, 0, 1e-5), false);
        cz = filtered(cz, radius, csf(34.1, 0.04, 13.5, 0.025), false);
        Parts out;
        for (std::size_t i = 0; i < n; ++i) {
            const double yy = (y[i] + 16) / 116;
            const double xyz[3] = {yy + cx[i] / 500, yy, yy - cz[i] / 200};
            double rgb[3];
            to_rgb(xyz, rgb);
            out.color.push_back(hunt(rgb));
        }
        const double sd = 0.5 * 0.082 * ppd;
        const int feature = int(std::ceil(3 * sd));
        const auto g = [sd](int i, int j) { return std::exp(-(i * i + j * j) / (2 * sd * sd)); };
        const auto dx = [&](int i, int j) { return -i * g(i, j); };
        const auto dy = [&](int i, int j) { return -j * g(i, j); };
        const auto dxx = [&](int i, int j) { return (i * i / (sd * sd) - 1) * g(i, j); };
        const auto dyy = [&](int i, int j) { return (j * j / (sd * sd) - 1) * g(i, j); };
        const Plane ex = filtered(grey, feature, dx, true), ey = filtered(grey, feature, dy, true);
        const Plane px = filtered(grey, feature, dxx, true),
                    py = filtered(grey, feature, dyy, true);
        for (std::size_t i = 0; i < n; ++i) {
            out.edge.push_back(std::hypot(ex[i], ey[i]));
            out.point.push_back(std::hypot(px[i], py[i]));
        }
        return out;
    }
    Plane error(ImageView a, ImageView b) const {
        const Parts pa = parts(a), pb = parts(b);
        const double green[3] = {0, 1, 0}, blue[3] = {0, 0, 1};
        const double most = std::pow(hyab(hunt(green), hunt(blue)), 0.7);
        Plane out;
        for (std::size_t i = 0; i < pa.edge.size(); ++i) {
            double e = std::pow(hyab(pa.color[i], pb.color[i]), 0.7);
            e = e < 0.4 * most ? e * 0.95 / (0.4 * most)
                               : 0.95 + (e - 0.4 * most) / (0.6 * most) * 0.05;
            const double f =
                std::max(std::abs(pa.edge[i] - pb.edge[i]), std::abs(pa.point[i] - pb.point[i]));
            out.push_back(std::pow(e, 1 - std::sqrt(f / std::sqrt(2.0))));
        }
        return out;
    }
};

TEST(Flip, EqualsThePaperByTwoDimensionalKernels) {
    const Size size{48, 37};
    for (const double ppd : {67.0206, 30.0}) {
        const Image a = wavy(size, image::kRgb8, 1), b = wavy(size, image::kRgb8, 4, 0.4);
        const Image map = flip_map(a.view(), b.view(), ppd);
        const Plane truth = SlowFlip{size, ppd}.error(a.view(), b.view());
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                ASSERT_NEAR(*map.view().pixel<float>(x, y), truth[std::size_t(y * size.width + x)],
                            5e-4)
                    << x << "," << y;
    }
}

TEST(Flip, IsZeroForEqualAndLargeForOpposite) {
    const Image a = wavy({40, 30}, image::kRgb8, 1);
    const Image same = flip_map(a.view(), a.view(), 67);
    const Image wide = image::convert(a.view(), {4, image::SampleType::u16});
    const Image across = flip_map(a.view(), wide.view(), 67);
    Image black({40, 30}, image::kRgb8), white({40, 30}, image::kRgb8);
    std::fill(white.bytes().begin(), white.bytes().end(), std::byte{255});
    const Image most = flip_map(black.view(), white.view(), 67);
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x) {
            EXPECT_EQ(*same.view().pixel<float>(x, y), 0.0f);
            EXPECT_NEAR(*across.view().pixel<float>(x, y), 0.0f, 1e-3);
            EXPECT_GT(*most.view().pixel<float>(x, y), 0.9f);
            EXPECT_LE(*most.view().pixel<float>(x, y), 1.0f);
        }
}

TEST(Maps, DoNotDependOnTheTiling) {
    const Size size{700, 300}; // several tiles
    const Image a = wavy(size, image::kRgb8, 1), b = wavy(size, image::kRgb8, 2);
    const Rect window{200, 90, 200, 120}; // across tile borders, its own tile borders elsewhere
    const int halo = 24;
    const Rect wide = window.grown(halo);
    const Image wa = image::clone(a.view().sub(wide)), wb = image::clone(b.view().sub(wide));
    const Rect inner{halo, halo, window.width, window.height};
    const auto equal = [&](const Image& all, const Image& part) {
        EXPECT_TRUE(image::identical(all.view().sub(window), part.view().sub(inner)));
    };
    equal(ssim_map(a.view(), b.view()), ssim_map(wa.view(), wb.view()));
    equal(flip_map(a.view(), b.view(), 67.02), flip_map(wa.view(), wb.view(), 67.02));
    equal(delta_e_map(a.view(), b.view()), delta_e_map(wa.view(), wb.view()));
    equal(abs_map(a.view(), b.view()), abs_map(wa.view(), wb.view()));
}

TEST(Maps, DeltaEAndAbsoluteByHand) {
    Image a({2, 1}, image::kRgb8), b({2, 1}, image::kRgb8);
    a.span().pixel<std::uint8_t>(1, 0)[0] = 200;
    b.span().pixel<std::uint8_t>(1, 0)[0] = 180;
    const Image de = delta_e_map(a.view(), b.view()), abs = abs_map(a.view(), b.view());
    const auto lab = [](int v) {
        const image::Float3 l = image::linear_to_lab({image::srgb_to_linear(float(v) / 255), 0, 0});
        return std::array<double, 3>{l[0], l[1], l[2]};
    };
    EXPECT_EQ(*de.view().pixel<float>(0, 0), 0.0f);
    EXPECT_NEAR(*de.view().pixel<float>(1, 0), ciede2000(lab(200), lab(180)), 2e-3);
    EXPECT_NEAR(*abs.view().pixel<float>(1, 0), 20 / 255.0, 1e-6);
}

TEST(Maps, PowerIsClose) {
    for (double x = 1e-6; x < 400; x *= 1.013)
        for (double p = 0; p <= 1; p += 0.07)
            EXPECT_NEAR(power(float(x), float(p)) / std::pow(x, p), 1, 1e-5) << x << "^" << p;
    EXPECT_NEAR(power(0.0f, 0.7f), 0, 1e-6);
}

TEST(Maps, CubeRootIsClose) {
    for (double x = 1e-6; x < 2; x *= 1.01)
        EXPECT_NEAR(cube_root(float(x)) / std::cbrt(x), 1, 2e-6);
    EXPECT_NEAR(cube_root(0.0f), 0, 1e-6);
}

} // namespace
} // namespace mw::compare
