// Exemplar-based fill: the hole is rebuilt from patches found elsewhere in the picture, coarse to
// fine, by alternating nearest-neighbour search (PatchMatch; Barnes et al. 2009) and voting
// (Wexler, Shechtman, Irani 2007). It is begun from translations that continue what surrounds the
// hole (boards, bricks; He & Sun 2012; Pritch et al. 2009) and without, and the one that hangs
// together better is gone on with; straight lines that come out of the hole again run through it.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "base/result.h"
#include "image/image.h"
#include "mask/mask.h"

namespace mw::inpaint {

struct FillParams {
    int patch_side = 7;         // odd, 3 .. 15; the two finest scales have patches up to 15
    int iterations = 5;         // EM rounds at the finest scales; more at coarse ones
    std::uint64_t seed = 1;     // same seed, same bytes, any number of threads
    image::ImageView barred{};  // kGray8 of the picture's size: where it is above 0 nothing is
                                // copied from, as from the hole; empty: it may be from anywhere
    int max_search_side = 2048; // where more than this is worked on, the whole of it is searched at
                                // this size and what was found is refined locally
};

// 0 .. 1, monotonic; called on the calling thread.
using ProgressFunction = std::function<void(double)>;
// `picture` as 8 bit RGB(A) with the hole as far as it is: once for each scale, coarse to fine.
// Called on the calling thread.
using PreviewFunction = std::function<void(image::Image)>;

// `picture` with every pixel whose coverage is above 0 replaced (u8, u16 or f32, 1..4 channels; the
// result has the same format; other pixels are copied bit for bit; alpha is filled too). `coverage`
// is kGray8 of the same size; one without any hole gives a copy. Patches are looked for near
// the hole, a quarter of its longer side around its bounds; as far as one and a half times that
// side where translations of there continue it better. Where no patch fits (tiny pictures, hole
// everywhere but in single pixels) the hole is filled smoothly. So is one that is barred from all
// around it. Errors: invalid_argument when there is nothing to copy from (a mask over everything),
// sizes differ or a parameter is out of its range; cancelled within 100 ms of stop.
Result<image::Image> fill(image::ImageView picture, image::ImageView coverage,
                          const FillParams& params, const ProgressFunction& progress,
                          std::stop_token stop, const PreviewFunction& preview = {});

} // namespace mw::inpaint
