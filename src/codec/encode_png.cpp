// PNG by libspng: 8 and 16 bit, 1 to 4 channels.
#include <spng.h>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "codec/encoders.h"
#include "codec/exif.h"

namespace mw::codec {
namespace {

struct Closer {
    void operator()(spng_ctx* c) const { spng_ctx_free(c); }
    void operator()(void* p) const { std::free(p); }
};

int color_type(int channels) {
    constexpr int kTypes[] = {SPNG_COLOR_TYPE_GRAYSCALE, SPNG_COLOR_TYPE_GRAYSCALE_ALPHA,
                              SPNG_COLOR_TYPE_TRUECOLOR, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
    return kTypes[channels - 1];
}

int set_metadata(spng_ctx* ctx, const Metadata& metadata, int color_channels) {
    int error = 0;
    if (profile_fits(metadata.icc, color_channels)) {
        // libspng takes them mutable and copies nothing; they live until the file is written.
        spng_iccp icc{"ICC profile", metadata.icc.size(),
                      reinterpret_cast<char*>(const_cast<std::byte*>(metadata.icc.data()))};
        error = spng_set_iccp(ctx, &icc);
    }
    if (!error && looks_like_exif(metadata.exif)) {
        spng_exif exif{metadata.exif.size(),
                       reinterpret_cast<char*>(const_cast<std::byte*>(metadata.exif.data()))};
        error = spng_set_exif(ctx, &exif);
    }
    if (!error && metadata.dots_per_inch && *metadata.dots_per_inch > 0) {
        const auto per_meter = static_cast<std::uint32_t>(
            std::min(std::lround(*metadata.dots_per_inch / 0.0254), 2147483647l));
        spng_phys phys{per_meter, per_meter, 1};
        error = spng_set_phys(ctx, &phys);
    }
    return error;
}

// `xmp` ends in a zero: libspng measures it itself, whatever length it is told.
int set_xmp(spng_ctx* ctx, std::string& xmp, char* empty) {
    if (xmp.empty()) return 0;
    spng_text text{};
    std::copy_n("XML:com.adobe.xmp", 18, text.keyword);
    text.type = SPNG_ITXT;
    text.length = xmp.size();
    text.text = xmp.data();
    text.language_tag = text.translated_keyword = empty;
    return spng_set_text(ctx, &text, 1);
}

} // namespace

namespace {

// The library's way out: an error of ours is kept, and the library told to stop.
struct Outlet {
    const ByteSink& sink;
    Status status;
};

int write_out(spng_ctx*, void* user, void* bytes, std::size_t length) {
    auto& outlet = *static_cast<Outlet*>(user);
    outlet.status = outlet.sink({static_cast<const std::byte*>(bytes), length});
    return outlet.status ? 0 : SPNG_IO_ERROR;
}

} // namespace

Status write_png(const PixelRows& rows, const Metadata& metadata, int compression,
                 const ByteSink& sink) {
    const std::unique_ptr<spng_ctx, Closer> owner(spng_ctx_new(SPNG_CTX_ENCODER));
    spng_ctx* ctx = owner.get();
    if (!ctx) return fail(ErrorCode::too_large, "Not enough memory to write a PNG.");
    const auto type = static_cast<std::uint8_t>(color_type(rows.format.channels));
    const auto depth = static_cast<std::uint8_t>(image::sample_bytes(rows.format.type) * 8);
    spng_ihdr ihdr{static_cast<std::uint32_t>(rows.size.width),
                   static_cast<std::uint32_t>(rows.size.height),
                   depth,
                   type,
                   0,
                   0,
                   0};
    char empty[1] = "";
    std::string xmp(reinterpret_cast<const char*>(metadata.xmp.data()), metadata.xmp.size());
    Outlet outlet{sink, {}};
    spng_set_png_stream(ctx, write_out, &outlet);
    spng_set_option(ctx, SPNG_IMG_COMPRESSION_LEVEL, std::clamp(compression, 0, 9));
    // Trying all five filters a row costs more than the fast levels do; Sub and Up find most of it.
    const int filters = compression == 0   ? SPNG_DISABLE_FILTERING
                        : compression <= 3 ? SPNG_FILTER_CHOICE_SUB | SPNG_FILTER_CHOICE_UP
                                           : SPNG_FILTER_CHOICE_ALL;
    spng_set_option(ctx, SPNG_FILTER_CHOICE, filters);
    int error = spng_set_ihdr(ctx, &ihdr);
    if (!error) error = set_metadata(ctx, metadata, rows.format.color_channels());
    if (!error) error = set_xmp(ctx, xmp, empty);
    if (!error)
        error = spng_encode_image(ctx, nullptr, 0, SPNG_FMT_PNG,
                                  SPNG_ENCODE_PROGRESSIVE | SPNG_ENCODE_FINALIZE);
    const auto row_bytes =
        static_cast<std::size_t>(rows.size.width) * static_cast<std::size_t>(rows.format.bytes());
    for (int y = 0; !error && y < rows.size.height; ++y)
        error = spng_encode_row(ctx, rows.row(y), row_bytes);
    if (error == SPNG_EOI) error = 0; // the last row says so
    if (!outlet.status) return outlet.status;
    if (error)
        return fail(error == SPNG_EMEM ? ErrorCode::too_large : ErrorCode::io,
                    std::string("The PNG could not be made (") + spng_strerror(error) +
                        "); nothing was written.");
    return {};
}

Result<Bytes> encode_png(image::ImageView pixels, const Metadata& metadata, int compression) {
    Bytes out;
    const PixelRows rows{pixels.size, pixels.format, [&](int y) { return pixels.row_bytes(y); }};
    const Status written = write_png(rows, metadata, compression, [&](ByteSpan bytes) -> Status {
        out.insert(out.end(), bytes.begin(), bytes.end());
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return out;
}

} // namespace mw::codec
