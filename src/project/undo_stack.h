// Undo and redo of what the artist does to the mask and the marks, of which iteration is the base
// and of how one was grafted: each command is its own inverse.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "edit/markup.h"
#include "mask/undo.h"
#include "project/iteration_tree.h"

namespace mw::project {

using MaskChange = Stored<mask::MaskPatch>;

// Which iteration is the base, which is shown and, where `judged` is one, its standing: as they
// were before the command (before undoing: after it). Going to an iteration also brings the mask
// and the words it was asked for with; then those that were there are here.
struct BaseChange {
    IterationId base = 0, shown = 0;
    IterationId judged = -1;
    Standing standing = Standing::proposed;
    MaskChange mask = {}; // empty: stays
    std::optional<std::string> prompt = {};
};

// Star, name, note, trash of one iteration, and what was shown: pruning leads away from what goes.
struct MarksChange {
    IterationId id = 0;
    Marks marks;
    IterationId base = 0, shown = 0;
};

// The graft an iteration had before the command (before undoing: after it); the iteration is shown.
// Where something relies on the graft it has now, the other one comes as a sibling instead.
struct GraftChange {
    IterationId id = 0;
    Grafted graft;
};

// What is drawn for the model, as it was before the command (before undoing: after it).
struct MarkupChange {
    std::vector<edit::Mark> marks;
};

struct Command {
    std::string name; // "Brush stroke", for the menu
    std::variant<MaskChange, BaseChange, GraftChange, MarksChange, MarkupChange> change;
    // Given by the stack: ascending in each direction, a new one after each move.
    std::uint64_t number = 0;
};

// What commands act on.
struct UndoTarget {
    mask::Mask& mask;
    IterationId& base;
    IterationId& shown;
    IterationTree& tree;
    std::string& prompt;
    std::vector<edit::Mark>* drawn = nullptr; // null: there are none
};

class UndoStack {
  public:
    // Oldest commands are dropped when their tiles and patches exceed the budget.
    explicit UndoStack(std::size_t budget_bytes = 256u << 20) : budget_(budget_bytes) {}

    // A command already done; empties redo.
    void push(Command command);
    // Exchanges the newest command for `command`, which leads back to where it led back to; with
    // nothing, takes it away. Empties redo. There must be one.
    void replace_last(std::optional<Command> command);
    bool can_undo() const { return !undo_.empty(); }
    bool can_redo() const { return !redo_.empty(); }
    const Command* next_undo() const { return undo_.empty() ? nullptr : &undo_.back(); }
    const Command* next_redo() const { return redo_.empty() ? nullptr : &redo_.back(); }
    // The pixels of the mask that may have changed. Nothing to do: nothing is done.
    Rect undo(const UndoTarget& target) { return move(undo_, redo_, target); }
    Rect redo(const UndoTarget& target) { return move(redo_, undo_, target); }
    // In memory alone: what the project's file has, too, costs nothing here.
    std::size_t bytes() const;
    // Commands about iterations that are no longer in the tree, and those that came before them,
    // can be neither undone nor redone.
    void forget_erased(const IterationTree& tree);

    // Oldest first; the last of `redo` is redone first. For who writes them down, and back.
    const std::deque<Command>& undo_commands() const { return undo_; }
    const std::deque<Command>& redo_commands() const { return redo_; }
    // Both ascending in number.
    void restore(std::deque<Command> undo, std::deque<Command> redo);
    // Grows with every change.
    std::uint64_t revision() const { return revision_; }

  private:
    Rect move(std::deque<Command>& from, std::deque<Command>& to, const UndoTarget& target);

    std::size_t budget_;
    std::deque<Command> undo_, redo_;
    std::uint64_t revision_ = 0;
};

} // namespace mw::project
