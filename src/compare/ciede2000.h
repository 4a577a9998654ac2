// CIEDE2000 for any floating type. For the room and select; callers elsewhere use metrics.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mw::compare {

// Sharma, Wu, Dalal: "The CIEDE2000 Color-Difference Formula: Implementation Notes, Supplementary
// Test Data, and Mathematical Observations" (2005), equations 2 to 22, kL = kC = kH = 1.
template <class T>
T ciede2000_of(const T* lab1, const T* lab2) {
    constexpr T kPi = std::numbers::pi_v<T>, k25To7 = T(6103515625.0);
    constexpr T kDegree = kPi / 180;
    const auto pow7 = [](T x) {
        const T x3 = x * x * x;
        return x3 * x3 * x;
    };
    const T mean_c = (std::sqrt(lab1[1] * lab1[1] + lab1[2] * lab1[2]) +
                      std::sqrt(lab2[1] * lab2[1] + lab2[2] * lab2[2])) /
                     2;
    const T c7 = pow7(mean_c);
    const T g = T(0.5) * (1 - std::sqrt(c7 / (c7 + k25To7)));
    const T a1 = (1 + g) * lab1[1], a2 = (1 + g) * lab2[1];
    const T c1 = std::sqrt(a1 * a1 + lab1[2] * lab1[2]);
    const T c2 = std::sqrt(a2 * a2 + lab2[2] * lab2[2]);
    const auto hue = [&](T a, T b) {
        if (a == 0 && b == 0) return T(0);
        const T h = std::atan2(b, a);
        return h < 0 ? h + 2 * kPi : h;
    };
    const T h1 = hue(a1, lab1[2]), h2 = hue(a2, lab2[2]);
    const bool grey = c1 * c2 == 0; // then hue says nothing
    T dh = grey ? T(0) : h2 - h1;
    if (dh > kPi) dh -= 2 * kPi;
    if (dh < -kPi) dh += 2 * kPi;
    const T dl = lab2[0] - lab1[0], dc = c2 - c1;
    const T big_dh = 2 * std::sqrt(c1 * c2) * std::sin(dh / 2);

    T h = h1 + h2;
    if (!grey) {
        if (std::abs(h1 - h2) > kPi) h += h < 2 * kPi ? 2 * kPi : -2 * kPi;
        h /= 2;
    }
    const T t = 1 - T(0.17) * std::cos(h - 30 * kDegree) + T(0.24) * std::cos(2 * h) +
                T(0.32) * std::cos(3 * h + 6 * kDegree) - T(0.20) * std::cos(4 * h - 63 * kDegree);
    const T l = (lab1[0] + lab2[0]) / 2 - 50, c = (c1 + c2) / 2;
    const T turn = (h / kDegree - 275) / 25;
    const T theta = 30 * kDegree * std::exp(-turn * turn);
    const T c_7 = pow7(c);
    const T rt = -std::sin(2 * theta) * 2 * std::sqrt(c_7 / (c_7 + k25To7));
    const T sl = 1 + T(0.015) * l * l / std::sqrt(20 + l * l);
    const T sc = 1 + T(0.045) * c, sh = 1 + T(0.015) * c * t;
    const T x = dl / sl, y = dc / sc, z = big_dh / sh;
    return std::sqrt(std::max(T(0), x * x + y * y + z * z + rt * y * z));
}

} // namespace mw::compare
