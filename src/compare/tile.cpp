#include "compare/tile.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/parallel.h"
#include "image/color.h"

namespace mw::compare {
namespace {

constexpr Size kTile{256, 128};

template <std::size_t N>
const float* linear_table() {
    static const auto table = [] {
        std::vector<float> t(N);
        for (std::size_t i = 0; i < N; ++i)
            t[i] = image::srgb_to_linear(static_cast<float>(i) / static_cast<float>(N - 1));
        return t;
    }();
    return table.data();
}

float finite_unit(float v) {
    return v > 0 ? std::min(v, 1.0f) : 0.0f; // NaN too
}

template <class T>
struct Encoded;
template <>
struct Encoded<std::uint8_t> {
    const float* table = linear_table<256>();
    float linear(std::uint8_t v) const { return table[v]; }
    float value(std::uint8_t v) const { return static_cast<float>(v) / 255.0f; }
};
template <>
struct Encoded<std::uint16_t> {
    const float* table = linear_table<65536>();
    float linear(std::uint16_t v) const { return table[v]; }
    float value(std::uint16_t v) const { return static_cast<float>(v) / 65535.0f; }
};
template <>
struct Encoded<float> {
    float linear(float v) const { return image::srgb_to_linear(finite_unit(v)); }
    float value(float v) const { return std::isfinite(v) ? v : 0.0f; }
};

template <class Visit>
void by_type(image::SampleType type, Visit visit) {
    switch (type) {
        case image::SampleType::u8:
            return visit(std::uint8_t{});
        case image::SampleType::u16:
            return visit(std::uint16_t{});
        case image::SampleType::f32:
            return visit(float{});
    }
}

} // namespace

std::vector<Rect> tiles_of(Size size) {
    std::vector<Rect> tiles;
    for (int y = 0; y < size.height; y += kTile.height)
        for (int x = 0; x < size.width; x += kTile.width)
            tiles.push_back(intersect({x, y, kTile.width, kTile.height}, Rect::of(size)));
    return tiles;
}

std::vector<Rect> bands_of(Size size) {
    constexpr int kRows = 64;
    std::vector<Rect> bands;
    for (int y = 0; y < size.height; y += kRows)
        bands.push_back({0, y, size.width, std::min(kRows, size.height - y)});
    return bands;
}

Rect with_halo(const Rect& tile, int by, Size picture) {
    return intersect(tile.grown(by), Rect::of(picture));
}

bool same_samples(image::ImageView a, image::ImageView b, const Rect& window) {
    return a.format == b.format && ((a.data == b.data && a.stride == b.stride) ||
                                    image::identical(a.sub(window), b.sub(window)));
}

image::Image shown(image::ImageView picture, const image::DisplayTransform& view) {
    if (view.is_identity()) return {};
    return view.to_display(picture, image::SampleType::u16);
}

image::Image map_of(Size size, const TileFill& fill) {
    image::Image map(size, image::kGrayF);
    const std::vector<Rect> tiles = tiles_of(size);
    const image::ImageSpan span = map.span();
    parallel_for(static_cast<int>(tiles.size()), 1, [&](int begin, int end) {
        for (int i = begin; i < end; ++i)
            fill(tiles[static_cast<std::size_t>(i)], span.sub(tiles[static_cast<std::size_t>(i)]));
    });
    return map;
}

void linear_row(image::ImageView picture, int x, int y, int count, float* r, float* g, float* b) {
    by_type(picture.format.type, [&](auto sample) {
        using T = decltype(sample);
        const Encoded<T> encoded;
        const int n = picture.format.channels;
        const T* p = picture.pixel<T>(x, y);
        for (int i = 0; i < count; ++i, p += n) {
            r[i] = encoded.linear(p[0]);
            g[i] = n < 3 ? r[i] : encoded.linear(p[1]);
            b[i] = n < 3 ? r[i] : encoded.linear(p[2]);
        }
    });
}

void luma_row(image::ImageView picture, int x, int y, int count, float* luma) {
    if (picture.format.type == image::SampleType::u8 && picture.format.channels >= 3) {
        static const std::array<std::array<float, 256>, 3> weighted = [] {
            std::array<std::array<float, 256>, 3> t{};
            constexpr float kWeights[] = {0.2126f, 0.7152f, 0.0722f};
            for (std::size_t c = 0; c < 3; ++c)
                for (std::size_t v = 0; v < 256; ++v)
                    t[c][v] = kWeights[c] * (static_cast<float>(v) / 255.0f);
            return t;
        }();
        const float *r = weighted[0].data(), *g = weighted[1].data(), *b = weighted[2].data();
        const int n = picture.format.channels;
        const auto* p = picture.pixel<std::uint8_t>(x, y);
        for (int i = 0; i < count; ++i, p += n)
            luma[i] = r[p[0]] + g[p[1]] + b[p[2]];
        return;
    }
    by_type(picture.format.type, [&](auto sample) {
        using T = decltype(sample);
        const Encoded<T> encoded;
        const int n = picture.format.channels;
        const T* p = picture.pixel<T>(x, y);
        for (int i = 0; i < count; ++i, p += n)
            luma[i] = n < 3 ? encoded.value(p[0])
                            : 0.2126f * encoded.value(p[0]) + 0.7152f * encoded.value(p[1]) +
                                  0.0722f * encoded.value(p[2]);
    });
}

} // namespace mw::compare
