#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "composite/layer.h"
#include "worker/work.h"

namespace mw::cli {
namespace {

constexpr auto kOptions = joined(
    std::array{
        kOutOption,
        OptionSpec{"--original", "", 1, "FILE",
                   "what IMAGE was made from: the lowest layer, and what is proved"},
        OptionSpec{"--mask", "", 1, "MASK", "where IMAGE was changed (default: where it differs)"},
        OptionSpec{"--name", "", 1, "TEXT", "of the layer that holds the change"},
        OptionSpec{"--redacted", "", 0, "",
                   "what the mask covers was redacted in IMAGE: nothing of FILE there"}},
    kPictureOptions,
    std::array{kEditRecordOption, kExposureOption, kMegapixelsOption, kOverwriteOption,
               kJsonOption});

// Where two pictures of one size and format differ.
mask::Mask difference(image::ImageView a, image::ImageView b) {
    mask::Mask mask(a.size);
    mask.write(Rect::of(a.size), composite::changed_pixels(a, b).view());
    return mask;
}

std::string kind_of(const image::Image& picture) {
    const image::PixelFormat f = picture.format();
    return fmt::format("{} x {}, {} channels of {} bits", picture.width(), picture.height(),
                       f.channels, 8 * image::sample_bytes(f.type));
}

// The original, the mask and the step between, where there are any.
tl::expected<void, CommandError> add_original(const ParsedArgs& args,
                                              const codec::DecodeLimits& limits,
                                              worker::ExportJob& job) {
    const Size size = job.picture->size();
    const auto path = args.value("--original");
    if (path) {
        auto original = load_picture(*path, limits);
        if (!original) return failure(original);
        if (original->pixels.size() != size || original->pixels.format() != job.picture->format())
            return failure(Status(fail(
                ErrorCode::invalid_argument,
                fmt::format("{} and {} are not of one kind ({}; {}); nothing was written. Give "
                            "the file that the picture was made from.",
                            display_path(args.operands[0]), display_path(*path),
                            kind_of(*job.picture), kind_of(original->pixels)))));
        job.record.source = *path;
        job.record.source_provenance = original->provenance;
        job.metadata = original->metadata;
        job.original = std::make_shared<const image::Image>(std::move(original->pixels));
    }
    if (const auto mask_path = args.value("--mask")) {
        auto mask = load_mask(*mask_path, size, limits);
        if (!mask) return failure(mask);
        job.touched = std::move(*mask);
    } else {
        job.touched = difference(job.original->view(), job.picture->view());
    }
    if (!path) return {};
    composite::Patch patch;
    const Rect differs = difference(job.original->view(), job.picture->view()).bounds();
    patch.rect = unite(differs, job.touched.bounds());
    if (!patch.rect.empty())
        patch.pixels =
            std::make_shared<const image::Image>(image::clone(job.picture->view().sub(patch.rect)));
    job.steps.push_back({args.value("--name").value_or("Edit"), patch, job.touched});
    return {};
}

CommandResult run_export(const ParsedArgs& args) {
    if (auto ok = require(kExportVerb.spec, args, {"--output"}); !ok) return ok;
    const std::string out = *args.value("--output");
    if (Status ok = check_ending(out); !ok) return usage_failure(ok);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    auto options = export_options(args);
    if (!options) return usage_failure(options);
    auto exposure = exposure_of(args);
    if (!exposure) return usage_failure(exposure);
    if (Status ok = check_output(out, args); !ok) return failure(ok);

    auto picture = load_picture(args.operands[0], *limits);
    if (!picture) return failure(picture);
    worker::ExportJob job;
    job.path = out;
    job.view = view_of(*picture, *exposure);
    job.metadata = picture->metadata;
    job.options = *options;
    job.overwrite_record = args.has("--overwrite");
    job.record.source = args.operands[0];
    job.record.source_provenance = picture->provenance;
    job.picture = job.original = std::make_shared<const image::Image>(std::move(picture->pixels));
    if (auto ok = add_original(args, *limits, job); !ok) return ok;
    if (args.has("--redacted")) {
        job.redacted = job.picture;
        job.steps.clear();
    }
    const InterruptWatch watch;
    auto saved = worker::export_picture(job, watch.token());
    if (!saved) return failure(saved);
    Json json{{"output", out}};
    add_exported(json, *saved, job.record);
    print_result(json, args);
    return {};
}

} // namespace

const Verb kExportVerb{
    {"export", "IMAGE", 1, 1, "write a picture in another way, or as layers", kOptions},
    run_export};

} // namespace mw::cli
