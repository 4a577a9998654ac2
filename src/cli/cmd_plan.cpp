#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kMaskOption,
    kProviderOption,
    kModelOption,
    kQualityOption,
    kContextOption,
    kSizeOption,
    {"--out-image", "", 1, "F", "write the crop that would be sent"},
    {"--out-mask", "", 1, "F", "write the mask that would be sent"},
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};

CommandResult run_plan(const ParsedArgs& args) {
    if (auto ok = require(kPlanVerb.spec, args, {"--mask"}); !ok) return ok;
    auto choice = choose_model(args);
    if (!choice) return usage_failure(choice);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    auto params = plan_params(args, choice->model);
    if (!params) return usage_failure(params);
    for (const std::string_view name : {"--out-image", "--out-mask"})
        if (const auto path = args.value(name)) {
            if (codec::format_for_path(*path) != codec::FileFormat::png)
                return usage_failure(fmt::format("{} is written as PNG; give {} the ending .png.",
                                                 name, display_path(*path)));
            if (Status ok = check_output(*path, args); !ok) return failure(ok);
        }

    auto picture = load_picture(args.operands[0], *limits);
    if (!picture) return failure(picture);
    auto mask = load_mask(*args.value("--mask"), picture->pixels.size(), *limits);
    if (!mask) return failure(mask);
    auto plan = edit::plan_crop(picture->pixels.size(), *mask, choice->model.size, *params);
    if (!plan) return failure(plan);

    edit::EditParams edit_params;
    edit_params.quality = args.value("--quality").value_or("");
    const edit::CostEstimate cost = choice->backend->estimate(*plan, edit_params);
    Json json;
    json["provider"] = choice->model.provider;
    json["model"] = choice->model.id;
    json["crop"] = to_json(plan->crop);
    json["request_size"] = to_json(plan->request_size);
    json["scale"] = plan->scale;
    json["padded"] = plan->padded;
    json["mask_bounds"] = to_json(mask->bounds());
    json["cost"] = {
        {"estimate_usd", cost.high_usd}, {"low_usd", cost.low_usd}, {"high_usd", cost.high_usd}};
    json["notes"] = plan->notes;
    if (const auto path = args.value("--out-image")) {
        const image::Image crop = edit::extract_crop(picture->pixels.view(), *plan);
        if (Status saved = codec::save(*path, crop.view(), {}); !saved) return failure(saved);
        json["out_image"] = *path;
    }
    if (const auto path = args.value("--out-mask")) {
        const image::Image sent = edit::extract_sent_mask(*mask, *plan, *params);
        if (Status saved = codec::save(*path, sent.view(), {}); !saved) return failure(saved);
        json["out_mask"] = *path;
    }
    print_result(json, args);
    return {};
}

} // namespace

const Verb kPlanVerb{
    {"plan", "IMAGE", 1, 1, "what would be sent, and its cost; sends nothing", kOptions}, run_plan};

} // namespace mw::cli
