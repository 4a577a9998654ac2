// Work on the mask in the background: one queue, each operation a step of undo.
#include "session/session_impl.h"

namespace mw::session {
namespace {

bool same_tiles(const mask::Mask& a, const mask::Mask& b) {
    return a.size() == b.size() && mask::changed_rect(a, b).empty();
}

const worker::Shape* shape_of(const worker::MaskOp& op) {
    return std::get_if<worker::Shape>(&op.what);
}

bool looks_at_picture(const worker::MaskOp& op) {
    const worker::Shape* shape = shape_of(op);
    return shape != nullptr &&
           (follows_settings(*shape) || std::holds_alternative<worker::AlphaShape>(*shape) ||
            std::holds_alternative<worker::AskedShape>(*shape));
}

// Why a selection holds nothing, and what to do.
std::string nothing_found(const worker::Shape& shape) {
    if (std::holds_alternative<select::WandParams>(shape))
        return "No pixel there is within the tolerance of the colour sampled; raise the tolerance "
               "or sample a smaller square.";
    if (std::holds_alternative<select::ColorRangeParams>(shape))
        return "No pixel is within the tolerance of that colour; raise the tolerance.";
    if (std::holds_alternative<select::LuminanceRangeParams>(shape))
        return "No pixel is as light as that; widen the range.";
    if (std::holds_alternative<select::SmartSelectParams>(shape))
        return "No object was found there; draw the box a little outside it, or scribble on it.";
    if (std::holds_alternative<worker::AlphaShape>(shape))
        return "The picture is transparent everywhere; the mask is as it was.";
    return "That holds no pixel of the picture; the mask is as it was.";
}

} // namespace

const LastMaskStep* Session::Impl::last_mask_step() const {
    const auto& last = work.last;
    if (!document || !last || last->step != document->undo.next_undo()) return nullptr;
    return same_tiles(last->after, document->mask) ? &*last : nullptr;
}

const std::shared_ptr<worker::SelectBench>& Session::Impl::select_bench() {
    auto& bench_now = work.bench;
    if (!bench_now || bench_now->picture != view.shown || !(bench_now->view == view.display)) {
        bench_now = std::make_shared<worker::SelectBench>();
        bench_now->picture = view.shown;
        bench_now->view = view.display;
    }
    return bench_now;
}

void Session::Impl::add_mask_task(worker::MaskOp op, Basis basis, bool held) {
    if (!document) return;
    drop_held_task();
    MaskTask task;
    task.op = std::move(op);
    task.basis = basis;
    task.held = held;
    // What is replaced as a whole need not be made first.
    if (shape_of(task.op) != nullptr && task.op.mode == CombineMode::replace &&
        basis == Basis::fresh)
        drop_mask_work();
    work.tasks.push_back(std::move(task));
    advance_mask_work();
}

void Session::Impl::change_last_task(worker::MaskOp op, bool held) {
    MaskTask& task = work.tasks.back();
    task.op = std::move(op);
    ++task.serial;
    task.held = held;
    // Under the hand each answer is let through, so that there is something to see; what is to be
    // kept waits for no other.
    if (!held && task.job != 0 && task.job_serial != task.serial) worker->cancel(task.job);
    advance_mask_work();
}

void Session::Impl::drop_held_task() {
    if (work.tasks.empty() || !work.tasks.back().held) return;
    if (work.tasks.back().job != 0) worker->cancel(work.tasks.back().job);
    if (shown_task() == &work.tasks.back()) ++view.mask_revision;
    work.tasks.pop_back();
}

bool Session::Impl::drop_mask_work() {
    if (work.tasks.empty()) return false;
    for (const MaskTask& task : work.tasks)
        if (task.job != 0) worker->cancel(task.job);
    if (shown_task() != nullptr) ++view.mask_revision;
    work.tasks.clear();
    work.run_after = false;
    return true;
}

const MaskTask* Session::Impl::shown_task() const {
    if (work.tasks.empty()) return nullptr;
    const MaskTask& task = work.tasks.front();
    return task.made || task.preview ? &task : nullptr;
}

const mask::Mask* Session::Impl::previewed_mask() const {
    const MaskTask* task = shown_task();
    if (task == nullptr) return nullptr;
    // Of two answers the one that the running job gave is the newer.
    return task->preview ? &*task->preview : &task->made->mask;
}

void Session::Impl::submit_mask_task(MaskTask& task) {
    const LastMaskStep* last = last_mask_step();
    task.job_basis = last != nullptr ? task.basis : Basis::fresh;
    task.seen = document->mask;
    task.before = task.job_basis == Basis::fresh ? document->mask : last->before;
    worker::MaskJob job;
    job.document = view.document_id;
    job.op = task.op;
    task.back = task.job_basis == Basis::adjusts ? last->back : document->mask;
    job.before = task.before;
    job.current = task.back;
    if (looks_at_picture(task.op)) job.bench = select_bench();
    // Only the mask below has changed since.
    if (task.made && task.made_serial == task.serial) job.shape = task.made->shape;
    task.job_serial = task.serial;
    task.job = submit(std::move(job), JobKind::mask, name_of(task.op));
}

void Session::Impl::keep_mask_task(MaskTask& task) {
    auto& d = *document;
    worker::MaskMade& made = *task.made;
    const worker::Shape* shape = shape_of(task.op);
    if (made.found_nothing && shape != nullptr) {
        notify(Severity::info, nothing_found(*shape));
        if (task.job_basis == Basis::fresh) return;
    }
    const bool changes = !made.patch.empty();
    std::optional<project::Command> command;
    if (changes) command = project::Command{name_of(task.op), std::move(made.patch)};
    if (task.job_basis == Basis::adjusts)
        d.undo.replace_last(std::move(command));
    else if (command)
        d.undo.push(std::move(*command));
    d.mask = made.mask;
    const auto* how = std::get_if<Refinement>(&task.op.what);
    work.last.reset();
    if (changes && (how != nullptr ? has_amount(how->kind)
                                   : follows_settings(*shape) ||
                                         std::holds_alternative<worker::AskedShape>(*shape)))
        work.last = LastMaskStep{std::move(task.op), std::move(task.before), std::move(task.back),
                                 d.mask, d.undo.next_undo()};
}

void Session::Impl::advance_mask_work() {
    while (!work.tasks.empty() && !stroke) {
        MaskTask& task = work.tasks.front();
        const bool ready = task.made && task.made_serial == task.serial && task.job == 0;
        if (ready && !same_tiles(task.seen, document->mask)) {
            if (task.job_basis == Basis::adjusts) { // what it was to adjust is no longer the last
                work.tasks.pop_front();
                ++view.mask_revision;
                continue;
            }
            submit_mask_task(task);
        }
        if (task.job != 0 || (ready && task.held)) return;
        if (!ready) return submit_mask_task(task);
        keep_mask_task(task);
        ++view.mask_revision;
        view.selection.counted_revision = view.mask_revision;
        work.tasks.pop_front();
    }
    if (work.tasks.empty() && work.run_after) {
        work.run_after = false;
        on(Run{});
    }
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::MaskMade& made) {
    if (work.tasks.empty() || work.tasks.front().job != event.job) return;
    MaskTask& task = work.tasks.front();
    view.selection.bounds = made.count.bounds;
    view.selection.pixels = made.count.pixels;
    view.selection.counted_revision = ++view.mask_revision;
    task.made = std::move(made);
    task.made_serial = task.job_serial;
    task.preview.reset();
}

void Session::Impl::after_mask_job(const worker::JobEvent& event) {
    if (event.job == work.count_job) work.count_job = 0;
    if (work.tasks.empty() || work.tasks.front().job != event.job) return;
    MaskTask& task = work.tasks.front();
    task.job = 0;
    const bool worked = std::holds_alternative<worker::Finished>(event.what);
    const bool outdated = task.job_serial != task.serial;
    if (!worked && !outdated) {
        work.tasks.pop_front();
        ++view.mask_revision;
        work.run_after = false;
    }
    advance_mask_work();
}

void Session::Impl::on_preview(const worker::JobEvent& event, worker::MaskPreview& preview) {
    if (work.tasks.empty() || work.tasks.front().job != event.job) return;
    work.tasks.front().preview = std::move(preview.mask);
    ++view.mask_revision;
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::MaskCount& count) {
    if (event.job != work.count_job || event.document != view.document_id) return;
    view.selection.bounds = count.bounds;
    view.selection.pixels = count.pixels;
    view.selection.counted_revision = work.count_revision;
}

void Session::Impl::count_mask(std::size_t quick_bytes) {
    SelectionView& s = view.selection;
    if (!document) {
        s.bounds = {};
        s.pixels = 0;
        s.counted_revision = ~0ull;
        return;
    }
    if (stroke || s.counted_revision == view.mask_revision) return;
    if (view.mask->tile_bytes() <= quick_bytes) {
        s.bounds = view.mask->bounds();
        s.pixels = view.mask->support_area();
        s.counted_revision = view.mask_revision;
    } else if (work.count_job == 0) {
        work.count_revision = view.mask_revision;
        work.count_job = submit(worker::MaskCountJob{view.document_id, *view.mask}, JobKind::mask,
                                "Count the mask");
    }
}

void Session::Impl::refresh_selection() {
    SelectionView& s = view.selection;
    const LastMaskStep* last = last_mask_step();
    const worker::Shape* shape = last != nullptr ? shape_of(last->op) : nullptr;
    s.adjustable = shape != nullptr && follows_settings(*shape);
    s.previewing = !stroke && shown_task() != nullptr;
    s.refinement.reset();
    if (last != nullptr && std::holds_alternative<Refinement>(last->op.what))
        s.refinement = std::get<Refinement>(last->op.what);
    s.working.clear();
    if (!work.tasks.empty()) {
        const MaskTask& task = work.tasks.front();
        const MaskTask& newest = work.tasks.back();
        if (const auto* how = std::get_if<Refinement>(&newest.op.what)) s.refinement = *how;
        if (!task.held && !(task.made && task.made_serial == task.serial)) {
            s.working = name_of(task.op);
            s.since = task.asked;
        }
    }
    s.can_reselect = document && work.cleared && work.cleared->size() == document->mask.size() &&
                     !same_tiles(*work.cleared, document->mask);
}

} // namespace mw::session
