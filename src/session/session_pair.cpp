// The figures of a comparison: asked of the worker, the latest request wins.
#include <fmt/format.h>

#include "session/session_impl.h"

namespace mw::session {
namespace {

using Kind = CompareSource::Kind;

std::vector<project::IterationId> path_to_root(const project::IterationTree& tree,
                                               project::IterationId id) {
    std::vector<project::IterationId> path;
    for (; id >= 0; id = tree.at(id).parent)
        path.push_back(id);
    return path;
}

// "the mask of 2", "the masks of 1 and 3".
std::string masks_of(const std::vector<project::IterationId>& ids) {
    std::string words = ids.size() == 1 ? "the mask of " : "the masks of ";
    for (std::size_t i = 0; i < ids.size(); ++i)
        words += fmt::format("{}{}", i == 0 ? "" : i + 1 == ids.size() ? " and " : ", ", ids[i]);
    return words;
}

worker::PairPicture judged(const CompareSide& side, const image::ImageRef& whole) {
    return {whole, side.display};
}

} // namespace

// What was asked for between the two: the masks on the way from one to the other through the tree.
std::optional<mask::Mask> Session::Impl::pair_mask(std::string& words, bool& of_document) const {
    const project::IterationTree& tree = document->tree;
    std::vector<project::IterationId> between;
    const project::IterationId a = iteration_of(view.compare.a), b = iteration_of(view.compare.b);
    auto up_a = path_to_root(tree, a), up_b = path_to_root(tree, b);
    const bool raw_a = view.compare.a.kind == Kind::raw, raw_b = view.compare.b.kind == Kind::raw;
    // An answer as received and its graft differ by what was asked in that very iteration.
    const project::IterationId kept = a == b && (raw_a || raw_b) ? a : -1;
    while (!up_a.empty() && !up_b.empty() && up_a.back() == up_b.back() && up_a.back() != kept) {
        up_a.pop_back();
        up_b.pop_back();
    }
    between.insert(between.end(), up_a.begin(), up_a.end());
    for (const project::IterationId id : up_b)
        if (std::find(between.begin(), between.end(), id) == between.end()) between.push_back(id);
    std::erase(between, 0);
    std::sort(between.begin(), between.end());
    of_document = between.empty();
    if (of_document) {
        if (document->mask.empty()) return std::nullopt;
        words = "your mask";
        return document->mask;
    }
    words = masks_of(between);
    mask::Mask joint = *tree.at(between.front()).mask;
    for (std::size_t i = 1; i < between.size(); ++i)
        mask::combine(joint, *tree.at(between[i]).mask, mask::CombineMode::add);
    return joint;
}

void Session::Impl::refresh_pair_figures(ComparisonView& next) {
    Comparison& own = comparison;
    if (!view.compare.figures || !next.possible()) {
        if (own.figures_job != 0) worker->cancel(own.figures_job);
        own.figures_job = 0;
        own.figures_of = {};
        own.figures.reset();
        return;
    }
    // A trial is judged when it is kept: until then the figures are those of what it is a trial of.
    const auto whole = [&](const CompareSource& source, const CompareSide& side) {
        return side.patch ? held_picture(iteration_of(source)) : side.picture;
    };
    const image::ImageRef a = whole(view.compare.a, next.a), b = whole(view.compare.b, next.b);
    bool of_document = false;
    auto within = pair_mask(next.figures_of, of_document);
    Comparison::Key key{a, b, next.a.display, next.b.display, view.compare.nudge};
    key.mask = of_document ? view.mask_revision : 0;
    key.distance = view.compare.viewing_distance_m;
    if (!(own.figures_of == key) && !stroke) {
        if (own.figures_job != 0) worker->cancel(own.figures_job);
        worker::PairJob job;
        job.document = view.document_id;
        job.a = judged(next.a, a);
        job.b = judged(next.b, b);
        job.mask = std::move(within);
        job.nudge = view.compare.nudge;
        job.pixels_per_degree = compare::pixels_per_degree(view.compare.viewing_distance_m);
        const auto foreign = [](const CompareSource& s) {
            return s.kind == Kind::raw || s.kind == Kind::file;
        };
        job.visible_areas = foreign(view.compare.a) || foreign(view.compare.b);
        const project::IterationId id =
            std::max(iteration_of(view.compare.a), iteration_of(view.compare.b));
        if (!job.visible_areas && job.nudge == Point{} && id > 0 &&
            !document->tree.at(id).parts.empty())
            job.raw = raw_job(id);
        if (const auto of_b = iteration_of(view.compare.b); of_b > 0)
            job.prompt = document->tree.at(of_b).prompt;
        own.figures_of = std::move(key);
        own.figures.reset();
        own.figures_problem.clear();
        own.figures_job = submit(std::move(job), JobKind::compare, "Figures");
    }
    next.figures = own.figures;
    next.figures_problem = own.figures_problem;
    next.figures_pending = own.figures_job != 0;
}

void Session::Impl::refresh_heat(ComparisonView& next) {
    Comparison& own = comparison;
    const CompareState& c = view.compare;
    const bool wanted = c.mode == CompareMode::heat && needs_surroundings(c.metric) &&
                        next.possible() && !next.a.patch && !next.b.patch;
    if (!wanted) {
        if (own.heat_job != 0) worker->cancel(own.heat_job);
        own.heat_job = 0;
        own.heat_of = {};
        own.heat = {};
        return;
    }
    Comparison::Key key{next.a.picture, next.b.picture, next.a.display, next.b.display, c.nudge};
    key.metric = static_cast<int>(c.metric);
    key.gain = c.heat_gain;
    key.distance = c.metric == compare::Metric::flip ? c.viewing_distance_m : 0;
    if (!(own.heat_of == key)) {
        if (own.heat_job != 0) worker->cancel(own.heat_job);
        worker::HeatJob job;
        job.document = view.document_id;
        job.a = judged(next.a, next.a.picture);
        job.b = judged(next.b, next.b.picture);
        job.nudge = c.nudge;
        job.params = {c.metric, c.heat_gain, compare::pixels_per_degree(c.viewing_distance_m)};
        own.heat_of = std::move(key);
        own.heat = {};
        own.heat_job = submit(std::move(job), JobKind::compare, "Heat map");
    }
    next.heat = own.heat.picture;
    next.heat_at = own.heat.at;
    next.heat_pending = own.heat_job != 0;
}

void Session::Impl::refresh_candidates(ComparisonView& next) {
    Comparison& own = comparison;
    if (!view.compare.figures) return;
    const double distance = view.compare.viewing_distance_m;
    const project::IterationTree& tree = document->tree;
    project::IterationId missing = -1;
    for (std::size_t i = 1; i < tree.size(); ++i) {
        if (!tree.alive(static_cast<int>(i))) continue;
        const auto id = static_cast<project::IterationId>(i);
        CandidateRow row{id, nullptr, false};
        // What was measured for the verdict is not measured again.
        const auto measured = figures.find({id, tree.at(id).patch.identity()});
        if (measured != figures.end() && distance == CompareState{}.viewing_distance_m &&
            own.judged[id].patch != tree.at(id).patch.identity())
            own.judged[id] = {tree.at(id).patch.identity(),
                              std::make_shared<const compare::DiffStats>(measured->second),
                              distance};
        const auto found = own.judged.find(id);
        const bool known = found != own.judged.end() &&
                           found->second.patch == tree.at(id).patch.identity() &&
                           found->second.distance == distance;
        if (known) {
            row.stats = found->second.stats;
            row.failed = !row.stats && own.candidate_job == 0;
        } else if (missing < 0) {
            missing = id;
        }
        next.candidates.push_back(std::move(row));
    }
    // One at a time, after what is on the canvas.
    if (missing < 0 || own.candidate_job != 0 || own.figures_job != 0 || own.heat_job != 0) return;
    const project::Iteration& it = tree.at(missing);
    worker::CandidateJob job;
    job.document = view.document_id;
    job.iteration = missing;
    job.parent = held_picture(it.parent);
    job.patch = *it.patch;
    job.patch_identity = it.patch.identity();
    job.mask = *it.mask;
    job.view = it.view;
    job.pixels_per_degree = compare::pixels_per_degree(distance);
    own.judged[missing] = {it.patch.identity(), nullptr, distance};
    own.candidate_job = submit(std::move(job), JobKind::compare, "Figures");
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::PairFigures& made) {
    if (event.job == comparison.figures_job)
        comparison.figures = std::make_shared<const worker::PairFigures>(std::move(made));
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::HeatMade& heat) {
    if (event.job == comparison.heat_job) comparison.heat = std::move(heat);
}

void Session::Impl::on_outcome(const worker::JobEvent& event, worker::CandidateJudged& judged) {
    if (event.document != view.document_id) return;
    const auto found = comparison.judged.find(judged.iteration);
    if (found != comparison.judged.end() && found->second.patch == judged.patch)
        found->second.stats = std::make_shared<const compare::DiffStats>(std::move(judged.stats));
}

} // namespace mw::session
