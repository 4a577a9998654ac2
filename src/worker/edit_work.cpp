#include <fmt/format.h>
#include <algorithm>
#include <chrono>

#include "project/replay.h"
#include "worker/markup_work.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

tl::unexpected<Error> cancelled() {
    return fail(ErrorCode::cancelled, "Cancelled; nothing was changed.");
}

// An answer and, once it was decoded, its pixels.
struct Answered {
    edit::AnsweredPart part;
    image::ImageRef picture;
};

// One edit from the plan to the candidates.
class EditRun {
  public:
    EditRun(const EditJob& job, const ReportProgress& report, std::stop_token stop)
        : job_(job), report_(report), stop_(std::move(stop)) {
        edited_.request = job.request;
        edited_.provider = job.model.provider;
        edited_.model = job.model.id;
        edited_.prompt = job.prompt;
        edited_.mask = job.mask;
        edited_.graft = job.graft;
        edited_.view = job.view;
    }

    // Answers that are here already.
    Result<Edited> finish(const project::Unfinished& left) {
        const auto start = std::chrono::steady_clock::now();
        report_(PhaseChanged{edit::Phase::compositing, {}});
        count_ = static_cast<int>(left.parts.size());
        for (const project::Unfinished::Part& part : left.parts) {
            std::vector<Answered> answers;
            for (const edit::Answer& answer : part.answers)
                answers.push_back({{part.request, part.mask, answer}, nullptr});
            answers_.push_back(std::move(answers));
        }
        edited_.cost = left.result.cost;
        edited_.what_was_done = left.result.what_was_done;
        edited_.revised_prompt = left.result.revised_prompt;
        edited_.service_id = left.result.service_id;
        edited_.graft = composite::laid(edited_.graft, left.result.laying);
        if (const Status ok = make_candidates(); !ok) return tl::unexpected(ok.error());
        edited_.seconds = seconds_since(start);
        return std::move(edited_);
    }

    Result<Edited> run() {
        const auto start = std::chrono::steady_clock::now();
        report_(PhaseChanged{edit::Phase::preparing, {}});
        auto parts = edit::plan_parts(job_.source->size(), job_.mask, job_.model.size, job_.plan);
        if (!parts) return tl::unexpected(parts.error());
        auto offset = job_.backend->source_offset(job_.prompt, job_.mask);
        if (!offset) return tl::unexpected(offset.error());
        source_offset_ = *offset;
        count_ = static_cast<int>(parts->size());
        edited_.seconds_by_phase["plan"] = seconds_since(start);
        if (const Status ok = ask_all(*parts); !ok) return tl::unexpected(ok.error());

        part_ = 0;
        report_(PhaseChanged{edit::Phase::compositing, {}});
        const auto answered = std::chrono::steady_clock::now();
        if (const Status ok = make_candidates(); !ok) return tl::unexpected(ok.error());
        edited_.seconds_by_phase["graft"] = seconds_since(answered);
        edited_.seconds = seconds_since(start);
        return std::move(edited_);
    }

  private:
    // What was answered before a later part failed is paid for: it is kept and grafted.
    Status ask_all(const std::vector<edit::PlannedPart>& parts) {
        for (; part_ < count_; ++part_) {
            const Status asked = stop_.stop_requested()
                                     ? Status{cancelled()}
                                     : ask(parts[static_cast<std::size_t>(part_)]);
            if (asked) continue;
            if (part_ == 0 || asked.error().code == ErrorCode::cancelled)
                return tl::unexpected(asked.error());
            edited_.notes.push_back(fmt::format(
                "{} of {} parts {} answered; part {} failed{}, so the mask is only edited in "
                "part: {}",
                part_, count_, part_ == 1 ? "was" : "were", part_ + 1,
                part_ + 1 < count_ ? " and the rest was not asked for" : "",
                asked.error().message));
            break;
        }
        return {};
    }

    // One request, all its candidates.
    Status ask(const edit::PlannedPart& part) {
        const auto preparing = std::chrono::steady_clock::now();
        edit::EditParams params = job_.params;
        if (!params.marks.empty()) mark_up(params, part.plan);
        auto made = edit::make_request(job_.source->view(), job_.view, part, job_.model,
                                       job_.prompt, std::move(params), job_.plan, source_offset_);
        if (!made) return tl::unexpected(made.error());
        const auto request = std::make_shared<const edit::EditRequest>(std::move(*made));
        edited_.seconds_by_phase["plan"] += seconds_since(preparing);

        write_down(part, request);
        std::optional<edit::RequestFate> last_fate;
        edit::EditObserver observer;
        observer.on_phase = [&](edit::Phase phase, std::optional<double> fraction) {
            report_(PhaseChanged{phase, fraction, part_, count_});
        };
        observer.on_partial = [&](const image::ImageRef& partial) { show_partial(part, partial); };
        observer.on_fate = [&](const edit::RequestFate& fate) {
            edited_.fates.push_back(fate);
            last_fate = fate;
            report_(FateTold{fate});
        };
        const auto asked = std::chrono::steady_clock::now();
        auto result = job_.backend->run(*request, observer, stop_);
        write_outcome(*request, result, last_fate);
        if (!result) return tl::unexpected(result.error());
        edited_.seconds_by_phase["request"] += seconds_since(asked);

        std::vector<Answered> answers;
        for (edit::Answer& answer : result->answers)
            answers.push_back({{request, part.mask, std::move(answer)}, nullptr});
        answers_.push_back(std::move(answers));
        add_cost(edited_.cost.estimate_usd, result->cost.estimate_usd);
        add_cost(edited_.cost.actual_usd, result->cost.actual_usd);
        if (edited_.what_was_done.empty()) edited_.what_was_done = std::move(result->what_was_done);
        if (edited_.revised_prompt.empty())
            edited_.revised_prompt = std::move(result->revised_prompt);
        edited_.graft = composite::laid(edited_.graft, result->laying);
        if (!result->service_id.empty()) edited_.service_id = std::move(result->service_id);
        add_notes(request->plan.notes);
        add_notes(result->notes);
        return {};
    }

    // Of the window's project, or of the one that a verb was given; null: none.
    std::shared_ptr<project::Store> store() const {
        auto found = job_.project ? job_.project->store() : job_.store;
        return found && !found->read_only() ? found : nullptr;
    }
    bool tell(const Status& written) {
        if (!written) edited_.notes.push_back("not in the project yet: " + written.error().message);
        return written.has_value();
    }
    // Into the project, before it leaves. Where that fails the work goes on: the journal has what
    // is paid for, and what comes is written with the iteration.
    void write_down(const edit::PlannedPart& part,
                    const std::shared_ptr<const edit::EditRequest>& request) {
        const auto file = store();
        if (!file) return;
        if (first_request_.empty()) first_request_ = request->id;
        project::RequestRecord record;
        record.request = request;
        record.edit = first_request_;
        record.part = part_;
        record.parts = count_;
        record.number = job_.request;
        record.part_mask = part.mask;
        record.whole_mask = job_.mask;
        record.parent = job_.parent;
        record.provider = job_.model.provider;
        record.graft = job_.graft;
        record.view = job_.view;
        written_ = tell(file->write_request(record));
    }
    // The answers as received, before anything looks into them.
    void write_outcome(const edit::EditRequest& request, const Result<edit::EditResult>& result,
                       const std::optional<edit::RequestFate>& fate) {
        const auto file = written_ ? store() : nullptr;
        if (!file) return;
        if (result)
            tell(file->write_answers(request.id, *result));
        else // the journal has it, too
            (void)file->write_fate(request.id, fate.value_or(edit::RequestFate{}));
    }

    // What of the marks this request shows; where it shows none it is sent without.
    void mark_up(edit::EditParams& params, const edit::CropPlan& plan) const {
        const Rect seen = intersect(plan.crop, job_.source->rect());
        auto drawn = std::make_shared<image::Image>(draw_marks(params.marks, seen));
        params.marks.clear();
        if (!any_drawn(drawn->view())) return;
        params.markup = std::move(drawn);
        params.markup_at = {seen.x, seen.y};
    }

    // A partial is shown through the mask at once; it is not worth more than that.
    void show_partial(const edit::PlannedPart& part, const image::ImageRef& partial) const {
        composite::GraftParams params = job_.graft;
        params.do_register = params.match_color = params.membrane = params.grain = params.prove =
            false;
        if (auto graft = composite::graft(job_.source->view(), partial->view(), part.mask,
                                          part.plan, params, job_.view))
            report_(Partial{std::move(graft->patch)});
    }

    static void add_cost(std::optional<double>& sum, const std::optional<double>& cost) {
        if (cost) sum = sum.value_or(0) + *cost;
    }
    void add_notes(const std::vector<std::string>& notes) {
        for (const std::string& note : notes) {
            std::string text = count_ > 1 ? fmt::format("part {}: {}", part_ + 1, note) : note;
            edited_.notes.push_back(std::move(text));
        }
    }

    // The bytes stay, with what is wrong with them.
    void set_aside(edit::AnsweredPart part, const Error& error) {
        edited_.notes.push_back(fmt::format("an answer could not be used: {}", error.message));
        if (!edited_.problem) edited_.problem = error;
        edited_.unused.push_back({std::move(part), error.message});
    }

    Status decode_all() {
        for (std::vector<Answered>& answers : answers_) {
            std::vector<Answered> usable;
            for (Answered& answer : answers) {
                std::vector<std::string> warnings;
                auto picture = decode_answer(answer.part.answer, stop_, &warnings);
                if (stop_.stop_requested()) return cancelled();
                if (!picture) {
                    set_aside(std::move(answer.part), picture.error());
                    continue;
                }
                for (const std::string& warning : warnings)
                    edited_.notes.push_back(fmt::format("an answer: {}", warning));
                answer.picture = std::move(*picture);
                usable.push_back(std::move(answer));
            }
            answers = std::move(usable);
        }
        std::erase_if(answers_, [](const auto& answers) { return answers.empty(); });
        return {};
    }

    // Candidate k holds the k-th usable answer of each part, as many as every part has; the rest is
    // kept aside.
    Status make_candidates() {
        if (const Status ok = decode_all(); !ok) return ok;
        std::size_t most = answers_.empty() ? 0 : answers_.front().size();
        for (const auto& answers : answers_)
            most = std::min(most, answers.size());
        for (std::size_t k = 0; k < most; ++k) {
            std::vector<Answered> candidate;
            for (auto& answers : answers_)
                candidate.push_back(std::move(answers[k]));
            if (const Status ok = graft(std::move(candidate)); !ok) return ok;
        }
        for (auto& answers : answers_)
            for (std::size_t k = most; k < answers.size(); ++k)
                edited_.unused.push_back({std::move(answers[k].part), {}});
        if (!edited_.candidates.empty()) edited_.problem.reset();
        return {};
    }

    Result<composite::Grafter> make_grafter(const std::vector<Answered>& answers) const {
        std::vector<composite::GraftPart> parts;
        for (const Answered& a : answers)
            parts.push_back({a.picture, a.part.mask, a.part.request->plan});
        return composite::Grafter::create(job_.source, std::move(parts), job_.view);
    }

    // What cannot be grafted (another shape) is set aside; the others make the candidate. Only
    // cancelling is an error.
    Status graft(std::vector<Answered> answers) {
        auto grafter = make_grafter(answers);
        if (!grafter && answers.size() > 1) {
            std::vector<Answered> fit;
            for (Answered& answer : answers) {
                auto alone = make_grafter({answer});
                if (alone)
                    fit.push_back(std::move(answer));
                else
                    set_aside(std::move(answer.part), alone.error());
            }
            answers = std::move(fit);
            if (answers.empty()) return {};
            grafter = make_grafter(answers);
        }
        auto grafted = grafter ? grafter->run(edited_.graft, stop_)
                               : Result<composite::Graft>(tl::unexpected(grafter.error()));
        if (stop_.stop_requested()) return cancelled();
        Candidate candidate;
        for (Answered& answer : answers) {
            if (grafted)
                candidate.parts.push_back(std::move(answer.part));
            else
                set_aside(std::move(answer.part), grafted.error());
        }
        if (!grafted) return {};
        candidate.graft = std::move(*grafted);
        if (job_.for_canvas && edited_.candidates.empty())
            candidate.picture = std::make_shared<const image::Image>(
                composite::apply(job_.source->view(), candidate.graft.patch));
        edited_.candidates.push_back(std::move(candidate));
        return {};
    }

    const EditJob& job_;
    const ReportProgress& report_;
    std::stop_token stop_;
    int part_ = 0, count_ = 1;
    std::string first_request_;
    std::optional<Point> source_offset_; // of the prompt
    bool written_ = false;
    std::vector<std::vector<Answered>> answers_; // by part
    Edited edited_;
};

} // namespace

Result<Edited> run_edit(const EditJob& job, const ReportProgress& report, std::stop_token stop) {
    return EditRun(job, report, std::move(stop)).run();
}

Result<Edited> finish_edit(const FinishJob& job, const ReportProgress& report,
                           std::stop_token stop) {
    const project::Unfinished& left = *job.left;
    EditJob as;
    as.request = job.request;
    as.parent = left.parent;
    as.model.provider = left.provider;
    if (!left.parts.empty()) {
        as.prompt = left.parts.front().request->prompt;
        as.model.id = left.parts.front().request->params.model;
    }
    as.graft = left.graft;
    as.source = job.source;
    as.view = left.view;
    as.mask = left.mask;
    return EditRun(as, report, std::move(stop)).finish(left);
}

Result<image::ImageRef> decode_answer(const edit::Answer& answer, std::stop_token stop,
                                      std::vector<std::string>* warnings) {
    return project::decode_answer(answer, std::move(stop), warnings);
}

Result<Compared> compare_pair(const CompareJob& job, std::stop_token stop) {
    compare::CompareParams params;
    params.views = {job.view, job.view};
    auto stats = compare::compare(job.picture_a->view(), job.picture_b->view(),
                                  job.mask ? &*job.mask : nullptr, params, stop);
    if (!stats) return tl::unexpected(stats.error());
    return Compared{job.a, job.b, std::move(*stats)};
}

} // namespace mw::worker
