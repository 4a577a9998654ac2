// The answer, registered and colour-matched. Private to the room.
#pragma once

#include "composite/context.h"

namespace mw::composite {

// f32 of context.window.
image::Image corrected_answer(const Context& context, const Registration& registration,
                              const ColorMatch& match);
// Its opacity, kGrayF in 0 .. 1; empty when the answer has none.
image::Image aligned_opacity(const Context& context, const Registration& registration);

} // namespace mw::composite
