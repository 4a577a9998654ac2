#include "compare/stats.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"
#include "compare/class_counts.h"
#include "compare/fit.h"
#include "compare/regions.h"
#include "compare/samples.h"
#include "compare/shown_tile.h"
#include "compare/threshold.h"

namespace mw::compare {
namespace {

using image::ImageView;

struct Sums {
    std::int64_t pixels = 0;
    SampleCount samples;
    double ssim = 0, delta_e = 0, flip = 0;
    float delta_e_max = 0, flip_max = 0;
    std::int64_t perceptible = 0, antialiased = 0;

    void add(const Sums& s) {
        pixels += s.pixels;
        samples.add(s.samples);
        ssim += s.ssim;
        delta_e += s.delta_e;
        flip += s.flip;
        delta_e_max = std::max(delta_e_max, s.delta_e_max);
        flip_max = std::max(flip_max, s.flip_max);
        perceptible += s.perceptible;
        antialiased += s.antialiased;
    }
};
using TileSums = std::array<Sums, kRegions>;

// Eight partial sums of a run, always the same eight: no compiler and no processor may choose
// another order.
struct RunSum {
    float lanes[8] = {}, most[8] = {};
};
MW_CLONES void sum_run(const float* v, int count, RunSum& out) {
    int i = 0;
    for (; i + 8 <= count; i += 8)
        for (int k = 0; k < 8; ++k) {
            out.lanes[k] += v[i + k];
            out.most[k] = v[i + k] > out.most[k] ? v[i + k] : out.most[k];
        }
    for (int k = 0; i < count; ++i, ++k) {
        out.lanes[k] += v[i];
        out.most[k] = v[i] > out.most[k] ? v[i] : out.most[k];
    }
}

// Where a pixel is judged by eye: as the regions, but nowhere at what is not finite.
void add_map(ImageView map, const TileRegions& regions, double Sums::*sum, float Sums::*most,
             TileSums& sums) {
    for (int y = 0; y < map.size.height; ++y) {
        const float* v = map.row<float>(y);
        for_runs(regions, y, map.size.width, [&](int begin, int end, std::uint8_t bits) {
            if (bits == 0) return;
            RunSum run;
            sum_run(v + begin, end - begin, run);
            double total = 0;
            for (const float lane : run.lanes)
                total += static_cast<double>(lane);
            const float largest = *std::max_element(run.most, run.most + 8);
            for (std::size_t r = 0; r < kRegions; ++r)
                if (bits >> r & 1) {
                    sums[r].*sum += total;
                    if (most) sums[r].*most = std::max(sums[r].*most, largest);
                }
        });
    }
}

void add_verdicts(ImageView verdicts, const TileRegions& regions, TileSums& sums) {
    for (int y = 0; y < verdicts.size.height; ++y) {
        const auto* v = verdicts.row<std::uint8_t>(y);
        for_runs(regions, y, verdicts.size.width, [&](int begin, int end, std::uint8_t bits) {
            const auto count = [&](Verdict verdict) {
                return std::count(v + begin, v + end, static_cast<std::uint8_t>(verdict));
            };
            const auto differs = count(Verdict::differs), passed = count(Verdict::antialiased);
            for (std::size_t r = 0; r < kRegions; ++r)
                if (bits >> r & 1) sums[r].perceptible += differs, sums[r].antialiased += passed;
        });
    }
}

double percentile_99(const std::vector<std::int64_t>& fine, std::int64_t pixels) {
    auto above = static_cast<std::int64_t>(static_cast<double>(pixels) * 0.01);
    for (std::size_t c = fine.size() - 1; c > 0; --c) {
        above -= fine[c];
        if (above < 0) return static_cast<double>(c) / kPerUnit;
    }
    return 0;
}

void fill_histogram(const std::vector<std::int64_t>& fine, double class_width,
                    ErrorHistogram& out) {
    const double width = out.class_width();
    for (std::size_t c = 0; c < fine.size(); ++c) {
        const auto to =
            static_cast<std::size_t>((static_cast<double>(c) + 0.5) * class_width / width);
        out.count[std::min(to, out.count.size() - 1)] += fine[c];
    }
}

RegionStats finished(const Sums& s, double full_range, int colors, const MetricSet& metrics,
                     std::vector<std::int64_t> fine, std::vector<std::int64_t> flip) {
    RegionStats out;
    const SampleCount& c = s.samples;
    out.pixels = s.pixels;
    out.changed = c.changed;
    out.not_finite_a = c.not_finite_a, out.not_finite_b = c.not_finite_b;
    out.max_abs = c.max_abs;
    out.psnr = std::numeric_limits<double>::infinity();
    out.perceptible = s.perceptible, out.antialiased = s.antialiased;
    const std::int64_t judged = s.pixels - c.left_out;
    if (judged <= 0) return out;
    const double n = static_cast<double>(judged);
    if (c.squares > 0) {
        out.rmse = std::sqrt(c.squares / (n * colors));
        out.psnr = 20 * std::log10(full_range / out.rmse);
    }
    if (metrics.ssim) out.ssim = s.ssim / n;
    const auto counted = [&](const std::vector<std::int64_t>& counts) {
        std::int64_t sum = 0;
        for (const std::int64_t k : counts)
            sum += k;
        return sum;
    };
    if (metrics.delta_e) {
        out.delta_e_mean = s.delta_e / n;
        out.delta_e_max = static_cast<double>(s.delta_e_max);
        fine[0] += judged - counted(fine); // tiles that are alike were not looked at
        out.delta_e_p99 = percentile_99(fine, judged);
        fill_histogram(fine, 1.0 / kPerUnit, out.delta_e_histogram);
    }
    if (metrics.flip) {
        out.flip_mean = s.flip / n;
        out.flip_max = static_cast<double>(s.flip_max);
        flip[0] += judged - counted(flip);
        fill_histogram(flip, 1.0 / kFlipClasses, out.flip_histogram);
        flip[0] = 0; // what does not differ weighs nothing
        const auto quantile = [&](double q) {
            return weighted_quantile(flip, 1.0 / kFlipClasses, q);
        };
        out.flip_first_quartile = quantile(0.25);
        out.flip_median = quantile(0.5);
        out.flip_third_quartile = quantile(0.75);
    }
    return out;
}

std::string note_of(const Alike& alike, const Views& views, const SampleCount& all) {
    std::string text = alike.note();
    const auto add = [&](std::string part) { text += (text.empty() ? "" : "; ") + part; };
    if (!(views.a == views.b))
        add("the pictures are in different colour spaces: what is seen is compared as shown, "
            "samples are counted by their numbers");
    if (all.left_out > 0)
        add(
            fmt::format("{} samples of A and {} of B are not finite numbers: {} pixels were left "
                        "out of the means",
                        all.not_finite_a, all.not_finite_b, all.left_out));
    return text;
}

// The regions without the pixels that are left out.
TileRegions judged(const TileRegions& where, const image::Image& left_out) {
    TileRegions out{where.everywhere, {}};
    out.bits = where.bits.empty() ? image::Image(left_out.size(), image::kGray8)
                                  : image::clone(where.bits.view());
    auto bits = out.bits.bytes();
    const auto gone = left_out.bytes();
    for (std::size_t i = 0; i < bits.size(); ++i) {
        if (where.bits.empty()) bits[i] = std::byte{where.everywhere};
        if (gone[i] != std::byte{0}) bits[i] = std::byte{0};
    }
    return out;
}

// Everything that is measured of two pictures of one size, tile by tile.
struct Measuring {
    ImageView a, b;
    const CompareParams& params;
    Alike alike;
    Regions regions;
    std::shared_ptr<const FlipFilters> filters;
    bool same_view;
    int halo = 0;
    CountsPool pool;

    Measuring(ImageView first, ImageView second, const mask::Mask* mask, const CompareParams& p)
        : a(first),
          b(second),
          params(p),
          alike(a, b),
          regions(mask, p.seam_px),
          filters(p.metrics.flip ? flip_filters(p.pixels_per_degree) : nullptr),
          same_view(p.views.a == p.views.b) {
        halo = std::max({p.metrics.ssim ? kSsimHalo : 0, filters ? halo_of(*filters) : 0,
                         p.metrics.threshold ? kThresholdHalo : 0});
    }

    void measure(const Rect& tile, TileSums& s) {
        const TileRegions where = regions.of(tile);
        for (int y = 0; y < tile.height; ++y)
            for_runs(where, y, tile.width, [&](int begin, int end, std::uint8_t bits) {
                for (std::size_t r = 0; r < kRegions; ++r)
                    if (bits >> r & 1) s[r].pixels += end - begin;
            });
        const TileCount counts = alike.count(tile, where);
        for (std::size_t r = 0; r < kRegions; ++r)
            s[r].samples = counts[r];
        const MetricSet& m = params.metrics;
        if (!m.delta_e && !m.ssim && !m.flip && !m.threshold) return;
        const SampleCount& all = s[kAll].samples;
        const ShownTile seen(a, b, params.views, tile, halo);
        TileRegions finite;
        if (all.left_out) finite = judged(where, not_finite(a, b, tile));
        const TileRegions& in = all.left_out ? finite : where;
        image::Image map(tile.size(), image::kGrayF);
        auto local = pool.take();
        if (m.delta_e && (all.changed || !same_view)) {
            fill_delta_e(seen.a(), seen.b(), seen.tile(), map.span());
            add_map(map.view(), in, &Sums::delta_e, &Sums::delta_e_max, s);
            enter(map.view(), in, kPerUnit, 0.5f, local->fine);
        }
        if (m.ssim) {
            fill_ssim(seen.a(), seen.b(), seen.tile(), map.span());
            add_map(map.view(), in, &Sums::ssim, nullptr, s);
        }
        if (m.flip &&
            !same_samples(seen.a(), seen.b(), with_halo(seen.tile(), halo, seen.a().size))) {
            fill_flip(*filters, seen.a(), seen.b(), seen.tile(), map.span());
            add_map(map.view(), in, &Sums::flip, &Sums::flip_max, s);
            enter(map.view(), in, kFlipClasses, 0, local->flip);
        }
        if (m.threshold && (all.changed || !same_view)) {
            image::Image verdicts(tile.size(), image::kGray8);
            fill_threshold(seen.a(), seen.b(), {params.threshold, true}, seen.tile(),
                           verdicts.span());
            add_verdicts(verdicts.view(), in, s);
        }
        pool.give(std::move(local));
    }
};

} // namespace

double pixels_per_degree(double distance_m, double width_px, double width_m) {
    return distance_m * (width_px / width_m) * (std::numbers::pi / 180);
}

Result<DiffStats> compare(ImageView a, ImageView b, const mask::Mask* mask,
                          const CompareParams& params, std::stop_token stop) {
    if (mask && mask->size() != a.size)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The mask is {} x {} but the pictures are {} x {}; use a mask of "
                        "their size.",
                        mask->size().width, mask->size().height, a.size.width, a.size.height));
    Rect compared = a.rect();
    mask::Mask part;
    if (params.nudge != Point{}) {
        auto both = overlap(a, b, params.nudge);
        if (!both) return tl::unexpected(both.error());
        a = both->a, b = both->b, compared = both->in_a;
        if (mask) part = cut(*mask, compared), mask = &part;
    }
    if (Status ok = check_sizes(a.size, b.size); !ok) return tl::unexpected(ok.error());
    const MetricSet& m = params.metrics;
    const bool maps = m.delta_e || m.ssim || m.flip || m.threshold;
    const std::vector<Rect> tiles = maps || mask ? tiles_of(a.size) : bands_of(a.size);
    Measuring measuring(a, b, mask, params);
    std::vector<TileSums> sums(tiles.size());
    parallel_for(static_cast<int>(tiles.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end && !stop.stop_requested(); ++i)
            measuring.measure(tiles[static_cast<std::size_t>(i)],
                              sums[static_cast<std::size_t>(i)]);
    });
    if (stop.stop_requested())
        return fail(ErrorCode::cancelled, "The comparison was cancelled; nothing is lost.");
    TileSums total;
    for (const TileSums& s : sums) // in order, so that the sums do not depend on the threads
        for (std::size_t r = 0; r < kRegions; ++r)
            total[r].add(s[r]);
    auto counts = measuring.pool.total();
    DiffStats out;
    RegionStats* const parts[] = {&out.inside, &out.seam, &out.outside, &out.all};
    const Alike& alike = measuring.alike;
    for (std::size_t r = 0; r < kRegions; ++r)
        *parts[r] =
            finished(total[r], alike.full_range(), alike.format().color_channels(), params.metrics,
                     std::move(counts->fine[r]), std::move(counts->flip[r]));
    out.note = note_of(alike, params.views, total[kAll].samples);
    out.compared = compared;
    return out;
}

} // namespace mw::compare
