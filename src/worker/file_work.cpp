#include <fmt/format.h>

#include "mask/mask_image.h"
#include "worker/work.h"

namespace mw::worker {

Result<Outcome> open_file(const OpenJob& job, const ReportProgress& report, std::stop_token stop) {
    if (project::is_project(job.path)) {
        project::OpenParams params;
        params.limits = job.limits;
        params.stop = stop;
        auto opened = project::Store::open(job.path, params);
        if (!opened) return tl::unexpected(opened.error());
        return Outcome(
            ProjectOpened{job.path, std::make_shared<project::OpenedProject>(std::move(*opened))});
    }
    const auto watch = [&](codec::PartPicture part) {
        report(Partial{
            {Rect::of(part.size), std::make_shared<const image::Image>(std::move(part.coarse))}});
    };
    auto picture = codec::decode_file(job.path, job.limits, stop, watch);
    if (!picture) return tl::unexpected(picture.error());
    return Outcome(Opened{job.path, std::make_shared<codec::Picture>(std::move(*picture))});
}

Result<Outcome> mask_file(const MaskFileJob& job, std::stop_token stop) {
    if (!job.load) {
        if (codec::format_for_path(job.path) != codec::FileFormat::png)
            return fail(ErrorCode::invalid_argument,
                        fmt::format("A mask is saved as PNG; give {} the ending .png.",
                                    display_path(job.path)));
        const image::Image coverage = job.mask.read(job.mask.rect());
        if (Status saved = codec::save(job.path, coverage.view(), {}); !saved)
            return tl::unexpected(saved.error());
        return Outcome(MaskSaved{job.path});
    }
    // A picture that was opened over the usual limit has masks of its size.
    codec::DecodeLimits limits;
    limits.max_pixels = std::max(limits.max_pixels, job.mask.size().area());
    auto picture = codec::decode_file(job.path, limits, stop);
    if (!picture) return tl::unexpected(picture.error());
    auto reading =
        mask::from_image_for(picture->pixels.view(), job.mask.size(), display_path(job.path));
    if (!reading) return tl::unexpected(reading.error());
    return Outcome(MaskLoaded{std::move(reading->mask), std::move(reading->note)});
}

} // namespace mw::worker
