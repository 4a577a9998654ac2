// Figures of many candidates, for other programs.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "compare/figures.h"

namespace mw::report {

// One row: a picture held against A.
struct Row {
    std::string name;
    compare::DiffStats stats;
    std::optional<double> cost_usd, seconds;
    std::string prompt;
};

// CSV (RFC 4180, UTF-8, CRLF): name, then REGION.FIGURE for every measured figure as in JSON,
// cost_usd, seconds, prompt where any row has one. Infinity is "inf", what is not known is empty. A
// name that begins as a formula does in a spreadsheet gets an apostrophe before it.
std::string to_csv(std::span<const Row> rows, const compare::MetricSet& metrics);
// JSON: [{"name", "inside": {...}, ... "note", "cost_usd", "seconds", "prompt"}]. Infinity is null.
std::string to_json(std::span<const Row> rows, const compare::MetricSet& metrics);

} // namespace mw::report
