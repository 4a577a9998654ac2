#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "provider/registry.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {kProviderOption, kJsonOption};

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

CommandResult run_models(const ParsedArgs& args) {
    Json json;
    for (const std::string& name : provider::provider_names()) {
        if (const auto only = args.value("--provider"); only && *only != name) continue;
        auto backend = provider::make_backend(name);
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
                                {"free", m.free}};
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
