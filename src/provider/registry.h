// Backends by name.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edit/backend.h"
#include "provider/openai_backend.h"

namespace mw::provider {

// How services are spoken to. What is empty comes from the environment (the address from the
// provider's own variable, MASKWRIGHT_CA_FILE, MASKWRIGHT_DAY_BUDGET in USD), else from
// assets/models.json.
struct BackendOptions {
    std::string base_url;
    bool http_anywhere = false; // else http goes to this machine alone
    std::filesystem::path ca_file;
    std::optional<double> day_budget;   // USD
    std::filesystem::path model_file;   // of provider "onnx"; empty: MASKWRIGHT_FILL_MODEL
    std::filesystem::path state_folder; // of journal and ledger; empty: the user's
    std::optional<HttpLimits> limits;
};

// In the order they are offered; the first is the default. "onnx" only where MASKWRIGHT_FILL_MODEL
// names a file for it.
std::vector<std::string> provider_names();

// Errors: invalid_argument, with the names that exist, or with what is wrong with an address or a
// file of models.
Result<std::unique_ptr<edit::EditBackend>> make_backend(std::string_view name,
                                                        const BackendOptions& options = {});

// Of the providers that speak like OpenAI ("openai", "openai-responses", "azure", "compatible").
// Errors as make_backend.
Result<OpenAiParams> openai_params(std::string_view name, const BackendOptions& options = {});

// Asks again for the answer of an interrupted journal entry, of whichever provider: from what is on
// the disk or, where the service keeps the job (its id is in the entry), from the service it was
// sent to, and from no other. Errors: not_found when there is none that is whole, with what is
// known of it; refused when the service is at another address now.
Result<edit::EditResult> recover_entry(const BackendOptions& options, const JournalRecord& record,
                                       std::stop_token stop);

// Where calls are written down and by which limits they go. Errors: invalid_argument.
Result<CallSetup> call_setup(const BackendOptions& options);

// Where requests and what they cost are written down, below the state folder.
std::filesystem::path journal_folder(const std::filesystem::path& state);
std::filesystem::path ledger_folder(const std::filesystem::path& state);

} // namespace mw::provider
