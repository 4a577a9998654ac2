// A comparison on the canvas: what is chosen, and what there is to see.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compare/modes.h"
#include "compare/pictures.h"
#include "worker/pair_jobs.h"

namespace mw::session {

// In the order in which a key goes through them. `stacked` is side by side with A above B; in
// `flip` one of the two is on the canvas at a time.
enum class CompareMode {
    off,
    side_by_side,
    stacked,
    wipe,
    flip,
    onion,
    flicker,
    difference,
    heat,
    sheet,
};
inline constexpr int kCompareModes = 10;

// What a side of the comparison shows.
struct CompareSource {
    enum class Kind {
        shown,     // the iteration on the canvas, whichever it is
        parent,    // what that was made from
        iteration, // `id`, 0: the original
        raw,       // the answers of iteration `id` as received, in their crops over its parent
        file,      // number `id` of the files opened only to be compared
    };
    Kind kind = Kind::shown;
    int id = 0;
    bool operator==(const CompareSource&) const = default;
};

struct CompareState {
    CompareMode mode = CompareMode::off;
    CompareSource a{CompareSource::Kind::parent, 0}, b{CompareSource::Kind::shown, 0};
    Point nudge;                   // B is moved by so many image pixels, at most kMostNudge
    double wipe_position = 0.5;    // 0 .. 1 across the canvas
    double wipe_angle_degrees = 0; // 0: a vertical line; counter-clockwise
    bool flip_shows_b = false;
    double onion_opacity = 0.5;                        // of B, 0 .. 1
    double flicker_hz = compare::kFlickerHz;           // A to B and back so many times a second
    double gain = 8;                                   // of the difference, 1 .. compare::kMaxGain
    compare::Metric metric = compare::Metric::delta_e; // of the heat map
    double heat_gain = 1;                              // 1 .. compare::kMaxGain
    double viewing_distance_m = 0.7; // 0.2 .. 3, from a 3840-px, 0.7-m wide screen: FLIP
    bool figures = false;            // are wanted: of the pair and of all candidates
    bool operator==(const CompareState&) const = default;
};
inline constexpr int kMostNudge = 512;
inline constexpr double kFastestFlicker = 12; // Hz; above kFlickerHz only where the artist says so

struct CompareSide {
    image::ImageRef picture; // null: on its way, or there is none
    image::ImageRef patch;   // over it: a trial, a partial answer
    Point patch_at;
    image::DisplayTransform display;
    std::string name; // "Original", "2", "2 as received", "photo.jpg"
    std::string note; // how it was brought to the document's pixels; empty: nothing was done
    bool coming = false;
};

struct SheetCell {
    project::IterationId id = 0;
    image::ImageRef picture, patch;
    Point patch_at;
};
inline constexpr std::size_t kMostCells = 16;

struct CompareFile {
    int number = 0;
    std::string name; // of the file, any bytes
    bool coming = false;
};

struct CandidateRow {
    project::IterationId id = 0;
    // Against its parent, about its own mask. Null: not yet, or it failed.
    std::shared_ptr<const compare::DiffStats> stats;
    bool failed = false;
};

struct ComparisonView {
    CompareSide a, b;
    std::vector<SheetCell> sheet; // of mode sheet: at most kMostCells
    int sheet_left_out = 0;       // iterations that have no cell
    std::vector<CompareFile> files;

    std::shared_ptr<const worker::PairFigures> figures; // of a and b as they are
    std::string figures_of; // whose mask is meant: "your mask", "the masks of 1 and 3"; empty: none
    bool figures_pending = false;
    std::string figures_problem; // why there are none

    image::ImageRef heat; // of a and b, for a metric that looks at a pixel's surroundings
    Point heat_at;
    bool heat_pending = false;

    std::vector<CandidateRow> candidates;

    // Two pictures of one size are there.
    bool possible() const {
        return a.picture && b.picture && a.picture->size() == b.picture->size();
    }
};

// Whether the metric's map must be made for the whole picture before it is shown.
inline bool needs_surroundings(compare::Metric metric) {
    return metric == compare::Metric::flip || metric == compare::Metric::ssim;
}

} // namespace mw::session
