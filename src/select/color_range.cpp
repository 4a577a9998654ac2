#include "select/color_range.h"

#include <fmt/format.h>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <memory>

#include "base/parallel.h"
#include "compare/ciede2000.h"
#include "mask/tile_pool.h"
#include "select/pixels.h"

namespace mw::select {
namespace {

using Lab = std::array<float, 3>;
// Coverage 0..1 of an opaque colour.
using Rating = std::function<float(const Rgba&)>;

std::uint8_t to_coverage(float share) {
    return static_cast<std::uint8_t>(std::clamp(share, 0.0f, 1.0f) * 255 + 0.5f);
}

// Answers kept per 24-bit colour, + 1; 0 is not known yet. Pages cost nothing until touched.
class Memo {
  public:
    Memo()
        : known_(static_cast<std::uint16_t*>(
              std::calloc(std::size_t{1} << 24, sizeof(std::uint16_t)))) {}
    std::uint8_t operator()(const std::uint8_t* p, bool color, const Rating& rate) const {
        const std::uint32_t g = p[color ? 1 : 0], b = p[color ? 2 : 0];
        std::atomic_ref<std::uint16_t> cell(known_.get()[p[0] | g << 8 | b << 16]);
        std::uint16_t value = cell.load(std::memory_order_relaxed);
        if (value == 0) {
            value = static_cast<std::uint16_t>(
                1 +
                to_coverage(rate({static_cast<float>(p[0]) / 255.0f, static_cast<float>(g) / 255.0f,
                                  static_cast<float>(b) / 255.0f, 1})));
            cell.store(value, std::memory_order_relaxed);
        }
        return static_cast<std::uint8_t>(value - 1);
    }

  private:
    struct Free {
        void operator()(std::uint16_t* p) const { std::free(p); }
    };
    std::unique_ptr<std::uint16_t, Free> known_;
};

// A mask from a function that fills a tile's coverage, row after row of kTileSide.
Result<mask::Mask> by_tiles(Size size, const std::stop_token& stop,
                            const std::function<void(const Rect&, std::uint8_t*)>& fill) {
    mask::Mask mask(size);
    const int count = mask.tiles_x() * mask.tiles_y();
    std::vector<mask::TileRef> tiles(static_cast<std::size_t>(count));
    std::atomic<bool> stopped = stop.stop_requested();
    parallel_for(count, 4, [&](int begin, int end) {
        if (stop.stop_requested()) stopped = true;
        for (int i = begin; i < end && !stopped; ++i) {
            auto tile = mask::new_tile();
            tile->coverage.fill(0);
            fill(mask.tile_rect(i % mask.tiles_x(), i / mask.tiles_x()), tile->coverage.data());
            tiles[static_cast<std::size_t>(i)] = std::move(tile);
        }
    });
    if (stopped) return fail(ErrorCode::cancelled, "The selection was cancelled.");
    for (int i = 0; i < count; ++i)
        mask.set_tile(i % mask.tiles_x(), i / mask.tiles_x(),
                      std::move(tiles[static_cast<std::size_t>(i)]));
    return mask;
}

Result<mask::Mask> rated(image::ImageView picture, const std::stop_token& stop,
                         const Rating& rate) {
    const image::PixelFormat f = picture.format;
    if (f.type != image::SampleType::u8)
        return by_tiles(picture.size, stop, [&](const Rect& r, std::uint8_t* to) {
            for (int y = 0; y < r.height; ++y, to += mask::kTileSide)
                for (int x = 0; x < r.width; ++x) {
                    const Rgba p = rgba_at(picture, r.x + x, r.y + y);
                    const bool nan = std::isnan(p[0] + p[1] + p[2] + p[3]);
                    to[x] = nan ? std::uint8_t{0}
                                : to_coverage(std::clamp(rate(p), 0.0f, 1.0f) *
                                              std::clamp(p[3], 0.0f, 1.0f));
                }
        });
    const Memo memo;
    const bool color = f.color_channels() == 3;
    return by_tiles(picture.size, stop, [&](const Rect& r, std::uint8_t* to) {
        for (int y = 0; y < r.height; ++y, to += mask::kTileSide) {
            const auto* p = picture.pixel<std::uint8_t>(r.x, r.y + y);
            for (int x = 0; x < r.width; ++x, p += f.channels) {
                const unsigned v = memo(p, color, rate);
                to[x] = static_cast<std::uint8_t>(
                    f.has_alpha() ? (v * p[f.channels - 1] + 127) / 255 : v);
            }
        }
    });
}

} // namespace

Result<mask::Mask> color_range(image::ImageView picture, const ColorRangeParams& params,
                               std::stop_token stop) {
    const auto wrong = [](std::string text) {
        return fail(ErrorCode::invalid_argument, std::move(text));
    };
    if (params.at.empty()) return wrong("A colour range needs at least one point.");
    if (!(params.tolerance > 0) || !std::isfinite(params.tolerance))
        return wrong("The tolerance of a colour range must be a number above 0.");
    if (!(params.softness >= 0 && params.softness <= 1))
        return wrong("The softness of a colour range lies between 0 and 1.");
    if (params.sample_side != 1 && params.sample_side != 3 && params.sample_side != 5)
        return wrong("The sample of a colour range is 1, 3 or 5 pixels wide, nothing else.");
    std::vector<Lab> references;
    for (const Point& p : params.at) {
        if (!picture.rect().contains(p))
            return wrong(fmt::format(
                "The colour range's point {},{} lies outside the picture of {} x {} pixels.", p.x,
                p.y, picture.size.width, picture.size.height));
        const Lab lab = lab_of(mean_at(picture, p.x, p.y, params.sample_side));
        if (!std::isnan(lab[0] + lab[1] + lab[2])) references.push_back(lab);
    }
    const double reach = params.tolerance * (1 + params.softness);
    const double ramp = std::max(2 * params.softness * params.tolerance, 1e-6);
    return rated(picture, stop, [&](const Rgba& p) {
        const Lab lab = lab_of(p);
        double least = reach;
        for (const Lab& reference : references) {
            // Lightness alone, its weight at most 1.75; the rest cannot be negative.
            if (std::abs(double(lab[0]) - double(reference[0])) > 1.76 * least) continue;
            const float d = compare::ciede2000_of<float>(reference.data(), lab.data());
            least = std::min(least, double(d));
        }
        return static_cast<float>((reach - least) / ramp);
    });
}

Result<mask::Mask> luminance_range(image::ImageView picture, const LuminanceRangeParams& params,
                                   std::stop_token stop) {
    if (!(params.low >= 0 && params.low <= params.high && params.high <= 100))
        return fail(ErrorCode::invalid_argument,
                    "A luminance range goes from low to high within 0 and 100.");
    if (!(params.softness >= 0 && params.softness <= 100))
        return fail(ErrorCode::invalid_argument,
                    "The softness of a luminance range lies between 0 and 100.");
    const double ramp = std::max(params.softness, 1e-3);
    return rated(picture, stop, [&](const Rgba& p) {
        const double l = std::clamp(double(lab_of(p)[0]), 0.0, 100.0);
        return static_cast<float>(1 - std::max({0.0, params.low - l, l - params.high}) / ramp);
    });
}

Result<mask::Mask> from_alpha(image::ImageView picture, std::stop_token stop) {
    if (!picture.format.has_alpha()) return mask::Mask::full(picture.size);
    return by_tiles(picture.size, stop, [&](const Rect& r, std::uint8_t* to) {
        for (int y = 0; y < r.height; ++y, to += mask::kTileSide)
            for (int x = 0; x < r.width; ++x) {
                const float alpha = rgba_at(picture, r.x + x, r.y + y)[3];
                to[x] = std::isnan(alpha) ? std::uint8_t{0} : to_coverage(alpha);
            }
    });
}

} // namespace mw::select
