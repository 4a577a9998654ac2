#include "project/iteration_tree.h"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace mw::project {

namespace {
// Enough for A, B and the base of the next request without holding a picture per iteration.
constexpr std::size_t kKeptPictures = 3;

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}
} // namespace

IterationTree::IterationTree(image::ImageRef original) : original_(std::move(original)) {
    assert(original_);
    auto root = std::make_shared<Iteration>();
    root->standing = Standing::accepted;
    nodes_.push_back(std::move(root));
    revisions_.push_back(0);
}

const Iteration& IterationTree::at(IterationId id) const {
    assert(contains(id));
    return *nodes_[static_cast<std::size_t>(id)];
}

IterationId IterationTree::add(Iteration iteration) {
    assert(contains(iteration.parent));
    iteration.id = static_cast<IterationId>(nodes_.size());
    if (iteration.created_ms == 0) iteration.created_ms = now_ms();
    revisions_.push_back(++revision_);
    nodes_.push_back(std::make_shared<Iteration>(std::move(iteration)));
    return nodes_.back()->id;
}

Iteration& IterationTree::change(IterationId id) {
    assert(contains(id));
    revisions_[static_cast<std::size_t>(id)] = ++revision_;
    return *nodes_[static_cast<std::size_t>(id)];
}

void IterationTree::set_standing(IterationId id, Standing standing) {
    change(id).standing = standing;
}
void IterationTree::set_name(IterationId id, std::string name) {
    change(id).name = std::move(name);
}
void IterationTree::set_note(IterationId id, std::string note) {
    change(id).note = std::move(note);
}
void IterationTree::set_starred(IterationId id, bool starred) {
    change(id).starred = starred;
}
void IterationTree::set_trashed(IterationId id, bool trashed) {
    change(id).trashed = trashed;
}
void IterationTree::set_collapsed(IterationId id, bool collapsed) {
    change(id).collapsed = collapsed;
}

std::vector<IterationId> IterationTree::children(IterationId id) const {
    std::vector<IterationId> found;
    for (const auto& node : nodes_)
        if (node->parent == id && node->id != 0) found.push_back(node->id);
    return found;
}

image::ImageRef IterationTree::picture(IterationId id) const {
    assert(contains(id));
    const auto kept = [this](IterationId of) {
        return std::find_if(pictures_.begin(), pictures_.end(),
                            [of](const auto& picture) { return picture.first == of; });
    };
    std::vector<IterationId> above; // newest first: what lies over a picture that is there
    for (; id != 0 && kept(id) == pictures_.end(); id = at(id).parent)
        above.push_back(id);
    image::ImageRef under = original_;
    if (id != 0) {
        pictures_.splice(pictures_.begin(), pictures_, kept(id));
        under = pictures_.front().second;
    }
    if (above.empty()) return under;
    // The picture is copied once, however long the way.
    image::Image made = image::clone(under->view());
    for (auto it = above.rbegin(); it != above.rend(); ++it)
        if (const auto patch = at(*it).patch.get(); patch->pixels)
            image::copy_pixels(patch->pixels->view(), made.span().sub(patch->rect));
    keep(above.front(), std::make_shared<const image::Image>(std::move(made)));
    return pictures_.front().second;
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
    sibling.pinned = sibling.starred = sibling.trashed = sibling.collapsed = false;
    sibling.name.clear();
    sibling.note.clear();
    sibling.created_ms = 0;
    const IterationId added = add(std::move(sibling));
    if (picture) keep(added, std::move(picture));
    return added;
}

} // namespace mw::project
