// Backends by name.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edit/backend.h"

namespace mw::provider {

// In the order they are offered; the first is the default.
std::vector<std::string> provider_names();

// Errors: invalid_argument, with the names that exist.
Result<std::unique_ptr<edit::EditBackend>> make_backend(std::string_view name);

} // namespace mw::provider
