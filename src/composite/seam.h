// Private to the room.
#pragma once

#include "composite/graft.h"

namespace mw::composite {

inline constexpr double kDefaultFeather = 8; // px

} // namespace mw::composite
