// The structuring function of grow() by rows, and what it does to the pixels of single rows.
#pragma once

#include <cstdint>
#include <vector>

#include "mask/bytes32.h"
#include "mask/reach_rows.h"

namespace mw::mask {

// s(d) of refine.h at whole offsets: 0 within a chord, then a few drops below 255.
struct DiscRow {
    int flat = -1;                   // s is 0 for |dx| <= flat
    int near = 0;                    // so many of the drops are at most kNearDrop
    std::vector<std::uint8_t> drops; // s at |dx| = flat + 1, flat + 2, ...; ascending
};
inline constexpr int kNearDrop = 16;

struct Disc {
    double radius = 0;
    int reach = 0;             // the largest |dy| with an effect
    std::vector<DiscRow> rows; // by |dy|
    // Of the flat part, and of all that has an effect.
    Chords flat, any;
};
// No wider or higher than a picture of that size has a use for.
Disc make_disc(double radius, int width, int height);

// A block is so many pixels of one row.
inline constexpr int kGrowBlock = 32;

// The maxima of the runs of some rows of the picture, ready for blocks of pixels around them.
class DiscRows {
  public:
    // Of `rows` rows of at most `width` pixels.
    void start(const Disc& disc, int width, int rows);
    static std::size_t bytes_per_row(const Disc& disc, int width);
    void build(int slot, const std::uint8_t* row, int n);

    // What the row in `slot`, at the distance dy, gives to the block at x: the flat part and the
    // drops up to kNearDrop to `out`; all of the disc's row, as if it was flat, to `wide`.
    void near(int slot, int x, int dy, Bytes32& out, Bytes32& wide) const {
        const Step& s = steps_[static_cast<std::size_t>(dy)];
        const std::uint8_t* p = bytes_.data() + slot * row_bytes_ + x;
        out = larger(out, larger(Bytes32::load(p + s.flat_a), Bytes32::load(p + s.flat_b)));
        wide = larger(wide, larger(Bytes32::load(p + s.wide_a), Bytes32::load(p + s.wide_b)));
        if (s.near) drop(s, p, 0, s.near, out);
    }
    // The other drops; `row` is the block's place in the row.
    void ring(const std::uint8_t* row, int dy, Bytes32& out) const {
        const Step& s = steps_[static_cast<std::size_t>(dy)];
        drop(s, row, s.near, s.count, out);
    }

  private:
    // Of a row of the disc.
    struct Step {
        // Where the two overlapping runs of a maximum are, from a pixel of the row.
        std::ptrdiff_t flat_a, flat_b, wide_a, wide_b;
        int first;       // |dx| of the first drop
        int near, count; // of drops
        const std::uint8_t* drops;
    };
    static void drop(const Step& s, const std::uint8_t* row, int from, int until, Bytes32& out) {
        for (int i = from; i < until; ++i) {
            const Bytes32 sides =
                larger(Bytes32::load(row - s.first - i), Bytes32::load(row + s.first + i));
            out = larger(out, less(sides, Bytes32::all(s.drops[i])));
        }
    }

    std::ptrdiff_t stride_ = 0, row_bytes_ = 0;
    int levels_ = 1;
    // By row: level[k][x] is the largest of its [x, x + 2^k); then a level of zeros.
    std::vector<std::uint8_t> bytes_;
    std::vector<Step> steps_;
};

} // namespace mw::mask
