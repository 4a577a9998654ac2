// What the engine understood of the prompt, as fields beside it.
#pragma once

#include "session/action.h"

namespace mw::ui {

// A row for each step with its parameters; a change makes another prompt (SetPromptSteps). Nothing
// where the engine has no grammar, or did not understand.
void draw_prompt_steps(const session::SessionView& view, session::Actions& out);

} // namespace mw::ui
