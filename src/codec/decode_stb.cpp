// BMP, TGA and Radiance HDR by stb_image. It trusts what it reads (no checks of length, undefined
// behaviour on hostile input), so headers are checked here first, and all runs in the child
// process.
#include <fmt/format.h>
#include <stb_image.h>
#include <algorithm>
#include <climits>
#include <cstdlib>
#include <memory>

#include "codec/decoder.h"
#include "codec/input_pages.h"
#include "codec/linear_space.h"

namespace mw::codec {
namespace {

// stb_image sees zeros after the end of a file and goes on; this notices.
struct Source {
    ByteSpan bytes;
    std::size_t at = 0;
    bool past_end = false;

    static int read(void* user, char* data, int size) {
        auto& s = *static_cast<Source*>(user);
        const std::size_t n = std::min(static_cast<std::size_t>(size), s.bytes.size() - s.at);
        if (n == 0) s.past_end = true;
        std::memcpy(data, s.bytes.data() + s.at, n);
        s.at += n;
        input_went_by(n);
        return static_cast<int>(n);
    }
    static void skip(void* user, int n) {
        auto& s = *static_cast<Source*>(user);
        const auto at = static_cast<std::int64_t>(s.at) + n;
        if (at > static_cast<std::int64_t>(s.bytes.size())) s.past_end = true;
        s.at = static_cast<std::size_t>(
            std::clamp<std::int64_t>(at, 0, static_cast<std::int64_t>(s.bytes.size())));
    }
    static int eof(void* user) {
        auto& s = *static_cast<Source*>(user);
        return s.at >= s.bytes.size();
    }
};
constexpr stbi_io_callbacks kCallbacks{Source::read, Source::skip, Source::eof};

template <class T>
using Pixels = std::unique_ptr<T, void (*)(void*)>;

// T is the sample type stb_image gives: unsigned char or float.
template <class T>
Result<Decoded> decode(ByteSpan file, Canvas& canvas, std::string_view name, int channels) {
    int width = 0, height = 0, ignored = 0;
    Source source{file};
    if (!stbi_info_from_callbacks(&kCallbacks, &source, &width, &height, &ignored))
        return damaged(fmt::format("is a damaged {} ({})", name, stbi_failure_reason()));
    height = std::abs(height); // a BMP from top to bottom; decode_bmp kept INT_MIN out
    if (channels == 0) channels = std::clamp(ignored, 1, 4);
    const image::PixelFormat format{
        channels, sizeof(T) == 1 ? image::SampleType::u8 : image::SampleType::f32};
    auto target = canvas.create(width, height, format);
    if (!target) return tl::unexpected(target.error());
    source = {file};
    int w = 0, h = 0;
    Pixels<T> pixels(nullptr, stbi_image_free);
    if constexpr (sizeof(T) == 1)
        pixels.reset(stbi_load_from_callbacks(&kCallbacks, &source, &w, &h, &ignored, channels));
    else
        pixels.reset(stbi_loadf_from_callbacks(&kCallbacks, &source, &w, &h, &ignored, channels));
    if (!pixels || w != width || h != height)
        return damaged(fmt::format("is a damaged {} ({})", name,
                                   pixels ? "two sizes" : stbi_failure_reason()));
    // From the last row up, so that what was copied can be given back: two pictures are never in
    // memory as a whole.
    const std::size_t row = static_cast<std::size_t>(w) * static_cast<std::size_t>(format.bytes());
    auto* const from = reinterpret_cast<std::byte*>(pixels.get());
    GivenBack copied(from, row * static_cast<std::size_t>(h));
    for (int y = h - 1; y >= 0; --y) {
        std::memcpy(target->row_bytes(y), from + static_cast<std::size_t>(y) * row, row);
        copied.down_to(static_cast<std::size_t>(y) * row);
    }
    Decoded out;
    if (source.past_end)
        out.warnings.push_back(
            fmt::format("The {} is cut off; the missing part is black or wrong.", name));
    return out;
}

} // namespace

Result<Decoded> decode_bmp(ByteSpan file, Canvas& canvas) {
    ByteReader r(file, 14);
    const std::uint32_t header = r.le32();
    const bool old = header == 12;
    const auto width =
        old ? std::int64_t{r.le16()} : std::int64_t{static_cast<std::int32_t>(r.le32())};
    const auto height =
        old ? std::int64_t{r.le16()} : std::int64_t{static_cast<std::int32_t>(r.le32())};
    const int planes = r.le16(), bits = r.le16();
    const std::uint32_t compression = old ? 0 : r.le32();
    if (!r.ok() || (header != 12 && header != 40 && header != 52 && header != 56 && header != 64 &&
                    header != 108 && header != 124))
        return damaged("is a damaged BMP: its header makes no sense");
    if (Status s = canvas.check(width, std::abs(height), bits == 32 ? image::kRgba8 : image::kRgb8);
        !s)
        return tl::unexpected(s.error());
    if (planes != 1 ||
        (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32))
        return damaged(fmt::format("is a damaged BMP: {} planes of {} bits", planes, bits));
    if (compression == 1 || compression == 2 || header == 64)
        return fail(
            ErrorCode::unsupported,
            "is a run-length packed BMP (RLE), which is not supported yet; export it as PNG");
    if (compression != 0 && compression != 3 && compression != 6)
        return fail(
            ErrorCode::unsupported,
            fmt::format("is a BMP with packing {}, which is not supported; export it as PNG",
                        compression));
    if (header == 52)
        return fail(ErrorCode::unsupported,
                    "is a BMP of a rare version (52-byte header), which is not supported; export "
                    "it as PNG");
    auto out = decode<unsigned char>(file, canvas, "BMP", 0);
    r.skip(12); // size of the data, resolution
    if (out && !old && bits <= 8 && r.le32() > 1u << bits)
        out->warnings.emplace_back(
            "The BMP claims more palette colours than it can have; colours may be wrong.");
    return out;
}

Result<Decoded> decode_tga(ByteSpan file, Canvas& canvas) {
    return decode<unsigned char>(file, canvas, "TGA", 0);
}

Result<Decoded> decode_hdr(ByteSpan file, Canvas& canvas) {
    auto out = decode<float>(file, canvas, "Radiance HDR", 3);
    if (!out) return out;
    out->source_bits = 32;
    out->color = linear_rec709();
    return out;
}

} // namespace mw::codec
