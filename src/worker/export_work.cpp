// Writing a picture to a file, and the proof that the file is what it should be.
#include <fmt/format.h>

#include "codec/layers.h"
#include "handoff/prepare.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

using codec::FileFormat;

// What we wrote ourselves is read back whatever its size.
codec::DecodeLimits own_file_limits() {
    codec::DecodeLimits limits;
    limits.max_pixels = std::int64_t{limits.max_side} * limits.max_side;
    limits.max_decoded_bytes = 64ull << 30;
    limits.max_file_bytes = 64ull << 30;
    return limits;
}

// Samples of the file that differ from the original outside the masks. The file is in place by now,
// so cancelling would only lose the proof.
Result<std::int64_t> count_outside(const std::filesystem::path& path, image::ImageView original,
                                   const mask::Mask& touched) {
    const auto unproven = [&](const Error& error) {
        return fail(
            error.code,
            fmt::format("{} was written whole, but reading it back to check it failed; open "
                        "it and look before you rely on it. ({})",
                        display_path(path), error.message));
    };
    auto back = codec::decode_file(path, own_file_limits());
    if (!back) return unproven(back.error());
    compare::CompareParams figures;
    figures.metrics = {.delta_e = false, .ssim = false, .flip = false};
    auto stats = compare::compare(original, back->pixels.view(), &touched, figures);
    if (!stats) return unproven(stats.error());
    return stats->outside.changed;
}

Result<Exported> export_plain(const ExportJob& job, FileFormat format, std::stop_token stop) {
    auto made = handoff::prepare_export(
        {job.picture, job.original, job.touched, job.metadata, job.view, job.redacted != nullptr},
        format, job.options);
    if (!made) return tl::unexpected(made.error());
    auto bytes = codec::encode(made->picture->view(), made->metadata, format, made->encode);
    if (!bytes) return tl::unexpected(bytes.error());
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "Cancelled; nothing was written.");
    if (Status written = write_file_atomic(job.path, *bytes); !written)
        return tl::unexpected(written.error());
    Exported exported{job.path,
                      bytes->size(),
                      codec::is_lossless(format, made->encode),
                      0,
                      made->notes,
                      0,
                      made->region,
                      {}};
    auto outside = count_outside(job.path, made->original->view(), made->touched);
    if (!outside) return tl::unexpected(outside.error());
    exported.changed_outside = *outside;
    return exported;
}

Result<Exported> export_layers(const ExportJob& job, FileFormat format, std::stop_token stop) {
    const handoff::ExportOptions& o = job.options;
    if (o.region != handoff::Region::whole || o.mask_alpha || o.to_srgb ||
        o.depth != handoff::Depth::source)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} layers are written whole, in the picture's own depth and "
                                "colours, with the masks as layers; nothing was written. Leave "
                                "those choices out, or export a plain picture.",
                                codec::name_of(format)));
    handoff::LayerSource source{job.original, job.picture, job.steps,
                                codec::kept_metadata(job.metadata, o.metadata), job.view};
    if (job.redacted) {
        source.original = job.redacted;
        source.metadata = codec::metadata_of_redacted(source.metadata);
        source.name = "Redacted";
    }
    auto written = handoff::write_layers(job.path, format, source, stop);
    if (!written) return tl::unexpected(written.error());
    Exported exported{job.path,        written->bytes,      true, 0, {},
                      written->layers, job.picture->rect(), {}};
    if (!written->note.empty()) exported.notes.push_back(written->note);
    if (format == FileFormat::ora) return exported; // not a format that this program opens
    const bool floating = job.original->format().type == image::SampleType::f32;
    const image::Image shown =
        floating ? job.view.to_display(job.original->view(), image::SampleType::u16)
                 : image::Image();
    const image::Image merged =
        codec::as_merged_in_psd(floating ? shown.view() : job.original->view());
    auto outside = count_outside(job.path, merged.view(), job.touched);
    if (!outside) return tl::unexpected(outside.error());
    exported.changed_outside = *outside;
    return exported;
}

bool wants_record(const ExportJob& job) {
    const handoff::RecordChoice choice = job.options.record;
    return choice == handoff::RecordChoice::always ||
           (choice == handoff::RecordChoice::automatic && job.record.provenance());
}

} // namespace

Result<Exported> export_picture(const ExportJob& job, std::stop_token stop) {
    const FileFormat format = codec::format_or_layers_for_path(job.path);
    const std::filesystem::path beside = handoff::record_path(job.path);
    std::error_code ignored;
    if (wants_record(job) && !job.overwrite_record && std::filesystem::exists(beside, ignored))
        return fail(ErrorCode::refused,
                    fmt::format("The edit record {} exists already; nothing was written. Choose "
                                "another name, or allow it to be replaced.",
                                display_path(beside)));
    const bool layers = format == FileFormat::psd || format == FileFormat::ora;
    auto exported = layers ? export_layers(job, format, stop) : export_plain(job, format, stop);
    if (!exported) return exported;
    if (job.redacted)
        exported->notes.emplace_back(
            "Redacted: what was covered is in no pixel, layer, preview or metadata of the file; of "
            "the metadata only colours, resolution, camera, time and author were kept. The opened "
            "file and a project still hold it.");
    if (job.record.provenance())
        exported->notes.emplace_back(
            "The source or an answer carries Content Credentials (C2PA). They do not vouch for a "
            "changed picture and are not in the file.");
    if (!wants_record(job)) return exported;
    const std::string text = handoff::record_text(job.record, job.path);
    if (Status s = write_file_atomic(beside, std::as_bytes(std::span(text))); !s)
        return fail(s.error().code,
                    fmt::format("{} was written whole, but its edit record was not. ({})",
                                display_path(job.path), s.error().message));
    exported->record = beside;
    return exported;
}

} // namespace mw::worker
