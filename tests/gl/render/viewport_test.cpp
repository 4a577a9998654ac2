#include "render/viewport.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace mw::render {
namespace {

struct Case {
    Viewport view;
    Rect pane;
    PointF at;
};

Case random_case(std::mt19937& random) {
    const auto real = [&](double a, double b) {
        return std::uniform_real_distribution<double>(a, b)(random);
    };
    return {{{real(-100, 16384), real(-100, 16384)},
             std::exp2(real(-6, 6)),
             {random() % 2 ? real(-180, 180) : 0.0, random() % 2 == 0}},
            {int(real(0, 500)), int(real(0, 500)), int(real(1, 2000)), int(real(1, 2000))},
            {real(-500, 2500), real(-500, 2500)}};
}

TEST(Viewport, ScreenAndImageAreInverse) {
    std::mt19937 random(1);
    for (int i = 0; i < 1000; ++i) {
        const auto [view, pane, at] = random_case(random);
        const PointF back = to_screen(view, pane, to_image(view, pane, at));
        EXPECT_NEAR(back.x, at.x, 1e-6);
        EXPECT_NEAR(back.y, at.y, 1e-6);
    }
}

TEST(Viewport, TheCenterIsInTheMiddle) {
    const Viewport view{{10, 20}, 3};
    EXPECT_EQ(to_screen(view, {100, 50, 300, 200}, {10, 20}), (PointF{250, 150}));
    EXPECT_EQ(to_screen(view, {100, 50, 300, 200}, {11, 20}), (PointF{253, 150}));
}

TEST(Viewport, TheAnchorStaysWhenZooming) {
    std::mt19937 random(2);
    for (int i = 0; i < 1000; ++i) {
        const auto [view, pane, at] = random_case(random);
        const PointF under = to_image(view, pane, at);
        for (const double factor : {1.1, 0.5, 7.0, 1e-9, 1e9}) {
            const Viewport zoomed = zoomed_at(view, pane, at, factor);
            EXPECT_GE(zoomed.zoom, kMinZoom);
            EXPECT_LE(zoomed.zoom, kMaxZoom);
            const PointF now = to_screen(zoomed, pane, under);
            EXPECT_NEAR(now.x, at.x, 1e-6);
            EXPECT_NEAR(now.y, at.y, 1e-6);
        }
    }
}

TEST(Viewport, TheAnchorStaysWhenTurningAndMirroring) {
    std::mt19937 random(5);
    for (int i = 0; i < 1000; ++i) {
        const auto [view, pane, at] = random_case(random);
        const PointF under = to_image(view, pane, at);
        for (const Viewport& now : {turned_at(view, pane, at, 15), turned_at(view, pane, at, -400),
                                    mirrored_at(view, pane, at)}) {
            const PointF there = to_screen(now, pane, under);
            EXPECT_NEAR(there.x, at.x, 1e-6);
            EXPECT_NEAR(there.y, at.y, 1e-6);
            EXPECT_GT(now.turn.degrees, -180);
            EXPECT_LE(now.turn.degrees, 180);
        }
        // A mirror swaps left and right on the screen, whatever the turn.
        const Viewport other = mirrored_at(view, pane, at);
        const PointF p = to_image(view, pane, {at.x + 30, at.y + 10});
        const PointF q = to_screen(other, pane, p);
        EXPECT_NEAR(q.x, at.x - 30, 1e-5);
        EXPECT_NEAR(q.y, at.y + 10, 1e-5);
    }
    EXPECT_EQ(turned_at({}, {0, 0, 9, 9}, {}, NAN).turn.degrees, 0);
}

TEST(Viewport, APictureOnItsSideIsFittedByItsTurnedSides) {
    const Viewport view = fitted({1000, 200}, {0, 0, 200, 1000}, 0, true, {90, false});
    EXPECT_NEAR(view.zoom, 1, 1e-9);
    EXPECT_NEAR(fitted({1000, 200}, {0, 0, 200, 1000}, 0, true).zoom, 0.2, 1e-9);
}

TEST(Viewport, NonsenseZoomsAreClamped) {
    EXPECT_EQ(zoomed_at({}, {0, 0, 100, 100}, {}, 0).zoom, kMinZoom);
    EXPECT_EQ(zoomed_at({}, {0, 0, 100, 100}, {}, -1).zoom, kMinZoom);
    EXPECT_EQ(zoomed_at({}, {0, 0, 100, 100}, {}, NAN).zoom, kMinZoom);
    EXPECT_EQ(zoomed_at({}, {0, 0, 100, 100}, {}, INFINITY).zoom, kMaxZoom);
}

TEST(Viewport, TheLadderGoesUpAndDownTheSameSteps) {
    std::vector<double> up{kMinZoom};
    while (up.back() < kMaxZoom)
        up.push_back(next_zoom_step(up.back(), 1));
    std::vector<double> down{kMaxZoom};
    while (down.back() > kMinZoom)
        down.push_back(next_zoom_step(down.back(), -1));
    EXPECT_EQ(up, std::vector<double>(down.rbegin(), down.rend()));
    for (const double usual : {0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 16.0, 32.0})
        EXPECT_NE(std::find(up.begin(), up.end(), usual), up.end()) << usual;
    EXPECT_EQ(next_zoom_step(kMaxZoom, 1), kMaxZoom);
    EXPECT_EQ(next_zoom_step(kMinZoom, -1), kMinZoom);
    EXPECT_EQ(next_zoom_step(0.9, 1), 1.0);
    EXPECT_EQ(next_zoom_step(0.9, -1), 2.0 / 3);
    EXPECT_EQ(next_zoom_step(0.99999, 1), 2.0) << "a hair beside 100 % is 100 %";
}

TEST(Viewport, PanningMovesThePictureWithThePointer) {
    const Rect pane{0, 0, 800, 600};
    const Viewport view{{50, 60}, 4}, moved = panned(view, {12, -8});
    const PointF before = to_screen(view, pane, {1, 2}), after = to_screen(moved, pane, {1, 2});
    EXPECT_EQ(after, (PointF{before.x + 12, before.y - 8}));
}

TEST(Viewport, FittedShowsTheWholePicture) {
    const Rect pane{40, 30, 800, 600};
    for (const Size size : {Size{6000, 4000}, {100, 4000}, {16384, 64}, {300, 200}, {1, 1}}) {
        const Viewport view = fitted(size, pane, 16);
        EXPECT_LE(view.zoom, 1);
        const PointF a = to_screen(view, pane, {0, 0});
        const PointF b = to_screen(view, pane, {double(size.width), double(size.height)});
        EXPECT_GE(a.x, 56 - 1e-9);
        EXPECT_GE(a.y, 46 - 1e-9);
        EXPECT_LE(b.x, 824 + 1e-9);
        EXPECT_LE(b.y, 614 + 1e-9);
    }
    EXPECT_EQ(fitted({300, 200}, pane, 0).zoom, 1);
    EXPECT_NEAR(fitted({300, 200}, pane, 0, true).zoom, 800.0 / 300, 1e-9);
    EXPECT_EQ(fitted({0, 0}, pane, 0), Viewport{});
    EXPECT_EQ(fitted({10, 10}, {}, 0), Viewport{});
    EXPECT_GT(fitted({10, 10}, {0, 0, 20, 20}, 50).zoom, 0) << "a margin wider than the pane";
}

TEST(Viewport, FittedToAnAreaCentresIt) {
    const Viewport view = fitted_to({100, 200, 50, 20}, {0, 0, 500, 500}, 50);
    EXPECT_EQ(view.center, (PointF{125, 210}));
    EXPECT_NEAR(view.zoom, 8, 1e-9);
}

TEST(Viewport, TheDrawnOriginIsWholeWherePixelsCanMatch) {
    std::mt19937 random(3);
    for (int i = 0; i < 1000; ++i) {
        auto [view, pane, at] = random_case(random);
        for (const double zoom : {0.125, 0.5, 1.0, 2.0, 3.0, 64.0, 0.7, 1.5}) {
            view.zoom = zoom;
            const PointF drawn = drawn_origin(view, pane), exact = to_screen(view, pane, {0, 0});
            EXPECT_LE(std::abs(drawn.x - exact.x), 0.5);
            EXPECT_LE(std::abs(drawn.y - exact.y), 0.5);
            if (zoom == 0.7 || zoom == 1.5)
                EXPECT_EQ(drawn, exact);
            else
                EXPECT_EQ(drawn, (PointF{std::round(drawn.x), std::round(drawn.y)}));
        }
    }
}

} // namespace
} // namespace mw::render
