// Writing a comparison down for others.
#include <fmt/format.h>

#include "session/session_impl.h"

namespace mw::session {
namespace {

bool file_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored) && !std::filesystem::is_directory(path, ignored);
}

worker::ReviewCandidate candidate_of(const project::IterationTree& tree,
                                     const project::Iteration& it) {
    worker::ReviewCandidate out;
    out.name = fmt::format("{}", it.id);
    out.prompt = it.prompt;
    out.parent = tree.picture(it.parent);
    out.patch = *it.patch;
    out.mask = *it.mask;
    out.view = it.view;
    out.cost_usd = it.cost.actual_usd ? it.cost.actual_usd : it.cost.estimate_usd;
    out.seconds = it.seconds;
    return out;
}

} // namespace

void Session::Impl::on(const ExportReview& a) {
    if (!document) return;
    const worker::ReviewKind kind = worker::review_kind(a.path);
    const bool table = kind == worker::ReviewKind::csv || kind == worker::ReviewKind::json;
    const project::IterationTree& tree = document->tree;
    if (table && tree.size() < 2)
        return notify(Severity::info, "There is no result yet to write into a table.");
    const ComparisonView& pair = view.comparison;
    if (!table && !pair.possible())
        return notify(Severity::info,
                      "There are not two pictures to report on; choose what A and B show.");
    if (!a.overwrite && file_there(a.path)) {
        ExportReview again = a;
        again.overwrite = true;
        return notify(Severity::warning, fmt::format("{} exists already.", display_path(a.path)),
                      "Overwrite", again);
    }
    if (!a.shows_redacted && !table && project::has_redaction(tree)) {
        ExportReview again = a;
        again.shows_redacted = true;
        return notify(Severity::warning,
                      "A report shows the original and the results, so what was redacted can be "
                      "seen in it. Nothing was written.",
                      "Write it all the same", again);
    }
    worker::ReviewJob job;
    job.document = view.document_id;
    job.path = a.path;
    job.title = display_path(document->path.filename());
    job.name_a = pair.a.name;
    job.name_b = pair.b.name;
    job.a = {pair.a.picture, pair.a.display};
    job.b = {pair.b.picture, pair.b.display};
    std::string words;
    bool of_document = false;
    job.mask = pair_mask(words, of_document);
    job.heat = {view.compare.metric, 0,
                compare::pixels_per_degree(view.compare.viewing_distance_m)};
    for (std::size_t i = 1; i < tree.size(); ++i)
        if (tree.alive(static_cast<int>(i)))
            job.candidates.push_back(candidate_of(tree, tree.at(static_cast<int>(i))));
    submit(std::move(job), JobKind::export_, "Export " + display_path(a.path.filename()));
}

void Session::Impl::on_outcome(const worker::JobEvent&, worker::Reviewed& done) {
    notify(Severity::info, fmt::format("Saved {}{}{}.", display_path(done.path),
                                       done.note.empty() ? "" : "; ", done.note));
}

} // namespace mw::session
