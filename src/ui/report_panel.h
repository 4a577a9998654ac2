// What is known about a graft: how it was fitted, whether the model kept to its mask, figures.
#pragma once

#include "session/action.h"

namespace mw::ui {

// The proof that nothing outside changed.
void draw_proof(const session::SessionView& view, const composite::GraftReport& proved);
// What asks for the artist: a model that did not keep to its mask, something cut off at the mask's
// edge, a move too large to be made unasked. Each with the way out. Nothing where all is well.
void draw_warnings(const session::SessionView& view, const composite::GraftReport& report,
                   session::Actions& out);
// The rest, line by line.
void draw_report(const session::SessionView& view, const composite::GraftReport& report,
                 session::Actions& out);

} // namespace mw::ui
