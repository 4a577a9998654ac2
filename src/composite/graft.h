// How an answer is grafted: registered, colour-matched, faded in inside the artist's mask, and
// proved to touch nothing else.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "edit/crop_plan.h"
#include "image/image.h"
#include "mask/mask.h"

namespace mw::composite {

// An iteration is a patch over its parent: the pixels of `rect` in the picture's own format,
// everything else is the parent's. Where the mask is 0 inside rect the patch holds the parent's own
// bits.
struct Patch {
    Rect rect;
    image::ImageRef pixels;
};

// How the answer sits on what was sent; maps crop pixels to answer pixels at the crop's scale.
struct Registration {
    double dx = 0, dy = 0; // pixels of the crop
    double scale = 1;
    double residual_before = 0, residual_after = 0; // RMS on the ring, 0 .. 255 levels
    bool applied = false;
    std::string reason; // why not, when not
};

// A per-channel gain and offset fitted on the ring of context, the mask truly excluded.
struct ColorMatch {
    bool applied = false;
    std::array<double, 3> gain{1, 1, 1}, offset{0, 0, 0};
    double delta_e_before = 0, delta_e_after = 0; // mean CIEDE2000 on the ring
    std::string reason;
};

struct SeamParams {
    // Width of the fade in image pixels, inside the mask, limited to a third of the local
    // thickness. Absent: 8 px. 0: the mask's own edge alone.
    std::optional<double> feather_px;
};

struct GraftParams {
    bool do_register = true;
    bool match_color = true;
    SeamParams seam;
};

struct GraftReport {
    std::int64_t changed_outside_mask =
        0; // samples that differ where the mask is 0; counted, not assumed
    std::int64_t changed_inside_mask = 0;
    std::string outside_sha256; // of the samples where the mask is 0, row by row, from the result
    std::string outside_sha256_before; // the same of the source; equal when the promise holds
    Registration registration;
    ColorMatch color_match;
    double answer_outside_mean_abs =
        0; // how far the answer itself strayed outside the mask, 0 .. 255 levels
    std::map<std::string, double> seconds; // by phase: register, match_color, blend, prove
    std::vector<std::string> notes;
};

struct Graft {
    Patch patch;
    GraftReport report;
};

// `answer` is the model's picture for plan.crop, of any size, format u8, u16 or f32: it is
// resampled to the crop when its size is another (noted). Errors: invalid_argument (mask of another
// size, empty mask), corrupt (an answer with no pixels).
Result<Graft> graft(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const GraftParams& params = {});

// The source with the patch laid over it.
image::Image apply(image::ImageView source, const Patch& patch);

// Weight of the answer for each pixel of `window`, 0 .. 255 as kGray8: the artist's coverage times
// an inward fade; 0 exactly where the mask is 0, and thin strokes keep full weight along their
// middle.
image::Image seam_weights(const mask::Mask& mask, const Rect& window, const SeamParams& params);

} // namespace mw::composite
