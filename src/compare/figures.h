// The figures by name: one list for JSON, CSV, reports, panels and gates.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compare/stats.h"

namespace mw::compare {

// Which MetricSet member a figure needs.
enum class FigureNeeds { nothing, delta_e, ssim, flip, threshold };

struct Figure {
    std::string_view name;    // as in JSON: "delta_e_p99"
    std::string_view label;   // for people: "Delta E, 99th percentile"
    std::string_view meaning; // one sentence
    FigureNeeds needs = FigureNeeds::nothing;
    bool whole = false; // counts, to be shown without a fraction
    double (*of)(const RegionStats&) = nullptr;
};
std::span<const Figure> figures();
bool is_measured(const Figure& figure, const MetricSet& metrics);

inline constexpr std::string_view kRegionNames[] = {"inside", "seam", "outside", "all"};
const RegionStats& region_of(const DiffStats& stats, std::size_t index); // into kRegionNames

// A condition on a figure: "outside.changed>0", "all.ssim<0.9"; > >= < <= == !=, blanks allowed.
struct Gate {
    std::size_t region = 0; // into kRegionNames
    const Figure* figure = nullptr;
    std::string comparison;
    double value = 0;
    std::string text; // as given
};
// invalid_argument, with the names there are.
Result<Gate> parse_gate(std::string_view text);
// The sentence that says so when the condition is met, empty otherwise: "outside.changed>0: it is
// 12". A region without pixels meets none.
std::string met(const Gate& gate, const DiffStats& stats);

} // namespace mw::compare
