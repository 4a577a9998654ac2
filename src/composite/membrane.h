// What remains at the seam after the colour match, taken up by a smooth membrane (Perez, Gangnet,
// Blake 2003): added to the answer it makes both sides meet. Private to the room.
#pragma once

#include "composite/blocks.h"

namespace mw::composite {

struct MembraneField {
    Membrane report;
    image::Image correction; // f32, channels of the answer, of `area`; empty unless applied
};

// For `declared` within `area` (picture pixels, within context.window). The difference at the seam
// is never taken from single pixels: it is the mean over some 20 px of the context beside it. Where
// the answer repainted the context (the difference is large, or has structure) it has no say, so
// that a real change does not bleed in, and the membrane ends freely. Applied when blocks of the
// ring, each left out in turn, are foretold by their neighbours.
MembraneField find_membrane(const Context& context, const Blocks& blocks,
                            const mask::Mask& declared, const Rect& area);

} // namespace mw::composite
