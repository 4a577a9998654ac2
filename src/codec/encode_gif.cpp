#include "codec/encode_gif.h"

#include <fmt/format.h>
#include <gif_lib.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace mw::codec {
namespace {

constexpr int kColors = 256;
// Half the height of the dither, in levels: about half a step of a palette of 256.
constexpr int kReach = 8;

tl::unexpected<Error> failed(int error) {
    const char* why = GifErrorString(error);
    return fail(ErrorCode::io, fmt::format("The GIF could not be made ({}); nothing was written.",
                                           why ? why : "giflib"));
}

struct Palette {
    std::vector<GifColorType> colors;
    std::vector<std::int16_t> nearest; // by six bits a channel, -1: not asked yet

    int index_of(int r, int g, int b) {
        std::int16_t& found =
            nearest[static_cast<std::size_t>((r >> 2) << 12 | (g >> 2) << 6 | b >> 2)];
        if (found >= 0) return found;
        int least = 1 << 30;
        for (std::size_t i = 0; i < colors.size(); ++i) {
            const int dr = colors[i].Red - r, dg = colors[i].Green - g, db = colors[i].Blue - b;
            const int d = 3 * dr * dr + 6 * dg * dg + db * db; // as luma weighs them, about
            if (d < least) least = d, found = static_cast<std::int16_t>(i);
        }
        return found;
    }
};

Result<Palette> palette_of(std::span<const AnimationFrame> frames) {
    const Size size = frames[0].pixels.size;
    // A sample of at most a million pixels of all frames.
    const std::int64_t all = size.area() * static_cast<std::int64_t>(frames.size());
    const int step = static_cast<int>(std::max<std::int64_t>(1, all / 1'000'000));
    std::vector<GifByteType> r, g, b;
    std::int64_t at = 0;
    for (const AnimationFrame& frame : frames)
        for (int y = 0; y < size.height; ++y) {
            const auto* p = frame.pixels.row<std::uint8_t>(y);
            for (int x = 0; x < size.width; ++x, p += 3)
                if (at++ % step == 0) r.push_back(p[0]), g.push_back(p[1]), b.push_back(p[2]);
        }
    int count = kColors;
    std::vector<GifByteType> indices(r.size());
    Palette out;
    out.colors.resize(kColors);
    if (GifQuantizeBuffer(static_cast<unsigned>(r.size()), 1, &count, r.data(), g.data(), b.data(),
                          indices.data(), out.colors.data()) == GIF_ERROR)
        return fail(ErrorCode::too_large,
                    "Not enough memory for the palette of the GIF; nothing was written.");
    out.colors.resize(static_cast<std::size_t>(std::clamp(count, 1, kColors)));
    out.nearest.assign(std::size_t{1} << 18, -1);
    return out;
}

// -kReach .. kReach by the place alone (Bayer 1973, eight by eight).
int dither_at(int x, int y) {
    int v = 0;
    for (int bit = 0; bit < 3; ++bit) {
        const int a = (x >> bit) & 1, c = (y >> bit) & 1;
        v |= (a ^ c) << (5 - 2 * bit) | c << (4 - 2 * bit);
    }
    return (2 * v - 63) * kReach / 63;
}

int append(GifFileType* gif, const GifByteType* bytes, int count) {
    auto& to = *static_cast<Bytes*>(gif->UserData);
    const auto* p = reinterpret_cast<const std::byte*>(bytes);
    to.insert(to.end(), p, p + count);
    return count;
}

bool write_frame(GifFileType* gif, const AnimationFrame& frame, Palette& palette) {
    GraphicsControlBlock control{};
    control.DisposalMode = DISPOSE_DO_NOT;
    control.DelayTime = std::clamp(frame.milliseconds, 20, 60000) / 10;
    control.TransparentColor = NO_TRANSPARENT_COLOR;
    GifByteType bytes[4];
    EGifGCBToExtension(&control, bytes);
    const Size size = frame.pixels.size;
    if (EGifPutExtension(gif, GRAPHICS_EXT_FUNC_CODE, sizeof bytes, bytes) == GIF_ERROR ||
        EGifPutImageDesc(gif, 0, 0, size.width, size.height, false, nullptr) == GIF_ERROR)
        return false;
    std::vector<GifByteType> line(static_cast<std::size_t>(size.width));
    for (int y = 0; y < size.height; ++y) {
        const auto* p = frame.pixels.row<std::uint8_t>(y);
        for (int x = 0; x < size.width; ++x, p += 3) {
            const int d = dither_at(x, y);
            const auto moved = [d](int v) { return std::clamp(v + d, 0, 255); };
            line[static_cast<std::size_t>(x)] =
                static_cast<GifByteType>(palette.index_of(moved(p[0]), moved(p[1]), moved(p[2])));
        }
        if (EGifPutLine(gif, line.data(), size.width) == GIF_ERROR) return false;
    }
    return true;
}

} // namespace

Result<Bytes> encode_gif(std::span<const AnimationFrame> frames) {
    auto palette = palette_of(frames);
    if (!palette) return tl::unexpected(palette.error());
    std::vector<GifColorType> table(kColors, GifColorType{});
    std::copy(palette->colors.begin(), palette->colors.end(), table.begin());
    const std::unique_ptr<ColorMapObject, void (*)(ColorMapObject*)> map(
        GifMakeMapObject(kColors, table.data()), GifFreeMapObject);
    Bytes out;
    int error = 0;
    GifFileType* gif = EGifOpen(&out, append, &error);
    if (!gif || !map) return failed(error);
    EGifSetGifVersion(gif, true);
    const Size size = frames[0].pixels.size;
    const GifByteType forever[] = {1, 0, 0};
    bool good = EGifPutScreenDesc(gif, size.width, size.height, 8, 0, map.get()) == GIF_OK &&
                EGifPutExtensionLeader(gif, APPLICATION_EXT_FUNC_CODE) == GIF_OK &&
                EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0") == GIF_OK &&
                EGifPutExtensionBlock(gif, sizeof forever, forever) == GIF_OK &&
                EGifPutExtensionTrailer(gif) == GIF_OK;
    for (const AnimationFrame& frame : frames)
        good = good && write_frame(gif, frame, *palette);
    if (!good) error = gif->Error;
    int closing = 0;
    if (EGifCloseFile(gif, &closing) == GIF_ERROR && good) good = false, error = closing;
    if (!good) return failed(error);
    return out;
}

} // namespace mw::codec
