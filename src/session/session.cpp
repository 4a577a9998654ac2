#include "session/session.h"

#include <atomic>

#include "session/session_impl.h"

namespace mw::session {

namespace {
constexpr std::size_t kKeptJobs = 40;

worker::DocumentId next_document_id() {
    static std::atomic<worker::DocumentId> last{0};
    return ++last;
}
} // namespace

Session::Session(SessionParams params) : impl_(std::make_unique<Impl>(std::move(params), view_)) {}
Session::~Session() {
    Impl& impl = *impl_;
    const bool kept = impl.link.file != nullptr && !impl.link.read_only;
    if (impl.document) impl.close_project();
    impl.worker.reset(); // no answer comes in any more; what was to be written is
    if (!kept) impl.deliver_answers();
}

Session::Impl::Impl(SessionParams session_params, SessionView& session_view)
    : params(std::move(session_params)), view(session_view), recent(params.recent) {
    if (!recent) recent = std::make_shared<RecentFiles>(params.state_folder);
    if (!params.preferences)
        params.preferences = std::make_shared<PreferenceFile>(params.state_folder);
    view.preferences = &params.preferences->get();
    view.document_id = next_document_id();
    worker::WorkerParams worker_params;
    worker_params.wake = params.wake;
    worker_params.edit_lanes = params.edit_lanes;
    worker = std::make_unique<worker::Worker>(std::move(worker_params));
    for (const auto& backend : params.backends)
        for (edit::ModelCapabilities& model : backend->models())
            view.models.push_back(std::move(model));
    if (!view.models.empty()) {
        view.request.provider = view.models.front().provider;
        view.request.model = view.models.front().id;
    }
    view.abilities = params.abilities;
    view.can_click_select = static_cast<bool>(params.services.click_select);
    refresh_service();
    offer_left_over();
    refresh();
}

void Session::apply(const Action& action) {
    std::visit([&](const auto& a) { impl_->on(a); }, action);
    impl_->refresh();
}

bool Session::pump() {
    bool any = false;
    while (auto event = impl_->worker->poll()) {
        impl_->on_event(*event);
        any = true;
    }
    if (any) impl_->refresh();
    return any;
}

const Action* Session::notice_action(std::uint64_t notice) const {
    const auto it = impl_->notice_actions.find(notice);
    return it == impl_->notice_actions.end() ? nullptr : &it->second;
}

void Session::tell(const Notice& notice, const Action* action) {
    impl_->notify(notice.severity, notice.text, notice.action_label,
                  action != nullptr ? std::optional<Action>(*action) : std::nullopt);
}

bool Session::busy() const {
    for (const JobView& job : view_.jobs)
        if (job.state == JobState::waiting || job.state == JobState::running) return true;
    return impl_->project_busy();
}

void Session::Impl::notify(Severity severity, std::string text, std::optional<std::string> label,
                           std::optional<Action> action) {
    Notice notice{++last_notice, severity, std::move(text), std::move(label)};
    if (action) notice_actions.emplace(notice.id, std::move(*action));
    view.notices.push_back(std::move(notice));
}

void Session::Impl::change_mask(mask::Mask mask, std::string name) {
    mask::MaskPatch patch(document->mask, mask);
    if (patch.empty()) return;
    document->mask = std::move(mask);
    document->undo.push({std::move(name), std::move(patch)});
    ++view.mask_revision;
}

void Session::Impl::move_base(project::IterationId base, project::IterationId shown,
                              std::string name, project::IterationId judged,
                              project::Standing standing) {
    project::BaseChange before{document->base, document->shown, judged, {}};
    if (judged >= 0) {
        before.standing = document->tree.at(judged).standing;
        document->tree.set_standing(judged, standing);
    }
    document->base = base;
    document->shown = shown;
    document->undo.push({std::move(name), before});
}

worker::JobId Session::Impl::submit(worker::Job job, JobKind kind, std::string label) {
    JobView entry;
    entry.kind = kind;
    entry.label = std::move(label);
    entry.submitted = std::chrono::steady_clock::now();
    if (const auto* edit = std::get_if<worker::EditJob>(&job)) entry.parent = edit->parent;
    entry.id = worker->submit(std::move(job));
    view.jobs.push_back(entry);
    for (auto it = view.jobs.begin(); view.jobs.size() > kKeptJobs && it != view.jobs.end();) {
        const bool over = it->state != JobState::waiting && it->state != JobState::running;
        it = over ? view.jobs.erase(it) : it + 1;
    }
    return entry.id;
}

JobView* Session::Impl::job(worker::JobId id) {
    for (JobView& job : view.jobs)
        if (job.id == id) return &job;
    return nullptr;
}

void Session::Impl::close_document() {
    for (const JobView& job : view.jobs)
        if (job.kind != JobKind::open && job.kind != JobKind::export_) worker->cancel(job.id);
    if (document) close_project();
    deliver_answers();
    stroke.reset();
    drop_mask_work();
    drop_wire();
    work = {};
    view.selection.stroke_end.reset();
    view.selection.limit.reset();
    held_mark = 0;
    document.reset();
    view.display = {};
    figures.clear();
    figures_asked = {-1, 0};
    figures_job = 0;
    drop_trial();
    clone_strokes.clear();
    clone_job = 0;
    cloning = false;
    view.clone = {};
    preview_job = commit_job = plan_job = 0;
    bench.reset();
    bench_of = {-1, 0};
    view.request.crop.reset();
    exported.reset();
    drop_questions();
    view.document_id = next_document_id();
    ++view.mask_revision;
    close_comparison();
}

void Session::Impl::drop_questions() {
    std::erase_if(view.notices, [&](const Notice& notice) {
        const auto it = notice_actions.find(notice.id);
        if (it == notice_actions.end()) return false;
        if (const auto* open = std::get_if<OpenFile>(&it->second); open && !open->discard)
            return false;
        notice_actions.erase(it);
        return true;
    });
}

bool Session::Impl::has_unsaved_work() const {
    if (!document || document->tree.size() < 2) return false;
    if (link.file) return false; // all of it is written down, or said to be not
    // Looking at the original again does not save what came after it.
    return !exported || (document->shown != 0 && exported != document->shown);
}

const edit::ModelCapabilities* Session::Impl::model() const {
    for (const auto& model : view.models)
        if (model.provider == view.request.provider && model.id == view.request.model)
            return &model;
    return view.models.empty() ? nullptr : &view.models.front();
}

std::shared_ptr<edit::EditBackend> Session::Impl::backend() const {
    for (const auto& backend : params.backends)
        if (backend->provider() == view.request.provider) return backend;
    return params.backends.empty() ? nullptr : params.backends.front();
}

edit::PlanParams Session::Impl::plan_params() const {
    edit::PlanParams plan = model() ? edit::default_plan(*model()) : edit::PlanParams{};
    plan.context_px = view.request.context_px;
    plan.crop = view.request.crop;
    plan.enlarge = view.request.enlarge;
    plan.request_size = view.request.size;
    plan.islands = view.request.islands;
    plan.resampling = view.request.resampling;
    // A crop that was dragged is one crop.
    if (plan.crop && plan.islands == edit::Islands::automatic)
        plan.islands = edit::Islands::together;
    return plan;
}

edit::EditParams Session::Impl::edit_params() const {
    edit::EditParams edit;
    edit.model = view.request.model;
    edit.count = view.request.count;
    edit.seed = view.request.seed;
    edit.quality = view.request.quality;
    edit.complexity = view.request.complexity;
    edit.background = view.request.background;
    edit.input_fidelity = view.request.input_fidelity;
    edit.format = view.request.format;
    edit.compression = view.request.compression;
    edit.partials = view.request.partials;
    edit.references = view.request.references;
    if (document) edit.project = document->path.string();
    if (view.markup.use == MarkupUse::instead_of_mask || view.markup.use == MarkupUse::reference)
        edit.marks = document->markup.marks;
    return edit;
}

void Session::Impl::refresh() {
    view.document = document.get();
    view.recent_files = recent->files();
    view.mask = !document ? nullptr : stroke ? &stroke->mask() : previewed_mask();
    if (document && view.mask == nullptr) view.mask = &document->mask;
    count_mask();
    refresh_selection();
    const auto name = [](const project::Command* c) { return c ? c->name : std::string(); };
    view.undo_name = document ? name(document->undo.next_undo()) : "";
    view.redo_name = document ? name(document->undo.next_redo()) : "";
    if (view.trial && (!document || view.trial->iteration != document->shown)) drop_trial();
    if (bench && (!document || bench_of.first != document->shown)) bench.reset();
    refresh_pictures();
    refresh_comparison();
    refresh_markup();
    refresh_conversation();
    refresh_plan();
    refresh_figures();
    view.cannot_run = reason_not_to_run();
    record_changes();
    refresh_project();
}

void Session::Impl::refresh_pictures() {
    view.preview.reset();
    if (!document) {
        view.shown = view.original = view.preview_under = nullptr;
        return;
    }
    const project::Document& d = *document;
    view.original = d.tree.picture(0);
    view.shown = d.tree.picture(d.shown);
    const project::IterationId parent = d.tree.at(d.shown).parent;
    view.preview_under = view.shown;
    for (const JobView& job : view.jobs)
        if (job.kind == JobKind::edit && job.state == JobState::running && job.partial &&
            job.parent == d.shown)
            view.preview = job.partial;
    if (view.trial && view.trial->patch) {
        view.preview = view.trial->patch;
        view.preview_under = d.tree.picture(parent);
    }
}

void Session::Impl::refresh_plan() {
    if (!document || !model()) {
        view.plan.clear();
        view.cost.reset();
        plan_problem.clear();
        return;
    }
    // While the pen is down the old plan stands: the support's bounds cost more than a stroke's
    // sample.
    if (stroke || shown_task() != nullptr) return;
    if (planned_revision == view.mask_revision) return;
    // A crop dragged for another place is not stretched to where the artist paints now.
    if (view.request.crop && intersect(*view.request.crop, document->mask.bounds()).empty())
        view.request.crop.reset();
    const edit::PlanParams params_now = plan_params();
    const auto& rules = model()->size;
    const Size picture = view.shown->size();
    // One crop costs a look at the mask's bounds; finding islands costs a look at every edge.
    const bool quick =
        params_now.islands == edit::Islands::together || document->mask.tile_bytes() <= kQuickMask;
    if (!quick && plan_job != 0) return; // planned again when that one has come
    planned_revision = view.mask_revision;
    plan_job = 0;
    plan_problem.clear();
    auto joint = edit::plan_crop(picture, document->mask, rules, params_now);
    if (!joint) {
        plan_problem = joint.error().message;
        return set_plan({});
    }
    if (params_now.islands == edit::Islands::together)
        return set_plan({{document->mask, std::move(*joint)}});
    if (!quick) {
        plan_job =
            submit(worker::PlanJob{view.document_id, picture, document->mask, rules, params_now},
                   JobKind::plan, "Plan");
        if (view.plan.empty()) set_plan({{document->mask, std::move(*joint)}}); // for the moment
        return;
    }
    auto parts = edit::plan_parts(picture, document->mask, rules, params_now);
    if (!parts) plan_problem = parts.error().message;
    set_plan(parts ? std::move(*parts) : std::vector<edit::PlannedPart>());
}

void Session::Impl::set_plan(std::vector<edit::PlannedPart> parts) {
    view.plan = std::move(parts);
    view.cost.reset();
    for (const edit::PlannedPart& part : view.plan) {
        const edit::CostEstimate one = backend()->estimate(part.plan, edit_params());
        if (!view.cost) view.cost.emplace();
        view.cost->low_usd += one.low_usd;
        view.cost->high_usd += one.high_usd;
        view.cost->most_usd += std::max(one.most_usd, one.high_usd);
    }
}

void Session::Impl::refresh_figures() {
    view.figures.reset();
    view.figures_pending = false;
    if (!document || document->shown == 0) return;
    const project::Iteration& shown = document->tree.at(document->shown);
    const FiguresKey key{shown.id, shown.patch.identity()};
    if (const auto it = figures.find(key); it != figures.end()) {
        view.figures = it->second;
        return;
    }
    if (figures_asked != key) {
        figures_asked = key;
        figures_job = submit(worker::CompareJob{view.document_id, shown.parent, shown.id,
                                                document->tree.picture(shown.parent), view.shown,
                                                *shown.mask, shown.view},
                             JobKind::figures, "Figures");
    }
    // Failed or cancelled, they are not asked for again until another iteration was shown.
    view.figures_pending = figures_job != 0;
}

std::string Session::Impl::reason_not_to_run() const {
    if (!document) return "Open a picture first.";
    if (!view.mask || view.mask->empty()) return "Paint over what should change first.";
    if (view.prompt.empty()) return "Say what should change.";
    if (!view.service.problem.empty()) return view.service.problem;
    return prompt_problem.empty() ? plan_problem : prompt_problem;
}

} // namespace mw::session
