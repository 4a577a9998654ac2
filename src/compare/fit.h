// Two pictures that do not lie on each other, brought together for a comparison.
#pragma once

#include "base/result.h"
#include "image/image.h"
#include "mask/mask.h"

namespace mw::compare {

// invalid_argument, naming both sizes and the ways out, unless they are equal and not empty.
Status check_sizes(Size a, Size b);

// How pictures of two sizes are compared: B resampled to A's size; the top left part both have; or
// both on a canvas that holds either, black (and transparent, if there is alpha) where one is
// missing.
enum class Fit { scale, crop, pad };

struct Fitted {
    image::Image own_a, own_b; // empty where the picture itself serves
    image::ImageView a, b;     // of one size; into own_* or into what was given
    std::string note;          // what was done; empty for equal sizes
};
// Errors: too_large; invalid_argument when one is empty.
Result<Fitted> bring_together(image::ImageView a, image::ImageView b, Fit fit);

// B moved by whole pixels over A: the pixel B(x, y) is held against A(x + dx, y + dy). Only the
// overlap is compared.
struct Overlap {
    image::ImageView a, b; // the parts that lie on each other, of one size
    Rect in_a;             // where that is in A
};
// invalid_argument when nothing overlaps, with the largest shift that leaves something.
Result<Overlap> overlap(image::ImageView a, image::ImageView b, Point nudge);
// A mask of A's size, cut to a part of it.
mask::Mask cut(const mask::Mask& mask, const Rect& part);

} // namespace mw::compare
