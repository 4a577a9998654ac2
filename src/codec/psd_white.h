// Photoshop merges onto white: c' = c a + (1 - a). Private to the room.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mw::codec {

// A row of u8 or u16 with alpha last, straight to merged and back (as far as rounding lets).
template <class T>
void onto_white(T* p, int width, int channels) {
    constexpr double kMax = static_cast<double>(static_cast<T>(~T{0}));
    for (int x = 0; x < width; ++x, p += channels)
        for (int c = 0; c < channels - 1; ++c) {
            const double a = p[channels - 1] / kMax;
            p[c] = static_cast<T>(std::lround(p[c] * a + kMax * (1 - a)));
        }
}

template <class T>
void off_white(T* p, int width, int channels) {
    constexpr double kMax = static_cast<double>(static_cast<T>(~T{0}));
    for (int x = 0; x < width; ++x, p += channels) {
        const double a = p[channels - 1] / kMax;
        if (a <= 0 || a >= 1) continue;
        for (int c = 0; c < channels - 1; ++c)
            p[c] = static_cast<T>(std::lround(std::clamp((p[c] - kMax * (1 - a)) / a, 0.0, kMax)));
    }
}

} // namespace mw::codec
