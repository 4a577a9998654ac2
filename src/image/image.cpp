#include "image/image.h"

#include <fmt/format.h>
#include <cstdlib>
#include <new>

namespace mw::image {
namespace {

int reflect(int i, int n) {
    const int period = 2 * n;
    int m = i % period;
    if (m < 0) m += period;
    return m < n ? m : period - 1 - m;
}

} // namespace

Image::Image(Size size, PixelFormat format) : size_(size), format_(format) {
    assert(size.width >= 0 && size.height >= 0);
    if (size.empty()) return;
    // calloc: the kernel's zero pages, so a large picture costs memory only where it is written.
    const auto area = static_cast<std::uint64_t>(size.area());
    const auto bytes = static_cast<std::uint64_t>(format.bytes());
    if (area > PTRDIFF_MAX / bytes) throw std::bad_alloc();
    auto* pixels = static_cast<std::byte*>(std::calloc(area, bytes));
    if (!pixels) throw std::bad_alloc();
    data_ = {pixels, [](std::byte* p) { std::free(p); }};
}

Image::Image(Size size, PixelFormat format, std::byte* pixels, Release release)
    : size_(size), format_(format), data_(pixels, std::move(release)) {}

Result<Image> Image::try_create(Size size, PixelFormat format) {
    try {
        return Image(size, format);
    } catch (const std::bad_alloc&) {
        return fail(
            ErrorCode::too_large,
            fmt::format("Not enough memory for a picture of {} x {} ({:.0f} MB); close other "
                        "pictures or work on a smaller one.",
                        size.width, size.height, double(size.area()) * format.bytes() / 1e6));
    }
}

Image clone(ImageView source) {
    Image copy(source.size, source.format);
    copy_pixels(source, copy.span());
    return copy;
}

void copy_pixels(ImageView source, ImageSpan target) {
    assert(source.size == target.size && source.format == target.format);
    const auto row = static_cast<std::size_t>(source.size.width) *
                     static_cast<std::size_t>(source.format.bytes());
    for (int y = 0; y < source.size.height; ++y)
        std::memcpy(target.row_bytes(y), source.row_bytes(y), row);
}

bool identical(ImageView a, ImageView b) {
    if (a.size != b.size || a.format != b.format) return false;
    const auto row =
        static_cast<std::size_t>(a.size.width) * static_cast<std::size_t>(a.format.bytes());
    for (int y = 0; y < a.size.height; ++y)
        if (std::memcmp(a.row_bytes(y), b.row_bytes(y), row) != 0) return false;
    return true;
}

Image extract_reflected(ImageView source, const Rect& window) {
    assert(!source.empty());
    Image out(window.size(), source.format);
    const auto pixel = static_cast<std::size_t>(source.format.bytes());
    const Rect inside = intersect(window, source.rect());
    for (int y = 0; y < window.height; ++y) {
        const std::byte* from = source.row_bytes(reflect(window.y + y, source.size.height));
        std::byte* to = out.span().row_bytes(y);
        for (int x = 0; x < window.width;) {
            const int sx = window.x + x;
            if (sx >= inside.x && sx < inside.right()) {
                const int run = inside.right() - sx;
                std::memcpy(to + static_cast<std::size_t>(x) * pixel,
                            from + static_cast<std::size_t>(sx) * pixel,
                            static_cast<std::size_t>(run) * pixel);
                x += run;
            } else {
                std::memcpy(to + static_cast<std::size_t>(x) * pixel,
                            from + static_cast<std::size_t>(reflect(sx, source.size.width)) * pixel,
                            pixel);
                ++x;
            }
        }
    }
    return out;
}

} // namespace mw::image
