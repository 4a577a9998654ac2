// One sample in another type, as convert() does it. Private to the room.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace mw::image {

template <class To, class From>
inline To sample_as(From v) {
    if constexpr (std::is_same_v<To, From>) {
        return v;
    } else if constexpr (std::is_same_v<To, float>) {
        return static_cast<float>(v) / (std::is_same_v<From, std::uint8_t> ? 255.0f : 65535.0f);
    } else if constexpr (std::is_same_v<From, float>) {
        constexpr float kMax = std::is_same_v<To, std::uint8_t> ? 255.0f : 65535.0f;
        if (!(v > 0.0f)) return 0; // NaN too
        return static_cast<To>(std::min(v, 1.0f) * kMax + 0.5f);
    } else if constexpr (std::is_same_v<To, std::uint16_t>) {
        return static_cast<To>(v * 257);
    } else {
        return static_cast<To>((v + 128u) / 257u);
    }
}

} // namespace mw::image
