#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupt.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kProviderOption, {"--online", "", 0, "", "ask the services which of them this key may use"},
    kBaseUrlOption,  kForceHttpOption,
    kJsonOption,
};

std::string_view name_of(edit::MaskPolarity polarity) {
    switch (polarity) {
        case edit::MaskPolarity::alpha_zero_edits:
            return "alpha 0 edits";
        case edit::MaskPolarity::white_edits:
            return "white edits";
        case edit::MaskPolarity::black_edits:
            return "black edits";
        case edit::MaskPolarity::alpha_opaque_edits:
            return "opaque edits";
    }
    return "unknown";
}

// What the service offers to this key, over what the table says.
Status ask_service(const ParsedArgs& args, const std::string& name, Json& models) {
    auto options = backend_options(args);
    if (!options) return tl::unexpected(options.error());
    auto params = provider::openai_params(name, *options);
    if (!params) return tl::unexpected(params.error());
    const InterruptWatch watch;
    auto listed = provider::list_models(*params, watch.token());
    if (!listed) return tl::unexpected(listed.error());
    for (auto& [id, model] : models.items()) {
        model["offered"] = false;
        for (const provider::RetiredModel& one : *listed) {
            if (one.id != id) continue;
            model["offered"] = true;
            if (!one.shutdown.empty()) model["shutdown"] = one.shutdown.substr(0, 10);
        }
    }
    return {};
}

CommandResult run_models(const ParsedArgs& args) {
    Json json;
    auto options = backend_options(args);
    if (!options) return usage_failure(options);
    for (const std::string& name : provider::provider_names()) {
        if (const auto only = args.value("--provider"); only && *only != name) continue;
        auto backend = provider::make_backend(name, *options);
        if (!backend) return failure(backend);
        for (const edit::ModelCapabilities& m : (*backend)->models())
            json[name][m.id] = {{"label", m.label},
                                {"size_multiple", m.size.multiple},
                                {"max_side", m.size.max_side},
                                {"max_area", m.size.max_area},
                                {"qualities", m.qualities},
                                {"max_count", m.max_count},
                                {"max_prompt_chars", m.max_prompt_chars},
                                {"keeps_depth", m.keeps_depth},
                                {"takes_grey", m.takes_grey},
                                {"takes_alpha", m.takes_alpha},
                                {"mask", name_of(m.mask_polarity)},
                                {"max_mask_bytes", m.max_mask_bytes},
                                {"free", m.free},
                                {"formats", m.formats},
                                {"complexities", m.complexities},
                                {"backgrounds", m.backgrounds},
                                {"input_fidelities", m.input_fidelities},
                                {"max_references", m.max_references},
                                {"max_partials", m.max_partials},
                                {"markup", m.takes_markup},
                                {"generates", m.generates},
                                {"can_stop", m.can_stop},
                                {"shutdown", m.shutdown},
                                {"warning", provider::retirement_warning(m, provider::today())},
                                {"note", m.note},
                                {"experimental", m.experimental}};
        if (args.has("--online") && name.starts_with("openai"))
            if (Status ok = ask_service(args, name, json[name]); !ok) return failure(ok);
    }
    if (json.is_null()) {
        auto none = provider::make_backend(*args.value("--provider"));
        return usage_failure(none);
    }
    print_result(json, args);
    return {};
}

} // namespace

const Verb kModelsVerb{
    {"models", "", 0, 0, "what is known about each provider and model", kOptions}, run_models};

} // namespace mw::cli
