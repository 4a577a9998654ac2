#include "select/color_range.h"

#include <cmath>

#include "compare/metrics.h"
#include "image/color.h"
#include "pictures.h"

namespace mw::select {
namespace {

std::array<double, 3> lab_at(image::ImageView picture, int x, int y) {
    const image::Image one = image::convert(picture.sub({x, y, 1, 1}), image::kRgbF);
    const float* p = one.view().row<float>(0);
    const auto l = image::linear_to_lab(
        {image::srgb_to_linear(p[0]), image::srgb_to_linear(p[1]), image::srgb_to_linear(p[2])});
    return {double(l[0]), double(l[1]), double(l[2])};
}
double alpha_at(image::ImageView picture, int x, int y) {
    const image::Image one = image::convert(picture.sub({x, y, 1, 1}), image::kRgbaF);
    return double(one.view().row<float>(0)[3]);
}

TEST(ColorRange, is_a_ramp_over_the_least_distance) {
    for (const image::PixelFormat format : kFormats) {
        const Size size{150, 40};
        const image::Image picture = picture_of(size, format, [](int x, int y) {
            return Levels{x + 50, 100 + 2 * y, 200 - x, x < 75 ? 255 : 100};
        });
        ColorRangeParams params;
        params.at = {{20, 10}, {120, 30}};
        params.tolerance = 8;
        const auto got = color_range(picture.view(), params);
        ASSERT_TRUE(got.has_value());
        int off = 0;
        for (int y = 0; y < size.height; y += 3)
            for (int x = 0; x < size.width; ++x) {
                const auto lab = lab_at(picture.view(), x, y);
                double d = 1e9;
                for (const Point& p : params.at)
                    d = std::min(d, compare::ciede2000(lab, lab_at(picture.view(), p.x, p.y)));
                const double want =
                    255 * std::clamp((12 - d) / 8, 0.0, 1.0) * alpha_at(picture.view(), x, y);
                off += std::abs(got->at(x, y) - want) > 1.6;
            }
        EXPECT_EQ(off, 0);
    }
}

TEST(ColorRange, lightness_and_alpha) {
    const Size size{256, 3};
    const image::Image grey = picture_of(size, image::kRgb8, [](int x, int) {
        return Levels{x, x, x, 255};
    });
    const auto hard = luminance_range(grey.view(), {40, 60, 0});
    const auto soft = luminance_range(grey.view(), {40, 60, 10});
    ASSERT_TRUE(hard.has_value() && soft.has_value());
    for (int x = 0; x < 256; ++x) {
        const double l = lab_at(grey.view(), x, 1)[0];
        EXPECT_EQ(hard->at(x, 1), l >= 40 && l <= 60 ? 255 : 0) << x;
        EXPECT_NEAR(soft->at(x, 1), 255 * std::clamp(std::min(l - 30, 70 - l) / 10, 0.0, 1.0), 1);
    }
    EXPECT_TRUE(*from_alpha(grey.view()) == mask::Mask::full(size));
    for (const image::PixelFormat f : {image::PixelFormat{2, image::SampleType::u8},
                                       image::PixelFormat{4, image::SampleType::u16},
                                       image::PixelFormat{4, image::SampleType::f32}}) {
        const image::Image clear = picture_of(size, f, [](int x, int) {
            return Levels{9, 9, 9, x};
        });
        const auto alpha = from_alpha(clear.view());
        for (int x = 0; x < 256; ++x)
            ASSERT_EQ(alpha->at(x, 2), x);
    }
}

TEST(ColorRange, wrong_numbers_nan_and_cancel) {
    image::Image odd({8, 8}, image::kRgbF);
    odd.span().pixel<float>(3, 3)[2] = std::nanf("");
    ColorRangeParams params;
    EXPECT_FALSE(color_range(odd.view(), params).has_value()) << "no point";
    params.at = {{0, 0}};
    EXPECT_EQ(color_range(odd.view(), params)->support_area(), 63);
    EXPECT_EQ(luminance_range(odd.view(), {})->support_area(), 63);
    params.at = {{3, 3}};
    EXPECT_TRUE(color_range(odd.view(), params)->empty());
    params.at = {{0, 0}, {8, 0}};
    EXPECT_EQ(color_range(odd.view(), params).error().code, ErrorCode::invalid_argument);
    params.at = {{0, 0}};
    for (const double t : {0.0, -3.0, std::nan(""), HUGE_VAL}) {
        params.tolerance = t;
        EXPECT_FALSE(color_range(odd.view(), params).has_value());
    }
    params.tolerance = 5;
    params.softness = std::nan("");
    EXPECT_FALSE(color_range(odd.view(), params).has_value());
    EXPECT_FALSE(luminance_range(odd.view(), {60, 40, 0}).has_value());
    EXPECT_FALSE(luminance_range(odd.view(), {std::nan(""), 40, 0}).has_value());
    EXPECT_FALSE(luminance_range(odd.view(), {10, 40, -1}).has_value());
    std::stop_source stop;
    stop.request_stop();
    params.softness = 0;
    EXPECT_EQ(color_range(odd.view(), params, stop.get_token()).error().code, ErrorCode::cancelled);
    EXPECT_FALSE(luminance_range(odd.view(), {}, stop.get_token()).has_value());
    const image::Image one({1, 1}, image::kGray8);
    EXPECT_EQ(color_range(one.view(), {{{0, 0}}})->support_area(), 1);
}

} // namespace
} // namespace mw::select
