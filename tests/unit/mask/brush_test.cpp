#include "mask/brush.h"

#include <cmath>
#include <numbers>

#include "art.h"
#include "mask/capsule.h"
#include "mask/stroke_path.h"

namespace mw::mask {
namespace {

// The coverage of one piece by its definition: the best disc along it.
double piece_coverage(const Piece& p, const Brush& brush, double x, double y) {
    const double reach = std::max(p.ra, p.rb) + 1;
    if (x < std::min(p.a.x, p.b.x) - reach || x > std::max(p.a.x, p.b.x) + reach ||
        y < std::min(p.a.y, p.b.y) - reach || y > std::max(p.a.y, p.b.y) + reach)
        return 0;
    const double dx = p.b.x - p.a.x, dy = p.b.y - p.a.y, length = std::hypot(dx, dy);
    const auto at = [&](double t) {
        const double r = p.ra + t * (p.rb - p.ra);
        if (r <= 0) return 0.0;
        const Falloff f = falloff(r, brush.hardness);
        const double d = std::hypot(x - (p.a.x + t * dx), y - (p.a.y + t * dy));
        const double s = std::clamp((f.outer - d) / f.width, 0.0, f.peak);
        const double smooth = std::clamp((1 - brush.hardness) * r - 1, 0.0, 1.0);
        return s + smooth * (s * s * (3 - 2 * s) - s);
    };
    const double t0 =
        length > 0 ? std::clamp(((x - p.a.x) * dx + (y - p.a.y) * dy) / (length * length), 0.0, 1.0)
                   : 0;
    if (std::hypot(x - (p.a.x + t0 * dx), y - (p.a.y + t0 * dy)) > std::max(p.ra, p.rb) + 1)
        return 0;
    if (length == 0) return std::max(at(0), at(1));
    if (p.ra == p.rb) return at(t0);
    double best = 0;
    for (int i = 0; i <= 100; ++i)
        best = std::max(best, at(i / 100.0));
    return best;
}

std::vector<Piece> pieces_of(const Brush& brush, const std::vector<StrokeSample>& samples) {
    StrokePath path(0.005 * std::max(1.0, (1 - brush.hardness) * brush.radius_px / 1.5));
    std::vector<Piece> pieces;
    // A bent piece as 32 straight ones.
    const auto take = [&](const Stretch& stretch) {
        for (const Piece& p : stretch.pieces) {
            if (p.sagitta == 0) {
                pieces.push_back(p);
                continue;
            }
            const PointF chord{p.b.x - p.a.x, p.b.y - p.a.y};
            const double length = std::hypot(chord.x, chord.y);
            PointF last = p.a;
            for (int i = 1; i <= 32; ++i) {
                const double t = i / 32.0, bow = 4 * p.sagitta * t * (1 - t) / length;
                const PointF at{p.a.x + t * chord.x - bow * chord.y,
                                p.a.y + t * chord.y + bow * chord.x};
                pieces.push_back({last, at, p.ra, p.ra, p.opacity});
                last = at;
            }
        }
    };
    for (const StrokeSample& s : samples) {
        Stretch settled;
        if (path.add({{s.x, s.y}, brush.radius_px * s.pressure}, settled)) take(settled);
    }
    take(path.tail());
    return pieces;
}

void expect_reference(const Mask& base, const Brush& brush,
                      const std::vector<StrokeSample>& samples, double limit, const char* what) {
    const std::vector<Piece> pieces = pieces_of(brush, samples);
    expect_near(
        paint_stroke(base, brush, samples),
        [&](int x, int y) {
            double best = 0;
            for (const Piece& p : pieces)
                best = std::max(best, piece_coverage(p, brush, x + 0.5, y + 0.5));
            const double stroke = best * brush.opacity * 255, before = base.at(x, y);
            return brush.erase ? std::min(before, 255 - stroke) : std::max(before, stroke);
        },
        limit, what);
}

std::vector<StrokeSample> wavy(double step, double end, bool pressure = false) {
    std::vector<StrokeSample> samples;
    for (double t = 0; t <= end + 1e-9; t += step)
        samples.push_back({40 + 200 * t, 110 + 60 * std::sin(4 * t),
                           pressure ? 0.6 + 0.4 * std::sin(3 * t) : 1.0, t});
    return samples;
}

TEST(Brush, strokes_equal_the_distance_to_the_path) {
    const Mask base = random_mask({300, 220}, 5);
    for (const double hardness : {1.0, 0.7, 0.0})
        for (const double radius : {0.5, 3.0, 24.0, 70.0})
            for (const bool erase : {false, true})
                expect_reference(base, {radius, hardness, 0.9, erase}, wavy(0.16, 1), 1.0, "wavy");
}

TEST(Brush, axis_aligned_strokes_have_no_holes_at_the_joints) {
    const Mask base({200, 200});
    std::vector<StrokeSample> down, right, back;
    for (int i = 0; i < 8; ++i) {
        down.push_back({60.5, 40.5 + 12 * i});
        right.push_back({40.5 + 12 * i, 60.5});
        back.push_back({150.5 - 12 * i, 90.5});
    }
    for (const double hardness : {1.0, 0.3})
        for (const auto& samples : {down, right, back})
            expect_reference(base, {20, hardness, 1, false}, samples, 1.0, "axis");
}

TEST(Brush, pressure_sweeps_discs_of_changing_radius) {
    const Mask base({300, 220});
    for (const double hardness : {1.0, 0.5})
        expect_reference(base, {30, hardness, 1, false}, wavy(0.09, 1, true), 3.0, "pressure");
    expect_reference(base, {30, 1, 1, false},
                     {{80, 80, 1.0, 0}, {90, 80, 0.1, 0}, {200, 100, 0.5, 0}, {205, 100, 1, 0}},
                     3.0, "a disc that holds the next");
}

TEST(Brush, turning_back_and_corners) {
    const Mask base({300, 220});
    const std::vector<StrokeSample> zigzag = {{50, 50},   {200, 60}, {60, 70},  {210, 75},
                                              {210, 180}, {60, 180}, {60, 181}, {60, 150}};
    for (const double hardness : {1.0, 0.4})
        for (const double radius : {2.0, 25.0})
            expect_reference(base, {radius, hardness, 1, false}, zigzag, 1.0, "zigzag");
}

TEST(Brush, looking_in_between_changes_nothing) {
    const Mask base = random_mask({300, 220}, 9);
    for (const bool erase : {false, true})
        for (const double hardness : {1.0, 0.2}) {
            const Brush brush{18, hardness, 0.8, erase};
            const auto samples = wavy(0.03, 1, true);
            StrokePainter painter(base, brush);
            std::vector<StrokeSample> so_far;
            Mask previous = base;
            for (const StrokeSample& s : samples) {
                so_far.push_back(s);
                const Rect changed = painter.extend(s);
                const Mask now = painter.mask();
                EXPECT_TRUE(now == paint_stroke(base, brush, so_far));
                for (int y = 0; y < 220; ++y)
                    for (int x = 0; x < 300; ++x)
                        if (now.at(x, y) != previous.at(x, y)) {
                            ASSERT_TRUE(changed.contains(Point{x, y})) << x << "," << y;
                        }
                previous = now;
            }
        }
}

// Levels by which two replays of a curve differ.
int worst_difference(const Mask& a, const Mask& b) {
    int worst = 0;
    for (int y = 0; y < a.size().height; ++y)
        for (int x = 0; x < a.size().width; ++x)
            worst = std::max(worst, std::abs(a.at(x, y) - b.at(x, y)));
    return worst;
}

TEST(Brush, replays_at_30_120_and_1000_events_a_second_agree) {
    const auto replay = [](double rate, const Brush& brush) {
        std::vector<StrokeSample> samples;
        const int n = static_cast<int>(rate * 2);
        for (int i = 0; i <= n; ++i) {
            const double t = i / rate; // two seconds, about 400 px a second
            samples.push_back(
                {300 + 200 * std::cos(2 * t), 250 + 180 * std::sin(2 * t) * (1 - t / 8), 1, t});
        }
        return paint_stroke(Mask({600, 500}), brush, samples);
    };
    for (const double hardness : {1.0, 0.8, 0.0})
        for (const double radius : {4.0, 40.0}) {
            const Brush brush{radius, hardness, 1, false};
            const Mask slow = replay(30, brush), middle = replay(120, brush),
                       fast = replay(1000, brush);
            EXPECT_LE(worst_difference(slow, fast), 2) << radius << " " << hardness;
            EXPECT_LE(worst_difference(middle, fast), 2) << radius << " " << hardness;
        }
}

TEST(Brush, a_dab_has_its_area) {
    for (const double radius : {0.5, 0.8, 1.3, 5.0, 30.0}) {
        double sum = 0;
        int count = 0;
        for (double fx = 0; fx < 1; fx += 0.13)
            for (double fy = 0; fy < 1; fy += 0.17, ++count) {
                const double area =
                    paint_stroke(Mask({100, 100}), {radius, 1, 1, false}, {{50 + fx, 50 + fy}})
                        .coverage_area();
                EXPECT_NEAR(area, std::numbers::pi * radius * radius, 0.02 + radius * 0.03);
                sum += area;
            }
        EXPECT_NEAR(sum / count, std::numbers::pi * radius * radius, 0.02 + radius * 0.01);
    }
}

TEST(Brush, a_thin_line_has_its_width) {
    for (const double radius : {0.5, 1.0, 2.5})
        for (const double pressure : {1.0, 0.3}) {
            const auto line = [&](double end) {
                return paint_stroke(Mask({300, 200}), {radius, 1, 1, false},
                                    {{20, 20, pressure}, {end, 20 + (end - 20) * 0.4, pressure}})
                    .coverage_area();
            };
            const double per_px = (line(270) - line(30)) / (240 * std::hypot(1, 0.4));
            EXPECT_NEAR(per_px, 2 * radius * pressure, 0.03);
        }
}

TEST(Brush, hostile_samples_are_ignored_or_clipped) {
    const double nan = std::nan(""), inf = HUGE_VAL;
    const Mask base({300, 200});
    StrokePainter painter(base, {nan, inf, nan, false});
    EXPECT_EQ(painter.extend({nan, 5}), Rect{});
    EXPECT_EQ(painter.extend({5, inf}), Rect{});
    EXPECT_TRUE(painter.mask().empty());
    StrokePainter far(base, {20, 1, 1, false});
    for (const double v : {1e300, -1e300, 1e9, -1e9, 100.0, 1e18})
        far.extend({v, v / 3, v, v});
    far.mask();
    StrokePainter huge(base, {4096, 0.5, 1, false});
    huge.extend({-3000, 100});
    huge.extend({5000, 100});
    EXPECT_FALSE(huge.mask().empty());
    EXPECT_TRUE(paint_stroke(base, {20, 1, 1, false}, {}).empty());
    EXPECT_TRUE(paint_stroke(base, {20, 1, 1, false}, {{50, 50, 0}}).empty());
    EXPECT_TRUE(paint_stroke(base, {20, 1, 1, false}, {{-500, 50}, {-400, 900}}).empty());
    EXPECT_TRUE(paint_stroke(Mask(), {20, 1, 1, false}, {{5, 5}}).empty());
    EXPECT_TRUE(paint_stroke(Mask(Size{1, 1}), {20, 1, 1, false}, {{0, 0}}) == Mask::full({1, 1}));
}

TEST(Brush, the_base_stays_and_full_tiles_are_shared) {
    const Mask base({600, 600});
    StrokePainter painter(base, {400, 1, 1, false});
    painter.extend({300, 300});
    EXPECT_TRUE(base.empty());
    EXPECT_EQ(painter.mask().tile(2, 2), full_tile());
    const Mask shot = painter.mask();
    const double area = shot.coverage_area();
    painter.extend({340, 300});
    painter.mask();
    EXPECT_EQ(shot.coverage_area(), area);
    const Mask gone = paint_stroke(shot, {4000, 1, 1, true}, {{300, 300}});
    EXPECT_TRUE(gone.empty());
    EXPECT_EQ(gone.tile(1, 1), nullptr);
}

} // namespace
} // namespace mw::mask
