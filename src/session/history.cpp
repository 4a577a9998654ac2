#include "session/history.h"

namespace mw::session {
namespace {

using project::IterationId;
using project::IterationTree;

int count_below(const IterationTree& tree, IterationId id, bool alive) {
    int count = 0;
    std::vector<IterationId> open{id};
    while (!open.empty()) {
        const IterationId at = open.back();
        open.pop_back();
        for (const IterationId child : tree.children(at)) {
            if (alive && !tree.alive(child)) continue;
            ++count;
            open.push_back(child);
        }
    }
    return count;
}

} // namespace

std::vector<HistoryRow> history_rows(const IterationTree& tree, const project::Query& query,
                                     Size picture) {
    std::vector<HistoryRow> rows;
    if (!query.empty()) {
        for (auto id = static_cast<IterationId>(tree.size()) - 1; id >= 0; --id)
            if (tree.alive(id) && query.matches(tree.at(id), picture)) rows.push_back({id});
        return rows;
    }
    std::vector<HistoryRow> open{{0}};
    while (!open.empty()) {
        HistoryRow row = open.back();
        open.pop_back();
        std::vector<IterationId> children;
        for (const IterationId child : tree.children(row.id))
            if (tree.alive(child)) children.push_back(child);
        row.foldable = !children.empty();
        const bool folded = row.foldable && tree.at(row.id).marks.collapsed;
        if (folded) row.hidden = count_below(tree, row.id, true);
        rows.push_back(row);
        if (folded) continue;
        const int depth = row.depth + (children.size() > 1 ? 1 : 0);
        for (auto child = children.rbegin(); child != children.rend(); ++child)
            open.push_back({*child, depth});
    }
    return rows;
}

std::vector<HistoryRow> trash_rows(const IterationTree& tree) {
    std::vector<HistoryRow> rows;
    for (auto id = static_cast<IterationId>(tree.size()) - 1; id > 0; --id)
        if (tree.contains(id) && tree.at(id).marks.trashed)
            rows.push_back({id, 0, false, count_below(tree, id, false)});
    return rows;
}

} // namespace mw::session
