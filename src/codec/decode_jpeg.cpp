// JPEG (ITU-T T.81) by libjpeg-turbo: baseline, progressive, arithmetic; grey, YCbCr, RGB, CMYK,
// YCCK.
#include <fmt/format.h>
#include <algorithm>
#include <csetjmp>
#include <cstdio>
// After <cstdio>: it uses FILE without including it.
#include <jpeglib.h>

#include "codec/decoder.h"

namespace mw::codec {
namespace {

using namespace std::string_view_literals;

constexpr int kMaxScans = 100;

struct Outline {
    int frame = -1; // the SOF marker's low byte
    int bits = 8;
    int width = 0, height = 0;
    int components = 0;
    int scans = 0;
};

// The markers, before libjpeg: scans are counted before the first is decoded, since each may cost
// as much as a whole picture.
Outline read_outline(ByteSpan file) {
    Outline o;
    const unsigned char* p = chars(file);
    std::size_t at = 2;
    while (at + 4 <= file.size()) {
        const void* found = std::memchr(p + at, 0xff, file.size() - at);
        if (!found) break;
        at = static_cast<std::size_t>(static_cast<const unsigned char*>(found) - p) + 1;
        if (at >= file.size()) break;
        const int marker = p[at];
        if (marker == 0xff) continue;
        ++at;
        if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) continue;
        if (marker == 0xd9) break;
        ByteReader r(file, at);
        const std::size_t length = r.be16();
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
            marker != 0xcc && o.frame < 0) {
            o.frame = marker & 15;
            o.bits = r.u8();
            o.height = r.be16();
            o.width = r.be16();
            o.components = r.u8();
        }
        if (marker == 0xda && ++o.scans > kMaxScans) break;
        at += length;
    }
    return o;
}

Status judge(const Outline& o, const Canvas& canvas) {
    if (o.frame < 0) return damaged("is damaged: it has no JPEG picture header");
    if (o.frame == 3 || o.frame == 7 || o.frame == 11 || o.frame == 15)
        return fail(ErrorCode::unsupported,
                    "is a lossless JPEG, which is not supported; export it as PNG");
    if (o.frame == 5 || o.frame == 6 || o.frame == 13 || o.frame == 14)
        return fail(ErrorCode::unsupported,
                    "is a hierarchical JPEG, which is not supported; export it as PNG");
    if (o.bits != 8)
        return fail(
            o.bits == 12 ? ErrorCode::unsupported : ErrorCode::corrupt,
            fmt::format(
                "is a JPEG with {} bits a sample, only 8 are supported; export it as 16-bit PNG",
                o.bits));
    if (o.width == 0 || o.height == 0)
        return damaged(
            fmt::format("is damaged: its header says {} x {} pixels", o.width, o.height));
    if (o.components == 0 || o.components > 4)
        return damaged(
            fmt::format("is damaged: its header says {} colour components", o.components));
    if (o.scans > kMaxScans)
        return fail(
            ErrorCode::too_large,
            fmt::format("has more than {} scans, the limit; such files are made to cost time. "
                        "Save it again with another program if you trust it",
                        kMaxScans));
    return canvas.check(o.width, o.height, o.components == 1 ? image::kGray8 : image::kRgb8);
}

struct Failure {
    jpeg_error_mgr manager; // first, so that libjpeg's pointer is ours
    std::jmp_buf back;
    char message[JMSG_LENGTH_MAX];
    char warning[JMSG_LENGTH_MAX];
    long warnings;
};

Failure& failure_of(j_common_ptr info) {
    return *reinterpret_cast<Failure*>(info->err);
}

[[noreturn]] void on_error(j_common_ptr info) {
    Failure& f = failure_of(info);
    info->err->format_message(info, f.message);
    std::longjmp(f.back, 1);
}

void on_message(j_common_ptr info, int level) {
    if (level >= 0) return; // a trace
    Failure& f = failure_of(info);
    if (f.warnings++ == 0) info->err->format_message(info, f.warning);
}

void ignore_output(j_common_ptr) {}

// What must survive a longjmp lives here, outside the functions that call setjmp.
struct Session {
    jpeg_decompress_struct info{};
    Failure failure{};
    image::ImageSpan target;
    std::vector<JSAMPLE> cmyk_row;

    Session() {
        info.err = jpeg_std_error(&failure.manager);
        failure.manager.error_exit = on_error;
        failure.manager.emit_message = on_message;
        failure.manager.output_message = ignore_output;
    }
    ~Session() { jpeg_destroy_decompress(&info); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
};

bool read_header(Session& s, ByteSpan file) {
    if (setjmp(s.failure.back)) return false;
    jpeg_create_decompress(&s.info);
    jpeg_mem_src(&s.info, chars(file), file.size());
    jpeg_save_markers(&s.info, JPEG_APP0 + 1, 0xffff);
    jpeg_save_markers(&s.info, JPEG_APP0 + 2, 0xffff);
    jpeg_read_header(&s.info, TRUE);
    return true;
}

void cmyk_to_rgb(const JSAMPLE* from, std::uint8_t* to, int pixels, bool inverted) {
    const int flip = inverted ? 0 : 255; // Adobe stores 255 - ink
    for (int x = 0; x < pixels; ++x, from += 4)
        for (int c = 0; c < 3; ++c)
            *to++ = static_cast<std::uint8_t>(((from[c] ^ flip) * (from[3] ^ flip) + 127) / 255);
}

bool read_pixels(Session& s) {
    if (setjmp(s.failure.back)) return false;
    jpeg_start_decompress(&s.info);
    while (s.info.output_scanline < s.info.output_height) {
        const int y = static_cast<int>(s.info.output_scanline);
        JSAMPROW row = s.cmyk_row.empty() ? reinterpret_cast<JSAMPROW>(s.target.row_bytes(y))
                                          : s.cmyk_row.data();
        if (jpeg_read_scanlines(&s.info, &row, 1) != 1) break;
        if (!s.cmyk_row.empty())
            cmyk_to_rgb(s.cmyk_row.data(), s.target.row<std::uint8_t>(y), s.target.size.width,
                        s.info.saw_Adobe_marker);
    }
    jpeg_finish_decompress(&s.info);
    return true;
}

// ICC.1:2022 B.4: pieces with number and count, from 1.
Bytes join_profile(jpeg_saved_marker_ptr markers, bool& broken) {
    std::vector<ByteSpan> pieces(256);
    int count = 0;
    for (auto m = markers; m; m = m->next) {
        const ByteSpan data(reinterpret_cast<const std::byte*>(m->data), m->data_length);
        if (m->marker != JPEG_APP0 + 2 || !starts_with(data, "ICC_PROFILE\0"sv) || data.size() < 14)
            continue;
        const int number = std::to_integer<int>(data[12]), total = std::to_integer<int>(data[13]);
        if (number == 0 || number > total || (count != 0 && total != count) ||
            !pieces[static_cast<std::size_t>(number)].empty()) {
            broken = true;
            return {};
        }
        count = total;
        pieces[static_cast<std::size_t>(number)] = data.subspan(14);
    }
    Bytes icc;
    for (int i = 1; i <= count; ++i) {
        const ByteSpan piece = pieces[static_cast<std::size_t>(i)];
        if (piece.empty()) broken = true;
        icc.insert(icc.end(), piece.begin(), piece.end());
    }
    return broken ? Bytes{} : icc;
}

int read_metadata(const jpeg_decompress_struct& info, Decoded& out) {
    int orientation = 1;
    bool several = false, had_exif = false;
    for (auto m = info.marker_list; m; m = m->next) {
        const ByteSpan data(reinterpret_cast<const std::byte*>(m->data), m->data_length);
        constexpr auto kExif = "Exif\0\0"sv, kXmp = "http://ns.adobe.com/xap/1.0/\0"sv;
        if (m->marker == JPEG_APP0 + 1 && starts_with(data, kExif) && !had_exif) {
            had_exif = true;
            orientation = keep_exif(out, data.subspan(kExif.size()));
        }
        if (m->marker == JPEG_APP0 + 1 && starts_with(data, kXmp) && out.metadata.xmp.empty())
            keep_xmp(out, data.subspan(kXmp.size()));
        if (m->marker == JPEG_APP0 + 2 && starts_with(data, "MPF\0"sv)) several = true;
    }
    bool broken = false;
    const Bytes icc = join_profile(info.marker_list, broken);
    const bool inks = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
    if (inks)
        out.warnings.emplace_back(
            "CMYK inks were turned into RGB without their colour profile, so colours are "
            "approximate; for exact ones export RGB from the program that made it.");
    else if (broken)
        out.warnings.emplace_back(
            "The colour profile is incomplete and was left out; colours are read as sRGB.");
    else
        keep_icc(out, icc, info.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3);
    if (several)
        out.warnings.emplace_back("The file holds several pictures (MPO); the first is shown.");
    if (info.saw_JFIF_marker && info.X_density > 0 && info.density_unit == 1)
        out.metadata.dots_per_inch = info.X_density;
    if (info.saw_JFIF_marker && info.X_density > 0 && info.density_unit == 2)
        out.metadata.dots_per_inch = info.X_density * 2.54;
    return orientation;
}

} // namespace

Result<Decoded> decode_jpeg(ByteSpan file, Canvas& canvas) {
    const Outline outline = read_outline(file);
    if (Status s = judge(outline, canvas); !s) return tl::unexpected(s.error());
    Session session;
    Failure& failure = session.failure;
    if (!read_header(session, file))
        return damaged(fmt::format("is a damaged JPEG ({})", failure.message));
    jpeg_decompress_struct& info = session.info;
    image::PixelFormat format = image::kRgb8;
    switch (info.jpeg_color_space) {
        case JCS_GRAYSCALE:
            info.out_color_space = JCS_GRAYSCALE;
            format = image::kGray8;
            break;
        case JCS_YCbCr:
        case JCS_RGB:
            info.out_color_space = JCS_RGB;
            break;
        case JCS_CMYK:
        case JCS_YCCK:
            info.out_color_space = JCS_CMYK;
            session.cmyk_row.resize(std::size_t{info.image_width} * 4);
            break;
        default:
            return fail(ErrorCode::unsupported,
                        fmt::format("is a JPEG with {} unknown colour components; export it as RGB",
                                    info.num_components));
    }
    Decoded out;
    const int orientation = read_metadata(info, out);
    auto target = canvas.create(info.image_width, info.image_height, format, orientation);
    if (!target) return tl::unexpected(target.error());
    session.target = *target;
    if (!read_pixels(session))
        return damaged(fmt::format("is a damaged JPEG ({})", failure.message));
    if (failure.warnings > 0)
        out.warnings.push_back(fmt::format(
            "The file is damaged or cut off ({}); part of the picture may be missing or wrong.",
            failure.warning));
    return out;
}

} // namespace mw::codec
