// What is done to each pixel by itself.
#include "inpaint/adjust.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "inpaint/coverage.h"
#include "inpaint/pixel_work.h"

namespace mw::inpaint {
namespace {

using image::Float3;

// The colour with another lightness: light that fades scales Oklab's axes alike, so chroma goes
// along, by no more than twice.
Float3 relit(Float3 lab, float lightness) {
    const float ratio = lab[0] > 1e-4f ? std::min(lightness / lab[0], 2.0f) : 1.0f;
    return fit_gamut({lightness, lab[1] * ratio, lab[2] * ratio});
}

// A sigmoid through (0, 0) and (1, 1) with the given slope at `pivot`.
class Sigmoid {
  public:
    Sigmoid(double pivot, double slope) : pivot_(pivot) {
        double low = 0, high = 64;
        for (int i = 0; i < 50; ++i) {
            beta_ = 0.5 * (low + high);
            scale();
            (beta_ * range_ / 4 < slope ? low : high) = beta_;
        }
        scale();
    }
    float operator()(float v) const { return static_cast<float>((at(v) - at(0)) * range_); }

  private:
    double at(double v) const { return 1 / (1 + std::exp(-beta_ * (v - pivot_))); }
    void scale() { range_ = beta_ > 1e-6 ? 1 / (at(1) - at(0)) : 4; }
    double pivot_, beta_ = 0, range_ = 1;
};

using Matrix = std::array<std::array<double, 3>, 3>;

Matrix times(const Matrix& a, const Matrix& b) {
    Matrix out{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 3; ++k)
                out[i][j] += a[i][k] * b[k][j];
    return out;
}
std::array<double, 3> times(const Matrix& m, const std::array<double, 3>& v) {
    std::array<double, 3> out{};
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < 3; ++k)
            out[i] += m[i][k] * v[k];
    return out;
}

// XYZ of daylight of that temperature, Y = 1 (CIE 15:2018, 4.1.2), 4000 .. 25000 K.
std::array<double, 3> daylight(double kelvin) {
    const double t = 1000 / std::clamp(kelvin, 4000.0, 25000.0);
    const double x = kelvin <= 7000 ? 0.244063 + t * (0.09911 + t * (2.9678 - t * 4.6070))
                                    : 0.237040 + t * (0.24748 + t * (1.9018 - t * 2.0064));
    const double y = -3 * x * x + 2.870 * x - 0.275;
    return {x / y, 1, (1 - x - y) / y};
}

// Slopes of a monotone cubic through the points (Fritsch & Carlson 1980).
std::vector<float> slopes_of(std::span<const CurvePoint> p) {
    const std::size_t n = p.size();
    std::vector<float> secant(n), slope(n);
    for (std::size_t i = 0; i + 1 < n; ++i)
        secant[i] = (p[i + 1].out - p[i].out) / std::max(p[i + 1].in - p[i].in, 1e-6f);
    slope[0] = secant[0];
    slope[n - 1] = n > 1 ? secant[n - 2] : 0;
    for (std::size_t i = 1; i + 1 < n; ++i)
        slope[i] = secant[i - 1] * secant[i] <= 0 ? 0 : 0.5f * (secant[i - 1] + secant[i]);
    for (std::size_t i = 0; i + 1 < n; ++i) {
        if (secant[i] == 0) {
            slope[i] = slope[i + 1] = 0;
            continue;
        }
        const float a = slope[i] / secant[i], b = slope[i + 1] / secant[i], sum = a * a + b * b;
        if (sum <= 9) continue;
        const float limit = 3 / std::sqrt(sum);
        slope[i] = limit * a * secant[i];
        slope[i + 1] = limit * b * secant[i];
    }
    return slope;
}

float on_curve(std::span<const CurvePoint> p, const std::vector<float>& slope, float v) {
    if (v <= p.front().in) return p.front().out;
    if (v >= p.back().in) return p.back().out;
    std::size_t i = 0;
    while (v > p[i + 1].in)
        ++i;
    const float h = std::max(p[i + 1].in - p[i].in, 1e-6f), t = (v - p[i].in) / h, u = 1 - t;
    return u * u * (1 + 2 * t) * p[i].out + t * t * (3 - 2 * t) * p[i + 1].out +
           h * t * u * (u * slope[i] - t * slope[i + 1]);
}

} // namespace

image::Image expose(image::ImageView picture, double stops, std::stop_token stop) {
    const auto gain = static_cast<float>(std::exp2(stops));
    return each_pixel(picture, stop, [gain](Float3 c) {
        return Float3{c[0] * gain, c[1] * gain, c[2] * gain};
    });
}

image::Image desaturate(image::ImageView picture, double amount, std::stop_token stop) {
    const auto keep = static_cast<float>(std::max(0.0, 1.0 - amount));
    return each_pixel(picture, stop, [keep](Float3 c) {
        Float3 lab = image::linear_to_oklab(c);
        lab[1] *= keep;
        lab[2] *= keep;
        return keep > 1 ? fit_gamut(lab) : image::oklab_to_linear(lab);
    });
}

image::Image contrast(image::ImageView picture, image::ImageView coverage, double amount,
                      std::stop_token stop) {
    const image::Image linear = linear_of(picture, stop);
    if (linear.empty()) return {};
    const float pivot = std::clamp(means_under(linear.view(), coverage).lightness, 0.15f, 0.85f);
    const double slope = std::clamp(1 + amount, 0.0, 5.0);
    const Sigmoid steeper(pivot, slope);
    return each_pixel(picture, stop, [&](Float3 c) {
        const Float3 lab = image::linear_to_oklab(c);
        if (!(lab[0] > 0 && lab[0] < 1)) return c;
        return relit(lab, slope > 1 ? steeper(lab[0])
                                    : pivot + static_cast<float>(slope) * (lab[0] - pivot));
    });
}

image::Image temper(image::ImageView picture, double mired, std::stop_token stop) {
    if (picture.format.color_channels() == 1) return image::clone(picture);
    constexpr double kD65 = 6504;
    constexpr Matrix kToXyz{{{0.4123908, 0.3575843, 0.1804808},
                             {0.2126390, 0.7151687, 0.0721923},
                             {0.0193308, 0.1191948, 0.9505322}}};
    constexpr Matrix kFromXyz{{{3.2409699, -1.5373832, -0.4986108},
                               {-0.9692436, 1.8759675, 0.0415551},
                               {0.0556301, -0.2039770, 1.0569715}}};
    constexpr Matrix kBradford{
        {{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}};
    constexpr Matrix kFromBradford{{{0.9869929, -0.1470543, 0.1599627},
                                    {0.4323053, 0.5183603, 0.0492912},
                                    {-0.0085287, 0.0400428, 0.9684867}}};
    const auto from = times(kBradford, daylight(kD65));
    const auto to = times(kBradford, daylight(1e6 / std::max(1e6 / kD65 + mired, 1.0)));
    Matrix gains{};
    for (std::size_t i = 0; i < 3; ++i)
        gains[i][i] = to[i] / from[i];
    const Matrix m = times(kFromXyz, times(kFromBradford, times(gains, times(kBradford, kToXyz))));
    return each_pixel(picture, stop, [m](Float3 c) {
        const auto v = times(m, std::array<double, 3>{c[0], c[1], c[2]});
        return Float3{static_cast<float>(v[0]), static_cast<float>(v[1]), static_cast<float>(v[2])};
    });
}

image::Image turn_hue(image::ImageView picture, double degrees, std::stop_token stop) {
    const double turn = degrees * std::numbers::pi / 180;
    const auto cosine = static_cast<float>(std::cos(turn)),
               sine = static_cast<float>(std::sin(turn));
    return each_pixel(picture, stop, [cosine, sine](Float3 c) {
        const Float3 lab = image::linear_to_oklab(c);
        return fit_gamut(
            {lab[0], lab[1] * cosine - lab[2] * sine, lab[1] * sine + lab[2] * cosine});
    });
}

image::Image tone(image::ImageView picture, double shadows, double highlights,
                  std::stop_token stop) {
    const auto low = static_cast<float>(std::clamp(shadows, -1.0, 1.0)),
               high = static_cast<float>(std::clamp(highlights, -1.0, 1.0));
    // A bump over each half, of a slope that keeps the whole rising: x (1 - x)^2 has at most 1.
    const auto bump = [](float x) { return x * (1 - x) * (1 - x); };
    return each_pixel(picture, stop, [=](Float3 c) {
        const Float3 lab = image::linear_to_oklab(c);
        const float l = lab[0];
        if (!(l > 0 && l < 1)) return c;
        const float dark = l < 0.6f ? 0.6f * low * bump(l / 0.6f) : 0.0f;
        const float bright = l > 0.4f ? 0.6f * high * bump((1 - l) / 0.6f) : 0.0f;
        return relit(lab, l + dark + bright);
    });
}

image::Image curve(image::ImageView picture, std::span<const CurvePoint> points,
                   std::stop_token stop) {
    if (points.empty()) return image::clone(picture);
    const std::vector<float> slope = slopes_of(points);
    return each_pixel(picture, stop, [&](Float3 c) {
        for (float& v : c) {
            const float encoded = image::linear_to_srgb(v);
            const float beyond = std::max(encoded - 1, 0.0f);
            v = image::srgb_to_linear(on_curve(points, slope, encoded - beyond) + beyond);
        }
        return c;
    });
}

image::Image paint(image::ImageView picture, Float3 srgb, std::stop_token stop) {
    const Float3 linear{image::srgb_to_linear(srgb[0]), image::srgb_to_linear(srgb[1]),
                        image::srgb_to_linear(srgb[2])};
    return each_pixel(picture, stop, [linear](Float3) { return linear; });
}

image::Image gradient(image::ImageView picture, image::ImageView coverage, Float3 from, Float3 to,
                      double degrees, std::stop_token stop) {
    const auto lab_of = [](Float3 c) {
        return image::linear_to_oklab({image::srgb_to_linear(c[0]), image::srgb_to_linear(c[1]),
                                       image::srgb_to_linear(c[2])});
    };
    const Float3 a = lab_of(from), b = lab_of(to);
    const Rect area = coverage_bounds(coverage);
    const double turn = degrees * std::numbers::pi / 180, dx = std::cos(turn), dy = std::sin(turn);
    const double reach = 0.5 * (std::abs(dx) * area.width + std::abs(dy) * area.height);
    const double x0 = area.x + 0.5 * area.width, y0 = area.y + 0.5 * area.height;
    return each_pixel_at(picture, stop, [=](int x, int y, Float3) {
        const double along = (x + 0.5 - x0) * dx + (y + 0.5 - y0) * dy;
        const auto t =
            static_cast<float>(reach > 0 ? std::clamp(0.5 + 0.5 * along / reach, 0.0, 1.0) : 0.5);
        return fit_gamut(
            {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])});
    });
}

} // namespace mw::inpaint
