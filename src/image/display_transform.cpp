// Pixels to the display and back, by planes of a few hundred at a time.
#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "image/color_curve.h"
#include "image/color_grid.h"
#include "image/color_space.h"
#include "image/convert.h"
#include "image/sample_as.h"
#include "image/transfer.h"

namespace mw::image {
namespace {

constexpr int kChunk = 256;
using Plane = std::array<float, kChunk>;
using Planes = std::array<Plane, 3>;
using Matrix = std::array<double, 9>;

Matrix inverse(const std::array<float, 9>& m) {
    const auto minor = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
        return double(m[a]) * m[d] - double(m[b]) * m[c];
    };
    const double c0 = minor(4, 5, 7, 8), c1 = minor(3, 5, 6, 8), c2 = minor(3, 4, 6, 7);
    const double det = m[0] * c0 - m[1] * c1 + m[2] * c2;
    Matrix out{c0,  -minor(1, 2, 7, 8), minor(1, 2, 4, 5),
               -c1, minor(0, 2, 6, 8),  -minor(0, 2, 3, 5),
               c2,  -minor(0, 1, 6, 7), minor(0, 1, 3, 4)};
    for (double& v : out)
        v /= det;
    return out;
}

// In double: what the numbers of one channel leave of the others' sums is small against them.
MW_CLONES void multiply(const double* m, int count, float* r, float* g, float* b) {
    for (int i = 0; i < count; ++i) {
        const double x = r[i], y = g[i], z = b[i];
        r[i] = static_cast<float>(m[0] * x + m[1] * y + m[2] * z);
        g[i] = static_cast<float>(m[3] * x + m[4] * y + m[5] * z);
        b[i] = static_cast<float>(m[6] * x + m[7] * y + m[8] * z);
    }
}

MW_CLONES void scale(float by, int count, float* v) {
    for (int i = 0; i < count; ++i)
        v[i] *= by;
}

MW_CLONES void encode(int count, float* v) {
    for (int i = 0; i < count; ++i)
        v[i] = encode_srgb(v[i]);
}

MW_CLONES void decode(int count, float* v) {
    for (int i = 0; i < count; ++i)
        v[i] = decode_srgb(v[i]);
}

MW_CLONES void to_bytes(const float* in, int count, std::uint8_t* out) {
    for (int i = 0; i < count; ++i) { // as sample_as, without its branches
        const float positive = select(in[i] > 0, in[i], 0);
        out[i] = static_cast<std::uint8_t>(
            static_cast<int>(select(positive < 1, positive, 1) * 255.0f + 0.5f));
    }
}

template <class Visit>
void by_type(SampleType type, Visit visit) {
    switch (type) {
        case SampleType::u8:
            return visit(std::uint8_t{});
        case SampleType::u16:
            return visit(std::uint16_t{});
        case SampleType::f32:
            return visit(float{});
    }
}

template <class T>
void store(const Plane& plane, int count, T* out, int step) {
    if constexpr (std::is_same_v<T, std::uint8_t>) {
        std::array<std::uint8_t, kChunk> bytes;
        to_bytes(plane.data(), count, bytes.data());
        for (int i = 0; i < count; ++i, out += step)
            *out = bytes[static_cast<std::size_t>(i)];
    } else {
        for (int i = 0; i < count; ++i, out += step)
            *out = sample_as<T>(plane[static_cast<std::size_t>(i)]);
    }
}

} // namespace

struct DisplayTransform::Tables {
    const ColorSpace& space;
    float gain; // 2^stops
    std::array<ColorCurve, 3> curve;
    std::array<std::array<float, 256>, 3> light_of_byte; // through curve and gain
    Matrix forward, back;

    Tables(const ColorSpace& s, double stops)
        : space(s), gain(static_cast<float>(std::exp2(stops))), back(inverse(s.to_srgb)) {
        std::ranges::copy(s.to_srgb, forward.begin());
        if (s.kind != ColorSpace::Kind::shaper) return;
        for (std::size_t k = 0; k < 3; ++k) {
            curve[k] = ColorCurve(s.curve[k].empty() ? s.curve[0] : s.curve[k]);
            for (std::size_t i = 0; i < 256; ++i)
                light_of_byte[k][i] =
                    gain * curve[k].at(sample_as<float>(static_cast<std::uint8_t>(i)));
        }
    }

    template <class T>
    void load_light(const T* in, int count, int channels, int colors, Planes& planes) const {
        for (int k = 0; k < colors; ++k) {
            const auto c = static_cast<std::size_t>(k);
            float* out = planes[c].data();
            const T* p = in + k;
            if constexpr (std::is_same_v<T, std::uint8_t>) {
                for (int i = 0; i < count; ++i, p += channels)
                    out[i] = light_of_byte[c][*p];
            } else {
                for (int i = 0; i < count; ++i, p += channels)
                    out[i] = curve[c].at(sample_as<float>(*p));
                if (gain != 1) scale(gain, count, out);
            }
        }
    }

    void light_to_display(int count, int colors, Planes& p) const {
        if (colors == 3) multiply(forward.data(), count, p[0].data(), p[1].data(), p[2].data());
        for (int k = 0; k < colors; ++k)
            encode(count, p[static_cast<std::size_t>(k)].data());
    }

    template <class T>
    void look_up_grid(const T* in, int count, int channels, int colors, Planes& planes) const {
        const ColorGrid grid(space.to_display_grid, space.grid_side);
        for (int i = 0; i < count; ++i, in += channels) {
            Float3 v{sample_as<float>(in[0]), 0, 0};
            v[1] = colors == 3 ? sample_as<float>(in[1]) : v[0];
            v[2] = colors == 3 ? sample_as<float>(in[2]) : v[0];
            v = grid.at(v);
            for (std::size_t k = 0; k < 3; ++k)
                planes[k][static_cast<std::size_t>(i)] = v[k];
        }
    }

    template <class From, class To>
    void row_to_display(const From* in, int width, int channels, To* out) const {
        const int colors = channels <= 2 ? 1 : 3;
        Planes planes;
        for (int x = 0; x < width; x += kChunk, in += kChunk * channels, out += kChunk * channels) {
            const int count = std::min(kChunk, width - x);
            if (space.kind == ColorSpace::Kind::grid) {
                look_up_grid(in, count, channels, colors, planes);
            } else {
                load_light(in, count, channels, colors, planes);
                light_to_display(count, colors, planes);
            }
            for (int k = 0; k < colors; ++k)
                store(planes[static_cast<std::size_t>(k)], count, out + k, channels);
            for (int i = 0; colors < channels && i < count; ++i)
                out[i * channels + colors] = sample_as<To>(in[i * channels + colors]);
        }
    }

    void row_from_display(float* row, int width, int channels) const {
        const int colors = channels <= 2 ? 1 : 3;
        if (space.kind == ColorSpace::Kind::grid) return row_by_grid(row, width, channels, colors);
        Planes p;
        for (int x = 0; x < width; x += kChunk, row += kChunk * channels) {
            const int count = std::min(kChunk, width - x);
            for (int k = 0; k < colors; ++k) {
                float* plane = p[static_cast<std::size_t>(k)].data();
                for (int i = 0; i < count; ++i)
                    plane[i] = row[i * channels + k];
                decode(count, plane);
            }
            if (colors == 3) multiply(back.data(), count, p[0].data(), p[1].data(), p[2].data());
            for (int k = 0; k < colors; ++k) {
                const auto c = static_cast<std::size_t>(k);
                for (int i = 0; i < count; ++i)
                    row[i * channels + k] =
                        curve[c].inverse(p[c][static_cast<std::size_t>(i)] / gain);
            }
        }
    }

    void row_by_grid(float* row, int width, int channels, int colors) const {
        const ColorGrid there(space.to_display_grid, space.grid_side),
            guess(space.from_display_grid, space.grid_side);
        for (int x = 0; x < width; ++x, row += channels) {
            const Float3 v{row[0], row[colors == 3 ? 1 : 0], row[colors == 3 ? 2 : 0]};
            const Float3 found = there.inverse(v, guess.at(v));
            std::copy_n(found.begin(), colors, row);
        }
    }
};

DisplayTransform::DisplayTransform(ColorSpaceRef space, double exposure_stops)
    : space_(std::move(space)),
      exposure_stops_(space_ && space_->scene_linear ? std::clamp(exposure_stops, -20.0, 20.0)
                                                     : 0) {
    if (space_) tables_ = std::make_shared<const Tables>(*space_, exposure_stops_);
}

void DisplayTransform::to_display_into(ImageView source, ImageSpan target) const {
    assert(source.size == target.size && source.format.channels == target.format.channels);
    if (is_identity()) return convert_into(source, target);
    const auto rows = [&](int begin, int end) {
        by_type(source.format.type, [&](auto from) {
            by_type(target.format.type, [&](auto to) {
                for (int y = begin; y < end; ++y)
                    tables_->row_to_display(source.row<decltype(from)>(y), source.size.width,
                                            source.format.channels, target.row<decltype(to)>(y));
            });
        });
    };
    parallel_for(source.size.height, 16, rows);
}

Image DisplayTransform::to_display(ImageView source) const {
    return to_display(source, SampleType::f32);
}

Image DisplayTransform::to_display(ImageView source, SampleType type) const {
    Image out(source.size, {source.format.channels, type});
    to_display_into(source, out.span());
    return out;
}

void DisplayTransform::from_display(ImageSpan pixels) const {
    assert(pixels.format.type == SampleType::f32);
    if (is_identity()) return;
    parallel_for(pixels.size.height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            tables_->row_from_display(pixels.row<float>(y), pixels.size.width,
                                      pixels.format.channels);
    });
}

} // namespace mw::image
