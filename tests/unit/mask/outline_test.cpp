#include "mask/outline.h"

#include <map>
#include <set>

#include "art.h"

namespace mw::mask {
namespace {

using Edge = std::pair<std::pair<int, int>, std::pair<int, int>>; // unit edge, from and to

std::multiset<Edge> units(const Outline& outline) {
    std::multiset<Edge> edges;
    for (const OutlineSegment& s : outline.segments) {
        const int dx = (s.b.x > s.a.x) - (s.b.x < s.a.x), dy = (s.b.y > s.a.y) - (s.b.y < s.a.y);
        EXPECT_TRUE((dx == 0) != (dy == 0));
        for (Point p = s.a; p != s.b; p = {p.x + dx, p.y + dy})
            edges.insert({{p.x, p.y}, {p.x + dx, p.y + dy}});
    }
    return edges;
}

std::multiset<Edge> reference(const Mask& mask, const Rect& window) {
    std::multiset<Edge> edges;
    const Rect r = intersect(window, mask.rect());
    const auto in = [&](int x, int y) { return mask.at(x, y) >= 128; };
    for (int y = r.y; y <= r.bottom(); ++y)
        for (int x = r.x; x < r.right(); ++x) {
            if (in(x, y) && !in(x, y - 1)) edges.insert({{x, y}, {x + 1, y}});
            if (!in(x, y) && in(x, y - 1)) edges.insert({{x + 1, y}, {x, y}});
        }
    for (int y = r.y; y < r.bottom(); ++y)
        for (int x = r.x; x <= r.right(); ++x) {
            if (in(x, y) && !in(x - 1, y)) edges.insert({{x, y + 1}, {x, y}});
            if (!in(x, y) && in(x - 1, y)) edges.insert({{x, y}, {x, y + 1}});
        }
    return edges;
}

TEST(Outline, one_pixel_is_four_segments) {
    const Outline o = outline(from_art({"...", ".#.", "..."}), {0, 0, 3, 3}, 100);
    EXPECT_EQ(o.segments.size(), 4u);
    EXPECT_TRUE(o.complete);
    EXPECT_EQ(outline(from_art({"#.", ".#"}), {0, 0, 2, 2}, 100).segments.size(), 8u);
    EXPECT_TRUE(outline(from_art({"44", "44"}), {0, 0, 2, 2}, 100).segments.empty());
}

TEST(Outline, equals_every_pixel_edge) {
    for (unsigned seed = 0; seed < 12; ++seed) {
        const Size size{300 + 13 * static_cast<int>(seed), 280};
        const Mask mask = seed == 3 ? Mask::full(size) : random_mask(size, seed);
        for (const Rect& window : {mask.rect(), Rect{-10, -10, 1000, 1000}, Rect{100, 90, 70, 50},
                                   Rect{128, 128, 128, 128}, Rect{127, 3, 2, 200}, Rect{5, 5, 0, 0},
                                   Rect{500, 500, 9, 9}, Rect{0, 0, 1, 1}})
            EXPECT_EQ(units(outline(mask, window, 1u << 20)), reference(mask, window)) << seed;
    }
}

TEST(Outline, stops_at_the_limit) {
    const Mask checker =
        from_function({256, 256}, [](int x, int y) { return (x + y) % 2 * 255.0; });
    const Outline o = outline(checker, checker.rect(), 1000);
    EXPECT_LE(o.segments.size(), 1000u);
    EXPECT_FALSE(o.complete);
}

} // namespace
} // namespace mw::mask
