#include "develop.h"

#include <array>

#include "random.h"

namespace mw::sample {
namespace {

constexpr float kExposure = 1.08f;

float encode_srgb(float v) {
    v = saturate(v);
    return v <= 0.0031308f ? 12.92f * v : 1.055f * std::pow(v, 1 / 2.4f) - 0.055f;
}

float decode_srgb(float v) {
    return v <= 0.04045f ? v / 12.92f : std::pow((v + 0.055f) / 1.055f, 2.4f);
}

// Filmic shoulder and toe, the fit of Narkowicz 2016.
float film_curve(float x) {
    return saturate(x * (2.51f * x + 0.03f) / (x * (2.43f * x + 0.59f) + 0.14f));
}

float gauss(Rng& rng) {
    const float u = std::max(rng.uniform(), 1e-7f), a = 2 * kPi * rng.uniform();
    return std::sqrt(-2 * std::log(u)) * std::cos(a);
}

using Plane = std::vector<Vec>;

Vec at(const Plane& p, int w, int h, int x, int y) {
    x = std::clamp(x, 0, w - 1);
    y = std::clamp(y, 0, h - 1);
    return p[static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x)];
}

// One pass of a box of radius `r` along rows or columns; three in each direction come near a
// Gaussian.
Plane box_pass(const Plane& in, int w, int h, int r, bool across) {
    Plane out(in.size());
    const int lines = across ? h : w, n = across ? w : h;
    for (int l = 0; l < lines; ++l) {
        auto get = [&](int i) { return across ? at(in, w, h, i, l) : at(in, w, h, l, i); };
        Vec sum;
        for (int i = -r; i <= r; ++i)
            sum = sum + get(i);
        for (int i = 0; i < n; ++i) {
            const size_t k =
                across ? static_cast<size_t>(l) * static_cast<size_t>(w) + static_cast<size_t>(i)
                       : static_cast<size_t>(i) * static_cast<size_t>(w) + static_cast<size_t>(l);
            out[k] = sum * (1.0f / static_cast<float>(2 * r + 1));
            sum = sum + get(i + r + 1) - get(i - r);
        }
    }
    return out;
}

// Light scattered in the lens round the brightest spots.
Plane bloom(const Plane& film, int w, int h) {
    Plane b(film.size());
    for (size_t i = 0; i < film.size(); ++i) {
        const float over = std::max(luminance(film[i]) - 1.4f, 0.0f);
        b[i] = film[i] * (over / (over + 2));
    }
    const int r = std::max(1, w / 380);
    for (int i = 0; i < 3; ++i)
        b = box_pass(box_pass(b, w, h, r, true), w, h, r, false);
    return b;
}

// Unit-variance noise with a grain of about a pixel and a half, as a colour mosaic leaves it.
Plane grain(int w, int h) {
    Plane raw(static_cast<size_t>(w) * static_cast<size_t>(h)), out(raw.size());
    for (size_t i = 0; i < raw.size(); ++i) {
        Rng rng(0x5eed0000u + i);
        raw[i].x = gauss(rng);
        raw[i].y = gauss(rng);
        raw[i].z = gauss(rng);
    }
    constexpr float kSide = 0.38f, kCorner = kSide * kSide;
    const float norm = 1 / (1 + 2 * kSide * kSide); // Root of the kernel's energy, squared sides.
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            Vec s = at(raw, w, h, x, y);
            s = s + (at(raw, w, h, x - 1, y) + at(raw, w, h, x + 1, y) + at(raw, w, h, x, y - 1) +
                     at(raw, w, h, x, y + 1)) *
                        kSide;
            s = s + (at(raw, w, h, x - 1, y - 1) + at(raw, w, h, x + 1, y - 1) +
                     at(raw, w, h, x - 1, y + 1) + at(raw, w, h, x + 1, y + 1)) *
                        kCorner;
            out[static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x)] =
                s * norm;
        }
    }
    return out;
}

} // namespace

Picture develop(const std::vector<Vec>& film, int w, int h) {
    const Plane glow = bloom(film, w, h), noise = grain(w, h);
    Picture out{w, h, 3, std::vector<uint8_t>(film.size() * 3)};
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            const size_t i =
                static_cast<size_t>(y) * static_cast<size_t>(w) + static_cast<size_t>(x);
            const float nx = 2 * (static_cast<float>(x) + 0.5f) / static_cast<float>(w) - 1;
            const float ny = (2 * (static_cast<float>(y) + 0.5f) - static_cast<float>(h)) /
                             static_cast<float>(w);
            const float cos2 =
                1 / (1 + 0.30f * (nx * nx + ny * ny)); // cos^4 law at this view angle.
            Vec c = (film[i] + glow[i] * 0.22f) * (kExposure * cos2 * cos2);
            // Photon noise grows as the root of the light, read noise is constant; most of it is
            // shared by the channels, a little is coloured.
            const float sigma = std::sqrt(0.00022f * luminance(c) + 0.0000035f);
            const Vec g = noise[i];
            const float grey = 0.62f * (g.x + g.y + g.z);
            c = c +
                Vec{grey + 0.45f * g.x, grey + 0.3f * g.y, grey + 0.55f * g.z} * (0.55f * sigma);
            const std::array<float, 3> rgb{c.x, c.y, c.z};
            Rng dither(0xd17e0000u + i);
            for (size_t k = 0; k < 3; ++k) {
                const float v = encode_srgb(film_curve(std::max(rgb[k], 0.0f)));
                out.data[i * 3 + k] =
                    static_cast<uint8_t>(std::clamp(v * 255 + dither.uniform(), 0.0f, 255.0f));
            }
        }
    }
    return out;
}

Picture shrink(const Picture& p, int width) {
    const int height = (p.height * width + p.width / 2) / p.width;
    Picture out{width, height, p.channels, {}};
    const auto channels = static_cast<size_t>(p.channels);
    out.data.resize(static_cast<size_t>(width) * static_cast<size_t>(height) * channels);
    std::array<float, 256> linear{};
    for (size_t i = 0; i < 256; ++i) {
        const float v = static_cast<float>(i) / 255;
        linear[i] = channels == 3 ? decode_srgb(v) : v;
    }
    const float sx = static_cast<float>(p.width) / static_cast<float>(width);
    const float sy = static_cast<float>(p.height) / static_cast<float>(height);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float x0 = static_cast<float>(x) * sx, y0 = static_cast<float>(y) * sy;
            std::array<float, 3> sum{};
            float area = 0;
            for (int v = static_cast<int>(y0);
                 v < std::min(p.height, static_cast<int>(std::ceil(y0 + sy))); ++v) {
                const float cy = std::min(y0 + sy, static_cast<float>(v + 1)) -
                                 std::max(y0, static_cast<float>(v));
                for (int u = static_cast<int>(x0);
                     u < std::min(p.width, static_cast<int>(std::ceil(x0 + sx))); ++u) {
                    const float cx = std::min(x0 + sx, static_cast<float>(u + 1)) -
                                     std::max(x0, static_cast<float>(u));
                    const size_t i = (static_cast<size_t>(v) * static_cast<size_t>(p.width) +
                                      static_cast<size_t>(u)) *
                                     channels;
                    for (size_t k = 0; k < channels; ++k)
                        sum[k] += linear[p.data[i + k]] * cx * cy;
                    area += cx * cy;
                }
            }
            const size_t o =
                (static_cast<size_t>(y) * static_cast<size_t>(width) + static_cast<size_t>(x)) *
                channels;
            for (size_t k = 0; k < channels; ++k) {
                const float v = sum[k] / area;
                out.data[o + k] =
                    static_cast<uint8_t>((channels == 3 ? encode_srgb(v) : v) * 255 + 0.5f);
            }
        }
    }
    return out;
}

} // namespace mw::sample
