// The tree of iterations: marks, the trash, combinations.
#include <fmt/format.h>

#include "session/session_impl.h"

namespace mw::session {
namespace {

// One line, no control characters, not endless.
std::string one_line(std::string text, std::size_t most) {
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 32; });
    if (text.size() > most) {
        std::size_t end = most;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end; // not inside a UTF-8 sequence
        text.resize(end);
    }
    return text;
}

constexpr std::size_t kLongestName = 120, kLongestNote = 20'000;

} // namespace

void Session::Impl::change_marks(project::IterationId id, project::Marks marks, std::string name,
                                 project::IterationId base, project::IterationId shown) {
    auto& d = *document;
    project::MarksChange before{id, d.tree.at(id).marks, d.base, d.shown};
    if (before.marks == marks) return;
    d.tree.set_marks(id, std::move(marks));
    d.base = base;
    d.shown = shown;
    d.undo.push({std::move(name), std::move(before)});
}

void Session::Impl::on(const MarkIteration& a) {
    if (!document || !document->tree.contains(a.id)) return;
    auto& d = *document;
    project::Marks marks = d.tree.at(a.id).marks;
    if (a.collapsed) { // how a list is folded is nothing to undo
        marks.collapsed = *a.collapsed;
        d.tree.set_marks(a.id, marks);
    }
    std::string what;
    if (a.starred) {
        marks.starred = *a.starred;
        what = *a.starred ? "Star" : "Take the star off";
    }
    if (a.name) {
        marks.name = one_line(*a.name, kLongestName);
        what = "Name";
    }
    if (a.note) {
        marks.note = a.note->size() > kLongestNote ? a.note->substr(0, kLongestNote) : *a.note;
        what = "Note";
    }
    if (!what.empty()) change_marks(a.id, std::move(marks), std::move(what), d.base, d.shown);
}

void Session::Impl::on(const PruneIteration& a) {
    if (!document || a.id == 0 || !document->tree.alive(a.id)) return;
    auto& d = *document;
    project::Marks marks = d.tree.at(a.id).marks;
    marks.trashed = true;
    // What goes is neither looked at nor started from.
    const project::IterationId parent = d.tree.at(a.id).parent;
    const bool base_goes = d.tree.descends(d.base, a.id);
    const bool shown_goes = d.tree.descends(d.shown, a.id);
    const project::IterationId base = base_goes ? parent : d.base;
    drop_trial();
    change_marks(a.id, std::move(marks), "Move to the trash", base, shown_goes ? base : d.shown);
}

void Session::Impl::on(const RestoreIteration& a) {
    if (!document || !document->tree.contains(a.id)) return;
    auto& d = *document;
    // Taken out alone it would stay hidden under what is still in there.
    for (project::IterationId id = a.id; id > 0; id = d.tree.at(id).parent) {
        project::Marks marks = d.tree.at(id).marks;
        if (!marks.trashed) continue;
        marks.trashed = false;
        change_marks(id, std::move(marks), "Take out of the trash", d.base, d.shown);
    }
}

void Session::Impl::on(const EmptyTrash& a) {
    if (!document) return;
    auto& d = *document;
    int count = 0;
    for (project::IterationId id = 1; id < static_cast<project::IterationId>(d.tree.size()); ++id)
        count += d.tree.contains(id) && !d.tree.alive(id);
    if (count == 0) return notify(Severity::info, "The trash is empty.");
    if (!a.sure)
        return notify(
            Severity::warning,
            fmt::format("{} result{} in the trash with what {} answered would be gone for good; "
                        "this cannot be undone.",
                        count, count == 1 ? "" : "s", count == 1 ? "was" : "were"),
            "Empty the trash", EmptyTrash{true});
    // Answers still to come hang on what they were asked from.
    for (const JobView& job : view.jobs)
        if (job.kind == JobKind::edit &&
            (job.state == JobState::waiting || job.state == JobState::running) &&
            !d.tree.alive(job.parent))
            return notify(Severity::warning,
                          "An answer to a result in the trash is still awaited; empty the trash "
                          "when it has come, or cancel the request.");
    for (project::IterationId id = 1; id < static_cast<project::IterationId>(d.tree.size()); ++id)
        if (d.tree.contains(id) && !d.tree.alive(id)) (void)d.tree.erase(id);
    d.undo.forget_erased(d.tree);
    notify(Severity::info,
           fmt::format("Gone for good: {} result{}.", count, count == 1 ? "" : "s"));
}

void Session::Impl::on(const CombineIterations& a) {
    if (!document) return;
    auto source = project::combination_source(document->tree, {a.a, a.b});
    if (!source) return notify(Severity::info, source.error().message);
    document->tree.pin(a.a); // the combination is made of these very pictures
    document->tree.pin(a.b);
    submit(worker::CombineJob{view.document_id, std::move(*source)}, JobKind::combine,
           fmt::format("Combine {} and {}", a.a, a.b));
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::Combined& done) {
    if (!document || event.document != view.document_id) return;
    auto& d = *document;
    if (!d.tree.contains(done.parent)) return;
    project::Iteration made;
    static_cast<project::Grafted&>(made) = std::move(done.grafted);
    made.parent = done.parent;
    made.combined = done.of;
    made.graft.redact = project::takes_redacted(document->tree, done.of);
    made.view = d.tree.at(done.of.b).view;
    made.what_was_done = fmt::format("combined: regions of {} and {}", done.of.a, done.of.b);
    for (const std::string& note : made.report.notes)
        notify(Severity::info, fmt::format("Combined: {}.", note));
    const project::IterationId id = d.tree.add(std::move(made));
    move_base(done.parent, id, "Combine");
}

} // namespace mw::session
