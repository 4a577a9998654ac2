#include "peers.h"

#ifdef MW_BENCH_LIBPNG
#include <png.h>
#include <zlib.h>

namespace mw::bench {

bool libpng_available() {
    return true;
}

std::vector<std::uint8_t> libpng_rle(image::ImageView coverage, bool filtered) {
    std::vector<std::uint8_t> file;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
    png_infop info = png_create_info_struct(png);
    png_set_write_fn(
        png, &file,
        [](png_structp p, png_bytep data, png_size_t n) {
            auto* to = static_cast<std::vector<std::uint8_t>*>(png_get_io_ptr(p));
            to->insert(to->end(), data, data + n);
        },
        [](png_structp) {});
    png_set_IHDR(png, info, static_cast<png_uint_32>(coverage.size.width),
                 static_cast<png_uint_32>(coverage.size.height), 8, PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    if (!filtered) png_set_filter(png, 0, PNG_FILTER_NONE);
    png_set_compression_level(png, 1);
    png_set_compression_strategy(png, Z_RLE);
    png_write_info(png, info);
    for (int y = 0; y < coverage.size.height; ++y)
        png_write_row(png, reinterpret_cast<png_const_bytep>(coverage.row_bytes(y)));
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return file;
}

} // namespace mw::bench
#else
namespace mw::bench {

bool libpng_available() {
    return false;
}
std::vector<std::uint8_t> libpng_rle(image::ImageView, bool) {
    return {};
}

} // namespace mw::bench
#endif
