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

// How the answer sits on what was sent: crop pixel p shows answer pixel c + scale (p - c) + (dx,
// dy), c the crop's centre, at the crop's scale. Applied only when pixels of the ring that were
// held back from the fit agree that it helps; refused beyond 8 px or 2 %, and then the numbers
// stand all the same.
struct Registration {
    double dx = 0, dy = 0; // pixels of the crop
    double scale = 1;
    // RMS of luma on the held-back pixels with detail, the worst 40 % left out, brightness drift
    // taken out, 0 .. 255 levels.
    double residual_before = 0, residual_after = 0;
    bool applied = false;
    std::string reason; // why not, when not
};

// Per channel source = gain * answer + offset (levels of 0 .. 255, encoded values), fitted on the
// ring of context, the mask truly excluded. The gain stays within 0.9 .. 1.1.
struct ColorMatch {
    bool applied = false;
    std::array<double, 3> gain{1, 1, 1}, offset{0, 0, 0};
    // Mean CIEDE2000 of the means of 8x8 blocks of the ring that were held back from the fit, each
    // counted as 10 at most, so that repainted parts do not drown the rest.
    double delta_e_before = 0, delta_e_after = 0;
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
    // Off for previews: the counts and hashes of the report stay empty.
    bool prove = true;
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
// resampled to the crop when its size is another (noted), never stretched by more than 2 %. Blended
// on encoded values; the source's alpha is kept as it is, and where the answer is transparent the
// source shows. patch.rect is the mask's bounds within picture and crop. Errors: invalid_argument
// (mask of another size, empty mask, a crop beside the mask, an answer of another shape), corrupt
// (an answer with no pixels, or of one), too_large.
Result<Graft> graft(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const GraftParams& params = {});

// The source with the patch laid over it.
image::Image apply(image::ImageView source, const Patch& patch);

// Weight of the answer for each pixel of `window`, 0 .. 255 as kGray8: the artist's coverage times
// an inward fade; 0 exactly where the mask is 0, and thin strokes keep full weight along their
// middle.
image::Image seam_weights(const mask::Mask& mask, const Rect& window, const SeamParams& params);

} // namespace mw::composite
