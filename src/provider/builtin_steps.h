// What the built-in engine understood of a prompt, as parameters, and back.
#pragma once

#include <vector>

#include "edit/prompt_steps.h"
#include "inpaint/words.h"

namespace mw::provider {

std::vector<edit::PromptStep> steps_of(const inpaint::Operations& operations);

// Values are brought within their range, and to what the grammar can say (a change of 0 % becomes
// the least there is). Steps of an unknown kind, or without their parameters, are left out.
inpaint::Operations operations_of(const std::vector<edit::PromptStep>& steps);

} // namespace mw::provider
