#include "project/undo_stack.h"

namespace mw::project {
namespace {

std::size_t bytes_of(const Command& command) {
    std::size_t bytes = sizeof(Command) + command.name.size();
    const auto of_mask = [](const MaskChange& change) {
        const auto patch = change.only_here();
        return patch ? patch->bytes() : 0;
    };
    if (const auto* mask = std::get_if<MaskChange>(&command.change)) bytes += of_mask(*mask);
    if (const auto* graft = std::get_if<GraftChange>(&command.change))
        if (const auto patch = graft->graft.patch.only_here(); patch && patch->pixels)
            bytes += patch->pixels->bytes().size();
    if (const auto* drawn = std::get_if<MarkupChange>(&command.change))
        for (const edit::Mark& mark : drawn->marks)
            bytes += sizeof(mark) + mark.points.size() * sizeof(PointF) + mark.text.size();
    if (const auto* base = std::get_if<BaseChange>(&command.change)) {
        bytes += of_mask(base->mask);
        if (base->prompt) bytes += base->prompt->size();
    }
    if (const auto* marks = std::get_if<MarksChange>(&command.change))
        bytes += marks->marks.name.size() + marks->marks.note.size();
    return bytes;
}

Rect swap(MaskChange& change, const UndoTarget& target) {
    if (change.empty()) return {};
    mask::MaskPatch patch = *change;
    const Rect changed = patch.swap(target.mask);
    change = std::move(patch);
    return changed;
}

Rect swap(BaseChange& base, const UndoTarget& target) {
    std::swap(base.base, target.base);
    std::swap(base.shown, target.shown);
    if (base.judged >= 0) {
        const Standing now = target.tree.at(base.judged).standing;
        target.tree.set_standing(base.judged, base.standing);
        base.standing = now;
    }
    if (base.prompt) std::swap(*base.prompt, target.prompt);
    return swap(base.mask, target);
}

void swap(MarksChange& change, const UndoTarget& target) {
    std::swap(change.base, target.base);
    std::swap(change.shown, target.shown);
    Marks now = target.tree.at(change.id).marks;
    // Whether its branch is folded in a list is nothing that is undone.
    change.marks.collapsed = now.collapsed;
    target.tree.set_marks(change.id, std::move(change.marks));
    change.marks = std::move(now);
}

bool refers_to_erased(const Command& command, const IterationTree& tree) {
    const auto gone = [&](IterationId id) { return !tree.contains(id); };
    if (const auto* base = std::get_if<BaseChange>(&command.change))
        return gone(base->base) || gone(base->shown) || (base->judged >= 0 && gone(base->judged));
    if (const auto* graft = std::get_if<GraftChange>(&command.change)) return gone(graft->id);
    if (const auto* marks = std::get_if<MarksChange>(&command.change))
        return gone(marks->id) || gone(marks->base) || gone(marks->shown);
    return false;
}

// What the command has become.
decltype(Command::change) swap(GraftChange change, const UndoTarget& target) {
    const BaseChange moved{target.base, target.shown, -1, {}};
    target.base = target.tree.at(change.id).parent;
    target.shown = change.id; // what changes is seen to change
    if (target.tree.replaceable(change.id)) {
        target.tree.swap_graft(change.id, change.graft);
        return change;
    }
    target.shown = target.tree.add_sibling(change.id, std::move(change.graft));
    return moved;
}

} // namespace

void UndoStack::push(Command command) {
    redo_.clear();
    ++revision_;
    command.number = next_identity();
    undo_.push_back(std::move(command));
    std::size_t total = bytes();
    while (total > budget_ && undo_.size() > 1) {
        total -= bytes_of(undo_.front());
        undo_.pop_front();
    }
}

void UndoStack::replace_last(std::optional<Command> command) {
    undo_.pop_back();
    ++revision_;
    if (command)
        push(std::move(*command));
    else
        redo_.clear();
}

std::size_t UndoStack::bytes() const {
    std::size_t total = 0;
    for (const auto* stack : {&undo_, &redo_})
        for (const Command& command : *stack)
            total += bytes_of(command);
    return total;
}

void UndoStack::forget_erased(const IterationTree& tree) {
    ++revision_;
    for (auto* stack : {&undo_, &redo_}) {
        std::size_t count = stack->size();
        while (count > 0 && !refers_to_erased((*stack)[count - 1], tree))
            --count;
        stack->erase(stack->begin(), stack->begin() + static_cast<std::ptrdiff_t>(count));
    }
}

Rect UndoStack::move(std::deque<Command>& from, std::deque<Command>& to, const UndoTarget& target) {
    if (from.empty()) return {};
    Command command = std::move(from.back());
    from.pop_back();
    Rect changed;
    if (auto* mask = std::get_if<MaskChange>(&command.change)) {
        changed = swap(*mask, target);
    } else if (auto* base = std::get_if<BaseChange>(&command.change)) {
        changed = swap(*base, target);
    } else if (auto* marks = std::get_if<MarksChange>(&command.change)) {
        swap(*marks, target);
    } else if (auto* drawn = std::get_if<MarkupChange>(&command.change)) {
        if (target.drawn) std::swap(drawn->marks, *target.drawn);
    } else {
        command.change = swap(std::get<GraftChange>(std::move(command.change)), target);
    }
    command.number = next_identity();
    ++revision_;
    to.push_back(std::move(command));
    return changed;
}

void UndoStack::restore(std::deque<Command> undo, std::deque<Command> redo) {
    undo_ = std::move(undo);
    redo_ = std::move(redo);
    ++revision_;
    for (const auto* stack : {&undo_, &redo_})
        if (!stack->empty()) skip_identities(stack->back().number);
}

} // namespace mw::project
