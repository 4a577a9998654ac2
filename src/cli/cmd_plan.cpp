#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "provider/upload.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kMaskOption,
    kProviderOption,
    kModelFileOption,
    kModelOption,
    kQualityOption,
    {"--count", "-n", 1, "N", "candidates, for the cost"},
    kPartialsOption,
    kBaseUrlOption,
    kForceHttpOption,
    kContextOption,
    kSizeOption,
    kPlanCropOption,
    kEnlargeOption,
    kResampleOption,
    kIslandsOption,
    kExposureOption,
    {"--out-image", "", 1, "F", "write the crop as it would be sent; F-1, F-2 ... of several"},
    {"--out-mask", "", 1, "F", "write the mask as it would be sent; F-1, F-2 ... of several"},
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};
constexpr std::string_view kFileOptions[] = {"--out-image", "--out-mask"};

// The files of one request, and what is said about it.
struct Planned {
    edit::EditRequest request;
    std::vector<std::pair<std::string, Bytes>> files;
    Json json;
};

class Plan {
  public:
    Plan(const ParsedArgs& args, const edit::ModelCapabilities& model,
         const edit::PlanParams& params)
        : args_(args), model_(model), params_(params) {}

    Result<Planned> part(const codec::Picture& picture, const image::DisplayTransform& view,
                         const edit::PlannedPart& part, std::size_t index,
                         std::size_t count) const {
        edit::EditParams params;
        params.quality = args_.value("--quality").value_or("");
        // Nothing is sent, so any words will do.
        auto request = edit::make_request(picture.pixels.view(), view, part, model_, "plan",
                                          std::move(params), params_);
        if (!request) return tl::unexpected(request.error());
        Planned planned{std::move(*request), {}, to_json(part)};
        planned.json["notes"] = planned.request.plan.notes;
        if (const auto base = args_.value("--out-image")) {
            auto upload = provider::encode_pixels(planned.request);
            if (!upload) return tl::unexpected(upload.error());
            add_file(planned, "out_image", output_names(*base, count)[index], std::move(*upload));
        }
        if (const auto base = args_.value("--out-mask")) {
            auto upload = provider::encode_mask(planned.request, model_);
            if (!upload) return tl::unexpected(upload.error());
            add_file(planned, "out_mask", output_names(*base, count)[index], std::move(*upload));
        }
        return planned;
    }

  private:
    static void add_file(Planned& planned, const char* key, std::string name,
                         provider::Upload upload) {
        planned.json[key] = name;
        for (const std::string& note : upload.notes)
            planned.json["notes"].push_back(note);
        planned.files.emplace_back(std::move(name), std::move(upload.bytes));
    }

    const ParsedArgs& args_;
    const edit::ModelCapabilities& model_;
    const edit::PlanParams& params_;
};

CommandResult run_plan(const ParsedArgs& args) {
    if (auto ok = require(kPlanVerb.spec, args, {"--mask"}); !ok) return ok;
    auto choice = choose_model(args);
    if (!choice) return usage_failure(choice);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    auto params = plan_params(args, choice->model);
    if (!params) return usage_failure(params);
    auto exposure = exposure_of(args);
    if (!exposure) return usage_failure(exposure);
    for (const std::string_view name : kFileOptions)
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
    auto parts = edit::plan_parts(picture->pixels.size(), *mask, choice->model.size, *params);
    if (!parts) return failure(parts);
    if (parts->size() > 1)
        for (const std::string_view name : kFileOptions)
            if (const auto path = args.value(name))
                for (const std::string& each : output_names(*path, parts->size()))
                    if (Status ok = check_output(each, args); !ok) return failure(ok);

    const image::DisplayTransform view = view_of(*picture, *exposure);
    const Plan plan(args, choice->model, *params);
    auto read_params = model_params(args, choice->model, *limits);
    if (!read_params) return usage_failure(read_params);
    edit::EditParams edit_params = std::move(*read_params);
    if (const auto text = args.value("--count")) {
        auto count = parse_integer("-n", *text, 1, choice->model.max_count);
        if (!count) return usage_failure(count);
        edit_params.count = *count;
    }
    const edit::CostEstimate cost = cost_of(*choice->backend, *parts, edit_params);
    Json json, list = Json::array();
    std::vector<std::pair<std::string, Bytes>> files;
    for (std::size_t i = 0; i < parts->size(); ++i) {
        auto planned = plan.part(*picture, view, (*parts)[i], i, parts->size());
        if (!planned) return failure(planned);
        list.push_back(std::move(planned->json));
        for (auto& file : planned->files)
            files.push_back(std::move(file));
    }
    json["provider"] = choice->model.provider;
    json["model"] = choice->model.id;
    // Those of the first part, the largest, and what concerns the whole.
    json.update(list[0]);
    json["mask_bounds"] = to_json(mask->bounds());
    json["cost"] = {{"estimate_usd", cost.high_usd},
                    {"low_usd", cost.low_usd},
                    {"high_usd", cost.high_usd},
                    {"most_usd", cost.most_usd}};
    json["parts"] = std::move(list);
    for (const auto& [name, bytes] : files)
        if (Status written = write_file_atomic(name, bytes); !written) return failure(written);
    print_result(json, args);
    return {};
}

} // namespace

const Verb kPlanVerb{
    {"plan", "IMAGE", 1, 1, "what would be sent, and its cost; sends nothing", kOptions}, run_plan};

} // namespace mw::cli
