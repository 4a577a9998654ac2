#include "render/levels.h"

#include <bit>
#include <cstring>

#include "base/parallel.h"

namespace mw::render {
namespace {

using image::DisplayTransform;
using image::ImageView;

constexpr int kBlock = 256;

void premultiply(Texel* row, int count) {
    for (int i = 0; i < count; ++i) {
        const Texel p = row[i], alpha = p >> 24;
        // round(c * a / 255) for two channels at a time.
        Texel rb = (p & 0xff00ffu) * alpha + 0x800080u;
        rb = ((rb + ((rb >> 8) & 0xff00ffu)) >> 8) & 0xff00ffu;
        Texel g = ((p >> 8) & 0xffu) * alpha + 0x80u;
        g = (g + (g >> 8)) >> 8;
        row[i] = (alpha << 24) | (g << 8) | rb;
    }
}

// The same values as image::convert to u8, in loops the compiler can widen: the first look at a
// picture waits for them.
void narrow(const std::uint16_t* in, int count, std::uint8_t* out) {
    for (int i = 0; i < count; ++i)
        out[i] = static_cast<std::uint8_t>((in[i] + 128u) / 257u);
}

void narrow(const float* in, int count, std::uint8_t* out) {
    for (int i = 0; i < count; ++i) {
        const float positive = in[i] > 0.0f ? in[i] : 0.0f; // NaN is not
        out[i] = static_cast<std::uint8_t>(
            static_cast<int>((positive < 1.0f ? positive : 1.0f) * 255.0f + 0.5f));
    }
}

Texel load(const std::uint8_t* bytes) {
    Texel texel;
    std::memcpy(&texel, bytes, sizeof texel);
    return texel;
}

void widen(const std::uint8_t* s, int channels, int count, Texel* out) {
    static_assert(std::endian::native == std::endian::little);
    constexpr Texel kOpaque = 0xff000000u, kGray = 0x010101u;
    switch (channels) {
        case 1:
            for (int i = 0; i < count; ++i)
                out[i] = kOpaque | s[i] * kGray;
            return;
        case 2:
            for (int i = 0; i < count; ++i)
                out[i] = Texel{s[2 * i + 1]} << 24 | s[2 * i] * kGray;
            return;
        case 3: // a whole word each but for the last, which must not read beyond its row
            for (int i = 0; i + 1 < count; ++i)
                out[i] = kOpaque | load(s + 3 * i);
            s += 3 * (count - 1);
            out[count - 1] = kOpaque | Texel{s[2]} << 16 | Texel{s[1]} << 8 | s[0];
            return;
        default:
            std::memcpy(out, s, static_cast<std::size_t>(count) * sizeof(Texel));
    }
}

// Pixels x0 .. x1 - 1 of a row as texels; `scratch` is only memory.
void convert_row(ImageView picture, const DisplayTransform& view, int y, int x0, int x1, Texel* out,
                 std::vector<std::uint8_t>& scratch) {
    const int channels = picture.format.channels, count = x1 - x0;
    const std::ptrdiff_t first = std::ptrdiff_t{x0} * channels;
    const std::uint8_t* samples = nullptr;
    if (!view.is_identity()) {
        scratch.resize(static_cast<std::size_t>(count * channels));
        view.to_display_into(picture.sub({x0, y, count, 1}),
                             {reinterpret_cast<std::byte*>(scratch.data()),
                              {count, 1},
                              {channels, image::SampleType::u8},
                              0});
        samples = scratch.data();
    } else if (picture.format.type == image::SampleType::u8) {
        samples = picture.row<std::uint8_t>(y) + first;
    } else {
        scratch.resize(static_cast<std::size_t>(count * channels));
        if (picture.format.type == image::SampleType::u16)
            narrow(picture.row<std::uint16_t>(y) + first, count * channels, scratch.data());
        else
            narrow(picture.row<float>(y) + first, count * channels, scratch.data());
        samples = scratch.data();
    }
    widen(samples, channels, count, out);
    if (picture.format.has_alpha()) premultiply(out, count);
}

// out[i] = rounded mean of a[2i], a[2i + 1], b[2i], b[2i + 1]; two channels in one register.
void mean_row(const Texel* a, const Texel* b, int count, Texel* out) {
    constexpr Texel kMask = 0x00ff00ffu, kHalf = 0x00020002u;
    for (int i = 0; i < count; ++i) {
        const Texel p = a[2 * i], q = a[2 * i + 1], r = b[2 * i], s = b[2 * i + 1];
        const Texel low = (p & kMask) + (q & kMask) + (r & kMask) + (s & kMask) + kHalf;
        const Texel high = ((p >> 8) & kMask) + ((q >> 8) & kMask) + ((r >> 8) & kMask) +
                           ((s >> 8) & kMask) + kHalf;
        out[i] = ((low >> 2) & kMask) | (((high >> 2) & kMask) << 8);
    }
}

// Rows of any level straight from the picture. Each row of level L asks for two of level L - 1, so
// that the work stays within a few rows' cache.
class RowMaker {
  public:
    RowMaker(ImageView picture, const DisplayTransform& view, int level, int width)
        : picture_(picture), view_(view) {
        for (int l = 0; l < level; ++l) {
            const auto n = static_cast<std::size_t>(width) << (level - l);
            scratch_.push_back({std::vector<Texel>(n), std::vector<Texel>(n)});
        }
    }

    void make(int level, int y, int x0, int x1, Texel* out) {
        if (level == 0) return convert_row(picture_, view_, y, x0, x1, out, samples_);
        const Size below = level_size(picture_.size, level - 1);
        const int left = 2 * x0, right = std::min(2 * x1, below.width);
        auto& [a, b] = scratch_[static_cast<std::size_t>(level - 1)];
        make(level - 1, 2 * y, left, right, a.data());
        const bool single = 2 * y + 1 >= below.height;
        if (!single) make(level - 1, 2 * y + 1, left, right, b.data());
        const auto n = static_cast<std::size_t>(right - left);
        if (n % 2 == 1) {
            a[n] = a[n - 1];
            if (!single) b[n] = b[n - 1];
        }
        mean_row(a.data(), single ? a.data() : b.data(), x1 - x0, out);
    }

  private:
    struct Pair {
        std::vector<Texel> a, b;
    };
    ImageView picture_;
    const DisplayTransform& view_;
    std::vector<Pair> scratch_;
    std::vector<std::uint8_t> samples_;
};

// `row(y, x0, x1, out)` gives texels inside `size`; this adds the repeated edges.
template <class Row>
void read_row_clamped(Size size, const Rect& window, int y, Texel* out, Row&& row) {
    const int x0 = std::clamp(window.x, 0, size.width - 1);
    const int x1 = std::clamp(window.right(), x0 + 1, size.width);
    Texel* inner = out + (x0 - window.x);
    row(std::clamp(y, 0, size.height - 1), x0, x1, inner);
    std::fill(out, inner, *inner);
    std::fill(inner + (x1 - x0), out + window.width, inner[x1 - x0 - 1]);
}

// `stride` is in texels.
void read_direct(ImageView picture, const DisplayTransform& view, int level, const Rect& window,
                 Texel* out, std::ptrdiff_t stride) {
    const Size size = level_size(picture.size, level);
    parallel_for(window.height, std::max(8, 128 >> level), [&](int begin, int end) {
        RowMaker maker(picture, view, level, window.width);
        for (int i = begin; i < end; ++i)
            read_row_clamped(
                size, window, window.y + i, out + i * stride,
                [&](int y, int x0, int x1, Texel* to) { maker.make(level, y, x0, x1, to); });
    });
}

} // namespace

Size level_size(Size picture, int level) {
    const int round = (1 << level) - 1;
    return {(picture.width + round) >> level, (picture.height + round) >> level};
}

int last_level(Size picture) {
    int level = 0;
    while (level_size(picture, level).longer_side() > 1)
        ++level;
    return level;
}

Levels::Levels(Size picture) : picture_(picture) {}

Levels::Stored& Levels::stored(int level) {
    const auto index = static_cast<std::size_t>(level - kStoredLevel);
    while (stored_.size() <= index) {
        const Size size = level_size(picture_, kStoredLevel + static_cast<int>(stored_.size()));
        const int bx = (size.width + kBlock - 1) / kBlock, by = (size.height + kBlock - 1) / kBlock;
        stored_.push_back(
            {size, bx, std::vector<Texel>(static_cast<std::size_t>(size.area())),
             std::vector<bool>(static_cast<std::size_t>(bx) * static_cast<std::size_t>(by))});
    }
    return stored_[index];
}

bool Levels::ensure(ImageView picture, const DisplayTransform& view, int level, const Rect& wanted,
                    FrameBudget& budget) {
    Stored& s = stored(level); // makes those below as well: the calls below move nothing
    const Rect area = intersect(wanted, Rect::of(s.size));
    for (int by = area.y / kBlock; by * kBlock < area.bottom(); ++by) {
        for (int bx = area.x / kBlock; bx * kBlock < area.right(); ++bx) {
            const auto flag = static_cast<std::size_t>(by * s.blocks_x + bx);
            if (s.done[flag]) continue;
            const Rect block =
                intersect({bx * kBlock, by * kBlock, kBlock, kBlock}, Rect::of(s.size));
            Texel* out = &s.texels[static_cast<std::size_t>(block.y) *
                                       static_cast<std::size_t>(s.size.width) +
                                   static_cast<std::size_t>(block.x)];
            if (level == kStoredLevel) {
                if (budget.spent()) return false;
                read_direct(picture, view, level, block, out, s.size.width);
                budget.spend(0);
            } else {
                const Rect below{2 * block.x, 2 * block.y, 2 * block.width, 2 * block.height};
                if (!ensure(picture, view, level - 1, below, budget)) return false;
                const Stored& from = stored_[static_cast<std::size_t>(level - 1 - kStoredLevel)];
                std::vector<Texel> a(static_cast<std::size_t>(below.width)), b(a);
                for (int y = 0; y < block.height; ++y) {
                    const auto copy = [&](int fy, int x0, int x1, Texel* to) {
                        std::copy_n(&from.texels[static_cast<std::size_t>(fy) *
                                                     static_cast<std::size_t>(from.size.width) +
                                                 static_cast<std::size_t>(x0)],
                                    x1 - x0, to);
                    };
                    read_row_clamped(from.size, below, below.y + 2 * y, a.data(), copy);
                    read_row_clamped(from.size, below, below.y + 2 * y + 1, b.data(), copy);
                    mean_row(a.data(), b.data(), block.width,
                             out + std::ptrdiff_t{y} * s.size.width);
                }
            }
            s.done[flag] = true;
        }
    }
    return true;
}

bool Levels::read(ImageView picture, const DisplayTransform& view, int level, const Rect& window,
                  Texel* out, FrameBudget& budget) {
    assert(picture.size == picture_ && !window.empty());
    if (level < kStoredLevel) {
        if (budget.spent()) return false;
        read_direct(picture, view, level, window, out, window.width);
        return true;
    }
    if (!ensure(picture, view, level, window, budget)) return false;
    const Stored& s = stored(level);
    for (int i = 0; i < window.height; ++i)
        read_row_clamped(
            s.size, window, window.y + i, out + std::ptrdiff_t{i} * window.width,
            [&](int y, int x0, int x1, Texel* to) {
                std::copy_n(
                    &s.texels[static_cast<std::size_t>(y) * static_cast<std::size_t>(s.size.width) +
                              static_cast<std::size_t>(x0)],
                    x1 - x0, to);
            });
    return true;
}

std::size_t Levels::stored_bytes() const {
    std::size_t bytes = 0;
    for (const Stored& s : stored_)
        bytes += s.texels.size() * sizeof(Texel);
    return bytes;
}

void sample_points(ImageView picture, const DisplayTransform& view, int level, const Rect& window,
                   Texel* out) {
    const Size size = level_size(picture.size, level);
    const int half = (1 << level) / 2;
    const auto bytes = static_cast<std::size_t>(picture.format.bytes());
    image::Image samples({size.width, 1}, picture.format);
    std::vector<std::uint8_t> scratch;
    for (int i = 0; i < window.height; ++i)
        read_row_clamped(
            size, window, window.y + i, out + std::ptrdiff_t{i} * window.width,
            [&](int y, int x0, int x1, Texel* to) {
                const std::byte* row =
                    picture.row_bytes(std::min((y << level) + half, picture.size.height - 1));
                for (int x = x0; x < x1; ++x) {
                    const int px = std::min((x << level) + half, picture.size.width - 1);
                    std::memcpy(&samples.bytes()[static_cast<std::size_t>(x) * bytes],
                                row + static_cast<std::size_t>(px) * bytes, bytes);
                }
                convert_row(samples.view(), view, 0, x0, x1, to, scratch);
            });
}

} // namespace mw::render
