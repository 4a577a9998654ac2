#include <fmt/format.h>
#include <algorithm>
#include <new>

#include "codec/codec.h"
#include "codec/encoders.h"

namespace mw::codec {
namespace {

Status check_pixels(image::ImageView pixels, FileFormat format) {
    if (pixels.empty())
        return fail(ErrorCode::invalid_argument,
                    "There are no pixels to write; nothing was written.");
    if (pixels.format.type == image::SampleType::f32 && format != FileFormat::tiff &&
        format != FileFormat::exr)
        return fail(ErrorCode::unsupported,
                    fmt::format("{} cannot hold 32-bit float pixels; nothing was written. Write "
                                "TIFF or OpenEXR, which keep every sample.",
                                name_of(format)));
    return {};
}

Result<Bytes> encode_checked(image::ImageView pixels, const Metadata& metadata, FileFormat format,
                             const EncodeOptions& options) {
    switch (format) {
        case FileFormat::png:
            return encode_png(pixels, metadata, options.png_compression);
        case FileFormat::jpeg:
            return encode_jpeg(pixels, metadata, options.jpeg_quality);
        case FileFormat::webp:
            return encode_webp(pixels, metadata, options.webp_lossless, options.jpeg_quality);
        case FileFormat::tiff:
            return encode_tiff(pixels, metadata);
        case FileFormat::exr:
            return encode_exr(pixels, metadata, options.exr_half);
        default:
            return fail(ErrorCode::unsupported,
                        fmt::format("Writing {} files is not supported; nothing was written. "
                                    "Choose PNG, TIFF, OpenEXR, JPEG or WebP.",
                                    name_of(format)));
    }
}

} // namespace

std::string_view name_of(FileFormat format) {
    switch (format) {
        case FileFormat::png:
            return "PNG";
        case FileFormat::jpeg:
            return "JPEG";
        case FileFormat::webp:
            return "WebP";
        case FileFormat::bmp:
            return "BMP";
        case FileFormat::tga:
            return "TGA";
        case FileFormat::gif:
            return "GIF";
        case FileFormat::psd:
            return "PSD";
        case FileFormat::pnm:
            return "PNM";
        case FileFormat::hdr:
            return "Radiance HDR";
        case FileFormat::tiff:
            return "TIFF";
        case FileFormat::exr:
            return "OpenEXR";
        case FileFormat::ora:
            return "OpenRaster";
        case FileFormat::unknown:
            break;
    }
    return "unknown";
}

bool profile_fits(const Bytes& icc, int color_channels) {
    const std::string_view wanted = color_channels == 1 ? "GRAY" : "RGB ";
    return icc.size() >= 128 && std::memcmp(icc.data() + 16, wanted.data(), 4) == 0;
}

bool is_lossless(FileFormat format, const EncodeOptions& options) {
    return format == FileFormat::png || format == FileFormat::tiff || format == FileFormat::exr ||
           (format == FileFormat::webp && options.webp_lossless);
}

namespace {
std::string ending_of(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::ranges::transform(extension, extension.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return extension;
}
} // namespace

FileFormat format_or_layers_for_path(const std::filesystem::path& path) {
    const std::string extension = ending_of(path);
    if (extension == ".psd") return FileFormat::psd;
    if (extension == ".ora") return FileFormat::ora;
    return format_for_path(path);
}

FileFormat format_for_path(const std::filesystem::path& path) {
    const std::string extension = ending_of(path);
    if (extension == ".png") return FileFormat::png;
    if (extension == ".jpg" || extension == ".jpeg" || extension == ".jpe" || extension == ".jfif")
        return FileFormat::jpeg;
    if (extension == ".webp") return FileFormat::webp;
    if (extension == ".tif" || extension == ".tiff") return FileFormat::tiff;
    if (extension == ".exr") return FileFormat::exr;
    return FileFormat::unknown;
}

Result<Bytes> encode(image::ImageView pixels, const Metadata& metadata, FileFormat format,
                     const EncodeOptions& options) {
    if (Status s = check_pixels(pixels, format); !s) return tl::unexpected(s.error());
    try {
        return encode_checked(pixels, metadata, format, options);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    fmt::format("There is not enough memory to write a {}; nothing was written. "
                                "Close other pictures or programs and try again.",
                                name_of(format)));
    }
}

Status save(const std::filesystem::path& path, image::ImageView pixels, const Metadata& metadata,
            const EncodeOptions& options) {
    const FileFormat format = format_for_path(path);
    if (format == FileFormat::unknown)
        return fail(ErrorCode::unsupported,
                    fmt::format("The name {} does not say which format to write; nothing was "
                                "written. End it in .png, .tif, .exr, .jpg or .webp.",
                                display_path(path)));
    const auto bytes = encode(pixels, metadata, format, options);
    if (!bytes) return tl::unexpected(bytes.error());
    return write_file_atomic(path, *bytes);
}

} // namespace mw::codec
