// A picture of a document as the bytes of a PNG, for whoever outside wants it.
#pragma once

#include "desktop/clipboard.h"
#include "session/state.h"

namespace mw::app {

// What it needs is frozen here; the function may run on any thread. `region`: what the mask covers,
// with the mask as its alpha; else the whole picture. The file has the picture's own samples, 8 or
// 16 bit (floats become 16 bit, said), and its profile, but nothing of where and by whom.
desktop::Clipboard::Encode png_of(const session::SessionView& view, project::IterationId id,
                                  bool region);

} // namespace mw::app
