// Carrying pixels to the display and back.
#include "image/color_space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "image/color.h"
#include "image/convert.h"
#include "image/primaries.h"

namespace mw::image {
namespace {

constexpr PixelFormat kRgb16{3, SampleType::u16};

template <class F>
std::vector<float> table(std::size_t entries, F f) {
    std::vector<float> t(entries);
    for (std::size_t i = 0; i < entries; ++i)
        t[i] = static_cast<float>(f(double(i) / double(entries - 1)));
    return t;
}

double srgb_curve(double v) {
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}
double romm_curve(double v) {
    return v < 1 / 32.0 ? v / 16 : std::pow(v, 1.8);
}
double rec709_curve(double v) {
    return v < 0.081242858298635 ? v / 4.5
                                 : std::pow((v + 0.09929682680944) / 1.09929682680944, 1 / 0.45);
}

template <class F>
ColorSpaceRef shaper(const Primaries& primaries, std::size_t entries, F curve) {
    ColorSpace s;
    if (entries > 0) s.curve[0] = table(entries, curve);
    const auto m = *matrix_to_srgb(primaries);
    for (std::size_t i = 0; i < 9; ++i)
        s.to_srgb[i] = static_cast<float>(m[i]);
    EXPECT_TRUE(well_formed(s));
    return std::make_shared<const ColorSpace>(std::move(s));
}

ColorSpaceRef grid(int side) { // channels rotated, a little bent
    ColorSpace s;
    s.kind = ColorSpace::Kind::grid;
    s.grid_side = side;
    for (int r = 0; r < side; ++r)
        for (int g = 0; g < side; ++g)
            for (int b = 0; b < side; ++b) {
                const auto f = [&](int i) { return std::pow(double(i) / (side - 1), 1.3); };
                const double out[] = {0.9 * f(g) + 0.1 * f(b), f(b), 0.95 * f(r) + 0.05 * f(g)};
                for (const double v : out)
                    s.to_display_grid.push_back(static_cast<float>(v));
                for (const int v : {b, r, g})
                    s.from_display_grid.push_back(static_cast<float>(v) /
                                                  static_cast<float>(side - 1));
            }
    EXPECT_TRUE(well_formed(s));
    return std::make_shared<const ColorSpace>(std::move(s));
}

Image random_picture(PixelFormat format, Size size, unsigned seed, float low = 0, float high = 1) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> value(low, high);
    Image floats(size, {format.channels, SampleType::f32});
    for (int y = 0; y < size.height; ++y)
        for (int i = 0; i < size.width * format.channels; ++i)
            floats.span().row<float>(y)[i] = value(random);
    return convert(floats.view(), format);
}

Image and_back(const DisplayTransform& t, ImageView source) {
    Image shown = t.to_display(source);
    t.from_display(shown.span());
    return shown;
}

struct Named {
    const char* name;
    ColorSpaceRef space;
};
std::vector<Named> spaces() {
    return {
        {"Display P3", shaper(kDisplayP3, 4081, srgb_curve)},
        {"ProPhoto", shaper(kProPhoto, 4081, romm_curve)},
        {"Rec. 2020", shaper(kRec2020, 4081, rec709_curve)},
        {"Rec. 2020, linear", shaper(kRec2020, 0, srgb_curve)},
        {"Adobe RGB", shaper(kAdobeRgb, 4081, [](double v) { return std::pow(v, 563 / 256.0); })}};
}

TEST(ColorSpace, MatchesThePlainFormulas) {
    const auto m = *matrix_to_srgb(kRec2020);
    const DisplayTransform t(shaper(kRec2020, 65536, rec709_curve));
    const Image source = random_picture(kRgb16, {300, 20}, 3);
    const Image shown = t.to_display(source.view());
    double worst = 0;
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 300; ++x) {
            const auto* p = source.view().pixel<std::uint16_t>(x, y);
            for (std::size_t k = 0; k < 3; ++k) {
                double light = 0;
                for (std::size_t j = 0; j < 3; ++j)
                    light += m[3 * k + j] * rec709_curve(p[j] / 65535.0);
                const double a = std::abs(light);
                const double e = a <= 0.0031308 ? a * 12.92 : 1.055 * std::pow(a, 1 / 2.4) - 0.055;
                worst = std::max(
                    worst, std::abs(std::copysign(e, light) - shown.view().pixel<float>(x, y)[k]));
            }
        }
    EXPECT_LT(worst, 1e-6);
}

TEST(ColorSpace, EightBitSamplesComeBackExactly) {
    for (const auto& [name, space] : spaces())
        for (const int channels : {3, 4}) {
            const PixelFormat format{channels, SampleType::u8};
            const Image source = random_picture(format, {1000, 60}, 5);
            const Image back = and_back(DisplayTransform(space), source.view());
            EXPECT_TRUE(identical(convert(back.view(), format).view(), source.view())) << name;
        }
}

TEST(ColorSpace, EveryGreyOfSixteenBitsComesBackExactly) {
    Image source({256, 256}, kRgb16);
    for (int y = 0; y < 256; ++y)
        for (int x = 0; x < 256; ++x)
            for (int c = 0; c < 3; ++c)
                source.span().pixel<std::uint16_t>(x, y)[c] =
                    static_cast<std::uint16_t>(256 * y + x);
    Image grey({256, 256}, {1, SampleType::u16});
    for (int y = 0; y < 256; ++y)
        for (int x = 0; x < 256; ++x)
            *grey.span().pixel<std::uint16_t>(x, y) = static_cast<std::uint16_t>(256 * y + x);
    for (const auto& [name, space] : spaces()) {
        const DisplayTransform t(space);
        EXPECT_TRUE(
            identical(convert(and_back(t, grey.view()).view(), grey.format()).view(), grey.view()))
            << name;
        if (std::string_view(name) == "Adobe RGB") continue; // a power without a straight start
        EXPECT_TRUE(
            identical(convert(and_back(t, source.view()).view(), kRgb16).view(), source.view()))
            << name;
    }
}

TEST(ColorSpace, RandomTriplesOfSixteenBitsComeBack) {
    const Image source = random_picture(kRgb16, {1000, 200}, 7);
    for (const auto& [name, space] : spaces()) {
        const DisplayTransform t(space);
        const Image back = and_back(t, source.view());
        const Image again = convert(back.view(), kRgb16);
        if (std::string_view(name) != "Adobe RGB") {
            EXPECT_TRUE(identical(again.view(), source.view())) << name;
            continue;
        }
        // A pure power is flat at 0: there the bound is one of light.
        std::int64_t off = 0;
        double worst = 0;
        for (int y = 0; y < 200; ++y)
            for (int i = 0; i < 3000; ++i) {
                const auto a = source.view().row<std::uint16_t>(y)[i];
                const auto b = again.view().row<std::uint16_t>(y)[i];
                off += a != b;
                const double v = back.view().row<float>(y)[i];
                worst = std::max(worst, std::abs(std::pow(std::max(v, 0.0), 563 / 256.0) -
                                                 std::pow(a / 65535.0, 563 / 256.0)));
                if (a > 3000) {
                    EXPECT_EQ(a, b);
                }
            }
        EXPECT_LT(worst, 1e-6);
        EXPECT_LT(double(off), 0.005 * 600000);
    }
}

TEST(ColorSpace, LightBeyondWhiteAndBelowBlackComesBack) {
    for (const auto& [name, space] : spaces()) {
        const Image source = random_picture(kRgbF, {500, 20}, 9, -0.5f, 4);
        const Image back = and_back(DisplayTransform(space), source.view());
        for (int y = 0; y < 20; ++y)
            for (int i = 0; i < 1500; ++i) {
                const float v = source.view().row<float>(y)[i];
                EXPECT_NEAR(back.view().row<float>(y)[i], v, std::abs(v) < 0.05 ? 2e-3 : 4e-5)
                    << name;
            }
    }
}

TEST(ColorSpace, ExposureBrightensSceneLinearPicturesOnly) {
    ColorSpace scene;
    scene.scene_linear = true;
    const auto ref = std::make_shared<const ColorSpace>(scene);
    Image one({1, 1}, kRgbF);
    std::fill_n(one.span().row<float>(0), 3, 0.1f);
    const Image shown = DisplayTransform(ref, 2).to_display(one.view());
    EXPECT_NEAR(shown.view().row<float>(0)[1], linear_to_srgb(0.4f), 1e-6);
    EXPECT_NEAR(and_back(DisplayTransform(ref, 2), one.view()).view().row<float>(0)[0], 0.1f, 1e-7);
    EXPECT_EQ(DisplayTransform(ref, 99).exposure_stops(), 20);
    EXPECT_EQ(DisplayTransform(shaper(kRec2020, 0, srgb_curve), 2).exposure_stops(), 0);
    EXPECT_FALSE(DisplayTransform(ref, 1) == DisplayTransform(ref, 2));
    EXPECT_TRUE(DisplayTransform(ref, 1) == DisplayTransform(ref, 1));
    // From a night to the sun.
    for (const double stops : {-20.0, 20.0})
        for (const float v : {1e-6f, 1.0f, 65504.0f}) {
            std::fill_n(one.span().row<float>(0), 3, v);
            const Image back = and_back(DisplayTransform(ref, stops), one.view());
            EXPECT_NEAR(back.view().row<float>(0)[0] / v, 1, 2e-6);
        }
}

TEST(ColorSpace, GridComesBackWithinARounding) {
    for (const int side : {2, 17, 33}) {
        const DisplayTransform t(grid(side));
        for (const PixelFormat format : {kRgb8, kRgba8, kRgb16}) {
            const Image source = random_picture(format, {500, 40}, 11);
            const Image back = and_back(t, source.view());
            const Image again = convert(back.view(), format);
            EXPECT_TRUE(identical(again.view(), source.view())) << side;
        }
    }
}

TEST(ColorSpace, NothingMakesANumberThatIsNone) {
    const float inf = std::numeric_limits<float>::infinity();
    const float odd[] = {std::nanf(""), inf, -inf, 1e38f, -1e38f, 1e-40f, 0, 1, -0.0f};
    std::vector<Named> all = spaces();
    all.push_back({"grid", grid(5)});
    // Black for a while at both ends.
    all.push_back({"flat ends", shaper(kRec709, 4081, [](double v) {
                       return std::clamp((v - 0.1) / 0.8, 0.0, 1.0);
                   })});
    all.push_back({"a step", shaper(kRec709, 4081, [](double v) { return v < 0.5 ? 0.0 : 1.0; })});
    for (const auto& [name, space] : all)
        for (const float v : odd) {
            Image one({3, 1}, kRgbaF);
            std::fill_n(one.span().row<float>(0), 12, 0.5f);
            one.span().row<float>(0)[0] = one.span().row<float>(0)[6] = v;
            const DisplayTransform t(space);
            Image shown = t.to_display(one.view());
            Image back = clone(one.view());
            t.from_display(back.span());
            t.from_display(shown.span());
            for (const Image* image : {&shown, &back})
                for (int i = 0; i < 12; ++i)
                    EXPECT_TRUE(std::isfinite(image->view().row<float>(0)[i])) << name << " " << v;
        }
}

TEST(ColorSpace, FlatEndsKeepBlackAndWhite) {
    const DisplayTransform t(
        shaper(kRec709, 4081, [](double v) { return std::clamp((v - 0.1) / 0.8, 0.0, 1.0); }));
    Image p({3, 1}, {1, SampleType::u8});
    std::uint8_t* row = p.span().row<std::uint8_t>(0);
    row[0] = 0;
    row[1] = 255;
    row[2] = 128;
    EXPECT_TRUE(identical(convert(and_back(t, p.view()).view(), p.format()).view(), p.view()));
}

TEST(ColorSpace, WholeNumbersAreTheFloatsRounded) {
    std::vector<Named> all = spaces();
    all.push_back({"grid", grid(9)});
    for (const auto& [name, space] : all)
        for (const int channels : {1, 2, 3, 4})
            for (const SampleType from : {SampleType::u8, SampleType::u16, SampleType::f32})
                for (const SampleType to : {SampleType::u8, SampleType::u16}) {
                    const DisplayTransform t(space);
                    const Image p = random_picture({channels, from}, {300, 3}, 13);
                    const Image floats = t.to_display(p.view());
                    const Image whole = t.to_display(p.view(), to);
                    Image expected = convert(floats.view(), {channels, to});
                    if (channels % 2 == 0) { // alpha goes straight from type to type
                        const Image alpha = convert(p.view(), {channels, to});
                        for (int y = 0; y < 3; ++y)
                            for (int x = 0; x < 300; ++x) {
                                const auto n =
                                    static_cast<std::size_t>(channels * sample_bytes(to));
                                const auto one = static_cast<std::size_t>(sample_bytes(to));
                                std::memcpy(expected.span().row_bytes(y) +
                                                static_cast<std::size_t>(x) * n + n - one,
                                            alpha.view().row_bytes(y) +
                                                static_cast<std::size_t>(x) * n + n - one,
                                            one);
                            }
                    }
                    EXPECT_TRUE(identical(whole.view(), expected.view())) << name << channels;
                }
}

TEST(Primaries, KnownMatrices) {
    // P3 to sRGB as CSS Color 4 has it.
    const std::array<double, 9> p3{1.2249401762805598,    -0.22494017628055996, 0,
                                   -0.04205695470968816,  1.0420569547096881,   0,
                                   -0.019637554590334432, -0.07863604555063188, 1.0982736001409663};
    const auto m = *matrix_to_srgb(kDisplayP3);
    for (std::size_t i = 0; i < 9; ++i)
        EXPECT_NEAR(m[i], p3[i], 2e-5);
    const auto same = *matrix_to_srgb(kRec709);
    for (std::size_t i = 0; i < 9; ++i)
        EXPECT_NEAR(same[i], i % 4 == 0, 1e-12);
    const auto wide = *matrix_to_srgb(kProPhoto);
    // ACES AP0, whose blue lies below the axis (SMPTE ST 2065-1).
    const auto aces =
        *matrix_to_srgb({{0.7347, 0.2653}, {0, 1}, {0.0001, -0.077}, {0.32168, 0.33767}});
    EXPECT_NEAR(aces[0], 2.5217, 2e-3); // ACES TB-2014-004 with Bradford's adaptation
    EXPECT_NEAR(aces[4], 1.3728, 2e-3);
    for (const auto& matrix : {wide, aces})
        for (std::size_t i = 0; i < 3; ++i) // white stays white
            EXPECT_NEAR(matrix[3 * i] + matrix[3 * i + 1] + matrix[3 * i + 2], 1, 1e-9);
}

TEST(Primaries, WhatSpansNoColoursIsRefused) {
    const double nan = std::nan("");
    EXPECT_FALSE(matrix_to_srgb({{0.3, 0.3}, {0.4, 0.4}, {0.5, 0.5}, kWhiteD65}));
    EXPECT_FALSE(matrix_to_srgb({{0.64, 0.33}, {0.3, 0.6}, {0.15, 0.06}, {0, 0}}));
    EXPECT_FALSE(matrix_to_srgb({{nan, 0.33}, {0.3, 0.6}, {0.15, 0.06}, kWhiteD65}));
}

} // namespace
} // namespace mw::image
