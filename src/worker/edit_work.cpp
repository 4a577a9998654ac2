#include <fmt/format.h>
#include <chrono>

#include "worker/work.h"

namespace mw::worker {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A partial is shown through the mask at once; it is not worth registering, nor proving.
void report_partial(const EditJob& job, const edit::CropPlan& plan, const image::ImageRef& partial,
                    const ReportProgress& report) {
    composite::GraftParams params = job.graft;
    params.do_register = params.match_color = params.prove = false;
    if (auto graft =
            composite::graft(job.source->view(), partial->view(), job.mask, plan, params, job.view))
        report(Partial{std::move(graft->patch)});
}

Result<Candidate> graft_answer(const EditJob& job, edit::AnsweredPart part, std::stop_token stop) {
    auto picture = codec::decode(part.answer.bytes, "The engine's answer", {}, stop);
    if (!picture) return tl::unexpected(picture.error());
    auto graft = composite::graft(job.source->view(), picture->pixels.view(), part.mask,
                                  part.request->plan, job.graft, job.view);
    if (!graft) return tl::unexpected(graft.error());
    Candidate candidate;
    candidate.parts.push_back(std::move(part));
    candidate.graft = std::move(*graft);
    return candidate;
}

} // namespace

Result<Edited> run_edit(const EditJob& job, const ReportProgress& report, std::stop_token stop) {
    const auto start = std::chrono::steady_clock::now();
    report(PhaseChanged{edit::Phase::preparing, {}});
    auto made = edit::make_request(job.source->view(), job.mask, job.model, job.prompt, job.params,
                                   job.plan);
    if (!made) return tl::unexpected(made.error());
    Edited edited;
    const auto request = std::make_shared<const edit::EditRequest>(std::move(*made));
    edited.prompt = job.prompt;
    edited.mask = job.mask;
    edited.graft = job.graft;
    const edit::CropPlan& plan = request->plan;
    edited.seconds_by_phase["plan"] = seconds_since(start);

    edit::EditObserver observer;
    observer.on_phase = [&](edit::Phase phase, std::optional<double> fraction) {
        report(PhaseChanged{phase, fraction});
    };
    observer.on_partial = [&](const image::ImageRef& partial) {
        report_partial(job, plan, partial, report);
    };
    const auto asked = std::chrono::steady_clock::now();
    auto result = job.backend->run(*request, observer, stop);
    if (!result) return tl::unexpected(result.error());
    edited.seconds_by_phase["request"] = seconds_since(asked);

    report(PhaseChanged{edit::Phase::compositing, {}});
    const auto answered = std::chrono::steady_clock::now();
    for (edit::Answer& answer : result->answers) {
        if (stop.stop_requested())
            return fail(ErrorCode::cancelled, "Cancelled; nothing was changed.");
        auto candidate = graft_answer(job, {request, job.mask, std::move(answer)}, stop);
        if (!candidate) return tl::unexpected(candidate.error());
        edited.candidates.push_back(std::move(*candidate));
    }
    edited.seconds_by_phase["graft"] = seconds_since(answered);
    edited.what_was_done = std::move(result->what_was_done);
    edited.cost = result->cost;
    edited.notes = plan.notes;
    edited.notes.insert(edited.notes.end(), result->notes.begin(), result->notes.end());
    edited.seconds = seconds_since(start);
    return edited;
}

Result<Compared> compare_pair(const CompareJob& job, std::stop_token stop) {
    auto stats = compare::compare(job.picture_a->view(), job.picture_b->view(),
                                  job.mask ? &*job.mask : nullptr, {}, stop);
    if (!stats) return tl::unexpected(stats.error());
    return Compared{job.a, job.b, std::move(*stats)};
}

} // namespace mw::worker
