// How the things of a comparison are called, on the canvas and in the panel alike.
#pragma once

#include <span>
#include <string>

#include "session/state.h"
#include "ui/commands.h"

namespace mw::ui {

std::string iteration_words(project::IterationId id); // "Original", "3"
// "A · Original", "B · 2 as received", "A · –" where there is none, "… coming".
std::string side_words(const char* letter, const session::CompareSide& side);
const char* metric_words(compare::Metric metric); // "ΔE 2000"
const char* metric_unit(compare::Metric metric);  // after a number: "ΔE"

// A mode with its command, icon and name for tests.
struct ModeInfo {
    session::CompareMode mode;
    Command command;
    const char* icon;
    const char* name; // "way.wipe"
    const char* word; // of inspection files: "wipe"
};
std::span<const ModeInfo> compare_modes(); // all but off, in their order
const char* mode_word(session::CompareMode mode);
// What a mode's key makes of the state: in, or out again.
session::CompareState toggled(const session::CompareState& state, session::CompareMode mode);
// The next mode that has something to show; after the last one, off.
session::CompareState cycled(const session::CompareState& state);

// The sides there are to choose from, for a list: the original, every iteration and, where it has
// one, its answer as received, then files.
struct Choosable {
    session::CompareSource source;
    std::string words;
};
std::vector<Choosable> choosable_sides(const session::SessionView& view);

} // namespace mw::ui
