// GIF87a and GIF89a, the first picture. Ours, since stb_image's reader overruns (reliability of
// outside files) and refuses frames that stick out of the screen.
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "codec/decoder.h"

namespace mw::codec {
namespace {

constexpr int kMaxCodes = 4096;

struct Palette {
    std::array<std::array<std::uint8_t, 3>, 256> colors{};
};

struct Frame {
    Rect place;
    bool interlaced = false;
    int transparent = -1;
    Palette palette;
};

void read_palette(ByteReader& r, int entries, Palette& palette) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(entries); ++i)
        for (auto& c : palette.colors[i])
            c = r.u8();
}

void skip_blocks(ByteReader& r) {
    for (int n = r.u8(); n != 0 && r.ok(); n = r.u8())
        r.take(static_cast<std::size_t>(n));
}

// Up to the first image descriptor, which it reads.
Result<Frame> find_frame(ByteReader& r, const Palette& global, bool has_global) {
    Frame frame;
    for (;;) {
        const int tag = r.u8();
        if (!r.ok())
            return damaged("is cut off before its first picture; copy or download it again");
        if (tag == 0x3b) return damaged("is a GIF without a picture");
        if (tag == 0x21) {
            if (r.u8() == 0xf9) { // graphic control
                const ByteSpan block = r.take(r.u8());
                ByteReader b(block);
                const int flags = b.u8();
                b.skip(2);
                const int index = b.u8();
                frame.transparent = b.ok() && (flags & 1) ? index : -1;
            }
            skip_blocks(r);
            continue;
        }
        if (tag != 0x2c)
            return damaged(fmt::format("is a damaged GIF: unknown block {:#04x}", tag));
        frame.place.x = r.le16();
        frame.place.y = r.le16();
        frame.place.width = r.le16();
        frame.place.height = r.le16();
        const int flags = r.u8();
        frame.interlaced = flags & 0x40;
        frame.palette = global;
        if (flags & 0x80)
            read_palette(r, 2 << (flags & 7), frame.palette);
        else if (!has_global)
            return damaged("is a damaged GIF: it has no colours");
        if (!r.ok())
            return damaged("is cut off before its first picture; copy or download it again");
        return frame;
    }
}

// Writes colour indices row by row, in the order of the file.
class Plotter {
  public:
    Plotter(const Frame& frame, image::ImageSpan target, Point origin)
        : frame_(frame), target_(target), origin_(origin) {}

    bool full() const { return rows_ >= frame_.place.height; }
    void plot(int index) {
        if (full()) return;
        const int x = frame_.place.x + x_ - origin_.x, y = frame_.place.y + row() - origin_.y;
        if (target_.rect().contains(Point{x, y}) && index != frame_.transparent) {
            std::uint8_t* p = target_.pixel<std::uint8_t>(x, y);
            std::copy_n(frame_.palette.colors[static_cast<std::size_t>(index)].data(), 3, p);
            if (target_.format.channels == 4) p[3] = 255;
        }
        if (++x_ < frame_.place.width) return;
        x_ = 0;
        ++rows_;
    }

  private:
    int row() const {
        if (!frame_.interlaced) return rows_;
        const int h = frame_.place.height;
        int n = rows_;
        constexpr int kStart[] = {0, 4, 2, 1}, kStep[] = {8, 8, 4, 2};
        for (int pass = 0; pass < 4; ++pass) {
            const int count = (h - kStart[pass] + kStep[pass] - 1) / kStep[pass];
            if (n < count) return kStart[pass] + n * kStep[pass];
            n -= std::max(count, 0);
        }
        return h - 1;
    }

    const Frame& frame_;
    image::ImageSpan target_;
    Point origin_;
    int x_ = 0, rows_ = 0;
};

// LZW with codes of growing width (GIF89a, appendix F). False on an impossible code.
class Lzw {
  public:
    explicit Lzw(int first_bits) : first_bits_(first_bits), clear_(1 << first_bits) { reset(); }

    bool feed(ByteSpan block, Plotter& out) {
        for (const std::byte b : block) {
            bits_ |= std::to_integer<unsigned>(b) << have_;
            have_ += 8;
            while (have_ >= width_ && !ended_) {
                const int code = static_cast<int>(bits_ & ((1u << width_) - 1));
                bits_ >>= width_;
                have_ -= width_;
                if (!take(code, out)) return false;
            }
        }
        return true;
    }
    bool ended() const { return ended_; }

  private:
    void reset() {
        width_ = first_bits_ + 1;
        next_ = clear_ + 2;
        previous_ = -1;
    }
    bool take(int code, Plotter& out) {
        if (code == clear_) {
            reset();
            return true;
        }
        if (code == clear_ + 1) {
            ended_ = true;
            return true;
        }
        if (code > next_ || (code == next_ && previous_ < 0)) return false;
        const bool fresh = code == next_; // a string that ends as it begins
        const int first = first_of(fresh ? previous_ : code);
        if (previous_ >= 0 && next_ < kMaxCodes) {
            prefix_[static_cast<std::size_t>(next_)] = static_cast<std::int16_t>(previous_);
            suffix_[static_cast<std::size_t>(next_)] = static_cast<std::uint8_t>(first);
            ++next_;
            if (next_ == 1 << width_ && width_ < 12) ++width_;
        } else if (fresh)
            return false;
        emit(code, out);
        previous_ = code;
        return true;
    }
    int first_of(int code) const {
        while (code > clear_)
            code = prefix_[static_cast<std::size_t>(code)];
        return code;
    }
    void emit(int code, Plotter& out) {
        std::size_t n = 0;
        for (; code > clear_; code = prefix_[static_cast<std::size_t>(code)])
            string_[n++] = suffix_[static_cast<std::size_t>(code)];
        out.plot(code);
        while (n > 0)
            out.plot(string_[--n]);
    }

    int first_bits_, clear_, width_ = 0, next_ = 0, previous_ = -1;
    unsigned bits_ = 0;
    int have_ = 0;
    bool ended_ = false;
    std::array<std::int16_t, kMaxCodes> prefix_{}; // always a smaller code, so chains end
    std::array<std::uint8_t, kMaxCodes> suffix_{};
    std::array<std::uint8_t, kMaxCodes> string_{};
};

Status read_pixels(ByteReader& r, Plotter& plotter, Decoded& out) {
    const int bits = r.u8();
    if (bits < 1 || bits > 8) return damaged("is a damaged GIF: impossible code width");
    Lzw lzw(bits);
    for (int n = r.u8(); n != 0; n = r.u8()) {
        const ByteSpan block = r.take(std::min<std::size_t>(static_cast<std::size_t>(n), r.left()));
        if (!lzw.ended() && !plotter.full() && !lzw.feed(block, plotter))
            return damaged("is a damaged GIF: its pixel data cannot be unpacked");
        if (r.left() == 0) break;
    }
    if (plotter.full()) return {};
    if (r.left() == 0 && !lzw.ended())
        return damaged("is cut off inside its first picture; copy or download it again");
    out.warnings.emplace_back("Pixels are missing at the end of the picture.");
    return {};
}

int count_more_frames(ByteReader& r) {
    int frames = 0;
    while (r.ok() && r.left() > 0) {
        const int tag = r.u8();
        if (tag == 0x21) {
            r.u8();
            skip_blocks(r);
        } else if (tag == 0x2c) {
            ++frames;
            r.take(8);
            const int flags = r.u8();
            if (flags & 0x80) r.take(std::size_t{6} << (flags & 7));
            r.u8();
            skip_blocks(r);
        } else
            break;
    }
    return frames;
}

} // namespace

Result<Decoded> decode_gif(ByteSpan file, Canvas& canvas) {
    ByteReader r(file, 6);
    const int screen_width = r.le16(), screen_height = r.le16(), flags = r.u8();
    r.skip(2);
    Palette global;
    if (flags & 0x80) read_palette(r, 2 << (flags & 7), global);
    auto frame = find_frame(r, global, flags & 0x80);
    if (!frame) return tl::unexpected(frame.error());
    if (Status s = canvas.check(frame->place.width, frame->place.height, image::kRgba8); !s)
        return tl::unexpected(s.error());

    Decoded out;
    Rect area{0, 0, screen_width, screen_height};
    const bool sane_screen =
        !area.empty() && canvas.check(screen_width, screen_height, image::kRgba8);
    if (!sane_screen) {
        out.warnings.push_back(
            fmt::format("The screen size {} x {} makes no sense; the first frame alone is shown.",
                        screen_width, screen_height));
        area = frame->place;
    } else if (!area.contains(frame->place))
        out.warnings.emplace_back("The first frame sticks out of the screen and was cut.");
    const bool alpha = frame->transparent >= 0 || intersect(area, frame->place) != area;
    auto target = canvas.create(area.width, area.height, alpha ? image::kRgba8 : image::kRgb8);
    if (!target) return tl::unexpected(target.error());
    Plotter plotter(*frame, *target, {area.x, area.y});
    if (Status s = read_pixels(r, plotter, out); !s) return tl::unexpected(s.error());
    if (const int more = count_more_frames(r); more > 0)
        out.warnings.push_back(
            fmt::format("An animation of {} frames; the first is shown.", more + 1));
    return out;
}

} // namespace mw::codec
