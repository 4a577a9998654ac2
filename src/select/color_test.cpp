#include "select/color_test.h"

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define MW_SELECT_AVX2
#endif

#include "compare/ciede2000.h"

namespace mw::select {
namespace {

constexpr int kSide = mask::kTileSide;

// What u8 samples match: sample - low <= range, wrapping, per channel.
struct Interval8 {
    std::array<std::uint8_t, 4> low, range;
};

// Any row of up to 128 pixels, byte by byte; it may be read only that far.
template <int channels>
Row row_bits_plain(const std::uint8_t* p, int n, const Interval8& in) {
    std::array<std::uint8_t, kSide> ok;
    for (std::size_t x = 0; x < static_cast<std::size_t>(n); ++x) {
        std::uint8_t good = 1;
        for (std::size_t c = 0; c < channels; ++c)
            good &= static_cast<std::uint8_t>(p[x * channels + c] - in.low[c]) <= in.range[c];
        ok[x] = good;
    }
    Row bits = 0;
    for (int x = 0; x < n; ++x)
        bits |= Row{ok[static_cast<std::size_t>(x)]} << x;
    return bits;
}

#ifdef MW_SELECT_AVX2
// A whole row: a bit per byte, then those of a pixel's bytes taken together.
template <int channels>
[[gnu::target("avx2,bmi2")]] Row row_bits_avx2(const std::uint8_t* p, const __m256i* low,
                                               const __m256i* range) {
    Row row = 0;
    for (int group = 0; group < 4; ++group) { // of 32 pixels
        std::uint64_t bits[channels + 1] = {};
        for (int k = 0; k < channels; ++k) {
            const __m256i d = _mm256_sub_epi8(
                _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32 * k)), low[k]);
            bits[k] = static_cast<std::uint32_t>(
                _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(d, range[k]), d)));
        }
        p += 32 * channels;
        std::uint64_t pixels = bits[0];
        if constexpr (channels == 2) {
            const std::uint64_t b = bits[0] | bits[1] << 32;
            pixels = _pext_u64(b & b >> 1, 0x5555555555555555);
        } else if constexpr (channels == 3) { // 16 pixels are 48 bits
            const std::uint64_t a = bits[0] | bits[1] << 32, b = bits[1] >> 16 | bits[2] << 16;
            constexpr std::uint64_t kFirsts = 0x249249249249;
            pixels = _pext_u64(a & a >> 1 & a >> 2, kFirsts) |
                     _pext_u64(b & b >> 1 & b >> 2, kFirsts) << 16;
        } else if constexpr (channels == 4) {
            const std::uint64_t a = bits[0] | bits[1] << 32, b = bits[2] | bits[3] << 32;
            constexpr std::uint64_t kFirsts = 0x1111111111111111;
            pixels = _pext_u64(a & a >> 1 & a >> 2 & a >> 3, kFirsts) |
                     _pext_u64(b & b >> 1 & b >> 2 & b >> 3, kFirsts) << 16;
        }
        row |= Row{pixels} << (32 * group);
    }
    return row;
}

template <int channels>
[[gnu::target("avx2,bmi2")]] void tile_bits_avx2(image::ImageView picture, const Rect& r,
                                                 const Interval8& in, BitTile* const* out) {
    constexpr int kAhead = 4; // rows; a tile's rows lie far apart, where no prefetcher looks
    alignas(32) std::array<std::uint8_t, 32 * channels> bytes;
    __m256i low[channels], range[channels];
    const auto pattern = [&](const std::array<std::uint8_t, 4>& values, __m256i* to) {
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = values[i % channels];
        std::memcpy(to, bytes.data(), bytes.size());
    };
    pattern(in.low, low);
    pattern(in.range, range);
    const int whole = r.width / kSide;
    for (int y = 0; y < r.height; ++y) {
        const std::uint8_t* p = picture.pixel<std::uint8_t>(r.x, r.y + y);
        const std::uint8_t* ahead =
            picture.pixel<std::uint8_t>(r.x, r.y + std::min(y + kAhead, r.height - 1));
        for (int t = 0; t < whole; ++t) {
            for (int i = 0; i < kSide * channels; i += 64)
                __builtin_prefetch(ahead + t * kSide * channels + i);
            out[t]->rows[static_cast<std::size_t>(y)] =
                row_bits_avx2<channels>(p + t * kSide * channels, low, range);
        }
    }
}
#endif

// Whole tiles first, then what is left of the width.
template <int channels>
void tile_bits(image::ImageView picture, const Rect& r, const Interval8& in, BitTile* const* out) {
    int done = 0;
#ifdef MW_SELECT_AVX2
    static const bool wide = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
    if (wide && r.width >= kSide) {
        tile_bits_avx2<channels>(picture, r, in, out);
        done = r.width / kSide;
    }
#endif
    for (int x = done * kSide; x < r.width; x += kSide)
        for (int y = 0; y < r.height; ++y)
            out[x / kSide]->rows[static_cast<std::size_t>(y)] = row_bits_plain<channels>(
                picture.pixel<std::uint8_t>(r.x + x, r.y + y), std::min(kSide, r.width - x), in);
}

double levels_of(image::SampleType type) {
    return type == image::SampleType::u8 ? 255 : type == image::SampleType::u16 ? 65535 : 0;
}

} // namespace

// Verdicts per 24-bit colour: 0 not known, 1 no, 2 yes. Zero pages cost nothing until touched.
struct ColorTest::Memo {
    std::uint8_t* known = static_cast<std::uint8_t*>(std::calloc(1, std::size_t{1} << 24));
    Memo() = default;
    Memo(const Memo&) = delete;
    Memo& operator=(const Memo&) = delete;
    ~Memo() { std::free(known); }
};

ColorTest::ColorTest(image::ImageView picture, const Rgba& reference, ColorMeasure measure,
                     double tolerance)
    : picture_(picture),
      reference_(reference),
      measure_(measure),
      tolerance_(tolerance),
      any_color_(reference[3] == 0) {
    const image::PixelFormat f = picture.format;
    const double levels = levels_of(f.type);
    if (levels > 0)
        for (float& v : reference_)
            v = static_cast<float>(std::round(double(v) * levels) / levels);
    if (measure_ == ColorMeasure::delta_e) lab_ = lab_of(reference_);
    if (f.type != image::SampleType::u8) return;
    const auto interval = [&](std::size_t c, double value, double tol) {
        const double low = std::max(0.0, std::ceil(value - tol));
        const double high = std::min(255.0, std::floor(value + tol));
        low_[c] = static_cast<std::uint8_t>(low);
        range_[c] = static_cast<std::uint8_t>(std::max(0.0, high - low));
        none_ = none_ || !(high >= low);
    };
    for (int c = 0; c < f.channels; ++c) {
        const auto i = static_cast<std::size_t>(c);
        const bool alpha = f.has_alpha() && c == f.channels - 1;
        if (!alpha && (any_color_ || measure_ == ColorMeasure::delta_e))
            interval(i, 0, 255);
        else
            interval(i, std::round(double(reference_[alpha ? 3 : i]) * 255),
                     measure_ == ColorMeasure::rgb ? tolerance_ : tolerance_ * 2.55);
    }
    if (measure_ == ColorMeasure::delta_e && !any_color_) memo_ = std::make_unique<Memo>();
}
ColorTest::~ColorTest() = default;
ColorTest::ColorTest(ColorTest&&) noexcept = default;

double ColorTest::alpha_distance(float alpha) const {
    const double d = std::abs(double(alpha) - double(reference_[3]));
    return d * (measure_ == ColorMeasure::rgb ? 255 : 100);
}

double ColorTest::delta_e(const Rgba& p) const {
    const auto lab = lab_of(p);
    if (std::isnan(lab[0] + lab[1] + lab[2])) return std::numeric_limits<double>::infinity();
    return double(compare::ciede2000_of<float>(lab_.data(), lab.data()));
}

double ColorTest::distance(int x, int y) const {
    const Rgba p = rgba_at(picture_, x, y);
    double d = alpha_distance(p[3]);
    if (!any_color_ && measure_ == ColorMeasure::delta_e) d = std::max(d, delta_e(p));
    if (!any_color_ && measure_ == ColorMeasure::rgb)
        for (std::size_t c = 0; c < 3; ++c) {
            const double e = std::abs(double(p[c]) - double(reference_[c])) * 255;
            if (!(e <= d)) d = e;
        }
    return std::isnan(d) || std::isnan(p[0] + p[1] + p[2] + p[3])
               ? std::numeric_limits<double>::infinity()
               : d;
}

bool ColorTest::delta_e_within(const Rgba& p) const {
    const auto lab = lab_of(p);
    // The term of lightness alone, its weight at most 1.75: the rest cannot be negative. NaN fails.
    if (!(std::abs(double(lab[0]) - double(lab_[0])) <= 1.76 * tolerance_)) return false;
    if (std::isnan(lab[1] + lab[2])) return false;
    return double(compare::ciede2000_of<float>(lab_.data(), lab.data())) <= tolerance_;
}

std::uint8_t ColorTest::memo_of(std::uint32_t rgb) const {
    std::atomic_ref<std::uint8_t> cell(memo_->known[rgb]);
    std::uint8_t verdict = cell.load(std::memory_order_relaxed);
    if (verdict == 0) {
        const Rgba p{static_cast<float>(rgb & 255) / 255.0f,
                     static_cast<float>(rgb >> 8 & 255) / 255.0f,
                     static_cast<float>(rgb >> 16) / 255.0f, 1};
        verdict = delta_e_within(p) ? 2 : 1;
        cell.store(verdict, std::memory_order_relaxed);
    }
    return verdict;
}

bool ColorTest::matches(int x, int y) const {
    if (any_color_ || measure_ == ColorMeasure::rgb) {
        // A hair for the steps between the picture's levels and 0..255.
        return distance(x, y) <= tolerance_ + 1e-4;
    }
    const Rgba p = rgba_at(picture_, x, y);
    return alpha_distance(p[3]) <= tolerance_ && delta_e_within(p);
}

void ColorTest::bits(const Rect& r, BitTile* const* out) const {
    const int tiles = (r.width + kSide - 1) / kSide;
    for (int t = 0; t < tiles; ++t)
        for (std::size_t y = static_cast<std::size_t>(r.height); y < kSide; ++y)
            out[t]->rows[y] = 0;
    const image::PixelFormat f = picture_.format;
    if (f.type == image::SampleType::u8 && !none_) {
        const Interval8 in{low_, range_};
        if (f.channels == 1) tile_bits<1>(picture_, r, in, out);
        if (f.channels == 2) tile_bits<2>(picture_, r, in, out);
        if (f.channels == 3) tile_bits<3>(picture_, r, in, out);
        if (f.channels == 4) tile_bits<4>(picture_, r, in, out);
        if (!memo_) return;
    }
    const bool color = f.color_channels() == 3;
    for (int y = 0; y < r.height; ++y)
        for (int t = 0; t < tiles; ++t) {
            const int from = r.x + t * kSide, n = std::min(kSide, r.right() - from);
            Row& row = out[t]->rows[static_cast<std::size_t>(y)];
            Row bits = 0;
            if (none_) {
                row = 0;
            } else if (!memo_) {
                for (int x = 0; x < n; ++x)
                    bits |= Row{matches(from + x, r.y + y)} << x;
                row = bits;
            } else {
                const std::uint8_t* p = picture_.pixel<std::uint8_t>(from, r.y + y);
                for (int x = 0; x < n; ++x, p += f.channels) {
                    const std::uint32_t g = p[0];
                    const std::uint32_t rgb =
                        color ? g | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16
                              : g * 0x010101;
                    bits |= Row{memo_of(rgb) == 2} << x;
                }
                row &= bits;
            }
        }
}

} // namespace mw::select
