// Services for the window: backends, what the session may know of them, keys.
#pragma once

#include <string>

#include "session/session.h"

namespace mw::app {

// Backends, services and what earlier runs left over, into `params`. A provider that cannot be used
// (an address that is none) is left out, with a left-over line that says why.
void add_services(session::SessionParams& params);

// Keeps a key that was typed; what went wrong, or nothing.
std::string set_key(const std::string& provider, std::string key, bool keyring);

} // namespace mw::app
