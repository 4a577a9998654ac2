#pragma once

namespace mw::bench {

void flood_rows();
void scissors_rows();
void smart_rows();
void photo_rows(); // overlap with the masks of the shared pictures, where they are there

} // namespace mw::bench
