#pragma once
#include <cstddef>
#include <span>
#include <string_view>

// Files built into the binary: shaders as "shaders/<file>", fonts as "fonts/Inter-Regular",
// "fonts/Inter-Medium", "fonts/Inter-SemiBold" (OpenType) and "fonts/Icons" (TrueType; code points
// in "embedded/icons.h").
namespace mw::embedded {

// The file's bytes; they live as long as the program. Empty for a name that is not built in.
std::span<const std::byte> find(std::string_view name);

// The same as text, not zero-terminated.
std::string_view text(std::string_view name);

} // namespace mw::embedded
