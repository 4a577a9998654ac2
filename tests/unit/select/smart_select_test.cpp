#include "select/smart_select.h"

#include <cmath>

#include "base/parallel.h"
#include "mask/shapes.h"
#include "pictures.h"
#include "select/min_cut.h"

namespace mw::select {
namespace {

struct Scene {
    image::Image picture;
    mask::Mask truth;
    Rect box;
};

// A noisy object of two colours on a noisy ground of two others, edges drawn soft.
Scene scene(Size size, image::PixelFormat format) {
    const double w = size.width, h = size.height;
    Scene s;
    s.truth = mask::ellipse(size, {w * 0.3, h * 0.25, w * 0.35, h * 0.5});
    std::mt19937 random(5);
    s.picture = picture_of(size, format, [&](int x, int y) {
        const double a = s.truth.at(x, y) / 255.0;
        const int n = static_cast<int>(random() % 17) - 8;
        const bool left = x<w * 0.45, low = y> h * 0.6;
        const int object[3] = {left ? 200 : 170, left ? 60 : 90, 50};
        const int ground[3] = {low ? 70 : 110, low ? 120 : 130, low ? 60 : 190};
        const auto mixed = [&](int c) {
            return n + static_cast<int>(a * object[c] + (1 - a) * ground[c]);
        };
        return Levels{mixed(0), mixed(1), mixed(2), 255};
    });
    s.box = s.truth.bounds().grown(3);
    return s;
}

double overlap(const mask::Mask& a, const mask::Mask& b) {
    double in = 0, any = 0;
    for (int y = 0; y < a.size().height; ++y)
        for (int x = 0; x < a.size().width; ++x) {
            const bool p = a.at(x, y) >= 128, q = b.at(x, y) >= 128;
            in += p && q;
            any += p || q;
        }
    return any > 0 ? in / any : 1;
}

TEST(SmartSelect, a_box_gives_the_object) {
    for (const image::PixelFormat format : {image::kRgb8, image::kRgbaF}) {
        const Scene s = scene({520, 430}, format);
        SmartSelectParams params;
        params.box = s.box;
        const auto got = smart_select(s.picture.view(), params);
        ASSERT_TRUE(got.has_value());
        EXPECT_GT(overlap(*got, s.truth), 0.985);
        double error = 0;
        for (int y = 0; y < 430; ++y)
            for (int x = 0; x < 520; ++x)
                error += std::abs(got->at(x, y) - s.truth.at(x, y)) / 255.0;
        EXPECT_LT(error, 0.5 * 2 * 3.1416 * 100) << "half a pixel along the edge";
        params.refine = false;
        const auto quick = smart_select(s.picture.view(), params);
        ASSERT_TRUE(quick.has_value());
        EXPECT_GT(overlap(*quick, s.truth), 0.96);
        params.refine = true;
        params.soft_edge = false;
        const auto hard = smart_select(s.picture.view(), params);
        ASSERT_TRUE(hard.has_value());
        EXPECT_GT(overlap(*hard, s.truth), 0.985);
        EXPECT_DOUBLE_EQ(hard->coverage_area(), double(hard->support_area()));
    }
}

TEST(SmartSelect, strokes_give_and_take) {
    const Scene s = scene({520, 430}, image::kRgb8);
    SmartSelectParams params;
    params.inside = mask::rectangle({520, 430}, {200, 200, 100, 3});
    const auto got = smart_select(s.picture.view(), params);
    ASSERT_TRUE(got.has_value());
    EXPECT_GT(overlap(*got, s.truth), 0.9) << "a stroke across both colours";
    params.outside = mask::rectangle({520, 430}, {20, 20, 480, 4});
    EXPECT_GT(overlap(*smart_select(s.picture.view(), params), s.truth), 0.9);
    // With a box: what a stroke says is so, however unlikely.
    params.box = s.box;
    params.inside = mask::rectangle({520, 430}, {10, 10, 9, 9});
    params.outside = mask::rectangle({520, 430}, {230, 200, 30, 30});
    const auto both = smart_select(s.picture.view(), params);
    EXPECT_EQ(both->at(14, 14), 255);
    EXPECT_EQ(both->at(245, 215), 0);
    EXPECT_EQ(both->at(220, 300), 255);
}

TEST(SmartSelect, the_same_on_one_thread_and_more) {
    const Scene s = scene({700, 500}, image::kRgb8);
    SmartSelectParams params;
    params.box = s.box;
    const auto first = smart_select(s.picture.view(), params);
    set_parallel_threads(1);
    const auto second = smart_select(s.picture.view(), params);
    set_parallel_threads(0);
    EXPECT_TRUE(*first == *second);
}

TEST(SmartSelect, wrong_hints_small_pictures_and_cancel) {
    const Scene s = scene({200, 150}, image::kRgb8);
    const auto code = [&](const SmartSelectParams& params) {
        const auto got = smart_select(s.picture.view(), params);
        return got ? std::optional<ErrorCode>() : got.error().code;
    };
    SmartSelectParams params;
    EXPECT_EQ(code(params), ErrorCode::invalid_argument) << "no hint";
    for (const Rect box : {Rect{10, 10, 0, 5}, Rect{10, 10, 5, -5}, Rect{200, 0, 10, 10},
                           Rect{-50, -50, 50, 50}, Rect{0, 1 << 30, 1 << 30, 1 << 30}}) {
        params.box = box;
        EXPECT_EQ(code(params), ErrorCode::invalid_argument);
    }
    params.box = {-100, -100, 1 << 30, 1 << 30};
    EXPECT_EQ(code(params), std::nullopt) << "clipped";
    params.inside = mask::Mask::full({20, 20});
    EXPECT_EQ(code(params), ErrorCode::invalid_argument) << "another size";
    params.inside = {};

    for (const Size size : {Size{1, 1}, Size{1, 40}, Size{3, 2}}) {
        const image::Image tiny(size, image::kRgb8);
        params.box = Rect::of(size);
        EXPECT_TRUE(smart_select(tiny.view(), params).has_value());
    }
    image::Image odd({64, 64}, image::kRgbF);
    for (int i = 0; i < 64; ++i)
        odd.span().pixel<float>(i, i)[0] = std::nanf("");
    params.box = {10, 10, 30, 30};
    EXPECT_TRUE(smart_select(odd.view(), params).has_value());

    params.box = s.box;
    std::stop_source stop;
    stop.request_stop();
    const auto got = smart_select(s.picture.view(), params, stop.get_token());
    ASSERT_FALSE(got.has_value());
    EXPECT_EQ(got.error().code, ErrorCode::cancelled);
}

// Against every labelling of small graphs.
TEST(MinCut, equals_the_best_of_all_labellings) {
    std::mt19937 random(3);
    constexpr int kW = 4, kH = 3, kN = kW * kH;
    constexpr int kSteps[4][2] = {{1, 0}, {0, 1}, {1, 1}, {-1, 1}};
    for (int round = 0; round < 60; ++round) {
        MinCut cut(kN);
        int background[kN], object[kN];
        struct Edge {
            int a, b, cost;
        };
        std::vector<Edge> edges;
        for (int i = 0; i < kN; ++i) {
            background[i] = static_cast<int>(random() % 20);
            object[i] = static_cast<int>(random() % 20);
            cut.set_terminals(static_cast<std::size_t>(i), background[i], object[i]);
            for (int d = 0; d < 4; ++d) {
                const int x = i % kW + kSteps[d][0], y = i / kW + kSteps[d][1];
                if (x < 0 || x >= kW || y >= kH) continue;
                edges.push_back({i, y * kW + x, static_cast<int>(random() % 12)});
                cut.set_edge(static_cast<std::size_t>(i), static_cast<std::size_t>(y * kW + x), d,
                             edges.back().cost);
            }
        }
        const auto cost = [&](unsigned label) {
            int sum = 0;
            for (int i = 0; i < kN; ++i)
                sum += label >> i & 1 ? object[i] : background[i];
            for (const Edge& e : edges)
                if ((label >> e.a & 1) != (label >> e.b & 1)) sum += e.cost;
            return sum;
        };
        int best = 1 << 30;
        for (unsigned label = 0; label < 1u << kN; ++label)
            best = std::min(best, cost(label));
        ASSERT_TRUE(cut.solve({}));
        unsigned label = 0;
        for (unsigned i = 0; i < kN; ++i)
            label |= unsigned{cut.is_object(i)} << i;
        EXPECT_EQ(cost(label), best);
    }
}

} // namespace
} // namespace mw::select
