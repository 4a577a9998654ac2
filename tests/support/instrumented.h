// Under a sanitizer the same code takes ten times as long: what a test repeats for the sake of its
// result is repeated less often there; what it does once is done all the same.
#pragma once

namespace mw {

#ifdef MASKWRIGHT_SANITIZED
inline constexpr bool kInstrumented = true;
#else
inline constexpr bool kInstrumented = false;
#endif

} // namespace mw
