#include <fmt/format.h>
#include <cmath>

#include "session/session_impl.h"

namespace mw::session {
namespace {

constexpr std::int64_t kRaisedPixels = 400'000'000;

bool file_exists(const std::filesystem::path& path) {
    std::error_code ignored;
    // A folder of that name is an error of its own, not something to overwrite.
    return std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored);
}

// NaN, which compares with nothing, becomes `fallback`.
double finite_between(double value, double low, double high, double fallback) {
    return std::isnan(value) ? fallback : std::clamp(value, low, high);
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
    const auto id = submit(open, JobKind::open, display_path(a.path.filename()));
    if (!a.raise_limit) {
        OpenFile raised = a;
        raised.raise_limit = true;
        retry_on_limit.emplace(id, raised);
    }
}

void Session::Impl::on(const CloseDocument& a) {
    if (!document) return;
    if (const std::string lost = only_in_memory(); !a.discard && !lost.empty())
        return notify(Severity::warning, lost + "; closing drops it.", "Close and drop it",
                      CloseDocument{true});
    const bool paid_running =
        std::any_of(view.jobs.begin(), view.jobs.end(), [](const JobView& job) {
            return job.paid && (job.state == JobState::waiting || job.state == JobState::running);
        });
    if (!a.discard && paid_running)
        return notify(Severity::warning,
                      "A request that costs money is on its way; closing cancels it, and it may be "
                      "charged all the same.",
                      "Close and cancel it", CloseDocument{true});
    close_document();
}

void Session::Impl::on(const SetTool& a) {
    if (a.tool != view.tool) {
        drop_held_task();
        drop_wire();
        // The picture as shown may be a copy as large as the picture.
        if (!is_selecting(a.tool) && work.tasks.empty()) work.bench.reset();
    }
    view.tool = a.tool;
}

void Session::Impl::on(const SetBrush& a) {
    view.brush = a.brush;
    const mask::Brush usual;
    view.brush.radius_px = finite_between(a.brush.radius_px, 0.5, 4096, usual.radius_px);
    view.brush.hardness = finite_between(a.brush.hardness, 0, 1, usual.hardness);
    view.brush.opacity = finite_between(a.brush.opacity, 0.01, 1, usual.opacity);
    view.brush.stabiliser = finite_between(a.brush.stabiliser, 0, 1, usual.stabiliser);
}

void Session::Impl::on(const BeginStroke& a) {
    if (!document || stroke) return;
    drop_held_task();
    mask::Brush brush = view.brush;
    brush.erase = a.erase || view.tool == Tool::eraser;
    const auto& end = view.selection.stroke_end;
    const bool join = a.join && end && std::isfinite(a.sample.x) && std::isfinite(a.sample.y);
    if (join) brush.stabiliser = 0; // a straight line needs no steady hand
    cloning = is_cloning(view.tool);
    if (cloning) {
        if (!begin_clone_stroke(a.sample)) return;
        brush.erase = false;
    }
    const auto& limit = view.selection.limit;
    mask::Mask base = cloning ? mask::Mask(document->mask.size()) : document->mask;
    stroke = limit ? std::make_unique<mask::StrokePainter>(std::move(base), brush, *limit)
                   : std::make_unique<mask::StrokePainter>(std::move(base), brush);
    if (join) {
        // Three points on the way keep the smoothing of what follows out of the line.
        const mask::StrokeSample from = work.stroke_last;
        const double length = std::hypot(a.sample.x - from.x, a.sample.y - from.y);
        stroke->extend(from);
        for (const double left : {length / 2, 4.0, 2.0}) {
            if (left >= length) continue;
            const double t = 1 - left / length;
            stroke->extend({from.x + t * (a.sample.x - from.x), from.y + t * (a.sample.y - from.y),
                            from.pressure + t * (a.sample.pressure - from.pressure), a.sample.t});
        }
    }
    stroke->extend(a.sample);
    work.stroke_last = a.sample;
    ++view.mask_revision;
}

void Session::Impl::on(const ExtendStroke& a) {
    if (!stroke) return;
    if (std::isfinite(a.sample.x) && std::isfinite(a.sample.y)) work.stroke_last = a.sample;
    if (!stroke->extend(a.sample).empty()) ++view.mask_revision;
}

void Session::Impl::on(const EndStroke&) {
    if (!stroke) return;
    mask::Mask painted = stroke->mask();
    stroke.reset();
    if (std::isfinite(work.stroke_last.x) && std::isfinite(work.stroke_last.y))
        view.selection.stroke_end = PointF{work.stroke_last.x, work.stroke_last.y};
    if (cloning)
        end_clone_stroke(std::move(painted));
    else
        change_mask(std::move(painted), "Brush stroke");
    ++view.mask_revision; // also when nothing changed: the plan is made again now that the pen is
                          // up
    advance_mask_work();
}

void Session::Impl::on(const AbortStroke&) {
    if (!stroke) return;
    stroke.reset();
    ++view.mask_revision;
    advance_mask_work();
}

void Session::Impl::on(const ClearMask&) {
    change_whole_mask(RefineKind::clear);
}

void Session::Impl::on(const FillMask&) {
    change_whole_mask(RefineKind::fill);
}

void Session::Impl::on(const InvertMask&) {
    change_whole_mask(RefineKind::invert);
}

void Session::Impl::on(const LoadMask& a) {
    if (!document) return;
    submit(worker::MaskFileJob{view.document_id, a.path, true, document->mask}, JobKind::mask_file,
           "Load mask " + display_path(a.path.filename()));
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
           "Save mask " + display_path(a.path.filename()));
}

void Session::Impl::on(const Undo&) {
    if (!document || stroke) return;
    if (drop_mask_work()) return; // the newest thing done is what is still being made
    drop_trial();
    after_undo(document->undo.undo(document->undo_target()));
}

void Session::Impl::on(const Redo&) {
    if (!document || stroke) return;
    drop_mask_work();
    drop_trial();
    after_undo(document->undo.redo(document->undo_target()));
}

void Session::Impl::after_undo(const Rect& changed) {
    if (!changed.empty()) ++view.mask_revision;
    if (document->prompt != view.prompt) on(SetPrompt{document->prompt});
}

void Session::Impl::on(const SetPrompt& a) {
    view.prompt = a.text;
    if (document) document->prompt = a.text;
    prompt_problem.clear();
    view.understood.clear();
    const auto engine = backend();
    if (!engine || !model() || a.text.empty()) return;
    Status ok = edit::check_request(*model(), a.text, edit_params());
    if (ok) ok = engine->check(a.text, edit_params());
    if (!ok) prompt_problem = ok.error().message;
    if (ok) view.understood = engine->understood(a.text);
}

void Session::Impl::on(const SetPromptSteps& a) {
    if (const auto engine = backend())
        if (const std::string prompt = engine->prompt_of(a.steps); !prompt.empty())
            on(SetPrompt{prompt});
}

void Session::Impl::on(const SetRequest& a) {
    view.request = a.settings;
    const auto* m = model();
    if (!m) return;
    view.request.provider = m->provider;
    view.request.model = m->id;
    view.request.count = std::clamp(view.request.count, 1, m->max_count);
    if (auto& px = view.request.context_px) px = std::clamp(*px, 0, 32768);
    view.request.enlarge = finite_between(view.request.enlarge, 1, 8, 1);
    view.request.graft = as_default(sane(view.request.graft));
    fit_to_model(view.request);
    refresh_service();
    planned_revision = ~0ull;
    on(SetPrompt{view.prompt});
}

void Session::Impl::on(const Run&) {
    if (stroke) on(EndStroke{});
    if (!work.tasks.empty()) { // what is still being selected is part of the request
        if (work.tasks.back().held) change_last_task(work.tasks.back().op, false);
        work.run_after = !work.tasks.empty();
        if (work.run_after) return;
    }
    refresh();
    if (!view.cannot_run.empty()) return notify(Severity::info, view.cannot_run);
    worker::EditJob job;
    job.document = view.document_id;
    job.parent = document->base;
    job.request = document->tree.new_request();
    job.for_canvas = true;
    job.backend = backend();
    job.model = *model();
    job.prompt = view.prompt;
    job.params = edit_params();
    if (job.model.copies)
        for (const MaskSlot& slot : document->slots)
            if (slot.id == view.request.not_from)
                job.params.barred = std::make_shared<const mask::Mask>(slot.mask);
    job.plan = plan_params();
    job.graft = view.request.graft;
    job.project = link.read_only ? nullptr : link.file;
    job.source = document->tree.picture(document->base);
    job.view = view.display;
    job.mask = document->mask;
    document->tree.pin(document->base); // the answer will be a patch over this very picture
    const bool paid = !model()->free, can_stop = model()->can_stop;
    job.params.continues = continued();
    const worker::JobId id = submit(std::move(job), JobKind::edit, shortened(view.prompt));
    asked[id] = backend();
    Preferences remembered = params.preferences->get();
    remember_prompt(remembered, view.prompt);
    params.preferences->set(std::move(remembered));
    if (JobView* entry = this->job(id)) {
        entry->paid = paid;
        entry->can_stop = can_stop;
        entry->usual_s = usual_seconds(params.preferences->get(), model()->provider, model()->id);
    }
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
    const project::Iteration& chosen = document->tree.at(a.id);
    if (!document->tree.alive(a.id)) return;
    const bool accepted = chosen.standing == project::Standing::accepted;
    // What is shown is the base or a proposal on top of it, so that a request is about what is
    // seen.
    const project::IterationId base = accepted ? a.id : chosen.parent;
    const project::Iteration& left = document->tree.at(document->shown);
    project::BaseChange before{document->base, document->shown};
    // Candidates of one request are looked at with whatever was painted since; going to what was
    // asked for otherwise brings the mask and the words of that.
    const bool other = chosen.request != 0 && chosen.request != left.request;
    if (other) {
        drop_mask_work();
        const mask::Mask its = *chosen.mask;
        mask::MaskPatch patch(document->mask, its);
        if (!patch.empty()) {
            before.mask = std::move(patch);
            document->mask = its;
            ++view.mask_revision;
        }
        if (!chosen.prompt.empty() && chosen.prompt != view.prompt) {
            before.prompt = document->prompt;
            on(SetPrompt{chosen.prompt});
        }
    }
    // Looking at a proposal is no change to undo; starting from another iteration is.
    const bool undoable = base != document->base || !before.mask.empty() || before.prompt;
    document->base = base;
    document->shown = a.id;
    if (undoable) document->undo.push({"Go to iteration", std::move(before)});
}

void Session::Impl::on(const AcceptIteration& a) {
    if (!document || !document->tree.contains(a.id)) return;
    move_base(a.id, a.id, "Accept", a.id, project::Standing::accepted);
}

void Session::Impl::on(const RejectIteration& a) {
    if (!document || !document->tree.contains(a.id) || a.id == 0) return;
    const project::IterationId parent = document->tree.at(a.id).parent;
    // The base rejected, what is shown on top of it goes from the canvas as well.
    const bool was_base = document->base == a.id;
    const project::IterationId base = was_base ? parent : document->base;
    move_base(base, was_base || document->shown == a.id ? base : document->shown, "Reject", a.id,
              project::Standing::rejected);
}

void Session::Impl::on(const SetMaskStyle& a) {
    view.mask_style = a.style;
    const MaskStyle usual;
    for (std::size_t c = 0; c < 3; ++c)
        view.mask_style.color[c] =
            static_cast<float>(finite_between(a.style.color[c], 0, 1, usual.color[c]));
    view.mask_style.opacity =
        static_cast<float>(finite_between(a.style.opacity, 0.05, 1, usual.opacity));
}

void Session::Impl::on(const SetExposure& a) {
    if (!document) return;
    view.display = image::DisplayTransform(document->color, finite_between(a.stops, -20, 20, 0));
    document->canvas.exposure_stops = view.display.exposure_stops();
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
    job.record.source = document->path;
    job.record.source_provenance = document->provenance;
    const project::IterationId redaction = project::last_redaction(document->tree, document->shown);
    if (redaction != 0) job.redacted = document->tree.picture(redaction);
    job.steps = handoff::steps_to(document->tree, document->shown, redaction);
    for (const project::IterationId id : handoff::way_to(document->tree, document->shown)) {
        mask::combine(job.touched, *document->tree.at(id).mask, mask::CombineMode::add);
        job.record.edits.push_back(handoff::recorded(document->tree.at(id)));
    }
    job.metadata = document->metadata;
    job.view = view.display;
    job.options = a.options;
    job.overwrite_record = a.overwrite;
    document->tree.pin(document->shown); // the file says what this result is
    exporting.emplace(
        submit(std::move(job), JobKind::export_, "Export " + display_path(a.path.filename())),
        document->shown);
}

void Session::Impl::on(const DismissNotice& a) {
    std::erase_if(view.notices, [&](const Notice& n) { return n.id == a.id; });
    notice_actions.erase(a.id);
}

} // namespace mw::session
