#include "image/convert.h"

#include <cmath>

#include "base/parallel.h"
#include "image/sample_as.h"

namespace mw::image {
namespace {

template <class T>
constexpr T opaque() {
    if constexpr (std::is_same_v<T, float>)
        return 1.0f;
    else
        return static_cast<T>(~T{0});
}

template <class T>
T luma(T r, T g, T b) {
    if constexpr (std::is_same_v<T, float>)
        return 0.2126f * r + 0.7152f * g + 0.0722f * b;
    else // weights sum to 65536, so equal channels keep their value
        return static_cast<T>((13933u * r + 46871u * g + 4732u * b + 32768u) >> 16);
}

template <class To, class From>
void convert_rows(ImageView source, ImageSpan target, int begin, int end) {
    const int n = source.format.channels, m = target.format.channels;
    for (int y = begin; y < end; ++y) {
        const From* s = source.row<From>(y);
        To* t = target.row<To>(y);
        if (n == m) {
            for (int i = 0; i < source.size.width * n; ++i)
                t[i] = sample_as<To>(s[i]);
            continue;
        }
        for (int x = 0; x < source.size.width; ++x, s += n, t += m) {
            if (m <= 2) {
                t[0] = sample_as<To>(n <= 2 ? s[0] : luma(s[0], s[1], s[2]));
            } else {
                for (int c = 0; c < 3; ++c)
                    t[c] = sample_as<To>(n <= 2 ? s[0] : s[c]);
            }
            if (target.format.has_alpha())
                t[m - 1] = source.format.has_alpha() ? sample_as<To>(s[n - 1]) : opaque<To>();
        }
    }
}

template <class To>
void convert_to(ImageView source, ImageSpan target) {
    parallel_for(source.size.height, 64, [&](int begin, int end) {
        switch (source.format.type) {
            case SampleType::u8:
                return convert_rows<To, std::uint8_t>(source, target, begin, end);
            case SampleType::u16:
                return convert_rows<To, std::uint16_t>(source, target, begin, end);
            case SampleType::f32:
                return convert_rows<To, float>(source, target, begin, end);
        }
    });
}

} // namespace

void convert_into(ImageView source, ImageSpan target) {
    assert(source.size == target.size);
    if (source.format == target.format) return copy_pixels(source, target);
    switch (target.format.type) {
        case SampleType::u8:
            return convert_to<std::uint8_t>(source, target);
        case SampleType::u16:
            return convert_to<std::uint16_t>(source, target);
        case SampleType::f32:
            return convert_to<float>(source, target);
    }
}

Image convert(ImageView source, PixelFormat format) {
    Image out(source.size, format);
    convert_into(source, out.span());
    return out;
}

} // namespace mw::image
