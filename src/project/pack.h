// Pixels, tiles and masks as the bytes a project's file holds: without loss, in the samples' own
// depth, packed by Zstandard (RFC 8878) with its checksum. What is read is hostile: every size is
// checked before memory is taken.
#pragma once

#include <span>

#include "base/file.h"
#include "image/image.h"
#include "mask/mask.h"

namespace mw::project {

// Any picture of 1 to 4 channels. Rows are differences to the left or upper neighbour where that
// packs better, the bytes of deep samples apart.
Bytes pack_image(image::ImageView pixels);
// corrupt when it is not what pack_image() made; too_large over `most_bytes` of pixels.
Result<image::Image> unpack_image(std::span<const std::byte> bytes, std::uint64_t most_bytes);

// A tile that is neither empty nor full; `inside` is how much of it lies in the mask.
Bytes pack_tile(const mask::MaskTile& tile);
Result<mask::TileRef> unpack_tile(std::span<const std::byte> bytes, Size inside);

// A whole mask; full tiles cost some bytes.
Bytes pack_mask(const mask::Mask& mask);
// Of `size`; corrupt otherwise.
Result<mask::Mask> unpack_mask(std::span<const std::byte> bytes, Size size);

// Plain packing, for texts and small records.
Bytes pack_bytes(std::span<const std::byte> bytes, int level = 1);
Result<Bytes> unpack_bytes(std::span<const std::byte> bytes, std::uint64_t most_bytes);

} // namespace mw::project
