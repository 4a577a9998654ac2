#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "worker/work.h"

namespace mw::cli {
namespace {

constexpr auto kOptions = joined(
    std::array{
        OptionSpec{"--result", "", 1, "RESULT", "the answer for the crop, of any size"},
        kMaskOption,
        OptionSpec{"--crop", "", 1, "X,Y,W,H",
                   "what the answer shows (default: the whole picture)"},
        OptionSpec{"--part", "", 3, "RESULT MASK X,Y,W,H",
                   "instead of those three, once for each part of a mask that was asked for apart",
                   true},
        kOutOption},
    kGraftOptions, kPictureOptions,
    std::array{kEditRecordOption, kExposureOption, kRedactOption,
               OptionSpec{"--no-keep-unchanged", "", 0, "",
                          "lay the answer also where it shows what the picture shows"},
               kMegapixelsOption, kOverwriteOption, kJsonOption});

// A plan's crop sticks out only where the picture is too small for it, and then on both sides.
bool possible(int at, int length, int limit) {
    return (at >= 0 && at + length <= limit) || (at <= 0 && at + length >= limit);
}

Result<edit::CropPlan> plan_of(std::string_view option, const std::optional<std::string>& text,
                               Size picture) {
    edit::CropPlan plan;
    plan.crop = Rect::of(picture);
    if (text) {
        auto crop = parse_rect(option, *text);
        if (!crop) return tl::unexpected(crop.error());
        if (!possible(crop->x, crop->width, picture.width) ||
            !possible(crop->y, crop->height, picture.height))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("{} {} does not lie inside the picture of {} x {}.", option,
                                    *text, picture.width, picture.height));
        plan.crop = *crop;
    }
    plan.padded = !Rect::of(picture).contains(plan.crop);
    plan.request_size = plan.crop.size();
    plan.resampling = edit::Resampling::automatic;
    return plan;
}

// The answer's pixels as a graft takes them: encoded sRGB.
image::Image answer_pixels(codec::Picture answer, double exposure) {
    if (!answer.color) return std::move(answer.pixels);
    const image::DisplayTransform view(answer.color, exposure);
    return view.to_display(answer.pixels.view());
}

// One answer as it was given: files and a rectangle, still as words.
struct GivenPart {
    std::string answer, mask;
    std::string_view crop_option = "--crop";
    std::optional<std::string> crop;
};

tl::expected<std::vector<GivenPart>, CommandError> given_parts(const ParsedArgs& args) {
    std::vector<GivenPart> parts;
    for (const ParsedOption& option : args.options)
        if (option.spec->name == "--part")
            parts.push_back({option.values[0], option.values[1], "--part", option.values[2]});
    if (parts.empty()) {
        if (auto ok = require(kCompositeVerb.spec, args, {"--result", "--mask", "--output"}); !ok)
            return tl::unexpected(ok.error());
        return std::vector<GivenPart>{
            {*args.value("--result"), *args.value("--mask"), "--crop", args.value("--crop")}};
    }
    if (args.has("--result") || args.has("--mask") || args.has("--crop"))
        return usage_failure(
            "--part says everything of an answer; leave --result, --mask and --crop out.");
    if (auto ok = require(kCompositeVerb.spec, args, {"--output"}); !ok)
        return tl::unexpected(ok.error());
    return parts;
}

// The parts as a graft takes them, and what is to tell of them.
struct LoadedParts {
    std::vector<composite::GraftPart> parts;
    mask::Mask mask; // of all of them
    std::vector<handoff::RecordedAnswer> answers;
    std::vector<std::string> warnings;
};

tl::expected<LoadedParts, CommandError> load_parts(const std::vector<GivenPart>& given,
                                                   Size picture, const codec::DecodeLimits& limits,
                                                   double exposure) {
    LoadedParts loaded;
    loaded.mask = mask::Mask(picture);
    for (const GivenPart& g : given) {
        auto plan = plan_of(g.crop_option, g.crop, picture);
        if (!plan) return usage_failure(plan);
        auto mask = load_mask(g.mask, picture, limits);
        if (!mask) return failure(mask);
        auto answer = load_picture(g.answer, limits);
        if (!answer) return failure(answer);
        handoff::RecordedAnswer told;
        told.sha256 = handoff::file_sha256(g.answer).value_or("");
        told.provenance = answer->provenance;
        told.crop = plan->crop;
        told.request_size = answer->pixels.size();
        loaded.answers.push_back(told);
        for (const std::string& warning : answer->warnings)
            loaded.warnings.push_back("the answer's file: " + warning);
        mask::combine(loaded.mask, *mask, mask::CombineMode::add);
        loaded.parts.push_back(
            {std::make_shared<const image::Image>(answer_pixels(std::move(*answer), exposure)),
             std::move(*mask), *plan});
    }
    return loaded;
}

CommandResult run_composite(const ParsedArgs& args) {
    auto given = given_parts(args);
    if (!given) return tl::unexpected(given.error());
    const std::string out = *args.value("--output");
    if (Status ok = check_ending(out); !ok) return usage_failure(ok);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    auto params = graft_params(args);
    if (!params) return usage_failure(params);
    auto options = export_options(args);
    if (!options) return usage_failure(options);
    auto exposure = exposure_of(args);
    if (!exposure) return usage_failure(exposure);
    if (Status ok = check_output(out, args); !ok) return failure(ok);

    auto source = load_picture(args.operands[0], *limits);
    if (!source) return failure(source);
    auto loaded = load_parts(*given, source->pixels.size(), *limits, *exposure);
    if (!loaded) return tl::unexpected(loaded.error());
    const image::DisplayTransform view = view_of(*source, *exposure);
    const auto original = std::make_shared<const image::Image>(std::move(source->pixels));
    auto grafter = composite::Grafter::create(original, std::move(loaded->parts), view);
    if (!grafter) return failure(grafter);
    auto graft = grafter->run(*params);
    if (!graft) return failure(graft);

    worker::ExportJob save;
    save.path = out;
    save.original = original;
    save.picture =
        std::make_shared<const image::Image>(composite::apply(original->view(), graft->patch));
    save.touched = touched_by(loaded->mask, *params);
    save.metadata = source->metadata;
    save.view = view;
    save.options = *options;
    if (params->redact)
        save.redacted = save.picture;
    else
        save.steps.push_back({"Edit", graft->patch, save.touched});
    save.record = {args.operands[0],
                   source->provenance,
                   {{{},
                     {},
                     loaded->mask,
                     *params,
                     graft->report.changed_outside_mask,
                     graft->report.outside_sha256,
                     graft->report.outside_sha256_before,
                     loaded->answers}}};
    save.overwrite_record = args.has("--overwrite");
    auto saved = worker::export_picture(save, {});
    if (!saved) return failure(saved);
    tell_verdicts(graft->report);
    Json json;
    json["output"] = out;
    json["crop"] = to_json(loaded->answers[0].crop);
    json["request_size"] = to_json(loaded->answers[0].request_size);
    for (const std::string& warning : loaded->warnings)
        json["notes"].push_back(warning);
    add_report(json, graft->report);
    add_exported(json, *saved, save.record);
    json["cost"] = {{"estimate_usd", 0.0}, {"actual_usd", 0.0}};
    print_result(json, args);
    return {};
}

} // namespace

const Verb kCompositeVerb{
    {"composite", "SOURCE", 1, 1, "graft an answer obtained anywhere", kOptions}, run_composite};

} // namespace mw::cli
