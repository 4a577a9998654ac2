// Jobs of a comparison: they run one after the other in a lane of their own, so that the newest
// asked for does not wait for a request or a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compare/changed_areas.h"
#include "compare/pictures.h"
#include "compare/spots.h"
#include "compare/stats.h"
#include "compare/text_check.h"
#include "edit/backend.h"
#include "image/image.h"
#include "mask/mask.h"
#include "project/iteration_tree.h"
#include "worker/ids.h"

namespace mw::worker {

// The answers of an iteration as received, each laid in its crop over what it was asked about.
struct RawJob {
    DocumentId document = 0;
    project::IterationId iteration = 0;
    image::ImageRef parent;
    image::DisplayTransform view; // how the parent was shown to the model
    std::vector<edit::AnsweredPart> parts;
};
struct RawMade {
    project::IterationId iteration = 0;
    image::ImageRef picture; // the parent as shown, encoded sRGB, with the answers over it
    std::string note;        // what was done to them: scaled to their crop; empty: nothing
};

// A file opened only to be compared, brought to the document's size.
struct BesideJob {
    DocumentId document = 0;
    int number = 0; // the session's own, given back
    std::filesystem::path path;
    Size size; // of the document
};
struct BesideOpened {
    int number = 0;
    image::ImageRef picture; // of the document's size
    image::ColorSpaceRef color;
    std::string note; // how its size was brought to the document's; empty: it was
};

// One side of a pair as its numbers are and as it is shown.
struct PairPicture {
    image::ImageRef picture;
    image::DisplayTransform view;
};

// All the figures of a pair. A and B have one size.
struct PairJob {
    DocumentId document = 0;
    PairPicture a, b;
    std::optional<mask::Mask> mask; // what was asked for; absent: everything
    Point nudge;                    // B is held against A moved by this
    double pixels_per_degree = compare::kPixelsPerDegree;
    // Areas are counted by what an eye sees instead of by every sample: one side is a raw answer or
    // a file.
    bool visible_areas = false;
    // When not empty: the raw answer of this iteration is counted too.
    std::optional<RawJob> raw;
    std::string prompt; // of B: words it puts in quotes are looked for in both
};
struct PairFigures {
    compare::DiffStats stats;
    std::vector<compare::Spot> spots; // by FLIP, the worst first
    // Outside the mask; absent without a mask.
    std::optional<compare::ChangedAreas> areas;
    std::optional<compare::ChangedAreas> raw_areas;
    std::string areas_words;               // both in one sentence; empty without a mask
    std::vector<compare::TextCheck> texts; // where the prompt quotes any
    std::string texts_problem;             // why they were not read
};

// A heat map of a pair for the whole picture: of a metric that looks at a pixel's surroundings.
struct HeatJob {
    DocumentId document = 0;
    PairPicture a, b;
    Point nudge;
    compare::HeatParams params;
};
struct HeatMade {
    image::ImageRef picture; // kRgb8
    Point at;                // of its corner in A
};

// The figures of an iteration against its parent.
struct CandidateJob {
    DocumentId document = 0;
    project::IterationId iteration = 0;
    image::ImageRef parent;
    composite::Patch patch;           // over the parent
    std::uint64_t patch_identity = 0; // Stored::identity of it
    mask::Mask mask;
    image::DisplayTransform view;
    double pixels_per_degree = compare::kPixelsPerDegree;
};
struct CandidateJudged {
    project::IterationId iteration = 0;
    std::uint64_t patch = 0; // identity of what was judged
    compare::DiffStats stats;
};

} // namespace mw::worker
