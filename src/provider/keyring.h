// The desktop's keyring through libsecret's own tool, secret-tool: nothing of the desktop is
// linked, and the key goes through a pipe, never through arguments.
#pragma once

#include "base/result.h"
#include "provider/secret.h"

namespace mw::provider {

// Blocks while the desktop asks to unlock, at most a minute. Empty: none stored, no keyring.
Secret keyring_lookup(const std::string& origin);
Status keyring_store(const std::string& origin, const Secret& key);
Status keyring_clear(const std::string& origin);

} // namespace mw::provider
