#include "mask/cleanup.h"

#include <cmath>
#include <functional>
#include <numbers>
#include <queue>

#include "art.h"
#include "mask/refine.h"
#include "mask/shapes.h"

namespace mw::mask {
namespace {

constexpr Size kSize{290, 270};

// Pixels of each pixel's island; 0 where there is no coverage.
std::vector<int> slow_island_areas(const Mask& m) {
    const int w = m.size().width, h = m.size().height;
    std::vector<int> area(static_cast<std::size_t>(w * h), -1);
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            if (area[static_cast<std::size_t>(y * w + x)] >= 0) continue;
            std::vector<Point> found{{x, y}};
            area[static_cast<std::size_t>(y * w + x)] = 0;
            if (!m.at(x, y)) continue;
            for (std::size_t i = 0; i < found.size(); ++i)
                for (int dy = -1; dy <= 1; ++dy)
                    for (int dx = -1; dx <= 1; ++dx) {
                        const int u = found[i].x + dx, v = found[i].y + dy;
                        if (!m.at(u, v) || area[static_cast<std::size_t>(v * w + u)] >= 0) continue;
                        area[static_cast<std::size_t>(v * w + u)] = 0;
                        found.push_back({u, v});
                    }
            for (const Point& p : found)
                area[static_cast<std::size_t>(p.y * w + p.x)] = static_cast<int>(found.size());
        }
    return area;
}

TEST(Cleanup, islands_go_by_their_area) {
    for (unsigned seed = 0; seed < 8; ++seed) {
        const Mask m = random_mask(kSize, seed);
        const std::vector<int> areas = slow_island_areas(m);
        for (const int least : {0, 2, 40, 4000, 1000000})
            expect_near(
                remove_islands(m, least),
                [&](int x, int y) {
                    return areas[static_cast<std::size_t>(y * kSize.width + x)] < least
                               ? 0
                               : m.at(x, y);
                },
                0, "islands");
        EXPECT_EQ(changed_rect(m, remove_islands(m, 1)), Rect{});
    }
    EXPECT_TRUE(remove_islands(Mask::full(kSize), 1000) == Mask::full(kSize));
    EXPECT_TRUE(remove_islands(Mask(), 5).empty());
    EXPECT_EQ(to_art(remove_islands(from_art({"#..#", ".#..", "...."}), 2)),
              (std::vector<std::string>{"#...", ".#..", "...."}));
}

// Relaxed until nothing changes.
Mask slow_fill(const Mask& m) {
    const int w = m.size().width, h = m.size().height;
    std::vector<int> level(static_cast<std::size_t>(w * h), 255);
    const auto at = [&](int x, int y) {
        return x < 0 || y < 0 || x >= w || y >= h ? 0 : level[static_cast<std::size_t>(y * w + x)];
    };
    for (bool changed = true; changed;) {
        changed = false;
        const auto visit = [&](int x, int y) {
            const int least = std::min({at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)});
            const int now = std::max<int>(least, m.at(x, y));
            int& mine = level[static_cast<std::size_t>(y * w + x)];
            if (now < mine) {
                mine = now;
                changed = true;
            }
        };
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x)
                visit(x, y);
        for (int y = h - 1; y >= 0; --y)
            for (int x = w - 1; x >= 0; --x)
                visit(x, y);
    }
    return from_function(m.size(), [&](int x, int y) { return at(x, y); });
}

TEST(Cleanup, holes_fill_to_the_faintest_place_of_their_wall) {
    EXPECT_EQ(
        to_art(fill_holes(from_art({"......", ".####.", ".#..#.", ".##.#.", ".####.", "......"}))),
        (std::vector<std::string>{"......", ".####.", ".####.", ".####.", ".####.", "......"}));
    // Open at a corner only: a way out goes by sides.
    EXPECT_EQ(to_art(fill_holes(from_art({".###", "#.##", "#..#", "####"}))),
              (std::vector<std::string>{".###", "####", "####", "####"}));
    EXPECT_EQ(to_art(fill_holes(from_art({".....", ".#5#.", ".#.#.", ".###.", "....."}))),
              (std::vector<std::string>{".....", ".#5#.", ".#5#.", ".###.", "....."}));
    for (unsigned seed = 0; seed < 6; ++seed) {
        Mask m = random_mask(kSize, seed);
        combine(m, ellipse(kSize, {20, 10, 240, 230}), CombineMode::add);
        combine(m, ellipse(kSize, {30.0 + seed, 25, 215, 205}), CombineMode::subtract);
        combine(m, random_mask(kSize, seed + 20), CombineMode::add);
        if (seed % 2) combine(m, rectangle(kSize, {100, 120, 20, 200}), CombineMode::subtract);
        const Mask want = slow_fill(m);
        expect_near(
            fill_holes(m), [&](int x, int y) { return want.at(x, y); }, 0, "holes");
    }
    EXPECT_TRUE(fill_holes(Mask::full(kSize)) == Mask::full(kSize));
    EXPECT_TRUE(fill_holes(Mask(kSize)).empty());
}

TEST(Cleanup, a_hole_of_whole_tiles_becomes_full_tiles) {
    const Size size{1200, 1200};
    Mask ring = ellipse(size, {20, 20, 1160, 1160});
    combine(ring, ellipse(size, {60, 60, 1080, 1080}), CombineMode::subtract);
    const Mask filled = fill_holes(ring);
    EXPECT_EQ(filled.tile(4, 4), full_tile());
    EXPECT_EQ(filled.tile(0, 0), ring.tile(0, 0) ? filled.tile(0, 0) : nullptr);
    EXPECT_TRUE(filled == ellipse(size, {20, 20, 1160, 1160}));
}

TEST(Cleanup, smooth_is_a_steepened_mean) {
    for (const double radius : {1.5, 4.0, 16.0, 40.0})
        for (unsigned seed = 1; seed < 3; ++seed) {
            const Mask m = random_mask({200, 150}, seed);
            const double sigma = radius / 2, gain = sigma * std::sqrt(2 * std::numbers::pi);
            const int reach = static_cast<int>(5 * sigma) + 2;
            const Mask got = smooth(m, radius);
            for (int y = 0; y < 150; y += 3)
                for (int x = y % 5; x < 200; x += 5) {
                    double sum = 0, weight = 0;
                    for (int v = std::max(0, y - reach); v <= std::min(149, y + reach); ++v)
                        for (int u = std::max(0, x - reach); u <= std::min(199, x + reach); ++u) {
                            const double w = std::exp(
                                -0.5 * ((u - x) * (u - x) + (v - y) * (v - y)) / (sigma * sigma));
                            sum += w * m.at(u, v);
                            weight += w;
                        }
                    const double want =
                        std::clamp(127.5 + gain * (sum / weight - 127.5), 0.0, 255.0);
                    ASSERT_NEAR(got.at(x, y), want, 2 * gain + 1) << x << "," << y;
                }
        }
}

TEST(Cleanup, smooth_keeps_straight_edges_and_borders) {
    const Size size{400, 400};
    const Mask half = rectangle(size, {0, 0, 200, 400});
    for (const double radius : {3.0, 20.0, 60.0}) {
        const Mask soft = smooth(half, radius);
        for (const int y : {0, 3, 127, 128, 250, 399}) {
            EXPECT_EQ(soft.at(0, y), 255);
            EXPECT_EQ(soft.at(198, y), 255);
            EXPECT_EQ(soft.at(201, y), 0);
        }
        EXPECT_TRUE(smooth(Mask::full(size), radius) == Mask::full(size));
        EXPECT_TRUE(smooth(Mask(size), radius).empty());
    }
    // A speck goes, a notch closes.
    Mask rough = half;
    combine(rough, rectangle(size, {300, 200, 3, 3}), CombineMode::add);
    combine(rough, rectangle(size, {190, 100, 10, 3}), CombineMode::subtract);
    const Mask tidy = smooth(rough, 20);
    EXPECT_EQ(tidy.at(301, 201), 0);
    EXPECT_EQ(tidy.at(193, 101), 255);
    EXPECT_TRUE(smooth(rough, std::nan("")) == rough);
    EXPECT_TRUE(smooth(rough, -4) == rough);
    smooth(rough, 1e12);
}

TEST(Cleanup, border_is_grow_less_shrink) {
    for (unsigned seed = 0; seed < 4; ++seed) {
        const Mask m = random_mask(kSize, seed);
        for (const auto& [inner, outer] : {std::pair{3.0, 5.5}, {0.0, 4.0}, {6.0, 0.0}}) {
            const Mask more = grow(m, outer), less = shrink(m, inner);
            expect_near(
                border(m, inner, outer),
                [&](int x, int y) {
                    return std::min(more.at(x, y), std::uint8_t(255 - less.at(x, y)));
                },
                0, "border");
        }
    }
    EXPECT_TRUE(border(Mask::full(kSize), 10, 10).empty());
    const Mask m = ellipse(kSize, {50, 50, 100, 100});
    EXPECT_TRUE(border(m, std::nan(""), -5).bounds() != m.rect());
}

// By looking at every pixel around; refine.h says what a pixel at distance d adds.
int slow_grow(const std::function<int(int, int)>& at, int x, int y, double radius) {
    const int reach = static_cast<int>(std::ceil(radius)) + 1;
    int most = 0;
    for (int v = -reach; v <= reach; ++v)
        for (int u = -reach; u <= reach; ++u) {
            const double beyond = std::clamp(std::hypot(u, v) - radius, 0.0, 1.0);
            most = std::max(most, at(x + u, y + v) - static_cast<int>(std::lround(255 * beyond)));
        }
    return most;
}

TEST(Cleanup, border_equals_its_definition) {
    constexpr Size kSmall{280, 150}; // over tile borders both ways
    for (unsigned seed = 0; seed < 3; ++seed) {
        const Mask m = random_mask(kSmall, seed * 3 + 1);
        const auto covered = [&](int x, int y) { return int{m.at(x, y)}; };
        // Beyond the picture the nearest edge counts, so that its border is none.
        const auto left_out = [&](int x, int y) {
            return 255 -
                   m.at(std::clamp(x, 0, kSmall.width - 1), std::clamp(y, 0, kSmall.height - 1));
        };
        for (const auto& [inner, outer] : {std::pair{2.0, 3.5}, {4.3, 1.0}})
            expect_near(
                border(m, inner, outer),
                [&](int x, int y) {
                    const int less = 255 - slow_grow(left_out, x, y, inner);
                    return std::min(slow_grow(covered, x, y, outer), 255 - less);
                },
                1, "border");
    }
}

TEST(Cleanup, contrast_steepens_about_the_middle) {
    const Mask m = from_function(kSize, [](int x, int) { return x % 256; });
    EXPECT_TRUE(contrast(m, 0) == m);
    EXPECT_TRUE(contrast(m, std::nan("")) == m);
    expect_near(
        contrast(m, 0.5),
        [&](int x, int y) { return std::clamp(127.5 + (m.at(x, y) - 127.5) * 2, 0.0, 255.0); },
        0.5);
    const Mask any = random_mask(kSize, 5);
    for (const double amount : {0.2, 0.8})
        expect_near(
            contrast(any, amount),
            [&](int x, int y) {
                return std::clamp(127.5 + (any.at(x, y) - 127.5) / (1 - amount), 0.0, 255.0);
            },
            0.5);
    for (const double most : {1.0, 7.0})
        expect_near(
            contrast(m, most), [&](int x, int y) { return m.at(x, y) >= 128 ? 255 : 0; }, 0);
}

} // namespace
} // namespace mw::mask
