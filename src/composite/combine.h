// Two results in one: the region of one from here, the region of the other from there.
#pragma once

#include "composite/graft.h"

namespace mw::composite {

// One of the two: the whole picture it made, what it may have changed, and how much it covers
// there.
struct Region {
    image::ImageView picture;
    const mask::Mask* declared = nullptr; // above 0: where its samples are taken
    const mask::Mask* coverage = nullptr; // decides where both are declared
};

// The patch over `base` that holds a's own samples in a's region and b's in b's. Where both regions
// cover a pixel it is b's, unless a's coverage there is higher. No sample is mixed: each is one of
// base, a or b, bit for bit, so the seams of either stay as they were made. The proof speaks of
// what lies outside both regions; the report's notes say how much of them overlaps. Errors:
// invalid_argument (sizes or formats differ, a region is empty), cancelled.
Result<Graft> combine(image::ImageView base, const Region& a, const Region& b,
                      std::stop_token stop = {});

} // namespace mw::composite
