// What `compare` compares: the pictures of the command line, brought together.
#pragma once

#include <vector>

#include "cli/command.h"
#include "compare/changed_areas.h"
#include "compare/figures.h"
#include "compare/fit.h"
#include "compare/pictures.h"
#include "compare/spots.h"
#include "compare/text_check.h"

namespace mw::cli {

struct CompareWish {
    compare::MetricSet metrics;
    compare::HeatParams heat;
    double threshold = 0.1;
    Point nudge;
    std::optional<compare::Fit> fit;
    std::vector<compare::Gate> gates;
    int worst = 0;               // spots wanted
    std::optional<Rect> profile; // from x, y to width, height
    std::optional<Point> pixel;
    std::string prompt, title;
};
// Of the options that say what to measure. The error is one of usage.
Result<CompareWish> compare_wish(const ParsedArgs& args);

// One picture held against A: the parts that lie on each other.
struct Pair {
    std::string path;
    codec::Picture picture;
    compare::Fitted fitted;
    image::ImageView a, b; // of one size
    mask::Mask mask;       // of that size; for `masked` only
    compare::DiffStats stats;
    std::vector<compare::Spot> spots;
    std::optional<compare::ChangedAreas> areas; // outside the mask
    bool exact_areas = true;                    // any sample, else what an eye would see
    std::optional<std::vector<compare::TextCheck>> texts;
    std::string texts_left_out; // why they were not read
};

struct Inputs {
    codec::Picture a;
    std::string path_a;
    bool masked = false;
    compare::Views views(const Pair& pair) const {
        return {image::DisplayTransform(a.color), image::DisplayTransform(pair.picture.color)};
    }
    std::vector<Pair> pairs;
};
// Reads (two files at a time), fits, nudges. Errors: of reading; invalid_argument when sizes differ
// and no --fit says how to bring them together.
Result<Inputs> load_inputs(const ParsedArgs& args, const CompareWish& wish,
                           const codec::DecodeLimits& limits);
// Figures, spots, areas, words of one pair.
Status measure(const Inputs& inputs, Pair& pair, const CompareWish& wish);

Json to_json(const Inputs& inputs, const Pair& pair, const CompareWish& wish);
// The pictures and reports that were asked for, their names added to `json`.
Status write_outputs(const ParsedArgs& args, const Inputs& inputs, const CompareWish& wish,
                     Json& json);
// What can be known of them before any work. The error of a name is one of usage.
CommandResult check_outputs(const ParsedArgs& args);

} // namespace mw::cli
