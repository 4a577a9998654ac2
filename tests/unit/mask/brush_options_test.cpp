// What a stroke heeds besides its path: pressure, a selection, the stabiliser.
#include <cmath>

#include "art.h"
#include "mask/brush.h"
#include "mask/refine.h"
#include "mask/shapes.h"
#include "mask/stabiliser.h"

namespace mw::mask {
namespace {

int worst_difference(const Mask& a, const Mask& b) {
    int worst = 0;
    for (int y = 0; y < a.size().height; ++y)
        for (int x = 0; x < a.size().width; ++x)
            worst = std::max(worst, std::abs(a.at(x, y) - b.at(x, y)));
    return worst;
}

// Paths of two seconds.
using Path = StrokeSample (*)(double t);
StrokeSample spiral(double t) {
    return {300 + 200 * std::cos(2 * t), 250 + 180 * std::sin(2 * t) * (1 - t / 8), 1, t};
}
StrokeSample wave(double t) {
    return {60 + 240 * t, 250 + 90 * std::sin(3 * t), 0.6 + 0.3 * std::sin(2 * t), t};
}
StrokeSample loop(double t) {
    return {300 + 150 * std::sin(2 * t), 250 + 120 * std::sin(3 * t), 0.8, t};
}
StrokeSample straight(double t) {
    return {40 + 250 * t, 60 + 190 * t, 0.3 + 0.3 * t, t};
}

std::vector<StrokeSample> replay(Path path, double rate) {
    std::vector<StrokeSample> samples;
    const int n = static_cast<int>(rate * 2);
    for (int i = 0; i <= n; ++i)
        samples.push_back(path(i / rate));
    return samples;
}

TEST(BrushOptions, replays_of_several_paths_agree) {
    const Mask base({600, 500});
    for (const Path path : {spiral, wave, loop, straight})
        for (const bool opacity : {false, true})
            for (const double hardness : {1.0, 0.4}) {
                Brush brush{14, hardness, 1, false};
                brush.pressure_opacity = opacity;
                brush.pressure_radius = !opacity;
                const Mask fast = paint_stroke(base, brush, replay(path, 1000));
                EXPECT_LE(worst_difference(paint_stroke(base, brush, replay(path, 120)), fast), 2);
                EXPECT_LE(worst_difference(paint_stroke(base, brush, replay(path, 30)), fast), 2)
                    << hardness << opacity;
            }
}

TEST(BrushOptions, a_selection_limits_the_stroke) {
    const Size size{300, 220};
    const Mask base = random_mask(size, 5), within = feather(random_mask(size, 9), 12);
    std::vector<StrokeSample> samples;
    for (double t = 0; t <= 1; t += 0.05)
        samples.push_back({30 + 230 * t, 110 + 70 * std::sin(5 * t)});
    for (const double radius : {3.0, 30.0, 80.0})
        for (const bool erase : {false, true}) {
            const Brush brush{radius, 0.6, 0.9, erase};
            const Mask free = paint_stroke(Mask(size), {radius, 0.6, 0.9, false}, samples);
            StrokePainter painter(base, brush, within);
            for (const StrokeSample& s : samples) {
                painter.extend(s);
                painter.mask();
            }
            expect_near(
                painter.mask(),
                [&](int x, int y) {
                    const int stroke = std::min(free.at(x, y), within.at(x, y));
                    const int before = base.at(x, y);
                    return erase ? std::min(before, 255 - stroke) : std::max(before, stroke);
                },
                0, "limited");
        }
    StrokePainter nowhere(base, {30, 1, 1, false}, Mask(size));
    nowhere.extend({100, 100});
    EXPECT_TRUE(nowhere.mask() == base);
    StrokePainter anywhere(base, {30, 1, 1, false}, Mask::full(size));
    anywhere.extend({100, 100});
    EXPECT_TRUE(anywhere.mask() == paint_stroke(base, {30, 1, 1, false}, {{100, 100}}));
}

TEST(BrushOptions, pressure_scales_what_it_is_asked_to) {
    const Mask base({300, 200});
    Brush brush{20, 1, 1, false};
    brush.pressure_radius = false;
    const std::vector<StrokeSample> light = {{50, 100, 0.4, 0}, {250, 100, 0.4, 1}};
    EXPECT_EQ(paint_stroke(base, brush, light).at(150, 82), 255);
    brush.pressure_opacity = true;
    const Mask faint = paint_stroke(base, brush, light);
    EXPECT_EQ(faint.at(150, 100), 102);
    EXPECT_EQ(faint.at(150, 82), 102);
    // The most opaque of all discs that cover a place: the farthest one ahead while pressure grows.
    const Mask ramp = paint_stroke(base, brush, {{50, 100, 0, 0}, {250, 100, 1, 1}});
    for (int x = 60; x < 220; x += 10)
        EXPECT_NEAR(ramp.at(x, 90), 255 * (x + 0.5 - 50 + std::sqrt(400 - 9.5 * 9.5)) / 200, 2)
            << x;
    const Mask back = paint_stroke(base, brush, {{250, 100, 1, 0}, {50, 100, 0, 1}});
    EXPECT_LE(worst_difference(ramp, back), 1);
    brush.pressure_radius = true;
    const Mask both = paint_stroke(base, brush, light);
    EXPECT_EQ(both.at(150, 100), 102);
    EXPECT_EQ(both.at(150, 85), 0);
    EXPECT_EQ(paint_stroke(base, brush, {{150, 100, 0.4, 0}}).at(150, 100), 102);
}

TEST(BrushOptions, the_stabiliser_does_not_depend_on_the_rate) {
    for (const Path path : {spiral, wave, loop})
        for (const double strength : {0.2, 0.6, 1.0}) {
            StrokeSample ends[3];
            int k = 0;
            for (const double rate : {60.0, 240.0, 1000.0}) {
                Stabiliser hand(strength);
                for (const StrokeSample& s : replay(path, rate))
                    ends[k] = hand.follow(s);
                ++k;
            }
            EXPECT_LT(std::hypot(ends[0].x - ends[2].x, ends[0].y - ends[2].y), 0.3);
            EXPECT_LT(std::hypot(ends[1].x - ends[2].x, ends[1].y - ends[2].y), 0.05);
        }
}

TEST(BrushOptions, the_stabiliser_calms_and_still_ends_at_the_pointer) {
    const Mask base({600, 300});
    Brush brush{6, 1, 1, false};
    std::vector<StrokeSample> shaky;
    for (int i = 0; i <= 120; ++i)
        shaky.push_back({60.0 + 4 * i, 150 + (i % 2 ? 9.0 : -9.0), 1, i / 120.0});
    const Rect rough = paint_stroke(base, brush, shaky).bounds();
    brush.stabiliser = 0.7;
    const Mask calm = paint_stroke(base, brush, shaky);
    EXPECT_GT(rough.height, 28);
    // Up to the last samples' catching up.
    EXPECT_LT(intersect(calm.bounds(), Rect{0, 0, 400, 300}).height, 24);
    EXPECT_EQ(calm.at(static_cast<int>(shaky.back().x), static_cast<int>(shaky.back().y)), 255);
    // Looking in between changes nothing.
    StrokePainter painter(base, brush);
    for (const StrokeSample& s : shaky) {
        painter.extend(s);
        painter.mask();
    }
    EXPECT_TRUE(painter.mask() == calm);
    // Times that stand still, go back or are not numbers.
    for (StrokeSample& s : shaky)
        s.t = s.x > 300 ? std::nan("") : -s.x;
    EXPECT_FALSE(paint_stroke(base, brush, shaky).empty());
    brush.stabiliser = std::nan("");
    EXPECT_FALSE(paint_stroke(base, brush, shaky).empty());
}

TEST(BrushOptions, looking_in_between_at_whole_tiles) {
    const Size size{700, 640};
    const Mask base = random_mask(size, 3), within = ellipse(size, {40, 30, 600, 500});
    for (const bool erase : {false, true})
        for (const double hardness : {1.0, 0.6, 0.0})
            for (const double radius : {150.0, 400.0}) {
                const Brush brush{radius, hardness, 1, erase};
                for (const bool limited : {false, true}) {
                    std::vector<StrokeSample> so_far;
                    StrokePainter live =
                        limited ? StrokePainter(base, brush, within) : StrokePainter(base, brush);
                    for (double t = 0; t <= 1; t += 0.11) {
                        const StrokeSample s{100 + 500 * t, 300 + 200 * std::sin(7 * t)};
                        so_far.push_back(s);
                        live.extend(s);
                        live.mask();
                        StrokePainter once = limited ? StrokePainter(base, brush, within)
                                                     : StrokePainter(base, brush);
                        for (const StrokeSample& f : so_far)
                            once.extend(f);
                        ASSERT_TRUE(live.mask() == once.mask())
                            << t << " " << radius << " " << hardness << erase << limited;
                    }
                }
            }
}

TEST(BrushOptions, wide_soft_brushes_equal_the_profile) {
    // Where coverage is mixed between knots.
    const Size size{1500, 1300};
    for (const double radius : {260.0, 300.0, 620.0}) {
        const Brush brush{radius, 0, 1, false};
        const Mask got = paint_stroke(Mask(size), brush, {{500, 600}, {900, 700}});
        for (int y = 3; y < 1300; y += 7)
            for (int x = 1; x < 1500; x += 5) {
                const double px = x + 0.5 - 500, py = y + 0.5 - 600, l2 = 400 * 400 + 100 * 100;
                const double t = std::clamp((px * 400 + py * 100) / l2, 0.0, 1.0);
                const double d = std::hypot(px - t * 400, py - t * 100);
                const double s = std::clamp((radius - d) / radius, 0.0, 1.0);
                ASSERT_NEAR(got.at(x, y), 255 * s * s * (3 - 2 * s), 1.0)
                    << x << "," << y << " " << radius;
            }
    }
}

} // namespace
} // namespace mw::mask
