#pragma once

namespace mw::bench {

void brush_rows();
void refine_rows();
void memory_rows();

} // namespace mw::bench
