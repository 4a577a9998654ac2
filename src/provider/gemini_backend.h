// Google's Gemini image models.
#pragma once

#include <memory>

#include "provider/paid_call.h"
#include "provider/service.h"

namespace mw::provider {

// Provider "gemini": POST /v1beta/models/MODEL:generateContent. It has no masks: the mask goes
// along as a second picture with words that explain it, and may be ignored; what is grafted keeps
// to the artist's mask all the same. Square requests only, since answers come in a few shapes. A
// blocked request is answered with status 200 and a reason: refused.
std::unique_ptr<edit::EditBackend> make_gemini_backend(ProviderFacts facts, Service service,
                                                       CallSetup setup);

} // namespace mw::provider
