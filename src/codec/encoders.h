// The encoders, one function each; pixels are our own, so they run in this process.
#pragma once

#include "codec/byte_reader.h"
#include "codec/codec.h"

namespace mw::codec {

using ByteSink = std::function<Status(ByteSpan)>;
// Pixels a row at a time, asked for from the top; each is valid until the next.
struct PixelRows {
    Size size;
    image::PixelFormat format;
    std::function<const std::byte*(int y)> row;
};
// A PNG without a copy of it in memory. An error of the sink is handed on.
Status write_png(const PixelRows& rows, const Metadata& metadata, int compression,
                 const ByteSink& sink);

Result<Bytes> encode_png(image::ImageView pixels, const Metadata& metadata, int compression);
Result<Bytes> encode_jpeg(image::ImageView pixels, const Metadata& metadata, int quality);
Result<Bytes> encode_webp(image::ImageView pixels, const Metadata& metadata, bool lossless,
                          int quality);
// `big_tiff` for tests; else where 4 GB could be too few.
Result<Bytes> encode_tiff(image::ImageView pixels, const Metadata& metadata,
                          std::optional<bool> big_tiff = {});
Result<Bytes> encode_exr(image::ImageView pixels, const Metadata& metadata,
                         std::optional<bool> as_half = {});

// A profile belongs to grey or to RGB pixels; one of the other kind must not be written.
bool profile_fits(const Bytes& icc, int color_channels);

} // namespace mw::codec
