#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "worker/work.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {"--result", "", 1, "RESULT", "the answer for the crop, of any size"},
    kMaskOption,
    {"--crop", "", 1, "X,Y,W,H", "what the answer shows (default: the whole picture)"},
    kOutOption,
    kNoRegisterOption,
    kLargeMoveOption,
    kNoColorOption,
    kNoMembraneOption,
    kNoGrainOption,
    kNoDitherOption,
    kSeamOption,
    kFeatherOption,
    kReachOutOption,
    kExposureOption,
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};

// A plan's crop sticks out only where the picture is too small for it, and then on both sides.
bool possible(int at, int length, int limit) {
    return (at >= 0 && at + length <= limit) || (at <= 0 && at + length >= limit);
}

Result<edit::CropPlan> plan_of(const ParsedArgs& args, Size picture) {
    edit::CropPlan plan;
    plan.crop = Rect::of(picture);
    if (const auto text = args.value("--crop")) {
        auto crop = parse_rect("--crop", *text);
        if (!crop) return tl::unexpected(crop.error());
        if (!possible(crop->x, crop->width, picture.width) ||
            !possible(crop->y, crop->height, picture.height))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("--crop {} does not lie inside the picture of {} x {}.", *text,
                                    picture.width, picture.height));
        plan.crop = *crop;
    }
    plan.padded = !Rect::of(picture).contains(plan.crop);
    plan.request_size = plan.crop.size();
    return plan;
}

// The answer's pixels as a graft takes them: encoded sRGB.
image::Image answer_pixels(codec::Picture answer, double exposure) {
    if (!answer.color) return std::move(answer.pixels);
    const image::DisplayTransform view(answer.color, exposure);
    return view.to_display(answer.pixels.view());
}

CommandResult run_composite(const ParsedArgs& args) {
    if (auto ok = require(kCompositeVerb.spec, args, {"--result", "--mask", "--output"}); !ok)
        return ok;
    const std::string out = *args.value("--output");
    if (Status ok = check_ending(out); !ok) return usage_failure(ok);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    auto params = graft_params(args);
    if (!params) return usage_failure(params);
    auto exposure = exposure_of(args);
    if (!exposure) return usage_failure(exposure);
    if (Status ok = check_output(out, args); !ok) return failure(ok);

    auto source = load_picture(args.operands[0], *limits);
    if (!source) return failure(source);
    auto plan = plan_of(args, source->pixels.size());
    if (!plan) return usage_failure(plan);
    auto mask = load_mask(*args.value("--mask"), source->pixels.size(), *limits);
    if (!mask) return failure(mask);
    auto answer = load_picture(*args.value("--result"), *limits);
    if (!answer) return failure(answer);
    const Size answer_size = answer->pixels.size();
    const std::vector<std::string> warnings = answer->warnings;
    const image::Image pixels = answer_pixels(std::move(*answer), *exposure);
    const image::DisplayTransform view = view_of(*source, *exposure);
    auto graft =
        composite::graft(source->pixels.view(), pixels.view(), *mask, *plan, *params, view);
    if (!graft) return failure(graft);

    worker::ExportJob save;
    save.path = out;
    save.original = std::make_shared<const image::Image>(std::move(source->pixels));
    save.picture =
        std::make_shared<const image::Image>(composite::apply(save.original->view(), graft->patch));
    save.touched = touched_by(*mask, *params);
    save.metadata = source->metadata;
    save.view = view;
    auto saved = worker::export_picture(save, {});
    if (!saved) return failure(saved);
    if (!saved->note.empty()) print_note(saved->note);
    tell_verdicts(graft->report);
    Json json;
    json["output"] = out;
    json["crop"] = to_json(plan->crop);
    json["request_size"] = to_json(answer_size);
    for (const std::string& warning : warnings)
        json["notes"].push_back("the answer's file: " + warning);
    add_report(json, graft->report);
    json["file_lossless"] = saved->lossless;
    json["file_changed_outside_mask"] = saved->changed_outside;
    json["cost"] = {{"estimate_usd", 0.0}, {"actual_usd", 0.0}};
    print_result(json, args);
    return {};
}

} // namespace

const Verb kCompositeVerb{
    {"composite", "SOURCE", 1, 1, "graft an answer obtained anywhere", kOptions}, run_composite};

} // namespace mw::cli
