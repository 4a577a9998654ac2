#include "project/undo_stack.h"

namespace mw::project {
namespace {

std::size_t bytes_of(const Command& command) {
    std::size_t bytes = sizeof(Command) + command.name.size();
    if (const auto* patch = std::get_if<mask::MaskPatch>(&command.change)) bytes += patch->bytes();
    if (const auto* graft = std::get_if<GraftChange>(&command.change);
        graft && graft->graft.patch.pixels)
        bytes += graft->graft.patch.pixels->bytes().size();
    if (const auto* marks = std::get_if<MarksChange>(&command.change))
        for (const edit::Mark& mark : marks->marks)
            bytes += sizeof(mark) + mark.points.size() * sizeof(PointF) + mark.text.size();
    return bytes;
}

void swap(BaseChange& base, const UndoTarget& target) {
    std::swap(base.base, target.base);
    std::swap(base.shown, target.shown);
    if (base.judged < 0) return;
    const Standing now = target.tree.at(base.judged).standing;
    target.tree.set_standing(base.judged, base.standing);
    base.standing = now;
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
    undo_.push_back(std::move(command));
    std::size_t total = bytes();
    while (total > budget_ && undo_.size() > 1) {
        total -= bytes_of(undo_.front());
        undo_.pop_front();
    }
}

void UndoStack::replace_last(std::optional<Command> command) {
    undo_.pop_back();
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

Rect UndoStack::move(std::deque<Command>& from, std::deque<Command>& to, const UndoTarget& target) {
    if (from.empty()) return {};
    Command command = std::move(from.back());
    from.pop_back();
    Rect changed;
    if (auto* patch = std::get_if<mask::MaskPatch>(&command.change)) {
        changed = patch->swap(target.mask);
    } else if (auto* base = std::get_if<BaseChange>(&command.change)) {
        swap(*base, target);
    } else if (auto* marks = std::get_if<MarksChange>(&command.change)) {
        if (target.marks) std::swap(marks->marks, *target.marks);
    } else {
        command.change = swap(std::get<GraftChange>(std::move(command.change)), target);
    }
    to.push_back(std::move(command));
    return changed;
}

} // namespace mw::project
