#include "project/iteration_tree.h"

#include <algorithm>
#include <cassert>

namespace mw::project {

namespace {
// Enough for A, B and the base of the next request without holding a picture per iteration.
constexpr std::size_t kKeptPictures = 3;
} // namespace

IterationTree::IterationTree(image::ImageRef original) : original_(std::move(original)) {
    assert(original_);
    auto root = std::make_shared<Iteration>();
    root->standing = Standing::accepted;
    nodes_.push_back(std::move(root));
    children_.emplace_back();
    alive_.push_back(true);
    revisions_.push_back(0);
}

IterationTree::IterationTree(const IterationTree& other)
    : children_(other.children_),
      alive_(other.alive_),
      revisions_(other.revisions_),
      revision_(other.revision_),
      last_request_(other.last_request_),
      original_(other.original_) {
    nodes_.reserve(other.nodes_.size());
    for (const auto& node : other.nodes_)
        nodes_.push_back(std::make_shared<Iteration>(*node));
}

const Iteration& IterationTree::at(IterationId id) const {
    assert(contains(id));
    return at_index(id);
}

void IterationTree::find_alive() {
    for (const auto& node : nodes_) // parents come first
        alive_[static_cast<std::size_t>(node->id)] =
            !node->erased && !node->marks.trashed &&
            (node->id == 0 || alive_[static_cast<std::size_t>(node->parent)]);
}

IterationId IterationTree::add(Iteration iteration, image::ImageRef picture) {
    assert(contains(iteration.parent));
    iteration.erased = false;
    restore(std::move(iteration));
    const IterationId added = nodes_.back()->id;
    if (picture) keep(added, std::move(picture));
    return added;
}

void IterationTree::restore(Iteration iteration) {
    const bool erased = iteration.erased;
    iteration.id = static_cast<IterationId>(nodes_.size());
    last_request_ = std::max(last_request_, iteration.request);
    if (!erased) children_[static_cast<std::size_t>(iteration.parent)].push_back(iteration.id);
    children_.emplace_back();
    alive_.push_back(!erased && !iteration.marks.trashed &&
                     alive_[static_cast<std::size_t>(iteration.parent)]);
    revisions_.push_back(++revision_);
    nodes_.push_back(std::make_shared<Iteration>(std::move(iteration)));
}

Iteration& IterationTree::change(IterationId id) {
    revisions_[static_cast<std::size_t>(id)] = ++revision_;
    return *nodes_[static_cast<std::size_t>(id)];
}

void IterationTree::set_standing(IterationId id, Standing standing) {
    assert(contains(id));
    change(id).standing = standing;
}

void IterationTree::set_marks(IterationId id, Marks marks) {
    assert(contains(id));
    if (id == 0) marks.trashed = false;
    Marks& now = change(id).marks;
    const bool moved = now.trashed != marks.trashed;
    now = std::move(marks);
    if (moved) find_alive();
}

const std::vector<IterationId>& IterationTree::children(IterationId id) const {
    assert(contains(id));
    return children_[static_cast<std::size_t>(id)];
}

bool IterationTree::descends(IterationId id, IterationId ancestor) const {
    while (id > ancestor) // a parent is older than what was made from it
        id = at(id).parent;
    return id == ancestor;
}

IterationId IterationTree::common_ancestor(IterationId a, IterationId b) const {
    while (a != b) {
        IterationId& younger = a > b ? a : b;
        younger = at(younger).parent;
    }
    return a;
}

std::vector<IterationId> IterationTree::erase(IterationId id) {
    assert(contains(id) && id != 0 && !alive(id));
    std::vector<IterationId> gone{id};
    for (std::size_t i = 0; i < gone.size(); ++i) {
        const auto& made = children(gone[i]);
        gone.insert(gone.end(), made.begin(), made.end());
    }
    std::erase(children_[static_cast<std::size_t>(at(id).parent)], id);
    for (const IterationId each : gone) {
        auto empty = std::make_shared<Iteration>();
        empty->id = each;
        empty->parent = at_index(each).parent;
        empty->erased = true;
        empty->marks.trashed = true;
        nodes_[static_cast<std::size_t>(each)] = std::move(empty);
        children_[static_cast<std::size_t>(each)].clear();
        revisions_[static_cast<std::size_t>(each)] = ++revision_;
        pictures_.remove_if([each](const auto& kept) { return kept.first == each; });
    }
    return gone;
}

image::ImageRef IterationTree::picture(IterationId id) const {
    assert(contains(id));
    // From the nearest picture there is; whole pictures of those between are never made.
    std::vector<IterationId> way;
    image::ImageRef from;
    for (IterationId at_id = id; !from; at_id = at(at_id).parent) {
        if (at_id == 0) {
            from = original_;
            break;
        }
        for (auto it = pictures_.begin(); it != pictures_.end(); ++it)
            if (it->first == at_id) {
                pictures_.splice(pictures_.begin(), pictures_, it);
                from = it->second;
                break;
            }
        if (!from) way.push_back(at_id);
    }
    if (way.empty()) return from;
    image::Image made = composite::apply(from->view(), *at(way.back()).patch);
    for (auto next = way.rbegin() + 1; next != way.rend(); ++next)
        composite::lay(made.span(), *at(*next).patch);
    auto picture = std::make_shared<const image::Image>(std::move(made));
    keep(id, picture);
    return picture;
}

void IterationTree::keep(IterationId id, image::ImageRef picture) const {
    pictures_.emplace_front(id, std::move(picture));
    while (pictures_.size() > kKeptPictures)
        pictures_.pop_back();
}

void IterationTree::pin(IterationId id) {
    assert(contains(id));
    if (!at(id).pinned) change(id).pinned = true;
}

bool IterationTree::replaceable(IterationId id) const {
    return contains(id) && id != 0 && at(id).standing != Standing::accepted && !at(id).pinned &&
           children(id).empty();
}

void IterationTree::swap_graft(IterationId id, Grafted& graft, image::ImageRef picture) {
    assert(replaceable(id));
    std::swap(static_cast<Grafted&>(change(id)), graft);
    pictures_.remove_if([id](const auto& kept) { return kept.first == id; });
    if (picture) keep(id, std::move(picture));
}

IterationId IterationTree::add_sibling(IterationId id, Grafted graft, image::ImageRef picture) {
    assert(contains(id) && id != 0);
    Iteration sibling = at(id);
    static_cast<Grafted&>(sibling) = std::move(graft);
    sibling.standing = Standing::proposed;
    sibling.marks = {};
    sibling.pinned = false;
    return add(std::move(sibling), std::move(picture));
}

} // namespace mw::project
