#include "provider/registry.h"

#include <fmt/format.h>

#include <charconv>

#include "provider/builtin_backend.h"
#include "provider/learned_backend.h"
#include "provider/proxy.h"
#include "provider/services.h"

namespace mw::provider {
namespace {

constexpr std::string_view kOpenAi = "openai", kResponses = "openai-responses", kLearned = "onnx";

std::filesystem::path fill_model(const BackendOptions& options) {
    if (!options.model_file.empty()) return options.model_file;
    return environment_variable("MASKWRIGHT_FILL_MODEL").value_or("");
}

} // namespace

Result<CallSetup> call_setup(const BackendOptions& options) {
    CallSetup setup;
    const auto state = options.state_folder.empty() ? state_folder() : options.state_folder;
    if (state.empty())
        return fail(ErrorCode::invalid_argument,
                    "Neither HOME nor XDG_STATE_HOME is set, so there is no place to write down "
                    "what is sent and paid; nothing is sent without it.");
    setup.journal = journal_folder(state);
    setup.ledger = ledger_folder(state);
    setup.day_budget = options.day_budget;
    if (const auto text = environment_variable("MASKWRIGHT_DAY_BUDGET");
        text && !text->empty() && !setup.day_budget) {
        double usd = 0;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), usd);
        if (error != std::errc() || end != text->data() + text->size() || !(usd >= 0))
            return fail(ErrorCode::invalid_argument,
                        "MASKWRIGHT_DAY_BUDGET is no amount of USD, as 2.50; nothing is sent until "
                        "it is one.");
        setup.day_budget = usd;
    }
    if (options.limits) setup.limits = *options.limits;
    setup.limits.ca_file = options.ca_file;
    if (const auto file = environment_variable("MASKWRIGHT_CA_FILE");
        file && !file->empty() && setup.limits.ca_file.empty())
        setup.limits.ca_file = *file;
    return setup;
}

std::filesystem::path journal_folder(const std::filesystem::path& state) {
    return state / "journal";
}
std::filesystem::path ledger_folder(const std::filesystem::path& state) {
    return state / "ledger";
}

std::vector<std::string> provider_names() {
    std::vector<std::string> names{"builtin", std::string(kOpenAi), std::string(kResponses)};
    for (std::string& name : service_names())
        names.push_back(std::move(name));
    if (!fill_model({}).empty()) names.emplace_back(kLearned);
    return names;
}

Result<OpenAiParams> openai_params(std::string_view name, const BackendOptions& options) {
    if (speaks_like_openai(name)) return params_like_openai(name, options);
    auto data = load_model_data();
    if (!data) return tl::unexpected(data.error());
    const ProviderFacts* facts = data->find(kOpenAi);
    if (!facts) return fail(ErrorCode::corrupt, "The table of models says nothing of openai.");
    OpenAiParams params;
    params.facts = *facts;
    params.facts.name = std::string(name);
    params.responses = name == kResponses;
    params.key_variables = facts->key_variables;
    std::string address = facts->base_url;
    for (const std::string& variable : facts->base_url_variables)
        if (const auto value = environment_variable(variable.c_str()); value && !value->empty())
            address = *value;
    if (!options.base_url.empty()) {
        // A key of the environment is for the address that the environment or the vendor names.
        const auto theirs = parse_url(address, PlainHttp::anywhere);
        const auto given = parse_url(options.base_url, PlainHttp::anywhere);
        if (!theirs || !given || theirs->origin() != given->origin())
            params.key_variables = {"MASKWRIGHT_API_KEY"};
        address = options.base_url;
    }
    auto base =
        parse_url(address, options.http_anywhere ? PlainHttp::anywhere : PlainHttp::loopback_only);
    if (!base) return tl::unexpected(base.error());
    params.base = std::move(*base);
    params.key_needed = !params.base.loopback();
    if (const auto value = environment_variable("OPENAI_ORG_ID"); value && !value->empty())
        params.headers.emplace_back("OpenAI-Organization", *value);
    if (const auto value = environment_variable("OPENAI_PROJECT_ID"); value && !value->empty())
        params.headers.emplace_back("OpenAI-Project", *value);
    auto setup = call_setup(options);
    if (!setup) return tl::unexpected(setup.error());
    params.calls = std::move(*setup);
    return params;
}

Result<edit::EditResult> recover_entry(const BackendOptions& options, const JournalRecord& record,
                                       std::stop_token stop) {
    const JournalRequest& request = record.request;
    if (request.kind == "gemini" || request.kind == "bfl")
        return recover_service_entry(options, record, std::move(stop));
    auto params = openai_params(request.provider, options);
    if (!params) return tl::unexpected(params.error());
    return recover_answer(*params, record, std::move(stop));
}

Result<std::unique_ptr<edit::EditBackend>> make_backend(std::string_view name,
                                                        const BackendOptions& options) {
    if (name == "builtin") return make_builtin_backend();
    if (name == kLearned) return make_learned_backend(fill_model(options));
    if (name == kOpenAi || name == kResponses) {
        auto params = openai_params(name, options);
        if (!params) return tl::unexpected(params.error());
        return make_openai_backend(std::move(*params));
    }
    for (const std::string& service : service_names())
        if (name == service) return make_service_backend(name, options);
    return fail(ErrorCode::invalid_argument,
                fmt::format("There is no provider \"{}\"; use one of: {}.", name.substr(0, 60),
                            fmt::join(provider_names(), ", ")));
}

} // namespace mw::provider
