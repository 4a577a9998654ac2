#include "lettering/place.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace mw::lettering {
namespace {

constexpr std::uint8_t kIn = 128;
// Cells across the longer side at most: the search is quadratic in nothing, but of megapixels.
constexpr double kMostCells = 1024;

template <class Visit>
void each_inside(image::ImageView coverage, const Visit& visit) {
    for (int y = 0; y < coverage.size.height; ++y) {
        const std::uint8_t* row = coverage.row<std::uint8_t>(y);
        for (int x = 0; x < coverage.size.width; ++x)
            if (row[x] >= kIn) visit(x, y);
    }
}

} // namespace

double size_in(const Room& room, const Block& block) {
    return std::min((room.width() - 2 * block.edge_px) / block.width,
                    (room.height() - 2 * block.edge_px) / block.height);
}

Region::Region(image::ImageView coverage, double turn) : turn_(turn) {
    const double c = std::cos(turn), s = std::sin(turn);
    constexpr double kFar = std::numeric_limits<double>::max();
    double left = kFar, top = kFar, right = -kFar, bottom = -kFar;
    each_inside(coverage, [&](int x, int y) {
        const double u = c * (x + 0.5) + s * (y + 0.5), v = -s * (x + 0.5) + c * (y + 0.5);
        left = std::min(left, u), right = std::max(right, u);
        top = std::min(top, v), bottom = std::max(bottom, v);
    });
    if (right < left) return;
    step_ = std::max({1.0, (right - left + 1) / kMostCells, (bottom - top + 1) / kMostCells});
    left_ = left - 0.5;
    top_ = top - 0.5;
    width_ = std::max(1, static_cast<int>(std::floor((right - left + 1) / step_ + 1e-6)));
    height_ = std::max(1, static_cast<int>(std::floor((bottom - top + 1) / step_ + 1e-6)));
    inside_.assign(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), 0);
    for (int j = 0; j < height_; ++j)
        for (int i = 0; i < width_; ++i) {
            const double u = left_ + (i + 0.5) * step_, v = top_ + (j + 0.5) * step_;
            const int x = static_cast<int>(std::floor(c * u - s * v)),
                      y = static_cast<int>(std::floor(s * u + c * v));
            if (x < 0 || y < 0 || x >= coverage.size.width || y >= coverage.size.height) continue;
            inside_[static_cast<std::size_t>(j) * static_cast<std::size_t>(width_) +
                    static_cast<std::size_t>(i)] = coverage.row<std::uint8_t>(y)[x] >= kIn;
        }
}

std::optional<Room> Region::best(const Block& block) const {
    // Every largest rectangle is closed by a column's end in the histogram of heights, row by row.
    std::optional<Room> best;
    double best_size = 0, best_spare = 0;
    std::vector<int> heights(static_cast<std::size_t>(width_) + 1, 0);
    struct Open {
        int from, height;
    };
    std::vector<Open> open;
    for (int j = 0; j < height_; ++j) {
        open.clear();
        for (int i = 0; i <= width_; ++i) {
            int height = 0;
            if (i < width_) {
                int& h = heights[static_cast<std::size_t>(i)];
                h = inside_[static_cast<std::size_t>(j) * static_cast<std::size_t>(width_) +
                            static_cast<std::size_t>(i)]
                        ? h + 1
                        : 0;
                height = h;
            }
            int from = i;
            while (!open.empty() && open.back().height >= height) {
                const Open o = open.back();
                open.pop_back();
                from = o.from;
                if (o.height == 0) continue;
                const Room room{left_ + o.from * step_, top_ + (j + 1 - o.height) * step_,
                                left_ + i * step_, top_ + (j + 1) * step_, turn_};
                const double size = size_in(room, block);
                // Of those that hold it equally well the largest: the text stands in its middle.
                const double spare = room.width() * room.height();
                if (size <= 0 || size < best_size - 1e-9 ||
                    (size < best_size + 1e-9 && spare <= best_spare))
                    continue;
                best = room;
                best_size = size;
                best_spare = spare;
            }
            open.push_back({from, height});
        }
    }
    return best;
}

std::optional<double> long_axis(image::ImageView coverage) {
    double n = 0, sx = 0, sy = 0, xx = 0, xy = 0, yy = 0;
    each_inside(coverage, [&](int x, int y) { n += 1, sx += x, sy += y; });
    if (n < 2) return std::nullopt;
    each_inside(coverage, [&](int x, int y) {
        const double dx = x - sx / n, dy = y - sy / n;
        xx += dx * dx, xy += dx * dy, yy += dy * dy;
    });
    const double mean = (xx + yy) / 2, off = std::hypot((xx - yy) / 2, xy);
    if (mean + off < 1.3 * (mean - off) + 1e-9) return std::nullopt;
    return 0.5 * std::atan2(2 * xy, xx - yy);
}

} // namespace mw::lettering
