#include "project/undo_stack.h"

namespace mw::project {
namespace {

std::size_t bytes_of(const Command& command) {
    const auto* patch = std::get_if<mask::MaskPatch>(&command.change);
    return sizeof(Command) + command.name.size() + (patch ? patch->bytes() : 0);
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
    } else {
        auto& base = std::get<BaseChange>(command.change);
        std::swap(base.base, target.base);
        std::swap(base.shown, target.shown);
        if (base.judged >= 0) {
            const Standing now = target.tree.at(base.judged).standing;
            target.tree.set_standing(base.judged, base.standing);
            base.standing = now;
        }
    }
    to.push_back(std::move(command));
    return changed;
}

} // namespace mw::project
