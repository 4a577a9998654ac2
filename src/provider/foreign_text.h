// Words from outside on their way to a person.
#pragma once

#include <string>
#include <string_view>

#include "provider/secret.h"

namespace mw::provider {

// What a service said, fit for a sentence of ours: one line of at most `most` characters; control
// characters, terminal escapes and bidirectional overrides become spaces, bytes that are not UTF-8
// a '?', and the key "[key]". No final stop.
std::string foreign_text(std::string_view text, const Secret& key, std::size_t most = 300);

} // namespace mw::provider
