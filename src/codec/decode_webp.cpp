// WebP by libwebp; the container by libwebpdemux.
#include <fmt/format.h>
#include <webp/decode.h>
#include <webp/demux.h>
#include <memory>

#include "codec/decoder.h"

namespace mw::codec {
namespace {

struct Closer {
    void operator()(WebPDemuxer* d) const { WebPDemuxDelete(d); }
};

ByteSpan chunk(const WebPDemuxer* demuxer, const char name[4]) {
    WebPChunkIterator it;
    if (!WebPDemuxGetChunk(demuxer, name, 1, &it)) return {};
    const ByteSpan data(reinterpret_cast<const std::byte*>(it.chunk.bytes), it.chunk.size);
    WebPDemuxReleaseChunkIterator(&it); // frees nothing that `data` needs: it points into the file
    return data;
}

} // namespace

Result<Decoded> decode_webp(ByteSpan file, Canvas& canvas) {
    // The claim of the plain header first, so that a size beyond the limit is told as such.
    WebPBitstreamFeatures features;
    if (WebPGetFeatures(chars(file), file.size(), &features) == VP8_STATUS_OK)
        if (Status s = canvas.check(features.width, features.height,
                                    features.has_alpha ? image::kRgba8 : image::kRgb8);
            !s)
            return tl::unexpected(s.error());
    const WebPData data{chars(file), file.size()};
    const std::unique_ptr<WebPDemuxer, Closer> demuxer(WebPDemux(&data));
    if (!demuxer) return damaged("is a damaged WebP, or it is cut off; copy or download it again");
    const auto width = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_WIDTH);
    const auto height = WebPDemuxGetI(demuxer.get(), WEBP_FF_CANVAS_HEIGHT);
    const auto flags = WebPDemuxGetI(demuxer.get(), WEBP_FF_FORMAT_FLAGS);
    const auto frames = WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT);
    if (Status s = canvas.check(width, height, image::kRgb8); !s) return tl::unexpected(s.error());

    WebPIterator frame;
    if (!WebPDemuxGetFrame(demuxer.get(), 1, &frame))
        return damaged("is a damaged WebP: it has no picture");
    const std::unique_ptr<WebPIterator, void (*)(WebPIterator*)> release(&frame,
                                                                         WebPDemuxReleaseIterator);
    if (!frame.complete) return damaged("is a WebP that is cut off; copy or download it again");
    const bool covers = frame.x_offset == 0 && frame.y_offset == 0 &&
                        frame.width == static_cast<int>(width) &&
                        frame.height == static_cast<int>(height);
    const auto place = Rect{frame.x_offset, frame.y_offset, frame.width, frame.height};
    if (!Rect{0, 0, static_cast<int>(width), static_cast<int>(height)}.contains(place))
        return damaged("is a damaged WebP: its first frame lies outside the picture");

    Decoded out;
    int orientation = 1;
    if (flags & ICCP_FLAG) keep_icc(out, chunk(demuxer.get(), "ICCP"), 3);
    if (flags & EXIF_FLAG) {
        ByteSpan exif = chunk(demuxer.get(), "EXIF");
        using namespace std::string_view_literals;
        if (starts_with(exif, "Exif\0\0"sv))
            exif = exif.subspan(6); // some writers copy JPEG's framing
        orientation = keep_exif(out, exif);
    }
    if (flags & XMP_FLAG) keep_xmp(out, chunk(demuxer.get(), "XMP "));
    if (frames > 1)
        out.warnings.push_back(
            fmt::format("An animation of {} frames; the first is shown.", frames));

    const bool alpha = frame.has_alpha || !covers;
    auto target = canvas.create(width, height, alpha ? image::kRgba8 : image::kRgb8, orientation);
    if (!target) return tl::unexpected(target.error());
    const image::ImageSpan part = target->sub(place);
    WebPDecoderConfig config;
    if (!WebPInitDecoderConfig(&config))
        return damaged("cannot be read: libwebp is of another version");
    config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
    config.output.is_external_memory = 1;
    config.output.u.RGBA.rgba = reinterpret_cast<std::uint8_t*>(part.data);
    config.output.u.RGBA.stride = static_cast<int>(part.stride);
    config.output.u.RGBA.size =
        static_cast<std::size_t>(part.stride) * static_cast<std::size_t>(place.height - 1) +
        static_cast<std::size_t>(place.width * part.format.bytes());
    const VP8StatusCode code = WebPDecode(frame.fragment.bytes, frame.fragment.size, &config);
    WebPFreeDecBuffer(&config.output);
    if (code == VP8_STATUS_OUT_OF_MEMORY)
        return fail(ErrorCode::too_large, "needs more memory than a picture of its size should");
    if (code != VP8_STATUS_OK)
        return damaged(fmt::format("is a damaged WebP (libwebp error {})", static_cast<int>(code)));
    return out;
}

} // namespace mw::codec
