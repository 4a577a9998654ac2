// Strokes with clone and heal: each is a small request to the built-in engine, answered at once, of
// which the result is taken.
#include <fmt/format.h>

#include <cmath>

#include "session/session_impl.h"

namespace mw::session {
namespace {

Point pixel_at(double x, double y) {
    return {static_cast<int>(std::floor(x)), static_cast<int>(std::floor(y))};
}

} // namespace

void Session::Impl::on(const SetCloneSource& a) {
    if (!document) return;
    if (!document->mask.rect().contains(a.at))
        return notify(Severity::info, "The source lies outside the picture; choose one inside.");
    view.clone = {a.at, {}};
}

bool Session::Impl::begin_clone_stroke(const mask::StrokeSample& at) {
    if (!view.clone.point) {
        notify(Severity::info, fmt::format("Alt+click where to {} from first.",
                                           view.tool == Tool::heal ? "heal" : "clone"));
        return false;
    }
    if (!std::isfinite(at.x) || !std::isfinite(at.y)) return false;
    if (!view.clone.offset) {
        const Point to = pixel_at(at.x, at.y);
        view.clone.offset = {view.clone.point->x - to.x, view.clone.point->y - to.y};
    }
    return true;
}

void Session::Impl::end_clone_stroke(mask::Mask painted) {
    const Point offset = *view.clone.offset;
    const Rect all = painted.rect(), there = painted.bounds();
    // Where the source runs out of the picture nothing is painted.
    const Rect usable = intersect(there, all.translated(-offset.x, -offset.y));
    if (offset == Point{0, 0} || usable.empty()) {
        if (!there.empty())
            notify(Severity::info, offset == Point{0, 0}
                                       ? "The source is where you paint, so nothing would change; "
                                         "Alt+click another one."
                                       : "The source lies outside the picture for this stroke; "
                                         "Alt+click another one.");
        return;
    }
    if (usable != there) {
        mask::Mask cut(painted.size());
        cut.write(usable, painted.read(usable).view());
        painted = std::move(cut);
    }
    clone_strokes.push_back(
        {std::move(painted), fmt::format("{} by {},{}", view.tool == Tool::heal ? "heal" : "clone",
                                         offset.x, offset.y)});
    if (clone_job == 0) submit_clone();
}

void Session::Impl::submit_clone() {
    if (clone_strokes.empty() || !document) return;
    const CloneStroke next = std::move(clone_strokes.front());
    clone_strokes.pop_front();
    const auto engine = std::ranges::find_if(
        params.backends, [](const auto& backend) { return backend->provider() == "builtin"; });
    if (engine == params.backends.end())
        return notify(Severity::error, "The built-in engine is not there, so nothing was cloned.");
    worker::EditJob job;
    job.document = view.document_id;
    job.parent = document->shown; // on what is seen
    job.request = document->tree.new_request();
    job.for_canvas = true;
    job.backend = *engine;
    job.model = (*engine)->models().front();
    job.prompt = next.prompt;
    job.params.model = job.model.id;
    job.plan = edit::default_plan(job.model);
    job.plan.islands = edit::Islands::together;
    job.graft = view.request.graft;
    job.project = link.read_only ? nullptr : link.file;
    job.source = document->tree.picture(document->shown);
    job.view = view.display;
    job.mask = next.mask;
    document->tree.pin(document->shown);
    clone_job = submit(std::move(job), JobKind::edit, next.prompt);
}

void Session::Impl::take_clone(const worker::JobEvent& event, project::IterationId made) {
    if (document->shown != event.parent)
        return notify(Severity::info, "A stroke on an earlier iteration is in the history.");
    const bool heal = document->tree.at(made).prompt.starts_with("heal");
    move_base(made, made, heal ? "Heal stroke" : "Clone stroke", made, project::Standing::accepted);
}

void Session::Impl::after_clone(const worker::JobEvent& event) {
    if (event.job != clone_job) return;
    clone_job = 0;
    // Strokes come and go; what failed stays to be read.
    std::erase_if(view.jobs, [&](const JobView& job) {
        return job.id == event.job && job.state == JobState::finished;
    });
    if (!std::holds_alternative<worker::Finished>(event.what)) clone_strokes.clear();
    submit_clone();
}

} // namespace mw::session
