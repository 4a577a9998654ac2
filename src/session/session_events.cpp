#include <fmt/format.h>

#include "session/session_impl.h"

namespace mw::session {
namespace {

bool is_final(const worker::JobEvent& event) {
    return std::holds_alternative<worker::Finished>(event.what) ||
           std::holds_alternative<worker::Failed>(event.what) ||
           std::holds_alternative<worker::Cancelled>(event.what);
}

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string file_size(std::uint64_t bytes) {
    return bytes < 100'000 ? fmt::format("{:.1f} kB", double(bytes) / 1e3)
                           : fmt::format("{:.1f} MB", double(bytes) / 1e6);
}

} // namespace

void Session::Impl::on_event(worker::JobEvent& event) {
    if (JobView* entry = job(event.job)) {
        if (std::holds_alternative<worker::Started>(event.what)) entry->state = JobState::running;
        if (const auto* phase = std::get_if<worker::PhaseChanged>(&event.what)) {
            entry->phase = phase->phase;
            entry->fraction = phase->fraction;
            entry->part = phase->part;
            entry->parts = phase->parts;
        }
        if (const auto* told = std::get_if<worker::FateTold>(&event.what))
            on_fate(event, told->fate);
        if (auto* partial = std::get_if<worker::Partial>(&event.what))
            entry->partial = std::move(partial->patch);
        if (is_final(event)) {
            entry->ended = std::chrono::steady_clock::now();
            entry->partial.reset();
        }
        if (std::holds_alternative<worker::Finished>(event.what)) entry->state = JobState::finished;
        if (std::holds_alternative<worker::Cancelled>(event.what)) {
            entry->state = JobState::cancelled;
            tell_unknown(*entry, {});
        }
        if (const auto* failed = std::get_if<worker::Failed>(&event.what)) {
            entry->state = JobState::failed;
            entry->error = failed->error.message;
            entry->unused = failed->unused;
        }
    }
    if (auto* preview = std::get_if<worker::MaskPreview>(&event.what)) on_preview(event, *preview);
    if (auto* finished = std::get_if<worker::Finished>(&event.what)) {
        const auto* edited = std::get_if<worker::Edited>(&finished->outcome);
        if (JobView* entry = job(event.job); entry && edited) entry->unused = edited->unused;
        std::visit([&](auto& outcome) { on_outcome(event, outcome); }, finished->outcome);
    }
    if (const auto* failed = std::get_if<worker::Failed>(&event.what))
        on_failure(event, failed->error);
    if (is_final(event)) {
        if (event.job == figures_job) figures_job = 0;
        if (event.job == plan_job) plan_job = 0;
        if (event.job == glance_job) {
            glance_job = 0;
            glanced.clear();
            glance_on();
        }
        after_project_job(event);
        after_regraft(event);
        after_clone(event);
        after_comparison(event);
        after_mask_job(event);
        after_wire_job(event);
        retry_on_limit.erase(event.job);
        catalogue_jobs.erase(event.job);
        asked.erase(event.job);
        exporting.erase(event.job);
        // Quiet work leaves no trace in the list once it is over; a failure has its notice.
        std::erase_if(view.jobs, [&](const JobView& j) {
            return j.id == event.job &&
                   (j.kind == JobKind::figures || j.kind == JobKind::open ||
                    j.kind == JobKind::regraft || j.kind == JobKind::plan ||
                    j.kind == JobKind::compare || j.kind == JobKind::reference ||
                    j.kind == JobKind::mask || j.kind == JobKind::combine ||
                    j.kind == JobKind::project || j.kind == JobKind::catalogue);
        });
    }
}

void Session::Impl::on_failure(const worker::JobEvent& event, const Error& error) {
    if (comparison_failed(event, error) || project_failed(event, error)) return;
    if (const auto asked_for = catalogue_jobs.find(event.job); asked_for != catalogue_jobs.end()) {
        Catalogue& catalogue = catalogues[asked_for->second];
        catalogue.asking = false;
        catalogue.problem = error.message; // told where the models are chosen
        return refresh_catalogue();
    }
    const auto retry = retry_on_limit.find(event.job);
    if (error.code == ErrorCode::too_large && retry != retry_on_limit.end())
        return notify(Severity::error, error.message, "Open anyway (up to 400 MP)", retry->second);
    if (const JobView* entry = job(event.job);
        entry && entry->fate && entry->fate->outcome == edit::Outcome::unknown)
        return tell_unknown(*entry, error.message);
    notify(Severity::error, error.message);
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::Opened& opened) {
    close_document();
    document = std::make_unique<project::Document>(opened.path, std::move(*opened.picture));
    document->prompt = view.prompt;
    view.display = image::DisplayTransform(document->color);
    view.markup.style.width_px = edit::usual_mark_width(document->tree.picture(0)->size());
    for (const LeftOver& left : params.services.left_over)
        if (!left.picture.empty() && left.picture == opened.path) on(ForgetLeftOver{left.entry});
    codec::DecodeLimits limits;
    limits.max_pixels = std::max(limits.max_pixels, document->mask.size().area());
    begin_project(limits);
    refresh_service(); // what was spent on this picture
    recent->add(opened.path);
    keep_thumbnail(opened.path);
    for (const std::string& warning : document->warnings)
        notify(Severity::warning,
               fmt::format("{}: {}", display_path(opened.path.filename()), warning));
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::Edited& edited) {
    if (!document || event.document != view.document_id)
        return notify(
            Severity::warning,
            fmt::format("The answer to \"{}\" came after its picture was closed and is {}.",
                        edited.prompt,
                        edited.fates.empty() ? "dropped" : "kept: maskwright jobs has it"));
    project::IterationId first = -1;
    for (worker::Candidate& candidate : edited.candidates) {
        project::Iteration iteration;
        iteration.parent = event.parent;
        iteration.patch = std::move(candidate.graft.patch);
        iteration.mask = edited.mask;
        iteration.prompt = edited.prompt;
        iteration.provider = edited.provider;
        iteration.model = edited.model;
        iteration.request = edited.request;
        iteration.service_id = edited.service_id;
        iteration.created_ms = now_ms();
        iteration.parts = std::move(candidate.parts);
        iteration.graft = edited.graft;
        iteration.view = edited.view;
        iteration.what_was_done = edited.what_was_done;
        iteration.report = std::move(candidate.graft.report);
        iteration.cost = edited.cost;
        iteration.seconds = edited.seconds;
        const project::IterationId id =
            document->tree.add(std::move(iteration), std::move(candidate.picture));
        if (!edited.service_id.empty())
            conversations[id] = {edited.service_id, edited.revised_prompt};
        if (first < 0) first = id;
    }
    Preferences remembered = params.preferences->get();
    remember_seconds(remembered, edited.provider, edited.model, edited.seconds);
    params.preferences->set(std::move(remembered));
    for (const edit::RequestFate& fate : edited.fates)
        if (fate.outcome == edit::Outcome::answered && !fate.journal_entry.empty())
            if (const auto by = asked.find(event.job); by != asked.end())
                journaled.emplace_back(by->second, fate.journal_entry);
    if (!edited.revised_prompt.empty())
        notify(Severity::info, fmt::format("The service understood: {}", edited.revised_prompt));
    for (const std::string& note : edited.notes)
        notify(Severity::info, note);
    if (edited.graft.redact)
        notify(Severity::info, fmt::format("Redacted. {}", project::keeps_the_original()));
    if (event.job == clone_job && first >= 0) return take_clone(event, first);
    // A late answer attaches to what it was asked from; it takes the canvas only when the artist is
    // still there.
    if (document->base != event.parent)
        return notify(Severity::info, "An answer to an earlier iteration is ready in the history.");
    // What the artist has just undone stays to be redone: an answer is nothing that he or she did.
    if (document->undo.can_redo())
        document->shown = first;
    else
        move_base(document->base, first, "Show answer");
    // What the list of recent files shows of it.
    if (edited.graft.redact && link.file) keep_thumbnail(link.path);
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::Exported& done) {
    if (const auto it = exporting.find(event.job);
        it != exporting.end() && event.document == view.document_id)
        exported = it->second;
    if (done.layers > 0 && done.changed_outside == 0)
        notify(Severity::info, fmt::format("Saved {} ({}, {} layers).", display_path(done.path),
                                           file_size(done.bytes), done.layers));
    else if (done.lossless && done.changed_outside == 0)
        notify(Severity::info, fmt::format("Saved {} ({}); read back: 0 samples outside the masks "
                                           "differ from the original.",
                                           display_path(done.path), file_size(done.bytes)));
    else if (done.lossless)
        notify(
            Severity::error,
            fmt::format("Saved {}, but {} samples outside the masks differ from the original; keep "
                        "the original and report this.",
                        display_path(done.path), done.changed_outside));
    else
        notify(Severity::warning,
               fmt::format("Saved {} ({}). This format re-encodes every pixel, so the file also "
                           "differs outside the mask; use PNG to keep every sample.",
                           display_path(done.path), file_size(done.bytes)));
    for (const std::string& note : done.notes)
        notify(Severity::info, note);
    if (!done.record.empty())
        notify(Severity::info,
               fmt::format("The edit is recorded in {}.", display_path(done.record)));
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::MaskLoaded& loaded) {
    if (!document || event.document != view.document_id) return;
    stroke.reset();
    drop_mask_work();
    change_mask(std::move(loaded.mask), "Load mask");
    notify(Severity::info, fmt::format("Mask read from its {}.", loaded.note));
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::MaskSaved& saved) {
    notify(Severity::info, fmt::format("Saved the mask as {}.", display_path(saved.path)));
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::Planned& planned) {
    if (event.job == plan_job) set_plan(std::move(planned.parts));
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::Compared& compared) {
    if (event.document != view.document_id || event.job != figures_job) return;
    // Those of other grafts of the same iteration are not kept.
    std::erase_if(figures, [&](const auto& entry) {
        const auto& [id, patch] = entry.first;
        return document->tree.at(id).patch.identity() != patch;
    });
    figures[figures_asked] = compared.stats;
}

} // namespace mw::session
