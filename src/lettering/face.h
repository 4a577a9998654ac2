// A font file, opened. Private to the room.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/geometry.h"
#include "base/result.h"

struct hb_font_t;

namespace mw::lettering {

// Font units to pixels, y up: (a b; c d), then moved.
struct Affine {
    double a = 1, b = 0, c = 0, d = 1, dx = 0, dy = 0;
};

// Extent of ink, y up.
struct Box {
    double left = 0, bottom = 0, right = 0, top = 0;
    bool empty() const { return right <= left || top <= bottom; }
    void unite(const Box& other);
    Box moved(double x, double y) const { return {left + x, bottom + y, right + x, top + y}; }
};

// Called for each run of pixels in a row: y up from 0, coverage 0..255.
using SpanFunction = std::function<void(int y, int x, int length, unsigned char coverage)>;

// Not thread-safe: one thread at a time.
class Face {
  public:
    // `index` as fontconfig gives it: a face of a collection, above bit 16 a named instance.
    // Errors: corrupt, with `name`, for what is no font with outlines.
    static Result<Face> open(Bytes file, long index, std::string name);

    const std::string& name() const;
    double units_per_em() const;
    double line_height() const; // font units
    hb_font_t* shaper() const;  // scaled to font units
    bool has(char32_t c) const;
    // Extent of a glyph's outline, in font units; empty for a space.
    Box ink(unsigned glyph) const;
    // Fills a glyph into 0 .. size, nonzero rule, exact area coverage.
    void fill(unsigned glyph, const Affine& to_pixels, Size size, const SpanFunction& span) const;

  private:
    struct Open;
    std::shared_ptr<Open> open_;
};

} // namespace mw::lettering
