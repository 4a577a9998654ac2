#include "compare/changed_areas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/parallel.h"
#include "compare/delta_e.h"
#include "compare/fit.h"
#include "compare/shown_tile.h"

namespace mw::compare {
namespace {

using image::Image;
using image::ImageView;

constexpr int kBand = 128; // rows of a tile, and of a mask's tile
constexpr std::size_t kMostRuns = 4'000'000;

// 255 where any sample differs.
void mark_bits(ImageView a, ImageView b, image::ImageSpan out) {
    const auto n = static_cast<std::size_t>(a.format.bytes());
    for (int y = 0; y < a.size.height; ++y) {
        const std::byte *p = a.row_bytes(y), *q = b.row_bytes(y);
        if (std::memcmp(p, q, n * std::size_t(a.size.width)) == 0) continue;
        auto* to = out.row<std::uint8_t>(y);
        for (int x = 0; x < a.size.width; ++x, p += n, q += n)
            if (std::memcmp(p, q, n) != 0) to[x] = 255;
    }
}

// Means of linear light over squares of `side`, of the pixels not asked for. A square with fewer
// than half of its pixels counts as equal.
struct Averages {
    std::vector<float> planes[3];
    std::vector<int> pixels;
    int width = 0, height = 0;

    Averages(ImageView picture, const Rect& tile, int side, const Image& asked)
        : width((tile.width + side - 1) / side), height((tile.height + side - 1) / side) {
        const auto n = std::size_t(width) * std::size_t(height);
        for (auto& p : planes)
            p.assign(n, 0);
        pixels.assign(n, 0);
        std::vector<float> r(std::size_t(tile.width)), g = r, b = r;
        for (int y = 0; y < tile.height; ++y) {
            linear_row(picture, tile.x, tile.y + y, tile.width, r.data(), g.data(), b.data());
            const auto* skip = asked.empty() ? nullptr : asked.view().row<std::uint8_t>(y);
            for (int x = 0; x < tile.width; ++x) {
                if (skip && skip[x]) continue;
                const auto i = std::size_t(y / side) * std::size_t(width) + std::size_t(x / side);
                const auto at = std::size_t(x);
                planes[0][i] += r[at], planes[1][i] += g[at], planes[2][i] += b[at];
                ++pixels[i];
            }
        }
        for (auto& plane : planes)
            for (std::size_t i = 0; i < n; ++i)
                plane[i] = 2 * pixels[i] >= side * side ? plane[i] / float(pixels[i]) : 0;
    }
};

void mark_averages(ImageView a, ImageView b, const Rect& tile, const ChangedAreaParams& params,
                   int side, const Image& asked, image::ImageSpan out) {
    const Averages pa(a, tile, side, asked), pb(b, tile, side, asked);
    std::vector<float> error(pa.pixels.size());
    const float* const p[] = {pa.planes[0].data(), pa.planes[1].data(), pa.planes[2].data()};
    const float* const q[] = {pb.planes[0].data(), pb.planes[1].data(), pb.planes[2].data()};
    delta_e_row(p, q, error.data(), static_cast<int>(error.size()));
    for (int y = 0; y < tile.height; ++y)
        for (int x = 0; x < tile.width; ++x)
            if (double(
                    error[std::size_t(y / side) * std::size_t(pa.width) + std::size_t(x / side)]) >
                params.delta_e)
                *out.pixel<std::uint8_t>(x, y) = 255;
}

// Of one band, 255 where something changed that was not asked for.
Image marks_of(ImageView a, ImageView b, const mask::Mask* asked, const ChangedAreaParams& params,
               const Views& views, const Rect& tile) {
    Image out(tile.size(), image::kGray8);
    const bool bits = params.delta_e <= 0 && a.format == b.format && views.a == views.b;
    if (bits && same_samples(a, b, tile)) return out;
    Image covered;
    if (asked) covered = asked->read(tile);
    if (bits) {
        mark_bits(a.sub(tile), b.sub(tile), out.span());
    } else {
        const ShownTile seen(a, b, views, tile, 0);
        const int side = std::clamp(params.average_px, 1, 8) >= 8   ? 8
                         : std::clamp(params.average_px, 1, 8) >= 4 ? 4
                         : params.average_px >= 2                   ? 2
                                                                    : 1;
        mark_averages(seen.a(), seen.b(), seen.tile(), params, side, covered, out.span());
    }
    if (asked)
        for (std::size_t i = 0; i < out.bytes().size(); ++i)
            if (covered.bytes()[i] != std::byte{0}) out.bytes()[i] = std::byte{0};
    return out;
}

struct Run {
    int y, begin, end;
    std::uint32_t parent;
};

// Runs of changed pixels and which of them belong together (Rosenfeld and Pfaltz 1966).
class Runs {
  public:
    explicit Runs(int join) : join_(join) {}
    bool add_row(int y, const std::uint8_t* marks, int width) {
        const std::size_t first = runs_.size();
        for (int x = 0; x < width; ++x) {
            const auto* hit = static_cast<const std::uint8_t*>(
                std::memchr(marks + x, 255, static_cast<std::size_t>(width - x)));
            if (!hit) break;
            const int begin = static_cast<int>(hit - marks);
            for (x = begin; x < width && marks[x];)
                ++x;
            const auto self = static_cast<std::uint32_t>(runs_.size());
            runs_.push_back({y, begin, x, self});
            if (self > first && begin - runs_[self - 1].end < join_) unite(self - 1, self);
        }
        if (runs_.size() > first) {
            for (const Row& row : rows_)
                if (y - row.y <= join_) connect(row, first);
            rows_.push_back({y, first, runs_.size()});
            if (rows_.size() > static_cast<std::size_t>(join_)) rows_.erase(rows_.begin());
        }
        return runs_.size() <= kMostRuns;
    }
    const std::vector<Run>& all() const { return runs_; }
    std::uint32_t root(std::uint32_t i) {
        while (runs_[i].parent != i)
            i = runs_[i].parent = runs_[runs_[i].parent].parent;
        return i;
    }

  private:
    struct Row {
        int y;
        std::size_t begin, end;
    };
    void connect(const Row& row, std::size_t first) {
        std::size_t i = row.begin, j = first;
        while (i < row.end && j < runs_.size()) {
            if (runs_[i].begin - runs_[j].end < join_ && runs_[j].begin - runs_[i].end < join_)
                unite(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j));
            runs_[i].end < runs_[j].end ? ++i : ++j;
        }
    }
    void unite(std::uint32_t i, std::uint32_t j) {
        const std::uint32_t p = root(i), q = root(j);
        runs_[std::max(p, q)].parent = std::min(p, q);
    }
    int join_;
    std::vector<Run> runs_;
    std::vector<Row> rows_; // the last join_ rows that have runs
};

// What is too small is no area.
void remove_small(Runs& runs, const std::vector<std::uint32_t>& number,
                  const std::vector<ChangedArea>& areas, std::int64_t min_area, mask::Mask& where) {
    const auto& all = runs.all();
    const int width = where.size().width;
    for (std::uint32_t i = 0; i < all.size();) {
        const Rect rows{0, all[i].y / kBand * kBand, width, kBand};
        Image band;
        for (; i < all.size() && all[i].y < rows.bottom(); ++i) {
            if (areas[number[runs.root(i)]].pixels >= min_area) continue;
            if (band.empty()) band = where.read(rows);
            std::fill(band.span().pixel<std::uint8_t>(all[i].begin, all[i].y - rows.y),
                      band.span().row<std::uint8_t>(all[i].y - rows.y) + all[i].end,
                      std::uint8_t{0});
        }
        if (!band.empty()) where.write(rows, band.view());
    }
}

std::string count_of(const ChangedAreas& areas, bool first) {
    const std::size_t n = areas.areas.size();
    if (n == 0) return first ? "Nothing changed outside your mask" : "none";
    const std::string number =
        areas.complete ? fmt::format("{}", n) : fmt::format("More than {}", n);
    return first ? fmt::format("{} area{} changed outside your mask", number, n == 1 ? "" : "s")
                 : number;
}

} // namespace

ChangedAreaParams exact_change() {
    return {0, 1, 8, 1};
}

ChangedAreaParams visible_change() {
    return {6, 4, 12, 96};
}

Result<ChangedAreas> changed_areas(ImageView a, ImageView b, const mask::Mask* asked,
                                   const ChangedAreaParams& params, const Views& views,
                                   std::stop_token stop) {
    if (Status ok = check_sizes(a.size, b.size); !ok) return tl::unexpected(ok.error());
    if (asked && asked->size() != a.size)
        return fail(ErrorCode::invalid_argument,
                    "The mask is not of the pictures' size; use a mask of their size.");
    ChangedAreas out;
    out.where = mask::Mask(a.size);
    Runs runs(std::clamp(params.join_px, 1, 64));
    std::vector<std::uint8_t> row(static_cast<std::size_t>(a.size.width));
    for (int top = 0; top < a.size.height && out.complete; top += kBand) {
        if (stop.stop_requested())
            return fail(ErrorCode::cancelled, "The search was cancelled; nothing is lost.");
        const int height = std::min(kBand, a.size.height - top);
        Image band({a.size.width, height}, image::kGray8);
        const image::ImageSpan span = band.span();
        constexpr int kWide = 256;
        parallel_for((a.size.width + kWide - 1) / kWide, 1, [&](int begin, int end) {
            for (int i = begin; i < end; ++i) {
                const Rect tile{i * kWide, top, std::min(kWide, a.size.width - i * kWide), height};
                image::copy_pixels(marks_of(a, b, asked, params, views, tile).view(),
                                   span.sub(tile.translated(0, -top)));
            }
        });
        for (int y = 0; y < height && out.complete; ++y)
            out.complete = runs.add_row(top + y, band.view().row<std::uint8_t>(y), a.size.width);
        out.where.write({0, top, a.size.width, height}, band.view());
    }
    const auto& all = runs.all();
    std::vector<std::uint32_t> number(all.size());
    for (std::uint32_t i = 0; i < all.size(); ++i) {
        const Run& run = all[i];
        const std::uint32_t root = runs.root(i);
        if (root == i) {
            number[i] = static_cast<std::uint32_t>(out.areas.size());
            out.areas.emplace_back();
        }
        ChangedArea& area = out.areas[number[root]];
        area.bounds = unite(area.bounds, {run.begin, run.y, run.end - run.begin, 1});
        area.pixels += run.end - run.begin;
    }
    remove_small(runs, number, out.areas, params.min_area_px, out.where);
    std::erase_if(out.areas, [&](const ChangedArea& v) { return v.pixels < params.min_area_px; });
    std::stable_sort(out.areas.begin(), out.areas.end(),
                     [](const auto& x, const auto& y) { return x.pixels > y.pixels; });
    for (const ChangedArea& area : out.areas)
        out.pixels += area.pixels;
    return out;
}

std::string areas_sentence(const ChangedAreas* raw_answer, const ChangedAreas* composite) {
    std::string text;
    if (raw_answer) text = count_of(*raw_answer, true) + " in the raw answer";
    if (composite)
        text += text.empty() ? count_of(*composite, true)
                             : fmt::format("; {} in the composite", count_of(*composite, false));
    return text + ".";
}

} // namespace mw::compare
