// Pixels: a view reads, a span writes, an Image owns. Interleaved channels, rows top to bottom.
#pragma once

#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "base/geometry.h"
#include "base/result.h"
#include "image/pixel_format.h"

namespace mw::image {

// Read access to somebody else's pixels. Cheap to copy; valid while the owner lives and is not
// resized.
struct ImageView {
    const std::byte* data = nullptr;
    Size size;
    PixelFormat format;
    std::ptrdiff_t stride = 0; // bytes from one row to the next

    bool empty() const { return size.empty(); }
    Rect rect() const { return Rect::of(size); }
    const std::byte* row_bytes(int y) const {
        assert(y >= 0 && y < size.height);
        return data + y * stride;
    }
    // First sample of row y. T must match format.type.
    template <class T>
    const T* row(int y) const {
        assert(sample_type_of<T>() == format.type);
        return reinterpret_cast<const T*>(row_bytes(y));
    }
    template <class T>
    const T* pixel(int x, int y) const {
        assert(x >= 0 && x < size.width);
        return row<T>(y) + std::ptrdiff_t{x} * format.channels;
    }
    // The part inside r, which must lie within rect().
    ImageView sub(const Rect& r) const {
        assert(rect().contains(r));
        return {data + r.y * stride + std::ptrdiff_t{r.x} * format.bytes(), r.size(), format,
                stride};
    }
};

// Write access to somebody else's pixels.
struct ImageSpan {
    std::byte* data = nullptr;
    Size size;
    PixelFormat format;
    std::ptrdiff_t stride = 0;

    bool empty() const { return size.empty(); }
    Rect rect() const { return Rect::of(size); }
    operator ImageView() const { return {data, size, format, stride}; }
    std::byte* row_bytes(int y) const {
        assert(y >= 0 && y < size.height);
        return data + y * stride;
    }
    template <class T>
    T* row(int y) const {
        assert(sample_type_of<T>() == format.type);
        return reinterpret_cast<T*>(row_bytes(y));
    }
    template <class T>
    T* pixel(int x, int y) const {
        assert(x >= 0 && x < size.width);
        return row<T>(y) + std::ptrdiff_t{x} * format.channels;
    }
    ImageSpan sub(const Rect& r) const {
        assert(rect().contains(r));
        return {data + r.y * stride + std::ptrdiff_t{r.x} * format.bytes(), r.size(), format,
                stride};
    }
};

// Owns its pixels, rows without gaps. Move-only: a copy of a large picture is always spelled out
// (clone).
class Image {
  public:
    using Release = std::function<void(std::byte*)>;

    Image() = default;
    // Zeroed pixels. Sides must be >= 0; running out of memory throws std::bad_alloc (see
    // try_create).
    Image(Size size, PixelFormat format);
    // Takes over pixels made elsewhere (a shared memory mapping); `release` frees them.
    Image(Size size, PixelFormat format, std::byte* pixels, Release release);
    // As the first, but too_large as a value when memory is short.
    static Result<Image> try_create(Size size, PixelFormat format);

    // The source is empty afterwards.
    Image(Image&& other) noexcept
        : size_(std::exchange(other.size_, {})),
          format_(other.format_),
          data_(std::move(other.data_)) {}
    Image& operator=(Image&& other) noexcept {
        size_ = std::exchange(other.size_, {});
        format_ = other.format_;
        data_ = std::move(other.data_);
        return *this;
    }

    bool empty() const { return size_.empty(); }
    Size size() const { return size_; }
    int width() const { return size_.width; }
    int height() const { return size_.height; }
    Rect rect() const { return Rect::of(size_); }
    PixelFormat format() const { return format_; }
    std::ptrdiff_t stride() const { return std::ptrdiff_t{size_.width} * format_.bytes(); }
    std::size_t byte_count() const {
        return static_cast<std::size_t>(stride()) * static_cast<std::size_t>(size_.height);
    }
    std::span<const std::byte> bytes() const { return {data_.get(), byte_count()}; }
    std::span<std::byte> bytes() { return {data_.get(), byte_count()}; }
    ImageView view() const { return {data_.get(), size_, format_, stride()}; }
    ImageSpan span() { return {data_.get(), size_, format_, stride()}; }

  private:
    Size size_;
    PixelFormat format_;
    std::unique_ptr<std::byte[], Release> data_{nullptr, [](std::byte*) {}};
};

// Published pixels: shared, never written again, safe to read on any thread.
using ImageRef = std::shared_ptr<const Image>;

Image clone(ImageView source);

// Copies source into target at the same position; sizes and formats must be equal.
void copy_pixels(ImageView source, ImageSpan target);

// Same size, format and samples, bit for bit.
bool identical(ImageView a, ImageView b);

// A copy of `window` of source, which may stick out: what lies beyond is reflected at the edges
// (... 2 1 0 | 0 1 2 ...), however far. source must not be empty.
Image extract_reflected(ImageView source, const Rect& window);

} // namespace mw::image
