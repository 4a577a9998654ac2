// OpenRaster (freedesktop.org Create, 0.0.6): a ZIP of PNGs and their order. minizip writes it
// through an AtomicFile; PNGs are packed already, so everything is stored.
#include <fmt/format.h>
#include <minizip/zip.h>
#include <algorithm>
#include <new>
#include <utility>

#include "codec/encoders.h"
#include "codec/layer_rows.h"
#include "codec/layers.h"
#include "codec/psd_bytes.h"
#include "image/resample.h"

namespace mw::codec {
namespace {

// What minizip's file functions write to. It goes back to fill in each entry's head.
struct ZipFile {
    AtomicFile& file;
    std::uint64_t at = 0;
    Status status;
};

voidpf zip_open(voidpf opaque, const void*, int) {
    return opaque;
}
uLong zip_read(voidpf, voidpf, void*, uLong) {
    return 0;
}
uLong zip_write(voidpf, voidpf stream, const void* bytes, uLong size) {
    auto& zip = *static_cast<ZipFile*>(stream);
    if (!zip.status) return 0;
    const ByteSpan data(static_cast<const std::byte*>(bytes), size);
    const std::uint64_t over = std::min<std::uint64_t>(size, zip.file.size() - zip.at);
    if (over > 0) zip.status = zip.file.write_at(zip.at, data.first(over));
    if (zip.status && over < size) zip.status = zip.file.write(data.subspan(over));
    if (!zip.status) return 0;
    zip.at += size;
    return size;
}
ZPOS64_T zip_tell(voidpf, voidpf stream) {
    return static_cast<ZipFile*>(stream)->at;
}
long zip_seek(voidpf, voidpf stream, ZPOS64_T offset, int origin) {
    auto& zip = *static_cast<ZipFile*>(stream);
    const std::uint64_t base = origin == ZLIB_FILEFUNC_SEEK_SET   ? 0
                               : origin == ZLIB_FILEFUNC_SEEK_CUR ? zip.at
                                                                  : zip.file.size();
    if (base + offset > zip.file.size()) return -1;
    zip.at = base + offset;
    return 0;
}
int zip_close(voidpf, voidpf) {
    return 0;
}
int zip_error(voidpf, voidpf stream) {
    return static_cast<ZipFile*>(stream)->status ? 0 : 1;
}

class Archive {
  public:
    explicit Archive(AtomicFile& file) : zip_{file, 0, {}} {
        zlib_filefunc64_def calls{zip_open, zip_read,  zip_write, zip_tell,
                                  zip_seek, zip_close, zip_error, &zip_};
        handle_ = zipOpen2_64("", APPEND_STATUS_CREATE, nullptr, &calls);
        if (handle_ == nullptr) throw std::bad_alloc();
    }
    ~Archive() {
        if (handle_ != nullptr) zipClose(handle_, nullptr);
    }
    Archive(const Archive&) = delete;
    Archive& operator=(const Archive&) = delete;

    // One entry: `fill` writes it through the sink it is given. `large` may pass 4 GB.
    Status add(const std::string& name, bool large,
               const std::function<Status(const ByteSink&)>& fill) {
        zip_fileinfo info{};
        info.tmz_date = {0, 0, 0, 1, 0, 1980}; // ZIP's first day: the same picture, the same file
        if (zipOpenNewFileInZip64(handle_, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, 0,
                                  0, large) != ZIP_OK)
            return failed();
        const Status filled = fill([&](ByteSpan bytes) -> Status {
            while (!bytes.empty()) {
                const ByteSpan part = bytes.first(std::min<std::size_t>(bytes.size(), 1u << 30));
                if (zipWriteInFileInZip(handle_, part.data(), static_cast<unsigned>(part.size())) !=
                    ZIP_OK)
                    return failed();
                bytes = bytes.subspan(part.size());
            }
            return {};
        });
        const int closed = zipCloseFileInZip(handle_);
        if (!filled) return filled;
        return closed == ZIP_OK ? Status{} : failed();
    }
    Status close() {
        const int closed = zipClose(std::exchange(handle_, nullptr), nullptr);
        return closed == ZIP_OK && zip_.status ? Status{} : failed();
    }

  private:
    Status failed() const {
        if (!zip_.status) return zip_.status;
        return fail(ErrorCode::io, "The OpenRaster file could not be made; nothing was written.");
    }

    ZipFile zip_;
    zipFile handle_ = nullptr;
};

std::string xml_text(std::string_view text) {
    std::string out;
    // Through UTF-16 and back, so that nothing but characters is left (XML 1.0, 2.2).
    const std::u16string units = utf16_of(text, 1000);
    for (std::size_t i = 0; i < units.size(); ++i) {
        char32_t c = units[i];
        if (c >= 0xd800 && c < 0xdc00 && i + 1 < units.size())
            c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00u);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff) c = ' ';
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (c < 0x80)
            out += static_cast<char>(c);
        else if (c < 0x800) {
            out += static_cast<char>(0xc0 | c >> 6);
            out += static_cast<char>(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            out += static_cast<char>(0xe0 | c >> 12);
            out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
            out += static_cast<char>(0x80 | (c & 0x3f));
        } else {
            out += static_cast<char>(0xf0 | c >> 18);
            out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
            out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
            out += static_cast<char>(0x80 | (c & 0x3f));
        }
    }
    return out;
}

std::string source_name(std::size_t layer) {
    return fmt::format("data/{:03}.png", layer);
}

// The topmost first.
std::string stack_of(const LayeredPicture& picture) {
    const Size size = picture.merged.size;
    std::string xml = fmt::format(
        "<?xml version='1.0' encoding='UTF-8'?>\n<image version=\"0.0.6\" w=\"{}\" h=\"{}\"",
        size.width, size.height);
    if (const auto dpi = picture.metadata.dots_per_inch; dpi && *dpi >= 1 && *dpi < 30000)
        xml += fmt::format(" xres=\"{0:.0f}\" yres=\"{0:.0f}\"", *dpi);
    xml += ">\n <stack>\n";
    for (std::size_t i = picture.layers.size(); i-- > 0;) {
        const Layer& layer = picture.layers[i];
        xml += fmt::format(
            "  <layer name=\"{}\" src=\"{}\" x=\"{}\" y=\"{}\" opacity=\"1.0\" visibility=\"{}\" "
            "composite-op=\"svg:src-over\"/>\n",
            xml_text(layer.name), source_name(i), layer.rect.x, layer.rect.y,
            layer.visible ? "visible" : "hidden");
    }
    return xml + " </stack>\n</image>\n";
}

image::Image thumbnail_of(image::ImageView merged) {
    constexpr int kSide = 256;
    const double scale = std::min(1.0, double(kSide) / merged.size.longer_side());
    const Size size{std::max(1, static_cast<int>(merged.size.width * scale + 0.5)),
                    std::max(1, static_cast<int>(merged.size.height * scale + 0.5))};
    return image::convert(image::resample(merged, size, image::Filter::area).view(), image::kRgba8);
}

Status add_text(Archive& archive, const std::string& name, const std::string& text) {
    return archive.add(name, false,
                       [&](const ByteSink& sink) { return sink(std::as_bytes(std::span(text))); });
}

Status add_png(Archive& archive, const std::string& name, image::ImageView pixels,
               image::PixelFormat format, const Metadata& metadata) {
    const std::int64_t bytes = pixels.size.area() * format.bytes();
    return archive.add(name, bytes > 0xf000'0000, [&](const ByteSink& sink) {
        LayerRows rows(pixels, format);
        return write_png({pixels.size, format, std::ref(rows)}, metadata, 4, sink);
    });
}

Status write(AtomicFile& file, const LayeredPicture& picture) {
    const image::PixelFormat document = picture.merged.format;
    if (picture.merged.empty())
        return fail(ErrorCode::invalid_argument,
                    "There are no pixels to write; nothing was written.");
    if (document.type == image::SampleType::f32)
        return fail(ErrorCode::unsupported,
                    "An OpenRaster file is written with 8 or 16 bits; nothing was written.");
    Archive archive(file);
    if (Status s = add_text(archive, "mimetype", "image/openraster"); !s) return s;
    if (Status s = add_text(archive, "stack.xml", stack_of(picture)); !s) return s;
    Metadata color; // of each layer; the rest is the merged picture's alone
    color.icc = picture.metadata.icc;
    for (std::size_t i = 0; i < picture.layers.size(); ++i) {
        auto layer = picture.make(i);
        if (!layer) return tl::unexpected(layer.error());
        const image::ImageView pixels = layer->pixels->view();
        image::PixelFormat format{document.color_channels() + (pixels.format.has_alpha() ? 1 : 0),
                                  document.type};
        if (Status s = add_png(archive, source_name(i), pixels, format, color); !s) return s;
    }
    if (Status s = add_png(archive, "mergedimage.png", picture.merged, document, picture.metadata);
        !s)
        return s;
    const image::Image thumbnail = thumbnail_of(picture.merged);
    if (Status s = add_png(archive, "Thumbnails/thumbnail.png", thumbnail.view(),
                           thumbnail.format(), Metadata{});
        !s)
        return s;
    return archive.close();
}

} // namespace

Status write_ora(AtomicFile& file, const LayeredPicture& picture) {
    try {
        return write(file, picture);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "There is not enough memory to write an OpenRaster file; nothing was written. "
                    "Close other pictures or programs and try again.");
    }
}

} // namespace mw::codec
