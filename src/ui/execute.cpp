#include "ui/execute.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/canvas_panel.h"
#include "ui/compare_commands.h"
#include "ui/markup_tool.h"
#include "ui/mask_look.h"

namespace mw::ui {
namespace {

using session::Actions;
using session::SessionView;
using session::Tool;

// Proportional, by at least half a pixel.
double resized(double radius, int direction) {
    const double next = radius * (direction > 0 ? 1.15 : 1 / 1.15);
    const double step = std::max(0.5, std::abs(next - radius));
    return std::clamp(radius + direction * step, 0.5, 4096.0);
}

void shape(const SessionView& view, int size, int hardness, Actions& out) {
    mask::Brush brush = view.brush;
    if (size != 0) brush.radius_px = resized(brush.radius_px, size);
    brush.hardness = std::clamp(std::round(brush.hardness * 10 + hardness) / 10, 0.0, 1.0);
    out.push_back(session::SetBrush{brush});
}

void expose(const SessionView& view, double stops, Actions& out) {
    if (view.document->color && view.document->color->scene_linear)
        out.push_back(session::SetExposure{std::clamp(stops, -10.0, 10.0)});
}

void step_iteration(const SessionView& view, int by, Actions& out) {
    const project::IterationTree& tree = view.document->tree;
    const int count = static_cast<int>(tree.size());
    for (int to = view.document->shown + by; to >= 0 && to < count; to += by)
        if (tree.alive(to)) return out.push_back(session::ShowIteration{to});
}

void cancel_newest(const SessionView& view, Actions& out) {
    for (auto job = view.jobs.rbegin(); job != view.jobs.rend(); ++job) {
        const bool going =
            job->state == session::JobState::waiting || job->state == session::JobState::running;
        if (!going || job->cancel_asked || session::is_quiet(job->kind)) continue;
        out.push_back(session::CancelJob{job->id});
        return;
    }
}

void toggle_overlay(const SessionView& view, ShellState& state, Actions& out) {
    session::MaskStyle style = view.mask_style;
    style.visible = !overlay_shown(view, state.canvas);
    if (style.visible && style.look == session::MaskLook::off)
        style.look = session::MaskLook::overlay;
    state.canvas.overlay_muted = false;
    out.push_back(session::SetMaskStyle{style});
}

// The key of a group of tools: its first one, then the next each time.
void choose(const SessionView& view, Tool first, Tool last, Actions& out) {
    const bool within = view.tool >= first && view.tool < last;
    out.push_back(
        session::SetTool{within ? static_cast<Tool>(static_cast<int>(view.tool) + 1) : first});
}

void show_panel(const SessionView& view, bool side, bool tray, Actions& out) {
    if (side == view.preferences->side && tray == view.preferences->tray) return;
    session::Preferences next = *view.preferences;
    next.side = side;
    next.tray = tray;
    out.push_back(session::SetPreferences{std::move(next)});
}

// Those that need no picture; false for the rest.
bool without_picture(Command command, const SessionView& view, ShellState& state, Actions& out) {
    switch (command) {
        case Command::open:
            open_file_dialog(state.files, FilePurpose::open_picture, view);
            break;
        case Command::paste:
            state.host.paste = true;
            break;
        case Command::next_tab:
        case Command::previous_tab:
            out.push_back(session::StepTab{command == Command::next_tab ? 1 : -1});
            break;
        case Command::close: // of an empty tab, the tab
            out.push_back(session::CloseDocument{});
            break;
        case Command::search_commands:
            state.commands.open = true;
            break;
        case Command::help:
            state.help = !state.help;
            break;
        case Command::toggle_panels:
            state.panels = !state.panels;
            break;
        case Command::walk_panels:
            state.walked =
                state.walking
                    ? static_cast<PanelPlace>((static_cast<int>(state.walked) + 1) % kPanelPlaces)
                    : PanelPlace::side;
            state.walking = state.enter_panels = state.panels = true;
            show_panel(view, true, view.preferences->tray, out);
            break;
        case Command::focus_prompt:
            state.panels = state.request.focus_prompt = true;
            show_panel(view, true, view.preferences->tray, out);
            break;
        case Command::recall_prompt:
            state.panels = state.request.recall.asked = true;
            show_panel(view, true, view.preferences->tray, out);
            break;
        case Command::keep_prompt:
            toggle_kept(view, out);
            break;
        case Command::toggle_side:
            show_panel(view, !view.preferences->side, view.preferences->tray, out);
            break;
        case Command::toggle_tray:
            show_panel(view, view.preferences->side, !view.preferences->tray, out);
            break;
        case Command::toggle_theme: {
            session::Preferences next = *view.preferences;
            next.theme =
                next.theme == session::Theme::dark ? session::Theme::light : session::Theme::dark;
            out.push_back(session::SetPreferences{std::move(next)});
            break;
        }
        case Command::preferences:
            state.preferences.open = true;
            break;
        case Command::change_keys:
            state.preferences.open = true;
            state.preferences.page = PreferencePage::keys;
            break;
        case Command::cancel_jobs:
            cancel_newest(view, out);
            break;
        default:
            return false;
    }
    return true;
}

} // namespace

void execute(Command command, const SessionView& view, ShellState& state, Actions& out) {
    if (without_picture(command, view, state, out)) return;
    if (view.document == nullptr || canvas_command(command, view, state.canvas)) return;
    if (mark_command(command, view, state, out)) return;
    if (compare_command(command, view, state, out)) return;
    const project::Iteration& shown = view.document->tree.at(view.document->shown);
    const bool proposed = shown.id != 0 && shown.standing == project::Standing::proposed;
    switch (command) {
        case Command::export_:
            open_file_dialog(state.files, FilePurpose::export_picture, view);
            break;
        case Command::copy:
            state.host.copy = true;
            break;
        case Command::copy_region:
            state.host.copy_region = true;
            break;
        case Command::load_mask:
            open_file_dialog(state.files, FilePurpose::load_mask, view);
            break;
        case Command::save_mask:
            open_file_dialog(state.files, FilePurpose::save_mask, view);
            break;
        case Command::save_project:
            open_file_dialog(state.files, FilePurpose::save_project, view);
            break;
        case Command::toggle_history:
            state.history.open = !state.history.open;
            state.panels |= state.history.open;
            break;
        case Command::search_history:
            state.history.open = state.history.focus_search = state.panels = true;
            break;
        case Command::toggle_star:
            out.push_back(session::MarkIteration{shown.id, !shown.marks.starred, {}, {}, {}});
            break;
        case Command::prune:
            if (shown.id != 0) out.push_back(session::PruneIteration{shown.id});
            break;
        case Command::exposure_up:
            expose(view, view.display.exposure_stops() + 0.5, out);
            break;
        case Command::exposure_down:
            expose(view, view.display.exposure_stops() - 0.5, out);
            break;
        case Command::exposure_reset:
            expose(view, 0, out);
            break;
        case Command::brush:
            out.push_back(session::SetTool{Tool::brush});
            break;
        case Command::eraser:
            out.push_back(session::SetTool{Tool::eraser});
            break;
        case Command::pan:
            out.push_back(session::SetTool{Tool::pan});
            break;
        case Command::crop:
            out.push_back(session::SetTool{view.tool == Tool::crop ? Tool::brush : Tool::crop});
            break;
        case Command::swap_tool:
            out.push_back(session::SetTool{view.tool == Tool::eraser ? Tool::brush : Tool::eraser});
            break;
        case Command::brush_smaller:
            shape(view, -1, 0, out);
            break;
        case Command::brush_larger:
            shape(view, 1, 0, out);
            break;
        case Command::brush_softer:
            shape(view, 0, -1, out);
            break;
        case Command::brush_harder:
            shape(view, 0, 1, out);
            break;
        case Command::undo:
            out.push_back(session::Undo{});
            break;
        case Command::redo:
            out.push_back(session::Redo{});
            break;
        case Command::invert_mask:
            out.push_back(session::InvertMask{});
            break;
        case Command::clear_mask:
            out.push_back(session::ClearMask{});
            break;
        case Command::fill_mask:
            out.push_back(session::FillMask{});
            break;
        case Command::feather_mask:
            out.push_back(session::RefineMask{
                {session::RefineKind::feather, static_cast<double>(state.mask.refine.feather_px)},
                true});
            break;
        case Command::reselect:
            out.push_back(session::Reselect{});
            break;
        case Command::cycle_mask_look:
            out.push_back(session::SetMaskStyle{next_look(view, state.canvas)});
            state.canvas.overlay_muted = false;
            break;
        case Command::select_shape:
            choose(view, Tool::rectangle, Tool::ellipse, out);
            break;
        case Command::select_lasso:
            choose(view, Tool::lasso, Tool::scissors, out);
            break;
        case Command::select_wand:
            choose(view, Tool::wand, Tool::luminance_range, out);
            break;
        case Command::select_smart:
            out.push_back(session::SetTool{Tool::smart});
            break;
        case Command::clone:
            choose(view, Tool::clone, Tool::heal, out);
            break;
        case Command::heal:
            out.push_back(session::SetTool{Tool::heal});
            break;
        case Command::toggle_overlay:
            toggle_overlay(view, state, out);
            break;
        case Command::run:
            out.push_back(session::Run{});
            break;
        case Command::accept:
            if (proposed) out.push_back(session::AcceptIteration{shown.id});
            break;
        case Command::reject:
            if (proposed) out.push_back(session::RejectIteration{shown.id});
            break;
        case Command::previous_iteration:
            step_iteration(view, -1, out);
            break;
        case Command::next_iteration:
            step_iteration(view, 1, out);
            break;
        default:
            break;
    }
}

} // namespace mw::ui
