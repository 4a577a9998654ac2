// Photoshop documents, by Adobe's File Formats Specification (2019): layers as Photoshop itself
// stores them, 16-bit ones in an Lr16 block. Lengths that are known only at the end are written
// over afterwards.
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <memory>

#include "codec/layer_rows.h"
#include "codec/layers.h"
#include "codec/psd_bytes.h"
#include "codec/psd_white.h"

namespace mw::codec {
namespace {

constexpr int kMaxSide = 30000;
constexpr std::uint64_t kMaxSection = 0x7fff'ffff; // what readers take signed
constexpr std::size_t kMaxLayers = 8000;
constexpr int kAlphaId = -1, kMaskId = -2;

enum Resource : unsigned {
    kResolution = 1005,
    kIcc = 1039,
    kVersionInfo = 1057,
    kExif = 1058,
    kXmp = 1060
};

tl::unexpected<Error> too_large() {
    return fail(ErrorCode::unsupported,
                "The layers come to more than the 2 GB that a Photoshop document can hold; nothing "
                "was written. Write OpenRaster (.ora), or fewer iterations.");
}

void add_resource(PsdBytes& out, unsigned id, ByteSpan data) {
    if (data.empty()) return;
    out.text("8BIM");
    out.u16(id);
    out.u16(0); // no name
    out.u32(static_cast<std::uint32_t>(data.size()));
    out.raw(data);
    out.pad(2);
}

Bytes resources(const LayeredPicture& picture) {
    PsdBytes out;
    const Metadata& m = picture.metadata;
    if (m.dots_per_inch && *m.dots_per_inch > 0 && *m.dots_per_inch < 30000) {
        PsdBytes r;
        for (int axis = 0; axis < 2; ++axis) {
            r.u32(static_cast<std::uint32_t>(std::lround(*m.dots_per_inch * 65536)));
            r.u16(1); // per inch
            r.u16(1); // sizes are shown in inches
        }
        add_resource(out, kResolution, r.bytes());
    }
    // The header has 128 bytes; 'GRAY' or 'RGB ' at 16.
    const std::string_view wanted = picture.merged.format.color_channels() == 1 ? "GRAY" : "RGB ";
    if (m.icc.size() >= 128 && starts_with(ByteSpan(m.icc).subspan(16), wanted))
        add_resource(out, kIcc, m.icc);
    PsdBytes version;
    version.u32(1);
    version.u8(1); // there is a merged picture
    for (int text = 0; text < 2; ++text) {
        const std::u16string name = u"Maskwright";
        version.u32(static_cast<std::uint32_t>(name.size()));
        for (const char16_t c : name)
            version.u16(c);
    }
    version.u32(1);
    add_resource(out, kVersionInfo, version.bytes());
    add_resource(out, kExif, m.exif);
    add_resource(out, kXmp, m.xmp);
    return out.bytes();
}

// One plane of interleaved rows, big endian.
void plane_row(const std::byte* row, int width, image::PixelFormat format, int channel,
               Bytes& out) {
    const auto pixel = static_cast<std::size_t>(format.bytes());
    const auto n = static_cast<std::size_t>(width);
    if (format.type == image::SampleType::u8) {
        out.resize(n);
        for (std::size_t x = 0; x < n; ++x)
            out[x] = row[x * pixel + static_cast<std::size_t>(channel)];
        return;
    }
    out.resize(2 * n);
    for (std::size_t x = 0; x < n; ++x) {
        std::uint16_t v;
        std::memcpy(&v, row + x * pixel + 2 * static_cast<std::size_t>(channel), 2);
        out[2 * x] = std::byte(v >> 8);
        out[2 * x + 1] = std::byte(v & 255);
    }
}

class Writer {
  public:
    Writer(AtomicFile& file, const LayeredPicture& picture)
        : file_(file),
          picture_(picture),
          document_(picture.merged.format),
          // Only the background of a document has no transparency of its own.
          layer_format_{document_.color_channels() + 1, document_.type} {}

    Status run() {
        if (Status s = check(); !s) return s;
        PsdBytes head;
        head.text("8BPS");
        head.u16(1);
        for (int i = 0; i < 6; ++i)
            head.u8(0);
        head.u16(static_cast<unsigned>(document_.channels));
        head.u32(static_cast<std::uint32_t>(picture_.merged.size.height));
        head.u32(static_cast<std::uint32_t>(picture_.merged.size.width));
        head.u16(static_cast<unsigned>(8 * image::sample_bytes(document_.type)));
        head.u16(document_.color_channels() == 1 ? 1 : 3);
        head.u32(0); // no palette
        const Bytes r = resources(picture_);
        head.u32(static_cast<std::uint32_t>(r.size()));
        head.raw(r);
        if (Status s = file_.write(head.bytes()); !s) return s;
        if (Status s = write_layers(); !s) return s;
        return write_merged();
    }

  private:
    Status check() const {
        const Size size = picture_.merged.size;
        if (size.empty())
            return fail(ErrorCode::invalid_argument,
                        "There are no pixels to write; nothing was written.");
        if (size.longer_side() > kMaxSide)
            return fail(ErrorCode::unsupported,
                        fmt::format("A Photoshop document has at most {0} x {0} pixels, and this "
                                    "picture has {1} x {2}; nothing was written. Larger ones need "
                                    "the PSB format, which is not supported: write OpenRaster "
                                    "(.ora) or TIFF.",
                                    kMaxSide, size.width, size.height));
        if (document_.type == image::SampleType::f32)
            return fail(ErrorCode::unsupported,
                        "A Photoshop document is written with 8 or 16 bits; nothing was written.");
        if (picture_.layers.size() > kMaxLayers)
            return fail(ErrorCode::unsupported,
                        fmt::format("A Photoshop document has at most {} layers; nothing was "
                                    "written. Export an earlier iteration.",
                                    kMaxLayers));
        return {};
    }

    Status number_at(std::uint64_t place, std::uint64_t value) {
        if (value > kMaxSection) return too_large();
        PsdBytes n;
        n.u32(static_cast<std::uint32_t>(value));
        return file_.write_at(place, n.bytes());
    }

    std::vector<int> channels_of(const Layer& layer) const {
        std::vector<int> ids{kAlphaId};
        for (int c = 0; c < document_.color_channels(); ++c)
            ids.push_back(c);
        if (layer.masked) ids.push_back(kMaskId);
        return ids;
    }

    // The record; where its channels' lengths go is added to `places`.
    void add_record(PsdBytes& out, const Layer& layer, std::vector<std::size_t>& places) const {
        const auto add_rect = [](PsdBytes& to, const Rect& r) {
            for (const int edge : {r.y, r.x, r.bottom(), r.right()})
                to.u32(static_cast<std::uint32_t>(edge));
        };
        add_rect(out, layer.rect);
        const std::vector<int> ids = channels_of(layer);
        out.u16(static_cast<unsigned>(ids.size()));
        for (const int id : ids) {
            out.u16(static_cast<unsigned>(id) & 0xffff);
            places.push_back(out.bytes().size());
            out.u32(0);
        }
        out.text("8BIMnorm");
        out.u8(255); // opacity
        out.u8(0);   // not clipped
        out.u8(layer.visible ? 0x08 : 0x0a);
        out.u8(0);
        PsdBytes extra;
        extra.u32(layer.masked ? 20 : 0);
        if (layer.masked) {
            add_rect(extra, layer.rect);
            extra.u8(0); // beyond it the layer is hidden
            extra.u8(0);
            extra.u16(0);
        }
        extra.u32(0); // blending ranges: all
        const std::u16string name = utf16_of(layer.name, 255);
        std::string plain;
        for (const char16_t c : name)
            if (plain.size() < 31) plain += c >= 0x20 && c < 0x7f ? static_cast<char>(c) : '?';
        PsdBytes pascal;
        pascal.u8(static_cast<unsigned>(plain.size()));
        pascal.text(plain);
        pascal.pad(4);
        extra.raw(pascal.bytes());
        PsdBytes unicode;
        unicode.u32(static_cast<std::uint32_t>(name.size()));
        for (const char16_t c : name)
            unicode.u16(c);
        unicode.pad(4);
        extra.text("8BIMluni");
        extra.u32(static_cast<std::uint32_t>(unicode.bytes().size()));
        extra.raw(unicode.bytes());
        out.u32(static_cast<std::uint32_t>(extra.bytes().size()));
        out.raw(extra.bytes());
    }

    // Compression 1: the rows' packed lengths, then the rows. Gives its length with the two bytes
    // that name it.
    Result<std::uint64_t> write_plane(LayerRows& rows, Size size, image::PixelFormat format,
                                      int channel) {
        const std::uint64_t begin = file_.size();
        PsdBytes head;
        head.u16(1);
        for (int y = 0; y < size.height; ++y)
            head.u16(0);
        if (Status s = file_.write(head.bytes()); !s) return tl::unexpected(s.error());
        PsdBytes lengths;
        for (int y = 0; y < size.height; ++y) {
            plane_row(rows(y), size.width, format, channel, plane_);
            packed_.clear();
            pack_bits(plane_, packed_);
            lengths.u16(static_cast<unsigned>(packed_.size()));
            if (Status s = file_.write(packed_); !s) return tl::unexpected(s.error());
        }
        if (Status s = file_.write_at(begin + 2, lengths.bytes()); !s)
            return tl::unexpected(s.error());
        return file_.size() - begin;
    }

    Status write_channels(const Layer& layer, const LayerPixels& pixels,
                          std::span<const std::uint64_t> places) {
        LayerRows rows(pixels.pixels->view(), layer_format_);
        const std::vector<int> ids = channels_of(layer);
        const image::PixelFormat grey{1, document_.type};
        for (std::size_t i = 0; i < ids.size(); ++i) {
            Result<std::uint64_t> length;
            if (ids[i] == kMaskId) {
                LayerRows mask(pixels.mask->view(), grey);
                length = write_plane(mask, layer.rect.size(), grey, 0);
            } else {
                length = write_plane(rows, layer.rect.size(), layer_format_,
                                     ids[i] == kAlphaId ? layer_format_.channels - 1 : ids[i]);
            }
            if (!length) return tl::unexpected(length.error());
            if (Status s = number_at(places[i], *length); !s) return s;
        }
        return {};
    }

    Status write_layers() {
        const std::uint64_t section = file_.size();
        const bool deep = document_.type == image::SampleType::u16;
        PsdBytes out;
        out.u32(0); // of the section
        if (deep) {
            out.u32(0); // no layers here
            out.u32(0); // no global mask
            if (document_.has_alpha()) {
                out.text("8BIMMt16"); // the merged picture has transparency
                out.u32(0);
            }
            out.text("8BIMLr16");
        }
        const std::size_t length_at = out.bytes().size();
        out.u32(0); // of the layers
        const std::size_t begin = out.bytes().size();
        // Negative: the first channel after the colours is the merged picture's transparency.
        const auto count = static_cast<int>(picture_.layers.size());
        out.u16(static_cast<unsigned>(document_.has_alpha() ? -count : count) & 0xffff);
        std::vector<std::size_t> places;
        for (const Layer& layer : picture_.layers)
            add_record(out, layer, places);
        if (Status s = file_.write(out.bytes()); !s) return s;

        std::size_t first = 0;
        for (std::size_t i = 0; i < picture_.layers.size(); ++i) {
            const Layer& layer = picture_.layers[i];
            auto pixels = picture_.make(i);
            if (!pixels) return tl::unexpected(pixels.error());
            std::vector<std::uint64_t> absolute;
            for (std::size_t k = 0; k < channels_of(layer).size(); ++k)
                absolute.push_back(section + places[first++]);
            if (Status s = write_channels(layer, *pixels, absolute); !s) return s;
        }
        const std::byte zeros[4]{};
        const auto length = [&] { return file_.size() - section - begin; };
        if (const std::size_t over = length() % 4; over != 0)
            if (Status s = file_.write(ByteSpan(zeros, 4 - over)); !s) return s;
        if (Status s = number_at(section + length_at, length()); !s) return s;
        if (!deep)
            if (Status s = file_.write(zeros); !s) return s; // no global mask
        return number_at(section, file_.size() - section - 4);
    }

    // All planes' row lengths stand before all rows.
    Status write_merged() {
        const image::ImageView merged = picture_.merged;
        const auto rows = static_cast<std::uint64_t>(document_.channels) *
                          static_cast<std::uint64_t>(merged.size.height);
        PsdBytes head;
        head.u16(1);
        for (std::uint64_t i = 0; i < rows; ++i)
            head.u16(0);
        const std::uint64_t begin = file_.size();
        if (Status s = file_.write(head.bytes()); !s) return s;
        PsdBytes lengths;
        const auto row_bytes = static_cast<std::size_t>(merged.size.width) *
                               static_cast<std::size_t>(document_.bytes());
        Bytes row(row_bytes);
        for (int c = 0; c < document_.channels; ++c)
            for (int y = 0; y < merged.size.height; ++y) {
                std::memcpy(row.data(), merged.row_bytes(y), row_bytes);
                if (document_.has_alpha() && document_.type == image::SampleType::u8)
                    onto_white(reinterpret_cast<std::uint8_t*>(row.data()), merged.size.width,
                               document_.channels);
                if (document_.has_alpha() && document_.type == image::SampleType::u16)
                    onto_white(reinterpret_cast<std::uint16_t*>(row.data()), merged.size.width,
                               document_.channels);
                plane_row(row.data(), merged.size.width, document_, c, plane_);
                packed_.clear();
                pack_bits(plane_, packed_);
                lengths.u16(static_cast<unsigned>(packed_.size()));
                if (Status s = file_.write(packed_); !s) return s;
            }
        return file_.write_at(begin + 2, lengths.bytes());
    }

    AtomicFile& file_;
    const LayeredPicture& picture_;
    image::PixelFormat document_, layer_format_;
    Bytes plane_, packed_; // of one row
};

template <class T>
void round_trip(image::ImageSpan pixels) {
    for (int y = 0; y < pixels.size.height; ++y) {
        onto_white(pixels.row<T>(y), pixels.size.width, pixels.format.channels);
        off_white(pixels.row<T>(y), pixels.size.width, pixels.format.channels);
    }
}

} // namespace

image::Image as_merged_in_psd(image::ImageView pixels) {
    image::Image out = image::clone(pixels);
    if (!pixels.format.has_alpha()) return out;
    if (pixels.format.type == image::SampleType::u8) round_trip<std::uint8_t>(out.span());
    if (pixels.format.type == image::SampleType::u16) round_trip<std::uint16_t>(out.span());
    return out;
}

Status write_psd(AtomicFile& file, const LayeredPicture& picture) {
    return Writer(file, picture).run();
}

} // namespace mw::codec
