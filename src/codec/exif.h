// The one thing we need of EXIF (CIPA DC-008): the orientation in its first directory.
#pragma once

#include <span>

#include "base/file.h"

namespace mw::codec {

// 1..8; 1 when there is none, it is out of range, or the structure is broken. Reads the first
// directory only, so loops and huge counts cost nothing.
int exif_orientation(std::span<const std::byte> exif);

// Writes 1 in its place; nothing when there is none. The thumbnail is left as it is.
void reset_exif_orientation(Bytes& exif);

// Starts like a TIFF structure.
bool looks_like_exif(std::span<const std::byte> exif);

} // namespace mw::codec
