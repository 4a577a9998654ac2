#include "provider/registry.h"

#include <fmt/format.h>

#include "provider/builtin_backend.h"

namespace mw::provider {

std::vector<std::string> provider_names() {
    return {"builtin"};
}

Result<std::unique_ptr<edit::EditBackend>> make_backend(std::string_view name) {
    if (name == "builtin") return make_builtin_backend();
    return fail(ErrorCode::invalid_argument,
                fmt::format("There is no provider \"{}\"; use one of: {}.", name.substr(0, 60),
                            fmt::join(provider_names(), ", ")));
}

} // namespace mw::provider
