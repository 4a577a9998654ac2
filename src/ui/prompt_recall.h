// Words that were asked for before, and words kept for another time.
#pragma once

#include <string>
#include <vector>

#include "session/action.h"

namespace mw::ui {

struct PromptRecallState {
    bool asked = false; // set: the list opens in the next frame
    std::string query;
    int picked = 0;
};

struct RecalledPrompt {
    enum class Kind { kept, earlier, ready };
    std::string words;
    Kind kind = Kind::earlier;
};

// Those that hold every word of `query`: kept ones first, then earlier ones, then ready words of
// the engine of this machine (where `engine`) that are neither.
std::vector<RecalledPrompt> recalled_prompts(const session::Preferences& preferences, bool engine,
                                             std::string_view query);

// A list that opens beside the panel that is being drawn. `engine`: the request goes to the engine
// of this machine.
void draw_prompt_recall(const session::SessionView& view, PromptRecallState& state, bool engine,
                        session::Actions& out);

// Keeps the words of the request for another time, or no longer.
void toggle_kept(const session::SessionView& view, session::Actions& out);
bool is_kept(const session::SessionView& view);

} // namespace mw::ui
