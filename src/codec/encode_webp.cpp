// WebP by libwebp, lossless with the colour under transparent pixels kept, or lossy.
#include <fmt/format.h>
#include <webp/encode.h>
#include <webp/mux.h>
#include <memory>

#include "codec/encoders.h"
#include "image/convert.h"

namespace mw::codec {
namespace {

tl::unexpected<Error> failed(int error) {
    return fail(
        error == VP8_ENC_ERROR_OUT_OF_MEMORY ? ErrorCode::too_large : ErrorCode::io,
        fmt::format("The WebP could not be made (libwebp error {}); nothing was written.", error));
}

// Adds what travels beside the pixels.
Result<Bytes> wrap(const WebPMemoryWriter& image, const Metadata& m, bool keep_icc) {
    const auto* begin = reinterpret_cast<const std::byte*>(image.mem);
    const bool icc = keep_icc && !m.icc.empty();
    if (!icc && m.exif.empty() && m.xmp.empty()) return Bytes(begin, begin + image.size);
    const std::unique_ptr<WebPMux, void (*)(WebPMux*)> mux(WebPMuxNew(), WebPMuxDelete);
    const WebPData data{image.mem, image.size};
    WebPMuxError error = WebPMuxSetImage(mux.get(), &data, 0);
    const auto add = [&](const char* name, const Bytes& payload) {
        const WebPData chunk{reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()};
        if (error == WEBP_MUX_OK && !payload.empty())
            error = WebPMuxSetChunk(mux.get(), name, &chunk, 0);
    };
    if (icc) add("ICCP", m.icc);
    add("EXIF", m.exif);
    add("XMP ", m.xmp);
    WebPData file{};
    if (error == WEBP_MUX_OK) error = WebPMuxAssemble(mux.get(), &file);
    if (error != WEBP_MUX_OK) return failed(error);
    const auto* bytes = reinterpret_cast<const std::byte*>(file.bytes);
    Bytes out(bytes, bytes + file.size);
    WebPDataClear(&file);
    return out;
}

} // namespace

Result<Bytes> encode_webp(image::ImageView pixels, const Metadata& metadata, bool lossless,
                          int quality) {
    if (pixels.format.type != image::SampleType::u8)
        return fail(ErrorCode::unsupported,
                    "WebP holds 8 bits a channel only; nothing was written. Choose PNG, which "
                    "keeps 16, or convert the picture to 8 bits.");
    if (std::max(pixels.size.width, pixels.size.height) > WEBP_MAX_DIMENSION)
        return fail(ErrorCode::unsupported,
                    fmt::format("WebP holds at most {} pixels a side, the picture has {} x {}; "
                                "nothing was written. Choose PNG.",
                                WEBP_MAX_DIMENSION, pixels.size.width, pixels.size.height));
    image::Image wide; // WebP has no grey
    image::ImageView rgb = pixels;
    if (pixels.format.channels <= 2) {
        wide = image::convert(pixels, pixels.format.has_alpha() ? image::kRgba8 : image::kRgb8);
        rgb = wide.view();
    }
    WebPConfig config;
    WebPPicture picture;
    if (!WebPConfigInit(&config) || !WebPPictureInit(&picture))
        return fail(ErrorCode::io, "The WebP could not be made: libwebp is of another version.");
    if (lossless) {
        WebPConfigLosslessPreset(&config, 4);
        config.exact = 1;
    } else
        config.quality = static_cast<float>(std::clamp(quality, 1, 100));
    picture.use_argb = lossless;
    picture.width = rgb.size.width;
    picture.height = rgb.size.height;
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    const std::unique_ptr<WebPPicture, void (*)(WebPPicture*)> picture_owner(&picture,
                                                                             WebPPictureFree);
    const std::unique_ptr<WebPMemoryWriter, void (*)(WebPMemoryWriter*)> writer_owner(
        &writer, WebPMemoryWriterClear);
    const auto* samples = reinterpret_cast<const std::uint8_t*>(rgb.data);
    const int stride = static_cast<int>(rgb.stride);
    const int imported = rgb.format.has_alpha() ? WebPPictureImportRGBA(&picture, samples, stride)
                                                : WebPPictureImportRGB(&picture, samples, stride);
    if (!imported || !WebPEncode(&config, &picture)) return failed(picture.error_code);
    return wrap(writer, metadata, profile_fits(metadata.icc, 3));
}

} // namespace mw::codec
