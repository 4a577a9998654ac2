// What one pixel is: how many channels, of which sample type.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace mw::image {

enum class SampleType : std::uint8_t { u8, u16, f32 };

constexpr int sample_bytes(SampleType type) {
    return type == SampleType::u8 ? 1 : type == SampleType::u16 ? 2 : 4;
}

// u8 and u16 use their full range (0..255, 0..65535), f32 nominally 0..1, beyond for HDR. Alpha,
// the last channel of 2 and 4, is straight (never premultiplied). 1 grey, 2 grey + alpha, 3 RGB, 4
// RGBA.
struct PixelFormat {
    int channels = 4;
    SampleType type = SampleType::u8;

    constexpr bool operator==(const PixelFormat&) const = default;
    constexpr int bytes() const { return channels * sample_bytes(type); }
    constexpr bool has_alpha() const { return channels == 2 || channels == 4; }
    constexpr int color_channels() const { return channels <= 2 ? 1 : 3; }
};

inline constexpr PixelFormat kGray8{1, SampleType::u8};
inline constexpr PixelFormat kRgb8{3, SampleType::u8};
inline constexpr PixelFormat kRgba8{4, SampleType::u8};
inline constexpr PixelFormat kRgbF{3, SampleType::f32};
inline constexpr PixelFormat kRgbaF{4, SampleType::f32};
inline constexpr PixelFormat kGrayF{1, SampleType::f32};

template <class T>
constexpr SampleType sample_type_of();
template <>
constexpr SampleType sample_type_of<std::uint8_t>() {
    return SampleType::u8;
}
template <>
constexpr SampleType sample_type_of<std::uint16_t>() {
    return SampleType::u16;
}
template <>
constexpr SampleType sample_type_of<float>() {
    return SampleType::f32;
}

} // namespace mw::image
