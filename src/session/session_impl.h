// Session's inside, shared by its sources only.
#pragma once

#include "session/comparison.h"
#include "session/recent_files.h"
#include "session/session.h"

namespace mw::session {

// Within what a graft understands.
composite::GraftParams sane(composite::GraftParams params);
// What of a result's settings is kept for the next ones.
composite::GraftParams as_default(composite::GraftParams params);

struct Session::Impl {
    Impl(SessionParams session_params, SessionView& session_view);

    // --- actions (session_actions.cpp)
    void on(const OpenFile&);
    void on(const CloseDocument&);
    void on(const SetTool&);
    void on(const SetBrush&);
    void on(const BeginStroke&);
    void on(const ExtendStroke&);
    void on(const EndStroke&);
    void on(const AbortStroke&);
    void on(const ClearMask&);
    void on(const FillMask&);
    void on(const InvertMask&);
    void on(const GrowMask&);
    void on(const FeatherMask&);
    void on(const LoadMask&);
    void on(const SaveMask&);
    void on(const Undo&);
    void on(const Redo&);
    void on(const SetPrompt&);
    void on(const SetRequest&);
    void on(const PrepareGraft&);
    void on(const TryGraft&);
    void on(const SetGraft&);
    void on(const DropGraftTrial&);
    void on(const GrowAndRegraft&);
    void on(const Run&);
    void on(const CancelJob&);
    void on(const DismissJob&);
    void on(const ShowIteration&);
    void on(const AcceptIteration&);
    void on(const RejectIteration&);
    void on(const SetMaskStyle&);
    void on(const SetExposure&);
    void on(const Export&);
    void on(const DismissNotice&);

    // --- events (session_events.cpp)
    void on_event(worker::JobEvent& event);
    void on_outcome(const worker::JobEvent& event, worker::Opened&);
    void on_outcome(const worker::JobEvent& event, worker::Edited&);
    void on_outcome(const worker::JobEvent& event, worker::Exported&);
    void on_outcome(const worker::JobEvent& event, worker::MaskLoaded&);
    void on_outcome(const worker::JobEvent& event, worker::MaskSaved&);
    void on_outcome(const worker::JobEvent& event, worker::Compared&);
    void on_outcome(const worker::JobEvent& event, worker::Regrafted&);
    void on_outcome(const worker::JobEvent& event, worker::Planned&);
    void on_failure(const worker::JobEvent& event, const Error& error);

    // --- grafting again (session_graft.cpp)
    worker::JobId submit_regraft(const composite::GraftParams& wanted, bool grow = false);
    // A job is over: what was asked for meanwhile goes next.
    void after_regraft(const worker::JobEvent& event);
    void drop_trial();

    // --- comparing (session_compare.cpp, session_pair.cpp)
    void on(const SetCompare&);
    void on(const OpenToCompare&);
    void on(const DropCompareFile&);
    void on(const ExportReview&);
    void on_outcome(const worker::JobEvent& event, worker::Reviewed&);
    void on_outcome(const worker::JobEvent& event, worker::RawMade&);
    void on_outcome(const worker::JobEvent& event, worker::BesideOpened&);
    void on_outcome(const worker::JobEvent& event, worker::PairFigures&);
    void on_outcome(const worker::JobEvent& event, worker::HeatMade&);
    void on_outcome(const worker::JobEvent& event, worker::CandidateJudged&);
    // Whether the failure is told where the comparison is, and not by a notice.
    bool comparison_failed(const worker::JobEvent& event, const Error& error);
    void after_comparison(const worker::JobEvent& event);
    void close_comparison();
    void refresh_comparison();
    CompareSide side_of(const CompareSource& source);
    CompareSide raw_side(project::IterationId id);
    CompareSide file_side(int number);
    image::ImageRef held_picture(project::IterationId id);
    // The iteration a source is about; -1: a file.
    project::IterationId iteration_of(const CompareSource& source) const;
    worker::RawJob raw_job(project::IterationId id);
    void fill_sheet(ComparisonView& next);
    std::optional<mask::Mask> pair_mask(std::string& words, bool& of_document) const;
    void refresh_pair_figures(ComparisonView& next);
    void refresh_heat(ComparisonView& next);
    void refresh_candidates(ComparisonView& next);

    // --- shared (session.cpp)
    void notify(Severity severity, std::string text, std::optional<std::string> label = {},
                std::optional<Action> action = {});
    // Replaces the document's mask as one undoable command.
    void change_mask(mask::Mask mask, std::string name);
    // Moves base and shown as one undoable command; judged >= 0 also gets the standing.
    void move_base(project::IterationId base, project::IterationId shown, std::string name,
                   project::IterationId judged = -1,
                   project::Standing standing = project::Standing::proposed);
    worker::JobId submit(worker::Job job, JobKind kind, std::string label);
    JobView* job(worker::JobId id);
    void close_document();
    // A question about the document that goes must not be answered about the next one.
    void drop_questions();
    const edit::ModelCapabilities* model() const;
    edit::PlanParams plan_params() const;
    edit::EditParams edit_params() const;
    std::shared_ptr<edit::EditBackend> backend() const;
    // Recomputes what the view derives from the rest.
    void refresh();
    void refresh_pictures();
    void refresh_plan();
    void set_plan(std::vector<edit::PlannedPart> parts);
    void refresh_figures();
    std::string reason_not_to_run() const;
    // Iterations that no export has saved.
    bool has_unsaved_work() const;

    SessionParams params;
    SessionView& view;
    RecentFiles recent;
    std::unique_ptr<project::Document> document;
    std::unique_ptr<mask::StrokePainter> stroke;
    std::map<std::uint64_t, Action> notice_actions;
    std::map<worker::JobId, Action> retry_on_limit; // how to open a file that was over the limit
    std::map<worker::JobId, project::IterationId> exporting;
    // An iteration against its parent; another graft of it is another picture.
    using FiguresKey = std::pair<project::IterationId, image::ImageRef>;
    std::map<FiguresKey, compare::DiffStats> figures;
    FiguresKey figures_asked{-1, nullptr};
    worker::JobId figures_job = 0; // of figures_asked; 0: over
    // What grafts the shown iteration again; jobs alone look inside.
    std::shared_ptr<worker::GraftBench> bench;
    std::pair<project::IterationId, mask::Mask> bench_of{-1, {}};
    worker::JobId preview_job = 0;                      // at most one is on its way
    std::optional<composite::GraftParams> next_preview; // asked for meanwhile
    worker::JobId commit_job = 0;                       // the newest
    Comparison comparison;
    std::string prompt_problem; // of the shared checks and backend.check
    std::string plan_problem;   // why there is no plan for a mask that is not empty
    std::uint64_t last_notice = 0;
    std::uint64_t planned_revision = ~0ull;       // mask revision of view.plan
    worker::JobId plan_job = 0;                   // at most one is on its way
    std::optional<project::IterationId> exported; // the last iteration written to a file
    std::unique_ptr<worker::Worker> worker; // last: joined before what its events refer to goes
};

} // namespace mw::session
