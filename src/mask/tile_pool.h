// Memory of tiles given back, kept for the next ones: a stroke or a blur makes and drops tiles by
// the hundred, and fresh pages cost more than what is written on them.
#pragma once

#include <memory>

#include "mask/mask.h"

namespace mw::mask {

// A tile whose bytes are not initialised. At most 8 MiB wait for reuse; any thread may call.
std::shared_ptr<MaskTile> new_tile();

} // namespace mw::mask
