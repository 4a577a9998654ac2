#include "mask/grow_blocks.h"

#include <algorithm>
#include <cstring>

#include "mask/bytes32.h"

namespace mw::mask {
namespace {

// Which of at most 64 equal parts of a row have coverage. A part is a power of two of pixels, at
// least 4; rows are whole parts.
struct Occupancy {
    int shift = 2;
    explicit Occupancy(int width) {
        while ((width >> shift) >= 64)
            ++shift;
    }
    // The parts that hold [begin, last].
    std::uint64_t parts(int begin, int last) const {
        const int a = begin >> shift, b = last >> shift;
        return (~std::uint64_t{0} >> (63 - (b - a))) << a;
    }
    std::uint64_t of(const std::uint8_t* row, int width) const {
        std::uint64_t found = 0;
        int x = 0, i = 0;
#if defined(__SSE2__)
        if (shift == 2) // 16 pixels at a time
            for (; x + 16 <= width; x += 16, i += 4) {
                const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(row + x));
                const __m128i none = _mm_cmpeq_epi32(v, _mm_setzero_si128());
                const int zeros = _mm_movemask_ps(_mm_castsi128_ps(none));
                found |= static_cast<std::uint64_t>(~zeros & 15) << i;
            }
#endif
        for (; x < width; ++i) {
            std::uint32_t any = 0;
            for (const int end = x + (1 << shift); x < end; x += 4) {
                std::uint32_t word;
                std::memcpy(&word, row + x, 4);
                any |= word;
            }
            found |= std::uint64_t{any != 0} << i;
        }
        return found;
    }
};

// The rows of the mask around some blocks.
class Window {
  public:
    Window(const Mask& mask, const Rect& rect) : mask_(mask), rect_(rect) {}
    const std::uint8_t* row(int y) {
        // At once where that is not much.
        const int rows = std::max(kTileSide, (1 << 20) / rect_.width);
        if (top_ < 0 || y < top_ || y >= top_ + rows) {
            top_ = y;
            band_ =
                mask_.read({rect_.x, rect_.y + y, rect_.width, std::min(rows, rect_.height - y)});
        }
        return band_.view().row<std::uint8_t>(y - top_);
    }

  private:
    const Mask& mask_;
    Rect rect_;
    int top_ = -1;
    image::Image band_;
};

// The drops that stay below what the pixels have from the flat part need not be looked at. What
// they can give is at least this much less than the maximum over the whole disc.
bool ring_matters(const Bytes32& out, const Bytes32& wide) {
    return !less(less(wide, Bytes32::all(kNearDrop + 1)), out).zero();
}

} // namespace

void grow_blocks(const Mask& mask, const Disc& disc, const Rect& tile,
                 const std::vector<GrowBlock>& blocks, GrowScratch& scratch, MaskTile& out) {
    int left = kTileSide, right = 0;
    for (const GrowBlock& b : blocks) {
        left = std::min<int>(left, b.x);
        right = std::max<int>(right, b.x + kGrowBlock);
    }
    const int widest = disc.any.front();
    // Beyond the picture is 0 and changes nothing.
    const int top = std::max(0, tile.y + blocks.front().y - disc.reach),
              bottom = std::min(mask.size().height, tile.y + blocks.back().y + disc.reach + 1);
    const Occupancy occupancy(right - left + 2 * widest);
    const int part = 1 << occupancy.shift;
    const int width = (right - left + 2 * widest + part - 1) / part * part;
    const int rows = bottom - top, origin = widest - left; // of the tile's columns in the window
    Window window(mask, {tile.x - origin, top, width, rows});

    // Empty rows at both ends.
    scratch.occupied.assign(static_cast<std::size_t>(rows + 2 * disc.reach), 0);
    std::uint64_t* const occupied = scratch.occupied.data() + disc.reach;
    for (int y = 0; y < rows; ++y)
        occupied[y] = occupancy.of(window.row(y), width);
    // Calls act(y, dy) for the rows in [from, until) with coverage in sight of a block.
    const auto rows_of = [&](const GrowBlock& b, int from, int until, auto&& act) {
        const int middle = tile.y + b.y - top, begin = origin + b.begin, last = origin + b.end - 1;
        const int end = std::min(until, middle + disc.reach + 1);
        for (int y = std::max(from, middle - disc.reach); y < end; ++y) {
            if (!occupied[y]) continue;
            const int dy = std::abs(y - middle), reach = disc.any[static_cast<std::size_t>(dy)];
            if (occupied[y] & occupancy.parts(begin - reach, last + reach)) act(y, dy);
        }
    };

    // As many rows at a time as stay in the cache.
    const auto row_bytes = DiscRows::bytes_per_row(disc, width);
    const int slots =
        std::min(rows, std::max(16, static_cast<int>((std::size_t{1} << 20) / row_bytes)));
    scratch.rows.start(disc, width, slots);
    scratch.wide.assign(blocks.size() * kGrowBlock, 0);
    const auto place_of = [&](const GrowBlock& b) {
        return out.coverage.data() + b.y * kTileSide + b.x;
    };
    for (int from = 0; from < rows; from += slots) {
        const int until = std::min(rows, from + slots);
        for (int y = from; y < until; ++y)
            if (occupied[y]) scratch.rows.build(y - from, window.row(y), width);
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const GrowBlock& b = blocks[i];
            std::uint8_t* const wide_place = scratch.wide.data() + i * kGrowBlock;
            Bytes32 mine = Bytes32::load(place_of(b)), wide = Bytes32::load(wide_place);
            rows_of(b, from, until, [&](int y, int dy) {
                scratch.rows.near(y - from, origin + b.x, dy, mine, wide);
            });
            mine.store(place_of(b));
            wide.store(wide_place);
        }
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const GrowBlock& b = blocks[i];
        Bytes32 mine = Bytes32::load(place_of(b));
        if (!ring_matters(mine, Bytes32::load(scratch.wide.data() + i * kGrowBlock))) continue;
        rows_of(b, 0, rows,
                [&](int y, int dy) { scratch.rows.ring(window.row(y) + origin + b.x, dy, mine); });
        mine.store(place_of(b));
    }
}

} // namespace mw::mask
