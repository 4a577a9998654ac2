#include "scenes.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace mw::bench {
namespace {

image::Image plain(int side, int channels, std::uint8_t level) {
    image::Image picture({side, side}, {channels, image::SampleType::u8});
    std::fill(picture.bytes().begin(), picture.bytes().end(), std::byte{level});
    return picture;
}

void fill(image::Image& picture, const Rect& r, std::uint8_t level) {
    const Rect part = intersect(r, picture.rect());
    for (int y = part.y; y < part.bottom(); ++y)
        std::fill_n(picture.span().pixel<std::uint8_t>(part.x, y),
                    std::ptrdiff_t{part.width} * picture.format().channels, level);
}

void disc(image::Image& picture, int cx, int cy, int radius, std::uint8_t level) {
    for (int y = -radius; y <= radius; ++y) {
        const int half = static_cast<int>(std::sqrt(double(radius) * radius - double(y) * y));
        fill(picture, {cx - half, cy + y, 2 * half + 1, 1}, level);
    }
}

} // namespace

image::Image flat_scene(int side, int channels) {
    return plain(side, channels, 100);
}

image::Image large_scene(int side, int channels) {
    image::Image picture = plain(side, channels, 100);
    std::mt19937 random(1);
    const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    for (int i = 0; i < 400; ++i)
        disc(picture, 200 + pick(side - 200), 200 + pick(side - 200), 20 + pick(side / 80), 200);
    for (std::byte& b : picture.bytes())
        b = std::byte(std::to_integer<int>(b) + pick(7));
    return picture;
}

image::Image labyrinth_scene(int side, int channels) {
    image::Image picture = plain(side, channels, 200);
    const int n = side / 16;
    std::mt19937 random(1);
    std::vector<char> seen(static_cast<std::size_t>(n) * static_cast<std::size_t>(n));
    std::vector<Point> way{{0, 0}};
    const auto visit = [&](Point p) -> char& {
        return seen[static_cast<std::size_t>(p.y) * static_cast<std::size_t>(n) +
                    static_cast<std::size_t>(p.x)];
    };
    visit({0, 0}) = 1;
    while (!way.empty()) {
        const Point p = way.back();
        Point open[4];
        unsigned count = 0;
        for (const Point d : {Point{1, 0}, Point{-1, 0}, Point{0, 1}, Point{0, -1}}) {
            const Point q{p.x + d.x, p.y + d.y};
            if (Rect{0, 0, n, n}.contains(q) && !visit(q)) open[count++] = q;
        }
        if (count == 0) {
            way.pop_back();
            continue;
        }
        const Point q = open[random() % count];
        visit(q) = 1;
        const Rect cells = unite(Rect{p.x, p.y, 1, 1}, Rect{q.x, q.y, 1, 1});
        fill(picture,
             {cells.x * 16 + 2, cells.y * 16 + 2, cells.width * 16 - 4, cells.height * 16 - 4},
             100);
        way.push_back(q);
    }
    return picture;
}

image::Image speck_scene(int side, int channels) {
    image::Image picture = plain(side, channels, 200);
    disc(picture, side / 2, side / 2, side / (side > 8000 ? 50 : 13), 100);
    return picture;
}

image::Image object_scene(int side, Rect& box) {
    image::Image picture({side, side}, image::kRgb8);
    std::mt19937 random(4);
    const double c = side / 2.0;
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const double angle = std::atan2(y - c, x - c);
            const double radius = side * (0.25 + 0.05 * std::sin(5 * angle));
            const bool object = std::hypot(x - c, y - c) < radius;
            const int wave = static_cast<int>(20 * std::sin(x * 40.0 / side) * std::cos(y * 0.03));
            const int noise = static_cast<int>(random() % 24);
            const int color[3] = {object ? 170 + wave : 80 + wave, object ? 80 : 110 + wave,
                                  object ? 50 - wave / 2 : 130};
            for (std::ptrdiff_t k = 0; k < 3; ++k)
                picture.span().pixel<std::uint8_t>(x, y)[k] =
                    static_cast<std::uint8_t>(std::clamp(color[k] + noise, 0, 255));
        }
    const int half = static_cast<int>(side * 0.3) + 4;
    box = {side / 2 - half, side / 2 - half, 2 * half, 2 * half};
    return picture;
}

} // namespace mw::bench
