// What the tools of selection are set to, and what is under way with the mask.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "project/document.h"
#include "worker/mask_job.h"

namespace mw::session {

using mask::CombineMode;
using project::MaskSlot;
using worker::RefineKind;
using worker::Refinement;

struct SelectSettings {
    CombineMode mode = CombineMode::replace; // unless a modifier says otherwise at the press
    double wand_tolerance = 10;              // 0..100 CIEDE2000, or 0..255 levels
    select::ColorMeasure measure = select::ColorMeasure::delta_e;
    int sample_side = 3; // 1, 3, 5
    bool contiguous = true;
    bool antialias = true;
    double color_tolerance = 20; // CIEDE2000, 0.5..100
    double color_softness = 0.5; // 0..1
    double low = 0, high = 50;   // CIELAB L*, 0..100
    double lum_softness = 5;     // L*, 0..50
    bool soft_edge = true;       // of smart select
    bool operator==(const SelectSettings&) const = default;
};

// The edge-following lasso while it is drawn.
struct Wire {
    std::vector<Point> anchors;                // at least one
    std::vector<std::vector<Point>> stretches; // from each anchor to the next; empty: not found yet
    std::vector<Point> live;                   // from the last anchor to where the pointer was
    bool closing = false;
};

// Part of SessionView.
struct SelectionView {
    SelectSettings settings;
    // Of the tools that follow their settings (wand, ranges, smart select): the last selection is
    // still what is seen, so that a change of the settings changes it.
    bool adjustable = false;
    // What is worked on, "Magic wand", and since when; empty: nothing.
    std::string working;
    std::chrono::steady_clock::time_point since;
    bool previewing = false; // the mask seen is not kept yet
    // The refinement seen: tried, or the last thing done to the mask.
    std::optional<Refinement> refinement;
    std::optional<Wire> wire;
    std::optional<PointF> stroke_end;       // of the last stroke, where a straight line would begin
    std::optional<mask::Mask> limit;        // painting is held to this
    std::uint64_t limit_revision = 0;       // grows with every change of `limit`
    bool can_reselect = false;              // a mask was cleared that is not there now
    std::uint64_t counted_revision = ~0ull; // of the mask that these are about
    Rect bounds;
    std::int64_t pixels = 0; // above 0
};

} // namespace mw::session
