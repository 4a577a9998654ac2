#include "composite/cut_off.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"

namespace mw::composite {
namespace {

constexpr int kSide = 4; // px of a cell
constexpr float kLeastDifference = 8, kBeyondUsual = 4;
constexpr double kLeastExtent = 3;

struct Map {
    int width = 0, height = 0;
    std::vector<float> difference;    // levels, of the cell's mean; -1: no part of the context
    std::vector<std::uint8_t> masked; // pixels of the mask in it
    std::vector<std::uint8_t> reached;
    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(x);
    }
    bool holds(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
};

Map differences(const Context& context, image::ImageView corrected, image::ImageView covered) {
    const Size size = context.window.size();
    Map map;
    map.width = (size.width + kSide - 1) / kSide;
    map.height = (size.height + kSide - 1) / kSide;
    const auto cells = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
    map.difference.resize(cells);
    map.masked.resize(cells);
    map.reached.resize(cells);
    const int n = corrected.format.channels;
    parallel_for(map.height, 8, [&](int begin, int end) {
        std::vector<float> sums(static_cast<std::size_t>(map.width * n));
        std::vector<int> counts(static_cast<std::size_t>(map.width));
        for (int cy = begin; cy < end; ++cy) {
            std::fill(sums.begin(), sums.end(), 0.0f);
            std::fill(counts.begin(), counts.end(), 0);
            for (int y = cy * kSide; y < std::min((cy + 1) * kSide, size.height); ++y) {
                const float* s = context.source.view().row<float>(y);
                const float* a = corrected.row<float>(y);
                const auto* ring = context.ring.view().row<std::uint8_t>(y);
                const auto* in_mask = covered.row<std::uint8_t>(y);
                for (int x = 0; x < size.width; ++x, s += n, a += n) {
                    const auto cell = static_cast<std::size_t>(x / kSide);
                    map.masked[map.at(x / kSide, cy)] += in_mask[x] != 0;
                    if (!ring[x] && !(in_mask[x] && std::isfinite(s[0] + s[n / 2] + s[n - 1])))
                        continue;
                    ++counts[cell];
                    for (int c = 0; c < n; ++c)
                        sums[cell * static_cast<std::size_t>(n) + static_cast<std::size_t>(c)] +=
                            std::clamp(s[c], 0.0f, 1.0f) - std::clamp(a[c], 0.0f, 1.0f);
                }
            }
            for (int cx = 0; cx < map.width; ++cx) {
                float most = -1;
                const auto cell = static_cast<std::size_t>(cx);
                for (int c = 0; c < n && counts[cell]; ++c)
                    most = std::max(most, 255 *
                                              std::abs(sums[cell * static_cast<std::size_t>(n) +
                                                            static_cast<std::size_t>(c)]) /
                                              static_cast<float>(counts[cell]));
                map.difference[map.at(cx, cy)] = most;
            }
        }
    });
    return map;
}

// What is clearly more than the ring's own differences.
float threshold(const Map& map) {
    std::vector<float> ring;
    for (std::size_t i = 0; i < map.difference.size(); ++i)
        if (!map.masked[i] && map.difference[i] >= 0) ring.push_back(map.difference[i]);
    if (ring.size() < 32) return -1;
    const auto upper = ring.begin() + static_cast<std::ptrdiff_t>(ring.size() * 3 / 4);
    std::nth_element(ring.begin(), upper, ring.end());
    return std::max(kLeastDifference, kBeyondUsual * *upper);
}

// Marks the cells of the ring that hang together with a change inside.
void reach_out(Map& map, float limit) {
    std::vector<Point> open;
    for (int y = 0; y < map.height; ++y)
        for (int x = 0; x < map.width; ++x)
            if (map.masked[map.at(x, y)] && map.difference[map.at(x, y)] > limit)
                open.push_back({x, y});
    while (!open.empty()) {
        const Point p = open.back();
        open.pop_back();
        for (const auto& [x, y] :
             {Point{p.x - 1, p.y}, Point{p.x + 1, p.y}, Point{p.x, p.y - 1}, Point{p.x, p.y + 1}}) {
            if (!map.holds(x, y)) continue;
            const std::size_t at = map.at(x, y);
            if (map.masked[at] || map.reached[at] || !(map.difference[at] > limit)) continue;
            map.reached[at] = 1;
            open.push_back({x, y});
        }
    }
}

// How far the reached cells go on from the mask's last pixel at (x, y) in a direction, in px. A
// cell at the end that is changed in part counts in part.
double extent(const Map& map, float limit, int x, int y, int dx, int dy) {
    int cx = x / kSide, cy = y / kSide;
    if (!(map.difference[map.at(cx, cy)] > limit)) return 0;
    // What is left of the edge's own cell.
    double px = dx < 0   ? x - cx * kSide
                : dx > 0 ? (cx + 1) * kSide - 1 - x
                : dy < 0 ? y - cy * kSide
                         : (cy + 1) * kSide - 1 - y;
    float before = map.difference[map.at(cx, cy)], last = 0;
    bool any = false;
    for (cx += dx, cy += dy; map.holds(cx, cy); cx += dx, cy += dy) {
        const std::size_t at = map.at(cx, cy);
        if (map.masked[at]) return 0; // another part of the mask: nothing is cut off here
        const float d = std::max(map.difference[at], 0.0f);
        if (!map.reached[at]) {
            if (any) px += kSide * std::clamp(d / before, 0.0f, 1.0f);
            break;
        }
        if (any) before = last;
        any = true;
        last = d;
        px += kSide;
    }
    if (!any) return 0;
    // The last reached cell may be changed in part only, against the one before it.
    return px - kSide * (1 - std::clamp(last / before, 0.0f, 1.0f));
}

// The largest extent that two neighbouring lines share.
int shared_extent(const std::vector<double>& lines) {
    double most = 0;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i)
        most = std::max(most, std::min(lines[i], lines[i + 1]));
    return most < kLeastExtent ? 0 : static_cast<int>(std::lround(most));
}

std::string sentence(const CutOff& c) {
    std::string text;
    const auto add = [&](int px, const char* where) {
        if (px == 0) return;
        text += text.empty() ? "The new object wants " : " and ";
        text += fmt::format("{} px more {}", px, where);
    };
    add(c.left, "to the left");
    add(c.above, "above");
    add(c.right, "to the right");
    add(c.below, "below");
    return text.empty() ? text : text + ".";
}

} // namespace

CutOff find_cut_off(const Context& context, image::ImageView corrected, const mask::Mask& mask) {
    CutOff out;
    const image::Image covered = mask.read(context.window);
    Map map = differences(context, corrected, covered.view());
    const float limit = threshold(map);
    if (limit < 0) return out;
    reach_out(map, limit);
    if (std::none_of(map.reached.begin(), map.reached.end(), [](auto r) { return r != 0; }))
        return out;
    const Size size = context.window.size();
    const auto in = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < size.width && y < size.height &&
               *covered.view().pixel<std::uint8_t>(x, y) != 0;
    };
    std::vector<double> left(std::size_t(map.height)), right(left), above(std::size_t(map.width)),
        below(above);
    const auto note = [](double& line, double px) { line = std::max(line, px); };
    for (int cy = 0; cy < map.height; ++cy) {
        const int y = std::min(cy * kSide + kSide / 2, size.height - 1);
        for (int x = 0; x < size.width; ++x) {
            if (!in(x, y)) continue;
            if (!in(x - 1, y)) note(left[std::size_t(cy)], extent(map, limit, x, y, -1, 0));
            if (!in(x + 1, y)) note(right[std::size_t(cy)], extent(map, limit, x, y, 1, 0));
        }
    }
    for (int cx = 0; cx < map.width; ++cx) {
        const int x = std::min(cx * kSide + kSide / 2, size.width - 1);
        for (int y = 0; y < size.height; ++y) {
            if (!in(x, y)) continue;
            if (!in(x, y - 1)) note(above[std::size_t(cx)], extent(map, limit, x, y, 0, -1));
            if (!in(x, y + 1)) note(below[std::size_t(cx)], extent(map, limit, x, y, 0, 1));
        }
    }
    out.left = shared_extent(left);
    out.right = shared_extent(right);
    out.above = shared_extent(above);
    out.below = shared_extent(below);
    out.text = sentence(out);
    return out;
}

} // namespace mw::composite
