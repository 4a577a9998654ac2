// One opened picture with its mask, its iterations and its undo.
#pragma once

#include <filesystem>

#include "base/geometry.h"
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

// How the canvas was left, so that it can be found again.
struct CanvasView {
    bool fitted = true;      // then only the turn says anything
    PointF center;           // image point in the middle of the canvas
    double zoom = 1;         // screen pixels per image pixel
    double turn_degrees = 0; // clockwise, after mirroring
    bool mirrored = false;
    double exposure_stops = 0;
    bool operator==(const CanvasView&) const = default;
};

struct Document {
    std::filesystem::path path; // of the picture
    codec::Metadata metadata;
    codec::FileFormat format = codec::FileFormat::unknown;
    int source_bits = 8;
    image::ColorSpaceRef color; // null: sRGB
    std::vector<std::string> warnings;
    bool provenance = false; // the file carries Content Credentials (C2PA)

    IterationTree tree;
    // The next request starts from `base`; the canvas shows `shown`, a proposal on top of it or the
    // base itself.
    IterationId base = 0, shown = 0;
    mask::Mask mask;
    std::vector<MaskSlot> slots; // oldest first
    edit::Markup markup;         // drawn for the model, over every iteration
    std::string prompt;          // of the next request
    CanvasView canvas;
    UndoStack undo;
    // What else the session wants to find again (tools): small JSON, at most 64 KiB, for nobody
    // else.
    std::string view_state;

    UndoTarget undo_target() { return {mask, base, shown, tree, prompt, &markup.marks}; }

    Document(std::filesystem::path file, codec::Picture picture);
};

} // namespace mw::project
