// A picture for those who ask the rehearsal server for one from nothing: the built-in engine cannot
// invent, so it is a card that says so.
#pragma once

#include <string_view>

#include "image/image.h"

namespace mw::server {

// kRgba8: a gradient of the colours that the prompt names (or of two that its letters give), a
// grain, the prompt's words and the line "rehearsal card". The same prompt, seed and size give the
// same bits. Transparent beyond the card's round corners when asked. Characters beyond ASCII become
// '?'.
image::Image draw_card(std::string_view prompt, Size size, std::uint64_t seed, bool transparent);

} // namespace mw::server
