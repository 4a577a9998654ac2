#include "composite/blend.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"

namespace mw::composite {
namespace {

using image::SampleType;

struct Buffers {
    std::vector<float> weight, mixed, back, origin;
};

// On encoded values, as every painting program does by default: a fade in linear light would look
// wider on the dark side.
MW_CLONES void mix(const float* s, const float* a, const float* w, int count, float* out) {
    for (int i = 0; i < count; ++i) {
        const float v = s[i] + w[i] * (a[i] - s[i]);
        out[i] = w[i] >= 1.0f || !(std::abs(s[i]) < 1e30f) ? a[i] : v;
    }
}

// One weight for each sample.
void spread_weights(const std::uint8_t* w, const float* share, int count, int colors, float* out) {
    for (int x = 0; x < count; ++x) {
        float v = static_cast<float>(w[x]) / 255.0f;
        if (share) v *= share[x];
        for (int c = 0; c < colors; ++c)
            *out++ = v;
    }
}

std::uint32_t hash_of(std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    std::uint32_t h = x * 0x9E3779B1u ^ (y * 0x85EBCA77u + channel * 0xC2B2AE3Du);
    h ^= h >> 15;
    h *= 0x2C1B3C6Du;
    h ^= h >> 12;
    h *= 0x297A2D39u;
    return h ^ (h >> 15);
}

// -1 .. 1, triangular.
float triangular(std::uint32_t x, std::uint32_t y, std::uint32_t channel) {
    const std::uint32_t h = hash_of(x, y, channel);
    return static_cast<float>(static_cast<int>(h & 0xFFFF) - static_cast<int>(h >> 16)) / 65536.0f;
}

template <class T>
T to_sample(float v, float noise) {
    if constexpr (std::is_same_v<T, float>) {
        return v;
    } else {
        constexpr float kMax = std::is_same_v<T, std::uint8_t> ? 255.0f : 65535.0f;
        return static_cast<T>(std::clamp(v * kMax + noise, 0.0f, kMax) + 0.5f);
    }
}

template <class T>
float from_sample(T v) {
    if constexpr (std::is_same_v<T, float>)
        return v;
    else
        return static_cast<float>(v) / (std::is_same_v<T, std::uint8_t> ? 255.0f : 65535.0f);
}

// Half the spread of the dither in the target's own steps.
template <class T>
float dither_of(const BlendInput& input, bool identity) {
    if (std::is_same_v<T, float> || !input.dither) return 0;
    if (std::is_same_v<T, std::uint16_t> && !input.same_depth) return 128.5f;
    return identity ? 0.0f : 1.0f;
}

template <class T>
class Rows {
  public:
    Rows(const BlendInput& input, const image::DisplayTransform& view, image::ImageSpan pixels)
        : input_(input),
          view_(view),
          pixels_(pixels),
          n_(pixels.format.channels),
          colors_(pixels.format.color_channels()),
          noise_(dither_of<T>(input, view.is_identity())) {
        const auto most = static_cast<std::size_t>(input.rect.width * colors_);
        buffers_.weight.resize(most);
        buffers_.mixed.resize(most);
    }

    void row(int y) {
        const auto* w = input_.weights.row<std::uint8_t>(y);
        for (int x = 0; x < input_.rect.width;) {
            while (x < input_.rect.width && w[x] == 0)
                ++x; // the source's bits stay
            const int first = x;
            while (x < input_.rect.width && w[x] != 0)
                ++x;
            if (x > first) run(first, x - first, y);
        }
    }

  private:
    void run(int x, int count, int y) {
        const int samples = count * colors_;
        const float* s = input_.source.row<float>(y) + x * colors_;
        const float* a = input_.answer.row<float>(y) + x * colors_;
        const float* share = input_.share.empty() ? nullptr : input_.share.row<float>(y) + x;
        spread_weights(input_.weights.row<std::uint8_t>(y) + x, share, count, colors_,
                       buffers_.weight.data());
        mix(s, a, buffers_.weight.data(), samples, buffers_.mixed.data());
        const float* back = buffers_.mixed.data();
        const float* origin = nullptr;
        if (!view_.is_identity()) {
            back = brought_back(buffers_.mixed.data(), count, buffers_.back);
            origin = brought_back(s, count, buffers_.origin);
        }
        T* to = pixels_.row<T>(y) + x * n_;
        for (int i = 0; i < count; ++i, to += n_) {
            const int at = i * colors_;
            if (!(buffers_.weight[static_cast<std::size_t>(at)] > 0)) continue;
            bool same = true;
            for (int c = 0; c < colors_; ++c)
                same &= buffers_.mixed[static_cast<std::size_t>(at + c)] == s[at + c];
            if (same) continue;
            for (int c = 0; c < colors_; ++c) {
                float v = back[at + c];
                if (origin) {
                    const float rest = 1 - buffers_.weight[static_cast<std::size_t>(at + c)];
                    const float cost = from_sample(to[c]) - origin[at + c];
                    if (rest > 0 && std::isfinite(cost)) v += rest * cost;
                }
                if (!std::isfinite(v)) continue;
                to[c] = to_sample<T>(v, noise_ == 0 ? 0.0f : noise_ * noise(x + i, y, c));
            }
        }
    }

    float noise(int x, int y, int channel) const {
        return triangular(static_cast<std::uint32_t>(input_.rect.x + x),
                          static_cast<std::uint32_t>(input_.rect.y + y),
                          static_cast<std::uint32_t>(channel));
    }

    const float* brought_back(const float* from, int count, std::vector<float>& to) const {
        to.assign(from, from + count * colors_);
        const image::PixelFormat format{colors_, SampleType::f32};
        view_.from_display({reinterpret_cast<std::byte*>(to.data()),
                            {count, 1},
                            format,
                            std::ptrdiff_t{count} * format.bytes()});
        return to.data();
    }

    const BlendInput& input_;
    const image::DisplayTransform& view_;
    image::ImageSpan pixels_;
    int n_, colors_;
    float noise_;
    Buffers buffers_;
};

template <class T>
void blend_as(const BlendInput& input, const image::DisplayTransform& view,
              image::ImageSpan pixels) {
    parallel_for(input.rect.height, 16, [&](int begin, int end) {
        Rows<T> rows(input, view, pixels);
        for (int y = begin; y < end; ++y)
            rows.row(y);
    });
}

} // namespace

void blend(const BlendInput& input, const image::DisplayTransform& view, image::ImageSpan pixels) {
    switch (pixels.format.type) {
        case SampleType::u8:
            return blend_as<std::uint8_t>(input, view, pixels);
        case SampleType::u16:
            return blend_as<std::uint16_t>(input, view, pixels);
        case SampleType::f32:
            return blend_as<float>(input, view, pixels);
    }
}

} // namespace mw::composite
