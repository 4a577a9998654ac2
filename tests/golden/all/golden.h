// Small pictures kept as text (Netpbm P2 / P3) and compared with what the code makes now.
#pragma once

#include "image/image.h"

namespace mw::golden {

// Compares `actual` (kGray8 or kRgb8) with tests/golden/data/<name>.pgm or .ppm, within the
// tolerance that tests/golden/data/tolerance.txt gives the name (levels; 0 when it is not listed).
// On failure actual, expected and difference are written to golden-failures/ beside the test binary
// and named. With MASKWRIGHT_UPDATE_GOLDEN=1 the stored picture is replaced instead.
void expect_golden(const char* name, image::ImageView actual);

} // namespace mw::golden
