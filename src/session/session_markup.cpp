// Marks that the artist draws for the model.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "session/session_impl.h"

namespace mw::session {
namespace {

auto find_mark(std::vector<edit::Mark>& marks, int id) {
    return std::find_if(marks.begin(), marks.end(),
                        [id](const edit::Mark& mark) { return mark.id == id; });
}

} // namespace

void Session::Impl::on(const SetMarkStyle& a) {
    view.markup.style = a.style;
    double& width = view.markup.style.width_px;
    width = std::isfinite(width) ? std::clamp(width, edit::kMinMarkWidth, edit::kMaxMarkWidth)
                                 : edit::Mark().width_px;
}

void Session::Impl::on(const AddMark& a) {
    if (!document) return;
    edit::Markup& markup = document->markup;
    edit::Mark mark = a.mark;
    if (!edit::make_sane(mark, document->tree.picture(0)->size())) return;
    if (markup.marks.size() >= edit::kMostMarks)
        return notify(Severity::info,
                      fmt::format("There are {} marks, which is as many as are kept; remove some "
                                  "first.",
                                  edit::kMostMarks));
    mark.id = ++markup.last_id;
    markup.hidden = false; // what was just drawn is seen, and sent
    std::vector<edit::Mark> next = markup.marks;
    next.push_back(std::move(mark));
    change_marks(std::move(next), "Draw a mark");
}

void Session::Impl::on(const ChangeMark& a) {
    if (!document) return;
    std::vector<edit::Mark> next = document->markup.marks;
    const auto at = find_mark(next, a.mark.id);
    edit::Mark mark = a.mark;
    if (at == next.end() || !edit::make_sane(mark, document->tree.picture(0)->size())) return;
    // The step of undo that the drag has made already goes on.
    const project::Command* last = document->undo.next_undo();
    const bool same_step = held_mark == mark.id && held_mark != 0 && last != nullptr &&
                           std::holds_alternative<project::MarkupChange>(last->change);
    const int id = mark.id;
    if (!(*at == mark)) {
        *at = std::move(mark);
        if (same_step)
            document->markup.marks = std::move(next);
        else
            change_marks(std::move(next), "Change a mark");
        if (a.held && !same_step) held_mark = id;
    }
    if (!a.held) held_mark = 0;
}

void Session::Impl::on(const RemoveMark& a) {
    if (!document) return;
    std::vector<edit::Mark> next = document->markup.marks;
    const auto at = find_mark(next, a.id);
    if (at == next.end()) return;
    next.erase(at);
    change_marks(std::move(next), "Remove a mark");
}

void Session::Impl::on(const ClearMarks&) {
    if (document && !document->markup.marks.empty()) change_marks({}, "Remove all marks");
}

void Session::Impl::on(const ShowMarks& a) {
    if (document) document->markup.hidden = !a.shown;
}

void Session::Impl::change_marks(std::vector<edit::Mark> marks, std::string name) {
    held_mark = 0;
    drop_trial();
    std::swap(marks, document->markup.marks);
    document->undo.push({std::move(name), project::MarkupChange{std::move(marks)}});
}

void Session::Impl::refresh_markup() {
    const MarkupUse before = view.markup.use;
    const edit::ModelCapabilities* m = model();
    view.markup.use = MarkupUse::none;
    if (document && m && !document->markup.marks.empty() && !document->markup.hidden) {
        const auto references = static_cast<int>(view.request.references.size());
        view.markup.use = m->takes_markup                   ? MarkupUse::instead_of_mask
                          : m->max_references < 1           ? MarkupUse::unseen
                          : references >= m->max_references ? MarkupUse::no_room
                                                            : MarkupUse::reference;
    }
    if (view.markup.use == before) return;
    planned_revision = ~0ull;   // another price
    on(SetPrompt{view.prompt}); // and perhaps another reason not to run
}

} // namespace mw::session
