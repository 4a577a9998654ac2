#include "compare/spots.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "compare/error_tile.h"
#include "compare/fit.h"

namespace mw::compare {
namespace {

constexpr int kCell = 8; // divides a tile's sides

struct Cell {
    float sum = 0, most = 0;
    Point at;
};

// Sums over cells, and sums over rectangles of them in four reads.
class Grid {
  public:
    explicit Grid(Size picture)
        : width_((picture.width + kCell - 1) / kCell),
          height_((picture.height + kCell - 1) / kCell),
          cells_(std::size_t(width_) * std::size_t(height_)),
          taken_(cells_.size()) {}
    int width() const { return width_; }
    int height() const { return height_; }
    Cell& at(int x, int y) { return cells_[index(x, y)]; }
    void take(const Rect& asked) {
        const Rect r = intersect(asked, {0, 0, width_, height_});
        for (int y = r.y; y < r.bottom(); ++y)
            std::fill_n(taken_.begin() + std::ptrdiff_t(index(r.x, y)), r.width, std::uint8_t{1});
    }
    // The square of `side` cells with the greatest sum that holds none taken; empty when all are 0.
    Rect best(int side) {
        const int w = std::min(side, width_), h = std::min(side, height_);
        std::vector<double> columns(std::size_t(width_), 0.0);
        std::vector<int> blocked(std::size_t(width_), 0);
        Rect found;
        double most = 0;
        for (int y = 0; y < height_; ++y) {
            for (int x = 0; x < width_; ++x) {
                const auto i = std::size_t(x);
                blocked[i] = taken_[index(x, y)] ? h : std::max(0, blocked[i] - 1);
                // Summed anew: what is added and taken away in floating point leaves a rest.
                columns[i] = 0;
                for (int k = std::max(0, y - h + 1); k <= y; ++k)
                    columns[i] += double(cells_[index(x, k)].sum);
            }
            if (y + 1 < h) continue;
            for (int x = 0; x + w <= width_; ++x) {
                double sum = 0;
                bool free = true;
                for (int k = x; k < x + w && free; ++k)
                    free = blocked[std::size_t(k)] == 0, sum += columns[std::size_t(k)];
                if (free && sum > most) most = sum, found = {x, y - h + 1, w, h};
            }
        }
        return found;
    }

  private:
    std::size_t index(int x, int y) const {
        return std::size_t(y) * std::size_t(width_) + std::size_t(x);
    }
    int width_, height_;
    std::vector<Cell> cells_;
    std::vector<std::uint8_t> taken_;
};

void take_tile(image::ImageView map, const Rect& tile, const image::Image* left_out, Grid& grid) {
    for (int y = 0; y < tile.height; ++y) {
        const float* v = map.row<float>(y);
        for (int x = 0; x < tile.width; ++x) {
            if (!(v[x] > 0)) continue;
            if (left_out && *left_out->view().pixel<std::uint8_t>(x, y)) continue;
            Cell& cell = grid.at((tile.x + x) / kCell, (tile.y + y) / kCell);
            cell.sum += v[x];
            if (v[x] > cell.most) cell.most = v[x], cell.at = {tile.x + x, tile.y + y};
        }
    }
}

} // namespace

Result<std::vector<Spot>> worst_spots(image::ImageView a, image::ImageView b,
                                      const SpotParams& params, const Views& views,
                                      std::stop_token stop) {
    if (Status ok = check_sizes(a.size, b.size); !ok) return tl::unexpected(ok.error());
    const mask::Mask* leave_out = params.leave_out;
    if (leave_out && leave_out->size() != a.size) leave_out = nullptr;
    const ErrorTile error(a, b, views, params.metric, params.pixels_per_degree);
    const std::vector<Rect> tiles = tiles_of(a.size);
    Grid grid(a.size);
    parallel_for(static_cast<int>(tiles.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end && !stop.stop_requested(); ++i) {
            const Rect& tile = tiles[static_cast<std::size_t>(i)];
            if (views.a == views.b && same_samples(a, b, tile.grown(0)) &&
                params.metric != Metric::flip && params.metric != Metric::ssim)
                continue;
            image::Image map(tile.size(), image::kGrayF);
            error.fill(tile, map.span());
            image::Image left_out;
            if (leave_out) left_out = leave_out->read(tile);
            take_tile(map.view(), tile, leave_out ? &left_out : nullptr, grid);
        }
    });
    if (stop.stop_requested())
        return fail(ErrorCode::cancelled, "The search was cancelled; nothing is lost.");
    const int automatic = std::clamp(a.size.longer_side() / 32, 16, 256);
    const int side = std::max(1, (params.side_px > 0 ? params.side_px : automatic) / kCell);
    std::vector<Spot> spots;
    for (int k = 0; k < std::clamp(params.count, 1, 1000); ++k) {
        const Rect cells = grid.best(side);
        if (cells.empty()) break;
        grid.take(cells.grown(side / 2)); // the next one is another place
        Spot spot;
        spot.bounds =
            intersect({cells.x * kCell, cells.y * kCell, cells.width * kCell, cells.height * kCell},
                      a.rect());
        double sum = 0;
        for (int y = cells.y; y < cells.bottom(); ++y)
            for (int x = cells.x; x < cells.right(); ++x) {
                const Cell& cell = grid.at(x, y);
                sum += double(cell.sum);
                if (double(cell.most) > spot.peak_value)
                    spot.peak_value = double(cell.most), spot.peak = cell.at;
            }
        spot.value = sum / double(spot.bounds.area());
        spots.push_back(spot);
    }
    return spots;
}

} // namespace mw::compare
