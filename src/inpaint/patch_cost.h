// Sum of squared differences of two patches of guide pixels: the innermost loop of the fill.
// Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mw::inpaint {

// a and b: first samples of the top left pixels; stride: samples from one row to the next, for
// both. Exact up to `limit`; once the sum is above it any number above it may come back. Integers
// throughout, so every instruction set decides alike.
using PatchCost = int (*)(const std::int16_t* a, const std::int16_t* b, std::ptrdiff_t stride,
                          int limit);

// The fastest this processor can do. patch_side: odd, 3 .. 15.
PatchCost patch_cost(int patch_side);
// Plain C++, the reference.
PatchCost patch_cost_portable(int patch_side);

} // namespace mw::inpaint
