#pragma once

namespace mw::bench {

void brush_rows();
void refine_rows();
void memory_rows();
void png_rows();

} // namespace mw::bench
