// Which iterations took something out of the picture for good.
#pragma once

#include "project/iteration_tree.h"

namespace mw::project {

// The last on the way from the original to `id`, which may be that itself, whose graft redacts
// (GraftParams::redact; of a combination: one of what it took); 0: none. Whatever leaves for other
// hands starts from its picture: the original, patches, masks and answers before it show what was
// redacted.
IterationId last_redaction(const IterationTree& tree, IterationId id);

// The same for the pictures that a combination takes regions of.
bool takes_redacted(const IterationTree& tree, const Combination& of);

// Whether any that is not erased does.
bool has_redaction(const IterationTree& tree);

// For people, of a project or of what shows all of one.
std::string_view keeps_the_original();

} // namespace mw::project
