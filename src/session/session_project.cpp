// The document as a project on disk: created when a picture is opened, written as things happen,
// never waited for.
#include <fmt/format.h>

#include <chrono>
#include <random>

#include "session/session_impl.h"

namespace mw::session {
namespace {

namespace fs = std::filesystem;

// A failed write is tried again after so long, twice that, and so on.
constexpr int kFirstRetryMs = 1000, kLastRetryMs = 8000;

// "still_life-20261127-101500-3fa2.mwr": what the picture was called, and no other project's name.
fs::path recovery_path(const fs::path& folder, const fs::path& picture) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    std::string stem = picture.stem().string();
    std::size_t length = std::min<std::size_t>(stem.size(), 80);
    while (length < stem.size() && length > 0 && (stem[length] & 0xc0) == 0x80)
        --length; // not within a character of UTF-8
    stem.resize(length);
    std::random_device random;
    return folder / fmt::format("{}-{:04}{:02}{:02}-{:02}{:02}{:02}-{:04x}.mwr",
                                stem.empty() ? "picture" : stem, local.tm_year + 1900,
                                local.tm_mon + 1, local.tm_mday, local.tm_hour, local.tm_min,
                                local.tm_sec, random() & 0xffff);
}

bool nothing_in(const project::Document& d) {
    return d.tree.size() == 1 && d.mask.empty() && d.slots.empty() && !d.undo.can_undo() &&
           !d.undo.can_redo() && d.tree.at(0).marks == project::Marks{};
}

} // namespace

fs::path recovery_folder(const fs::path& state_folder) {
    return state_folder.empty() ? fs::path() : state_folder / "recovery";
}

void Session::Impl::begin_project(const codec::DecodeLimits& limits) {
    link = {};
    keep_settings();
    link.limits = limits;
    if (params.state_folder.empty()) return;
    link.path = recovery_path(recovery_folder(params.state_folder), document->path);
    link.file = std::make_shared<worker::ProjectFile>();
    create_project_file();
}

void Session::Impl::create_project_file() {
    worker::CreateProjectJob job;
    job.document = view.document_id;
    job.file = link.file;
    job.path = link.path;
    job.snapshot = std::make_shared<const project::Document>(*document);
    job.limits = link.limits;
    job.after.milliseconds = link.retry_ms;
    link.recorder.emplace(*document);
    link.creating = true;
    link.job = worker->submit(std::move(job));
}

void Session::Impl::adopt_project(std::shared_ptr<project::Store> store) {
    link = {};
    link.path = store->path();
    link.file = std::make_shared<worker::ProjectFile>();
    link.file->set_store(store);
    link.named = link.path.parent_path() != recovery_folder(params.state_folder);
    link.read_only = store->read_only();
    link.recorder.emplace(*document);
}

void Session::Impl::keep_settings() {
    KeptSettings now{view.request, view.tool, view.brush};
    now.request.references.clear();
    if (now == kept_settings && !document->view_state.empty()) return;
    document->view_state = to_text(now);
    kept_settings = std::move(now);
}

void Session::Impl::take_settings_up() {
    KeptSettings kept{view.request, view.tool, view.brush};
    from_text(document->view_state, kept);
    const bool known = std::ranges::any_of(view.models, [&](const edit::ModelCapabilities& m) {
        return m.provider == kept.request.provider && m.id == kept.request.model;
    });
    if (!known) {
        kept.request.provider = view.request.provider;
        kept.request.model = view.request.model;
    }
    view.tool = kept.tool;
    view.brush = kept.brush;
    on(SetRequest{std::move(kept.request)});
}

void Session::Impl::record_changes() {
    if (!document || !link.recorder || stroke) return;
    keep_settings();
    project::Batch batch = link.recorder->take(*document);
    if (!batch.empty()) {
        const bool only_view = batch.iterations.empty() && !batch.pointer && batch.tiles.empty() &&
                               !batch.slots && batch.commands.empty();
        if (link.read_only && !only_view && !link.told_read_only) {
            link.told_read_only = true;
            notify(Severity::warning,
                   "This project cannot be written here, so what you change now is in memory "
                   "alone; save the project under another name to keep it.");
        }
        if (!link.read_only || !only_view) link.file->add(std::move(batch));
    }
    write_project();
}

void Session::Impl::write_project() {
    if (!link.file || link.job != 0 || link.read_only || link.file->all_written()) return;
    worker::WriteProjectJob job;
    job.document = view.document_id;
    job.file = link.file;
    job.after.milliseconds = link.retry_ms;
    link.job = worker->submit(std::move(job));
}

void Session::Impl::project_written(const std::string& where) {
    link.retry_ms = 0;
    if (!link.trouble.empty()) {
        link.trouble.clear();
        notify(Severity::info, fmt::format("Everything is on disk again, in {}.", where));
    }
}

bool Session::Impl::project_failed(const worker::JobEvent& event, const Error& error) {
    if (event.job == link.save_as) {
        link.save_as = 0;
        notify(Severity::error, error.message);
        return true;
    }
    if (closing_projects.erase(event.job) > 0) {
        notify(Severity::error, error.message);
        return true;
    }
    if (event.job != link.job || link.job == 0) return false;
    link.retry_ms = std::clamp(2 * link.retry_ms, kFirstRetryMs, kLastRetryMs);
    const bool news = link.trouble.empty();
    link.trouble = error.message;
    if (news)
        notify(Severity::warning,
               fmt::format("{} Work goes on in memory and is written as soon as that is possible.",
                           error.message));
    return true;
}

void Session::Impl::after_project_job(const worker::JobEvent& event) {
    if (event.job != link.job || link.job == 0) return;
    const bool created = std::holds_alternative<worker::Finished>(event.what);
    link.job = 0;
    if (link.creating && !created && !link.file->store()) return create_project_file();
    link.creating = false;
    write_project();
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::ProjectCreated& created) {
    if (event.document != view.document_id) return;
    if (!created.note.empty()) notify(Severity::info, created.note);
    project_written(display_path(created.path));
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::ProjectWritten&) {
    if (event.document != view.document_id) return;
    project_written(display_path(link.path));
    // What the project holds need not be kept in the journal as well.
    if (link.file && link.file->all_written()) deliver_to_project();
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::ProjectSavedAs& saved) {
    if (event.document != view.document_id) return;
    link.save_as = 0;
    const fs::path before = link.path;
    const bool ours_without_name = !link.named && !link.read_only;
    link.path = saved.path;
    link.named = true;
    link.read_only = link.told_read_only = false;
    project_written(display_path(saved.path));
    recent->add(saved.path);
    keep_thumbnail(saved.path);
    notify(Severity::info,
           fmt::format("The project is {} from now on; every change is written there by itself.",
                       display_path(saved.path)));
    // The copy without a name was this very project.
    std::error_code ignored;
    if (ours_without_name && !before.empty() && before != saved.path) {
        fs::remove(before, ignored);
        recent->remove(before);
    }
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::ProjectClosed&) {
    const auto closed = closing_projects.find(event.job);
    if (closed == closing_projects.end()) return;
    for (const auto& [engine, entry] : closed->second)
        engine->delivered(entry);
    closing_projects.erase(closed);
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::ProjectOpened& opened) {
    close_document();
    project::OpenedProject& project = *opened.project;
    document = std::move(project.document);
    adopt_project(project.store);
    view.display = image::DisplayTransform(document->color, document->canvas.exposure_stops);
    for (std::size_t i = 1; i < document->tree.size(); ++i)
        if (const auto id = static_cast<project::IterationId>(i); document->tree.contains(id))
            if (const std::string& said = document->tree.at(id).service_id; !said.empty())
                conversations[id] = {said, {}};
    ++view.mask_revision;
    view.markup.style.width_px = edit::usual_mark_width(document->tree.picture(0)->size());
    view.prompt = document->prompt;
    take_settings_up();
    recent->add(link.path);
    keep_thumbnail(link.path);
    for (const std::string& note : project.notes)
        notify(Severity::warning, note);
    if (link.read_only && project.notes.empty())
        notify(Severity::warning, "This project is open read-only.");
    for (const std::string& warning : document->warnings)
        notify(Severity::warning, warning);
    for (project::Unfinished& left : project.unfinished)
        finish_request(std::move(left));
}

void Session::Impl::finish_request(project::Unfinished left) {
    if (!document->tree.contains(left.parent)) return;
    worker::FinishJob job;
    job.document = view.document_id;
    job.source = document->tree.picture(left.parent);
    document->tree.pin(left.parent);
    job.request = left.number;
    job.left = std::make_shared<const project::Unfinished>(std::move(left));
    submit(std::move(job), JobKind::edit, "Take up an answer");
}

void Session::Impl::close_project() {
    if (link.file) {
        record_changes();
        if (link.job != 0 && link.retry_ms > 0) worker->cancel(link.job); // it only waits
        worker::CloseProjectJob job{view.document_id, link.file,
                                    !link.named && nothing_in(*document)};
        const bool keeps = !job.nothing_in_it && !link.read_only;
        const worker::JobId id = worker->submit(std::move(job));
        // Of what is in memory alone the journal stays.
        auto& delivered = closing_projects[id];
        if (!link.read_only) delivered = std::move(journaled);
        journaled.clear();
        if (keeps) {
            if (!link.named) recent->remove(document->path); // found by its project from now on
            recent->add(link.path);
            keep_thumbnail(link.path);
        }
    }
    link = {};
}

void Session::Impl::deliver_to_project() {
    for (const auto& [engine, entry] : journaled)
        engine->delivered(entry);
    journaled.clear();
}

void Session::Impl::on(const SaveProjectAs& a) {
    if (!document) return;
    std::error_code ignored;
    if (!a.overwrite && fs::exists(a.path, ignored) && a.path != link.path) {
        SaveProjectAs again = a;
        again.overwrite = true;
        return notify(Severity::warning, fmt::format("{} exists already.", display_path(a.path)),
                      "Overwrite", again);
    }
    if (link.save_as != 0) return notify(Severity::info, "It is being saved elsewhere already.");
    if (link.file && link.file->store()) {
        if (link.job != 0 && link.retry_ms > 0) worker->cancel(link.job); // space may be there
        link.save_as = worker->submit(
            worker::SaveProjectAsJob{view.document_id, link.file, a.path, a.overwrite});
        return;
    }
    // It has no file yet: it gets this one.
    if (link.job != 0) worker->cancel(link.job);
    const codec::DecodeLimits limits = link.limits;
    link = {};
    link.limits = limits;
    link.path = a.path;
    link.named = true;
    link.file = std::make_shared<worker::ProjectFile>();
    create_project_file();
    recent->add(a.path);
}

void Session::Impl::keep_thumbnail(const fs::path& of) {
    if (params.state_folder.empty() || !document) return;
    worker::ThumbnailJob job;
    job.document = view.document_id;
    job.file = worker::thumbnail_file(params.state_folder / "thumbnails", of);
    job.picture = document->tree.picture(document->shown);
    job.view = view.display;
    (void)worker->submit(std::move(job));
}

void Session::Impl::on(const ReadRecentPictures&) {
    if (params.state_folder.empty()) return;
    worker::ReadThumbnailsJob job;
    for (const fs::path& file : recent->files())
        job.files.emplace_back(file,
                               worker::thumbnail_file(params.state_folder / "thumbnails", file));
    (void)worker->submit(std::move(job));
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::ThumbnailsRead& read) {
    view.recent_pictures = std::move(read.pictures);
}

void Session::Impl::on(const GlanceAt& a) {
    constexpr std::size_t kMostKept = 600;
    if (view.glances.size() > kMostKept) view.glances.clear();
    to_glance.clear();
    for (const fs::path& file : a.files)
        if (!view.glances.contains(file) && file != glanced) to_glance.push_back(file);
    if (glance_job != 0 && std::ranges::find(a.files, glanced) == a.files.end())
        worker->cancel(glance_job);
    glance_on();
}

void Session::Impl::glance_on() {
    if (glance_job != 0 || to_glance.empty()) return;
    glanced = to_glance.front();
    to_glance.pop_front();
    glance_job = worker->submit(worker::GlanceJob{view.document_id, glanced});
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::Glanced& seen) {
    view.glances[seen.file] = std::move(seen.picture);
}

void Session::Impl::on(const KeepCanvasView& a) {
    if (document) document->canvas = a.canvas;
}

void Session::Impl::refresh_project() {
    view.project = {};
    view.title = document ? document->path.filename().string() : std::string();
    if (!document || !link.file) return;
    view.project.path = link.path;
    view.project.named = link.named;
    view.project.read_only = link.read_only;
    view.project.trouble = link.trouble;
    view.project.saving = link.job != 0 && link.trouble.empty();
    if (link.named) view.title = link.path.stem().string();
    if (const auto store = link.file->store())
        for (const std::string& problem : store->take_problems())
            notify(Severity::error, problem);
}

// What is in memory alone, as a sentence; empty: nothing.
std::string Session::Impl::only_in_memory() const {
    if (!document) return {};
    if (!link.file) return has_unsaved_work() ? "The shown result has not been exported" : "";
    if (link.read_only && !link.file->all_written())
        return "What was changed in this read-only project is in memory alone";
    if (!link.trouble.empty()) return "The newest changes could not be written";
    return {};
}

bool Session::may_end() {
    if (!impl_->document) return true;
    const std::string lost = impl_->only_in_memory();
    if (lost.empty()) return true;
    impl_->notify(Severity::warning, lost + "; close the window again to drop it.");
    impl_->refresh();
    return false;
}

} // namespace mw::session
