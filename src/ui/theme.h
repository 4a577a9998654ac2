// Dear ImGui's style in our palette and rhythm.
#pragma once

namespace mw::ui {

// Sets the current context's style for `scale` (window coordinates per design pixel) and the
// behaviour we want of its input: no blinking cursor, no windows moved by accident.
void apply_theme(float scale);

} // namespace mw::ui
