// Rows of opaque 8-bit colours, judged by their difference in YIQ. Private to the room.
#pragma once

#include <cstdint>

namespace mw::compare {

// 0.5053 Y^2 + 0.299 I^2 + 0.1957 Q^2 of a difference in levels of 255; the largest there is.
inline constexpr double kLargestYiq = 35215;

// out[i] = 1 where the difference is over `limit`, else 0; gives how many. Pixels of 3 or 4 bytes,
// the fourth left alone. The weights are rounded to 1 / 32768; the same everywhere.
int judge_yiq_row(const std::uint8_t* a, const std::uint8_t* b, int channels, int count,
                  float limit, std::uint8_t* out);

// RGB of a faint grey: a tenth of the luma over white.
void faint_rgb_row(const std::uint8_t* a, int channels, int count, std::uint8_t* rgb);

} // namespace mw::compare
