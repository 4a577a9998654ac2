// Files and bytes to pixels and back, metadata carried along.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "image/color_space.h"
#include "image/image.h"

namespace mw::codec {

enum class FileFormat { unknown, png, jpeg, webp, bmp, tga, gif, psd, pnm, hdr, tiff, exr, ora };

std::string_view name_of(FileFormat format); // "PNG"

// What travels beside the pixels. Raw payloads, without the container's framing.
struct Metadata {
    Bytes icc;  // empty: sRGB assumed
    Bytes exif; // TIFF structure; its orientation reads 1 since the pixels were turned
    Bytes xmp;
    std::optional<double> dots_per_inch;
    // Of an OpenEXR file: the attributes of the part that is shown as they are in its header, and
    // what the picture has no room for (other channels, overscan, samples that straight alpha does
    // not give back). For encode() alone, which writes them again; null: nothing of the kind.
    Bytes exr_header;
    std::shared_ptr<const Bytes> exr_beside;
};

struct Picture {
    image::Image
        pixels; // upright (EXIF orientation applied), straight alpha, 1..4 channels, u8 / u16 / f32
    Metadata metadata;
    FileFormat format = FileFormat::unknown;
    int source_bits = 8; // bits a sample had in the file
    // Things a person should know: "CRC error in a text chunk", "12 frames, the first is shown".
    std::vector<std::string> warnings;
    image::ColorSpaceRef color; // from the profile or the file's own description; null: sRGB
    bool provenance = false;    // the file carries Content Credentials (C2PA); a warning says so
};

// Checked on the header, before any pixel is decoded.
struct DecodeLimits {
    int max_side = 32768;
    std::int64_t max_pixels = 120'000'000;
    std::uint64_t max_decoded_bytes = 0; // 0: min(25 % of RAM, 4 GiB)
    std::uint64_t max_file_bytes = 2ull << 30;
    double max_seconds = 60; // wall clock of the child, for each 200 MB of the file that are begun
};

// The rows of a large picture that are there already, every `step`-th pixel of every `step`-th row:
// something to look at while the rest is decoded.
struct PartPicture {
    image::Image coarse; // as stored in the file's encoding; fewer rows than the whole has
    int step = 1;        // a power of two
    Size size;           // of the whole picture
};
// Called from the thread that decodes, some times a second.
using DecodeWatch = std::function<void(PartPicture)>;

// Decodes in a child process with limits (address space, CPU time, no system calls but reading what
// it was given): a flaw in a decoder costs this picture, not the program. Sniffs by content, never
// by name. Errors: not_found, permission_denied, too_large (with the numbers claimed and allowed),
// unsupported (naming the format), corrupt. `label` names the bytes in messages.
Result<Picture> decode(std::span<const std::byte> bytes, std::string_view label,
                       const DecodeLimits& limits = {}, std::stop_token stop = {});
Result<Picture> decode_file(const std::filesystem::path& path, const DecodeLimits& limits = {},
                            std::stop_token stop = {}, const DecodeWatch& watch = {});

// Call first in main(): when this process was started as the decoding child it does that and
// returns the exit status; otherwise nothing.
std::optional<int> run_as_decoder(int argc, char** argv);

struct EncodeOptions {
    int jpeg_quality = 95; // 1 .. 100, 4:4:4 from 90
    bool webp_lossless = true;
    // Of OpenEXR: half or float, whatever the file that was read had. Absent: as that, else float.
    std::optional<bool> exr_half;
    int png_compression = 4; // 0 .. 9 (zlib); 6 costs twice the time for a half per cent
};

// True when every sample comes back as it was: PNG, TIFF, lossless WebP (8 bit), OpenEXR. OpenEXR
// stores colour multiplied by alpha: that of a picture which came from another format is rounded
// where it is partly transparent, and gone where alpha is 0.
bool is_lossless(FileFormat format, const EncodeOptions& options = {});
// By the file name's extension; unknown when it names none that encode() writes.
FileFormat format_for_path(const std::filesystem::path& path);
// As that, and psd or ora for what codec/layers.h writes.
FileFormat format_or_layers_for_path(const std::filesystem::path& path);

// A profile (ICC.1:2022) that says what a shaper says, for files that can tell it in no other way;
// exposure and light above white are not its business. Empty for tables.
Bytes profile_of(const image::ColorSpace& space, int color_channels);

// The bytes of a file. unsupported when the format cannot hold the pixels (JPEG with 16 bit or
// alpha, PNG with floats, OpenEXR without), with what can. OpenEXR keeps what `metadata` brings of
// the file that was read: half or float, packing (ZIP instead of one with loss), tiles, line order,
// windows, attributes, other channels; without that it is float in ZIP.
Result<Bytes> encode(image::ImageView pixels, const Metadata& metadata, FileFormat format,
                     const EncodeOptions& options = {});
// encode and write_file_atomic.
Status save(const std::filesystem::path& path, image::ImageView pixels, const Metadata& metadata,
            const EncodeOptions& options = {});

} // namespace mw::codec
