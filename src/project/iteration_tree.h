// The tree of iterations: append-only. Nothing is overwritten; going back only moves a pointer
// elsewhere.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "composite/graft.h"
#include "edit/backend.h"
#include "image/image.h"
#include "mask/mask.h"

namespace mw::project {

using IterationId = int; // index in the tree, 0 is the original

enum class Standing { proposed, accepted, rejected };

// One answer, grafted over its parent, with all it was made from.
struct Iteration {
    IterationId id = 0;
    IterationId parent = -1; // -1: the original
    Standing standing = Standing::proposed;
    composite::Patch patch; // over the parent's picture; empty for the original
    mask::Mask mask;        // the artist's own, frozen at the request
    std::string prompt;
    std::vector<edit::AnsweredPart> parts; // as received, in the order they were grafted
    composite::GraftParams graft;          // the settings of that
    std::string what_was_done;
    composite::GraftReport report;
    edit::Cost cost;
    double seconds = 0; // from the request to the graft
};

class IterationTree {
  public:
    // `original` must not be null.
    explicit IterationTree(image::ImageRef original);

    std::size_t size() const { return nodes_.size(); }
    bool contains(IterationId id) const {
        return id >= 0 && static_cast<std::size_t>(id) < nodes_.size();
    }
    const Iteration& at(IterationId id) const;
    // The parent must exist. Returns the new id; `id` of the argument is ignored.
    IterationId add(Iteration iteration);
    void set_standing(IterationId id, Standing standing);
    std::vector<IterationId> children(IterationId id) const;

    // The whole picture of an iteration: the original with every patch on the way laid over it. The
    // last few are kept. The original itself costs nothing.
    image::ImageRef picture(IterationId id) const;

  private:
    std::vector<std::shared_ptr<Iteration>> nodes_;
    image::ImageRef original_;
    mutable std::list<std::pair<IterationId, image::ImageRef>> pictures_; // most recent first
};

} // namespace mw::project
