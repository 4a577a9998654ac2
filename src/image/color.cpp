#include "image/color.h"

#include <cmath>

namespace mw::image {
namespace {

constexpr Float3 kWhiteD65{0.95047f, 1.0f, 1.08883f};
constexpr float kEpsilon = 216.0f / 24389.0f, kKappa = 24389.0f / 27.0f;

float lab_f(float t) {
    return t > kEpsilon ? std::cbrt(t) : (kKappa * t + 16.0f) / 116.0f;
}
float lab_f_inverse(float f) {
    const float cube = f * f * f;
    return cube > kEpsilon ? cube : (116.0f * f - 16.0f) / kKappa;
}

} // namespace

float srgb_to_linear(float e) {
    const float a = std::abs(e);
    const float v = a <= 0.04045f ? a / 12.92f : std::pow((a + 0.055f) / 1.055f, 2.4f);
    return std::copysign(v, e);
}

float linear_to_srgb(float l) {
    const float a = std::abs(l);
    const float v = a <= 0.0031308f ? a * 12.92f : 1.055f * std::pow(a, 1.0f / 2.4f) - 0.055f;
    return std::copysign(v, l);
}

Float3 linear_to_lab(Float3 c) {
    const float x = 0.4124564f * c[0] + 0.3575761f * c[1] + 0.1804375f * c[2];
    const float y = 0.2126729f * c[0] + 0.7151522f * c[1] + 0.0721750f * c[2];
    const float z = 0.0193339f * c[0] + 0.1191920f * c[1] + 0.9503041f * c[2];
    const float fx = lab_f(x / kWhiteD65[0]), fy = lab_f(y / kWhiteD65[1]),
                fz = lab_f(z / kWhiteD65[2]);
    return {116.0f * fy - 16.0f, 500.0f * (fx - fy), 200.0f * (fy - fz)};
}

Float3 lab_to_linear(Float3 lab) {
    const float fy = (lab[0] + 16.0f) / 116.0f, fx = fy + lab[1] / 500.0f,
                fz = fy - lab[2] / 200.0f;
    const float x = lab_f_inverse(fx) * kWhiteD65[0], y = lab_f_inverse(fy) * kWhiteD65[1],
                z = lab_f_inverse(fz) * kWhiteD65[2];
    return {3.2404542f * x - 1.5371385f * y - 0.4985314f * z,
            -0.9692660f * x + 1.8760108f * y + 0.0415560f * z,
            0.0556434f * x - 0.2040259f * y + 1.0572252f * z};
}

Float3 linear_to_oklab(Float3 c) {
    const float l = std::cbrt(0.4122214708f * c[0] + 0.5363325363f * c[1] + 0.0514459929f * c[2]);
    const float m = std::cbrt(0.2119034982f * c[0] + 0.6806995451f * c[1] + 0.1073969566f * c[2]);
    const float s = std::cbrt(0.0883024619f * c[0] + 0.2817188376f * c[1] + 0.6299787005f * c[2]);
    return {0.2104542553f * l + 0.7936177850f * m - 0.0040720468f * s,
            1.9779984951f * l - 2.4285922050f * m + 0.4505937099f * s,
            0.0259040371f * l + 0.7827717662f * m - 0.8086757660f * s};
}

Float3 oklab_to_linear(Float3 lab) {
    const float l = lab[0] + 0.3963377774f * lab[1] + 0.2158037573f * lab[2];
    const float m = lab[0] - 0.1055613458f * lab[1] - 0.0638541728f * lab[2];
    const float s = lab[0] - 0.0894841775f * lab[1] - 1.2914855480f * lab[2];
    const float l3 = l * l * l, m3 = m * m * m, s3 = s * s * s;
    return {4.0767416621f * l3 - 3.3077115913f * m3 + 0.2309699292f * s3,
            -1.2684380046f * l3 + 2.6097574011f * m3 - 0.3413193965f * s3,
            -0.0041960863f * l3 - 0.7034186147f * m3 + 1.7076147010f * s3};
}

} // namespace mw::image
