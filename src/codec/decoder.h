// The decoders, one function each, as they run inside the child process.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/byte_reader.h"
#include "codec/canvas.h"

namespace mw::codec {

// All that is not pixels; those go to the canvas.
struct Decoded {
    Metadata metadata;
    int source_bits = 8;
    std::vector<std::string> warnings;
    image::ColorSpaceRef color; // null: sRGB
    bool provenance = false;    // as Picture's
};

// An error reads as the rest of a sentence whose subject is the file, without a final stop: "is cut
// off ...".
using DecodeFunction = Result<Decoded> (*)(ByteSpan file, Canvas& canvas);

Result<Decoded> decode_png(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_jpeg(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_webp(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_gif(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_psd(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_pnm(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_bmp(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_tga(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_hdr(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_tiff(ByteSpan file, Canvas& canvas);
Result<Decoded> decode_exr(ByteSpan file, Canvas& canvas);

// What the first bytes say. Without a decoder, `refusal` says why.
struct Sniffed {
    FileFormat format = FileFormat::unknown;
    DecodeFunction decode = nullptr;
    Error refusal;
};
Sniffed sniff(ByteSpan file);

// Keep a payload when it is within its cap and is what it should be, else leave a warning.
constexpr std::size_t kMaxIcc = 4u << 20, kMaxExif = 256u << 10, kMaxXmp = 1u << 20,
                      kMaxExrHeader = 1u << 20;
// Sets decoded.color from it as well.
void keep_icc(Decoded& decoded, ByteSpan icc, int color_channels);
// Returns the orientation to apply; the kept EXIF says 1.
int keep_exif(Decoded& decoded, ByteSpan exif);
void keep_xmp(Decoded& decoded, ByteSpan xmp);

// For tests: a file that starts with `magic` goes to `decode`. Call before main() runs, in parent
// and child alike.
bool register_test_decoder(std::string_view magic, DecodeFunction decode);

inline tl::unexpected<Error> damaged(std::string what) {
    return fail(ErrorCode::corrupt, std::move(what));
}

} // namespace mw::codec
