#include "provider/services.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/file.h"
#include "provider/bfl_backend.h"
#include "provider/comfyui_backend.h"
#include "provider/gemini_backend.h"
#include "provider/iopaint_backend.h"
#include "provider/paid_answer.h"
#include "provider/proxy.h"
#include "provider/sdcpp_backend.h"
#include "provider/webui_backend.h"

namespace mw::provider {
namespace {

std::optional<std::string> value_of(const std::vector<std::string>& variables) {
    for (const std::string& variable : variables)
        if (auto value = environment_variable(variable.c_str()); value && !value->empty())
            return value;
    return std::nullopt;
}

// Stands for a service that nobody has said the address or the key of.
class Unreachable final : public edit::EditBackend {
  public:
    Unreachable(ProviderFacts facts, Error why) : facts_(std::move(facts)), why_(std::move(why)) {}
    std::string_view provider() const override { return facts_.name; }
    std::vector<edit::ModelCapabilities> models() const override {
        std::vector<edit::ModelCapabilities> all;
        for (const ModelFacts& model : facts_.models)
            all.push_back(model.capabilities);
        return all;
    }
    Status check(const std::string&, const edit::EditParams&) const override {
        return tl::unexpected(why_);
    }
    edit::CostEstimate estimate(const edit::CropPlan&, const edit::EditParams&) const override {
        return {};
    }
    Result<edit::EditResult> run(const edit::EditRequest&, const edit::EditObserver& observer,
                                 std::stop_token) override {
        if (observer.on_fate) observer.on_fate({});
        return tl::unexpected(why_);
    }

  private:
    ProviderFacts facts_;
    Error why_;
};

Error unset(const ProviderFacts& facts, const std::vector<std::string>& variables,
            std::string_view what) {
    return {ErrorCode::not_found,
            fmt::format("{}: {} is not known; nothing was sent. Set {}.", facts.label, what,
                        variables.empty() ? "--base-url" : variables.front())};
}

struct Address {
    Url base;
    std::vector<std::string> key_variables;
};
// Of the options, the environment, the table. Empty base: nobody says.
Result<std::optional<Address>> address_of(const ProviderFacts& facts,
                                          const BackendOptions& options) {
    const auto plain = options.http_anywhere ? PlainHttp::anywhere : PlainHttp::loopback_only;
    const std::string usual = value_of(facts.base_url_variables).value_or(facts.base_url);
    const std::string text = options.base_url.empty() ? usual : options.base_url;
    if (text.empty()) return std::optional<Address>();
    auto base = parse_url(text, plain);
    if (!base) return tl::unexpected(base.error());
    Address address{std::move(*base), facts.key_variables};
    if (!options.base_url.empty()) {
        // A key of the environment is for the address that the environment or the table names.
        const auto theirs = parse_url(usual, PlainHttp::anywhere);
        if (!theirs || theirs->origin() != address.base.origin())
            address.key_variables = {"MASKWRIGHT_API_KEY"};
    }
    return std::optional(std::move(address));
}

struct Header {
    std::string_view name, prefix;
    bool basic = false; // the key is "user:password"
};
Header header_of(std::string_view provider) {
    if (provider == "gemini") return {"x-goog-api-key", ""};
    if (provider == "bfl") return {"x-key", ""};
    if (provider == "a1111") return {"Authorization", "Basic ", true};
    return {"Authorization", "Bearer "};
}

std::string hint_of(std::string_view provider) {
    if (provider == "a1111") return "start it with --api, or set MASKWRIGHT_A1111_URL";
    if (provider == "comfyui") return "start it, or set MASKWRIGHT_COMFYUI_URL";
    if (provider == "iopaint") return "start it, or set MASKWRIGHT_IOPAINT_URL";
    if (provider == "sdcpp") return "start sd-server, or set MASKWRIGHT_SDCPP_URL";
    return "check the network and the address";
}

bool costs_money(std::string_view provider) {
    return provider == "gemini" || provider == "bfl";
}

Result<ProviderFacts> facts_named(std::string_view name) {
    auto data = load_model_data();
    if (!data) return tl::unexpected(data.error());
    if (const ProviderFacts* facts = data->find(name)) return *facts;
    return fail(ErrorCode::corrupt, fmt::format("The table of models says nothing of {}.", name));
}

Result<Service> service_of(const ProviderFacts& facts, const BackendOptions& options) {
    const auto address = address_of(facts, options);
    if (!address) return tl::unexpected(address.error());
    if (!*address) return tl::unexpected(unset(facts, facts.base_url_variables, "its address"));
    Service service;
    service.label = facts.label;
    service.base = (*address)->base;
    service.hint = hint_of(facts.name);
    if (options.limits) service.limits = *options.limits;
    service.limits.ca_file = options.ca_file;
    if (const auto file = environment_variable("MASKWRIGHT_CA_FILE");
        file && !file->empty() && service.limits.ca_file.empty())
        service.limits.ca_file = *file;
    const Header header = header_of(facts.name);
    service.key = {(*address)->key_variables, std::string(header.name), std::string(header.prefix),
                   header.basic, costs_money(facts.name) && !service.base.loopback()};
    if (service.key.variables.empty()) service.key.header.clear(); // programs without keys
    return service;
}

// The deployment's name stands for the model; what it can is said by AZURE_OPENAI_MODEL.
void name_deployment(ProviderFacts& facts) {
    const auto deployment = environment_variable("AZURE_OPENAI_DEPLOYMENT");
    if (!deployment || deployment->empty() || facts.models.empty()) return;
    const auto like = environment_variable("AZURE_OPENAI_MODEL");
    const ModelFacts* known = facts.find(like.value_or(*deployment));
    ModelFacts model = known ? *known : facts.models.front();
    model.capabilities.id = *deployment;
    model.capabilities.label = fmt::format("Deployment {}", *deployment);
    model.snapshots.clear();
    facts.models = {std::move(model)};
}

// What can be said of the models without knowing where they are.
Result<ProviderFacts> facts_like_openai(std::string_view name) {
    auto named = facts_named(name);
    if (!named) return named;
    ProviderFacts facts = std::move(*named);
    const bool azure = facts.name == "azure";
    if (azure) {
        auto openai = facts_named("openai");
        if (!openai) return tl::unexpected(openai.error());
        facts.models = std::move(openai->models);
        for (ModelFacts& model : facts.models) {
            model.capabilities.provider = facts.name;
            model.capabilities.experimental = true;
            model.price.reset(); // its own, and not known
            std::erase(model.fields, "responses");
            model.capabilities.converses = false;
        }
        name_deployment(facts);
    } else if (const auto id = environment_variable("MASKWRIGHT_COMPATIBLE_MODEL");
               id && !id->empty() && !facts.find(*id) && !facts.models.empty()) {
        ModelFacts model = facts.models.front();
        model.capabilities.id = model.capabilities.label = *id;
        facts.models.insert(facts.models.begin(), std::move(model));
    }
    return facts;
}

// Paths and header of Azure. With a dated AZURE_OPENAI_API_VERSION ("2025-04-01-preview") the paths
// of old, which name the deployment; else those of v1. An Entra token goes where no key is given.
Status speak_azure(OpenAiParams& params, const ProviderFacts& facts) {
    const auto set = [](const char* name) {
        const auto value = environment_variable(name);
        return value && !value->empty() ? value : std::nullopt;
    };
    const bool own_key = params.key_variables == facts.key_variables;
    if (own_key && !value_of(facts.key_variables) && set("AZURE_OPENAI_AD_TOKEN")) {
        params.key_variables = {"AZURE_OPENAI_AD_TOKEN"};
    } else {
        params.key_header = "api-key";
        params.key_prefix.clear();
    }
    if (params.base.path.find("/openai") != std::string::npos) return {};
    const std::string version = set("AZURE_OPENAI_API_VERSION").value_or("preview");
    for (const char c : version)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '.')
            return fail(ErrorCode::invalid_argument,
                        "AZURE_OPENAI_API_VERSION is no version, as 2025-04-01-preview.");
    if (!std::isdigit(static_cast<unsigned char>(version.front()))) {
        params.base = join(params.base, "/openai/v1?api-version=" + version);
        return {};
    }
    const auto deployment = set("AZURE_OPENAI_DEPLOYMENT");
    if (!deployment)
        return tl::unexpected(unset(facts, {"AZURE_OPENAI_DEPLOYMENT"}, "the deployment"));
    for (const char c : *deployment)
        if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.')
            return fail(ErrorCode::invalid_argument,
                        "AZURE_OPENAI_DEPLOYMENT has a character that no deployment's name has.");
    params.base = join(params.base,
                       fmt::format("/openai/deployments/{}?api-version={}", *deployment, version));
    return {};
}

Result<OpenAiParams> params_of(ProviderFacts facts, const BackendOptions& options) {
    const bool azure = facts.name == "azure";
    auto address = address_of(facts, options);
    if (!address) return tl::unexpected(address.error());
    if (!*address) return tl::unexpected(unset(facts, facts.base_url_variables, "its address"));
    auto calls = call_setup(options);
    if (!calls) return tl::unexpected(calls.error());
    OpenAiParams params;
    params.base = (*address)->base;
    params.key_variables = (*address)->key_variables;
    params.calls = std::move(*calls);
    params.key_needed = azure && !params.base.loopback();
    if (azure)
        if (const Status ok = speak_azure(params, facts); !ok) return tl::unexpected(ok.error());
    params.facts = std::move(facts);
    return params;
}

} // namespace

std::vector<std::string> service_names() {
    return {"azure", "compatible", "gemini", "bfl", "comfyui", "a1111", "sdcpp", "iopaint"};
}

bool speaks_like_openai(std::string_view name) {
    return name == "azure" || name == "compatible";
}

Result<OpenAiParams> params_like_openai(std::string_view name, const BackendOptions& options) {
    auto facts = facts_like_openai(name);
    if (!facts) return tl::unexpected(facts.error());
    return params_of(std::move(*facts), options);
}

Result<Service> service_named(std::string_view name, const BackendOptions& options) {
    const auto facts = facts_named(name);
    if (!facts) return tl::unexpected(facts.error());
    auto service = service_of(*facts, options);
    return service ? with_key(std::move(*service)) : std::move(service);
}

Result<edit::EditResult> recover_service_entry(const BackendOptions& options,
                                               const JournalRecord& record, std::stop_token stop) {
    auto calls = call_setup(options);
    if (!calls) return tl::unexpected(calls.error());
    auto kept = recover_paid_answer(calls->journal, record);
    if (kept) return kept;
    const JournalRequest& request = record.request;
    if (request.kind == "gemini")
        return fail(ErrorCode::not_found,
                    fmt::format("{} Gemini answers on the line it was asked on and keeps no job to "
                                "ask for again, so its fate is unknown: it may have been charged, "
                                "up to ${:.3f}.",
                                kept.error().message, request.most_usd));
    if (record.remote_job.empty()) return kept;
    auto service = service_named(request.provider, options);
    if (!service) return tl::unexpected(service.error());
    // The key goes where the request went, and nowhere else.
    if (service->base.origin() != request.origin)
        return fail(ErrorCode::refused,
                    fmt::format("The request went to {}, but {} is spoken to at {} now; name the "
                                "first with --base-url to ask it.",
                                request.origin, service->label, service->base.origin()));
    return resume_bfl_job(*service, record, std::move(stop));
}

Result<std::unique_ptr<edit::EditBackend>> make_service_backend(std::string_view name,
                                                                const BackendOptions& options) {
    if (speaks_like_openai(name)) {
        auto facts = facts_like_openai(name);
        if (!facts) return tl::unexpected(facts.error());
        auto params = params_of(*facts, options);
        if (params) return make_openai_backend(std::move(*params));
        if (params.error().code != ErrorCode::not_found) return tl::unexpected(params.error());
        return std::make_unique<Unreachable>(std::move(*facts), params.error());
    }
    auto facts = facts_named(name);
    if (!facts) return tl::unexpected(facts.error());
    auto service = service_of(*facts, options);
    if (!service) {
        if (service.error().code != ErrorCode::not_found) return tl::unexpected(service.error());
        return std::make_unique<Unreachable>(std::move(*facts), service.error());
    }
    if (name == "a1111") return make_webui_backend(std::move(*facts), std::move(*service));
    if (name == "iopaint") return make_iopaint_backend(std::move(*facts), std::move(*service));
    if (name == "sdcpp") return make_sdcpp_backend(std::move(*facts), std::move(*service));
    if (name == "comfyui") {
        std::optional<Bytes> graph;
        if (const auto path = environment_variable("MASKWRIGHT_COMFYUI_GRAPH");
            path && !path->empty()) {
            auto bytes = read_file(*path, 16u << 20);
            if (!bytes) return tl::unexpected(bytes.error());
            if (Status ok = check_comfyui_graph(*bytes); !ok)
                return fail(ok.error().code,
                            fmt::format("{}: {}", display_path(*path), ok.error().message));
            graph = std::move(*bytes);
        }
        return make_comfyui_backend(std::move(*facts), std::move(*service), std::move(graph));
    }
    auto calls = call_setup(options);
    if (!calls) return tl::unexpected(calls.error());
    if (name == "gemini")
        return make_gemini_backend(std::move(*facts), std::move(*service), std::move(*calls));
    return make_bfl_backend(std::move(*facts), std::move(*service), std::move(*calls));
}

} // namespace mw::provider
