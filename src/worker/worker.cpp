#include "worker/worker.h"

#include <new>

#include "worker/pair_work.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

template <class... Ts>
struct Overload : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overload(Ts...) -> Overload<Ts...>; // Clang 14 does not deduce it

// What an event says about its job beside the id.
JobEvent event_for(JobId id, const Job& job) {
    JobEvent event;
    event.job = id;
    std::visit(Overload{[](const OpenJob&) {},
                        [&](const EditJob& j) {
                            event.document = j.document;
                            event.parent = j.parent;
                        },
                        [&](const FinishJob& j) {
                            event.document = j.document;
                            event.parent = j.left->parent;
                        },
                        [&](const auto& j) { event.document = j.document; }},
               job);
    return event;
}

template <class T>
decltype(JobEvent::what) final_event(Result<T> result) {
    if (result) return Finished{Outcome(std::move(*result))};
    if (result.error().code == ErrorCode::cancelled) return Cancelled{};
    return Failed{std::move(result.error())};
}

Result<Planned> plan_request(const PlanJob& job) {
    auto parts = edit::plan_parts(job.picture, job.mask, job.rules, job.params);
    if (!parts) return tl::unexpected(parts.error());
    return Planned{std::move(*parts)};
}

decltype(JobEvent::what) edit_event(Result<Edited> result) {
    if (result && result->candidates.empty() && result->problem)
        return Failed{std::move(*result->problem), std::move(result->unused)};
    return final_event(std::move(result));
}

} // namespace

Worker::Worker(WorkerParams params) : params_(std::move(params)) {
    const auto add = [this](Lane lane) {
        threads_.emplace_back([this, lane](std::stop_token stop) { serve(lane, stop); });
    };
    for (int i = 0; i < std::max(1, params_.edit_lanes); ++i)
        add(kEdit);
    add(kFile);
    add(kProject);
    add(kFigures);
    add(kGraft);
    add(kPlan);
    add(kPair);
    add(kMask);
    add(kAsk);
}

Worker::~Worker() {
    {
        const std::lock_guard lock(mutex_);
        for (auto& [id, job] : running_) // what is to be on the disk gets there
            if (job.lane != kProject) job.stop.request_stop();
    }
    ending_.request_stop();
    for (auto& lane : lanes_)
        lane.close();
    for (auto& thread : threads_)
        thread.request_stop();
}

Worker::Lane Worker::lane_of(const Job& job) {
    if (std::holds_alternative<EditJob>(job)) return kEdit;
    if (std::holds_alternative<FinishJob>(job)) return kEdit;
    if (std::holds_alternative<CreateProjectJob>(job) ||
        std::holds_alternative<WriteProjectJob>(job) ||
        std::holds_alternative<SaveProjectAsJob>(job) ||
        std::holds_alternative<CloseProjectJob>(job))
        return kProject;
    if (std::holds_alternative<CompareJob>(job)) return kFigures;
    if (std::holds_alternative<RegraftJob>(job) || std::holds_alternative<CombineJob>(job))
        return kGraft;
    if (std::holds_alternative<PlanJob>(job) || std::holds_alternative<MaskCountJob>(job))
        return kPlan;
    if (std::holds_alternative<MaskJob>(job) || std::holds_alternative<WireJob>(job)) return kMask;
    if (std::holds_alternative<RawJob>(job) || std::holds_alternative<PairJob>(job) ||
        std::holds_alternative<HeatJob>(job) || std::holds_alternative<CandidateJob>(job))
        return kPair;
    if (std::holds_alternative<CatalogueJob>(job)) return kAsk;
    return kFile;
}

JobId Worker::submit(Job job) {
    const Lane lane = lane_of(job);
    std::vector<JobId> outdated;
    JobId id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = ++last_id_;
        running_.emplace(id, Running{{}, lane});
    }
    if (lane == kFigures) {
        // Only the latest figures are wanted.
        const std::lock_guard lock(mutex_);
        for (const JobId older : figures_)
            outdated.push_back(older);
        figures_.assign(1, id);
    }
    for (const JobId older : outdated)
        cancel(older);
    lanes_[lane].send(Ticket{id, std::move(job)});
    return id;
}

void Worker::cancel(JobId job) {
    {
        const std::lock_guard lock(mutex_);
        const auto it = running_.find(job);
        if (it == running_.end()) return;
        it->second.stop.request_stop();
    }
    for (auto& lane : lanes_)
        for (Ticket& ticket : lane.remove_if([job](const Ticket& t) { return t.id == job; })) {
            JobEvent event = event_for(ticket.id, ticket.job);
            event.what = Cancelled{};
            finish(std::move(event));
        }
}

void Worker::serve(Lane lane, const std::stop_token& stop) {
    // That of projects is worked off to its end.
    while (auto ticket = lanes_[lane].receive(lane == kProject ? std::stop_token() : stop)) {
        std::stop_token job_stop;
        {
            const std::lock_guard lock(mutex_);
            job_stop = running_.at(ticket->id).stop.get_token();
        }
        JobEvent event = event_for(ticket->id, ticket->job);
        if (job_stop.stop_requested()) {
            event.what = Cancelled{};
        } else {
            JobEvent started = event;
            started.what = Started{};
            send(std::move(started));
            try {
                event.what = run(*ticket, job_stop);
            } catch (const std::bad_alloc&) {
                event.what =
                    Failed{{ErrorCode::too_large,
                            "Not enough memory for this work; nothing was changed. Close other "
                            "programs or work on a smaller picture."}};
            }
        }
        finish(std::move(event));
    }
}

decltype(JobEvent::what) Worker::run(const Ticket& ticket, const std::stop_token& stop) {
    const auto report = [this, base = event_for(ticket.id, ticket.job)](JobProgress progress) {
        JobEvent event = base;
        std::visit([&](auto& what) { event.what = std::move(what); }, progress);
        send(std::move(event));
    };
    return std::visit(
        Overload{
            [&](const OpenJob& j) { return final_event(open_file(j, report, stop)); },
            [&](const EditJob& j) { return edit_event(run_edit(j, report, stop)); },
            [&](const ExportJob& j) { return final_event(export_picture(j, stop)); },
            [&](const MaskFileJob& j) { return final_event(mask_file(j, stop)); },
            [&](const CompareJob& j) { return final_event(compare_pair(j, stop)); },
            [&](const RegraftJob& j) { return final_event(regraft(j, stop)); },
            [&](const PlanJob& j) { return final_event(plan_request(j)); },
            [&](const RawJob& j) { return final_event(raw_over_parent(j, stop)); },
            [&](const BesideJob& j) { return final_event(open_beside(j, stop)); },
            [&](const PairJob& j) { return final_event(judge_pair(j, stop)); },
            [&](const HeatJob& j) { return final_event(make_heat(j, stop)); },
            [&](const CandidateJob& j) { return final_event(judge_candidate(j, stop)); },
            [&](const ReferenceJob& j) {
                auto loaded = load_reference(j.path, {}, stop);
                return final_event(
                    loaded ? Result<ReferenceLoaded>(ReferenceLoaded{std::move(*loaded)})
                           : Result<ReferenceLoaded>(tl::unexpected(loaded.error())));
            },
            [&](const MaskJob& j) { return final_event(make_mask(j, report, stop)); },
            [&](const WireJob& j) { return final_event(find_wire(j, stop)); },
            [&](const MaskCountJob& j) {
                return final_event(Result<MaskCount>(count_mask(j.mask)));
            },
            [&](const CombineJob& j) {
                auto made = project::combine(j.source, stop);
                return final_event(made ? Result<Combined>(Combined{j.source.parent, j.source.of,
                                                                    std::move(*made)})
                                        : Result<Combined>(tl::unexpected(made.error())));
            },
            [&](const FinishJob& j) { return edit_event(finish_edit(j, report, stop)); },
            [&](const CreateProjectJob& j) {
                return final_event(create_project(j, stop, ending_.get_token()));
            },
            [&](const WriteProjectJob& j) {
                return final_event(write_project(j, stop, ending_.get_token()));
            },
            [&](const SaveProjectAsJob& j) { return final_event(save_project_as(j)); },
            [&](const CloseProjectJob& j) { return final_event(close_project(j)); },
            [&](const ThumbnailJob& j) {
                (void)write_thumbnail(j); // a list without a picture is no misfortune
                return final_event(Result<ThumbnailWritten>(ThumbnailWritten{}));
            },
            [&](const ReadThumbnailsJob& j) {
                return final_event(Result<ThumbnailsRead>(read_thumbnails(j, stop)));
            },
            [&](const GlanceJob& j) { return final_event(Result<Glanced>(glance_at(j, stop))); },
            [&](const ReviewJob& j) { return final_event(write_review(j, stop)); },
            [&](const CatalogueJob& j) {
                auto models = j.ask(stop);
                return final_event(models ? Result<Catalogued>(Catalogued{j.provider, *models})
                                          : Result<Catalogued>(tl::unexpected(models.error())));
            }},
        ticket.job);
}

void Worker::finish(JobEvent event) {
    {
        const std::lock_guard lock(mutex_);
        running_.erase(event.job);
        std::erase(figures_, event.job);
    }
    send(std::move(event));
}

void Worker::send(JobEvent event) {
    events_.send(std::move(event));
    if (params_.wake) params_.wake();
}

} // namespace mw::worker
