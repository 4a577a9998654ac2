// Painting the pieces of a stroke into a mask.
#pragma once

#include <cstdint>
#include <vector>

#include "mask/brush.h"
#include "mask/capsule_rows.h"
#include "mask/stroke_path.h"

namespace mw::mask {

// Coverage of a dab of `radius` as a function of the distance d to the path: a ramp from 1 at
// `outer - width` to 0 at `outer`, where width is the soft part of the radius but at least the
// pixel that antialiases; smoothstep where the ramp is soft, linear where it is the antialias.
struct Falloff {
    double outer = 0, width = 1, peak = 1;
};
Falloff falloff(double radius, double hardness);

// Writes max(mask, stroke), or min(mask, 255 - stroke) when erasing; with a limit, no more of the
// stroke than that mask has. All can be repeated without harm, so a piece may paint any pixel
// twice, and only where it must: beside itself, and where it bends away from the piece before.
class CapsulePainter {
  public:
    // `mask` and `limit` (null: none; of the mask's size) must stay where they are.
    CapsulePainter(Mask& mask, const Brush& brush, const Mask* limit);

    // Paints what the stretch adds to a stroke whose last piece so far is `before` (null: none).
    // Its round end is painted only with `end_cap`. With `remember`, the bytes overwritten are kept
    // for roll_back().
    void paint(const Stretch& stretch, const Piece* before, bool end_cap, bool remember);
    // A dab on its own, with the exact area of the disc where its edge is hard.
    void paint_dot(const Piece& piece, bool remember);
    // Takes back, exactly, all that was painted with `remember`.
    void roll_back();
    // Restores the mask's invariant in the tiles written. To be called before others look.
    void finish();

  private:
    // Bytes of a tile; with a length of 0 the tile as a whole, from saved_tiles_.
    struct SavedSpan {
        std::uint32_t tile;
        std::uint16_t offset, length;
    };
    struct Run {
        int begin = 0, end = 0;
        bool empty() const { return begin >= end; }
    };
    // A piece prepared for painting: x along the chord, y across it to the right.
    struct Shape {
        Piece piece;
        double dx = 1, dy = 0, length = 0;
        double taper = 0;  // radius gained per pixel along
        double margin = 0; // how far along the widest cross section tilts, at the rim
        double slope = 0;  // of the way at its ends, against the chord
        double outer = 0, full = 0;
        std::uint8_t full_value = 255;
        RunParams params{};
        // The directions in which the way begins and ends.
        PointF start() const { return {dx - slope * dy, dy + slope * dx}; }
        PointF end() const { return {dx + slope * dy, dy - slope * dx}; }
    };

    Shape shape_of(const Piece& piece) const;
    Shape prior_shape(const Piece& piece) const;
    void piece(const Shape& shape, const Shape& prior, bool joined, double core, bool remember);
    void whole(const Shape& shape, bool remember);

    // Spans, capsule_spans.cpp.
    std::uint8_t* tile(std::size_t index);
    const std::uint8_t* limit_of(std::size_t index) const;
    void save(std::size_t tile, const std::uint8_t* rows, int offset, int length);
    void fill(int y, Run run, std::uint8_t value, bool remember);
    void fill_tiles(int top, int rows, bool remember);
    void fill_core(PointF a, PointF b, double radius, std::uint8_t value, bool remember);
    void evaluate(const Shape& shape, int y, Run run, bool remember);
    void flush(const Shape& shape);
    // With `inner2` of RunParams, negative for none.
    void strip(const Shape& shape, double t0, double t1, double p0, double p1, bool remember,
               double inner2 = -1);
    void cap(const Shape& shape, PointF centre, double core, PointF ahead, double slack,
             bool remember);

    // A tile in which painting can change nothing.
    static inline std::uint8_t* const kLeave = reinterpret_cast<std::uint8_t*>(1);

    Mask* mask_;
    const Mask* limit_;
    Brush brush_;
    std::vector<Run> solid_;           // per row: where the settled stroke is at its full value
    std::vector<std::uint8_t*> tiles_; // row 0 of tiles resolved since finish()
    std::vector<std::uint32_t> touched_;
    std::vector<RunSpan> spans_; // the first ones are to be painted at the next flush()
    std::size_t span_count_ = 0;
    std::vector<SavedSpan> saved_;
    std::vector<std::uint8_t> saved_bytes_;
    std::vector<TileRef> saved_tiles_;
    std::vector<int> row_begin_, row_end_; // scratch
    Piece last_piece_;                     // of the last call of paint, and its shape
    Shape last_shape_;
};

} // namespace mw::mask
