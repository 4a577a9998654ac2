#include "compare/modes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compare/color_ramp.h"
#include "compare/fit.h"
#include "compare/pictures.h"
#include "compare/threshold.h"
#include "image/color.h"
#include "mask/shapes.h"
#include "unit/compare/kit.h"

namespace mw::compare {
namespace {

using image::Image;

TEST(Modes, ByHand) {
    const Rgb a{0.2f, 0.5f, 1.0f}, b{0.3f, 0.5f, 0.25f};
    const Rgb d = difference(a, b, 4);
    EXPECT_NEAR(d[0], 0.4f, 1e-6);
    EXPECT_EQ(d[1], 0);
    EXPECT_EQ(d[2], 1) << "clipped";
    EXPECT_NEAR(absolute(a, b), 0.75f, 1e-6);
    const Rgb mix = onion(a, b, 0.25);
    EXPECT_NEAR(mix[0], 0.225f, 1e-6);
    EXPECT_EQ(onion(a, b, 0), a);
    EXPECT_NEAR(onion(a, b, 9)[2], b[2], 1e-6);
    const Rect pane{0, 0, 100, 80};
    EXPECT_EQ(wiped(a, b, {}, pane, {10.5, 3.5}), a) << "A on the left of a vertical line";
    EXPECT_EQ(wiped(a, b, {}, pane, {60.5, 3.5}), b);
    EXPECT_FALSE(flicker_shows_b(0));
    EXPECT_TRUE(flicker_shows_b(0.17));
    EXPECT_FALSE(flicker_shows_b(0.34));
}

TEST(Modes, TheRampIsOneTableOfEvenSteps) {
    const auto& ramp = heat_ramp();
    EXPECT_EQ(ramp[0], (Rgb8{0, 0, 0}));
    for (std::size_t i = 1; i < ramp.size(); ++i) {
        const auto lightness = [&](std::size_t k) {
            image::Float3 linear{};
            for (std::size_t c = 0; c < 3; ++c)
                linear[c] = image::srgb_to_linear(float(ramp[k][c]) / 255);
            return image::linear_to_lab(linear)[0];
        };
        EXPECT_NEAR(lightness(i), 97.0 / 255 * double(i), 0.5) << i;
    }
    EXPECT_EQ(heat_index(0.5f, 1), 128);
    EXPECT_EQ(heat_index(-1, 1), 0);
    EXPECT_EQ(heat_index(std::nanf(""), 1), 0);
    EXPECT_EQ(heat_index(40, 20), 255);
    const Rgb c = heat_color(5, 2, 20);
    EXPECT_NEAR(c[0] * 255, ramp[128][0], 1e-3);
}

TEST(Modes, DifferencePictureAndAbsoluteHeatEqualThePixelFunctions) {
    const Size size{300, 40};
    const Image a = grain(size, image::kRgb8, 1), b = grain(size, image::kRgba8, 2);
    const auto value = [](const Image& v, int x, int y) {
        const auto* p = v.view().pixel<std::uint8_t>(x, y);
        return Rgb{float(p[0]) / 255, float(p[1]) / 255, float(p[2]) / 255};
    };
    for (const double gain : {1.0, 8.0}) {
        const auto picture = difference_picture(a.view(), b.view(), gain);
        const auto heat = heat_map(a.view(), b.view(), {Metric::absolute, gain});
        ASSERT_TRUE(picture && heat);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                const Rgb p = value(a, x, y), q = value(b, x, y), d = difference(p, q, gain);
                for (std::size_t c = 0; c < 3; ++c)
                    ASSERT_NEAR(picture->view().pixel<std::uint8_t>(x, y)[c], d[c] * 255, 0.51);
                const Rgb8& want = heat_ramp()[heat_index(absolute(p, q), float(1 / gain))];
                ASSERT_NEAR(heat->view().pixel<std::uint8_t>(x, y)[0], want[0], 4);
            }
    }
    EXPECT_FALSE(difference_picture(a.view(), plain({3, 3}, image::kRgb8, 1).view(), 1));
}

TEST(Fit, BringsSizesTogether) {
    const Image a = grain({60, 40}, image::kRgb8, 1), b = grain({30, 50}, image::kRgb8, 2);
    const auto cropped = bring_together(a.view(), b.view(), Fit::crop);
    ASSERT_TRUE(cropped);
    EXPECT_EQ(cropped->a.size, (Size{30, 40}));
    EXPECT_TRUE(image::identical(cropped->b, b.view().sub({0, 0, 30, 40})));
    const auto scaled = bring_together(a.view(), b.view(), Fit::scale);
    EXPECT_EQ(scaled->b.size, a.size());
    EXPECT_EQ(scaled->a.data, a.view().data);
    const auto padded = bring_together(a.view(), b.view(), Fit::pad);
    EXPECT_EQ(padded->a.size, (Size{60, 50}));
    EXPECT_EQ(padded->b.size, (Size{60, 50}));
    EXPECT_TRUE(image::identical(padded->a.sub(a.rect()), a.view()));
    EXPECT_EQ(padded->b.pixel<std::uint8_t>(59, 3)[0], 0);
    for (const auto* f : {&*cropped, &*scaled, &*padded})
        EXPECT_NE(f->note.find("30 x 50"), std::string::npos);
    EXPECT_TRUE(bring_together(a.view(), a.view(), Fit::scale)->note.empty());
}

TEST(Fit, NudgeComparesTheOverlap) {
    const Size size{200, 150};
    const Image a = grain(size, image::kRgb8, 5);
    Image b(size, image::kRgb8);
    image::copy_pixels(a.view().sub({7, 0, 193, 147}), b.span().sub({0, 3, 193, 147}));
    EXPECT_GT(compare(a.view(), b.view(), nullptr)->all.changed, 10000);
    CompareParams params;
    params.nudge = {7, -3};
    const mask::Mask mask = mask::rectangle(size, {100, 100, 20, 20});
    const auto s = compare(a.view(), b.view(), &mask, params);
    ASSERT_TRUE(s);
    EXPECT_EQ(s->compared, (Rect{7, 0, 193, 147}));
    EXPECT_EQ(s->all.pixels, 193 * 147);
    EXPECT_EQ(s->all.changed, 0);
    EXPECT_EQ(s->inside.pixels, 400);
    params.nudge = {200, 0};
    const auto gone = compare(a.view(), b.view(), nullptr, params);
    ASSERT_FALSE(gone);
    EXPECT_NE(gone.error().message.find("overlap"), std::string::npos);
}

TEST(Figures, OfWhatIsNotFinite) {
    const float inf = std::numeric_limits<float>::infinity();
    const Size size{80, 60};
    Image a = image::convert(grain(size, image::kRgb8, 1).view(), image::kRgbF);
    Image b = image::convert(grain(size, image::kRgb8, 2).view(), image::kRgbF);
    CompareParams params;
    params.metrics.threshold = true;
    Image cleaned_a = image::clone(a.view()), cleaned_b = image::clone(b.view());
    for (const Point p : {Point{3, 3}, Point{70, 20}, Point{40, 59}})
        for (Image* v : {&cleaned_a, &cleaned_b})
            std::fill_n(v->span().pixel<float>(p.x, p.y), 3, 0.0f);
    a.span().pixel<float>(3, 3)[0] = std::nanf("");
    a.span().pixel<float>(3, 3)[2] = -inf;
    b.span().pixel<float>(70, 20)[1] = inf;
    a.span().pixel<float>(40, 59)[1] = b.span().pixel<float>(40, 59)[1] = std::nanf("");
    const auto s = compare(a.view(), b.view(), nullptr, params);
    const auto want = compare(cleaned_a.view(), cleaned_b.view(), nullptr, params);
    ASSERT_TRUE(s && want);
    EXPECT_EQ(s->all.not_finite_a, 3);
    EXPECT_EQ(s->all.not_finite_b, 2);
    EXPECT_EQ(s->all.pixels, size.area());
    EXPECT_NE(s->note.find("3 samples of A and 2 of B"), std::string::npos) << s->note;
    // As if the three pixels were not there: they are equal in the cleaned pair, so its sums are
    // the same but for SSIM's ones.
    const double n = double(size.area()), left = n - 3;
    EXPECT_NEAR(s->all.delta_e_mean * left, want->all.delta_e_mean * n, 1e-3);
    EXPECT_EQ(s->all.perceptible, want->all.perceptible);
    EXPECT_NEAR(s->all.psnr, want->all.psnr - 10 * std::log10(n / left), 1e-6);
    EXPECT_LT(std::abs(s->all.ssim - want->all.ssim), 1e-3);
    EXPECT_LT(std::abs(s->all.flip_mean - want->all.flip_mean), 1e-3);
    EXPECT_EQ(s->all.flip_histogram.total(), size.area() - 3);
    for (const double v : {s->all.psnr, s->all.ssim, s->all.flip_mean, s->all.delta_e_mean,
                           s->all.max_abs, s->all.rmse, s->all.flip_median, s->all.delta_e_p99})
        EXPECT_TRUE(std::isfinite(v));
    const auto heat = heat_map(a.view(), b.view(), {Metric::ssim});
    EXPECT_TRUE(image::identical(
        heat->view(), heat_map(cleaned_a.view(), cleaned_b.view(), {Metric::ssim})->view()));
}

TEST(Figures, HistogramsAndQuartiles) {
    const Size size{100, 100};
    const Image a = plain(size, image::kRgb8, 100);
    Image b = image::clone(a.view());
    fill_rect(b, {0, 0, 100, 30}, 1, 160);
    const auto s = compare(a.view(), b.view(), nullptr)->all;
    EXPECT_EQ(s.delta_e_histogram.total(), 10000);
    EXPECT_EQ(s.delta_e_histogram.count[0], 7000);
    const auto at = std::min<std::size_t>(63, std::size_t(s.delta_e_max / 0.5));
    EXPECT_EQ(s.delta_e_histogram.count[at], 3000);
    EXPECT_NEAR(s.delta_e_mean, 0.3 * s.delta_e_max, 1e-3);
    EXPECT_EQ(s.flip_histogram.total(), 10000);
    EXPECT_LE(s.flip_first_quartile, s.flip_median);
    EXPECT_LE(s.flip_median, s.flip_third_quartile);
    EXPECT_GT(s.flip_first_quartile, s.flip_mean) << "weighted by the error";
    EXPECT_LE(s.flip_third_quartile, s.flip_max + 0.01);
    // By hand: weights 1 x 0.5 and 1 x 1.5 classes; half of the total lies a third into the second.
    EXPECT_NEAR(weighted_quantile({1, 1}, 1, 0.5), 1 + 0.5 / 1.5, 1e-12);
    EXPECT_EQ(weighted_quantile({0, 0}, 1, 0.5), 0);
}

TEST(Threshold, CountsWhatIsOverAndPassesAntialiasedEdges) {
    // A bright half plane whose edge pixels are grey, and the same moved by a part of a pixel.
    const Size size{40, 30};
    const auto edge = [&](int level) {
        Image v = plain(size, image::kRgb8, 0);
        for (int c = 0; c < 3; ++c) {
            fill_rect(v, {20, 0, 1, 30}, c, std::uint8_t(level));
            fill_rect(v, {21, 0, 19, 30}, c, 255);
        }
        return v;
    };
    const Image a = edge(90);
    Image b = edge(170);
    // The edge is straight: its pixels have more than two equal neighbours on their own column...
    const auto straight = threshold_picture(a.view(), b.view());
    ASSERT_TRUE(straight);
    EXPECT_EQ(straight->differing + straight->antialiased, 30);
    // ... a slanted one does not.
    Image c = plain(size, image::kRgb8, 0), d = plain(size, image::kRgb8, 0);
    for (Image* v : {&c, &d})
        for (int y = 0; y < 30; ++y)
            for (int x = 0; x < 40; ++x) {
                const double t = std::clamp((x - 10 - 0.37 * y) + (v == &d ? 0.4 : 0), 0.0, 1.0);
                for (int k = 0; k < 3; ++k)
                    v->span().pixel<std::uint8_t>(x, y)[k] = std::uint8_t(std::lround(255 * t));
            }
    const auto slanted = threshold_picture(c.view(), d.view());
    EXPECT_GT(slanted->antialiased, 15);
    EXPECT_LT(slanted->differing, slanted->antialiased);
    const auto strict = threshold_picture(c.view(), d.view(), {0.1, false});
    EXPECT_EQ(strict->antialiased, 0);
    EXPECT_EQ(strict->differing, slanted->antialiased + slanted->differing);
    // A block that differs, in any format, is red; the rest is faint.
    fill_rect(b = image::clone(a.view()), {2, 2, 5, 4}, 0, 255);
    for (const image::PixelFormat f : {image::kRgb8, image::kRgba8, image::kRgbF}) {
        const Image fa = image::convert(a.view(), f), fb = image::convert(b.view(), f);
        const auto t = threshold_picture(fa.view(), fb.view());
        EXPECT_EQ(t->differing, 20);
        EXPECT_EQ(t->picture.view().pixel<std::uint8_t>(3, 3)[0], 255);
        EXPECT_EQ(t->picture.view().pixel<std::uint8_t>(3, 3)[1], 0);
        EXPECT_EQ(t->picture.view().pixel<std::uint8_t>(10, 3)[1], 230);
        EXPECT_EQ(t->picture.view().pixel<std::uint8_t>(30, 3)[1], 255);
    }
    CompareParams params;
    params.metrics = {false, false, false, true};
    const mask::Mask mask = mask::rectangle(size, {0, 0, 4, 30});
    const auto s = compare(a.view(), b.view(), &mask, params);
    EXPECT_EQ(s->inside.perceptible, 8);
    EXPECT_EQ(s->outside.perceptible, 12);
    // Black against white is 0.966 of the largest difference.
    const Image black = plain({4, 4}, image::kRgb8, 0), white = plain({4, 4}, image::kRgb8, 255);
    EXPECT_EQ(threshold_picture(black.view(), white.view(), {0.96, false})->differing, 16);
    EXPECT_EQ(threshold_picture(black.view(), white.view(), {0.97, false})->differing, 0);
}

} // namespace
} // namespace mw::compare
