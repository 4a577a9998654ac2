// Which part of the picture a request shows the model, and at what size.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "edit/model.h"
#include "image/image.h"
#include "image/resample.h"
#include "mask/mask.h"

namespace mw::edit {

// Far-apart islands of a mask: one request, or one for each group of them.
enum class Islands : std::uint8_t {
    automatic, // apart when the joint crop is over 4 times the sum of the single ones
    together,
    apart,
};

// How pixels go to a request's size and answers back to the crop's.
enum class Resampling : std::uint8_t {
    plain,     // Lanczos-3 both ways: projects from before there was a choice
    automatic, // edges followed where it enlarges by a quarter or more, else `lanczos`
    lanczos,   // Lanczos-3 without overshoot
    area,      // shrinks by exact means; enlarges as `lanczos`
    edges,     // enlarges along edges; shrinks as `lanczos`
};
image::Filter filter_for(Resampling how, Size from, Size to);

struct PlanParams {
    // Pixels of context around the mask's support; absent: max(64, context_share of the support's
    // longer side).
    std::optional<int> context_px;
    double context_share = 0.25; // 0 .. 8
    // The request size asked for; absent: the crop's own (1:1).
    std::optional<Size> request_size;
    int mask_grow_px = 0; // how far the sent mask is grown beyond the artist's
    // The crop the artist dragged, image pixels: taken as wanted, grown to hold the support and to
    // be legal. Only for a request in one part.
    std::optional<Rect> crop;
    // Small regions shown larger than they are, 1..8, as far as the model's cap allows with all the
    // context: a model that sees more pixels of a small thing draws more detail. A request_size
    // overrides it.
    double enlarge = 1;
    Islands islands = Islands::automatic;
    Resampling resampling = Resampling::automatic;
    bool operator==(const PlanParams&) const = default;
};

// `crop` is in image pixels, holds the whole support, and may stick out of the picture only when
// the picture is too small for any legal size that holds the support (1080 rows, all marked,
// multiples of 16); then `padded` is true and the part outside is reflected. The request is
// `request_size` pixels; `scale` = request_size / crop, 1 unless the support exceeds the model's
// cap, enlarging or another size was asked for.
struct CropPlan {
    Rect crop;
    Size request_size;
    double scale = 1;
    bool padded = false;
    Resampling resampling = Resampling::plain;
    std::vector<std::string> notes; // what a person should know: "scaled down to 0.42 because …"
    bool operator==(const CropPlan&) const = default;
};

// Support plus context (at least params.mask_grow_px of it), grown (never scaled up) until `rules`
// hold, slid inwards at the borders, reflected padding only when the picture is too small; scaled
// down only when the support itself exceeds the cap. Context gives way before any pixel is
// resampled, also that of a dragged crop. A request_size that was asked for decides the crop's
// shape, and scales up as well as down. Errors: invalid_argument for an empty mask, a mask of
// another size than the picture (both named), a request size the rules forbid, or a dragged crop
// that shows nothing of the mask.
Result<CropPlan> plan_crop(Size picture, const mask::Mask& mask, const SizeRules& rules,
                           const PlanParams& params = {});

// One request: a part of the artist's mask and the crop that shows it.
struct PlannedPart {
    mask::Mask mask;
    CropPlan plan;
};

// More requests than this are not made of one mask: each costs money.
inline constexpr int kMostParts = 8;

// The whole mask as one request or, by params.islands, one for each group of islands; largest
// first. An island is what is connected by sides or corners. automatic: all together when the joint
// crop is at most 4 times the sum of the single ones (those whose joint crop is no larger than
// their own two count as one); else the pair with the cheapest joint crop is joined again and again
// while it is at most 4 times its two; what would have to be scaled down where the single ones are
// not stays apart. apart: each its own. Either way the cheapest pairs are
// joined until kMostParts are left; of more than 64 islands near ones are taken together first.
// Every covered pixel belongs to exactly one part. Errors as plan_crop.
Result<std::vector<PlannedPart>> plan_parts(Size picture, const mask::Mask& mask,
                                            const SizeRules& rules, const PlanParams& params = {});

// The pixels of plan.crop at plan.request_size, reflected where it sticks out, in the picture's own
// format.
image::Image extract_crop(image::ImageView picture, const CropPlan& plan);

// The artist's coverage of plan.crop, 1:1, kGray8; reflected where it sticks out, as the pixels
// are.
image::Image extract_coverage(const mask::Mask& mask, const CropPlan& plan);

// The binary mask to be sent: 255 where the artist's mask, grown by params.mask_grow_px, is above 0
// anywhere within the request pixel; kGray8 of request_size. Reflected as extract_coverage.
image::Image extract_sent_mask(const mask::Mask& mask, const CropPlan& plan,
                               const PlanParams& params);

} // namespace mw::edit
