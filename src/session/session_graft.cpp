// The shown result grafted again from the stored answer: tried while a slider is dragged, kept when
// it is let go.
#include <fmt/format.h>
#include <cmath>

#include "session/session_impl.h"

namespace mw::session {
namespace {

constexpr double kMostFeather = 4096, kMostReach = 256;

// What is cut off, part by part; empty when nothing is.
std::vector<composite::CutOff> cut_off(const project::Iteration& it) {
    std::vector<composite::CutOff> all;
    for (const composite::GraftReport& part : it.report.parts)
        all.push_back(part.cut_off);
    if (all.empty()) all.push_back(it.report.cut_off);
    int most = 0;
    for (const composite::CutOff& one : all)
        most = std::max(most, one.most());
    return most > 0 && all.size() == it.parts->size() ? all : std::vector<composite::CutOff>();
}

} // namespace

composite::GraftParams sane(composite::GraftParams params) {
    const auto between = [](double v, double high) {
        return std::isnan(v) ? 0 : std::clamp(v, 0.0, high);
    };
    auto& seam = params.seam;
    if (seam.feather_px && std::isnan(*seam.feather_px)) seam.feather_px.reset();
    if (seam.feather_px) seam.feather_px = between(*seam.feather_px, kMostFeather);
    seam.reach_out_px = between(seam.reach_out_px, kMostReach);
    return params;
}

composite::GraftParams as_default(composite::GraftParams params) {
    params.accept_large_move = false; // an answer to a question about one picture
    params.prove = true;
    params.redact = false; // what the words asked for, not a setting
    return params;
}

worker::JobId Session::Impl::submit_regraft(const composite::GraftParams& wanted, bool grow) {
    const project::Iteration& shown = document->tree.at(document->shown);
    // Growing changes the masks on the bench, so that it has one of its own.
    std::shared_ptr<worker::GraftBench> used = bench;
    if (grow || !bench || bench_of != std::pair{shown.id, shown.mask.identity()}) {
        used = std::make_shared<worker::GraftBench>();
        used->source = document->tree.picture(shown.parent);
        used->parts = *shown.parts.get();
        used->mask = *shown.mask;
        used->view = shown.view;
        if (!grow) {
            bench = used;
            bench_of = {shown.id, shown.mask.identity()};
        }
    }
    worker::RegraftJob job;
    job.document = view.document_id;
    job.iteration = shown.id;
    job.params = wanted;
    job.bench = std::move(used);
    if (grow) job.grow = cut_off(shown);
    return submit(std::move(job), JobKind::regraft, "Graft");
}

// A combination has no answer of its own.
bool Session::Impl::can_regraft() const {
    return document && document->shown != 0 && !document->tree.at(document->shown).combined;
}

void Session::Impl::drop_trial() {
    view.trial.reset();
    next_preview.reset();
}

void Session::Impl::on(const PrepareGraft&) {
    if (!can_regraft() || preview_job != 0 || bench) return;
    composite::GraftParams wanted = document->tree.at(document->shown).graft;
    wanted.prove = false;
    preview_job = submit_regraft(wanted); // its picture is the shown one: nobody waits for it
}

void Session::Impl::on(const TryGraft& a) {
    if (!can_regraft()) return;
    composite::GraftParams wanted = sane(a.params);
    wanted.prove = true;
    wanted.redact = document && document->tree.at(document->shown).graft.redact;
    if (!view.trial || view.trial->iteration != document->shown) {
        view.trial.emplace();
        view.trial->iteration = document->shown;
    }
    view.trial->params = wanted;
    view.trial->held = true;
    view.trial->growing = false;
    wanted.prove = false;
    // One is let through to its end, so that there is something to see while the hand moves on.
    if (preview_job != 0)
        next_preview = wanted;
    else
        preview_job = submit_regraft(wanted);
}

void Session::Impl::on(const SetGraft& a) {
    composite::GraftParams wanted = sane(a.params);
    wanted.prove = true;
    wanted.redact = document && document->tree.at(document->shown).graft.redact;
    view.request.graft = as_default(wanted);
    if (!can_regraft()) return;
    next_preview.reset();
    if (commit_job == 0 && wanted == document->tree.at(document->shown).graft) return drop_trial();
    if (!view.trial || view.trial->iteration != document->shown) {
        view.trial.emplace();
        view.trial->iteration = document->shown;
    }
    view.trial->params = wanted;
    view.trial->held = view.trial->growing = false;
    commit_job = submit_regraft(wanted);
}

void Session::Impl::on(const DropGraftTrial&) {
    drop_trial();
}

void Session::Impl::on(const GrowAndRegraft&) {
    if (!can_regraft()) return;
    const project::Iteration& shown = document->tree.at(document->shown);
    if (cut_off(shown).empty() || (view.trial && view.trial->growing)) return;
    drop_trial();
    view.trial.emplace();
    view.trial->iteration = shown.id;
    view.trial->params = shown.graft;
    view.trial->params.prove = true;
    view.trial->growing = true;
    commit_job = submit_regraft(view.trial->params, true);
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::Regrafted& done) {
    if (!document || event.document != view.document_id) return;
    if (!done.grafted.graft.prove) {
        if (!view.trial || view.trial->iteration != done.iteration) return;
        view.trial->patch = *done.grafted.patch;
        view.trial->report = std::move(done.grafted.report);
        return;
    }
    auto& d = *document;
    const project::IterationId id = done.iteration;
    const std::string name =
        *done.grafted.mask == *d.tree.at(id).mask ? "Graft settings" : "Grow mask and re-graft";
    if (d.tree.replaceable(id)) {
        d.tree.swap_graft(id, done.grafted, std::move(done.picture));
        d.undo.push({name, project::GraftChange{id, std::move(done.grafted)}});
        return;
    }
    const project::IterationId sibling =
        d.tree.add_sibling(id, std::move(done.grafted), std::move(done.picture));
    if (d.shown == id) return move_base(d.tree.at(id).parent, sibling, name);
    notify(Severity::info, fmt::format("Result {} was grafted again as result {}.", id, sibling));
}

void Session::Impl::after_regraft(const worker::JobEvent& event) {
    const bool worked = std::holds_alternative<worker::Finished>(event.what);
    if (event.job == preview_job) {
        preview_job = 0;
        if (!worked) return drop_trial();
        if (next_preview && view.trial && document && view.trial->iteration == document->shown) {
            const composite::GraftParams wanted = *next_preview;
            preview_job = submit_regraft(wanted);
        }
        next_preview.reset();
    } else if (event.job == commit_job) {
        commit_job = 0;
        // The hand may be on the slider again.
        if (!worked || (view.trial && !view.trial->held)) drop_trial();
    }
}

} // namespace mw::session
