#include "ui/history_panel.h"

#include <fmt/format.h>
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <chrono>
#include <ctime>

#include "embedded/icons.h"
#include "ui/history_rows.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using project::IterationId;
using session::HistoryRow;
using session::SessionView;

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void follow_query(HistoryState& state) {
    if (state.query == state.parsed_text) return;
    state.parsed_text = state.query;
    auto parsed = project::Query::parse(state.query, now_ms());
    state.query_problem = parsed ? std::string() : parsed.error().message;
    if (parsed) state.parsed = std::move(*parsed);
}

void draw_search(HistoryState& state) {
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::SetNextItemWidth(width - (state.query.empty() ? 0 : px(32)));
    if (std::exchange(state.focus_search, false)) ImGui::SetKeyboardFocusHere();
    ImGui::InputTextWithHint("##search", "Search", &state.query);
    name_item("history.search");
    tooltip("Search", "Ctrl+F",
            "Words in prompt, name and note, and any of: star:yes  state:accepted  model:gpt  "
            "cost>0.05  date>=2026-11-27  date:today  area<2%  at:820,400  seconds>60  #12. "
            "A minus before one turns it round.");
    if (!state.query.empty()) {
        ImGui::SameLine(0, px(4));
        if (icon_button("history.search_clear", icons::kClose, false, true, 28))
            state.query.clear();
        tooltip("Show everything again");
    }
    follow_query(state);
    if (!state.query_problem.empty())
        text_wrapped(state.query_problem, colors().warning, look().fonts.small);
}

void begin_writing(HistoryState& state, const project::Iteration& it) {
    state.writing = it.id;
    state.name = it.marks.name;
    state.note = it.marks.note;
    state.focus_name = true;
}

// What can be done with the one that is shown.
void draw_tools(const SessionView& view, HistoryState& state, session::Actions& out) {
    const project::Iteration& it = view.document->tree.at(view.document->shown);
    const bool result = it.id != 0;
    command_button("history.star", Command::toggle_star, it.marks.starred, true, 28);
    ImGui::SameLine(0, px(4));
    if (icon_button("history.name", icons::kEdit, state.writing == it.id, true, 28))
        state.writing == it.id ? void(state.writing = -1) : begin_writing(state, it);
    tooltip("Name and note");
    ImGui::SameLine(0, px(12));
    const auto& compare = view.compare;
    using Kind = session::CompareSource::Kind;
    const bool is_a = compare.a == session::CompareSource{Kind::iteration, it.id};
    const bool is_b = compare.b == session::CompareSource{Kind::iteration, it.id};
    if (button("history.a", "A", {.width = px(28), .selected = is_a}))
        compare_with(view, it.id, false, out);
    tooltip("Make this A of the comparison");
    ImGui::SameLine(0, px(4));
    if (button("history.b", "B", {.width = px(28), .selected = is_b}))
        compare_with(view, it.id, true, out);
    tooltip("Make this B of the comparison");
    ImGui::SameLine(0, px(4));
    const bool pair = compare.a.kind == Kind::iteration && compare.b.kind == Kind::iteration &&
                      compare.a.id != compare.b.id;
    if (button("history.combine", "A + B", {.width = px(56), .enabled = pair}))
        out.push_back(session::CombineIterations{compare.a.id, compare.b.id});
    tooltip("Combine A and B", {},
            pair ? "A new result with the region of A and the region of B."
                 : "First make one result A and another one B.");
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(28));
    command_button("history.prune", Command::prune, false, result, 28);
}

void draw_writing(const SessionView& view, HistoryState& state, session::Actions& out) {
    if (state.writing < 0 || !view.document->tree.contains(state.writing)) return;
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
    if (std::exchange(state.focus_name, false)) ImGui::SetKeyboardFocusHere();
    const bool entered = ImGui::InputTextWithHint("##name", "Name", &state.name,
                                                  ImGuiInputTextFlags_EnterReturnsTrue);
    name_item("history.name_field");
    ImGui::InputTextMultiline("##note", &state.note, {ImGui::GetContentRegionAvail().x, px(64)});
    name_item("history.note_field");
    const bool done = button("history.name_ok", "Keep", {.kind = ButtonKind::primary});
    ImGui::SameLine(0, px(4));
    const bool dropped = button("history.name_drop", "Drop", {.kind = ButtonKind::quiet});
    if (entered || done)
        out.push_back(session::MarkIteration{state.writing, {}, {}, state.name, state.note});
    if (entered || done || dropped) state.writing = -1;
}

void draw_trash_line(const SessionView& view, HistoryState& state, int trashed,
                     session::Actions& out) {
    if (trashed == 0) {
        state.trash = false;
        return;
    }
    if (button("history.trash",
               state.trash ? "Back to the history" : fmt::format("Trash ({})", trashed),
               {.kind = ButtonKind::quiet, .icon = icons::kDelete}))
        state.trash = !state.trash;
    if (!state.trash) return;
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(76));
    if (button("history.empty_trash", "Empty…", {.kind = ButtonKind::quiet, .width = px(76)}))
        out.push_back(session::EmptyTrash{});
    tooltip("Empty the trash", {}, "For good; asks first.");
    (void)view;
}

void follow_document(const SessionView& view, HistoryState& state) {
    if (state.document == view.document_id) return;
    state.document = view.document_id;
    state.writing = state.scrolled_to = -1;
    state.trash = false;
}

} // namespace

void compare_with(const SessionView& view, IterationId id, bool as_b, session::Actions& out) {
    session::CompareState next = view.compare;
    (as_b ? next.b : next.a) = {session::CompareSource::Kind::iteration, id};
    out.push_back(session::SetCompare{next});
}

void draw_history(const SessionView& view, HistoryState& state, session::Actions& out) {
    follow_document(view, state);
    const auto gone = session::trash_rows(view.document->tree);
    draw_search(state);
    draw_tools(view, state, out);
    draw_writing(view, state, out);
    gap(2);
    const bool some_trash = !gone.empty();
    const float below = some_trash ? px(36) : 0;
    if (ImGui::BeginChild("##rows", {0, -below}, 0, ImGuiWindowFlags_NoBackground)) {
        const auto rows = state.trash ? gone
                                      : session::history_rows(view.document->tree, state.parsed,
                                                              view.original->size());
        if (rows.empty())
            text_wrapped("Nothing here matches the search.", colors().text_second);
        else
            draw_history_rows(view, state, rows, out);
    }
    ImGui::EndChild();
    draw_trash_line(view, state, static_cast<int>(gone.size()), out);
}

} // namespace mw::ui
