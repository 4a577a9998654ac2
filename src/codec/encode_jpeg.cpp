// JPEG by libjpeg-turbo: 8-bit grey and RGB.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// After <cstdio>: it uses FILE without including it.
#include <jpeglib.h>

#include "codec/encoders.h"

namespace mw::codec {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMaxSegment = 65533;

struct Session {
    jpeg_error_mgr manager{}; // first, so that libjpeg's pointer is ours
    std::jmp_buf back{};
    char message[JMSG_LENGTH_MAX]{};
    jpeg_compress_struct info{};
    unsigned char* buffer = nullptr;
    unsigned long size = 0;

    Session() = default;
    ~Session() {
        jpeg_destroy_compress(&info);
        std::free(buffer);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
};

[[noreturn]] void on_error(j_common_ptr info) {
    auto& s = *reinterpret_cast<Session*>(info->err);
    info->err->format_message(info, s.message);
    std::longjmp(s.back, 1);
}

void write_segment(Session& s, int marker, std::string_view head, std::span<const std::byte> data) {
    jpeg_write_m_header(&s.info, JPEG_APP0 + marker,
                        static_cast<unsigned>(head.size() + data.size()));
    for (const char c : head)
        jpeg_write_m_byte(&s.info, static_cast<unsigned char>(c));
    for (const std::byte b : data)
        jpeg_write_m_byte(&s.info, std::to_integer<int>(b));
}

constexpr auto kExif = "Exif\0\0"sv, kXmp = "http://ns.adobe.com/xap/1.0/\0"sv,
               kIcc = "ICC_PROFILE\0"sv;

void write_metadata(Session& s, const Metadata& m, int color_channels) {
    if (!m.exif.empty()) write_segment(s, 1, kExif, m.exif);
    if (!m.xmp.empty()) write_segment(s, 1, kXmp, m.xmp);
    if (!profile_fits(m.icc, color_channels)) return;
    const std::size_t piece = kMaxSegment - kIcc.size() - 2;
    const std::size_t count = (m.icc.size() + piece - 1) / piece;
    for (std::size_t i = 0; i < count; ++i) {
        char head[14];
        std::copy(kIcc.begin(), kIcc.end(), head);
        head[12] = static_cast<char>(i + 1);
        head[13] = static_cast<char>(count);
        const auto rest = std::span(m.icc).subspan(i * piece);
        write_segment(s, 2, {head, sizeof head}, rest.first(std::min(piece, rest.size())));
    }
}

bool write(Session& s, image::ImageView pixels, const Metadata& metadata, int quality) {
    s.info.err = jpeg_std_error(&s.manager);
    s.manager.error_exit = on_error;
    if (setjmp(s.back)) return false;
    jpeg_create_compress(&s.info);
    jpeg_mem_dest(&s.info, &s.buffer, &s.size);
    s.info.image_width = static_cast<JDIMENSION>(pixels.size.width);
    s.info.image_height = static_cast<JDIMENSION>(pixels.size.height);
    s.info.input_components = pixels.format.channels;
    s.info.in_color_space = pixels.format.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&s.info);
    jpeg_set_quality(&s.info, std::clamp(quality, 1, 100), TRUE);
    s.info.optimize_coding = TRUE;
    if (quality >= 90) s.info.comp_info[0].h_samp_factor = s.info.comp_info[0].v_samp_factor = 1;
    if (metadata.dots_per_inch && *metadata.dots_per_inch >= 1 && *metadata.dots_per_inch < 65535) {
        s.info.density_unit = 1;
        s.info.X_density = s.info.Y_density =
            static_cast<UINT16>(std::lround(*metadata.dots_per_inch));
    }
    jpeg_start_compress(&s.info, TRUE);
    write_metadata(s, metadata, pixels.format.color_channels());
    while (s.info.next_scanline < s.info.image_height) {
        auto* row = reinterpret_cast<JSAMPROW>(
            const_cast<std::byte*>(pixels.row_bytes(static_cast<int>(s.info.next_scanline))));
        jpeg_write_scanlines(&s.info, &row, 1);
    }
    jpeg_finish_compress(&s.info);
    return true;
}

} // namespace

Result<Bytes> encode_jpeg(image::ImageView pixels, const Metadata& metadata, int quality) {
    if (pixels.format.type != image::SampleType::u8)
        return fail(ErrorCode::unsupported,
                    "JPEG holds 8 bits a channel only; nothing was written. Choose PNG, which "
                    "keeps 16, or convert the picture to 8 bits.");
    if (pixels.format.has_alpha())
        return fail(ErrorCode::unsupported,
                    "JPEG cannot hold transparency; nothing was written. Choose PNG or WebP, or "
                    "flatten the picture.");
    if (std::max(pixels.size.width, pixels.size.height) > JPEG_MAX_DIMENSION)
        return fail(ErrorCode::unsupported,
                    fmt::format("JPEG holds at most {} pixels a side, the picture has {} x {}; "
                                "nothing was written. Choose PNG.",
                                JPEG_MAX_DIMENSION, pixels.size.width, pixels.size.height));
    for (const auto& [what, size, head] : {std::tuple("EXIF", metadata.exif.size(), kExif.size()),
                                           std::tuple("XMP", metadata.xmp.size(), kXmp.size())})
        if (size + head > kMaxSegment)
            return fail(ErrorCode::unsupported,
                        fmt::format("The picture's {} data has {} bytes and JPEG holds {}; nothing "
                                    "was written. Choose PNG or WebP.",
                                    what, size, kMaxSegment - head));
    Session session;
    if (!write(session, pixels, metadata, quality))
        return fail(
            ErrorCode::io,
            fmt::format("The JPEG could not be made ({}); nothing was written.", session.message));
    const auto* bytes = reinterpret_cast<const std::byte*>(session.buffer);
    return Bytes(bytes, bytes + session.size);
}

} // namespace mw::codec
