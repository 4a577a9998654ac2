#include "select/wand.h"

#include <cmath>
#include <limits>

#include "compare/metrics.h"
#include "image/color.h"
#include "pictures.h"

namespace mw::select {
namespace {

// The slow definition: samples one at a time, a queue of pixels.
std::array<double, 4> levels_at(image::ImageView floats, int x, int y) {
    const float* p = floats.pixel<float>(x, y);
    return {double(p[0]) * 255, double(p[1]) * 255, double(p[2]) * 255, double(p[3]) * 255};
}

std::array<double, 3> lab(const std::array<double, 4>& v) {
    const auto linear = [&](std::size_t c) {
        return image::srgb_to_linear(static_cast<float>(v[c] / 255));
    };
    const auto l = image::linear_to_lab({linear(0), linear(1), linear(2)});
    return {double(l[0]), double(l[1]), double(l[2])};
}

double slow_distance(ColorMeasure measure, const std::array<double, 4>& a,
                     const std::array<double, 4>& b) {
    const double alpha = std::abs(a[3] - b[3]);
    if (measure == ColorMeasure::delta_e)
        return std::max(alpha / 2.55, compare::ciede2000(lab(a), lab(b)));
    double d = alpha;
    for (std::size_t c = 0; c < 3; ++c)
        d = std::max(d, std::abs(a[c] - b[c]));
    return d;
}

std::vector<char> slow_wand(image::ImageView picture, const WandParams& params) {
    const image::Image floats = image::convert(picture, image::kRgbaF);
    const image::ImageView v = floats.view();
    const int w = v.size.width, h = v.size.height;
    const auto at = [&](Point p) { return static_cast<std::size_t>(p.y * w + p.x); };
    const auto reference = levels_at(v, params.at.x, params.at.y);
    std::vector<char> pass(static_cast<std::size_t>(w * h)), in(pass.size());
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x)
            pass[at({x, y})] = slow_distance(params.measure, reference, levels_at(v, x, y)) <=
                               params.tolerance + 1e-3;
    if (!params.contiguous) return pass;
    std::vector<Point> queue{params.at};
    in[at(params.at)] = 1;
    while (!queue.empty()) {
        const Point p = queue.back();
        queue.pop_back();
        for (int dy = -1; dy <= 1; ++dy)
            for (int dx = -1; dx <= 1; ++dx) {
                const Point q{p.x + dx, p.y + dy};
                if (!v.rect().contains(q) || (!params.diagonal && dx && dy)) continue;
                if (!pass[at(q)] || in[at(q)]) continue;
                in[at(q)] = 1;
                queue.push_back(q);
            }
    }
    return in;
}

void expect_same(const mask::Mask& got, const std::vector<char>& want, const char* what) {
    const image::Image pixels = got.read(got.rect());
    int off = 0;
    for (std::size_t i = 0; i < want.size(); ++i)
        off += static_cast<std::uint8_t>(pixels.bytes()[i]) != (want[i] ? 255 : 0);
    EXPECT_EQ(off, 0) << what;
}

TEST(Wand, equals_a_search_from_pixel_to_pixel) {
    unsigned seed = 1;
    for (const image::PixelFormat format : kFormats)
        for (const int cell : {1, 19}) {
            const Size size{257 + int(seed % 3) * 61, 140 + int(seed % 5) * 29};
            const image::Image picture = blotches(size, format, ++seed, cell);
            WandParams params;
            params.at = {int(seed * 37 % unsigned(size.width)),
                         int(seed * 91 % unsigned(size.height))};
            params.antialias = false;
            params.measure = seed % 2 ? ColorMeasure::rgb : ColorMeasure::delta_e;
            params.tolerance = params.measure == ColorMeasure::rgb ? 12 : 6.5;
            for (const bool diagonal : {false, true})
                for (const bool contiguous : {true, false}) {
                    params.diagonal = diagonal;
                    params.contiguous = contiguous;
                    const auto got = magic_wand(picture.view(), params);
                    ASSERT_TRUE(got.has_value());
                    expect_same(*got, slow_wand(picture.view(), params),
                                contiguous ? "contiguous" : "everywhere");
                }
        }
}

TEST(Wand, winds_through_a_labyrinth_over_many_tiles) {
    // One path, a pixel wide, down and up through every second column: the worst case for spans.
    const Size size{300, 400};
    const image::Image picture = picture_of(size, image::kGray8, [&](int x, int y) {
        const bool wall = x % 2 == 1 && (x % 4 == 1 ? y < size.height - 1 : y > 0);
        return wall ? Levels{0, 0, 0, 255} : Levels{255, 255, 255, 255};
    });
    WandParams params;
    params.antialias = false;
    const auto got = magic_wand(picture.view(), params);
    ASSERT_TRUE(got.has_value());
    expect_same(*got, slow_wand(picture.view(), params), "labyrinth");
    EXPECT_EQ(got->support_area(), 150 * 400 + 150);
}

TEST(Wand, large_flat_tiles_cost_a_pointer) {
    const image::Image picture({1024, 640}, image::kRgb8);
    const auto got = magic_wand(picture.view(), {});
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->support_area(), 1024 * 640);
    EXPECT_EQ(got->tile_bytes(), 0u);
}

TEST(Wand, averaged_samples_look_past_a_speck) {
    const image::Image picture = picture_of({40, 30}, image::kRgb8, [](int x, int y) {
        return x == 10 && y == 10 ? Levels{200, 0, 0, 255} : Levels{90, 90, 90, 255};
    });
    WandParams params;
    params.at = {10, 10};
    params.measure = ColorMeasure::rgb;
    params.antialias = false;
    params.tolerance = 20;
    EXPECT_EQ(magic_wand(picture.view(), params)->support_area(), 1);
    params.sample_side = 5;
    params.contiguous = false;
    EXPECT_EQ(magic_wand(picture.view(), params)->support_area(), 40 * 30 - 1);
    params.contiguous = true;
    EXPECT_TRUE(magic_wand(picture.view(), params)->empty()) << "the clicked pixel does not match";
    params.at = {0, 29}; // the square sticks out
    EXPECT_EQ(magic_wand(picture.view(), params)->support_area(), 40 * 30 - 1);
}

TEST(Wand, antialias_takes_over_the_edge_that_was_drawn) {
    // A disc drawn with soft edges: the mask is the drawing's own coverage.
    const auto coverage = [](int x, int y) {
        return std::clamp(50.5 - std::hypot(x - 70.0, y - 66.0), 0.0, 1.0);
    };
    const image::Image picture = picture_of({150, 140}, image::kRgb8, [&](int x, int y) {
        const double c = coverage(x, y);
        return Levels{int(std::lround(40 + 160 * c)), int(std::lround(60 + 100 * c)), 50, 255};
    });
    WandParams params;
    params.at = {70, 66};
    params.measure = ColorMeasure::rgb;
    params.tolerance = 2;
    const auto soft = magic_wand(picture.view(), params);
    ASSERT_TRUE(soft.has_value());
    int off = 0;
    for (int y = 0; y < 140; ++y)
        for (int x = 0; x < 150; ++x)
            off += std::abs(soft->at(x, y) - 255 * coverage(x, y)) > 12;
    EXPECT_LE(off, 20);
    // A hard edge stays hard.
    params.at = {60, 66};
    const image::Image hard = picture_of({150, 140}, image::kRgb8, [&](int x, int) {
        return x < 70 ? Levels{200, 60, 50, 255} : Levels{40, 60, 50, 255};
    });
    EXPECT_EQ(magic_wand(hard.view(), params)->support_area(), 70 * 140);
    EXPECT_EQ(magic_wand(hard.view(), params)->coverage_area(), 70 * 140);
}

TEST(Wand, one_pixel_transparency_and_nan) {
    const image::Image one({1, 1}, image::kGray8);
    EXPECT_EQ(magic_wand(one.view(), {})->support_area(), 1);
    const image::Image clear = picture_of({20, 20}, image::kRgba8, [](int x, int y) {
        return Levels{x * 12, y * 12, 99, x < 10 ? 0 : 255};
    });
    EXPECT_EQ(magic_wand(clear.view(), {})->support_area(), 200) << "clear pixels have no colour";
    image::Image odd({8, 8}, image::kRgbF);
    odd.span().pixel<float>(3, 3)[1] = std::nanf("");
    WandParams params;
    EXPECT_EQ(magic_wand(odd.view(), params)->support_area(), 63);
    params.at = {3, 3};
    EXPECT_TRUE(magic_wand(odd.view(), params)->empty());
}

TEST(Wand, wrong_numbers_and_cancel) {
    const image::Image picture({9, 7}, image::kRgb8);
    WandParams params;
    for (const Point p : {Point{-1, 0}, Point{9, 0}, Point{0, 7}, Point{1 << 30, -5}}) {
        params.at = p;
        EXPECT_EQ(magic_wand(picture.view(), params).error().code, ErrorCode::invalid_argument);
    }
    params.at = {};
    for (const double t : {-1.0, std::nan(""), HUGE_VAL}) {
        params.tolerance = t;
        EXPECT_EQ(magic_wand(picture.view(), params).error().code, ErrorCode::invalid_argument);
    }
    params.tolerance = 3;
    params.sample_side = 2;
    EXPECT_FALSE(magic_wand(picture.view(), params).has_value());
    EXPECT_FALSE(magic_wand(image::ImageView{}, {}).has_value());
    std::stop_source stop;
    stop.request_stop();
    for (const bool contiguous : {true, false}) {
        params.sample_side = 1;
        params.contiguous = contiguous;
        const auto got = magic_wand(picture.view(), params, stop.get_token());
        ASSERT_FALSE(got.has_value());
        EXPECT_EQ(got.error().code, ErrorCode::cancelled);
    }
}

} // namespace
} // namespace mw::select
