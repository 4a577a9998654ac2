#include "support.h"

#include <unistd.h>
#include <zlib.h>
#include <cstdlib>

namespace mw::codec::test {
namespace {

void append32(Bytes& to, std::uint32_t v) {
    for (int shift = 24; shift >= 0; shift -= 8)
        to.push_back(std::byte(v >> shift & 255));
}

void append(Bytes& to, const Bytes& more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

image::Image pattern(Size size, image::PixelFormat format, unsigned seed) {
    image::Image picture(size, format);
    unsigned state = seed * 2654435761u + 1;
    const auto next = [&] { return (state = state * 1664525u + 1013904223u) >> 8; };
    if (format.type == image::SampleType::f32) {
        for (int y = 0; y < size.height; ++y)
            for (int i = 0; i < size.width * format.channels; ++i)
                picture.span().row<float>(y)[i] = static_cast<float>(next() & 1023) / 512;
    } else {
        for (std::byte& b : picture.bytes())
            b = std::byte(next());
    }
    return picture;
}

Bytes exif_with_orientation(int orientation, bool big) {
    Bytes e = bytes_of(big ? std::string_view("MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1", 18)
                           : std::string_view("II*\0\10\0\0\0\1\0\22\1\3\0\1\0\0\0", 18));
    e.push_back(std::byte(big ? 0 : orientation));
    e.push_back(std::byte(big ? orientation : 0));
    e.resize(e.size() + 6);
    return e;
}

Bytes profile(const char* space) {
    Bytes icc(132);
    icc[3] = std::byte{132};
    std::memcpy(icc.data() + 16, space, 4);
    std::memcpy(icc.data() + 36, "acsp", 4);
    return icc;
}

Bytes bytes_of(std::string_view text) {
    const auto* p = reinterpret_cast<const std::byte*>(text.data());
    return {p, p + text.size()};
}

Bytes png_chunk(std::string_view type, const Bytes& data) {
    Bytes chunk;
    append32(chunk, static_cast<std::uint32_t>(data.size()));
    append(chunk, bytes_of(type));
    append(chunk, data);
    append32(chunk, static_cast<std::uint32_t>(crc32_z(
                        0, reinterpret_cast<const Bytef*>(chunk.data() + 4), chunk.size() - 4)));
    return chunk;
}

Bytes png_header(unsigned width, unsigned height, int depth, int color_type, int interlace) {
    Bytes data;
    append32(data, width);
    append32(data, height);
    for (const int v : {depth, color_type, 0, 0, interlace})
        data.push_back(std::byte(v));
    return png_chunk("IHDR", data);
}

Bytes deflated(const Bytes& raw) {
    uLongf size = compressBound(raw.size());
    Bytes out(size);
    compress(reinterpret_cast<Bytef*>(out.data()), &size,
             reinterpret_cast<const Bytef*>(raw.data()), raw.size());
    out.resize(size);
    return out;
}

Bytes png_file(const Bytes& header, const std::vector<Bytes>& chunks, const Bytes& rows) {
    Bytes file = bytes_of("\x89PNG\r\n\x1a\n");
    file.reserve(4096);
    append(file, header);
    for (const Bytes& c : chunks)
        append(file, c);
    append(file, png_chunk("IDAT", deflated(rows)));
    append(file, png_chunk("IEND", {}));
    return file;
}

Result<Picture> open(const Bytes& file, const DecodeLimits& limits, std::stop_token stop) {
    return decode(file, "test picture", limits, std::move(stop));
}

Scratch::Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "maskwright-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
}

Scratch::~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

} // namespace mw::codec::test
