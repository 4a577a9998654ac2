// Services besides OpenAI's own, by name: where they are, with which key, and as backends.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "provider/registry.h"
#include "provider/service.h"

namespace mw::provider {

// In the order they are offered.
std::vector<std::string> service_names();

// Errors: invalid_argument for an address or graph that cannot be used. A service whose address
// nobody has named is made all the same, so that its models can be looked at; it refuses to be
// asked, saying what to set.
Result<std::unique_ptr<edit::EditBackend>> make_service_backend(std::string_view name,
                                                                const BackendOptions& options);

// Of those that speak like OpenAI ("azure", "compatible"). Errors: not_found without an address;
// invalid_argument.
bool speaks_like_openai(std::string_view name);
Result<OpenAiParams> params_like_openai(std::string_view name, const BackendOptions& options);

// recover_entry (registry.h) of the services that are not spoken to as OpenAI is.
Result<edit::EditResult> recover_service_entry(const BackendOptions& options,
                                               const JournalRecord& record, std::stop_token stop);

// How the service of that name is spoken to, for what is no edit (select_by_clicks).
Result<Service> service_named(std::string_view name, const BackendOptions& options);

} // namespace mw::provider
