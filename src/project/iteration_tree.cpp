#include "project/iteration_tree.h"

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
}

const Iteration& IterationTree::at(IterationId id) const {
    assert(contains(id));
    return *nodes_[static_cast<std::size_t>(id)];
}

IterationId IterationTree::add(Iteration iteration) {
    assert(contains(iteration.parent));
    iteration.id = static_cast<IterationId>(nodes_.size());
    nodes_.push_back(std::make_shared<Iteration>(std::move(iteration)));
    return nodes_.back()->id;
}

void IterationTree::set_standing(IterationId id, Standing standing) {
    assert(contains(id));
    nodes_[static_cast<std::size_t>(id)]->standing = standing;
}

std::vector<IterationId> IterationTree::children(IterationId id) const {
    std::vector<IterationId> found;
    for (const auto& node : nodes_)
        if (node->parent == id && node->id != 0) found.push_back(node->id);
    return found;
}

image::ImageRef IterationTree::picture(IterationId id) const {
    assert(contains(id));
    if (id == 0) return original_;
    for (auto it = pictures_.begin(); it != pictures_.end(); ++it)
        if (it->first == id) {
            pictures_.splice(pictures_.begin(), pictures_, it);
            return pictures_.front().second;
        }
    const Iteration& node = at(id);
    const image::ImageRef parent = picture(node.parent);
    auto made = std::make_shared<const image::Image>(composite::apply(parent->view(), node.patch));
    keep(id, made);
    return made;
}

void IterationTree::keep(IterationId id, image::ImageRef picture) const {
    pictures_.emplace_front(id, std::move(picture));
    while (pictures_.size() > kKeptPictures)
        pictures_.pop_back();
}

void IterationTree::pin(IterationId id) {
    assert(contains(id));
    pinned_.insert(id);
}

bool IterationTree::replaceable(IterationId id) const {
    return contains(id) && id != 0 && at(id).standing != Standing::accepted &&
           !pinned_.contains(id) && children(id).empty();
}

void IterationTree::swap_graft(IterationId id, Grafted& graft, image::ImageRef picture) {
    assert(replaceable(id));
    std::swap(static_cast<Grafted&>(*nodes_[static_cast<std::size_t>(id)]), graft);
    pictures_.remove_if([id](const auto& kept) { return kept.first == id; });
    if (picture) keep(id, std::move(picture));
}

IterationId IterationTree::add_sibling(IterationId id, Grafted graft, image::ImageRef picture) {
    assert(contains(id) && id != 0);
    Iteration sibling = at(id);
    static_cast<Grafted&>(sibling) = std::move(graft);
    sibling.standing = Standing::proposed;
    const IterationId added = add(std::move(sibling));
    if (picture) keep(added, std::move(picture));
    return added;
}

} // namespace mw::project
