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
    kNoColorOption,
    kFeatherOption,
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};

Result<Rect> crop_of(const ParsedArgs& args, Size picture) {
    const auto text = args.value("--crop");
    if (!text) return Rect::of(picture);
    auto numbers = parse_numbers("--crop", *text, 4);
    if (!numbers) return tl::unexpected(numbers.error());
    Rect crop;
    int* const fields[] = {&crop.x, &crop.y, &crop.width, &crop.height};
    for (std::size_t i = 0; i < 4; ++i) {
        *fields[i] = static_cast<int>((*numbers)[i]);
        if (*fields[i] != (*numbers)[i])
            return fail(ErrorCode::invalid_argument, "--crop wants whole numbers of pixels.");
    }
    if (crop.empty() || !Rect::of(picture).contains(crop))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("--crop {} does not lie inside the picture of {} x {}.", *text,
                                picture.width, picture.height));
    return crop;
}

CommandResult run_composite(const ParsedArgs& args) {
    if (auto ok = require(kCompositeVerb.spec, args, {"--result", "--mask", "--output"}); !ok)
        return ok;
    const std::string out = *args.value("--output");
    if (codec::format_for_path(out) == codec::FileFormat::unknown)
        return usage_failure(fmt::format(
            "-o {} has no ending that says what to write; end it with .png, .jpg or .webp.",
            display_path(out)));
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    auto params = graft_params(args);
    if (!params) return usage_failure(params);
    if (Status ok = check_output(out, args); !ok) return failure(ok);

    auto source = load_picture(args.operands[0], *limits);
    if (!source) return failure(source);
    auto mask = load_mask(*args.value("--mask"), source->pixels.size(), *limits);
    if (!mask) return failure(mask);
    auto answer = load_picture(*args.value("--result"), *limits);
    if (!answer) return failure(answer);
    auto crop = crop_of(args, source->pixels.size());
    if (!crop) return usage_failure(crop);
    edit::CropPlan plan;
    plan.crop = *crop;
    plan.request_size = crop->size();
    auto graft =
        composite::graft(source->pixels.view(), answer->pixels.view(), *mask, plan, *params);
    if (!graft) return failure(graft);

    worker::ExportJob save;
    save.path = out;
    save.original = std::make_shared<const image::Image>(std::move(source->pixels));
    save.picture =
        std::make_shared<const image::Image>(composite::apply(save.original->view(), graft->patch));
    save.touched = std::move(*mask);
    save.metadata = source->metadata;
    auto saved = worker::export_picture(save, {});
    if (!saved) return failure(saved);
    Json json;
    json["output"] = out;
    json["crop"] = to_json(*crop);
    json["request_size"] = to_json(answer->pixels.size());
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
