// What changed in a document since it was last written: values that a lane writes as one
// transaction, now or, after a failure, later.
#pragma once

#include <optional>

#include "project/document.h"

namespace mw::project {

// Cheap to make, to copy and to keep: pixels, tiles and answers are shared with the document.
// Batches must be written in the order in which they were taken; one that failed is written again.
struct Batch {
    struct Pointer {
        IterationId base = 0, shown = 0;
    };
    struct View {
        CanvasView canvas;
        std::string prompt, state; // Document::prompt, view_state
        edit::Markup markup;
        bool operator==(const View&) const = default;
    };
    struct CanvasTile {
        int tx = 0, ty = 0;
        mask::TileRef tile; // null: empty now
    };
    struct UndoEntry {
        bool undone = false; // in the stack of what can be done again
        Command command;
    };
    std::vector<Iteration> iterations; // new, or changed in any way; ascending
    std::optional<Pointer> pointer;
    std::vector<CanvasTile> tiles; // of the mask that is painted on
    std::optional<std::vector<MaskSlot>> slots;
    std::optional<View> view;
    std::vector<UndoEntry> commands;             // new ones
    std::vector<std::uint64_t> dropped_commands; // Command::number of those that are no more

    bool empty() const {
        return iterations.empty() && !pointer && tiles.empty() && !slots && !view &&
               commands.empty() && dropped_commands.empty();
    }
};

class Recorder {
  public:
    // A file holds `document` as it is now (it was just opened, or created from it).
    explicit Recorder(const Document& document) { remember(document); }
    // Everything that is other now; empty when nothing is. Costs some microseconds for each
    // thousand tiles and iterations when nothing changed. What is taken counts as written.
    Batch take(const Document& document);

  private:
    void remember(const Document& document);

    std::vector<std::uint64_t> iterations_; // revisions by id
    std::uint64_t tree_ = 0, undo_ = 0;     // revisions
    Batch::Pointer pointer_;
    mask::Mask mask_;
    std::vector<MaskSlot> slots_;
    Batch::View view_;
    std::vector<std::uint64_t> done_, undone_; // numbers of commands
};

} // namespace mw::project
