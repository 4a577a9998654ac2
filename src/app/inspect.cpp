#include "app/inspect.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "ui/compare_panel.h"
#include "ui/compare_words.h"

namespace mw::app {
namespace {

using nlohmann::json;
using session::SessionView;

template <class E, std::size_t N>
const char* word(E value, const char* const (&words)[N]) {
    const auto index = static_cast<std::size_t>(value);
    return index < N ? words[index] : "?";
}

json box(const Rect& r) {
    return json::array({r.x, r.y, r.width, r.height});
}
json size(Size s) {
    return json::array({s.width, s.height});
}

json graft_json(const composite::GraftParams& p) {
    return {{"register", p.do_register},
            {"accept_large_move", p.accept_large_move},
            {"match_color", p.match_color},
            {"membrane", p.membrane},
            {"grain", p.grain},
            {"seam", word(p.seam.kind, {"fade", "fitting"})},
            {"feather_px", p.seam.feather_px ? json(*p.seam.feather_px) : json()},
            {"reach_out_px", p.seam.reach_out_px}};
}

// What each request of an iteration showed.
json crops_json(const project::Iteration& it) {
    json crops = json::array();
    for (const edit::AnsweredPart& part : *it.parts)
        crops.push_back(box(part.request->plan.crop));
    return crops;
}

json document_json(const SessionView& view) {
    if (view.document == nullptr) return nullptr;
    const project::Document& d = *view.document;
    json iterations = json::array();
    for (std::size_t i = 0; i < d.tree.size(); ++i) {
        if (!d.tree.contains(static_cast<int>(i))) continue;
        const project::Iteration& it = d.tree.at(static_cast<int>(i));
        iterations.push_back(
            {{"id", it.id},
             {"parent", it.parent},
             {"standing", word(it.standing, {"proposed", "accepted", "rejected"})},
             {"rect", box(it.patch->rect)},
             {"changed_outside_mask", it.report.changed_outside_mask},
             {"changed_inside_mask", it.report.changed_inside_mask},
             {"graft", graft_json(it.graft)},
             {"crops", crops_json(it)},
             {"cut_off", it.report.cut_off.text},
             {"seam_visibility", it.report.seam_visibility},
             {"what_was_done", it.what_was_done},
             {"seconds", it.seconds},
             {"prompt", it.prompt},
             {"request", it.request},
             {"model", it.model},
             {"combined", it.combined ? json{it.combined->a, it.combined->b} : json()},
             {"starred", it.marks.starred},
             {"name", it.marks.name},
             {"note", it.marks.note},
             {"collapsed", it.marks.collapsed},
             {"alive", d.tree.alive(it.id)}});
    }
    return {{"id", view.document_id},
            {"path", d.path.string()},
            {"size", view.shown ? size(view.shown->size()) : json()},
            {"base", d.base},
            {"shown", d.shown},
            {"iterations", iterations}};
}

json mask_json(const SessionView& view, const ui::ShellState& shell) {
    if (view.mask == nullptr) return nullptr;
    return {
        {"revision", view.mask_revision},
        {"counted_revision", view.selection.counted_revision},
        {"bounds", box(view.selection.bounds)},
        {"support_area", view.selection.pixels},
        {"overlay_shown", ui::overlay_shown(view, shell.canvas)},
        {"look", word(view.mask_style.look, {"overlay", "rubylith", "matte", "outline", "off"})},
        {"color", view.mask_style.color},
        {"opacity", view.mask_style.opacity}};
}

json markup_json(const SessionView& view, const ui::ShellState& shell) {
    json marks = json::array();
    if (view.document != nullptr)
        for (const edit::Mark& mark : view.document->markup.marks) {
            json points = json::array();
            for (const PointF& p : mark.points)
                points.push_back({p.x, p.y});
            marks.push_back({{"id", mark.id},
                             {"kind", word(mark.kind, {"arrow", "ellipse", "stroke", "note"})},
                             {"points", points},
                             {"text", mark.text},
                             {"color", mark.color},
                             {"width_px", mark.width_px}});
        }
    return {{"marks", marks},
            {"hidden", view.document != nullptr && view.document->markup.hidden},
            {"picked", shell.canvas.marks.picked},
            {"use",
             word(view.markup.use, {"none", "instead_of_mask", "reference", "no_room", "unseen"})}};
}

json selection_json(const SessionView& view, const ui::ShellState& shell) {
    const session::SelectionView& s = view.selection;
    json slots = json::array();
    if (view.document != nullptr)
        for (const session::MaskSlot& slot : view.document->slots)
            slots.push_back({{"id", slot.id}, {"name", slot.name}});
    const auto& wire = s.wire;
    return {{"mode", word(s.settings.mode, {"replace", "add", "subtract", "intersect"})},
            {"working", s.working},
            {"previewing", s.previewing},
            {"adjustable", s.adjustable},
            {"limited", s.limit.has_value()},
            {"corners", shell.canvas.draft ? shell.canvas.draft->points.size() : 0},
            {"anchors", wire ? wire->anchors.size() : 0},
            {"live", wire ? wire->live.size() : 0},
            {"tolerance", s.settings.wand_tolerance},
            {"slots", slots}};
}

// The largest request, and all of them.
json plan_json(const SessionView& view) {
    if (view.plan.empty()) return nullptr;
    json parts = json::array();
    for (const edit::PlannedPart& part : view.plan)
        parts.push_back({{"crop", box(part.plan.crop)},
                         {"request_size", size(part.plan.request_size)},
                         {"scale", part.plan.scale},
                         {"notes", part.plan.notes}});
    json plan = parts[0];
    plan["parts"] = parts;
    plan["by_hand"] = view.request.crop ? box(*view.request.crop) : json();
    return plan;
}

// What is tried on the shown result.
json trial_json(const SessionView& view) {
    if (!view.trial) return nullptr;
    return {{"iteration", view.trial->iteration},
            {"graft", graft_json(view.trial->params)},
            {"held", view.trial->held},
            {"previewed", view.trial->patch.has_value()}};
}

json request_json(const SessionView& view) {
    const session::RequestSettings& r = view.request;
    json turns = json::array();
    for (const session::Turn& turn : view.conversation.turns)
        turns.push_back({{"iteration", turn.iteration},
                         {"asked", turn.asked},
                         {"understood", turn.understood}});
    return {{"provider", r.provider},
            {"model", r.model},
            {"quality", r.quality},
            {"size", r.size ? size(*r.size) : json()},
            {"background", r.background},
            {"format", r.format},
            {"partials", r.partials},
            {"references", r.references.size()},
            {"high_usd", view.cost ? json(view.cost->high_usd) : json()},
            {"has_key", view.service.has_key},
            {"spent_usd", view.service.spent_usd},
            {"uncertain_usd", view.service.uncertain_usd},
            {"turns", turns},
            {"anew", view.conversation.anew},
            {"offered", view.catalogue.models ? json(view.catalogue.models->size()) : json()}};
}

json jobs_json(const SessionView& view) {
    json jobs = json::array();
    for (const session::JobView& j : view.jobs) {
        jobs.push_back(
            {{"id", j.id},
             {"kind", word(j.kind, {"open", "edit", "export", "mask_file", "figures", "regraft",
                                    "plan", "compare", "mask"})},
             {"state", word(j.state, {"waiting", "running", "finished", "failed", "cancelled"})},
             {"phase", std::string(edit::to_string(j.phase))},
             {"fraction", j.fraction ? json(*j.fraction) : json()},
             {"label", j.label},
             {"error", j.error}});
    }
    return jobs;
}

json notices_json(const SessionView& view) {
    json notices = json::array();
    for (const session::Notice& n : view.notices)
        notices.push_back({{"id", n.id},
                           {"severity", word(n.severity, {"info", "warning", "error"})},
                           {"text", n.text},
                           {"action", n.action_label ? json(*n.action_label) : json()}});
    return notices;
}

// The picture's point under the pointer, also under that of the keyboard.
json pointer_json(const SessionView& view, const ui::CanvasState& canvas) {
    if (!canvas.over || view.shown == nullptr) return nullptr;
    const PointF p = ui::image_point(view, canvas, canvas.last);
    return json::array({p.x, p.y});
}

json canvas_json(const SessionView& view, const ui::CanvasState& canvas) {
    const ui::Panes panes = ui::panes_of(view, canvas);
    const composite::Patch* const coming = ui::picture_coming(view);
    return {{"zoom", canvas.view.zoom},
            {"center", {canvas.view.center.x, canvas.view.center.y}},
            {"density", canvas.density}, // framebuffer pixels per window coordinate
            {"pane", box(panes.b)},      // framebuffer pixels, as are the next
            {"pane_a", panes.a.empty() ? json() : box(panes.a)},
            {"pointer", pointer_json(view, canvas)},
            {"coming", coming != nullptr ? size(coming->pixels->size()) : json()},
            {"holds_original", canvas.hold_original}};
}

json region_json(const compare::RegionStats& s) {
    return {{"pixels", s.pixels},        {"changed", s.changed}, {"max", s.max_abs},
            {"delta_e", s.delta_e_mean}, {"ssim", s.ssim},       {"flip", s.flip_mean}};
}

json compare_json(const SessionView& view, const ui::ShellState& shell) {
    const session::CompareState& c = view.compare;
    const session::ComparisonView& pair = view.comparison;
    json rows = json::array(), spots = json::array(), files = json::array();
    for (const session::CandidateRow& row :
         ui::sorted_candidates(view, shell.compare.sorted_by, shell.compare.falling))
        rows.push_back({{"id", row.id},
                        {"inside", row.stats ? region_json(row.stats->inside) : json()},
                        {"outside", row.stats ? region_json(row.stats->outside) : json()}});
    json figures;
    if (pair.figures) {
        const compare::DiffStats& s = pair.figures->stats;
        figures = {{"inside", region_json(s.inside)},
                   {"seam", region_json(s.seam)},
                   {"outside", region_json(s.outside)},
                   {"all", region_json(s.all)},
                   {"note", s.note},
                   {"areas", pair.figures->areas_words},
                   {"texts", json::array()}};
        for (const compare::TextCheck& text : pair.figures->texts)
            figures["texts"].push_back({{"wanted", text.wanted}, {"as_asked", text.as_asked}});
        for (const compare::Spot& spot : pair.figures->spots)
            spots.push_back(box(spot.bounds));
    }
    for (const session::CompareFile& file : pair.files)
        files.push_back({{"name", file.name}, {"coming", file.coming}});
    const auto& line = shell.canvas.compare.line;
    return {{"mode", ui::mode_word(ui::effective_compare(view))},
            {"asked", ui::mode_word(c.mode)},
            {"a", pair.a.name},
            {"b", pair.b.name},
            {"notes", {pair.a.note, pair.b.note}},
            {"wipe_position", c.wipe_position},
            {"wipe_angle_degrees", c.wipe_angle_degrees},
            {"flip_shows_b", c.flip_shows_b},
            {"flicker_shows_b", shell.canvas.compare.flicker_shows_b},
            {"flicker_hz", c.flicker_hz},
            {"gain", c.gain},
            {"onion_opacity", c.onion_opacity},
            {"metric", word(c.metric, {"flip", "delta_e", "ssim", "absolute"})},
            {"heat_pending", pair.heat_pending},
            {"heat_made", pair.heat != nullptr},
            {"nudge", {c.nudge.x, c.nudge.y}},
            {"figures_shown", c.figures},
            {"figures_pending", pair.figures_pending},
            {"figures_problem", pair.figures_problem},
            {"figures", figures},
            {"spots", spots},
            {"line",
             line ? json{line->first.x, line->first.y, line->second.x, line->second.y} : json()},
            {"candidates", rows},
            {"cells", pair.sheet.size()},
            {"files", files}};
}

json tabs_json(const ui::ShellState& shell) {
    json tabs = json::array();
    for (const session::TabView& tab : shell.tabs.tabs)
        tabs.push_back({{"id", tab.id},
                        {"title", tab.title},
                        {"shown", tab.id == shell.tabs.shown},
                        {"busy", tab.busy},
                        {"read_only", tab.read_only},
                        {"trouble", tab.trouble}});
    return tabs;
}

json project_json(const SessionView& view) {
    const session::ProjectView& p = view.project;
    return {{"path", p.path.string()}, {"named", p.named},     {"read_only", p.read_only},
            {"why", p.why_read_only},  {"trouble", p.trouble}, {"saving", p.saving}};
}

json history_json(const ui::ShellState& shell) {
    const ui::HistoryState& h = shell.history;
    return {{"open", h.open},
            {"trash", h.trash},
            {"query", h.query},
            {"problem", h.query_problem},
            {"thumbnails", h.thumbnails.made.size()}};
}

json widgets_json(const ui::Look& look) {
    json widgets = json::object();
    for (const auto& [name, r] : look.widgets)
        widgets[name] = {{"x", r.x},
                         {"y", r.y},
                         {"width", r.width},
                         {"height", r.height},
                         {"enabled", r.enabled}};
    return widgets;
}

json drawn_json(const DrawFigures& drawn) {
    return {{"texture_bytes", drawn.texture_bytes},
            {"texture_budget", drawn.texture_budget},
            {"mask_texels_uploaded", drawn.mask_texels_uploaded},
            {"pixels_redrawn", drawn.pixels_redrawn},
            {"complete", drawn.complete},
            {"contexts_lost", drawn.contexts_lost},
            {"seconds", drawn.seconds},
            {"cpu_seconds", drawn.cpu_seconds},
            {"own_seconds", drawn.own_seconds},
            {"drawing_seconds", drawn.drawing_seconds}};
}

json clone_json(const SessionView& view) {
    const auto place = [](const std::optional<Point>& p) {
        return p ? json::array({p->x, p->y}) : json();
    };
    return {{"source", place(view.clone.point)}, {"offset", place(view.clone.offset)}};
}

json whole_json(std::uint64_t frames, Size framebuffer, double scale, const SessionView& view,
                const ui::ShellState& shell, const ui::Look& look, const DrawFigures& drawn) {
    return {
        {"frames", frames},
        {"framebuffer", size(framebuffer)},
        {"scale", scale},
        {"document", document_json(view)},
        {"project", project_json(view)},
        {"tabs", tabs_json(shell)},
        {"history", history_json(shell)},
        {"prompt", view.prompt},
        {"tool", word(view.tool, {"brush", "eraser", "pan", "crop", "markup", "clone", "heal",
                                  "rectangle", "ellipse", "lasso", "polygon", "scissors", "wand",
                                  "color_range", "luminance_range", "smart"})},
        {"brush",
         {{"radius_px", view.brush.radius_px},
          {"hardness", view.brush.hardness},
          {"opacity", view.brush.opacity},
          {"stabiliser", view.brush.stabiliser},
          {"pressure_radius", view.brush.pressure_radius},
          {"pressure_opacity", view.brush.pressure_opacity}}},
        {"mask", mask_json(view, shell)},
        {"selection", selection_json(view, shell)},
        {"markup", markup_json(view, shell)},
        {"clone", clone_json(view)},
        {"plan", plan_json(view)},
        {"trial", trial_json(view)},
        {"graft_next", graft_json(view.request.graft)},
        {"compare", compare_json(view, shell)},
        {"figures_pending", view.figures_pending},
        {"preview", view.preview.has_value()},
        {"jobs", jobs_json(view)},
        {"notices", notices_json(view)},
        {"cannot_run", view.cannot_run},
        {"request", request_json(view)},
        {"undo", view.undo_name},
        {"redo", view.redo_name},
        {"focused", look.focused},
        {"panels", shell.panels},
        {"dialog",
         word(shell.files.purpose, {"", "open", "load_mask", "save_mask", "export", "compare",
                                    "report", "table", "reference", "project"})},
        {"dialog_error", shell.files.error},
        {"canvas", canvas_json(view, shell.canvas)},
        {"drawn", drawn_json(drawn)},
        {"widgets", widgets_json(look)},
    };
}

} // namespace

void write_inspection(const std::filesystem::path& path, std::uint64_t frames, Size framebuffer,
                      double scale, const SessionView& view, const ui::ShellState& shell,
                      const ui::Look& look, const DrawFigures& drawn) {
    const json whole = whole_json(frames, framebuffer, scale, view, shell, look, drawn);
    const std::filesystem::path beside = path.string() + ".new";
    // File names need not be UTF-8; a test rather sees a replacement than nothing.
    std::ofstream(beside) << whole.dump(1, ' ', false, json::error_handler_t::replace);
    std::error_code ignored;
    std::filesystem::rename(beside, path, ignored);
}

} // namespace mw::app
