#include "codec/tiff_strips.h"

#include <zlib.h>
#include <algorithm>
#include <atomic>
#include <bit>
#include <new>

#include "base/parallel.h"

namespace mw::codec {
namespace {

static_assert(std::endian::native == std::endian::little);

void predict8(const std::byte* from, std::byte* to, std::size_t samples, std::size_t step) {
    std::copy_n(from, step, to);
    for (std::size_t i = step; i < samples; ++i)
        to[i] = std::byte(std::to_integer<unsigned>(from[i]) -
                          std::to_integer<unsigned>(from[i - step]));
}

void predict16(const std::byte* from, std::byte* to, std::size_t samples, std::size_t step,
               bool big_endian) {
    const auto* v = reinterpret_cast<const std::uint16_t*>(from);
    for (std::size_t i = 0; i < samples; ++i) {
        auto d = static_cast<std::uint16_t>(i < step ? v[i] : v[i] - v[i - step]);
        if (big_endian) d = static_cast<std::uint16_t>(d << 8 | d >> 8);
        std::memcpy(to + 2 * i, &d, 2);
    }
}

// The most significant bytes of a row first, then the next; differences between neighbours of all.
void predict_float(const std::byte* from, std::byte* to, std::size_t samples, std::size_t step) {
    for (std::size_t plane = 0; plane < 4; ++plane)
        for (std::size_t i = 0; i < samples; ++i)
            to[plane * samples + i] = from[4 * i + 3 - plane];
    for (std::size_t i = 4 * samples; i-- > step;)
        to[i] =
            std::byte(std::to_integer<unsigned>(to[i]) - std::to_integer<unsigned>(to[i - step]));
}

} // namespace

Bytes predicted_tiff_rows(image::ImageView pixels, int first, int count, bool big_endian) {
    const auto step = static_cast<std::size_t>(pixels.format.channels);
    const std::size_t samples = static_cast<std::size_t>(pixels.size.width) * step;
    const std::size_t row =
        samples * static_cast<std::size_t>(image::sample_bytes(pixels.format.type));
    Bytes out(row * static_cast<std::size_t>(count));
    for (int y = 0; y < count; ++y) {
        const std::byte* from = pixels.row_bytes(first + y);
        std::byte* to = out.data() + static_cast<std::size_t>(y) * row;
        switch (pixels.format.type) {
            case image::SampleType::u8:
                predict8(from, to, samples, step);
                break;
            case image::SampleType::u16:
                predict16(from, to, samples, step, big_endian);
                break;
            case image::SampleType::f32:
                predict_float(from, to, samples, step);
                break;
        }
    }
    return out;
}

std::vector<Bytes> packed_tiff_strips(image::ImageView pixels, int rows, int first, int count,
                                      bool big_endian, int level) {
    std::vector<Bytes> strips(static_cast<std::size_t>(count));
    std::atomic<bool> short_of_memory{false};
    const auto pack = [&](int i) {
        const int y = (first + i) * rows;
        const Bytes raw =
            predicted_tiff_rows(pixels, y, std::min(rows, pixels.size.height - y), big_endian);
        Bytes& out = strips[static_cast<std::size_t>(i)];
        out.resize(compressBound(raw.size()));
        uLongf size = out.size();
        const int error = compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                                    reinterpret_cast<const Bytef*>(raw.data()), raw.size(), level);
        if (error != Z_OK) throw std::bad_alloc(); // nothing else can happen
        out.resize(size);
    };
    parallel_for(count, 1, [&](int begin, int end) {
        try {
            for (int i = begin; i < end; ++i)
                pack(i);
        } catch (const std::bad_alloc&) {
            short_of_memory = true;
        }
    });
    if (short_of_memory) strips.clear();
    return strips;
}

} // namespace mw::codec
