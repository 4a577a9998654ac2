#include "composite/shift_search.h"

#include <algorithm>
#include <array>

namespace mw::composite {
namespace {

constexpr int kCell = 32; // full-size pixels

} // namespace

ShiftSearch::ShiftSearch(const Details& details, const Level& level, const Motion& motion,
                         int reach, std::size_t most)
    : reach_(reach), costs_(static_cast<std::size_t>((2 * reach + 1) * (2 * reach + 1))) {
    const Samples& all = level.fit;
    const std::size_t every = all.size() / most + 1;
    const Registration r = motion.registration();
    const PointF c = level.centre;
    const int w = details.answer.width, h = details.answer.height;
    std::size_t used = 0;
    for (std::size_t i = 0; i < all.size(); i += every) {
        const double x = all.x[i] - c.x, y = all.y[i] - c.y;
        const int ix = static_cast<int>(std::lround(c.x + r.xx * x + r.xy * y + r.dx / level.unit));
        const int iy = static_cast<int>(std::lround(c.y + r.yx * x + r.yy * y + r.dy / level.unit));
        if (ix < reach || iy < reach || ix + reach >= w || iy + reach >= h) continue;
        const float own =
            details.source.row(static_cast<int>(all.y[i]))[static_cast<int>(all.x[i])];
        float* cost = costs_.data();
        for (int dy = -reach; dy <= reach; ++dy) {
            const float* row = details.answer.row(iy + dy) + ix - reach;
            for (int k = 0; k <= 2 * reach; ++k, ++cost)
                *cost += std::min(std::abs(own - row[k]), kCut);
        }
        ++used;
    }
    enough_ = used >= 50;
    for (float& cost : costs_)
        cost /= static_cast<float>(std::max<std::size_t>(used, 1));
}

bool ShiftSearch::is_valley(int dx, int dy) const {
    for (int j = std::max(-reach_, dy - 1); j <= std::min(reach_, dy + 1); ++j)
        for (int i = std::max(-reach_, dx - 1); i <= std::min(reach_, dx + 1); ++i)
            if ((i != dx || j != dy) && at(i, j) <= at(dx, dy)) return false;
    return true;
}

std::vector<Valley> valleys(const ShiftSearch& costs, const Motion& around, double unit,
                            int least_away) {
    std::vector<Valley> out;
    for (int dy = -costs.reach(); dy <= costs.reach(); ++dy)
        for (int dx = -costs.reach(); dx <= costs.reach(); ++dx) {
            if (std::max(std::abs(dx), std::abs(dy)) < least_away || !costs.is_valley(dx, dy))
                continue;
            Valley v{costs.at(dx, dy), around};
            v.motion.p[0] += dx * unit;
            v.motion.p[1] += dy * unit;
            out.push_back(v);
        }
    std::sort(out.begin(), out.end(),
              [](const Valley& v, const Valley& w) { return v.cost < w.cost; });
    return out;
}

Trust::Trust(const Details& details, const Level& level, const Motion& motion)
    : wide_(static_cast<int>(details.source.width * level.unit) / kCell + 1),
      cells_(static_cast<std::size_t>(wide_) *
                 (static_cast<std::size_t>(details.source.height * level.unit) / kCell + 1),
             1) {
    struct Cell {
        float contrast = 0, count = 0;
        std::array<float, 9> cost{};
    };
    std::vector<Cell> cells(cells_.size());
    const Registration r = motion.registration();
    const PointF c = level.centre;
    const Samples& all = level.fit;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const double x = all.x[i] - c.x, y = all.y[i] - c.y;
        const int ix = static_cast<int>(std::lround(c.x + r.xx * x + r.xy * y + r.dx / level.unit));
        const int iy = static_cast<int>(std::lround(c.y + r.yx * x + r.yy * y + r.dy / level.unit));
        if (ix < 1 || iy < 1 || ix + 1 >= details.answer.width || iy + 1 >= details.answer.height)
            continue;
        Cell& cell = cells[index(all.x[i] * level.unit, all.y[i] * level.unit)];
        const float own =
            details.source.row(static_cast<int>(all.y[i]))[static_cast<int>(all.x[i])];
        cell.contrast += std::min(std::abs(own), kCut);
        ++cell.count;
        for (int k = 0; k < 9; ++k)
            cell.cost[static_cast<std::size_t>(k)] +=
                std::min(std::abs(own - details.answer.row(iy + k / 3 - 1)[ix + k % 3 - 1]), kCut);
    }
    double known = 0, good = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Cell& cell = cells[i];
        if (cell.count < 3) continue;
        const float least = *std::min_element(cell.cost.begin(), cell.cost.end());
        cells_[i] = least <= std::max(1.5f * cell.count, 0.7f * cell.contrast);
        ++known;
        good += cells_[i];
    }
    share_ = known > 0 ? good / known : 0;
}

std::size_t Trust::index(double x, double y) const {
    return static_cast<std::size_t>(static_cast<int>(y) / kCell * wide_ +
                                    static_cast<int>(x) / kCell);
}

Samples Trust::of(const Samples& all, double unit) const {
    Samples some;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (cells_[index(all.x[i] * unit, all.y[i] * unit)]) some.push(all, i);
    return some;
}

} // namespace mw::composite
