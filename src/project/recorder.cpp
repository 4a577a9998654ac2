#include "project/recorder.h"

#include <algorithm>

namespace mw::project {
namespace {

Batch::View view_of(const Document& document) {
    return {document.canvas, document.prompt, document.view_state, document.markup};
}

std::vector<std::uint64_t> numbers(const std::deque<Command>& commands) {
    std::vector<std::uint64_t> out;
    out.reserve(commands.size());
    for (const Command& command : commands)
        out.push_back(command.number);
    return out;
}

bool has(const std::vector<std::uint64_t>& ascending, std::uint64_t number) {
    return std::binary_search(ascending.begin(), ascending.end(), number);
}

bool same(const std::vector<MaskSlot>& a, const std::vector<MaskSlot>& b) {
    return std::equal(
        a.begin(), a.end(), b.begin(), b.end(), [](const MaskSlot& x, const MaskSlot& y) {
            return x.id == y.id && x.name == y.name && x.mask.size() == y.mask.size() &&
                   mask::changed_rect(x.mask, y.mask).empty();
        });
}

} // namespace

void Recorder::remember(const Document& document) {
    tree_ = document.tree.revision();
    iterations_.clear();
    for (std::size_t i = 0; i < document.tree.size(); ++i)
        iterations_.push_back(document.tree.revision_of(static_cast<IterationId>(i)));
    undo_ = document.undo.revision();
    done_ = numbers(document.undo.undo_commands());
    undone_ = numbers(document.undo.redo_commands());
    pointer_ = {document.base, document.shown};
    mask_ = document.mask;
    slots_ = document.slots;
    view_ = view_of(document);
}

Batch Recorder::take(const Document& document) {
    Batch batch;
    const IterationTree& tree = document.tree;
    if (tree_ != tree.revision()) {
        for (std::size_t i = 0; i < tree.size(); ++i) {
            const auto id = static_cast<IterationId>(i);
            if (i == iterations_.size())
                iterations_.push_back(0);
            else if (iterations_[i] == tree.revision_of(id))
                continue;
            iterations_[i] = tree.revision_of(id);
            batch.iterations.push_back(tree.any(id));
        }
        tree_ = tree.revision();
    }
    if (pointer_.base != document.base || pointer_.shown != document.shown)
        batch.pointer = pointer_ = {document.base, document.shown};
    for (int ty = 0; ty < document.mask.tiles_y(); ++ty)
        for (int tx = 0; tx < document.mask.tiles_x(); ++tx)
            if (document.mask.tile(tx, ty) != mask_.tile(tx, ty))
                batch.tiles.push_back({tx, ty, document.mask.tile(tx, ty)});
    if (!batch.tiles.empty()) mask_ = document.mask;
    if (!same(slots_, document.slots)) batch.slots = slots_ = document.slots;
    if (Batch::View now = view_of(document); view_ != now) batch.view = view_ = std::move(now);
    if (undo_ != document.undo.revision()) {
        undo_ = document.undo.revision();
        const auto done = numbers(document.undo.undo_commands()),
                   undone = numbers(document.undo.redo_commands());
        for (const auto* before : {&done_, &undone_})
            for (const std::uint64_t number : *before)
                if (!has(done, number) && !has(undone, number))
                    batch.dropped_commands.push_back(number);
        for (const Command& command : document.undo.undo_commands())
            if (!has(done_, command.number)) batch.commands.push_back({false, command});
        for (const Command& command : document.undo.redo_commands())
            if (!has(undone_, command.number)) batch.commands.push_back({true, command});
        done_ = done;
        undone_ = undone;
    }
    return batch;
}

} // namespace mw::project
