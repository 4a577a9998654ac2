#include <OpenEXR/ImfFloatAttribute.h>
#include <OpenEXR/ImfOpaqueAttribute.h>
#include <OpenEXR/ImfPreviewImage.h>
#include <OpenEXR/ImfTileDescription.h>
#include <algorithm>
#include <cmath>

#include "codec/encode_exr.h"
#include "codec/exr_stream.h"

namespace mw::codec {
namespace {

// Said by the windows, the channels or the way of writing, or true of the file that was read alone.
bool is_written_otherwise(std::string_view name) {
    constexpr std::string_view kNames[] = {"channels",
                                           "compression",
                                           "dataWindow",
                                           "displayWindow",
                                           "lineOrder",
                                           "pixelAspectRatio",
                                           "preview",
                                           "screenWindowCenter",
                                           "screenWindowWidth",
                                           "tiles",
                                           "type",
                                           "version",
                                           "chunkCount",
                                           "maxSamplesPerPixel"};
    return std::ranges::find(kNames, name) != std::end(kNames);
}

// Without loss: what was packed with loss is packed with ZIP from now on.
Imf::Compression packing(const ExrSource& source) {
    if (!source.layout) return Imf::ZIP_COMPRESSION;
    switch (source.header.compression) {
        case Imf::PXR24_COMPRESSION:
            return std::ranges::any_of(
                       source.header.channels,
                       [](const ExrChannel& c) { return c.type != ExrSample::half; })
                       ? Imf::ZIP_COMPRESSION
                       : Imf::PXR24_COMPRESSION;
        case Imf::B44_COMPRESSION:
        case Imf::B44A_COMPRESSION:
        case Imf::DWAA_COMPRESSION:
        case Imf::DWAB_COMPRESSION:
            return Imf::ZIP_COMPRESSION;
        default:
            return static_cast<Imf::Compression>(source.header.compression);
    }
}

void insert(Imf::Header& header, const ExrAttribute& a) {
    if (a.type == "float" && a.value.size() == 4) { // the library looks at some of these
        header.insert(a.name,
                      Imf::FloatAttribute(std::bit_cast<float>(ByteReader(a.value).le32())));
        return;
    }
    Imf::OpaqueAttribute opaque(a.type.c_str());
    if (!a.value.empty()) {
        ExrInput value(a.value);
        opaque.readValueFrom(value, static_cast<int>(a.value.size()), 2);
    }
    header.insert(a.name, opaque);
}

// As large as it was, of the new pixels: gamma 2.2, as OpenEXR's own programs make it.
void insert_preview(Imf::Header& header, const ExrAttribute& old, image::ImageView pixels) {
    ByteReader r(old.value);
    const std::uint32_t width = r.le32(), height = r.le32();
    if (old.type != "preview" || width == 0 || height == 0 || width > 4096 || height > 4096 ||
        old.value.size() != 8 + std::size_t{4} * width * height)
        return;
    Imf::PreviewImage preview(width, height);
    const int channels = pixels.format.channels, colors = pixels.format.color_channels();
    const auto code = [](float v) {
        return static_cast<unsigned char>(
            v > 0 ? std::min(255.0f, std::pow(std::min(v, 1.0f), 1 / 2.2f) * 255 + 0.5f) : 0.0f);
    };
    const auto place = [](std::uint32_t i, std::uint32_t n, int size) {
        return static_cast<int>((2 * std::int64_t{i} + 1) * size / (2 * std::int64_t{n}));
    };
    for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
            const float* p = pixels.pixel<float>(place(x, width, pixels.size.width),
                                                 place(y, height, pixels.size.height));
            const float alpha = pixels.format.has_alpha() ? p[channels - 1] : 1;
            const auto color = [&](int c) {
                return code(exr_stored(p[colors == 3 ? c : 0], alpha));
            };
            preview.pixel(x, y) = {
                color(0), color(1), color(2),
                static_cast<unsigned char>(255 * std::clamp(alpha > 0 ? alpha : 0.0f, 0.0f, 1.0f))};
        }
    header.setPreviewImage(preview);
}

} // namespace

std::string ExrSource::name(std::size_t channel, const char* otherwise) const {
    return layout ? layout->name(header, channel) : otherwise;
}

ExrSample ExrSource::type(std::size_t channel) const {
    return layout ? layout->type(header, channel) : ExrSample::single;
}

bool ExrSource::linear(std::size_t channel) const {
    if (!layout || layout->main[channel] < 0 || layout->kind == ExrLayout::Kind::luma_chroma)
        return false;
    return header.channels[static_cast<std::size_t>(layout->main[channel])].linear;
}

const std::byte* ExrSource::overscan() const {
    return beside && beside->head.has_overscan ? beside->bytes.data() + beside->map.overscan
                                               : nullptr;
}

const std::uint32_t* ExrSource::exact(std::uint32_t pixel, std::size_t& cursor) const {
    if (!beside) return nullptr;
    for (; cursor < beside->head.exact_entries; ++cursor)
        if (const auto entry = beside->exact_entry(cursor); entry[0] >= pixel)
            return entry[0] == pixel ? entry.data() + 1 : nullptr;
    return nullptr;
}

ExrSource find_exr_source(const Metadata& metadata, image::ImageView pixels) {
    ExrSource source;
    const ExrBox whole{0, 0, pixels.size.width - 1, pixels.size.height - 1};
    if (auto header = read_exr_header(metadata.exr_header)) source.header = std::move(*header);
    auto layout = exr_layout(source.header);
    bool alpha_is_other = false;
    if (layout && layout->has_alpha() && layout->channels() == pixels.format.channels + 1)
        layout = layout->without_alpha(), alpha_is_other = true;
    const bool same_size = source.header.display.width() == pixels.size.width &&
                           source.header.display.height() == pixels.size.height;
    if (layout && layout->channels() == pixels.format.channels) {
        source.layout = std::move(layout);
        if (same_size && metadata.exr_beside)
            source.beside = read_exr_beside(*metadata.exr_beside, source.header, *source.layout);
        if (source.beside && source.beside->head.alpha_is_other != alpha_is_other)
            source.beside.reset();
    }
    source.dots_per_inch = metadata.dots_per_inch;
    // The pixels may have been cut or joined with others: then only the attributes fit.
    if (!same_size || source.header.channels.empty())
        source.header.data = source.header.display = whole;
    const bool has_overscan = !source.header.display.contains(source.header.data);
    if (has_overscan && !source.overscan()) source.header.data = source.header.display;
    return source;
}

Imf::Header exr_library_header(const ExrSource& source, const ExrBox& data,
                               image::ImageView pixels) {
    const auto box = [](const ExrBox& b) {
        return Imath::Box2i(Imath::V2i(static_cast<int>(b.min_x), static_cast<int>(b.min_y)),
                            Imath::V2i(static_cast<int>(b.max_x), static_cast<int>(b.max_y)));
    };
    const ExrHeader& h = source.header;
    Imath::V2f center(0, 0);
    if (const ExrAttribute* a = h.find("screenWindowCenter")) {
        ByteReader r(a->value);
        center.x = std::bit_cast<float>(r.le32());
        center.y = std::bit_cast<float>(r.le32());
    }
    const bool random_order = h.line_order == Imf::RANDOM_Y && !h.tiles;
    Imf::Header header(box(h.display), box(data), h.number("pixelAspectRatio").value_or(1), center,
                       h.number("screenWindowWidth").value_or(1),
                       random_order ? Imf::INCREASING_Y : static_cast<Imf::LineOrder>(h.line_order),
                       packing(source));
    for (const ExrAttribute& a : h.attributes)
        if (a.name == "preview")
            insert_preview(header, a, pixels);
        else if (!is_written_otherwise(a.name))
            insert(header, a);
    if (source.dots_per_inch && !h.find("xDensity"))
        header.insert("xDensity", Imf::FloatAttribute(static_cast<float>(*source.dots_per_inch)));
    if (h.tiles)
        header.setTileDescription(Imf::TileDescription(
            h.tiles->width, h.tiles->height, Imf::ONE_LEVEL,
            static_cast<Imf::LevelRoundingMode>(std::min(h.tiles->mode >> 4, 1))));
    return header;
}

} // namespace mw::codec
