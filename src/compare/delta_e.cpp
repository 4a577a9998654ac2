// Sharma, Wu, Dalal: "The CIEDE2000 Color-Difference Formula" (2005), without angles: the hue
// difference is a chord and the mean hue a bisector, so a row needs no arcus tangent and no cosine
// and vectorises. The only angle left is that from 275 degrees in the rotation term.
#include "compare/delta_e.h"

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "compare/fast_math.h"

namespace mw::compare {
namespace {

constexpr int kBlock = 256;
// Keeps a quotient of zeros at 0.
constexpr float kTiny = 1e-30f;

struct LabBlock {
    float l[kBlock], a[kBlock], b[kBlock];
};

MW_INLINE float lab_f(float t) {
    return select(t > 216.0f / 24389.0f, cube_root(t), (24389.0f / 27.0f * t + 16.0f) / 116.0f);
}

MW_CLONES void lab_block(const float* r, const float* g, const float* b, LabBlock& out, int n) {
    for (int i = 0; i < n; ++i) {
        const float x =
            lab_f((0.4124564f * r[i] + 0.3575761f * g[i] + 0.1804375f * b[i]) * (1 / 0.95047f));
        const float y = lab_f(0.2126729f * r[i] + 0.7151522f * g[i] + 0.0721750f * b[i]);
        const float z =
            lab_f((0.0193339f * r[i] + 0.1191920f * g[i] + 0.9503041f * b[i]) * (1 / 1.08883f));
        out.l[i] = 116 * y - 16;
        out.a[i] = 500 * (x - y);
        out.b[i] = 200 * (y - z);
    }
}

// c^7 / (c^7 + 25^7), square root.
MW_INLINE float chroma_weight(float c) {
    constexpr float k25To7 = 6103515625.0f;
    const float c3 = c * c * c, c7 = c3 * c3 * c;
    return std::sqrt(c7 / (c7 + k25To7));
}

// 2^x for -120 <= x <= 0.
MW_INLINE float exp2_below(float x) {
    const auto whole = static_cast<std::int32_t>(x - 0.5f);
    const float f = x - static_cast<float>(whole);
    const float series =
        1 + f * (0.6931472f +
                 f * (0.2402265f +
                      f * (0.0555041f + f * (0.0096181f + f * (0.0013333f + f * 0.000154f)))));
    return series * std::bit_cast<float>((whole + 127) << 23);
}

MW_CLONES void difference_block(const LabBlock& p, const LabBlock& q, float* out, int n) {
    // Sines and cosines of the fixed angles of equation 15 and of 275 degrees.
    constexpr float kCos30 = 0.8660254f, kSin30 = 0.5f, kCos6 = 0.9945219f, kSin6 = 0.1045285f;
    constexpr float kCos63 = 0.4539905f, kSin63 = 0.8910065f;
    constexpr float kCos275 = 0.0871557f, kSin275 = -0.9961947f;
    for (int i = 0; i < n; ++i) {
        const float b1 = p.b[i], b2 = q.b[i];
        const float plain1 = std::sqrt(p.a[i] * p.a[i] + b1 * b1);
        const float plain2 = std::sqrt(q.a[i] * q.a[i] + b2 * b2);
        const float g = 1.5f - 0.5f * chroma_weight(0.5f * (plain1 + plain2));
        const float a1 = g * p.a[i], a2 = g * q.a[i];
        const float c1 = std::sqrt(a1 * a1 + b1 * b1), c2 = std::sqrt(a2 * a2 + b2 * b2);
        const float da = a2 - a1, db = b2 - b1;
        // c2 - c1 and a1 b2 - b1 a2 without the loss of subtracting what is nearly equal.
        const float dc = (da * (a1 + a2) + db * (b1 + b2)) / (c1 + c2 + kTiny);
        const float cross = a1 * db - b1 * da, dot = a1 * a2 + b1 * b2, cc = c1 * c2;
        const bool acute = dot > 0;
        const float near = cross / std::sqrt(0.5f * (cc + dot) + kTiny);
        const float far2 = cc - dot, far = std::sqrt(2 * select(far2 > 0, far2, 0.0f));
        const float dh = select(acute, near, select(cross < 0, -far, far));
        // The bisector of the two hues: their sum, or across their difference when wide apart.
        const float sx = a1 * c2 + a2 * c1, sy = b1 * c2 + b2 * c1;
        const float wx = b2 * c1 - b1 * c2, wy = a1 * c2 - a2 * c1;
        const float turn = select(cross < 0, -1.0f, 1.0f);
        const float mx = select(acute, sx, turn * wx), my = select(acute, sy, turn * wy);
        const float length = 1 / std::sqrt(mx * mx + my * my + kTiny);
        const float cos1 = mx * length, sin1 = my * length;
        const float cos2 = 2 * cos1 * cos1 - 1, sin2 = 2 * sin1 * cos1;
        const float cos3 = cos1 * cos2 - sin1 * sin2, sin3 = sin1 * cos2 + cos1 * sin2;
        const float cos4 = 2 * cos2 * cos2 - 1, sin4 = 2 * sin2 * cos2;
        const float t = 1 - 0.17f * (cos1 * kCos30 + sin1 * kSin30) + 0.24f * cos2 +
                        0.32f * (cos3 * kCos6 - sin3 * kSin6) -
                        0.20f * (cos4 * kCos63 + sin4 * kSin63);
        // The angle from 275 degrees as four times that whose tangent is v. Beyond 2.1 radians
        // the term below is nothing.
        const float ux = cos1 * kCos275 + sin1 * kSin275, uy = sin1 * kCos275 - cos1 * kSin275;
        float half = uy / (1 + ux + 1e-6f);
        half = select(half > 2, 2.0f, select(half < -2, -2.0f, half));
        const float v = half / (1 + std::sqrt(1 + half * half)), v2 = v * v;
        const float quarter =
            v *
            (1 + v2 * (-1 / 3.0f + v2 * (1 / 5.0f + v2 * (-1 / 7.0f + v2 * (1 / 9.0f - v2 / 11)))));
        const float steps = quarter * (4 * 57.29578f / 25);
        const float theta2 = 1.0471976f * exp2_below(-1.442695f * steps * steps);
        const float s2 = theta2 * theta2;
        const float sine =
            theta2 * (1 + s2 * (-1 / 6.0f + s2 * (1 / 120.0f + s2 * (-1 / 5040.0f + s2 / 362880))));
        const float l = 0.5f * (p.l[i] + q.l[i]) - 50, c = 0.5f * (c1 + c2);
        const float rt = -2 * sine * chroma_weight(c);
        const float x = (q.l[i] - p.l[i]) / (1 + 0.015f * l * l / std::sqrt(20 + l * l));
        const float y = dc / (1 + 0.045f * c), z = dh / (1 + 0.015f * c * t);
        const float sum = x * x + y * y + z * z + rt * y * z;
        out[i] = std::sqrt(select(sum > 0, sum, 0.0f));
    }
}

} // namespace

void delta_e_row(const float* const a[3], const float* const b[3], float* out, int count) {
    LabBlock p, q;
    for (int at = 0; at < count; at += kBlock) {
        const int n = std::min(kBlock, count - at);
        lab_block(a[0] + at, a[1] + at, a[2] + at, p, n);
        lab_block(b[0] + at, b[1] + at, b[2] + at, q, n);
        difference_block(p, q, out + at, n);
    }
}

} // namespace mw::compare
