// Writing a picture to a file, and the proof that the file is what it should be.
#include <fmt/format.h>
#include <new>

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

// What is written: the picture's own samples where the format can say what they mean.
struct Written {
    image::ImageRef picture, original;
    codec::Metadata metadata;
    std::string note; // empty: the samples are the picture's own
};

template <class Convert>
Status convert_both(Written& written, Convert convert) {
    try {
        const bool same = written.picture == written.original;
        written.picture = std::make_shared<const image::Image>(convert(*written.picture));
        written.original = same ? written.picture
                                : std::make_shared<const image::Image>(convert(*written.original));
        return {};
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "There is not enough memory to convert the picture for this format; nothing "
                    "was written. Close other pictures or programs and try again.");
    }
}

Result<Written> meant_for(const ExportJob& job, codec::FileFormat format) {
    Written out{job.picture, job.original, job.metadata, {}};
    if (job.picture->format().type != image::SampleType::f32) return out;
    const image::ColorSpaceRef& space = job.view.space();
    const bool scene_linear = space && space->scene_linear;
    const bool exr = format == codec::FileFormat::exr, tiff = format == codec::FileFormat::tiff;
    if (scene_linear && tiff && out.metadata.icc.empty())
        out.metadata.icc = codec::profile_of(*space, job.picture->format().color_channels());
    if (scene_linear && !exr && !tiff) {
        // Light has no place there: what is seen is written.
        const auto type =
            format == codec::FileFormat::png ? image::SampleType::u16 : image::SampleType::u8;
        out.metadata.icc.clear();
        out.note = fmt::format(
            "{} holds no light above white, so the picture is written as it is shown: sRGB at an "
            "exposure of {:+.4g}. OpenEXR and TIFF keep the light itself.",
            codec::name_of(format), job.view.exposure_stops());
        if (Status s = convert_both(
                out, [&](const image::Image& i) { return job.view.to_display(i.view(), type); });
            !s)
            return tl::unexpected(s.error());
    }
    if (!scene_linear && exr) {
        static const image::DisplayTransform light = [] {
            image::ColorSpace linear;
            linear.scene_linear = true;
            return image::DisplayTransform(
                std::make_shared<const image::ColorSpace>(std::move(linear)));
        }();
        out.note =
            "OpenEXR holds light, so the picture is written as linear light with the primaries of "
            "Rec. 709; it looks the same.";
        if (Status s = convert_both(out,
                                    [&](const image::Image& i) {
                                        image::Image shown = job.view.to_display(i.view());
                                        light.from_display(shown.span());
                                        return shown;
                                    });
            !s)
            return tl::unexpected(s.error());
    }
    return out;
}

} // namespace

Result<Exported> export_picture(const ExportJob& job, std::stop_token stop) {
    const codec::FileFormat format = codec::format_for_path(job.path);
    auto made = meant_for(job, format);
    if (!made) return tl::unexpected(made.error());
    auto bytes = codec::encode(made->picture->view(), made->metadata, format, job.options);
    if (!bytes) return tl::unexpected(bytes.error());
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "Cancelled; nothing was written.");
    if (Status written = write_file_atomic(job.path, *bytes); !written)
        return tl::unexpected(written.error());
    Exported exported{job.path, bytes->size(), codec::is_lossless(format, job.options), 0,
                      made->note};

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
    auto stats =
        compare::compare(made->original->view(), back->pixels.view(), &job.touched, figures);
    if (!stats) return unproven(stats.error());
    exported.changed_outside = stats->outside.changed;
    return exported;
}

} // namespace mw::worker
