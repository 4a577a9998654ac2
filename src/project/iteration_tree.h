// The tree of iterations: append-only. Nothing is lost; going back only moves a pointer elsewhere.
// Only the graft of an iteration that nothing else relies on may be exchanged for another graft of
// the same answer.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
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

// One answer, grafted over its parent, with all it was made from.
struct Iteration : Grafted {
    IterationId id = 0;
    IterationId parent = -1; // -1: the original
    Standing standing = Standing::proposed;
    std::string prompt;
    std::string what_was_done;
    image::DisplayTransform view; // how the picture was shown to the model
    edit::Cost cost;
    double seconds = 0; // from the request to the graft

    std::string provider, model;
    std::string request;        // EditRequest::id of the first part: candidates of one are siblings
    std::string service_id;     // the service's id of the answer, for EditParams::continues
    std::string revised_prompt; // what the service made of the prompt; empty: not told
    std::vector<std::string> notes; // of the request and its answer
    std::int64_t created_ms =
        0;               // Unix time; add() sets it where it is 0. For people: order is by id
    bool pinned = false; // see IterationTree::pin

    // The artist's own.
    std::string name, note;
    bool starred = false;
    bool trashed = false;   // pruned: hidden, not gone
    bool collapsed = false; // what hangs below it is folded away
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
    void set_name(IterationId id, std::string name);
    void set_note(IterationId id, std::string note);
    void set_starred(IterationId id, bool starred);
    void set_trashed(IterationId id, bool trashed);
    void set_collapsed(IterationId id, bool collapsed);
    std::vector<IterationId> children(IterationId id) const;

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
    // last few are kept. The original itself costs nothing.
    image::ImageRef picture(IterationId id) const;

    // Grows with every change of the tree; of one iteration, the value at its last change.
    std::uint64_t revision() const { return revision_; }
    std::uint64_t revision_of(IterationId id) const {
        return revisions_[static_cast<std::size_t>(id)];
    }

  private:
    Iteration& change(IterationId id);
    void keep(IterationId id, image::ImageRef picture) const;

    std::vector<std::shared_ptr<Iteration>> nodes_;
    std::vector<std::uint64_t> revisions_; // by id
    std::uint64_t revision_ = 0;
    image::ImageRef original_;
    mutable std::list<std::pair<IterationId, image::ImageRef>> pictures_; // most recent first
};

} // namespace mw::project
