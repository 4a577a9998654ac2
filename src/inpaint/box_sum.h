// Sums over square windows. Internal to the room.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "base/geometry.h"

namespace mw::inpaint {

// The sum of a row-major plane over the window of `radius` around each pixel, clipped at the
// borders: running sums along the rows, then down strips of columns. Without sense when stopped.
std::vector<std::int32_t> box_sum(Size size, const std::vector<std::int32_t>& plane, int radius,
                                  const std::stop_token& stop);

} // namespace mw::inpaint
