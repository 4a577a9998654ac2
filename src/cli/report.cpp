// Plans and grafts as JSON.
#include <fmt/format.h>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/command.h"

namespace mw::cli {
namespace {

std::string_view name_of(composite::Respect::Verdict verdict) {
    using Verdict = composite::Respect::Verdict;
    switch (verdict) {
        case Verdict::unknown:
            return "unknown";
        case Verdict::kept:
            return "kept";
        case Verdict::redrawn:
            return "redrawn";
        case Verdict::ignored:
            return "ignored";
        case Verdict::unrelated:
            return "unrelated";
    }
    return "unknown";
}

Json to_json(const composite::Registration& r) {
    return {{"dx", number(r.dx)},
            {"dy", number(r.dy)},
            {"scale", number(r.scale)},
            {"rotation_degrees", number(r.rotation_degrees)},
            {"matrix", {number(r.xx), number(r.xy), number(r.yx), number(r.yy)}},
            {"residual_before", number(r.residual_before)},
            {"residual_after", number(r.residual_after)},
            {"applied", r.applied},
            {"asks", r.asks},
            {"reason", r.reason}};
}

} // namespace

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json to_json(const Rect& r) {
    return Json::array({r.x, r.y, r.width, r.height});
}

Json to_json(Size size) {
    return Json::array({size.width, size.height});
}

Json to_json(const edit::PlannedPart& part) {
    return {{"crop", to_json(part.plan.crop)},
            {"request_size", to_json(part.plan.request_size)},
            {"scale", number(part.plan.scale)},
            {"padded", part.plan.padded},
            {"mask_bounds", to_json(part.mask.bounds())},
            {"notes", part.plan.notes}};
}

edit::CostEstimate cost_of(const edit::EditBackend& backend,
                           const std::vector<edit::PlannedPart>& parts,
                           const edit::EditParams& params) {
    edit::CostEstimate sum;
    for (const edit::PlannedPart& part : parts) {
        const edit::CostEstimate one = backend.estimate(part.plan, params);
        sum.low_usd += one.low_usd;
        sum.high_usd += one.high_usd;
        sum.most_usd += std::max(one.most_usd, one.high_usd);
    }
    return sum;
}

Json to_json(const edit::RequestFate& fate) {
    Json json{{"outcome", to_string(fate.outcome)}};
    if (!fate.service_request_id.empty()) json["service_request_id"] = fate.service_request_id;
    if (!fate.journal_entry.empty()) json["entry"] = fate.journal_entry;
    json["most_usd"] = fate.most_usd;
    if (fate.actual_usd) json["actual_usd"] = *fate.actual_usd;
    return json;
}

void add_report(Json& json, const composite::GraftReport& report) {
    json["changed_outside_mask"] = report.changed_outside_mask;
    json["changed_inside_mask"] = report.changed_inside_mask;
    json["outside_sha256"] = report.outside_sha256;
    json["outside_sha256_before"] = report.outside_sha256_before;
    json["declared"] = to_json(report.declared);
    json["registration"] = to_json(report.registration);
    const auto& c = report.color_match;
    json["color_match"] = {{"applied", c.applied},
                           {"delta_e_before", number(c.delta_e_before)},
                           {"delta_e_after", number(c.delta_e_after)},
                           {"gain", c.gain},
                           {"offset", c.offset},
                           {"reason", c.reason}};
    json["membrane"] = {{"applied", report.membrane.applied},
                        {"mean_levels", number(report.membrane.mean_levels)},
                        {"most_levels", number(report.membrane.most_levels)},
                        {"reason", report.membrane.reason}};
    json["grain"] = {{"applied", report.grain.applied},
                     {"sigma_source", number(report.grain.sigma_source)},
                     {"sigma_answer", number(report.grain.sigma_answer)},
                     {"reason", report.grain.reason}};
    json["respect"] = {{"verdict", name_of(report.respect.verdict)},
                       {"mean_delta_e", number(report.respect.mean_delta_e)},
                       {"changed_share", number(report.respect.changed_share)},
                       {"text", report.respect.text}};
    const auto& cut = report.cut_off;
    json["cut_off"] = {{"left", cut.left},
                       {"above", cut.above},
                       {"right", cut.right},
                       {"below", cut.below},
                       {"text", cut.text}};
    json["seam_visibility"] = number(report.seam_visibility);
    json["answer_outside_mean_abs"] = number(report.answer_outside_mean_abs);
    for (const auto& [phase, seconds] : report.seconds)
        json["seconds"][phase] = number(seconds);
    if (!json.contains("notes")) json["notes"] = Json::array();
    for (const std::string& note : report.notes)
        json["notes"].push_back(note);
}

void tell_verdicts(const composite::GraftReport& report) {
    using Verdict = composite::Respect::Verdict;
    if (!report.parts.empty()) {
        for (const composite::GraftReport& part : report.parts)
            tell_verdicts(part);
        return;
    }
    const auto& r = report.registration;
    if (r.asks)
        print_note(fmt::format(
            "the answer seems to lie elsewhere ({:+.1f} px across, {:+.1f} px down, {:.3g} times "
            "as large, turned by {:.2g} degrees), more than a drift, so it was grafted where it "
            "is; --accept-large-move moves it.",
            r.dx, r.dy, r.scale, r.rotation_degrees));
    const Verdict verdict = report.respect.verdict;
    if ((verdict == Verdict::ignored || verdict == Verdict::unrelated) &&
        !report.respect.text.empty())
        print_note(report.respect.text);
    if (!report.cut_off.text.empty()) print_note(report.cut_off.text);
}

} // namespace mw::cli
