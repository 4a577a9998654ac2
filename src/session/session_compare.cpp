// The sides of a comparison: what is on the canvas and where it comes from.
#include <fmt/format.h>

#include <cmath>

#include "session/session_impl.h"

namespace mw::session {
namespace {

using Kind = CompareSource::Kind;

double between(double value, double low, double high, double fallback) {
    return std::isnan(value) ? fallback : std::clamp(value, low, high);
}

std::string iteration_name(project::IterationId id) {
    return id == 0 ? std::string("Original") : fmt::format("{}", id);
}

CompareState sane(CompareState c) {
    const CompareState usual;
    c.wipe_position = between(c.wipe_position, 0, 1, usual.wipe_position);
    if (!std::isfinite(c.wipe_angle_degrees)) c.wipe_angle_degrees = 0;
    c.onion_opacity = between(c.onion_opacity, 0, 1, usual.onion_opacity);
    c.flicker_hz = between(c.flicker_hz, 0.25, kFastestFlicker, usual.flicker_hz);
    c.gain = between(c.gain, 1, compare::kMaxGain, usual.gain);
    c.heat_gain = between(c.heat_gain, 1, compare::kMaxGain, usual.heat_gain);
    c.viewing_distance_m = between(c.viewing_distance_m, 0.2, 3, usual.viewing_distance_m);
    c.nudge.x = std::clamp(c.nudge.x, -kMostNudge, kMostNudge);
    c.nudge.y = std::clamp(c.nudge.y, -kMostNudge, kMostNudge);
    return c;
}

} // namespace

void Session::Impl::on(const SetCompare& a) {
    const CompareMode before = view.compare.mode;
    view.compare = sane(a.compare);
    // Moved for this comparison, not for the next.
    if (view.compare.mode == CompareMode::off && before != CompareMode::off)
        view.compare.nudge = {};
}

void Session::Impl::on(const OpenToCompare& a) {
    if (!document) return;
    Comparison::File file;
    file.listed = {++comparison.last_file, a.path.filename().string(), true};
    file.as_b = a.as_b;
    file.job =
        submit(worker::BesideJob{view.document_id, file.listed.number, a.path, view.shown->size()},
               JobKind::open, display_path(a.path.filename()));
    comparison.files.push_back(std::move(file));
}

void Session::Impl::on(const DropCompareFile& a) {
    for (const Comparison::File& file : comparison.files)
        if (file.listed.number == a.number) worker->cancel(file.job);
    std::erase_if(comparison.files,
                  [&](const Comparison::File& f) { return f.listed.number == a.number; });
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::RawMade& made) {
    if (event.document != view.document_id) return;
    Comparison::Raw& raw = comparison.raws[made.iteration];
    raw.picture = std::move(made.picture);
    raw.note = std::move(made.note);
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::BesideOpened& opened) {
    if (!document || event.document != view.document_id) return;
    for (Comparison::File& file : comparison.files) {
        if (file.listed.number != opened.number) continue;
        file.picture = std::move(opened.picture);
        file.display = image::DisplayTransform(opened.color, view.display.exposure_stops());
        file.note = std::move(opened.note);
        file.listed.coming = false;
        CompareState& c = view.compare;
        (file.as_b ? c.b : c.a) = {Kind::file, opened.number};
        if (c.mode == CompareMode::off) c.mode = CompareMode::side_by_side;
        if (!file.note.empty())
            notify(Severity::info,
                   fmt::format("{}: {}.", display_path(file.listed.name), file.note));
    }
}

bool Session::Impl::comparison_failed(const worker::JobEvent& event, const Error& error) {
    if (event.job == comparison.figures_job) {
        comparison.figures_problem = error.message;
        return true;
    }
    if (event.job == comparison.candidate_job) return true; // its row says so
    std::erase_if(comparison.files, [&](const Comparison::File& f) { return f.job == event.job; });
    return false;
}

void Session::Impl::after_comparison(const worker::JobEvent& event) {
    if (event.job == comparison.figures_job) comparison.figures_job = 0;
    if (event.job == comparison.heat_job) comparison.heat_job = 0;
    if (event.job == comparison.candidate_job) comparison.candidate_job = 0;
    for (auto& [id, raw] : comparison.raws)
        if (raw.job == event.job) raw.job = 0;
    const bool cancelled = std::holds_alternative<worker::Cancelled>(event.what);
    std::erase_if(comparison.files, [&](Comparison::File& f) {
        if (f.job != event.job) return false;
        f.job = 0;
        return cancelled;
    });
}

void Session::Impl::close_comparison() {
    CompareState& c = view.compare;
    const CompareState usual;
    c.mode = CompareMode::off;
    c.a = usual.a;
    c.b = usual.b;
    c.nudge = {};
    const int last = comparison.last_file;
    comparison = {};
    comparison.last_file = last; // a number is never given twice
}

image::ImageRef Session::Impl::held_picture(project::IterationId id) {
    const std::uint64_t patch = document->tree.at(id).patch.identity();
    Comparison::Held& held = comparison.held[id];
    if (!held.picture || held.patch != patch) held = {patch, document->tree.picture(id)};
    comparison.used.insert(id);
    return held.picture;
}

project::IterationId Session::Impl::iteration_of(const CompareSource& source) const {
    switch (source.kind) {
        case Kind::shown:
            return document->shown;
        case Kind::parent:
            return document->tree.at(document->shown).parent;
        case Kind::iteration:
        case Kind::raw:
            return source.id;
        case Kind::file:
            break;
    }
    return -1;
}

worker::RawJob Session::Impl::raw_job(project::IterationId id) {
    const project::Iteration& it = document->tree.at(id);
    return {view.document_id, id, held_picture(it.parent), it.view, *it.parts.get()};
}

CompareSide Session::Impl::raw_side(project::IterationId id) {
    CompareSide side;
    side.name = iteration_name(id) + " as received";
    const bool wanted = view.compare.mode != CompareMode::off || view.compare.figures;
    const auto known = comparison.raws.find(id);
    if (known == comparison.raws.end() && wanted) {
        Comparison::Raw& raw = comparison.raws[id];
        raw.job = submit(raw_job(id), JobKind::compare, side.name);
        side.coming = true;
        return side;
    }
    if (known == comparison.raws.end()) return side;
    side.picture = known->second.picture;
    side.note = known->second.note;
    side.coming = known->second.job != 0;
    return side;
}

CompareSide Session::Impl::file_side(int number) {
    CompareSide side;
    for (Comparison::File& file : comparison.files) {
        if (file.listed.number != number) continue;
        side.picture = file.picture;
        const double stops = view.display.exposure_stops();
        if (file.display.exposure_stops() != stops)
            file.display = image::DisplayTransform(file.display.space(), stops);
        side.display = file.display;
        side.name = file.listed.name;
        side.note = file.note;
        side.coming = file.listed.coming;
    }
    return side;
}

CompareSide Session::Impl::side_of(const CompareSource& source) {
    if (source.kind == Kind::raw) return raw_side(source.id);
    if (source.kind == Kind::file) return file_side(source.id);
    CompareSide side;
    side.display = view.display;
    const project::IterationId id = iteration_of(source);
    if (id < 0) return side; // the original has no parent
    side.name = iteration_name(id);
    side.picture = held_picture(id);
    if (id == document->shown && view.preview) {
        side.picture = view.preview_under;
        side.patch = view.preview->pixels;
        side.patch_at = {view.preview->rect.x, view.preview->rect.y};
    }
    return side;
}

void Session::Impl::fill_sheet(ComparisonView& next) {
    const project::IterationTree& tree = document->tree;
    std::vector<project::IterationId> all;
    for (std::size_t i = 0; i < tree.size(); ++i)
        if (const auto id = static_cast<project::IterationId>(i); tree.alive(id)) all.push_back(id);
    const std::size_t cells = std::min(all.size(), kMostCells);
    next.sheet_left_out = static_cast<int>(all.size() - cells);
    for (std::size_t i = 0; i < cells; ++i) {
        // The original and the newest.
        const project::IterationId id = all[i == 0 ? 0 : all.size() - cells + i];
        const project::Iteration& it = tree.at(id);
        SheetCell cell{id, held_picture(std::max(0, it.parent)), nullptr, {}};
        if (id != 0) {
            const auto patch = it.patch.get();
            cell.patch = patch->pixels;
            cell.patch_at = {patch->rect.x, patch->rect.y};
        }
        next.sheet.push_back(std::move(cell));
    }
}

void Session::Impl::refresh_comparison() {
    ComparisonView next;
    if (document) {
        const auto there = [&](const CompareSource& s) {
            if (s.kind == Kind::iteration) return document->tree.alive(s.id);
            if (s.kind == Kind::raw)
                return document->tree.alive(s.id) && !document->tree.at(s.id).parts.empty();
            if (s.kind != Kind::file) return true;
            return std::any_of(comparison.files.begin(), comparison.files.end(),
                               [&](const Comparison::File& f) { return f.listed.number == s.id; });
        };
        CompareState& c = view.compare;
        const CompareState usual;
        if (!there(c.a)) c.a = usual.a;
        if (!there(c.b)) c.b = usual.b;
        comparison.used.clear();
        next.a = side_of(c.a);
        next.b = side_of(c.b);
        for (const Comparison::File& file : comparison.files)
            next.files.push_back(file.listed);
        if (c.mode == CompareMode::sheet) fill_sheet(next);
        refresh_pair_figures(next);
        refresh_heat(next);
        refresh_candidates(next);
        std::erase_if(comparison.held,
                      [&](const auto& item) { return !comparison.used.contains(item.first); });
        // Raw answers are whole pictures: those of no side go.
        std::erase_if(comparison.raws, [&](const auto& item) {
            const CompareSource own{Kind::raw, item.first};
            return item.second.job == 0 && c.a != own && c.b != own;
        });
    }
    view.comparison = std::move(next);
}

} // namespace mw::session
