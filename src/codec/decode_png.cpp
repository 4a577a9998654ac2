// PNG (ISO/IEC 15948 and its extensions of 2025). Not by libspng: that stops before the checksum of
// the pixel data, so a damaged file could look whole.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "codec/decoder.h"
#include "codec/input_pages.h"
#include "codec/png_chunks.h"
#include "codec/png_color.h"
#include "codec/png_rows.h"
#include "codec/zlib_reader.h"

namespace mw::codec {
namespace {

using namespace std::string_view_literals;

struct Header {
    std::uint32_t width = 0, height = 0;
    PngLayout layout;
};

Result<Header> read_header(ByteSpan data) {
    ByteReader r(data);
    Header h;
    h.width = r.be32();
    h.height = r.be32();
    const int depth = r.u8(), type = r.u8(), compression = r.u8(), filter = r.u8(),
              interlace = r.u8();
    const bool legal_type = type == 0 || type == 2 || type == 3 || type == 4 || type == 6;
    const bool small = depth == 1 || depth == 2 || depth == 4;
    const bool legal_depth =
        depth == 8 || (depth == 16 && type != 3) || (small && (type == 0 || type == 3));
    if (!legal_type || !legal_depth)
        return damaged(
            fmt::format("is damaged: PNG has no colour type {} with {} bits", type, depth));
    if (compression != 0 || filter != 0 || interlace > 1)
        return damaged("is damaged: its header names an unknown compression");
    h.layout.bit_depth = depth;
    h.layout.color_type = type;
    h.layout.interlaced = interlace == 1;
    return h;
}

// The size first: when it lies, that is told before anything else.
Status check_claim(ByteSpan file, const Canvas& canvas) {
    if (file.size() < 29 || !starts_with(file.subspan(12), "IHDR")) return {};
    const auto header = read_header(file.subspan(16, 13));
    if (!header) return {}; // told later, with the rest that is wrong
    return canvas.check(header->width, header->height, header->layout.format());
}

Status read_palette(const PngChunks& chunks, PngLayout& layout) {
    for (auto& entry : layout.palette)
        entry = {0, 0, 0, 255};
    if (layout.color_type != 3) return {};
    const PngChunk* plte = chunks.find("PLTE");
    if (!plte) return damaged("is damaged: its palette is missing");
    const std::size_t entries = plte->data.size() / 3;
    if (plte->data.size() % 3 != 0 || entries == 0 || entries > 256)
        return damaged("is damaged: its palette has an impossible length");
    for (std::size_t i = 0; i < entries; ++i)
        for (std::size_t c = 0; c < 3; ++c)
            layout.palette[i][c] = chars(plte->data)[3 * i + c];
    layout.palette_size = static_cast<int>(entries);
    return {};
}

void read_transparency(const PngChunks& chunks, PngLayout& layout, Decoded& out) {
    const PngChunk* trns = chunks.find("tRNS");
    if (!trns) return;
    const std::size_t length = trns->data.size();
    ByteReader r(trns->data);
    if (layout.color_type == 3 && length >= 1 &&
        length <= static_cast<std::size_t>(layout.palette_size)) {
        for (std::size_t i = 0; i < length; ++i)
            layout.palette[i][3] = r.u8();
        layout.palette_alpha = true;
    } else if (layout.color_type == 0 && length == 2) {
        layout.transparent = {{r.be16(), 0, 0}};
    } else if (layout.color_type == 2 && length == 6) {
        const std::uint16_t red = r.be16(), green = r.be16(), blue = r.be16();
        layout.transparent = {{red, green, blue}};
    } else
        out.warnings.emplace_back(
            "The transparency chunk does not fit the picture and was left out.");
}

void read_xmp(ByteSpan itxt, Decoded& out) {
    constexpr auto kKeyword = "XML:com.adobe.xmp\0"sv;
    if (!starts_with(itxt, kKeyword) || itxt.size() < kKeyword.size() + 4) return;
    ByteReader r(itxt, kKeyword.size());
    const bool compressed = r.u8() != 0;
    r.u8();
    for (int strings = 0; strings < 2 && r.ok();) // language tag, translated keyword
        if (r.u8() == 0) ++strings;
    const ByteSpan text = itxt.subspan(std::min(r.at(), itxt.size()));
    if (!compressed) return keep_xmp(out, text);
    if (const auto plain = inflate_all(text, kMaxXmp)) return keep_xmp(out, *plain);
    out.warnings.emplace_back(
        "The XMP data is damaged or unpacks to more than 1 MB; it was left out.");
}

void read_profile(ByteSpan iccp, int color_channels, Decoded& out) {
    // A name of 1..79 bytes, zero, the method (0), the packed profile.
    const auto end =
        std::ranges::find(iccp.first(std::min<std::size_t>(iccp.size(), 80)), std::byte{0});
    const auto name = static_cast<std::size_t>(end - iccp.begin());
    const bool framed =
        name >= 1 && name < 80 && name + 2 < iccp.size() && iccp[name + 1] == std::byte{0};
    if (framed)
        if (const auto icc = inflate_all(iccp.subspan(name + 2), kMaxIcc))
            return keep_icc(out, *icc, color_channels);
    out.warnings.emplace_back(
        "The colour profile is damaged or unpacks to more than 4 MB; it was left out "
        "and colours are read as sRGB.");
}

void read_resolution(ByteSpan phys, Decoded& out) {
    ByteReader r(phys);
    const std::uint32_t x = r.be32(), y = r.be32();
    const int unit = r.u8();
    if (!r.ok() || x == 0 || y == 0) return;
    if (x != y)
        out.warnings.emplace_back(
            "The file says that its pixels are not square; they are shown square.");
    if (unit == 1) out.metadata.dots_per_inch = x * 0.0254;
}

int read_metadata(const PngChunks& chunks, const PngLayout& layout, Decoded& out) {
    int orientation = 1;
    const int color_channels = layout.format().color_channels();
    if (const PngChunk* c = chunks.find("iCCP")) read_profile(c->data, color_channels, out);
    read_png_color(chunks, color_channels, out);
    if (const PngChunk* c = chunks.find("eXIf")) orientation = keep_exif(out, c->data);
    if (const PngChunk* c = chunks.find("pHYs")) read_resolution(c->data, out);
    for (const PngChunk& c : chunks.list)
        if (c.type == "iTXt" && out.metadata.xmp.empty()) read_xmp(c.data, out);
    if (const PngChunk* c = chunks.find("acTL"); c && c->data.size() == 8)
        if (const std::uint32_t frames = ByteReader(c->data).be32(); frames > 1)
            out.warnings.push_back(
                fmt::format("An animation of {} frames; the first picture is shown.", frames));
    return orientation;
}

// Adam7, 8.2 of the standard; a plain picture is one pass.
struct Pass {
    int x0, y0, dx, dy;
};
constexpr Pass kAdam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                           {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
constexpr Pass kWhole[] = {{0, 0, 1, 1}};

class PixelReader {
  public:
    PixelReader(const PngLayout& layout, ZlibReader& data, Canvas& canvas, image::ImageSpan target)
        : layout_(layout),
          canvas_(canvas),
          data_(data),
          target_(target),
          filtered_(layout.row_bytes(layout.width) + 1),
          above_(filtered_.size()),
          row_(filtered_.size()),
          pixels_(static_cast<std::size_t>(layout.width) *
                  static_cast<std::size_t>(target.format.bytes())) {}

    Status read_pass(const Pass& pass) {
        const int width = (layout_.width - pass.x0 + pass.dx - 1) / pass.dx;
        const int height = (layout_.height - pass.y0 + pass.dy - 1) / pass.dy;
        if (width <= 0 || height <= 0) return {};
        const std::size_t bytes = layout_.row_bytes(width);
        std::ranges::fill(above_, std::uint8_t{0});
        for (int y = 0; y < height; ++y) {
            if (Status s = read_row(bytes); !s) return s;
            input_went_by(bytes);
            std::byte* line = target_.row_bytes(pass.y0 + y * pass.dy);
            if (pass.dx == 1) {
                seen(expand_png_row(layout_, row_.data(), width, line));
            } else {
                seen(expand_png_row(layout_, row_.data(), width, pixels_.data()));
                const auto size = static_cast<std::size_t>(target_.format.bytes());
                for (int x = 0; x < width; ++x)
                    std::copy_n(pixels_.data() + static_cast<std::size_t>(x) * size, size,
                                line + static_cast<std::size_t>(pass.x0 + x * pass.dx) * size);
            }
            std::swap(row_, above_);
            if (!layout_.interlaced) canvas_.rows_done(y + 1);
        }
        return {};
    }
    int largest_index() const { return largest_index_; }

  private:
    Status read_row(std::size_t bytes) {
        using State = ZlibReader::State;
        const State state =
            data_.read(std::as_writable_bytes(std::span(filtered_).first(bytes + 1)));
        if (state == State::damaged)
            return damaged("is damaged: its pixel data cannot be unpacked");
        if (state != State::more) return damaged("is damaged: rows of pixels are missing");
        if (!undo_png_filter(filtered_[0], layout_.filter_step(),
                             std::span<const std::uint8_t>(filtered_).subspan(1, bytes),
                             above_.data(), row_.data()))
            return damaged("is damaged: a row has an unknown filter");
        return {};
    }
    void seen(int index) { largest_index_ = std::max(largest_index_, index); }

    const PngLayout& layout_;
    Canvas& canvas_;
    ZlibReader& data_;
    image::ImageSpan target_;
    std::vector<std::uint8_t> filtered_, above_, row_;
    std::vector<std::byte> pixels_;
    int largest_index_ = 0;
};

Status check_end(ZlibReader& data, Decoded& out) {
    std::byte extra[1];
    switch (data.read(extra)) {
        case ZlibReader::State::end:
            return {};
        case ZlibReader::State::more:
            out.warnings.emplace_back(
                "The file holds more pixel data than its size says; the rest was ignored.");
            return {};
        case ZlibReader::State::cut_off:
            out.warnings.emplace_back(
                "The checksum of the pixel data is missing; damage would not be noticed.");
            return {};
        default:
            return damaged("is damaged: the checksum of its pixel data is wrong");
    }
}

} // namespace

Result<Decoded> decode_png(ByteSpan file, Canvas& canvas) {
    if (Status s = check_claim(file, canvas); !s) return tl::unexpected(s.error());
    auto chunks = read_png_chunks(file);
    if (!chunks) return tl::unexpected(chunks.error());
    auto header = read_header(chunks->list.front().data);
    if (!header) return tl::unexpected(header.error());
    Decoded out;
    out.warnings = std::move(chunks->warnings);
    PngLayout& layout = header->layout;
    out.source_bits = layout.color_type == 3 ? 8 : layout.bit_depth;
    if (Status s = read_palette(*chunks, layout); !s) return tl::unexpected(s.error());
    read_transparency(*chunks, layout, out);
    const int orientation = read_metadata(*chunks, layout, out);
    auto target = canvas.create(header->width, header->height, layout.format(), orientation);
    if (!target) return tl::unexpected(target.error());
    layout.width = target->size.width;
    layout.height = target->size.height;

    ZlibReader data(std::move(chunks->image_data));
    PixelReader pixels(layout, data, canvas, *target);
    for (const Pass& pass :
         layout.interlaced ? std::span<const Pass>(kAdam7) : std::span<const Pass>(kWhole))
        if (Status s = pixels.read_pass(pass); !s) return tl::unexpected(s.error());
    if (Status s = check_end(data, out); !s) return tl::unexpected(s.error());
    if (layout.color_type == 3 && pixels.largest_index() >= layout.palette_size)
        out.warnings.emplace_back(
            "Some pixels name a palette colour that does not exist; they are black.");
    return out;
}

} // namespace mw::codec
