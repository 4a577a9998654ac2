// Session's inside, shared by its sources only.
#pragma once

#include <deque>

#include "project/redaction.h"
#include "session/comparison.h"
#include "session/kept_settings.h"
#include "session/mask_work.h"
#include "session/session.h"

namespace mw::session {

// Within what a graft understands.
composite::GraftParams sane(composite::GraftParams params);
// Bytes of a mask's edges that are looked at in less than 4 ms.
inline constexpr std::size_t kQuickMask = 64u * mask::kTileSide * mask::kTileSide;
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
    void on(const LoadMask&);
    void on(const SaveMask&);
    // --- marks (session_markup.cpp)
    void on(const SetMarkStyle&);
    void on(const AddMark&);
    void on(const ChangeMark&);
    void on(const RemoveMark&);
    void on(const ClearMarks&);
    void on(const ShowMarks&);
    void change_marks(std::vector<edit::Mark> marks, std::string name);
    void refresh_markup();

    void on(const Undo&);
    void on(const Redo&);
    void on(const SetPrompt&);
    void on(const SetPromptSteps&);
    void on(const SetRequest&);
    void on(const PrepareGraft&);
    void on(const TryGraft&);
    void on(const SetGraft&);
    void on(const DropGraftTrial&);
    void on(const GrowAndRegraft&);
    void on(const AddReference&);
    void on(const RemoveReference&);
    void on(const ServicesChanged&);
    void on(const ForgetLeftOver&);
    void on(const AskCatalogue&);
    void on(const BeginConversation&);
    void on(const ClickSelect&);
    void on(const GlanceAt&);
    void on(const Run&);
    void on(const SetPreferences& a) { params.preferences->set(a.preferences, a.held); }
    // --- clone and heal (session_clone.cpp)
    void on(const SetCloneSource&);
    bool begin_clone_stroke(const mask::StrokeSample& at); // false: no source yet, said
    void end_clone_stroke(mask::Mask painted);
    void submit_clone();
    void take_clone(const worker::JobEvent& event, project::IterationId made);
    void after_clone(const worker::JobEvent& event);
    void on(const CancelJob&);
    void on(const DismissJob&);
    void on(const ShowIteration&);
    void on(const AcceptIteration&);
    void on(const RejectIteration&);
    void on(const SelectTab&) {} // the desk's
    void on(const StepTab&) {}
    void on(const SetMaskStyle&);
    void on(const SetExposure&);
    void on(const Export&);
    void on(const DismissNotice&);

    // --- selections and refinements (session_select.cpp, session_wire.cpp)
    void on(const Select&);
    void on(const SetSelect&);
    void on(const ScribbleObject&);
    void on(const TryRefine&);
    void on(const RefineMask&);
    void on(const CancelMaskWork&);
    void on(const Reselect&);
    void on(const SetPaintLimit&);
    void on(const SaveSlot&);
    void on(const RestoreSlot&);
    void on(const RecallSlot&);
    void on(const RenameSlot&);
    void on(const DeleteSlot&);
    void on(const CopyMask&);
    void on(const WireTo&);
    void on(const WireAnchor&);
    void on(const WireBack&);
    void on(const WireClose&);
    Basis basis_of(RefineKind kind) const;
    // Clear, fill, invert: at once where that is quick.
    void change_whole_mask(RefineKind kind, std::size_t quick_bytes = kQuickMask);
    void drop_wire();
    void find_stretch(int stretch, Point from, Point to);
    void close_wire();
    void on_outcome(const worker::JobEvent& event, worker::Wired&);
    void after_wire_job(const worker::JobEvent& event);

    // --- the queue of work on the mask (session_mask.cpp)
    void add_mask_task(worker::MaskOp op, Basis basis, bool held);
    // Another operation in the place of the newest task's.
    void change_last_task(worker::MaskOp op, bool held);
    void drop_held_task();
    // Everything pending and tried; whether there was any.
    bool drop_mask_work();
    void advance_mask_work();
    void submit_mask_task(MaskTask& task);
    void keep_mask_task(MaskTask& task);
    // The task whose answer is seen and not kept yet; null: none.
    const MaskTask* shown_task() const;
    const mask::Mask* previewed_mask() const;
    // Null when something else was done since.
    const LastMaskStep* last_mask_step() const;
    const std::shared_ptr<worker::SelectBench>& select_bench();
    void on_outcome(const worker::JobEvent& event, worker::MaskMade&);
    void on_outcome(const worker::JobEvent& event, worker::MaskCount&);
    void on_preview(const worker::JobEvent& event, worker::MaskPreview&);
    void after_mask_job(const worker::JobEvent& event);
    void count_mask(std::size_t quick_bytes = kQuickMask);
    void refresh_selection();

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
    void on_outcome(const worker::JobEvent& event, worker::ReferenceLoaded&);
    void on_outcome(const worker::JobEvent& event, worker::Catalogued&);
    void on_failure(const worker::JobEvent& event, const Error& error);

    // --- grafting again (session_graft.cpp)
    worker::JobId submit_regraft(const composite::GraftParams& wanted, bool grow = false);
    // A job is over: what was asked for meanwhile goes next.
    void after_regraft(const worker::JobEvent& event);
    void drop_trial();
    bool can_regraft() const;

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

    // --- the tree (session_tree.cpp)
    void on(const MarkIteration&);
    void on(const PruneIteration&);
    void on(const RestoreIteration&);
    void on(const EmptyTrash&);
    void on(const CombineIterations&);
    void on_outcome(const worker::JobEvent& event, worker::Combined&);
    // As one undoable command.
    void change_marks(project::IterationId id, project::Marks marks, std::string name,
                      project::IterationId base, project::IterationId shown);

    // --- the project (session_project.cpp)
    void on(const SaveProjectAs&);
    void on(const KeepCanvasView&);
    void on(const ReadRecentPictures&);
    // Of a picture that was just opened: it lies in the recovery folder until it is named.
    void begin_project(const codec::DecodeLimits& limits);
    void create_project_file();
    void adopt_project(std::shared_ptr<project::Store> store);
    // What the tools and the request are set to, with the document and out of it again.
    void keep_settings();
    void take_settings_up();
    // What changed goes to the lane that writes.
    void record_changes();
    void write_project();
    void project_written(const std::string& where);
    // Whether the failure was about the project, and is told.
    bool project_failed(const worker::JobEvent& event, const Error& error);
    void after_project_job(const worker::JobEvent& event);
    void on_outcome(const worker::JobEvent& event, worker::ProjectOpened&);
    void on_outcome(const worker::JobEvent& event, worker::ProjectCreated&);
    void on_outcome(const worker::JobEvent& event, worker::ProjectWritten&);
    void on_outcome(const worker::JobEvent& event, worker::ProjectSavedAs&);
    void on_outcome(const worker::JobEvent& event, worker::ProjectClosed&);
    void on_outcome(const worker::JobEvent&, worker::ThumbnailWritten&) {}
    void on_outcome(const worker::JobEvent& event, worker::ThumbnailsRead&);
    void on_outcome(const worker::JobEvent& event, worker::Glanced&);
    void glance_on();
    void finish_request(project::Unfinished left);
    void close_project();
    void deliver_to_project();
    void refresh_project();
    std::string only_in_memory() const;
    bool project_busy() const {
        return (link.job != 0 && link.retry_ms == 0) || link.save_as != 0 ||
               !closing_projects.empty();
    }
    void keep_thumbnail(const std::filesystem::path& of);

    // --- services (session_services.cpp)
    // What a paid request came to, for the job's line and the money's.
    void on_fate(const worker::JobEvent& event, const edit::RequestFate& fate);
    // Over without an answer: what may be owed is said, and what can be done.
    void tell_unknown(const JobView& job, const std::string& message);
    void refresh_service();
    void refresh_catalogue();
    // Asks once for each service whose key is there; `again`: in any case.
    void ask_catalogue(bool again);
    void take_catalogue(const std::string& name, Catalogue catalogue);
    void refresh_conversation();
    // The service's id of the answer the next request goes on from; empty: from none.
    std::string continued() const;
    // Only what the chosen model has.
    void fit_to_model(RequestSettings& settings) const;
    // What the document holds is no longer kept in the journal.
    void deliver_answers();
    void offer_left_over();

    // --- shared (session.cpp)
    void notify(Severity severity, std::string text, std::optional<std::string> label = {},
                std::optional<Action> action = {});
    // Replaces the document's mask as one undoable command.
    void change_mask(mask::Mask mask, std::string name);
    // `changed`: pixels of the mask.
    void after_undo(const Rect& changed);
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
    std::shared_ptr<RecentFiles> recent;
    std::unique_ptr<project::Document> document;
    std::unique_ptr<mask::StrokePainter> stroke;
    MaskWork work;
    struct CloneStroke {
        mask::Mask mask;
        std::string prompt;
    };
    bool cloning = false;                  // the stroke that is painted
    std::deque<CloneStroke> clone_strokes; // to come, one after the other
    worker::JobId clone_job = 0;           // of the first of them
    std::map<std::uint64_t, Action> notice_actions;
    struct ProjectLink {
        std::filesystem::path path;
        worker::ProjectFileRef file; // null: nothing is written down
        std::optional<project::Recorder> recorder;
        codec::DecodeLimits limits; // the picture was opened with
        bool named = false, read_only = false, told_read_only = false;
        bool creating = false;
        worker::JobId job = 0, save_as = 0; // on their way
        int retry_ms = 0;                   // before the next try; 0: the last one worked
        std::string trouble;
    };
    ProjectLink link;
    std::deque<std::filesystem::path> to_glance; // in this order, one after the other
    worker::JobId glance_job = 0;
    std::filesystem::path glanced; // by it
    KeptSettings kept_settings;    // as the document has them
    // Being written to their end, with what the journal need not keep after that.
    std::map<worker::JobId, std::vector<std::pair<std::shared_ptr<edit::EditBackend>, std::string>>>
        closing_projects;
    std::map<worker::JobId, Action> retry_on_limit; // how to open a file that was over the limit
    std::map<worker::JobId, project::IterationId> exporting;
    // An iteration against its parent; another graft of it (Stored::identity of its patch) is
    // another picture.
    using FiguresKey = std::pair<project::IterationId, std::uint64_t>;
    std::map<FiguresKey, compare::DiffStats> figures;
    FiguresKey figures_asked{-1, 0};
    worker::JobId figures_job = 0; // of figures_asked; 0: over
    // What grafts the shown iteration again; jobs alone look inside.
    std::shared_ptr<worker::GraftBench> bench;
    std::pair<project::IterationId, std::uint64_t> bench_of{-1, 0}; // and its mask's identity
    worker::JobId preview_job = 0;                                  // at most one is on its way
    std::optional<composite::GraftParams> next_preview;             // asked for meanwhile
    worker::JobId commit_job = 0;                                   // the newest
    Comparison comparison;
    int held_mark = 0;          // whose change is still one step of undo; 0: none
    std::string prompt_problem; // of the shared checks and backend.check
    std::string plan_problem;   // why there is no plan for a mask that is not empty
    std::uint64_t last_notice = 0;
    std::uint64_t planned_revision = ~0ull;       // mask revision of view.plan
    worker::JobId plan_job = 0;                   // at most one is on its way
    std::optional<project::IterationId> exported; // the last iteration written to a file
    // Entries of the journal that the document's iterations hold as well.
    std::vector<std::pair<std::shared_ptr<edit::EditBackend>, std::string>> journaled;
    struct Said {
        std::string service_id, understood;
    };
    std::map<project::IterationId, Said> conversations;
    std::optional<project::IterationId> anew_from; // the next request from here begins anew
    std::map<std::string, Catalogue> catalogues;   // by name
    std::map<worker::JobId, std::string> catalogue_jobs;
    std::map<worker::JobId, std::shared_ptr<edit::EditBackend>> asked; // by edits that go on
    std::unique_ptr<worker::Worker> worker; // last: joined before what its events refer to goes
};

} // namespace mw::session
