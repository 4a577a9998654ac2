#include "inpaint/fill.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/parallel.h"
#include "image/convert.h"
#include "support/instrumented.h"

namespace mw::inpaint {
namespace {

using image::Image;

// Repeats every 12 x 10 pixels, with no two pixels of a period alike.
Image periodic_texture(Size size) {
    Image picture(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const int u = x % 12, v = y % 10;
            std::uint8_t* p = picture.span().pixel<std::uint8_t>(x, y);
            p[0] = static_cast<std::uint8_t>(20 + u * 18);
            p[1] = static_cast<std::uint8_t>(30 + v * 20);
            p[2] = static_cast<std::uint8_t>((u * v * 7) % 200 + 20);
        }
    }
    return picture;
}

// Smooth light with noise: nothing repeats.
Image noisy_ramp(Size size, image::PixelFormat format) {
    Image picture(size, image::PixelFormat{format.channels, image::SampleType::f32});
    std::uint32_t state = 12345;
    for (int y = 0; y < size.height; ++y) {
        float* row = picture.span().row<float>(y);
        for (int i = 0; i < size.width * format.channels; ++i) {
            state = state * 1664525u + 1013904223u;
            row[i] = 0.2f + 0.5f * static_cast<float>(y) / static_cast<float>(size.height) +
                     0.2f * static_cast<float>(state >> 8) / 16777216.0f;
        }
    }
    return image::convert(picture.view(), format);
}

Image hole_in(Size size, Rect hole, std::uint8_t coverage = 255) {
    Image mask(size, image::kGray8);
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = coverage;
    return mask;
}

Image filled(const Image& picture, const Image& mask, const FillParams& params = {}) {
    auto result = fill(picture.view(), mask.view(), params, {}, {});
    EXPECT_TRUE(result) << (result ? "" : result.error().message);
    return result ? std::move(*result) : Image{};
}

// Every pixel without coverage has the source's bytes.
void expect_outside_untouched(const Image& before, const Image& after, const Image& mask) {
    ASSERT_EQ(before.size(), after.size());
    ASSERT_EQ(before.format(), after.format());
    const int bytes = before.format().bytes();
    for (int y = 0; y < before.height(); ++y) {
        for (int x = 0; x < before.width(); ++x) {
            if (*mask.view().pixel<std::uint8_t>(x, y) > 0) continue;
            ASSERT_EQ(0, std::memcmp(before.view().row_bytes(y) + x * bytes,
                                     after.view().row_bytes(y) + x * bytes,
                                     static_cast<std::size_t>(bytes)))
                << x << "," << y;
        }
    }
}

// Root mean square difference under the mask, 8-bit levels.
double error_inside(const Image& truth, const Image& got, const Image& mask) {
    double sum = 0, n = 0;
    for (int y = 0; y < truth.height(); ++y) {
        for (int x = 0; x < truth.width(); ++x) {
            if (*mask.view().pixel<std::uint8_t>(x, y) == 0) continue;
            for (int c = 0; c < 3; ++c) {
                const double d = truth.view().pixel<std::uint8_t>(x, y)[c] -
                                 got.view().pixel<std::uint8_t>(x, y)[c];
                sum += d * d;
                ++n;
            }
        }
    }
    return std::sqrt(sum / n);
}

Image scribbled(const Image& truth, const Image& mask) {
    Image picture = image::clone(truth.view());
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            if (*mask.view().pixel<std::uint8_t>(x, y) > 0)
                std::memset(picture.span().pixel<std::uint8_t>(x, y), 255, 3);
    return picture;
}

TEST(Fill, RebuildsAPeriodicTextureAsItWas) {
    const Image truth = periodic_texture({160, 120});
    const Image mask = hole_in(truth.size(), {50, 35, 50, 44});
    const Image result = filled(scribbled(truth, mask), mask);
    EXPECT_LT(error_inside(truth, result, mask), 3.0);
    expect_outside_untouched(truth, result, mask);
}

TEST(Fill, NeverCopiesFromTheHole) {
    // The object is the only red in a grey picture: no red may remain.
    Image picture = noisy_ramp({120, 90}, image::kRgb8);
    const Image mask = hole_in(picture.size(), {40, 30, 30, 30});
    for (int y = 30; y < 60; ++y) {
        for (int x = 40; x < 70; ++x) {
            std::uint8_t* p = picture.span().pixel<std::uint8_t>(x, y);
            p[0] = 255;
            p[1] = p[2] = 0;
        }
    }
    const Image result = filled(picture, mask);
    for (int y = 30; y < 60; ++y)
        for (int x = 40; x < 70; ++x)
            EXPECT_LT(result.view().pixel<std::uint8_t>(x, y)[0], 245);
}

TEST(Fill, GivesTheSameBytesForASeedOnAnyNumberOfThreads) {
    const Image picture = noisy_ramp(kInstrumented ? Size{100, 75} : Size{200, 150}, image::kRgb8);
    const Image mask =
        hole_in(picture.size(), kInstrumented ? Rect{30, 20, 35, 30} : Rect{60, 40, 70, 60});
    std::vector<Image> results;
    for (const int threads : {1, 2, 5, 1}) {
        set_parallel_threads(threads);
        results.push_back(filled(picture, mask));
    }
    set_parallel_threads(0);
    for (std::size_t i = 1; i < results.size(); ++i)
        EXPECT_TRUE(image::identical(results[0].view(), results[i].view())) << i;
    FillParams other;
    other.seed = 2;
    EXPECT_FALSE(image::identical(results[0].view(), filled(picture, mask, other).view()));
}

// Grey noise on the left and, brighter and red, on the right.
Image two_grounds(Size size) {
    Image picture = noisy_ramp(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y)
        for (int x = size.width / 2; x < size.width; ++x)
            picture.span().pixel<std::uint8_t>(x, y)[0] = 255;
    return picture;
}

TEST(Fill, CopiesNothingFromWhereItIsBarred) {
    const Size size{120, 90};
    const Image picture = two_grounds(size);
    // The hole lies across both grounds, nearer to the red one, which is barred.
    const Image mask = hole_in(size, {50, 30, 28, 24});
    const Image barred = hole_in(size, {60, 0, 60, 90}, 1);
    FillParams params;
    params.barred = barred.view();
    const Image result = filled(picture, mask, params);
    expect_outside_untouched(picture, result, mask);
    const Image free = filled(picture, mask);
    int red = 0;
    for (int y = 30; y < 54; ++y)
        for (int x = 54; x < 74; ++x) {
            // Away from the border, where the light of a seam is evened.
            EXPECT_LT(result.view().pixel<std::uint8_t>(x, y)[0], 254) << x << "," << y;
            red += free.view().pixel<std::uint8_t>(x, y)[0] > 250;
        }
    EXPECT_GT(red, 50); // left to itself it does
}

TEST(Fill, TakesFromNearTheHole) {
    // What is further off is told by its alpha alone, which is too little to be shunned for.
    const Size size{310, 300};
    const Rect hole{135, 130, 40, 40};
    Image picture = noisy_ramp(size, image::kRgba8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            picture.span().pixel<std::uint8_t>(x, y)[3] =
                hole.grown(72).contains(Point{x, y}) ? 255 : 254;
    const Image result = filled(picture, hole_in(size, hole));
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x)
            ASSERT_EQ(result.view().pixel<std::uint8_t>(x, y)[3], 255) << x << "," << y;
}

TEST(Fill, TakesFromFarOffWhatContinuesItBetter) {
    // Nothing repeats but the hole and its surroundings, far to the right.
    const Size size{260, 200};
    const Rect hole{70, 80, 40, 40};
    Image truth = noisy_ramp(size, image::kRgb8);
    const Rect around = hole.grown(24);
    for (int y = around.y; y < around.bottom(); ++y)
        std::memcpy(truth.span().pixel<std::uint8_t>(around.x + 110, y),
                    truth.view().pixel<std::uint8_t>(around.x, y),
                    static_cast<std::size_t>(around.width) * 3);
    const Image mask = hole_in(size, hole);
    EXPECT_LT(error_inside(truth, filled(scribbled(truth, mask), mask), mask), 4.0);
}

TEST(Fill, ContinuesSmoothlyWhereAllIsBarred) {
    const Size size{60, 50};
    const Image picture = noisy_ramp(size, image::kRgb8);
    const Image mask = hole_in(size, {20, 15, 16, 14});
    const Image barred = hole_in(size, {0, 0, 60, 50});
    FillParams params;
    params.barred = barred.view();
    expect_outside_untouched(picture, filled(picture, mask, params), mask);
    const Image other = hole_in({60, 49}, {0, 0, 60, 49});
    params.barred = other.view();
    EXPECT_FALSE(fill(picture.view(), mask.view(), params, {}, {}));
}

TEST(Fill, TakesEverySampleTypeAndChannelCount) {
    using enum image::SampleType;
    const Size size{72, 60};
    for (const auto type : {u8, u16, f32}) {
        for (int channels = 1; channels <= 4; ++channels) {
            const Image picture = noisy_ramp(size, {channels, type});
            const Image mask = hole_in(size, {25, 20, 20, 18}, 1);
            const Image result = filled(picture, mask);
            expect_outside_untouched(picture, result, mask);
            const Image as_float = image::convert(result.view(), {channels, f32});
            for (int y = 20; y < 38; ++y)
                for (int x = 25; x < 45; ++x)
                    for (int c = 0; c < channels; ++c) {
                        const float v = as_float.view().pixel<float>(x, y)[c];
                        ASSERT_TRUE(v > 0.1f && v < 1.0f) << v;
                    }
        }
    }
}

TEST(Fill, KeepsTheDetailOf16Bits) {
    // Steps of 3 in 65535, invisible at 8 bits: copied, they are still there.
    Image picture({96, 80}, image::PixelFormat{1, image::SampleType::u16});
    for (int y = 0; y < 80; ++y)
        for (int x = 0; x < 96; ++x)
            *picture.span().pixel<std::uint16_t>(x, y) =
                static_cast<std::uint16_t>(30000 + (x % 2) * 3);
    const Image mask = hole_in(picture.size(), {40, 30, 20, 20});
    const Image result = filled(picture, mask);
    for (int y = 30; y < 50; ++y)
        for (int x = 40; x < 60; ++x)
            EXPECT_NEAR(*result.view().pixel<std::uint16_t>(x, y), 30001, 4);
}

TEST(Fill, FillsHolesOfEveryAwkwardShape) {
    const Size size{90, 70};
    const Image picture = periodic_texture(size);
    const Rect holes[] = {
        {0, 0, 30, 25},  // a corner
        {60, 0, 30, 70}, // three borders
        {0, 30, 90, 12}, // from side to side
        {44, 0, 1, 70},  // a hair
        {44, 33, 1, 1},  // a point
        {10, 8, 70, 54}, // 60 % of the picture
        {1, 1, 88, 68},  // all but a frame of one
        {0, 0, 90, 69},  // all but a row
    };
    for (const Rect& hole : holes) {
        const Image mask = hole_in(size, hole);
        expect_outside_untouched(picture, filled(picture, mask), mask);
    }
}

TEST(Fill, FillsAllAroundWhatIsKnown) {
    // The hole touches all four borders; a patch of the picture in its middle is all there is.
    const Size size{80, 64};
    const Image picture = periodic_texture(size);
    Image mask = hole_in(size, {0, 0, 80, 64});
    for (int y = 20; y < 44; ++y)
        std::memset(mask.span().pixel<std::uint8_t>(26, y), 0, 28);
    expect_outside_untouched(picture, filled(picture, mask), mask);
}

TEST(Fill, APictureOfOnePixelIsCopiedOrRefused) {
    Image one({1, 1}, image::kRgb8);
    std::memset(one.span().pixel<std::uint8_t>(0, 0), 77, 3);
    EXPECT_TRUE(image::identical(one.view(), filled(one, Image({1, 1}, image::kGray8)).view()));
    const auto refused = fill(one.view(), hole_in({1, 1}, {0, 0, 1, 1}).view(), {}, {}, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
}

TEST(Fill, FillsWhereNoPatchFits) {
    // A checkerboard of single pixels: not one whole patch is known, its neighbours are.
    const Size size{40, 30};
    Image picture(size, image::kRgb8);
    Image mask(size, image::kGray8);
    for (int y = 0; y < 30; ++y) {
        for (int x = 0; x < 40; ++x) {
            *mask.span().pixel<std::uint8_t>(x, y) = (x + y) % 2 ? 255 : 0;
            std::memset(picture.span().pixel<std::uint8_t>(x, y), (x + y) % 2 ? 255 : 4 * x, 3);
        }
    }
    const Image result = filled(picture, mask);
    expect_outside_untouched(picture, result, mask);
    for (int y = 1; y < 29; ++y)
        for (int x = 1; x < 39; ++x)
            EXPECT_NEAR(result.view().pixel<std::uint8_t>(x, y)[0], 4 * x, 8);

    for (const Size tiny : {Size{1, 2}, Size{2, 2}, Size{3, 1}, Size{4, 4}, Size{5, 9}}) {
        const Image small = noisy_ramp(tiny, image::kRgba8);
        const Image hole = hole_in(tiny, {0, 0, 1, 1});
        expect_outside_untouched(small, filled(small, hole), hole);
    }
}

TEST(Fill, FloatsThatAreNoNumbersDoNotSpread) {
    Image picture = noisy_ramp({64, 48}, image::kRgbF);
    picture.span().pixel<float>(3, 3)[0] = std::numeric_limits<float>::quiet_NaN();
    picture.span().pixel<float>(60, 40)[1] = std::numeric_limits<float>::infinity();
    const Image mask = hole_in(picture.size(), {24, 18, 16, 14});
    expect_outside_untouched(picture, filled(picture, mask), mask);
}

TEST(Fill, RefusesWhatCannotBeFilled) {
    const Image picture = periodic_texture({32, 32});
    const auto code = [&](const Image& mask, FillParams params = {}) {
        const auto result = fill(picture.view(), mask.view(), params, {}, {});
        EXPECT_FALSE(result);
        return result ? ErrorCode::io : result.error().code;
    };
    EXPECT_EQ(code(hole_in({32, 32}, {0, 0, 32, 32})), ErrorCode::invalid_argument);
    EXPECT_EQ(code(hole_in({32, 31}, {4, 4, 3, 3})), ErrorCode::invalid_argument);
    FillParams params;
    params.patch_side = 8;
    EXPECT_EQ(code(hole_in({32, 32}, {4, 4, 3, 3}), params), ErrorCode::invalid_argument);
    params.patch_side = 17;
    EXPECT_EQ(code(hole_in({32, 32}, {4, 4, 3, 3}), params), ErrorCode::invalid_argument);
    params = {};
    params.iterations = 0;
    EXPECT_EQ(code(hole_in({32, 32}, {4, 4, 3, 3}), params), ErrorCode::invalid_argument);
}

TEST(Fill, AnEmptyMaskGivesACopy) {
    const Image picture = periodic_texture({40, 30});
    const Image result = filled(picture, hole_in({40, 30}, {0, 0, 0, 0}));
    EXPECT_TRUE(image::identical(picture.view(), result.view()));
}

TEST(Fill, ProgressGoesForwardToOneAndPreviewsHaveThePicturesSize) {
    const Image picture = periodic_texture({160, 120});
    const Image mask = hole_in(picture.size(), {50, 35, 50, 44});
    double last = 0;
    int reports = 0, previews = 0;
    const auto result = fill(
        picture.view(), mask.view(), {},
        [&](double done) {
            EXPECT_GE(done, last);
            EXPECT_LE(done, 1.0);
            last = done;
            ++reports;
        },
        {},
        [&](Image partial) {
            EXPECT_EQ(partial.size(), picture.size());
            EXPECT_EQ(partial.format(), image::kRgb8);
            expect_outside_untouched(picture, partial, mask);
            ++previews;
        });
    ASSERT_TRUE(result);
    EXPECT_EQ(last, 1.0);
    EXPECT_GT(reports, 10);
    EXPECT_GE(previews, 1);
}

TEST(Fill, StopsWithinTheRoundInWhichItIsAskedTo) {
    const Image picture = noisy_ramp(kInstrumented ? Size{150, 110} : Size{300, 220}, image::kRgb8);
    const Image mask =
        hole_in(picture.size(), kInstrumented ? Rect{40, 30, 60, 45} : Rect{80, 60, 120, 90});
    for (const int after : {0, 1, 5, 20}) {
        std::stop_source stop;
        int reports = 0;
        if (after == 0) stop.request_stop();
        const auto result = fill(
            picture.view(), mask.view(), {},
            [&](double) {
                if (++reports == after) stop.request_stop();
            },
            stop.get_token());
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::cancelled);
        EXPECT_EQ(reports, after); // not one round more was finished
    }
}

} // namespace
} // namespace mw::inpaint
