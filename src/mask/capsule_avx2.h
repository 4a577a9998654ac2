// paint_spans() for processors with AVX2; there where MW_MASK_AVX2 is defined.
#pragma once

#include "mask/capsule_rows.h"

namespace mw::mask {

void paint_spans_avx2(const RunParams& params, const RunSpan* spans, std::size_t count, bool erase);

} // namespace mw::mask
