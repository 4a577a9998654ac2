#include "base/geometry.h"

#include <gtest/gtest.h>

namespace mw {
namespace {

TEST(Geometry, rectangles_are_half_open) {
    const Rect r{2, 3, 4, 5};
    EXPECT_TRUE(r.contains(Point{2, 3}));
    EXPECT_TRUE(r.contains(Point{5, 7}));
    EXPECT_FALSE(r.contains(Point{6, 7}));
    EXPECT_FALSE(r.contains(Point{5, 8}));
    EXPECT_EQ(r.area(), 20);
    EXPECT_EQ(Rect::from_edges(2, 3, 6, 8), r);
    EXPECT_EQ(r.grown(2), (Rect{0, 1, 8, 9}));
    EXPECT_EQ(r.translated(-2, 1), (Rect{0, 4, 4, 5}));
}

TEST(Geometry, empty_rectangles) {
    EXPECT_TRUE(Rect{}.empty());
    EXPECT_TRUE((Rect{5, 5, 0, 9}).empty());
    EXPECT_TRUE((Rect{5, 5, -3, 9}).empty());
    EXPECT_EQ((Rect{5, 5, -3, -9}).area(), 0);
    EXPECT_TRUE((Rect{1, 1, 2, 2}).contains(Rect{}));
    EXPECT_TRUE((Size{0, 7}).empty());
    EXPECT_EQ((Size{1 << 20, 1 << 20}).area(), std::int64_t{1} << 40);
}

TEST(Geometry, intersect_and_unite) {
    EXPECT_EQ(intersect({0, 0, 10, 10}, {5, 6, 10, 10}), (Rect{5, 6, 5, 4}));
    EXPECT_EQ(intersect({0, 0, 10, 10}, {10, 0, 5, 5}), Rect{});
    EXPECT_EQ(intersect({0, 0, 10, 10}, {0, 0, 0, 5}), Rect{});
    EXPECT_EQ(unite({0, 0, 1, 1}, {5, 6, 1, 2}), (Rect{0, 0, 6, 8}));
    EXPECT_EQ(unite(Rect{}, {5, 6, 1, 2}), (Rect{5, 6, 1, 2}));
    EXPECT_EQ(unite({5, 6, 1, 2}, {100, 100, 0, 0}), (Rect{5, 6, 1, 2}));
}

TEST(Geometry, affine_maps_points) {
    const Affine2 turn{0, -1, 1, 0, 10, 20};
    EXPECT_EQ(turn.apply({3, 4}), (PointF{6, 23}));
    EXPECT_EQ(Affine2{}.apply({3, 4}), (PointF{3, 4}));
}

} // namespace
} // namespace mw
