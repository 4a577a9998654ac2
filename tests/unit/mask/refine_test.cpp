#include "mask/refine.h"

#include <cmath>

#include "art.h"

namespace mw::mask {
namespace {

// The definition, pixel by pixel.
Mask slow_grow(const Mask& m, double r) {
    struct Offset {
        int dx, dy, drop;
    };
    std::vector<Offset> disc;
    const int reach = static_cast<int>(std::ceil(r)) + 1;
    for (int dy = -reach; dy <= reach; ++dy)
        for (int dx = -reach; dx <= reach; ++dx) {
            const double d = std::hypot(dx, dy);
            const int drop = d <= r ? 0 : static_cast<int>(255 * std::min(d - r, 1.0) + 0.5);
            if (drop < 255) disc.push_back({dx, dy, drop});
        }
    return from_function(m.size(), [&](int x, int y) {
        int best = 0;
        for (const Offset& o : disc)
            best = std::max(best, m.at(x + o.dx, y + o.dy) - o.drop);
        return best;
    });
}

TEST(Refine, invert_and_support) {
    for (unsigned seed = 0; seed < 6; ++seed) {
        const Mask m = random_mask({290, 270}, seed);
        expect_near(
            inverted(m), [&](int x, int y) { return 255 - m.at(x, y); }, 0);
        expect_near(
            support(m), [&](int x, int y) { return m.at(x, y) ? 255 : 0; }, 0);
        EXPECT_TRUE(inverted(inverted(m)) == m);
    }
    EXPECT_TRUE(inverted(Mask({300, 200})) == Mask::full({300, 200}));
    EXPECT_TRUE(inverted(Mask::full({300, 200})).empty());
}

TEST(Refine, grow_equals_its_definition) {
    for (const double r : {0.0, 0.4, 1.0, 1.5, 2.0, 5.25, 13.0, 20.7})
        for (unsigned seed = 0; seed < 4; ++seed) {
            const Mask m = random_mask({280, 150}, seed * 7 + 1);
            const Mask want = slow_grow(m, r);
            expect_near(
                grow(m, r), [&](int x, int y) { return want.at(x, y); }, 0, "grow");
        }
}

TEST(Refine, large_radii_reach_over_tiles) {
    Mask m({700, 300});
    m.write({350, 150, 1, 1}, Mask::full({1, 1}).read({0, 0, 1, 1}).view());
    for (const double r : {200.0, 301.5})
        expect_near(
            grow(m, r),
            [&](int x, int y) {
                const double d = std::hypot(x - 350, y - 150);
                return d <= r ? 255 : 255 - std::floor(255 * std::min(d - r, 1.0) + 0.5);
            },
            0, "disc");
    EXPECT_TRUE(grow(m, 1e9) == Mask::full({700, 300}));
    EXPECT_TRUE(grow(m, std::nan("")) == m);
    EXPECT_TRUE(grow(m, -3) == m);
    EXPECT_TRUE(grow(Mask({700, 300}), 50).empty());
    EXPECT_TRUE(grow(Mask::full({700, 300}), 50) == Mask::full({700, 300}));
}

TEST(Refine, grow_of_grey_specks_by_any_radius) {
    const Size size{620, 410};
    std::mt19937 random(3);
    const auto upto = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (const double r : {0.3, 31.0, 90.3, 127.9, 254.7, 340.0}) {
        Mask m(size);
        std::vector<std::pair<Point, int>> specks;
        for (int i = 0; i < 12; ++i) {
            const std::uint8_t v = static_cast<std::uint8_t>(i % 3 ? 1 + upto(254) : 255);
            const Point p{upto(size.width), upto(size.height)};
            m.write({p.x, p.y, 1, 1},
                    {reinterpret_cast<const std::byte*>(&v), {1, 1}, image::kGray8, 1});
            specks.push_back({p, v});
        }
        expect_near(
            grow(m, r),
            [&](int x, int y) {
                int best = 0;
                for (const auto& [p, v] : specks) {
                    const double d = std::hypot(x - p.x, y - p.y);
                    const int drop =
                        d <= r ? 0 : static_cast<int>(255 * std::min(d - r, 1.0) + 0.5);
                    if (m.at(p.x, p.y) == v) best = std::max(best, v - drop);
                }
                return best;
            },
            0, "specks");
    }
}

TEST(Refine, grow_of_soft_masks_equals_its_definition) {
    for (const double r : {3.0, 9.5}) {
        Mask m = feather(random_mask({280, 150}, 11), 24);
        combine(m, random_mask({280, 150}, 12), CombineMode::add);
        const Mask want = slow_grow(m, r);
        expect_near(
            grow(m, r), [&](int x, int y) { return want.at(x, y); }, 0, "soft");
    }
}

TEST(Refine, shrink_is_the_dual_and_ignores_the_border) {
    for (const double r : {1.0, 3.5, 12.0})
        for (unsigned seed = 0; seed < 3; ++seed) {
            const Mask m = random_mask({280, 150}, seed * 5 + 2);
            const Mask want = inverted(slow_grow(inverted(m), r));
            // Beyond the picture the nearest edge pixel repeats: the slow reference has "0
            // inverted" there, which is the same.
            expect_near(
                shrink(m, r), [&](int x, int y) { return want.at(x, y); }, 0, "shrink");
        }
    EXPECT_TRUE(shrink(Mask::full({300, 300}), 20) == Mask::full({300, 300}));
}

// The full two-dimensional sum in double, border 0.
void expect_gaussian(const Mask& m, double radius, double limit) {
    const double sigma = radius / 2;
    const int reach = static_cast<int>(std::ceil(6 * sigma)) + 1;
    std::vector<double> w;
    double sum = 0;
    for (int i = -reach; i <= reach; ++i) {
        w.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
        sum += w.back();
    }
    const int W = m.size().width, H = m.size().height;
    std::vector<double> wide(static_cast<std::size_t>(W * H)), blur(wide.size());
    for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
            for (int i = -reach; i <= reach; ++i)
                wide[static_cast<std::size_t>(y * W + x)] +=
                    w[static_cast<std::size_t>(i + reach)] / sum * m.at(x + i, y);
    for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x)
            for (int i = -reach; i <= reach; ++i)
                if (y + i >= 0 && y + i < H)
                    blur[static_cast<std::size_t>(y * W + x)] +=
                        w[static_cast<std::size_t>(i + reach)] / sum *
                        wide[static_cast<std::size_t>((y + i) * W + x)];
    expect_near(
        feather(m, radius), [&](int x, int y) { return blur[static_cast<std::size_t>(y * W + x)]; },
        limit, ("feather " + std::to_string(radius)).c_str());
}

TEST(Refine, feather_is_a_gaussian_within_two_levels) {
    for (const double radius : {0.5, 1.0, 3.0, 8.0, 11.9, 12.1, 20.0, 33.0, 60.0, 98.0})
        for (unsigned seed = 1; seed < 3; ++seed)
            expect_gaussian(random_mask({290, 200}, seed), radius, 2.0);
    expect_gaussian(Mask::full({200, 140}), 30, 2.0);
    const Mask m = random_mask({200, 100}, 1);
    EXPECT_TRUE(feather(m, 0) == m);
    EXPECT_TRUE(feather(m, std::nan("")) == m);
    feather(m, 1e12);
}

TEST(Refine, feather_leaves_far_tiles_alone) {
    Mask m({2000, 2000});
    m.write({0, 0, 1000, 2000}, Mask::full({1000, 2000}).read({0, 0, 1000, 2000}).view());
    const Mask soft = feather(m, 40);
    EXPECT_EQ(soft.tile(15, 3), nullptr);
    EXPECT_EQ(soft.tile(4, 4), full_tile());
}

TEST(Refine, distances_are_exact) {
    for (unsigned seed = 0; seed < 6; ++seed) {
        const Size size{190, 140};
        // Mostly covered, with holes.
        const Mask m = inverted(support(random_mask(size, seed)));
        const Rect window{-3, 20, 150, 125};
        for (const bool border : {false, true}) {
            std::vector<Point> outside;
            for (int y = -1; y <= size.height; ++y)
                for (int x = -1; x <= size.width; ++x)
                    if (m.rect().contains(Point{x, y}) ? m.at(x, y) == 0 : border)
                        outside.push_back({x, y});
            for (const double cap : {7.5, 1e9}) {
                const image::Image got = inside_distance(m, window, cap, border);
                for (int y = 0; y < window.height; y += 7)
                    for (int x = 0; x < window.width; x += 2) {
                        const Point p{window.x + x, window.y + y};
                        double best = m.at(p.x, p.y) == 0 ? 0 : cap * cap;
                        for (const Point& q : outside) {
                            const double dx = q.x - p.x, dy = q.y - p.y;
                            best = std::min(best, dx * dx + dy * dy);
                        }
                        ASSERT_FLOAT_EQ(*got.view().pixel<float>(x, y),
                                        static_cast<float>(std::sqrt(best)))
                            << p.x << "," << p.y << " " << seed << border;
                    }
            }
        }
    }
}

} // namespace
} // namespace mw::mask
