// The tree of iterations: append-only. Nothing is lost; going back only moves a pointer elsewhere.
// Only the graft of an iteration that nothing else relies on may be exchanged for another graft of
// the same answer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "composite/graft.h"
#include "edit/backend.h"
#include "image/image.h"
#include "mask/mask.h"
#include "project/stored.h"

namespace mw::project {

using IterationId = int; // index in the tree, 0 is the original

enum class Standing { proposed, accepted, rejected };

// How an answer was grafted: everything that grafting it again exchanges.
struct Grafted {
    Stored<composite::Patch> patch; // over the parent's picture; empty for the original
    // The artist's own mask, frozen at the request; grown only where the artist asked for it
    // afterwards.
    Stored<mask::Mask> mask;
    Stored<std::vector<edit::AnsweredPart>> parts; // as received, in the order they were grafted
    composite::GraftParams graft;                  // the settings of that
    composite::GraftReport report;
};

// What the artist makes of an iteration, to find it again.
struct Marks {
    bool starred = false;
    // Pruned, with everything made from it: hidden, and restored by one more change.
    bool trashed = false;
    bool collapsed = false; // what was made from it is not listed
    std::string name;       // UTF-8, one line; empty: known by its number
    std::string note;       // UTF-8
    bool operator==(const Marks&) const = default;
};

// The two iterations whose regions a combination took (see composite::combine).
struct Combination {
    IterationId a = 0, b = 0;
    bool operator==(const Combination&) const = default;
};

// One answer, grafted over its parent, with all it was made from.
struct Iteration : Grafted {
    IterationId id = 0;
    IterationId parent = -1; // -1: the original
    Standing standing = Standing::proposed;
    std::string prompt;
    std::string what_was_done;
    image::DisplayTransform view; // how the picture was shown to the model
    edit::Cost cost;              // of the whole request, shared by its candidates
    double seconds = 0;           // from the request to the graft
    std::int64_t created_ms = 0;  // since 1970, UTC; 0: not known
    std::string provider, model;  // ids; empty: no model made it
    // Candidates of one request, and other grafts of their answers, share it; from 1. 0: no request
    // made it.
    std::int64_t request = 0;
    std::optional<Combination> combined; // then it has no answer of its own
    Marks marks;
    std::string service_id; // the service's id of the answer, for EditParams::continues
    bool pinned = false;    // see IterationTree::pin
    // Emptied out of the trash: pixels, mask and answers are gone, the number is not used again.
    bool erased = false;
};

class IterationTree {
  public:
    // `original` must not be null.
    explicit IterationTree(image::ImageRef original);
    // A tree of its own, for another thread; what weighs is shared.
    IterationTree(const IterationTree& other);
    IterationTree(IterationTree&&) = default;
    IterationTree& operator=(IterationTree&&) = default;

    // Numbers given out, the original's and those erased included: ids are below it.
    std::size_t size() const { return nodes_.size(); }
    // Given out, and not erased.
    bool contains(IterationId id) const {
        return id >= 0 && static_cast<std::size_t>(id) < nodes_.size() && !at_index(id).erased;
    }
    // In the tree and neither trashed itself nor made from what is.
    bool alive(IterationId id) const {
        return id >= 0 && static_cast<std::size_t>(id) < alive_.size() &&
               alive_[static_cast<std::size_t>(id)];
    }
    const Iteration& at(IterationId id) const;
    // The same, of any number that was given out.
    const Iteration& any(IterationId id) const { return at_index(id); }
    // The parent must exist. Returns the new id; `id` of the argument is ignored. `picture`, when
    // not null, is the whole picture of it, and is kept as if picture() had made it.
    IterationId add(Iteration iteration, image::ImageRef picture = nullptr);
    void set_standing(IterationId id, Standing standing);
    // What is put on the original is its name, note and star; it cannot be trashed.
    void set_marks(IterationId id, Marks marks);
    // In the order they came; those erased are none.
    const std::vector<IterationId>& children(IterationId id) const;
    // Whether `id` is `ancestor` or was made from it.
    bool descends(IterationId id, IterationId ancestor) const;
    // The nearest iteration that both were made from (or are).
    IterationId common_ancestor(IterationId a, IterationId b) const;
    // For good: `id`, which must be trashed, and everything made from it. Returns what went.
    std::vector<IterationId> erase(IterationId id);
    // A number for a request to come; `after` is one given out before (by an earlier run).
    std::int64_t new_request(std::int64_t after = 0) {
        return last_request_ = std::max(last_request_, after) + 1;
    }

    // Something outside the tree was made of this picture (a file, a request): from now on its
    // graft stays as it is.
    void pin(IterationId id);
    // Whether the graft may be exchanged: a proposal without children that was never pinned.
    bool replaceable(IterationId id) const;
    // Exchanges the graft of a replaceable iteration. `picture`, when not null, is the whole
    // picture of the iteration with it, and is kept as if picture() had made it.
    void swap_graft(IterationId id, Grafted& graft, image::ImageRef picture = nullptr);
    // A new iteration beside `id`: the same parent and answer in another graft.
    IterationId add_sibling(IterationId id, Grafted graft, image::ImageRef picture = nullptr);

    // The whole picture of an iteration: the original with every patch on the way laid over it. The
    // last few are kept; one that is made costs a copy of the nearest of them and the pixels of the
    // patches from there. The original itself costs nothing.
    image::ImageRef picture(IterationId id) const;

    // Grows with every change of the tree; of one iteration, the value at its last change.
    std::uint64_t revision() const { return revision_; }
    std::uint64_t revision_of(IterationId id) const {
        return revisions_[static_cast<std::size_t>(id)];
    }
    // As it is in a file, whether erased or not: the next number. The parent must be there.
    void restore(Iteration iteration);

  private:
    Iteration& change(IterationId id);
    void keep(IterationId id, image::ImageRef picture) const;
    void find_alive();
    const Iteration& at_index(IterationId id) const {
        return *nodes_[static_cast<std::size_t>(id)];
    }

    std::vector<std::shared_ptr<Iteration>> nodes_;
    std::vector<std::vector<IterationId>> children_; // by parent
    std::vector<bool> alive_;
    std::vector<std::uint64_t> revisions_; // by id
    std::uint64_t revision_ = 0;
    std::int64_t last_request_ = 0;
    image::ImageRef original_;
    mutable std::list<std::pair<IterationId, image::ImageRef>> pictures_; // most recent first
};

} // namespace mw::project
