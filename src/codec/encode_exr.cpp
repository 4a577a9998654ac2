// OpenEXR: float, or half where the file that was read had half; its attributes, other channels and
// overscan go back as they were.
#include <OpenEXR/ImfChannelList.h>
#include <OpenEXR/ImfFrameBuffer.h>
#include <OpenEXR/ImfOutputFile.h>
#include <OpenEXR/ImfThreading.h>
#include <OpenEXR/ImfTiledOutputFile.h>
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <new>

#include "base/parallel.h"
#include "codec/encode_exr.h"
#include "codec/encoders.h"
#include "codec/exr_stream.h"

namespace mw::codec {
namespace {

constexpr const char* kNames[4][4] = {{"Y"}, {"Y", "A"}, {"R", "G", "B"}, {"R", "G", "B", "A"}};

Imf::PixelType library_type(ExrSample type) {
    return type == ExrSample::half ? Imf::HALF : type == ExrSample::whole ? Imf::UINT : Imf::FLOAT;
}

// The library packs on threads of its own, which then wait for the next file.
int packing_threads() {
    static const int threads = [] {
        const int n = std::clamp(parallel_threads(), 1, 32);
        Imf::setGlobalThreadCount(n);
        return n;
    }();
    return threads;
}

// A channel to be written: whole planes over the data window.
struct Plane {
    std::string name;
    ExrSample type = ExrSample::single;
    bool linear = false;
    int x_sampling = 1, y_sampling = 1;
    const std::byte* samples = nullptr;
};

class Writer {
  public:
    Writer(image::ImageView pixels, const Metadata& metadata, std::optional<bool> as_half)
        : pixels_(pixels), source_(find_exr_source(metadata, pixels)), half_(as_half) {}

    Bytes write() {
        data_ = source_.header.data;
        // A stored part that leaves some of the picture out stays so, unless there is something.
        if (!data_.contains(source_.header.display) && !empty_outside_data()) grow();
        Imf::Header header = exr_library_header(source_, data_, pixels_);
        fill_main();
        add_others();
        for (const Plane& p : planes_)
            header.channels().insert(
                p.name, Imf::Channel(library_type(p.type), p.x_sampling, p.y_sampling, p.linear));
        Bytes out;
        ExrOutput stream(out);
        Imf::FrameBuffer frame = frame_buffer();
        if (source_.header.tiles) {
            Imf::TiledOutputFile file(stream, header, packing_threads());
            file.setFrameBuffer(frame);
            file.writeTiles(0, file.numXTiles() - 1, 0, file.numYTiles() - 1);
        } else {
            Imf::OutputFile file(stream, header, packing_threads());
            file.setFrameBuffer(frame);
            file.writePixels(static_cast<int>(data_.height()));
        }
        return out;
    }

  private:
    bool in_data(std::int64_t x, std::int64_t y) const {
        return x >= data_.min_x && x <= data_.max_x && y >= data_.min_y && y <= data_.max_y;
    }
    bool empty_outside_data() const {
        const ExrBox& display = source_.header.display;
        const int channels = pixels_.format.channels;
        for (int y = 0; y < pixels_.size.height; ++y) {
            const float* p = pixels_.row<float>(y);
            for (int x = 0; x < pixels_.size.width; ++x, p += channels)
                if (!in_data(display.min_x + x, display.min_y + y))
                    for (int c = 0; c < channels; ++c)
                        if (!(p[c] == 0) || std::signbit(p[c])) return false;
        }
        return true;
    }
    // To whole steps of every channel's sampling.
    void grow() {
        data_ = data_.united(source_.header.display);
        for (const ExrChannel& c : source_.header.channels) {
            const auto down = [](std::int64_t v, int step) {
                return v - ((v % step) + step) % step;
            };
            data_.min_x = down(data_.min_x, c.x_sampling);
            data_.min_y = down(data_.min_y, c.y_sampling);
            data_.max_x = down(data_.max_x + c.x_sampling, c.x_sampling) - 1;
            data_.max_y = down(data_.max_y + c.y_sampling, c.y_sampling) - 1;
        }
    }

    Bytes& new_plane(std::size_t bytes) { return made_.emplace_back(bytes); }

    static void put(std::byte* at, std::uint32_t bits, ExrSample type) {
        std::memcpy(at, &bits, exr_sample_bytes(type));
    }

    void fill_main() {
        const auto channels = static_cast<std::size_t>(pixels_.format.channels);
        const auto samples = static_cast<std::size_t>(data_.width() * data_.height());
        std::vector<std::byte*> planes;
        for (std::size_t c = 0; c < channels; ++c) {
            const ExrSample type = !half_   ? source_.type(c)
                                   : *half_ ? ExrSample::half
                                            : ExrSample::single;
            Bytes& plane = new_plane(samples * exr_sample_bytes(type));
            planes.push_back(plane.data());
            planes_.push_back({source_.name(c, kNames[channels - 1][c]), type, source_.linear(c), 1,
                               1, plane.data()});
        }
        const ExrBox& display = source_.header.display;
        const ExrBox& old = source_.header.data;
        const std::byte* overscan = source_.overscan();
        for (std::int64_t y = data_.min_y; y <= data_.max_y; ++y)
            for (std::int64_t x = data_.min_x; x <= data_.max_x; ++x) {
                const auto at =
                    static_cast<std::size_t>((y - data_.min_y) * data_.width() + x - data_.min_x);
                if (x >= display.min_x && x <= display.max_x && y >= display.min_y &&
                    y <= display.max_y) {
                    put_pixel(static_cast<int>(x - display.min_x),
                              static_cast<int>(y - display.min_y), at, planes);
                } else if (overscan && x >= old.min_x && x <= old.max_x && y >= old.min_y &&
                           y <= old.max_y)
                    for (std::size_t c = 0; c < channels; ++c) {
                        const std::size_t n = exr_sample_bytes(planes_[c].type);
                        std::memcpy(planes[c] + at * n, overscan, n);
                        overscan += n;
                    }
            }
    }

    void put_pixel(int x, int y, std::size_t at, const std::vector<std::byte*>& planes) {
        const float* p = pixels_.pixel<float>(x, y);
        const bool has_alpha = pixels_.format.has_alpha();
        const auto colors = static_cast<std::size_t>(pixels_.format.color_channels());
        const float alpha = has_alpha ? p[colors] : 1;
        const std::uint32_t number =
            static_cast<std::uint32_t>(y) * static_cast<std::uint32_t>(pixels_.size.width) +
            static_cast<std::uint32_t>(x);
        const auto* exact = has_alpha ? source_.exact(number, exact_cursor_) : nullptr;
        bool untouched = exact != nullptr;
        for (std::size_t c = 0; untouched && c < colors; ++c)
            untouched = std::bit_cast<std::uint32_t>(p[c]) ==
                        std::bit_cast<std::uint32_t>(
                            exr_straight(exr_value(exact[c], planes_[c].type), alpha));
        for (std::size_t c = 0; c < colors; ++c) {
            const ExrSample type = planes_[c].type;
            put(planes[c] + at * exr_sample_bytes(type),
                untouched ? exact[c] : exr_bits(has_alpha ? exr_stored(p[c], alpha) : p[c], type),
                type);
        }
        if (has_alpha)
            put(planes[colors] + at * exr_sample_bytes(planes_[colors].type),
                exr_bits(alpha, planes_[colors].type), planes_[colors].type);
    }

    void add_others() {
        if (!source_.beside || source_.beside->map.planes.empty()) return;
        const ExrBox& old = source_.header.data;
        for (std::size_t i = 0; i < source_.layout->others.size(); ++i) {
            const ExrChannel& c =
                source_.header.channels[static_cast<std::size_t>(source_.layout->others[i])];
            const std::byte* from = source_.beside->bytes.data() + source_.beside->map.planes[i];
            if (data_ != old) from = enlarged(c, from);
            planes_.push_back({c.name, c.type, c.linear, c.x_sampling, c.y_sampling, from});
        }
    }
    const std::byte* enlarged(const ExrChannel& c, const std::byte* from) {
        const ExrBox& old = source_.header.data;
        const auto columns = [&](const ExrBox& b, std::int64_t from_x) {
            return static_cast<std::size_t>(exr_samples(from_x, b.max_x, c.x_sampling));
        };
        const auto rows = [&](const ExrBox& b, std::int64_t from_y) {
            return static_cast<std::size_t>(exr_samples(from_y, b.max_y, c.y_sampling));
        };
        const std::size_t n = exr_sample_bytes(c.type), w = columns(data_, data_.min_x),
                          old_w = columns(old, old.min_x), old_h = rows(old, old.min_y);
        const std::size_t left = w - columns(data_, old.min_x),
                          top = rows(data_, data_.min_y) - rows(data_, old.min_y);
        Bytes& plane = new_plane(w * rows(data_, data_.min_y) * n);
        for (std::size_t y = 0; y < old_h; ++y)
            std::memcpy(plane.data() + ((top + y) * w + left) * n, from + y * old_w * n, old_w * n);
        return plane.data();
    }

    Imf::FrameBuffer frame_buffer() const {
        Imf::FrameBuffer frame;
        const Imath::Box2i window(
            Imath::V2i(static_cast<int>(data_.min_x), static_cast<int>(data_.min_y)),
            Imath::V2i(static_cast<int>(data_.max_x), static_cast<int>(data_.max_y)));
        for (const Plane& p : planes_) {
            const std::size_t n = exr_sample_bytes(p.type);
            const auto columns =
                static_cast<std::size_t>(exr_samples(data_.min_x, data_.max_x, p.x_sampling));
            frame.insert(p.name, Imf::Slice::Make(library_type(p.type), p.samples, window, n,
                                                  n * columns, p.x_sampling, p.y_sampling));
        }
        return frame;
    }

    image::ImageView pixels_;
    ExrSource source_;
    std::optional<bool> half_; // asked for; absent: as the source
    ExrBox data_;
    std::vector<Plane> planes_;
    std::vector<Bytes> made_;
    std::size_t exact_cursor_ = 0;
};

} // namespace

Result<Bytes> encode_exr(image::ImageView pixels, const Metadata& metadata,
                         std::optional<bool> as_half) {
    if (pixels.format.type != image::SampleType::f32)
        return fail(ErrorCode::unsupported,
                    fmt::format("OpenEXR holds light as floats, and this picture has {}-bit "
                                "values for a screen; nothing was written. Choose TIFF or PNG, "
                                "which keep every sample.",
                                8 * image::sample_bytes(pixels.format.type)));
    try {
        if (!as_half) return Writer(pixels, metadata, as_half).write();
        Metadata other = metadata; // stored bits and channels are of the source's own depth
        other.exr_beside.reset();
        return Writer(pixels, other, as_half).write();
    } catch (const std::bad_alloc&) {
        throw; // told by encode()
    } catch (const std::exception& e) {
        return fail(
            ErrorCode::io,
            fmt::format("The OpenEXR could not be made ({}); nothing was written.", e.what()));
    }
}

} // namespace mw::codec
