#include "compare/stats.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <vector>

#include "base/parallel.h"
#include "compare/shown_tile.h"
#include "image/convert.h"
#include "mask/refine.h"

namespace mw::compare {
namespace {

using image::ImageView;
using image::PixelFormat;
using image::SampleType;

enum Region { kInside, kSeam, kOutside, kAll, kRegions };

// Delta E in hundredths up to 150: enough for any two sRGB colours.
constexpr int kBins = 15001;
using Histogram = std::vector<std::uint32_t>;

struct Sums {
    std::int64_t pixels = 0, changed = 0;
    double max_abs = 0, squares = 0; // of full range
    double ssim = 0, delta_e = 0, flip = 0;

    void add(const Sums& s) {
        pixels += s.pixels;
        changed += s.changed;
        max_abs = std::max(max_abs, s.max_abs);
        squares += s.squares;
        ssim += s.ssim;
        delta_e += s.delta_e;
        flip += s.flip;
    }
};
using TileSums = std::array<Sums, kRegions>;

// Bits 1, 2, 4 for inside, seam, outside, for each pixel of a tile.
class Regions {
  public:
    Regions(const mask::Mask* mask, double seam_px) : mask_(mask), seam_(seam_px) {
        if (mask) {
            const mask::Mask support = mask::support(*mask);
            bounds_ = mask->bounds();
            complement_ = mask::inverted(support);
        }
    }
    image::Image of(const Rect& tile) const {
        image::Image out(tile.size(), image::kGray8);
        const auto fill = [&](std::uint8_t bits) {
            std::fill(out.bytes().begin(), out.bytes().end(), std::byte{bits});
        };
        if (!mask_) {
            fill(1 << kInside);
            return out;
        }
        const int reach = static_cast<int>(std::ceil(std::clamp(seam_, 0.0, 4096.0))) + 1;
        if (intersect(bounds_.grown(reach), tile).empty()) {
            fill(1 << kOutside);
            return out;
        }
        out = mask_->read(tile);
        for (std::byte& b : out.bytes())
            b = b != std::byte{0} ? std::byte{1 << kInside} : std::byte{1 << kOutside};
        if (seam_ > 0) mark_seam(tile, reach, out.span());
        return out;
    }

  private:
    void mark_seam(const Rect& tile, int reach, image::ImageSpan out) const {
        const Rect wide = intersect(tile.grown(reach), mask_->rect());
        const image::Image around = mask_->read(wide);
        const auto covered = std::count_if(around.bytes().begin(), around.bytes().end(),
                                           [](std::byte b) { return b != std::byte{0}; });
        if (covered == 0 || covered == wide.area()) return; // no edge near
        const image::Image in = mask::inside_distance(*mask_, tile, reach);
        const image::Image beyond = mask::inside_distance(complement_, tile, reach);
        for (int y = 0; y < tile.height; ++y) {
            const float* d = in.view().row<float>(y);
            const float* e = beyond.view().row<float>(y);
            auto* to = out.row<std::uint8_t>(y);
            for (int x = 0; x < tile.width; ++x)
                if (std::max(d[x], e[x]) <= seam_) to[x] |= 1 << kSeam;
        }
    }

    const mask::Mask* mask_;
    double seam_;
    Rect bounds_;
    mask::Mask complement_;
};

// Both pictures in one format, a tile at a time.
class Alike {
  public:
    Alike(ImageView a, ImageView b) : a_(a), b_(b) {
        const auto deeper = std::max(a.format.type, b.format.type);
        const int colors = std::max(a.format.color_channels(), b.format.color_channels());
        const bool alpha = a.format.has_alpha() || b.format.has_alpha();
        format_ = {colors + (alpha ? 1 : 0), deeper};
    }
    PixelFormat format() const { return format_; }
    std::string note(const Views& views) const {
        std::string text;
        const auto add = [&](std::string part) { text += (text.empty() ? "" : "; ") + part; };
        if (a_.format.type != b_.format.type)
            add(fmt::format("{} and {} samples compared as {}", name(a_.format.type),
                            name(b_.format.type), name(format_.type)));
        if (a_.format.color_channels() != b_.format.color_channels())
            add("grey compared as equal red, green and blue");
        if (a_.format.has_alpha() != b_.format.has_alpha())
            add("the picture without alpha counts as opaque");
        if (!(views.a == views.b))
            add("the pictures are in different colour spaces: what is seen is compared as shown, "
                "samples are counted by their numbers");
        return text;
    }
    // Adds changed, max_abs and squares of a tile.
    void count(const Rect& tile, ImageView regions, TileSums& sums) const {
        const image::Image ca = own(a_, tile), cb = own(b_, tile);
        const ImageView va = ca.empty() ? a_.sub(tile) : ca.view();
        const ImageView vb = cb.empty() ? b_.sub(tile) : cb.view();
        switch (format_.type) {
            case SampleType::u8:
                return count_as<std::uint8_t>(va, vb, regions, sums);
            case SampleType::u16:
                return count_as<std::uint16_t>(va, vb, regions, sums);
            case SampleType::f32:
                return count_as<float>(va, vb, regions, sums);
        }
    }
    double full_range() const {
        return format_.type == SampleType::u8 ? 255 : format_.type == SampleType::u16 ? 65535 : 1;
    }

  private:
    static const char* name(SampleType type) {
        return type == SampleType::u8 ? "8-bit" : type == SampleType::u16 ? "16-bit" : "float";
    }
    image::Image own(ImageView v, const Rect& tile) const {
        return v.format == format_ ? image::Image{} : image::convert(v.sub(tile), format_);
    }
    template <class T>
    void count_as(ImageView a, ImageView b, ImageView regions, TileSums& sums) const {
        const int n = format_.channels, colors = format_.color_channels();
        for (int y = 0; y < a.size.height; ++y) {
            const T* p = a.row<T>(y);
            const T* q = b.row<T>(y);
            const auto* bits = regions.row<std::uint8_t>(y);
            if (std::memcmp(p, q, sizeof(T) * std::size_t(n) * std::size_t(a.size.width)) == 0)
                continue;
            for (int x = 0; x < a.size.width; ++x, p += n, q += n) {
                if (std::memcmp(p, q, sizeof(T) * std::size_t(n)) == 0) continue;
                Sums s;
                for (int c = 0; c < n; ++c) {
                    s.changed += std::memcmp(p + c, q + c, sizeof(T)) != 0;
                    double d = std::abs(double(p[c]) - double(q[c]));
                    if (std::isnan(d)) d = 0; // counted as changed, but no distance
                    s.max_abs = std::max(s.max_abs, d);
                    if (c < colors) s.squares += d * d;
                }
                for (int r = 0; r < kAll; ++r)
                    if (bits[x] & (1 << r)) sums[static_cast<std::size_t>(r)].add(s);
                sums[kAll].add(s);
            }
        }
    }

    ImageView a_, b_;
    PixelFormat format_;
};

void add_map(ImageView map, ImageView regions, double Sums::*sum, TileSums& sums) {
    for (int y = 0; y < map.size.height; ++y) {
        const float* v = map.row<float>(y);
        const auto* bits = regions.row<std::uint8_t>(y);
        for (int x = 0; x < map.size.width; ++x) {
            for (int r = 0; r < kAll; ++r)
                if (bits[x] & (1 << r)) sums[static_cast<std::size_t>(r)].*sum += v[x];
            sums[kAll].*sum += v[x];
        }
    }
}

struct Histograms {
    std::array<Histogram, kRegions> bins;
    std::mutex mutex;
    Histograms() {
        for (Histogram& h : bins)
            h.assign(kBins, 0);
    }
    // Whole numbers: the order of adding does not matter. Zeros are not entered; they are known.
    void add(ImageView map, ImageView regions) {
        const std::lock_guard lock(mutex);
        for (int y = 0; y < map.size.height; ++y) {
            const float* v = map.row<float>(y);
            const auto* bits = regions.row<std::uint8_t>(y);
            for (int x = 0; x < map.size.width; ++x) {
                if (v[x] <= 0) continue;
                const auto bin = static_cast<std::size_t>(
                    std::clamp(static_cast<int>(v[x] * 100 + 0.5f), 0, kBins - 1));
                for (int r = 0; r < kAll; ++r)
                    if (bits[x] & (1 << r)) ++bins[static_cast<std::size_t>(r)][bin];
                ++bins[kAll][bin];
            }
        }
    }
    double p99(std::size_t region, std::int64_t pixels) const {
        auto above = static_cast<std::int64_t>(static_cast<double>(pixels) * 0.01);
        for (int bin = kBins - 1; bin > 0; --bin) {
            above -= bins[region][static_cast<std::size_t>(bin)];
            if (above < 0) return bin / 100.0;
        }
        return 0;
    }
};

RegionStats finished(const Sums& s, double full_range, int colors) {
    RegionStats out;
    out.pixels = s.pixels;
    out.changed = s.changed;
    out.max_abs = s.max_abs;
    out.psnr = std::numeric_limits<double>::infinity();
    if (s.pixels == 0) return out;
    const double n = static_cast<double>(s.pixels);
    if (s.squares > 0)
        out.psnr = 10 * std::log10(full_range * full_range / (s.squares / (n * colors)));
    out.ssim = s.ssim / n;
    out.delta_e_mean = s.delta_e / n;
    out.flip_mean = s.flip / n;
    return out;
}

} // namespace

Result<DiffStats> compare(ImageView a, ImageView b, const mask::Mask* mask,
                          const CompareParams& params, std::stop_token stop) {
    if (a.size != b.size)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The pictures are {} x {} and {} x {}, and only pictures of one "
                                "size can be compared; scale or crop one of them first.",
                                a.size.width, a.size.height, b.size.width, b.size.height));
    if (mask && mask->size() != a.size)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The mask is {} x {} but the pictures are {} x {}; use a mask of "
                        "their size.",
                        mask->size().width, mask->size().height, a.size.width, a.size.height));
    const Alike alike(a, b);
    const Regions regions(mask, params.seam_px);
    const std::vector<Rect> tiles = tiles_of(a.size);
    const auto filters = params.metrics.flip ? flip_filters(params.pixels_per_degree) : nullptr;
    const bool same_view = params.views.a == params.views.b;
    const int halo = std::max(params.metrics.ssim ? kSsimHalo : 0, filters ? halo_of(*filters) : 0);
    std::vector<TileSums> sums(tiles.size());
    Histograms histograms;
    parallel_for(static_cast<int>(tiles.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end && !stop.stop_requested(); ++i) {
            const Rect& tile = tiles[static_cast<std::size_t>(i)];
            TileSums& s = sums[static_cast<std::size_t>(i)];
            const image::Image where = regions.of(tile);
            for (const std::byte bits : where.bytes())
                for (std::size_t r = 0; r < kAll; ++r)
                    s[r].pixels += static_cast<int>(bits >> r) & 1;
            s[kAll].pixels = tile.area();
            alike.count(tile, where.view(), s);
            const auto& m = params.metrics;
            if (!m.delta_e && !m.ssim && !m.flip) continue;
            const ShownTile seen(a, b, params.views, tile, halo);
            image::Image map(tile.size(), image::kGrayF);
            if (m.delta_e && (s[kAll].changed || !same_view)) {
                fill_delta_e(seen.a(), seen.b(), seen.tile(), map.span());
                add_map(map.view(), where.view(), &Sums::delta_e, s);
                histograms.add(map.view(), where.view());
            }
            if (m.ssim) {
                fill_ssim(seen.a(), seen.b(), seen.tile(), map.span());
                add_map(map.view(), where.view(), &Sums::ssim, s);
            }
            if (m.flip) {
                fill_flip(*filters, seen.a(), seen.b(), seen.tile(), map.span());
                add_map(map.view(), where.view(), &Sums::flip, s);
            }
        }
    });
    if (stop.stop_requested())
        return fail(ErrorCode::cancelled, "The comparison was cancelled; nothing is lost.");
    TileSums total;
    for (const TileSums& s : sums) // in order, so that the sums do not depend on the threads
        for (std::size_t r = 0; r < kRegions; ++r)
            total[r].add(s[r]);
    DiffStats out;
    RegionStats* const parts[] = {&out.inside, &out.seam, &out.outside, &out.all};
    for (std::size_t r = 0; r < kRegions; ++r) {
        *parts[r] = finished(total[r], alike.full_range(), alike.format().color_channels());
        if (!params.metrics.ssim) parts[r]->ssim = 1;
        parts[r]->delta_e_p99 = histograms.p99(r, total[r].pixels);
    }
    out.note = alike.note(params.views);
    return out;
}

} // namespace mw::compare
