#include "compare/stats.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "compare/pictures.h"
#include "compare/wipe.h"
#include "image/color.h"
#include "image/convert.h"
#include "mask/shapes.h"

namespace mw::compare {
namespace {

using image::Image;

Image grey(Size size, image::PixelFormat format, int level) {
    Image out(size, image::kGray8);
    std::fill(out.bytes().begin(), out.bytes().end(), std::byte(level));
    return image::convert(out.view(), format);
}

TEST(Stats, RegionsSplitAtTheMask) {
    const Size size{400, 300};
    const Image a = grey(size, image::kRgb8, 100);
    Image b = image::clone(a.view());
    const Rect box{100, 80, 60, 50};
    for (int y = box.y; y < box.bottom(); ++y)
        for (int x = box.x; x < box.right(); ++x)
            b.span().pixel<std::uint8_t>(x, y)[1] = 110;
    b.span().pixel<std::uint8_t>(300, 200)[2] = 103; // astray
    const mask::Mask mask = mask::rectangle(size, {100, 80, 60, 50});
    const auto s = compare(a.view(), b.view(), &mask);
    ASSERT_TRUE(s);
    EXPECT_EQ(s->inside.pixels, 3000);
    EXPECT_EQ(s->outside.pixels, 400 * 300 - 3000);
    EXPECT_EQ(s->all.pixels, 400 * 300);
    EXPECT_EQ(s->inside.changed, 3000);
    EXPECT_EQ(s->outside.changed, 1);
    EXPECT_EQ(s->all.changed, 3001);
    EXPECT_EQ(s->inside.max_abs, 10);
    EXPECT_EQ(s->outside.max_abs, 3);
    EXPECT_NEAR(s->inside.psnr, 10 * std::log10(255.0 * 255 / (100.0 / 3)), 1e-9);
    EXPECT_GT(s->inside.delta_e_mean, 1);
    EXPECT_NEAR(s->inside.delta_e_p99, s->inside.delta_e_mean, 0.006);
    EXPECT_EQ(s->outside.delta_e_p99, 0);
    EXPECT_GT(s->inside.flip_mean, s->outside.flip_mean);
    EXPECT_LT(s->outside.ssim, 1);
    EXPECT_TRUE(s->note.empty());
    // 8 px inwards: 60 x 50 less 44 x 34; outwards the same rounded at the corners.
    std::int64_t seam = 3000 - 44 * 34;
    for (int y = -20; y < 70; ++y)
        for (int x = -20; x < 80; ++x) {
            if (x >= 0 && y >= 0 && x < 60 && y < 50) continue;
            const int dx = x < 0     ? -x
                           : x >= 60 ? x - 59
                                     : 0,
                      dy = y < 0     ? -y
                           : y >= 50 ? y - 49
                                     : 0;
            seam += dx * dx + dy * dy <= 64;
        }
    EXPECT_EQ(s->seam.pixels, seam);
}

TEST(Stats, EqualPicturesAndNoMask) {
    const Image a = grey({70, 50}, image::kRgba8, 9);
    const auto s = compare(a.view(), a.view(), nullptr);
    ASSERT_TRUE(s);
    EXPECT_EQ(s->inside.pixels, 3500);
    EXPECT_EQ(s->outside.pixels, 0);
    EXPECT_EQ(s->all.changed, 0);
    EXPECT_EQ(s->all.psnr, std::numeric_limits<double>::infinity());
    EXPECT_EQ(s->all.ssim, 1);
    EXPECT_EQ(s->all.flip_mean, 0);
}

TEST(Stats, DepthsAndChannelsAreBroughtTogether) {
    const Size size{40, 30};
    const Image byte = grey(size, image::kGray8, 77);
    const Image word = grey(size, {4, image::SampleType::u16}, 77);
    const auto same = compare(byte.view(), word.view(), nullptr);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->all.changed, 0);
    EXPECT_NE(same->note.find("16-bit"), std::string::npos);
    EXPECT_NE(same->note.find("grey"), std::string::npos);
    EXPECT_NE(same->note.find("opaque"), std::string::npos);
    const Image other = grey(size, {3, image::SampleType::u16}, 78);
    const auto differs = compare(byte.view(), other.view(), nullptr);
    ASSERT_TRUE(differs);
    EXPECT_EQ(differs->all.max_abs, 257);
    EXPECT_NEAR(differs->all.psnr, 20 * std::log10(255.0), 1e-6);
}

TEST(Stats, FloatsMayHoldNonsense) {
    Image a = grey({40, 30}, image::kRgbF, 100), b = image::clone(a.view());
    b.span().pixel<float>(3, 3)[0] = std::nanf("");
    b.span().pixel<float>(30, 20)[1] = 5;
    const auto s = compare(a.view(), b.view(), nullptr);
    ASSERT_TRUE(s);
    EXPECT_EQ(s->all.changed, 2);
    EXPECT_TRUE(std::isfinite(s->all.ssim));
    EXPECT_TRUE(std::isfinite(s->all.flip_mean));
    EXPECT_TRUE(std::isfinite(s->all.delta_e_mean));
    a.span().pixel<float>(3, 3)[0] = std::nanf("");
    EXPECT_EQ(compare(a.view(), b.view(), nullptr)->all.changed, 1);
}

TEST(Stats, ErrorsAreNamed) {
    const Image a = grey({40, 30}, image::kRgb8, 1), b = grey({41, 30}, image::kRgb8, 1);
    const auto sizes = compare(a.view(), b.view(), nullptr);
    ASSERT_FALSE(sizes);
    EXPECT_EQ(sizes.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(sizes.error().message.find("41 x 30"), std::string::npos);
    const mask::Mask mask({4, 3});
    EXPECT_FALSE(compare(a.view(), a.view(), &mask));
    std::stop_source stop;
    stop.request_stop();
    const auto cancelled = compare(a.view(), a.view(), nullptr, {}, stop.get_token());
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, ErrorCode::cancelled);
    EXPECT_FALSE(heat_map(a.view(), b.view(), {Metric::flip}));
}

TEST(Pictures, TheRampGrowsLighterEvenly) {
    Image values({256, 1}, image::kGrayF);
    for (int i = 0; i < 256; ++i)
        values.span().row<float>(0)[i] = float(i) / 255;
    const Image heat = heat_image(values.view(), 1);
    double before = -1;
    for (int i = 0; i < 256; ++i) {
        const auto* p = heat.view().pixel<std::uint8_t>(i, 0);
        image::Float3 linear;
        for (int c = 0; c < 3; ++c)
            linear[std::size_t(c)] = image::srgb_to_linear(float(p[c]) / 255);
        const double l = image::linear_to_lab(linear)[0];
        EXPECT_GT(l, before) << i;
        EXPECT_NEAR(l, 97.0 * i / 255, 1.0) << i;
        before = l;
    }
    Image odd({3, 1}, image::kGrayF);
    odd.span().row<float>(0)[0] = std::nanf("");
    odd.span().row<float>(0)[1] = -4;
    odd.span().row<float>(0)[2] = 1e30f;
    const Image clamped = heat_image(odd.view(), 1);
    EXPECT_EQ(clamped.view().pixel<std::uint8_t>(0, 0)[0], 0);
    EXPECT_EQ(clamped.view().pixel<std::uint8_t>(1, 0)[2], 0);
    EXPECT_GT(clamped.view().pixel<std::uint8_t>(2, 0)[0], 240);
}

TEST(Pictures, TheOutlineIsClosedAndWhite) {
    const Size size{20, 12};
    const Image values(size, image::kGrayF);
    const mask::Mask mask = mask::rectangle(size, {0, 3, 6, 5});
    const Image heat = heat_image(values.view(), 1, &mask);
    int white = 0;
    for (int y = 0; y < 12; ++y)
        for (int x = 0; x < 20; ++x)
            white += heat.view().pixel<std::uint8_t>(x, y)[1] == 255;
    EXPECT_EQ(white, 2 * 6 + 2 * 3);
}

Image noise(Size size, image::PixelFormat format, unsigned seed) {
    std::mt19937 random(seed);
    Image out(size, image::kRgb8);
    for (std::byte& b : out.bytes())
        b = std::byte(random() & 255);
    return image::convert(out.view(), format);
}

// A gamut wider than sRGB's and a curve of its own.
image::DisplayTransform wide_view() {
    image::ColorSpace s;
    for (int i = 0; i < 1024; ++i)
        s.curve[0].push_back(static_cast<float>(std::pow(i / 1023.0, 1.8)));
    s.to_srgb = {1.4f, -0.3f, -0.1f, -0.1f, 1.15f, -0.05f, 0, -0.1f, 1.1f};
    return image::DisplayTransform(std::make_shared<const image::ColorSpace>(s));
}

TEST(Stats, WhatIsSeenIsMeasuredAsShown) {
    const Size size{700, 400}; // several tiles
    const image::PixelFormat deep{3, image::SampleType::u16};
    const Image a = noise(size, deep, 1);
    Image b = image::clone(a.view());
    const Image other = noise({300, 200}, deep, 2);
    image::copy_pixels(other.view(), b.span().sub({200, 90, 300, 200}));
    const mask::Mask mask = mask::rectangle(size, {190, 100, 250, 150});
    CompareParams params;
    params.views = {wide_view(), wide_view()}; // equal, not the same
    const auto seen = compare(a.view(), b.view(), &mask, params);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->note, "");
    // The slow way: everything converted beforehand.
    const Image da = wide_view().to_display(a.view(), deep.type);
    const Image db = wide_view().to_display(b.view(), deep.type);
    const auto plain = compare(da.view(), db.view(), &mask);
    const auto numbers = compare(a.view(), b.view(), &mask);
    for (const auto part :
         {&DiffStats::inside, &DiffStats::seam, &DiffStats::outside, &DiffStats::all}) {
        const RegionStats &s = (*seen).*part, &p = (*plain).*part, &n = (*numbers).*part;
        EXPECT_EQ(s.ssim, p.ssim);
        EXPECT_EQ(s.delta_e_mean, p.delta_e_mean);
        EXPECT_EQ(s.delta_e_p99, p.delta_e_p99);
        EXPECT_EQ(s.flip_mean, p.flip_mean);
        EXPECT_EQ(s.changed, n.changed);
        EXPECT_EQ(s.max_abs, n.max_abs);
        EXPECT_EQ(s.psnr, n.psnr);
    }
    EXPECT_NE(seen->all.delta_e_mean, numbers->all.delta_e_mean);
}

TEST(Stats, EqualNumbersInTwoSpacesLookDifferent) {
    const Image a = noise({300, 200}, image::kRgb8, 3);
    CompareParams params;
    params.views.b = wide_view();
    const auto s = compare(a.view(), a.view(), nullptr, params);
    ASSERT_TRUE(s);
    EXPECT_EQ(s->all.changed, 0);
    EXPECT_GT(s->all.delta_e_mean, 1);
    EXPECT_GT(s->all.flip_mean, 0.01);
    EXPECT_LT(s->all.ssim, 1);
    EXPECT_NE(s->note.find("colour spaces"), std::string::npos);
}

TEST(Pictures, AreOfWhatIsShown) {
    const Image a = noise({64, 48}, image::kRgb8, 4), b = noise({64, 48}, image::kRgb8, 5);
    const Image da = wide_view().to_display(a.view(), image::SampleType::u16);
    const Image db = wide_view().to_display(b.view(), image::SampleType::u16);
    for (const Metric m : {Metric::flip, Metric::delta_e, Metric::ssim, Metric::absolute})
        EXPECT_TRUE(image::identical(
            heat_map(a.view(), b.view(), {m}, nullptr, {wide_view(), wide_view()})->view(),
            heat_map(da.view(), db.view(), {m})->view()));
    const auto both = side_by_side(a.view(), b.view(), 4096, {wide_view(), {}});
    ASSERT_TRUE(both);
    const Image shown_a = wide_view().to_display(a.view(), image::SampleType::u8);
    EXPECT_TRUE(image::identical(both->view().sub({0, 0, 64, 48}), shown_a.view()));
    EXPECT_TRUE(image::identical(both->view().sub({both->width() - 64, 0, 64, 48}), b.view()));
}

TEST(Pictures, SideBySideNeverGrows) {
    const Image a = grey({100, 60}, image::kRgb8, 200), b = grey({80, 40}, image::kGray8, 100);
    const auto both = side_by_side(a.view(), b.view());
    ASSERT_TRUE(both);
    EXPECT_EQ(both->size(), (Size{188, 60}));
    EXPECT_EQ(both->view().pixel<std::uint8_t>(50, 30)[0], 200);
    EXPECT_EQ(both->view().pixel<std::uint8_t>(150, 30)[2], 100);
    const auto narrow = side_by_side(a.view(), b.view(), 98);
    ASSERT_TRUE(narrow);
    EXPECT_EQ(narrow->size(), (Size{98, 30}));
    Image clear({16, 16}, image::kRgba8);
    const auto checked = side_by_side(clear.view(), clear.view());
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->view().pixel<std::uint8_t>(0, 0)[0], 205);
    EXPECT_EQ(checked->view().pixel<std::uint8_t>(8, 0)[0], 155);
    EXPECT_FALSE(side_by_side(Image{}.view(), a.view()));
}

TEST(Wipe, SidesAndHandles) {
    const Rect pane{100, 50, 400, 200};
    const WipeLine upright = wipe_line(0.25, 0);
    EXPECT_NEAR(upright.angle_degrees, 90, 1e-9);
    EXPECT_NEAR(side_of_a(upright, pane, {150, 150}), 50, 1e-9);
    EXPECT_NEAR(side_of_a(upright, pane, {260, 60}), -60, 1e-9);
    EXPECT_EQ(hit_wipe(upright, pane, {203, 148}), WipePart::move);
    EXPECT_EQ(hit_wipe(upright, pane, {200, 90}), WipePart::turn);
    EXPECT_EQ(hit_wipe(upright, pane, {204, 230}), WipePart::line);
    EXPECT_EQ(hit_wipe(upright, pane, {260, 230}), WipePart::none);
    // Turned counter-clockwise by 90 degrees the line lies flat, its arm to the left, A below.
    const WipeLine flat = wipe_line(0.5, 90);
    EXPECT_NEAR(wipe_ray(flat, pane).direction.x, -1, 1e-9);
    EXPECT_GT(side_of_a(flat, pane, {300, 240}), 0);
    EXPECT_LT(side_of_a(flat, pane, {300, 60}), 0);
}

} // namespace
} // namespace mw::compare
