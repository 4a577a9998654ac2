// One opened picture with its mask, its iterations and its undo.
#pragma once

#include <filesystem>

#include "codec/codec.h"
#include "edit/markup.h"
#include "project/iteration_tree.h"
#include "project/undo_stack.h"

namespace mw::project {

// A copy of the mask kept under a name.
struct MaskSlot {
    int id = 0; // unique in the document, from 1
    std::string name;
    mask::Mask mask;
};

struct Document {
    std::filesystem::path path;
    codec::Metadata metadata;
    codec::FileFormat format = codec::FileFormat::unknown;
    int source_bits = 8;
    image::ColorSpaceRef color; // null: sRGB
    std::vector<std::string> warnings;

    IterationTree tree;
    // The next request starts from `base`; the canvas shows `shown`, a proposal on top of it or the
    // base itself.
    IterationId base = 0, shown = 0;
    mask::Mask mask;
    std::vector<MaskSlot> slots; // oldest first
    edit::Markup markup;         // drawn for the model, over every iteration
    UndoStack undo;

    Document(std::filesystem::path file, codec::Picture picture);
};

} // namespace mw::project
