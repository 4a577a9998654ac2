#include "ui/markup_tool.h"

#include <imgui.h>
#include <imgui_stdlib.h>

#include <cmath>

#include "ui/canvas_marks.h"
#include "ui/keyboard_pointer.h"
#include "ui/look.h"
#include "ui/markup_marks.h"
#include "ui/palette.h"
#include "ui/shell.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::Actions;
using session::SessionView;
using session::Tool;

constexpr double kReach = 6;   // design pixels from a mark that still pick it
constexpr double kShake = 3;   // design pixels a press may move without dragging
constexpr double kTwice = 0.4; // seconds between the presses of a double click
constexpr const char* kNoteField = "note words";

double design(const CanvasState& state) {
    return look().scale * state.density;
}

double distance(PointF a, PointF b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

edit::MarkKind kind_of(MarkHand hand) {
    return static_cast<edit::MarkKind>(static_cast<int>(hand) - 1);
}

edit::Mark new_mark(const SessionView& view, const CanvasState& state, PointF image) {
    edit::Mark mark;
    mark.kind = kind_of(state.marks.hand);
    mark.color = view.markup.style.color;
    mark.width_px = view.markup.style.width_px;
    mark.points = {image};
    if (mark.kind == edit::MarkKind::arrow || mark.kind == edit::MarkKind::ellipse)
        mark.points.push_back(image);
    return mark;
}

void write_note(CanvasState& state, edit::Mark note) {
    state.marks.draft = std::move(note);
    state.marks.asked = true;
}

// With Shift a circle is round and an arrow keeps to steps of 45 degrees.
PointF constrained(const CanvasState& state, const edit::Mark& mark, PointF to) {
    if (!shift_bends(state)) return to;
    const PointF from = mark.points[0];
    const double dx = to.x - from.x, dy = to.y - from.y;
    if (mark.kind == edit::MarkKind::ellipse) {
        const double side = std::max(std::abs(dx), std::abs(dy));
        return {from.x + std::copysign(side, dx), from.y + std::copysign(side, dy)};
    }
    constexpr double kStep = 0.78539816339744831;
    const double angle = std::round(std::atan2(dy, dx) / kStep) * kStep;
    const double along = dx * std::cos(angle) + dy * std::sin(angle);
    return {from.x + along * std::cos(angle), from.y + along * std::sin(angle)};
}

void nudge_mark(const edit::Mark& mark, int right, int down, Actions& out) {
    const int by = ImGui::GetIO().KeyShift ? 10 : 1;
    out.push_back(session::ChangeMark{edit::moved(mark, right * by, down * by), true});
}

} // namespace

const edit::Mark* picked_mark(const SessionView& view, const MarkCanvas& marks) {
    if (view.document == nullptr || marks.picked == 0) return nullptr;
    for (const edit::Mark& mark : view.document->markup.marks)
        if (mark.id == marks.picked) return &mark;
    return nullptr;
}

void begin_mark(const SessionView& view, CanvasState& state, const PointerEvent& event, PointF at,
                Actions& out) {
    MarkCanvas& marks = state.marks;
    const PointF image = image_point(view, state, at);
    const bool hidden = view.document->markup.hidden;
    const double reach = kReach * design(state) / state.view.zoom;
    const int under = hidden ? 0 : mark_at(view.document->markup, image, reach);
    if (event.button == 1) {
        if (under != 0) out.push_back(session::RemoveMark{under});
        return;
    }
    if (event.button != 0) return;
    const bool twice = distance(at, state.pressed) <= 2 * kShake * design(state) &&
                       event.time > state.pressed_at && event.time - state.pressed_at < kTwice;
    state.pressed = at;
    state.pressed_at = twice ? 0 : event.time;
    marks.moved = false;
    marks.grab = image;
    if (marks.hand == MarkHand::pick) {
        marks.picked = under;
        const edit::Mark* mark = picked_mark(view, marks);
        if (mark != nullptr && twice && mark->kind == edit::MarkKind::note)
            return write_note(state, *mark);
        if (mark != nullptr) state.gesture = Gesture::mark;
        return;
    }
    marks.picked = 0;
    marks.draft = new_mark(view, state, image);
    state.gesture = Gesture::mark;
}

void move_mark(const SessionView& view, CanvasState& state, PointF at, Actions& out) {
    MarkCanvas& marks = state.marks;
    const PointF image = image_point(view, state, at);
    marks.moved |= distance(at, state.anchor) > kShake * design(state);
    if (marks.draft) {
        edit::Mark& mark = *marks.draft;
        if (mark.kind == edit::MarkKind::stroke) {
            if (mark.points.size() < edit::kMostMarkPoints && !(mark.points.back() == image))
                mark.points.push_back(image);
        } else if (mark.kind == edit::MarkKind::note) {
            mark.points[0] = image;
        } else {
            mark.points[1] = constrained(state, mark, image);
        }
        return;
    }
    const edit::Mark* mark = picked_mark(view, marks);
    if (mark == nullptr || !marks.moved) return;
    out.push_back(session::ChangeMark{
        edit::moved(*mark, image.x - marks.grab.x, image.y - marks.grab.y), true});
    marks.grab = image;
}

void end_mark(const SessionView& view, CanvasState& state, PointF at, Actions& out) {
    MarkCanvas& marks = state.marks;
    state.gesture = Gesture::none;
    if (!marks.draft) {
        if (const edit::Mark* mark = picked_mark(view, marks); mark != nullptr && marks.moved)
            out.push_back(session::ChangeMark{*mark}); // the drag's step of undo is done
        return;
    }
    edit::Mark mark = std::move(*marks.draft);
    marks.draft.reset();
    if (mark.kind == edit::MarkKind::note) return write_note(state, std::move(mark));
    const bool dot = mark.kind == edit::MarkKind::stroke;
    if (!dot && distance(at, state.anchor) <= kShake * design(state)) return;
    out.push_back(session::AddMark{std::move(mark)});
}

void mark_keys(CanvasState& state) {
    MarkCanvas& marks = state.marks;
    if (marks.writing || !ImGui::IsKeyPressed(ImGuiKey_Escape, false)) return;
    if (marks.draft) {
        marks.draft.reset();
        if (state.gesture == Gesture::mark) state.gesture = Gesture::none;
    } else {
        marks.picked = 0;
    }
}

void follow_marks(const SessionView& view, CanvasState& state) {
    MarkCanvas& marks = state.marks;
    if (marks.picked != 0 && picked_mark(view, marks) == nullptr) marks.picked = 0;
    if (view.tool == Tool::markup && view.shown != nullptr) return;
    if (state.gesture == Gesture::mark) state.gesture = Gesture::none;
    marks.draft.reset();
    marks.picked = 0;
    marks.asked = false;
}

bool mark_command(Command command, const SessionView& view, ShellState& state, Actions& out) {
    MarkCanvas& marks = state.canvas.marks;
    switch (command) {
        case Command::markup:
            if (view.tool != Tool::markup)
                out.push_back(session::SetTool{Tool::markup});
            else
                marks.hand = static_cast<MarkHand>((static_cast<int>(marks.hand) + 1) % 5);
            return true;
        case Command::toggle_marks:
            if (!view.document->markup.marks.empty())
                out.push_back(session::ShowMarks{view.document->markup.hidden});
            return true;
        case Command::delete_mark:
            if (marks.picked != 0) out.push_back(session::RemoveMark{marks.picked});
            return true;
        default:
            break;
    }
    const edit::Mark* mark = view.tool == Tool::markup && !wants_keyboard_navigation(state)
                                 ? picked_mark(view, marks)
                                 : nullptr;
    if (mark == nullptr) return false;
    switch (command) {
        case Command::nudge_left:
            nudge_mark(*mark, -1, 0, out);
            return true;
        case Command::nudge_right:
            nudge_mark(*mark, 1, 0, out);
            return true;
        case Command::nudge_up:
            nudge_mark(*mark, 0, -1, out);
            return true;
        case Command::nudge_down:
            nudge_mark(*mark, 0, 1, out);
            return true;
        default:
            return false;
    }
}

void draw_note_field(const SessionView& view, CanvasState& state, Actions& out) {
    MarkCanvas& marks = state.marks;
    if (marks.asked) {
        marks.asked = false;
        marks.writing = marks.draft.has_value();
        if (marks.writing) ImGui::OpenPopup(kNoteField);
    }
    if (!marks.writing) return;
    if (!marks.draft || view.document == nullptr) {
        marks.writing = false;
        return;
    }
    const Rect pane = panes_of(view, state).b;
    const ImVec2 at = in_window(state, render::to_screen(state.view, pane, marks.draft->points[0]));
    ImGui::SetNextWindowPos(at, ImGuiCond_Appearing);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(10, 8));
    bool keep = false, drop = false, open = false;
    if (ImGui::BeginPopup(kNoteField)) {
        open = true;
        if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
        ImGui::SetNextItemWidth(px(260));
        keep = ImGui::InputTextWithHint("##words", "What should happen here?", &marks.draft->text,
                                        ImGuiInputTextFlags_EnterReturnsTrue);
        name_item("note.field");
        drop = ImGui::IsKeyPressed(ImGuiKey_Escape, false); // at once, not the field first
        if (keep || drop) ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
    if (open && !keep && !drop) return;
    // Closed by Enter or by a press elsewhere, the words stay; by Esc they go.
    marks.writing = false;
    edit::Mark note = std::move(*marks.draft);
    marks.draft.reset();
    if (drop || (!keep && ImGui::IsKeyPressed(ImGuiKey_Escape, false))) return;
    if (note.id != 0)
        out.push_back(session::ChangeMark{std::move(note)});
    else
        out.push_back(session::AddMark{std::move(note)});
}

} // namespace mw::ui
