#include "codec/tiff_rows.h"

#include <Imath/half.h>
#include <algorithm>
#include <bit>
#include <cmath>

namespace mw::codec {
namespace {

constexpr int kWhiteIsZero = 0, kPalette = 3;

template <class T>
T load(const std::byte* p) {
    T v;
    std::memcpy(&v, p, sizeof v);
    return v;
}

// Values of 1 to 16 bits, most significant bit first; 8 and 16 as libtiff gives them.
class Bits {
  public:
    Bits(const std::byte* row, int bits) : at_(row), bits_(bits) {}
    std::uint32_t next() {
        if (bits_ == 8) return std::to_integer<std::uint32_t>(*at_++);
        if (bits_ == 16) {
            at_ += 2;
            return load<std::uint16_t>(at_ - 2);
        }
        while (have_ < bits_) {
            held_ = held_ << 8 | std::to_integer<std::uint32_t>(*at_++);
            have_ += 8;
        }
        have_ -= bits_;
        return held_ >> have_ & ((1u << bits_) - 1);
    }

  private:
    const std::byte* at_;
    int bits_, have_ = 0;
    std::uint32_t held_ = 0;
};

float half_value(std::uint16_t bits) {
    Imath::half h;
    h.setBits(bits);
    return h;
}

float float_sample(const TiffLayout& layout, const std::byte* row, std::size_t i,
                   TiffLosses& losses) {
    if (!layout.floating) {
        const auto v = load<std::uint32_t>(row + 4 * i);
        const auto f = static_cast<float>(v / 4294967295.0);
        if (std::nearbyint(double(f) * 4294967295.0) != double(v)) losses.rounded = true;
        return f;
    }
    if (layout.bits == 16) return half_value(load<std::uint16_t>(row + 2 * i));
    if (layout.bits == 32) return load<float>(row + 4 * i);
    const auto v = load<double>(row + 8 * i);
    const auto f = static_cast<float>(v);
    if (double(f) != v && !std::isnan(v)) losses.rounded = true;
    return f;
}

// The channel of ours that a sample of the file is; -1: none.
int channel_of(const TiffLayout& layout, int sample) {
    if (sample < layout.color_samples()) return sample;
    return sample == layout.alpha_sample ? layout.format().channels - 1 : -1;
}

template <class T, class Next>
void spread(const TiffLayout& layout, int first, int samples, int width, T* to, Next next) {
    const int channels = layout.format().channels;
    int place[64];
    for (int s = 0; s < samples; ++s)
        place[s] = channel_of(layout, first + s);
    for (int x = 0; x < width; ++x, to += channels)
        for (int s = 0; s < samples; ++s) {
            const T v = next(first + s);
            if (place[s] >= 0) to[place[s]] = v;
        }
}

template <class T>
void place_integers(const TiffLayout& layout, const std::byte* row, int first, int samples,
                    int width, T* to) {
    constexpr std::uint32_t kMax = T(~T{0});
    const std::uint32_t max = (1u << layout.bits) - 1;
    const bool invert = layout.photometric == kWhiteIsZero;
    Bits bits(row, layout.bits);
    spread(layout, first, samples, width, to, [&](int sample) {
        std::uint32_t v = bits.next();
        if (max != kMax) v = static_cast<std::uint32_t>((std::uint64_t{v} * kMax + max / 2) / max);
        return static_cast<T>(invert && sample == 0 ? kMax - v : v);
    });
}

template <class T>
void place_palette(const TiffLayout& layout, const std::byte* row, int first, int samples,
                   int width, T* to) {
    const int channels = layout.format().channels;
    constexpr bool kSmall = sizeof(T) == 1;
    const std::uint32_t max = (1u << layout.bits) - 1;
    Bits bits(row, layout.bits);
    for (int x = 0; x < width; ++x, to += channels)
        for (int s = first; s < first + samples; ++s) {
            const std::uint32_t v = bits.next();
            if (s == layout.alpha_sample)
                to[channels - 1] = static_cast<T>(v * std::uint32_t(T(~T{0})) / max);
            if (s != 0) continue;
            for (std::size_t c = 0; c < 3; ++c)
                to[c] = static_cast<T>(kSmall ? layout.palette[v][c] / 257 : layout.palette[v][c]);
        }
}

} // namespace

image::PixelFormat TiffLayout::format() const {
    const bool color = photometric == kPalette || color_samples() == 3;
    const int channels = (color ? 3 : 1) + (alpha_sample >= 0 ? 1 : 0);
    if (floating || bits == 32) return {channels, image::SampleType::f32};
    const bool small = photometric == kPalette ? palette8 : bits <= 8;
    return {channels, small ? image::SampleType::u8 : image::SampleType::u16};
}

void place_tiff_row(const TiffLayout& layout, const std::byte* row, int first, int samples,
                    int width, image::ImageSpan target, int x, int y, TiffLosses& losses) {
    assert(samples <= 64);
    using image::SampleType;
    switch (target.format.type) {
        case SampleType::u8: {
            auto* to = target.pixel<std::uint8_t>(x, y);
            if (layout.photometric == kPalette)
                return place_palette(layout, row, first, samples, width, to);
            return place_integers(layout, row, first, samples, width, to);
        }
        case SampleType::u16: {
            auto* to = target.pixel<std::uint16_t>(x, y);
            if (layout.photometric == kPalette)
                return place_palette(layout, row, first, samples, width, to);
            return place_integers(layout, row, first, samples, width, to);
        }
        case SampleType::f32: {
            const bool invert = layout.photometric == kWhiteIsZero;
            std::size_t i = 0;
            return spread(layout, first, samples, width, target.pixel<float>(x, y),
                          [&](int sample) {
                              const float v = float_sample(layout, row, i++, losses);
                              return invert && sample == 0 ? 1 - v : v;
                          });
        }
    }
}

void unpremultiply(image::ImageSpan pixels) {
    const int channels = pixels.format.channels;
    const auto each = [&]<class T>(T) {
        constexpr std::uint32_t kMax =
            std::is_same_v<T, float> ? 1 : (1u << 8 * std::min<std::size_t>(sizeof(T), 2)) - 1;
        for (int y = 0; y < pixels.size.height; ++y) {
            T* p = pixels.row<T>(y);
            for (int x = 0; x < pixels.size.width; ++x, p += channels) {
                const T alpha = p[channels - 1];
                if (!(alpha > T{0}) || alpha == static_cast<T>(kMax)) continue;
                for (int c = 0; c + 1 < channels; ++c)
                    if constexpr (std::is_same_v<T, float>)
                        p[c] /= alpha;
                    else
                        p[c] = static_cast<T>(std::min<std::uint64_t>(
                            kMax, (std::uint64_t{p[c]} * kMax + alpha / 2) / alpha));
            }
        }
    };
    switch (pixels.format.type) {
        case image::SampleType::u8:
            return each(std::uint8_t{});
        case image::SampleType::u16:
            return each(std::uint16_t{});
        case image::SampleType::f32:
            return each(float{});
    }
}

} // namespace mw::codec
