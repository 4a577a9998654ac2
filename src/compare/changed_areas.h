// What changed where nothing was asked to: connected areas, counted and outlined.
#pragma once

#include <string>
#include <vector>

#include "compare/stats.h"

namespace mw::compare {

struct ChangedArea {
    Rect bounds;
    std::int64_t pixels = 0; // that differ
    bool operator==(const ChangedArea&) const = default;
};

struct ChangedAreas {
    std::vector<ChangedArea> areas; // the largest first
    mask::Mask where;               // their pixels at 255; mask::outline() gives the outlines
    std::int64_t pixels = 0;        // of all areas
    bool complete = true;           // false: too scattered to be told apart, areas is short
};

struct ChangedAreaParams {
    double delta_e = 0; // CIEDE2000 above this is a change; 0: any sample whose bits differ is
    int average_px = 1; // colours are averaged over squares of this side first: 1, 2, 4 or 8. Grain
                        // and compression are no change, a drawn-over thing is.
    int join_px = 1;    // changes whose rows and columns are at most this apart are one area, 1..64
    std::int64_t min_area_px = 1; // smaller areas are left out
};
// For a composite: every sample counts.
ChangedAreaParams exact_change();
// For an answer against what was sent: what an eye would call a change, not grain.
ChangedAreaParams visible_change();

// Areas that differ where `asked` is 0 (null: anywhere). Errors: invalid_argument when sizes
// differ, too_large, cancelled.
Result<ChangedAreas> changed_areas(image::ImageView a, image::ImageView b, const mask::Mask* asked,
                                   const ChangedAreaParams& params, const Views& views = {},
                                   std::stop_token stop = {});

// "3 areas changed outside your mask in the raw answer; none in the composite." Either may be null,
// not both.
std::string areas_sentence(const ChangedAreas* raw_answer, const ChangedAreas* composite);

} // namespace mw::compare
