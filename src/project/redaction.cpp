#include "project/redaction.h"

namespace mw::project {

IterationId last_redaction(const IterationTree& tree, IterationId id) {
    for (; id > 0; id = tree.at(id).parent)
        if (tree.at(id).graft.redact) return id;
    return 0;
}

bool takes_redacted(const IterationTree& tree, const Combination& of) {
    const IterationId shared = tree.common_ancestor(of.a, of.b);
    const auto since = [&](IterationId id) {
        const IterationId last = last_redaction(tree, id);
        return last != 0 && last != shared && tree.descends(last, shared);
    };
    return since(of.a) || since(of.b);
}

bool has_redaction(const IterationTree& tree) {
    for (IterationId id = 1; id < static_cast<IterationId>(tree.size()); ++id)
        if (tree.contains(id) && tree.at(id).graft.redact) return true;
    return false;
}

std::string_view keeps_the_original() {
    return "A project holds the original as it was, with what was redacted: keep it to yourself, "
           "and hand "
           "on an export.";
}

} // namespace mw::project
