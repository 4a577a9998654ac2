// Integer and real geometry in image pixels: x to the right, y down, pixel (0,0) covers
// [0,1)x[0,1).
#pragma once

#include <algorithm>
#include <cstdint>

namespace mw {

struct Point {
    int x = 0, y = 0;
    bool operator==(const Point&) const = default;
};

struct PointF {
    double x = 0, y = 0;
    bool operator==(const PointF&) const = default;
};

struct Size {
    int width = 0, height = 0;
    bool operator==(const Size&) const = default;
    bool empty() const { return width <= 0 || height <= 0; }
    std::int64_t area() const { return empty() ? 0 : std::int64_t{width} * height; }
    int longer_side() const { return std::max(width, height); }
};

// Half open: covers x <= px < x + width. Empty when a side is not positive.
struct Rect {
    int x = 0, y = 0, width = 0, height = 0;

    static Rect of(Size s) { return {0, 0, s.width, s.height}; }
    static Rect from_edges(int left, int top, int right, int bottom) {
        return {left, top, right - left, bottom - top};
    }
    bool operator==(const Rect&) const = default;
    int right() const { return x + width; }
    int bottom() const { return y + height; }
    Size size() const { return {width, height}; }
    bool empty() const { return width <= 0 || height <= 0; }
    std::int64_t area() const { return size().area(); }
    bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    bool contains(const Rect& r) const {
        return r.empty() ||
               (r.x >= x && r.y >= y && r.right() <= right() && r.bottom() <= bottom());
    }
    Rect translated(int dx, int dy) const { return {x + dx, y + dy, width, height}; }
    Rect grown(int by) const { return {x - by, y - by, width + 2 * by, height + 2 * by}; }
};

// The common part; an empty Rect{} when there is none.
inline Rect intersect(const Rect& a, const Rect& b) {
    const Rect r =
        Rect::from_edges(std::max(a.x, b.x), std::max(a.y, b.y), std::min(a.right(), b.right()),
                         std::min(a.bottom(), b.bottom()));
    return r.empty() ? Rect{} : r;
}

// The smallest rectangle that holds both; an empty one counts for nothing.
inline Rect unite(const Rect& a, const Rect& b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    return Rect::from_edges(std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.right(), b.right()),
                            std::max(a.bottom(), b.bottom()));
}

// x' = a x + b y + tx, y' = c x + d y + ty.
struct Affine2 {
    double a = 1, b = 0, c = 0, d = 1, tx = 0, ty = 0;
    bool operator==(const Affine2&) const = default;
    PointF apply(PointF p) const { return {a * p.x + b * p.y + tx, c * p.x + d * p.y + ty}; }
};

} // namespace mw
