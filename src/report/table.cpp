#include "report/table.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace mw::report {
namespace {

using Json = nlohmann::ordered_json;

std::string cell(std::string_view text) {
    std::string out(text);
    if (!out.empty() && std::string_view("=+-@\t\r").find(out[0]) != std::string_view::npos)
        out.insert(0, "'");
    if (out.find_first_of("\",\r\n") == std::string::npos) return out;
    std::string quoted = "\"";
    for (const char c : out)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string number(double value) {
    return std::isinf(value) ? (value > 0 ? "inf" : "-inf") : fmt::format("{:.9g}", value);
}

Json finite(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

} // namespace

std::string to_csv(std::span<const Row> rows, const compare::MetricSet& metrics) {
    bool costs = false, times = false, prompts = false;
    for (const Row& row : rows) {
        costs |= row.cost_usd.has_value();
        times |= row.seconds.has_value();
        prompts |= !row.prompt.empty();
    }
    std::string out = "name";
    for (const std::string_view region : compare::kRegionNames)
        for (const compare::Figure& f : compare::figures())
            if (compare::is_measured(f, metrics)) out += fmt::format(",{}.{}", region, f.name);
    out += fmt::format("{}{}{}\r\n", costs ? ",cost_usd" : "", times ? ",seconds" : "",
                       prompts ? ",prompt" : "");
    for (const Row& row : rows) {
        out += cell(row.name);
        for (std::size_t r = 0; r < std::size(compare::kRegionNames); ++r)
            for (const compare::Figure& f : compare::figures())
                if (compare::is_measured(f, metrics))
                    out += "," + number(f.of(compare::region_of(row.stats, r)));
        if (costs) out += "," + (row.cost_usd ? number(*row.cost_usd) : "");
        if (times) out += "," + (row.seconds ? number(*row.seconds) : "");
        if (prompts) out += "," + cell(row.prompt);
        out += "\r\n";
    }
    return out;
}

std::string to_json(std::span<const Row> rows, const compare::MetricSet& metrics) {
    Json list = Json::array();
    for (const Row& row : rows) {
        Json json{{"name", row.name}};
        for (std::size_t r = 0; r < std::size(compare::kRegionNames); ++r)
            for (const compare::Figure& f : compare::figures()) {
                if (!compare::is_measured(f, metrics)) continue;
                const double value = f.of(compare::region_of(row.stats, r));
                Json& to = json[std::string(compare::kRegionNames[r])][std::string(f.name)];
                to = f.whole ? Json(static_cast<std::int64_t>(value)) : finite(value);
            }
        if (!row.stats.note.empty()) json["note"] = row.stats.note;
        if (row.cost_usd) json["cost_usd"] = finite(*row.cost_usd);
        if (row.seconds) json["seconds"] = finite(*row.seconds);
        if (!row.prompt.empty()) json["prompt"] = row.prompt;
        list.push_back(std::move(json));
    }
    return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace mw::report
