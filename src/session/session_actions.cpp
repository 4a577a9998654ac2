#include <fmt/format.h>

#include "mask/refine.h"
#include "session/session_impl.h"

namespace mw::session {
namespace {

constexpr std::int64_t kRaisedPixels = 400'000'000;

bool file_exists(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

// A label for lists: one line, not endless.
std::string shortened(const std::string& text) {
    constexpr std::size_t kMax = 60;
    std::string line = text.substr(0, text.find('\n'));
    if (line.size() <= kMax) return line;
    std::size_t end = kMax;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80)
        --end; // not inside a UTF-8 sequence
    return line.substr(0, end) + "...";
}

} // namespace

void Session::Impl::on(const OpenFile& a) {
    if (!a.discard && has_unsaved_work()) {
        OpenFile again = a;
        again.discard = true;
        return notify(Severity::warning,
                      "The shown result has not been exported; opening another picture drops this "
                      "picture's history.",
                      "Open and drop it", again);
    }
    worker::OpenJob open{a.path, {}};
    if (a.raise_limit) open.limits.max_pixels = kRaisedPixels;
    const auto id = submit(open, JobKind::open, a.path.filename().string());
    if (!a.raise_limit) {
        OpenFile raised = a;
        raised.raise_limit = true;
        retry_on_limit.emplace(id, raised);
    }
}

void Session::Impl::on(const CloseDocument&) {
    if (document) close_document();
}

void Session::Impl::on(const SetTool& a) {
    view.tool = a.tool;
}

void Session::Impl::on(const SetBrush& a) {
    view.brush = a.brush;
    view.brush.radius_px = std::clamp(a.brush.radius_px, 0.5, 4096.0);
    view.brush.hardness = std::clamp(a.brush.hardness, 0.0, 1.0);
    view.brush.opacity = std::clamp(a.brush.opacity, 0.01, 1.0);
}

void Session::Impl::on(const BeginStroke& a) {
    if (!document || stroke) return;
    mask::Brush brush = view.brush;
    brush.erase = a.erase || view.tool == Tool::eraser;
    stroke = std::make_unique<mask::StrokePainter>(document->mask, brush);
    stroke->extend(a.sample);
    ++view.mask_revision;
}

void Session::Impl::on(const ExtendStroke& a) {
    if (!stroke) return;
    if (!stroke->extend(a.sample).empty()) ++view.mask_revision;
}

void Session::Impl::on(const EndStroke&) {
    if (!stroke) return;
    mask::Mask painted = stroke->mask();
    stroke.reset();
    change_mask(std::move(painted), "Brush stroke");
    ++view.mask_revision; // also when nothing changed: the plan is made again now that the pen is
                          // up
}

void Session::Impl::on(const AbortStroke&) {
    if (!stroke) return;
    stroke.reset();
    ++view.mask_revision;
}

void Session::Impl::on(const ClearMask&) {
    if (document && !stroke) change_mask(mask::Mask(document->mask.size()), "Clear mask");
}

void Session::Impl::on(const FillMask&) {
    if (document && !stroke) change_mask(mask::Mask::full(document->mask.size()), "Select all");
}

void Session::Impl::on(const InvertMask&) {
    if (document && !stroke) change_mask(mask::inverted(document->mask), "Invert mask");
}

void Session::Impl::on(const GrowMask& a) {
    if (!document || stroke || a.px == 0) return;
    if (a.px > 0)
        change_mask(mask::grow(document->mask, a.px), "Grow mask");
    else
        change_mask(mask::shrink(document->mask, -a.px), "Shrink mask");
}

void Session::Impl::on(const FeatherMask& a) {
    if (document && !stroke && a.px > 0)
        change_mask(mask::feather(document->mask, a.px), "Feather mask");
}

void Session::Impl::on(const LoadMask& a) {
    if (!document) return;
    submit(worker::MaskFileJob{view.document_id, a.path, true, document->mask}, JobKind::mask_file,
           "Load mask " + a.path.filename().string());
}

void Session::Impl::on(const SaveMask& a) {
    if (!document) return;
    if (!a.overwrite && file_exists(a.path)) {
        SaveMask again = a;
        again.overwrite = true;
        return notify(Severity::warning, fmt::format("{} exists already.", display_path(a.path)),
                      "Overwrite", again);
    }
    submit(worker::MaskFileJob{view.document_id, a.path, false, document->mask}, JobKind::mask_file,
           "Save mask " + a.path.filename().string());
}

void Session::Impl::on(const Undo&) {
    if (!document || stroke) return;
    auto& d = *document;
    d.undo.undo({d.mask, d.base, d.shown, d.tree});
    ++view.mask_revision;
}

void Session::Impl::on(const Redo&) {
    if (!document || stroke) return;
    auto& d = *document;
    d.undo.redo({d.mask, d.base, d.shown, d.tree});
    ++view.mask_revision;
}

void Session::Impl::on(const SetPrompt& a) {
    view.prompt = a.text;
    prompt_problem.clear();
    if (const auto engine = backend(); engine && !a.text.empty())
        if (Status ok = engine->check(a.text, edit_params()); !ok)
            prompt_problem = ok.error().message;
}

void Session::Impl::on(const SetRequest& a) {
    view.request = a.settings;
    const auto* m = model();
    if (!m) return;
    view.request.provider = m->provider;
    view.request.model = m->id;
    view.request.count = std::clamp(view.request.count, 1, m->max_count);
    planned_revision = ~0ull;
    on(SetPrompt{view.prompt});
}

void Session::Impl::on(const Run&) {
    if (stroke) on(EndStroke{});
    refresh();
    if (!view.cannot_run.empty()) return notify(Severity::info, view.cannot_run);
    worker::EditJob job;
    job.document = view.document_id;
    job.parent = document->base;
    job.backend = backend();
    job.model = *model();
    job.prompt = view.prompt;
    job.params = edit_params();
    job.plan = plan_params();
    job.graft = graft_params();
    job.source = document->tree.picture(document->base);
    job.mask = document->mask;
    submit(std::move(job), JobKind::edit, shortened(view.prompt));
}

void Session::Impl::on(const CancelJob& a) {
    if (JobView* entry = job(a.job)) entry->cancel_asked = true;
    worker->cancel(a.job);
}

void Session::Impl::on(const DismissJob& a) {
    std::erase_if(view.jobs, [&](const JobView& j) {
        return j.id == a.job && j.state != JobState::waiting && j.state != JobState::running;
    });
}

void Session::Impl::on(const ShowIteration& a) {
    if (!document || !document->tree.contains(a.id) || a.id == document->shown) return;
    const bool accepted = document->tree.at(a.id).standing == project::Standing::accepted;
    // Looking at a proposal is no change to undo; starting from another iteration is.
    if (accepted && a.id != document->base)
        move_base(a.id, a.id, "Go to iteration");
    else
        document->shown = a.id;
}

void Session::Impl::on(const AcceptIteration& a) {
    if (!document || !document->tree.contains(a.id)) return;
    move_base(a.id, a.id, "Accept", a.id, project::Standing::accepted);
}

void Session::Impl::on(const RejectIteration& a) {
    if (!document || !document->tree.contains(a.id) || a.id == 0) return;
    const project::IterationId parent = document->tree.at(a.id).parent;
    const project::IterationId base = document->base == a.id ? parent : document->base;
    move_base(base, document->shown == a.id ? base : document->shown, "Reject", a.id,
              project::Standing::rejected);
}

void Session::Impl::on(const SetCompare& a) {
    view.compare = a.compare;
    view.compare.wipe_position = std::clamp(a.compare.wipe_position, 0.0, 1.0);
}

void Session::Impl::on(const SetMaskStyle& a) {
    view.mask_style = a.style;
}

void Session::Impl::on(const Export& a) {
    if (!document) return;
    if (!a.overwrite && file_exists(a.path)) {
        Export again = a;
        again.overwrite = true;
        std::error_code ignored;
        const bool source = std::filesystem::equivalent(a.path, document->path, ignored);
        return notify(Severity::warning,
                      fmt::format("{} exists already{}.", display_path(a.path),
                                  source ? " and is the picture you opened" : ""),
                      "Overwrite", again);
    }
    worker::ExportJob job;
    job.document = view.document_id;
    job.path = a.path;
    job.picture = document->tree.picture(document->shown);
    job.original = document->tree.picture(0);
    job.touched = mask::Mask(document->mask.size());
    for (auto id = document->shown; id != 0; id = document->tree.at(id).parent)
        mask::combine(job.touched, document->tree.at(id).mask, mask::CombineMode::add);
    job.metadata = document->metadata;
    job.options = a.options;
    exporting.emplace(
        submit(std::move(job), JobKind::export_, "Export " + a.path.filename().string()),
        document->shown);
}

void Session::Impl::on(const DismissNotice& a) {
    std::erase_if(view.notices, [&](const Notice& n) { return n.id == a.id; });
    notice_actions.erase(a.id);
}

} // namespace mw::session
