// Region A from one iteration and region B from another, as a new iteration beside both.
#pragma once

#include <stop_token>

#include "project/iteration_tree.h"

namespace mw::project {

// What a combination is made from, for any thread.
struct CombinationSource {
    struct Step {
        mask::Mask mask;
        double reach_out_px = 0;
    };
    Combination of;
    IterationId parent = 0; // the nearest iteration that both were made from
    image::ImageRef base, a, b;
    std::vector<Step> of_a, of_b; // from there to each
};

// A's region is all that was changed between the common ancestor and `of.a`, likewise B's. Errors:
// invalid_argument where one was made from the other (it holds its change already), or either is
// the original or not in the tree.
Result<CombinationSource> combination_source(const IterationTree& tree, const Combination& of);

// Patch, mask (of both regions) and report with its proof; see composite::combine. The same bits
// from the same source on any machine. Errors: as there.
Result<Grafted> combine(const CombinationSource& source, std::stop_token stop = {});

} // namespace mw::project
