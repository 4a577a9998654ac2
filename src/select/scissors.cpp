#include "select/scissors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "mask/shapes.h"
#include "select/edge_features.h"

namespace mw::select {
namespace {

constexpr int kSide = kFeatureSide;
constexpr std::uint32_t kFar = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kBuckets = 512; // more than the dearest step
constexpr int kDx[8] = {1, 1, 0, -1, -1, -1, 0, 1}, kDy[8] = {0, 1, 1, 1, 0, -1, -1, -1};
constexpr std::uint8_t kSettled = 16, kStart = 8; // beside the direction towards the anchor

// The cost of turning off the edge, 255 * 0.43 * 2 / (3 pi) * (angle at p + angle at q), in steps
// of a 64th of a turn.
struct Turns {
    // For p's edge direction and a step: the step's direction or its opposite, whichever is within
    // a quarter turn, and the angle to it.
    std::uint8_t way[kDirections + 1][8], angle[kDirections + 1][8];
    std::uint8_t fold[kDirections]; // an angle as 0 .. half a turn
    std::uint8_t cost[kDirections];
};
const Turns& turns() {
    static const Turns table = [] {
        Turns t{};
        for (int a = 0; a < kDirections; ++a) {
            t.fold[a] = static_cast<std::uint8_t>(std::min(a, kDirections - a));
            t.cost[a] = static_cast<std::uint8_t>(
                std::lround(255 * 0.43 * std::min(1.0, a / (0.75 * kDirections))));
        }
        for (int p = 0; p <= kDirections; ++p)
            for (int step = 0; step < 8; ++step) {
                int way = step * kDirections / 8, angle = kDirections / 4;
                if (p < kDirections) {
                    if (t.fold[(p - way) & (kDirections - 1)] > kDirections / 4)
                        way = (way + kDirections / 2) % kDirections;
                    angle = t.fold[(p - way) & (kDirections - 1)];
                }
                t.way[p][step] = static_cast<std::uint8_t>(way);
                t.angle[p][step] = static_cast<std::uint8_t>(angle);
            }
        return t;
    }();
    return table;
}

// A pixel of the search, in one place of memory.
struct Cell {
    std::uint32_t distance;
    EdgeFeature edge;
    std::uint8_t back; // direction towards the anchor, and flags
};
constexpr int kCells = kSide * kSide;
using Tile = std::array<Cell, kCells>;

void forget(Tile& tile) {
    for (Cell& cell : tile) {
        cell.distance = kFar;
        cell.back = 0;
    }
}

} // namespace

struct Scissors::State {
    explicit State(image::ImageView p)
        : picture(p),
          full(full_gradient(p)),
          across((p.size.width + kSide - 1) / kSide),
          tiles(static_cast<std::size_t>(across) *
                static_cast<std::size_t>((p.size.height + kSide - 1) / kSide)),
          buckets(kBuckets) {}

    // A pixel's number: its tile's, then its place in the tile.
    std::uint32_t number(Point p) const {
        return static_cast<std::uint32_t>((p.y / kSide * across + p.x / kSide) * kCells +
                                          p.y % kSide * kSide + p.x % kSide);
    }
    Cell& cell(std::uint32_t n) {
        auto& tile = tiles[n / kCells];
        if (!tile) make(n / kCells);
        return (*tile)[n % kCells];
    }
    [[gnu::noinline]] void make(std::uint32_t tile) {
        static thread_local EdgeFeatures edges;
        const int t = static_cast<int>(tile);
        compute_features(picture, t % across * kSide, t / across * kSide, full, edges);
        tiles[tile] = std::make_unique_for_overwrite<Tile>();
        forget(*tiles[tile]);
        for (std::size_t i = 0; i < kCells; ++i)
            (*tiles[tile])[i].edge = edges[i];
    }
    Point inside(Point p) const {
        return {std::clamp(p.x, 0, picture.size.width - 1),
                std::clamp(p.y, 0, picture.size.height - 1)};
    }
    void settle(std::uint32_t n, Cell& own);
    void reach(const Cell& own, int d, std::uint32_t n, Cell& to);
    bool search(Point target, const std::stop_token& stop);

    image::ImageView picture;
    float full;
    int across;
    std::vector<std::unique_ptr<Tile>> tiles;
    std::vector<std::vector<std::uint32_t>> buckets; // Dial's queue
    std::uint32_t now = 0;
    std::size_t waiting = 0;
    std::int64_t settled = 0;
    bool has_anchor = false;
};

inline void Scissors::State::reach(const Cell& own, int d, std::uint32_t n, Cell& to) {
    if (to.back & kSettled) return;
    const Turns& t = turns();
    const std::uint8_t p = own.edge.direction, q = to.edge.direction;
    const unsigned at_q =
        q < kDirections ? t.fold[(q - t.way[p][d]) & (kDirections - 1)] : kDirections / 2u;
    const std::uint32_t cost = 1u + to.edge.cost + t.cost[t.angle[p][d] + at_q];
    const std::uint32_t far = now + (d % 2 ? cost * 362 / 256 : cost); // times sqrt 2
    if (far >= to.distance) return;
    to.distance = far;
    to.back = static_cast<std::uint8_t>((d + 4) % 8);
    buckets[far % kBuckets].push_back(n);
    ++waiting;
}

// Looks at the neighbours of a pixel whose distance is final.
void Scissors::State::settle(std::uint32_t n, Cell& own) {
    own.back |= kSettled;
    ++settled;
    const int place = static_cast<int>(n % kCells), tile = static_cast<int>(n / kCells);
    const int u = place % kSide, v = place / kSide;
    const int x = tile % across * kSide + u, y = tile / across * kSide + v;
    if (u > 0 && v > 0 && u < kSide - 1 && v < kSide - 1 && x + 1 < picture.size.width &&
        y + 1 < picture.size.height) {
        for (int d = 0; d < 8; ++d) {
            const int step = kDy[d] * kSide + kDx[d];
            reach(own, d, static_cast<std::uint32_t>(static_cast<int>(n) + step), *(&own + step));
        }
        return;
    }
    for (int d = 0; d < 8; ++d) {
        const Point p{x + kDx[d], y + kDy[d]};
        if (!picture.rect().contains(p)) continue;
        reach(own, d, number(p), cell(number(p)));
    }
}

bool Scissors::State::search(Point target, const std::stop_token& stop) {
    const Cell& goal = cell(number(target));
    while (!(goal.back & kSettled) && waiting > 0) {
        if (now % 64 == 0 && stop.stop_requested()) return false;
        auto& bucket = buckets[now % kBuckets];
        for (std::size_t k = 0; k < bucket.size(); ++k) {
            Cell& own = cell(bucket[k]);
            if (own.distance == now && !(own.back & kSettled)) settle(bucket[k], own);
        }
        waiting -= bucket.size(); // no step is free: nothing was added to this one
        bucket.clear();
        ++now;
    }
    return true;
}

Scissors::Scissors(image::ImageView picture) : state_(std::make_unique<State>(picture)) {}
Scissors::~Scissors() = default;
Scissors::Scissors(Scissors&&) noexcept = default;
Scissors& Scissors::operator=(Scissors&&) noexcept = default;

std::int64_t Scissors::settled() const {
    return state_->settled;
}

void Scissors::set_anchor(Point anchor) {
    State& s = *state_;
    for (auto& tile : s.tiles)
        if (tile) forget(*tile);
    for (auto& bucket : s.buckets)
        bucket.clear();
    const std::uint32_t n = s.number(s.inside(anchor));
    s.cell(n).distance = 0;
    s.cell(n).back = kStart;
    s.now = 0;
    s.settled = 0;
    s.waiting = 1;
    s.buckets[0].push_back(n);
    s.has_anchor = true;
}

Result<std::vector<Point>> Scissors::path_to(Point target, std::stop_token stop) {
    State& s = *state_;
    if (!s.has_anchor)
        return fail(ErrorCode::invalid_argument, "The scissors need an anchor before a target.");
    Point p = s.inside(target);
    if (!s.search(p, stop)) return fail(ErrorCode::cancelled, "The selection was cancelled.");
    std::vector<Point> path{p};
    for (;;) {
        const std::uint8_t back = s.cell(s.number(p)).back;
        if (back & kStart) break;
        p = {p.x + kDx[back % 8], p.y + kDy[back % 8]};
        path.push_back(p);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

mask::Mask enclosed(Size size, std::span<const Point> line) {
    std::vector<PointF> points;
    points.reserve(line.size());
    for (const Point& p : line)
        points.push_back({p.x + 0.5, p.y + 0.5});
    return mask::polygon(size, points);
}

mask::Mask lasso(Size size, std::span<const PointF> line) {
    std::vector<PointF> points;
    points.reserve(line.size());
    for (const PointF& p : line)
        if (std::isfinite(p.x) && std::isfinite(p.y) && (points.empty() || !(points.back() == p)))
            points.push_back(p);
    return mask::polygon(size, points);
}

} // namespace mw::select
