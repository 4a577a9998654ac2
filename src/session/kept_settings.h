// What the window is set to, as the small text that a project keeps (Document::view_state).
#pragma once

#include <string>
#include <string_view>

#include "session/state.h"

namespace mw::session {

struct KeptSettings {
    RequestSettings request; // without its references: a request that was sent holds its own
    Tool tool = Tool::brush;
    mask::Brush brush;
    bool operator==(const KeptSettings&) const = default;
};

// JSON of some hundred bytes.
std::string to_text(const KeptSettings& settings);
// What is missing, of another kind or out of range stays as it is in `settings`, but what may be
// absent in a request is absent where the text has none; text that is no JSON changes nothing.
// Whether the model is known, and has what is asked for, is the caller's business.
void from_text(std::string_view text, KeptSettings& settings);

} // namespace mw::session
