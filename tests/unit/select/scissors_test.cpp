#include "select/scissors.h"

#include <cmath>
#include <numbers>

#include "pictures.h"

namespace mw::select {
namespace {

image::Image disc(Size size, PointF centre, double radius) {
    std::mt19937 random(7);
    return picture_of(size, image::kRgb8, [&](int x, int y) {
        const double c =
            std::clamp(radius + 0.5 - std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y), 0.0, 1.0);
        const int n = static_cast<int>(random() % 9);
        return Levels{int(60 + 120 * c) + n, int(110 - 40 * c) + n, 90 + n, 255};
    });
}

TEST(Scissors, the_line_follows_the_edge) {
    const image::Image picture = disc({400, 360}, {200, 180}, 120);
    Scissors scissors(picture.view());
    scissors.set_anchor({320, 180});
    const auto path = scissors.path_to({200, 300});
    ASSERT_TRUE(path.has_value());
    EXPECT_EQ(path->front(), (Point{320, 180}));
    EXPECT_EQ(path->back(), (Point{200, 300}));
    for (std::size_t i = 0; i < path->size(); ++i) {
        const Point p = (*path)[i];
        EXPECT_NEAR(std::hypot(p.x + 0.5 - 200, p.y + 0.5 - 180), 120, 2.5);
        if (i == 0) continue;
        const Point q = (*path)[i - 1];
        EXPECT_EQ(std::max(std::abs(p.x - q.x), std::abs(p.y - q.y)), 1);
    }
}

TEST(Scissors, four_clicks_cut_out_a_disc) {
    const image::Image picture = disc({400, 360}, {200, 180}, 120);
    Scissors scissors(picture.view());
    const Point clicks[] = {{320, 180}, {200, 300}, {80, 180}, {200, 60}};
    std::vector<Point> line;
    for (std::size_t i = 0; i < 4; ++i) {
        scissors.set_anchor(clicks[i]);
        const auto part = scissors.path_to(clicks[(i + 1) % 4]);
        ASSERT_TRUE(part.has_value());
        line.insert(line.end(), part->begin(), part->end() - 1);
    }
    const mask::Mask mask = enclosed({400, 360}, line);
    EXPECT_NEAR(mask.coverage_area(), std::numbers::pi * 120 * 120, 0.01 * 45239);
    EXPECT_EQ(mask.at(200, 180), 255);
    EXPECT_EQ(mask.at(30, 30), 0);
}

TEST(Scissors, the_way_does_not_depend_on_earlier_targets) {
    const image::Image picture = blotches({300, 280}, image::kRgb8, 4, 23);
    Scissors wandering(picture.view());
    wandering.set_anchor({150, 140});
    for (const Point& p : {Point{160, 150}, Point{10, 10}, Point{290, 20}, Point{100, 270}}) {
        Scissors fresh(picture.view());
        fresh.set_anchor({150, 140});
        EXPECT_EQ(*wandering.path_to(p), *fresh.path_to(p));
    }
    // And an anchor set anew forgets all.
    wandering.set_anchor({5, 200});
    Scissors fresh(picture.view());
    fresh.set_anchor({5, 200});
    EXPECT_EQ(*wandering.path_to({250, 60}), *fresh.path_to({250, 60}));
}

TEST(Scissors, looks_only_as_far_as_the_pointer) {
    const image::Image picture = blotches({2000, 1500}, image::kRgb8, 9, 31);
    Scissors scissors(picture.view());
    scissors.set_anchor({1000, 700});
    ASSERT_TRUE(scissors.path_to({1040, 720}).has_value());
    EXPECT_LT(scissors.settled(), 40000) << "of three million";
}

TEST(Scissors, bad_input_and_cancel) {
    const image::Image one({1, 1}, image::kGray8);
    Scissors tiny(one.view());
    EXPECT_EQ(tiny.path_to({0, 0}).error().code, ErrorCode::invalid_argument) << "no anchor";
    tiny.set_anchor({-1000, 1 << 30});
    EXPECT_EQ(*tiny.path_to({5, 5}), (std::vector<Point>{{0, 0}}));

    image::Image odd({90, 80}, image::kRgbaF);
    for (int i = 0; i < 80; ++i)
        odd.span().pixel<float>(i, i)[i % 3] = i % 2 ? std::nanf("") : HUGE_VALF;
    Scissors through(odd.view());
    through.set_anchor({2, 70});
    const auto path = through.path_to({85, 3});
    ASSERT_TRUE(path.has_value());
    EXPECT_GE(path->size(), 84u);

    const image::Image picture = blotches({600, 500}, image::kRgb8, 2, 11);
    Scissors stopped(picture.view());
    stopped.set_anchor({5, 5});
    std::stop_source stop;
    stop.request_stop();
    const auto none = stopped.path_to({590, 490}, stop.get_token());
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().code, ErrorCode::cancelled);
    Scissors fresh(picture.view());
    fresh.set_anchor({5, 5});
    EXPECT_EQ(*stopped.path_to({590, 490}), *fresh.path_to({590, 490})) << "goes on after a cancel";
}

TEST(Lasso, short_odd_and_very_long_lines) {
    const PointF two[] = {{1, 1}, {30, 30}};
    EXPECT_TRUE(lasso({40, 40}, two).empty());
    EXPECT_TRUE(lasso({40, 40}, {}).empty());
    const PointF odd[] = {{5, 5},        {std::nan(""), 3}, {25, 5}, {25, 5},
                          {HUGE_VAL, 1}, {25, 25},          {5, 25}};
    EXPECT_EQ(lasso({40, 40}, odd).coverage_area(), 400);
    const PointF bow[] = {{0, 0}, {20, 20}, {20, 0}, {0, 20}};
    EXPECT_NEAR(lasso({40, 40}, bow).coverage_area(), 200, 1);
    std::vector<PointF> rose;
    for (int i = 0; i < 1000000; ++i) {
        const double a = i * 1e-3, r = 900 * std::cos(0.77 * a);
        rose.push_back({1000 + r * std::cos(a), 1000 + r * std::sin(a)});
    }
    EXPECT_FALSE(lasso({2000, 2000}, rose).empty());
    const Point line[] = {{3, 3}, {13, 3}, {13, 13}, {3, 13}};
    EXPECT_NEAR(enclosed({40, 40}, line).coverage_area(), 100, 0.2);
}

} // namespace
} // namespace mw::select
