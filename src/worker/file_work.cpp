#include <fmt/format.h>

#include "mask/mask_image.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

// What we wrote ourselves is read back whatever its size.
codec::DecodeLimits own_file_limits() {
    codec::DecodeLimits limits;
    limits.max_pixels = std::int64_t{limits.max_side} * limits.max_side;
    limits.max_decoded_bytes = 64ull << 30;
    return limits;
}

} // namespace

Result<Opened> open_picture(const OpenJob& job, std::stop_token stop) {
    auto picture = codec::decode_file(job.path, job.limits, stop);
    if (!picture) return tl::unexpected(picture.error());
    return Opened{job.path, std::make_shared<codec::Picture>(std::move(*picture))};
}

Result<Exported> export_picture(const ExportJob& job, std::stop_token stop) {
    const codec::FileFormat format = codec::format_for_path(job.path);
    auto bytes = codec::encode(job.picture->view(), job.metadata, format, job.options);
    if (!bytes) return tl::unexpected(bytes.error());
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "Cancelled; nothing was written.");
    if (Status written = write_file_atomic(job.path, *bytes); !written)
        return tl::unexpected(written.error());
    Exported exported{job.path, bytes->size(), codec::is_lossless(format, job.options), 0};

    // The proof is about the file, not about what we meant to write. It is in place by now, so
    // cancelling would only lose the proof.
    const auto unproven = [&](const Error& error) {
        return fail(
            error.code,
            fmt::format("{} was written whole, but reading it back to check it failed; open "
                        "it and look before you rely on it. ({})",
                        display_path(job.path), error.message));
    };
    auto back = codec::decode_file(job.path, own_file_limits());
    if (!back) return unproven(back.error());
    compare::CompareParams figures;
    figures.metrics = {.delta_e = false, .ssim = false, .flip = false};
    auto stats = compare::compare(job.original->view(), back->pixels.view(), &job.touched, figures);
    if (!stats) return unproven(stats.error());
    exported.changed_outside = stats->outside.changed;
    return exported;
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
