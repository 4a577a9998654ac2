#include "mask/shapes.h"

#include <cmath>
#include <numbers>

#include "art.h"

namespace mw::mask {
namespace {

// Even-odd by rays, 16 x 16 samples a pixel.
double sampled(std::span<const PointF> points, int x, int y) {
    int hits = 0;
    for (int j = 0; j < 16; ++j)
        for (int i = 0; i < 16; ++i) {
            const double px = x + (i + 0.5) / 16, py = y + (j + 0.5) / 16;
            bool in = false;
            for (std::size_t k = 0; k < points.size(); ++k) {
                const PointF &a = points[k], &b = points[(k + 1) % points.size()];
                if ((a.y > py) != (b.y > py) && px < a.x + (py - a.y) / (b.y - a.y) * (b.x - a.x))
                    in = !in;
            }
            hits += in;
        }
    return hits * 255.0 / 256;
}

TEST(Shapes, rectangles_have_exact_area) {
    EXPECT_EQ(to_art(rectangle({4, 3}, {1, 1, 2, 1})),
              (std::vector<std::string>{"....", ".##.", "...."}));
    const Size size{300, 200};
    for (const RectF& r :
         {RectF{10.25, 20.5, 150.3, 100.7}, RectF{-5.5, -7, 20, 400},
          RectF{130.2, 130.4, 0.5, 0.25}, RectF{60, 70, -20.5, -30.25}, RectF{-1e12, 5, 2e12, 3}}) {
        const double l = std::min(r.x, r.x + r.width), R = std::max(r.x, r.x + r.width);
        const double t = std::min(r.y, r.y + r.height), b = std::max(r.y, r.y + r.height);
        expect_near(
            rectangle(size, r),
            [&](int x, int y) {
                return 255 * std::max(0.0, std::min(R, x + 1.0) - std::max(l, double(x))) *
                       std::max(0.0, std::min(b, y + 1.0) - std::max(t, double(y)));
            },
            0.51, "rectangle");
    }
}

TEST(Shapes, nan_and_degenerate_shapes_are_empty) {
    const double nan = std::nan("");
    EXPECT_TRUE(rectangle({50, 50}, {nan, 0, 5, 5}).empty());
    EXPECT_TRUE(rectangle({50, 50}, {0, 0, HUGE_VAL, 5}).empty());
    EXPECT_TRUE(rectangle({50, 50}, {5, 5, 0, 9}).empty());
    EXPECT_TRUE(ellipse({50, 50}, {0, nan, 5, 5}).empty());
    EXPECT_TRUE(ellipse({50, 50}, {4, 4, 0, 5}).empty());
    const PointF two[] = {{1, 1}, {9, 9}};
    EXPECT_TRUE(polygon({50, 50}, two).empty());
    const PointF odd[] = {{1, 1}, {9, 9}, {nan, 3}};
    EXPECT_TRUE(polygon({50, 50}, odd).empty());
    const PointF flat[] = {{1, 1}, {9, 9}, {20, 20}};
    EXPECT_TRUE(polygon({50, 50}, flat).empty());
    EXPECT_TRUE(polygon({0, 0}, flat).empty());
}

TEST(Shapes, ellipses_have_their_area) {
    for (const RectF& r : {RectF{20.3, 30.7, 100.2, 60.9}, RectF{50, 50, 0.8, 0.8},
                           RectF{110, 100, 40, 3}, RectF{10, 10, 280, 180}}) {
        const Mask m = ellipse({300, 200}, r);
        EXPECT_NEAR(m.coverage_area(), std::numbers::pi * r.width * r.height / 4,
                    0.02 + 0.0003 * r.width * r.height);
        expect_near(
            m,
            [&](int x, int y) {
                int hits = 0;
                for (int j = 0; j < 16; ++j)
                    for (int i = 0; i < 16; ++i)
                        hits +=
                            std::hypot((x + (i + 0.5) / 16 - r.x - r.width / 2) / r.width,
                                       (y + (j + 0.5) / 16 - r.y - r.height / 2) / r.height) < 0.5;
                return hits * 255.0 / 256;
            },
            10, "ellipse"); // the sampling's own error
    }
}

TEST(Shapes, polygons_equal_dense_sampling) {
    std::mt19937 random(11);
    const auto unit = [&] { return double(random()) / 4294967296.0; };
    for (int round = 0; round < 12; ++round) {
        // Star-shaped around a centre: edges do not cross.
        std::vector<PointF> points;
        const double cx = 60 + 150 * unit(), cy = 50 + 100 * unit();
        const int n = 3 + static_cast<int>(9 * unit());
        for (int i = 0; i < n; ++i) {
            const double a = 2 * std::numbers::pi * (i + 0.8 * unit()) / n, r = 10 + 160 * unit();
            points.push_back({cx + r * std::cos(a), cy + r * std::sin(a)});
        }
        expect_near(
            polygon({290, 200}, points), [&](int x, int y) { return sampled(points, x, y); }, 14,
            "star");
    }
}

TEST(Shapes, polygons_are_even_odd) {
    // A square wound twice is empty, a square in a square is a hole, a pentagram has one.
    std::vector<PointF> twice = {{10, 10}, {90, 10}, {90, 90}, {10, 90},
                                 {10, 10}, {90, 10}, {90, 90}, {10, 90}};
    EXPECT_TRUE(polygon({100, 100}, twice).empty());
    std::vector<PointF> star;
    for (int i = 0; i < 5; ++i) {
        const double a = i * 2 * 2 * std::numbers::pi / 5;
        star.push_back({150 + 120.0 * std::sin(a), 140 - 120.0 * std::cos(a)});
    }
    const Mask m = polygon({300, 300}, star);
    EXPECT_EQ(m.at(150, 140), 0);
    EXPECT_EQ(m.at(150, 60), 255);
    // Away from crossings, exact; at the five crossings areas may cancel.
    int off = 0;
    for (int y = 0; y < 300; ++y)
        for (int x = 0; x < 300; ++x)
            off += std::abs(m.at(x, y) - sampled(star, x, y)) > 14;
    EXPECT_LE(off, 10);
}

TEST(Shapes, far_points_and_a_million_points) {
    const PointF far[] = {{-1e300, -1e300}, {1e300, -1e300}, {1e300, 1e300}, {-1e300, 1e300}};
    EXPECT_TRUE(polygon({300, 200}, far) == Mask::full({300, 200}));
    std::vector<PointF> spiral;
    for (int i = 0; i < 1000000; ++i)
        spiral.push_back(
            {2000 + 0.002 * i * std::cos(i * 0.001), 2000 + 0.002 * i * std::sin(i * 0.001)});
    EXPECT_FALSE(polygon({4000, 4000}, spiral).empty());
    std::mt19937 random(2);
    std::vector<PointF> noise;
    for (int i = 0; i < 1000000; ++i) // far more crossings than are walked
        noise.push_back({double(random() % 2048), double(random() % 2048)});
    EXPECT_FALSE(polygon({2048, 2048}, noise).empty());
}

} // namespace
} // namespace mw::mask
