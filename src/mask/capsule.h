// Painting of one piece of a stroke into a mask: spans of rows.
#pragma once

#include <cstdint>
#include <vector>

#include "mask/brush.h"
#include "mask/stroke_path.h"

namespace mw::mask {

// Coverage of a dab of `radius` as a function of the distance d to the path: a ramp from 1 at
// `outer - width` to 0 at `outer`, where width is the soft part of the radius but at least the
// pixel that antialiases; smoothstep where the ramp is soft, linear where it is the antialias.
struct Falloff {
    double outer = 0, width = 1, peak = 1;
};
Falloff falloff(double radius, double hardness);

// What paint_piece may leave out because a neighbour in the same stroke paints it.
struct Neighbours {
    const Piece* previous = nullptr; // painted; ends where this one starts
    bool next_follows = false;       // the next one, not painted yet, starts where this one ends
};

class CapsulePainter {
  public:
    CapsulePainter(Mask& mask, const Brush& brush);

    // With `remember`, the bytes overwritten are kept for roll_back().
    void paint(const Piece& piece, const Neighbours& neighbours, bool remember);
    // A dab on its own, with the exact area of the disc where its edge is hard.
    void paint_dot(const Piece& piece, bool remember);
    // Takes back, exactly, all that was painted with `remember`.
    void roll_back();
    // Restores the mask's invariant in the tiles written. To be called before others look.
    void finish();

  private:
    struct SavedSpan {
        int tx, ty;
        std::uint16_t offset, length;
    };
    struct Run {
        int begin = 0, end = 0;
        bool empty() const { return begin >= end; }
    };
    void begin_band(int ty);
    std::uint8_t* tile(int tx);
    void fill(int y, Run run, bool remember);
    template <class Evaluate>
    void blend(int y, Run run, bool remember, Evaluate evaluate);
    void save(int tx, int offset, const std::uint8_t* bytes, int length);

    Mask* mask_;
    Brush brush_;
    std::uint8_t full_value_;
    std::vector<Run> solid_; // per row: where the settled stroke has its full value already
    // The row of tiles being painted.
    int band_ = -1;
    std::vector<std::uint8_t*> band_tiles_;
    std::vector<std::uint8_t> band_known_;
    std::vector<Point> touched_;
    std::vector<SavedSpan> saved_;
    std::vector<std::uint8_t> saved_bytes_;
};

} // namespace mw::mask
