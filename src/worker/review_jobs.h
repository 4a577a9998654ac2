// Files for people without the program, and for other programs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "composite/graft.h"
#include "worker/pair_jobs.h"

namespace mw::worker {

// One result with what it was asked for and what it was made from.
struct ReviewCandidate {
    std::string name, prompt, model;
    image::ImageRef parent;
    composite::Patch patch; // over the parent
    mask::Mask mask;
    image::DisplayTransform view;
    std::optional<double> cost_usd, seconds;
};

// What is written is decided by the name's ending: a page (.html, .htm), a contact sheet (.png), A
// and B in turn (.webp, .gif), the figures of every candidate against its parent (.csv, .json).
struct ReviewJob {
    DocumentId document = 0;
    std::filesystem::path path;
    std::string title;
    std::string name_a, name_b;
    PairPicture a, b;               // of the page, the sheet and the flip; of one size
    std::optional<mask::Mask> mask; // of the pair
    std::vector<ReviewCandidate> candidates;
    compare::HeatParams heat;
};
enum class ReviewKind { none, page, sheet, flip, csv, json };
ReviewKind review_kind(const std::filesystem::path& path); // by the ending, of any case

struct Reviewed {
    std::filesystem::path path;
    std::string note; // what was left out; empty: nothing
};

} // namespace mw::worker
