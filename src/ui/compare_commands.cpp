#include "ui/compare_commands.h"

#include <imgui.h>

#include "ui/compare_words.h"

namespace mw::ui {
namespace {

using session::Actions;
using session::CompareMode;
using session::CompareSource;
using session::SessionView;

// Esc belongs to texts, lists, gestures and the walk through the panels first.
bool esc_is_free(const ShellState& state) {
    return !ImGui::GetIO().WantTextInput && !state.walking && state.canvas.gesture == Gesture::none;
}

// Arrows move the focus where the keyboard walks the panels.
bool arrows_are_free(const ShellState& state) {
    return !wants_keyboard_navigation(state);
}

bool nudge_command(Command command, const SessionView& view, const ShellState& state,
                   Actions& out) {
    int right = 0, down = 0;
    switch (command) {
        case Command::nudge_left:
            right = -1;
            break;
        case Command::nudge_right:
            right = 1;
            break;
        case Command::nudge_up:
            down = -1;
            break;
        case Command::nudge_down:
            down = 1;
            break;
        default:
            return false;
    }
    if (arrows_are_free(state))
        nudge(view, state.canvas, right, down, ImGui::GetIO().KeyShift ? 10 : 1, out);
    return true;
}

// Candidates: what B shows when that was chosen, what the canvas shows otherwise.
bool step_command(Command command, const SessionView& view, Actions& out) {
    if (command != Command::previous_iteration && command != Command::next_iteration) return false;
    session::CompareState next = view.compare;
    if (effective_compare(view) == CompareMode::off ||
        next.b.kind != CompareSource::Kind::iteration)
        return false;
    next.b.id += command == Command::next_iteration ? 1 : -1;
    if (view.document->tree.contains(next.b.id)) out.push_back(session::SetCompare{next});
    return true;
}

} // namespace

bool compare_command(Command command, const SessionView& view, ShellState& state, Actions& out) {
    if (nudge_command(command, view, state, out) || step_command(command, view, out)) return true;
    for (const ModeInfo& mode : compare_modes())
        if (mode.command == command) {
            out.push_back(session::SetCompare{toggled(view.compare, mode.mode)});
            return true;
        }
    session::CompareState next = view.compare;
    switch (command) {
        case Command::cycle_compare:
            next = cycled(view.compare);
            break;
        case Command::leave_compare:
            if (!esc_is_free(state)) return true;
            if (state.canvas.compare.line_armed)
                state.canvas.compare.line_armed = false;
            else
                next.mode = CompareMode::off;
            break;
        case Command::swap_sides:
            std::swap(next.a, next.b);
            next.nudge = {-next.nudge.x, -next.nudge.y};
            break;
        case Command::next_metric:
            next.metric = static_cast<compare::Metric>((static_cast<int>(next.metric) + 1) % 4);
            next.mode = CompareMode::heat;
            break;
        case Command::toggle_figures:
            next.figures = !next.figures;
            state.panels |= next.figures;
            break;
        case Command::nudge_back:
            next.nudge = {};
            break;
        case Command::next_spot:
            go_to_next_spot(view, state.canvas);
            return true;
        case Command::open_to_compare:
            open_file_dialog(state.files, FilePurpose::open_to_compare, view);
            return true;
        case Command::export_report:
            open_file_dialog(state.files, FilePurpose::export_report, view);
            return true;
        case Command::export_table:
            open_file_dialog(state.files, FilePurpose::export_table, view);
            return true;
        default:
            return false;
    }
    if (!(next == view.compare)) out.push_back(session::SetCompare{next});
    return true;
}

void number_keys(const SessionView& view, Actions& out) {
    const ImGuiIO& io = ImGui::GetIO();
    if (view.document == nullptr || io.WantTextInput) return;
    const bool shift = io.KeyMods == ImGuiMod_Shift;
    if (io.KeyMods != 0 && !shift) return;
    const CompareMode mode = effective_compare(view);
    const bool comparing = view.compare.mode != CompareMode::off && mode != CompareMode::sheet;
    for (int n = 0; n <= 9; ++n) {
        if (!ImGui::IsKeyPressed(static_cast<ImGuiKey>(ImGuiKey_0 + n), false) ||
            !view.document->tree.alive(n))
            continue;
        if (!comparing) {
            if (!shift) out.push_back(session::ShowIteration{n});
            continue;
        }
        if (shift && n == 0) continue; // the exposure's key
        session::CompareState next = view.compare;
        (shift ? next.b : next.a) = {CompareSource::Kind::iteration, n};
        out.push_back(session::SetCompare{next});
    }
}

} // namespace mw::ui
