// A comparison as one page for people without the program: everything in it, nothing fetched.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compare/changed_areas.h"
#include "compare/pictures.h"
#include "compare/spots.h"

namespace mw::report {

// One picture that is held against A, and what is known of it. Texts are UTF-8 and are escaped.
struct Candidate {
    std::string name;
    image::ImageView picture; // of A's size
    image::DisplayTransform view;
    compare::DiffStats stats;
    std::vector<compare::Spot> spots; // by the heat map's metric
    // A sentence each, with its judgement: what was found of changed areas, of words.
    enum class Tone { plain, good, bad };
    struct Finding {
        std::string text;
        Tone tone = Tone::plain;
    };
    std::vector<Finding> findings;
    std::string prompt, model; // empty: not known
    std::string cost, time;    // as they are to be read: "$0.19", "12 s"; empty: not known
};

struct Comparison {
    std::string title;
    std::string name_a;
    image::ImageView a;
    image::DisplayTransform view;
    const mask::Mask* mask = nullptr; // drawn on the heat maps
    compare::MetricSet metrics;       // which figures there are
    compare::HeatParams heat;
    std::vector<Candidate> candidates;
};

struct HtmlParams {
    int max_side = 1600; // pictures are embedded scaled down to this; figures are of the full size
    int quality = 92;    // of their WebP, 4:2:0; 100 is without loss
};

// A whole HTML document (WHATWG HTML), UTF-8: wipe by pointer, touch and keys, A/B flip, side by
// side, heat map, figures, worst spots, prompts and costs; light and dark, fit for printing; its
// Content-Security-Policy forbids every request. Errors: invalid_argument without candidates or
// when sizes differ; too_large.
Result<std::string> html_report(const Comparison& comparison, const HtmlParams& params = {});

// Text for HTML content and quoted attributes.
std::string escaped(std::string_view text);

} // namespace mw::report
