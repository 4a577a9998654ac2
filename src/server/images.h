// POST /v1/images/edits and /v1/images/generations.
#pragma once

#include "server/engine.h"
#include "server/reply.h"

namespace mw::server {

// Answers with JSON, or with events when the call streams: partial pictures, then one "completed"
// for each picture. The engine works on the connection's thread and stops when the client leaves.
Reply answer_images(ImageCall call, const std::vector<Fault>& faults, const Incoming& incoming,
                    Gate& gate);

// Enters the gate, makes the pictures, leaves.
ApiResult<Made> make_in_turn(const ImageCall& call, const std::vector<Fault>& faults, Gate& gate,
                             const OnPartial& on_partial, const std::function<bool()>& gone,
                             const std::stop_token& stop);
Json json_of(const Usage& usage);
std::string dump(const Json& json); // never throws: bad UTF-8 becomes U+FFFD

} // namespace mw::server
