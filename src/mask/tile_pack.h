// Tiles that wait, in little memory.
#pragma once

#include <vector>

#include "mask/mask.h"

namespace mw::mask {

// The tile's bytes by runs: a byte c below 128 and c + 1 bytes as they are, or a byte of 128 and
// more, one more byte and a value to be repeated ((c - 128) * 256 + that byte + 1) times.
std::vector<std::uint8_t> packed(const MaskTile& tile);
// What packed() made.
std::shared_ptr<MaskTile> unpacked(const std::vector<std::uint8_t>& bytes);

} // namespace mw::mask
