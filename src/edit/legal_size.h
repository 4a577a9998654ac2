// The sizes a model accepts, searched exhaustively over one side with the other in closed form.
// Private to the room.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/geometry.h"
#include "base/result.h"
#include "edit/model.h"

namespace mw::edit {

// Both ends are legal; multiples of the rules' multiple.
struct Sides {
    int low = 0, high = -1;
    bool empty() const { return high < low; }
};

// "multiples of 16, sides 256 to 3840, …": only the rules that bind.
std::string describe(const SizeRules& rules);

// invalid_argument naming the size and the first rule it breaks.
Status check_size(Size size, const SizeRules& rules);

// The heights that are legal for a width; empty when the width itself is not.
Sides legal_heights(int width, const SizeRules& rules);

// Every legal width up to `most` that has legal heights, ascending.
void for_each_legal_width(const SizeRules& rules, int most,
                          const std::function<void(int width, Sides heights)>& visit);

// The multiple next to `value`, below or above, within `range`.
int clamp_to_multiple(double value, bool up, Sides range, int multiple);

enum class Bounds { inside, anywhere };

// The legal size that holds `support` and comes closest to `wanted` (which holds support and lies
// in the picture): least padding, then least context missing, then grown as evenly as may be, then
// least area. Empty when none is as large as the support (and, for Bounds::inside, as small as the
// picture).
std::optional<Size> closest_legal_size(Size wanted, Size support, Size picture,
                                       const SizeRules& rules, Bounds bounds);

} // namespace mw::edit
