#include "codec/animation.h"

#include <fmt/format.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <algorithm>
#include <memory>

#include "codec/encode_gif.h"

namespace mw::codec {
namespace {

tl::unexpected<Error> failed(std::string_view why) {
    return fail(ErrorCode::io,
                fmt::format("The animation could not be made ({}); nothing was written.", why));
}

Result<Bytes> encode_webp_animation(std::span<const AnimationFrame> frames,
                                    const EncodeOptions& options) {
    const Size size = frames[0].pixels.size;
    WebPAnimEncoderOptions encoder_options;
    WebPConfig config;
    if (!WebPAnimEncoderOptionsInit(&encoder_options) || !WebPConfigInit(&config))
        return failed("libwebp is of another version");
    encoder_options.anim_params.loop_count = 0; // for ever
    const std::unique_ptr<WebPAnimEncoder, void (*)(WebPAnimEncoder*)> encoder(
        WebPAnimEncoderNew(size.width, size.height, &encoder_options), WebPAnimEncoderDelete);
    if (!encoder) return failed("no memory");
    if (options.webp_lossless)
        WebPConfigLosslessPreset(&config, 4);
    else
        config.quality = static_cast<float>(std::clamp(options.jpeg_quality, 1, 100));
    int at = 0;
    for (const AnimationFrame& frame : frames) {
        WebPPicture picture;
        if (!WebPPictureInit(&picture)) return failed("libwebp is of another version");
        const std::unique_ptr<WebPPicture, void (*)(WebPPicture*)> owner(&picture, WebPPictureFree);
        picture.use_argb = 1;
        picture.width = size.width;
        picture.height = size.height;
        if (!WebPPictureImportRGB(&picture,
                                  reinterpret_cast<const std::uint8_t*>(frame.pixels.data),
                                  static_cast<int>(frame.pixels.stride)) ||
            !WebPAnimEncoderAdd(encoder.get(), &picture, at, &config))
            return failed(WebPAnimEncoderGetError(encoder.get()));
        at += std::clamp(frame.milliseconds, 20, 60000);
    }
    WebPData file;
    WebPDataInit(&file);
    const std::unique_ptr<WebPData, void (*)(WebPData*)> owner(&file, WebPDataClear);
    if (!WebPAnimEncoderAdd(encoder.get(), nullptr, at, nullptr) ||
        !WebPAnimEncoderAssemble(encoder.get(), &file))
        return failed(WebPAnimEncoderGetError(encoder.get()));
    const auto* bytes = reinterpret_cast<const std::byte*>(file.bytes);
    return Bytes(bytes, bytes + file.size);
}

} // namespace

Result<Bytes> encode_animation(std::span<const AnimationFrame> frames, FileFormat format,
                               const EncodeOptions& options) {
    if (frames.empty() || frames[0].pixels.empty())
        return fail(ErrorCode::invalid_argument,
                    "There are no pictures for the animation; nothing was written.");
    const Size size = frames[0].pixels.size;
    for (const AnimationFrame& frame : frames)
        if (frame.pixels.size != size || frame.pixels.format != image::kRgb8)
            return fail(ErrorCode::invalid_argument,
                        "The pictures of an animation must be 8-bit RGB of one size; nothing was "
                        "written.");
    if (format != FileFormat::webp && format != FileFormat::gif)
        return fail(ErrorCode::unsupported,
                    "An animation is written as WebP or GIF; nothing was written.");
    const int most = format == FileFormat::webp ? WEBP_MAX_DIMENSION : 65535;
    if (size.longer_side() > most)
        return fail(ErrorCode::unsupported,
                    fmt::format("{} holds at most {} pixels a side, the pictures have {} x {}; "
                                "nothing was written.",
                                name_of(format), most, size.width, size.height));
    try {
        return format == FileFormat::webp ? encode_webp_animation(frames, options)
                                          : encode_gif(frames);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "Not enough memory for the animation; nothing was written. Make it smaller.");
    }
}

} // namespace mw::codec
