#pragma once

#include <algorithm>
#include <cmath>

namespace mw::sample {

inline constexpr float kPi = 3.14159265358979f;

// Three floats: a point or direction in centimetres (y up), or a linear RGB colour.
struct Vec {
    float x = 0, y = 0, z = 0;
};

inline Vec operator+(Vec a, Vec b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec operator-(Vec a, Vec b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec operator*(Vec a, Vec b) {
    return {a.x * b.x, a.y * b.y, a.z * b.z};
}
inline Vec operator*(Vec a, float s) {
    return {a.x * s, a.y * s, a.z * s};
}
inline Vec operator-(Vec a) {
    return {-a.x, -a.y, -a.z};
}
inline float dot(Vec a, Vec b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vec cross(Vec a, Vec b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline float length(Vec a) {
    return std::sqrt(dot(a, a));
}
inline float length(float x, float y) {
    return std::sqrt(x * x + y * y);
}
inline Vec normalize(Vec a) {
    return a * (1.0f / length(a));
}
inline float mix(float a, float b, float t) {
    return a + (b - a) * t;
}
inline Vec mix(Vec a, Vec b, float t) {
    return a + (b - a) * t;
}
inline float saturate(float v) {
    return std::clamp(v, 0.0f, 1.0f);
}
inline float smoothstep(float lo, float hi, float v) {
    const float t = saturate((v - lo) / (hi - lo));
    return t * t * (3 - 2 * t);
}
inline float luminance(Vec c) {
    return 0.2126f * c.x + 0.7152f * c.y + 0.0722f * c.z;
}
inline Vec exp_neg(Vec a, float s) {
    return {std::exp(-a.x * s), std::exp(-a.y * s), std::exp(-a.z * s)};
}

// Rotations of a point about an axis by `a` radians.
inline Vec rotate_y(Vec p, float a) {
    const float c = std::cos(a), s = std::sin(a);
    return {c * p.x + s * p.z, p.y, c * p.z - s * p.x};
}
inline Vec rotate_z(Vec p, float a) {
    const float c = std::cos(a), s = std::sin(a);
    return {c * p.x + s * p.y, c * p.y - s * p.x, p.z};
}

// A right-handed frame around unit `n`; `local.z` runs along it.
// Duff et al. 2017, "Building an Orthonormal Basis, Revisited".
inline Vec to_world(Vec local, Vec n) {
    const float sign = std::copysign(1.0f, n.z);
    const float a = -1.0f / (sign + n.z), b = n.x * n.y * a;
    const Vec t{1 + sign * n.x * n.x * a, sign * b, -sign * n.x};
    const Vec bt{b, sign + n.y * n.y * a, -n.y};
    return t * local.x + bt * local.y + n * local.z;
}

} // namespace mw::sample
