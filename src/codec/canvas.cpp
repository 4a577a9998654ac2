#include "codec/canvas.h"

#include <fmt/format.h>
#include <sys/sysinfo.h>
#include <algorithm>

#include "codec/input_pages.h"

namespace mw::codec {
namespace {

constexpr const char* kWayOut =
    "Open it with a higher limit if you trust it, or make a smaller "
    "copy with another program";

// 0.5, 12.3, 268, 4290: digits enough to compare with a limit, none that mislead.
std::string short_number(double value) {
    return value < 100 ? fmt::format("{:.3g}", value) : fmt::format("{:.0f}", value);
}

template <class Pixel>
void turn(image::ImageView source, image::ImageSpan target, int orientation) {
    // Tiles: a turned row touches as many cache lines as it has pixels.
    constexpr int kTile = 32;
    const int w = source.size.width, h = source.size.height;
    const bool swap = orientation >= 5;
    const bool mirror_x = orientation == 2 || orientation == 3 || orientation == 7 ||
                          orientation == 8; // source x counts down
    const bool mirror_y =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    for (int ty = 0; ty < h; ty += kTile)
        for (int tx = 0; tx < w; tx += kTile)
            for (int y = ty; y < std::min(ty + kTile, h); ++y) {
                const auto* from = reinterpret_cast<const Pixel*>(source.row_bytes(y));
                const int v = mirror_y ? h - 1 - y : y;
                for (int x = tx; x < std::min(tx + kTile, w); ++x) {
                    const int u = mirror_x ? w - 1 - x : x;
                    reinterpret_cast<Pixel*>(target.row_bytes(swap ? u : v))[swap ? v : u] =
                        from[x];
                }
            }
}

template <std::size_t N>
struct Block {
    std::byte bytes[N];
};

// turn_upright, giving back what was turned: two pictures are never in memory as a whole.
void turn_in_bands(image::Image& source, image::ImageSpan target, int orientation) {
    constexpr int kBand = 256;
    const image::ImageView view = source.view();
    GivenBack turned(source.bytes().data(), source.byte_count());
    for (int end = view.size.height; end > 0; end -= kBand) {
        const int begin = std::max(end - kBand, 0), rows = end - begin;
        const bool swap = orientation >= 5;
        const bool down = orientation == 3 || orientation == 4 || orientation == 6 ||
                          orientation == 7; // the last row comes first
        const int at = down ? view.size.height - end : begin;
        turn_upright(view.sub({0, begin, view.size.width, rows}),
                     target.sub(swap ? Rect{at, 0, rows, target.size.height}
                                     : Rect{0, at, target.size.width, rows}),
                     orientation);
        turned.down_to(static_cast<std::size_t>(begin) * static_cast<std::size_t>(view.stride));
        if (begin == 0) break;
    }
}

} // namespace

void turn_upright(image::ImageView source, image::ImageSpan target, int orientation) {
    assert(orientation >= 1 && orientation <= 8);
    switch (source.format.bytes()) {
        case 1:
            return turn<Block<1>>(source, target, orientation);
        case 2:
            return turn<Block<2>>(source, target, orientation);
        case 3:
            return turn<Block<3>>(source, target, orientation);
        case 4:
            return turn<Block<4>>(source, target, orientation);
        case 6:
            return turn<Block<6>>(source, target, orientation);
        case 8:
            return turn<Block<8>>(source, target, orientation);
        case 12:
            return turn<Block<12>>(source, target, orientation);
        default:
            return turn<Block<16>>(source, target, orientation);
    }
}

std::uint64_t default_decode_budget() {
    struct sysinfo info {};
    std::uint64_t quarter = 1ull << 30;
    if (::sysinfo(&info) == 0) quarter = std::uint64_t{info.totalram} * info.mem_unit / 4;
    return std::min<std::uint64_t>(quarter, 4ull << 30);
}

Canvas::Canvas(const DecodeLimits& limits, Allocate allocate, AllocateBeside beside, Expect expect)
    : limits_(limits),
      allocate_(std::move(allocate)),
      allocate_beside_(std::move(beside)),
      expect_(std::move(expect)) {}

Status Canvas::check(std::int64_t width, std::int64_t height, image::PixelFormat format) const {
    if (width <= 0 || height <= 0)
        return fail(ErrorCode::corrupt,
                    fmt::format("claims {} x {} pixels, which is no picture; the file is damaged",
                                width, height));
    // Doubles: the claims may overflow 64 bits when multiplied.
    const double pixels = double(width) * double(height);
    const double bytes = pixels * format.bytes();
    const auto claim = fmt::format("claims {} x {} pixels ({} MP, {} MB decoded)", width, height,
                                   short_number(pixels / 1e6), short_number(bytes / 1e6));
    if (pixels > double(limits_.max_pixels))
        return fail(ErrorCode::too_large,
                    fmt::format("{}; the limit is {} MP. {}", claim,
                                short_number(double(limits_.max_pixels) / 1e6), kWayOut));
    if (std::max(width, height) > limits_.max_side)
        return fail(ErrorCode::too_large,
                    fmt::format("{}; the limit is {} pixels a side. Cut it into parts with another "
                                "program",
                                claim, limits_.max_side));
    if (bytes > double(limits_.max_decoded_bytes))
        return fail(ErrorCode::too_large,
                    fmt::format("{}; this machine's limit for one picture is {} MB. Make a "
                                "smaller copy with another program",
                                claim, short_number(double(limits_.max_decoded_bytes) / 1e6)));
    return {};
}

Status Canvas::expect(std::int64_t width, std::int64_t height, image::PixelFormat format) const {
    if (Status s = check(width, height, format); !s) return s;
    if (expect_)
        expect_(static_cast<std::size_t>(width * height) *
                static_cast<std::size_t>(format.bytes()));
    return {};
}

Result<image::ImageSpan> Canvas::create(std::int64_t width, std::int64_t height,
                                        image::PixelFormat format, int orientation) {
    if (Status s = check(width, height, format); !s) return tl::unexpected(s.error());
    assert(picture_.data == nullptr);
    const Size stored{static_cast<int>(width), static_cast<int>(height)};
    const Size upright = orientation >= 5 ? Size{stored.height, stored.width} : stored;
    const std::ptrdiff_t stride = std::ptrdiff_t{upright.width} * format.bytes();
    std::byte* memory =
        allocate_(static_cast<std::size_t>(stride) * static_cast<std::size_t>(upright.height));
    const auto no_memory = [&] {
        return fail(ErrorCode::too_large,
                    fmt::format("needs {} MB of memory, more than there is now; close other "
                                "pictures or programs",
                                short_number(double(stored.area()) * format.bytes() / 1e6)));
    };
    if (!memory) return no_memory();
    picture_ = {memory, upright, format, stride};
    orientation_ = orientation;
    if (orientation == 1) return picture_;
    auto unturned = image::Image::try_create(stored, format);
    if (!unturned) return no_memory();
    unturned_ = std::move(*unturned);
    return unturned_.span();
}

std::uint64_t Canvas::beside_offset(std::uint64_t picture_bytes) {
    return (picture_bytes + kBesideStep - 1) / kBesideStep * kBesideStep;
}

std::byte* Canvas::beside(std::size_t bytes) {
    assert(picture_.data != nullptr);
    const auto picture = static_cast<std::uint64_t>(picture_.stride) *
                         static_cast<std::uint64_t>(picture_.size.height);
    const std::uint64_t piece = beside_offset(beside_bytes_);
    const std::uint64_t offset = beside_offset(picture) + piece;
    if (!allocate_beside_ || bytes == 0 || offset > limits_.max_decoded_bytes ||
        bytes > limits_.max_decoded_bytes - offset)
        return nullptr;
    std::byte* memory = allocate_beside_(offset, bytes);
    if (memory) beside_bytes_ = piece + bytes;
    return memory;
}

Status Canvas::finish() {
    if (picture_.data == nullptr)
        return fail(ErrorCode::corrupt, "holds no picture data; the file is damaged");
    if (orientation_ != 1) turn_in_bands(unturned_, picture_, orientation_);
    unturned_ = {};
    return {};
}

} // namespace mw::codec
