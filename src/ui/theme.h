// Dear ImGui's style in our palette and rhythm.
#pragma once

#include "ui/palette.h"

namespace mw::ui {

// Sets the current context's style for `scale` (window coordinates per design pixel) and the
// behaviour we want of its input: no blinking cursor, no windows moved by accident.
void apply_theme(float scale, Theme theme);

} // namespace mw::ui
