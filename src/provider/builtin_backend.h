// The built-in engine as a backend: free, on this machine, nothing leaves it.
#pragma once

#include <memory>

#include "edit/backend.h"

namespace mw::provider {

// Provider "builtin", model "patchmatch". The prompt is parsed by inpaint::parse_prompt; check()
// refuses what it refuses (engine) and what check_request refuses. Answers are PNG of the request's
// size and channels, 8 bits a sample for 8-bit pixels, else 16: a float picture is clamped to 0..1
// there, with a note. Candidate i of a removal is filled with seed + i; any other operation has one
// result, so one answer comes back however many were asked for, with a note. Amounts in pixels are
// those of the picture, so they are scaled with plan.scale. Previews come as on_partial: the
// request's pixels with the hole as far as it is, for requests up to 8 MP.
std::unique_ptr<edit::EditBackend> make_builtin_backend();

} // namespace mw::provider
