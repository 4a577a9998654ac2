// Marks drawn over a picture that say what should happen where: arrows, circles, strokes, short
// notes. Vectors, so that they can be changed, stored and drawn at any size.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/geometry.h"

namespace mw::edit {

enum class MarkKind : std::uint8_t { arrow, ellipse, stroke, note };

struct Mark {
    int id = 0; // unique in its document, from 1
    MarkKind kind = MarkKind::arrow;
    // Image pixels. Of an arrow: where it comes from, where it points. Of an ellipse: opposite
    // corners of its bounds. Of a stroke: its way. Of a note: the top left corner of its plate.
    std::vector<PointF> points;
    std::string text;                             // of a note: one line of UTF-8
    std::array<std::uint8_t, 3> color{230, 0, 0}; // sRGB
    double width_px = 6;                          // of the line; a note's letters follow it
    bool operator==(const Mark&) const = default;
};

// The marks of a document. What is hidden is not sent.
struct Markup {
    std::vector<Mark> marks; // oldest first, drawn in this order
    bool hidden = false;
    int last_id = 0;
    bool operator==(const Markup&) const = default;
};

inline constexpr double kMinMarkWidth = 1, kMaxMarkWidth = 200; // image pixels
inline constexpr std::size_t kMostMarks = 500;
inline constexpr std::size_t kMostMarkPoints = 20'000;
inline constexpr std::size_t kMostNoteBytes = 200;

// Within the limits, numbers finite and not far beyond the picture; false: it says nothing and is
// none (no points, an arrow without length, a note without words).
bool make_sane(Mark& mark, Size picture);

// The shaft (a rectangle) and the head (a triangle) of an arrow, image pixels. Where the arrow is
// short the head is all of it.
struct ArrowShape {
    std::array<PointF, 4> shaft;
    std::array<PointF, 3> head;
};
ArrowShape arrow_shape(const Mark& arrow);

// The outline of an ellipse as a closed line, image pixels.
std::vector<PointF> ellipse_line(const Mark& ellipse);

// Of a note, image pixels: the size of its letters (of the em) and the room round them.
double letter_px(const Mark& note);
double note_margin(const Mark& note);

// Black or white, whichever is read better on the mark's colour.
std::array<std::uint8_t, 3> ink_on(const Mark& note);

// The mark moved by so much.
Mark moved(Mark mark, double dx, double dy);

// Lines of a mark that is not thin and not thick, for a picture of this size.
double usual_mark_width(Size picture);

} // namespace mw::edit
