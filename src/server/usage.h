// What a call would have been billed for, in tokens, so that a client's sums can be rehearsed.
#pragma once

#include "server/engine.h"

namespace mw::server {

// Quality auto counts as medium; each partial picture costs 100 output tokens more.
Usage usage_of(const ImageCall& call, Size size, const std::vector<Size>& inputs);

} // namespace mw::server
