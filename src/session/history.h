// The tree as a list to be read from top to bottom.
#pragma once

#include <vector>

#include "project/iteration_tree.h"
#include "project/search.h"

namespace mw::session {

struct HistoryRow {
    project::IterationId id = 0;
    int depth = 0;         // branches deep: a straight line of results stays where it is
    bool foldable = false; // something was made from it
    int hidden = 0;        // folded away below it
};

// Parents before children, children in the order they came; what lies under one that is collapsed
// is left out, and so is the trash. With a query that is not empty: what matches, newest first,
// whether collapsed or not.
std::vector<HistoryRow> history_rows(const project::IterationTree& tree,
                                     const project::Query& query, Size picture);
// What was pruned itself, newest first; hidden: what went with it.
std::vector<HistoryRow> trash_rows(const project::IterationTree& tree);

} // namespace mw::session
