// The bar over the canvas while a comparison is on it: the ways to compare, the two sides, and what
// the chosen way can be set to.
#pragma once

#include "session/action.h"

namespace mw::ui {

// At the lower edge of `canvas`, window coordinates. Nothing without a comparison.
void draw_compare_bar(const session::SessionView& view, const Rect& canvas, session::Actions& out);

// Why there is nothing on the canvas to compare: a sentence.
std::string nothing_to_compare(const session::SessionView& view);

} // namespace mw::ui
