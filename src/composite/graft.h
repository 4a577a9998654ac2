// How an answer is grafted: registered, colour-matched, faded in inside the artist's mask, and
// proved to touch nothing else.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "edit/backend.h"
#include "image/color_space.h"
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

// How the answer sits on what was sent: crop pixel p shows answer pixel c + M (p - c) + (dx, dy), c
// the crop's centre, at the crop's scale; M = {xx, xy; yx, yy}. Applied only when pixels of the
// ring that were held back from the fit agree that it helps. Beyond 8 px or 2 % it is not applied
// but `asks`: the numbers stand, and GraftParams::accept_large_move applies them.
struct Registration {
    double dx = 0, dy = 0; // pixels of the crop
    double xx = 1, xy = 0, yx = 0, yy = 1;
    double scale = 1, rotation_degrees = 0; // of M, for people; counter-clockwise
    // RMS of luma on the held-back pixels with detail, the worst 40 % left out, brightness drift
    // taken out, 0 .. 255 levels.
    double residual_before = 0, residual_after = 0;
    bool applied = false;
    bool asks = false;
    std::string reason; // why not applied, when not
};

// source = a curve of the answer for each channel, fitted on the ring of context, the mask truly
// excluded; monotone, and bounded where the ring shows no colours. Encoded display values.
struct ColorMatch {
    bool applied = false;
    // 0 .. 255 levels at the answer's 0, 16, 32 .. 240, 255.
    std::array<std::array<float, 17>, 3> curve{};
    // What a person reads of it: slope and offset (levels) at mid grey.
    std::array<double, 3> gain{1, 1, 1}, offset{0, 0, 0};
    // Mean CIEDE2000 of the means of 8x8 blocks of the ring that were held back from the fit, each
    // counted as 10 at most, so that repainted parts do not drown the rest.
    double delta_e_before = 0, delta_e_after = 0;
    std::string reason;
};

// What remained at the seam after the colour match, taken up by a smooth membrane (Perez 2003).
struct Membrane {
    bool applied = false;
    double mean_levels = 0, most_levels = 0; // of the correction under the mask, 0 .. 255
    std::string reason;
};

// Noise added where the answer is smoother than the picture around it.
struct Grain {
    bool applied = false;
    double sigma_source = 0, sigma_answer = 0; // levels of 0 .. 255, flat parts only
    std::string reason;
};

// Did the model leave alone what it was told to leave alone?
struct Respect {
    enum class Verdict : std::uint8_t {
        unknown,  // no context to judge by
        kept,     // as sent but for small drift
        redrawn,  // parts outside the mask are other than sent
        ignored,  // outside changed as much as inside: the mask may have been dropped on the way
        unrelated // nothing of what was sent is recognisable
    };
    Verdict verdict = Verdict::unknown;
    double mean_delta_e = 0;  // of the raw answer outside the mask, after registration and colour
    double changed_share = 0; // 0 .. 1 of the context whose 8x8 means differ by more than 5
    std::string text;         // a sentence for people
};

// How far what the answer draws goes on beyond the mask, in picture pixels to each side; 0: nothing
// is cut off.
struct CutOff {
    int left = 0, above = 0, right = 0, below = 0;
    int most() const { return std::max({left, above, right, below}); }
    std::string
        text; // "the new object wants 14 px more to the left"; empty when nothing is cut off
};

enum class SeamKind : std::uint8_t {
    fade,    // an even fade inside the mask's edge
    fitting, // a path of least difference inside the mask's edge, a fade of 4 px along it
};

struct SeamParams {
    SeamKind kind = SeamKind::fade;
    // Width of the fade in image pixels, inside the mask, limited to a third of the local
    // thickness. Absent: 8 px. 0: the mask's own edge alone. Of a fitting seam how deep it may run,
    // limited likewise; absent: 24 px, under 3 as a fade.
    std::optional<double> feather_px;
    // Lets the fade reach outward by so many pixels, so that it begins there and ends where it did:
    // the declared region grows by as much (a disc), and the proof speaks of what lies outside
    // that. 0 .. 256.
    double reach_out_px = 0;
    bool operator==(const SeamParams&) const = default;
};

struct GraftParams {
    bool do_register = true;
    bool accept_large_move = false; // the answer to Registration::asks
    bool match_color = true;
    bool membrane = true;
    // Where the answer shows no more difference than it does where it was told to keep, it changed
    // nothing, and the source's own samples stay.
    bool keep_unchanged = true;
    bool grain = true;
    // The answer is not looked at, nor any setting here but `prove`: every pixel with any coverage,
    // wherever the crop ends, becomes a smooth continuation of those without (alpha too;
    // image::continue_smoothly), so that nothing of what was there has a say in what is.
    bool redact = false;
    bool dither = true; // of integer samples deeper than the answer's 8 bits, or in another space
    // Off for previews: the counts and hashes of the report stay empty.
    bool prove = true;
    SeamParams seam;
    bool operator==(const GraftParams&) const = default;
};

// The settings for an answer that wants to be laid so.
GraftParams laid(GraftParams params, edit::Laying how);

struct GraftReport {
    std::int64_t changed_outside_mask =
        0; // samples that differ outside the declared region; counted, not assumed
    std::int64_t changed_inside_mask = 0;
    std::string outside_sha256;        // of the samples outside it, row by row, from the result
    std::string outside_sha256_before; // the same of the source; equal when the promise holds
    Rect declared; // bounds of the declared region: the mask's, grown by seam.reach_out_px
    Registration registration;
    ColorMatch color_match;
    Membrane membrane;
    Grain grain;
    Respect respect;
    CutOff cut_off;
    double kept_share = 0;      // 0 .. 1 of the declared region where the source's own samples stay
    double seam_visibility = 0; // mean CIEDE2000 step across the seam beyond the source's own, >= 0
    double answer_outside_mean_abs =
        0; // how far the answer itself strayed outside the mask, 0 .. 255 levels
    // By phase: prepare, register, match_color, membrane, grain, blend, judge, prove. What was kept
    // from an earlier run costs nothing.
    std::map<std::string, double> seconds;
    std::vector<std::string> notes;
    // Of several answers, one for each part of the mask: each one's own (without counts and
    // hashes). Above stand those of the largest part. Empty for one answer.
    std::vector<GraftReport> parts;
};

struct Graft {
    Patch patch;
    GraftReport report;
};

// One answer and the part of the mask it is for. `answer` is the model's picture for plan.crop, of
// any size, encoded sRGB as u8, u16 or f32.
struct GraftPart {
    image::ImageRef answer;
    mask::Mask mask;
    edit::CropPlan plan;
};

// Grafts answers again and again with other settings; what does not depend on the settings is kept
// between: after the first run the seam's settings cost some 20 ms for a crop of 1 MP on one core,
// the proof as much as hashing the rows of the declared region. One thread at a time. Holds up to
// 60 bytes for each pixel of the mask's bounds and what is around them.
class Grafter {
  public:
    // Errors: invalid_argument (no part, a mask of another size, empty mask, a crop beside the
    // mask, an answer of another shape), corrupt (an answer with no pixels, or of one), too_large.
    static Result<Grafter> create(image::ImageRef source, std::vector<GraftPart> parts,
                                  image::DisplayTransform view = {});
    Grafter(Grafter&&) noexcept;
    Grafter& operator=(Grafter&&) noexcept;
    ~Grafter();

    // One patch over the bounds of all parts, laid in order: each is fitted to the source as it was
    // sent, and blended with what those before it left. Islands far apart make a patch as large as
    // what lies between them, in the source's own samples. cancelled soon after stop.
    Result<Graft> run(const GraftParams& params, std::stop_token stop = {});

  private:
    struct Impl;
    explicit Grafter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// One answer, once. It is resampled to the crop when its size is another (noted), never stretched
// by more than 2 %. Blended on encoded display values (`view`), brought back into the source's own
// depth and space; the source's alpha is kept as it is, and where the answer is transparent the
// source shows. A source deeper than the answer keeps its samples where the answer shows them to
// half a level of 8 bits, and those beyond white where the answer is white too (noted, with
// counts). An answer of one colour or of another picture is grafted all the same: see
// report.respect before it is believed. patch.rect is the declared region's bounds within picture
// and crop. Errors as Grafter::create.
Result<Graft> graft(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const GraftParams& params = {},
                    const image::DisplayTransform& view = {});

// The source with the patch laid over it.
image::Image apply(image::ImageView source, const Patch& patch);
// The same in place; an empty patch changes nothing.
void lay(image::ImageSpan picture, const Patch& patch);

// Weight of the answer for each pixel of `window`, 0 .. 255 as kGray8: the artist's coverage times
// an inward fade; 0 exactly where the mask is 0, and thin strokes keep full weight along their
// middle. kind and reach_out_px have no say here.
image::Image seam_weights(const mask::Mask& mask, const Rect& window, const SeamParams& params);

} // namespace mw::composite
