#include "compare/figures.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/text.h"

namespace mw::compare {
namespace {

using S = const RegionStats&;
using enum FigureNeeds;

constexpr Figure kFigures[] = {
    {"pixels", "Pixels", "How many pixels the region has.", nothing, true,
     [](S s) { return double(s.pixels); }},
    {"changed", "Changed samples", "Samples, channels counted singly, whose bits differ.", nothing,
     true, [](S s) { return double(s.changed); }},
    {"not_finite_a", "Not finite in A", "Samples of A that are NaN or infinite; left out.", nothing,
     true, [](S s) { return double(s.not_finite_a); }},
    {"not_finite_b", "Not finite in B", "Samples of B that are NaN or infinite; left out.", nothing,
     true, [](S s) { return double(s.not_finite_b); }},
    {"max_abs", "Largest difference", "Of a sample, in levels of the deeper picture.", nothing,
     false, [](S s) { return s.max_abs; }},
    {"rmse", "Root mean square", "Of the differences of colour samples, in the same levels.",
     nothing, false, [](S s) { return s.rmse; }},
    {"psnr", "PSNR, dB", "Peak signal to noise; infinite when nothing differs.", nothing, false,
     [](S s) { return s.psnr; }},
    {"ssim", "SSIM", "Structural similarity of luma, 1 when alike.", ssim, false,
     [](S s) { return s.ssim; }},
    {"delta_e_mean", "Delta E, mean", "CIEDE2000; 1 is just noticeable side by side.", delta_e,
     false, [](S s) { return s.delta_e_mean; }},
    {"delta_e_p99", "Delta E, 99th percentile", "One pixel in a hundred differs by more.", delta_e,
     false, [](S s) { return s.delta_e_p99; }},
    {"delta_e_max", "Delta E, largest", "Of a single pixel.", delta_e, false,
     [](S s) { return s.delta_e_max; }},
    {"flip_mean", "FLIP, mean", "What flipping between the two shows, 0 to 1.", flip, false,
     [](S s) { return s.flip_mean; }},
    {"flip_first_quartile", "FLIP, first quartile", "Pixels weighted by their error.", flip, false,
     [](S s) { return s.flip_first_quartile; }},
    {"flip_median", "FLIP, median", "Pixels weighted by their error.", flip, false,
     [](S s) { return s.flip_median; }},
    {"flip_third_quartile", "FLIP, third quartile", "Pixels weighted by their error.", flip, false,
     [](S s) { return s.flip_third_quartile; }},
    {"flip_max", "FLIP, largest", "Of a single pixel.", flip, false,
     [](S s) { return s.flip_max; }},
    {"perceptible", "Perceptible pixels", "Over the threshold in YIQ, antialiased edges left out.",
     threshold, true, [](S s) { return double(s.perceptible); }},
    {"antialiased", "Antialiased pixels", "Over the threshold, as an antialiased edge differs.",
     threshold, true, [](S s) { return double(s.antialiased); }},
};

bool holds(double value, const std::string& comparison, double limit) {
    if (comparison == ">") return value > limit;
    if (comparison == ">=") return value >= limit;
    if (comparison == "<") return value < limit;
    if (comparison == "<=") return value <= limit;
    return (comparison == "==") == (value == limit);
}

} // namespace

std::span<const Figure> figures() {
    return kFigures;
}

bool is_measured(const Figure& figure, const MetricSet& metrics) {
    switch (figure.needs) {
        case FigureNeeds::delta_e:
            return metrics.delta_e;
        case FigureNeeds::ssim:
            return metrics.ssim;
        case FigureNeeds::flip:
            return metrics.flip;
        case FigureNeeds::threshold:
            return metrics.threshold;
        case FigureNeeds::nothing:
            break;
    }
    return true;
}

const RegionStats& region_of(const DiffStats& stats, std::size_t index) {
    const RegionStats* const parts[] = {&stats.inside, &stats.seam, &stats.outside, &stats.all};
    return *parts[index];
}

Result<Gate> parse_gate(std::string_view text) {
    Gate gate;
    gate.text = text.substr(0, 80);
    const auto wrong = [&](std::string why) {
        return fail(ErrorCode::invalid_argument,
                    fmt::format("\"{}\" is no condition: {}; write REGION.FIGURE, a comparison and "
                                "a number, such as outside.changed>0 or all.ssim<0.9.",
                                gate.text, why));
    };
    const auto at = text.find_first_of("<>=!");
    if (at == text.npos) return wrong("it has no comparison");
    const std::string_view name = trimmed(text.substr(0, at));
    const bool two = at + 1 < text.size() && text[at + 1] == '=';
    gate.comparison = text.substr(at, two ? 2 : 1);
    if (gate.comparison == "=" || gate.comparison == "!")
        return wrong("a comparison is one of > >= < <= == !=");
    const auto dot = name.find('.');
    const std::string_view region = name.substr(0, dot);
    const std::string_view figure = dot == name.npos ? "" : name.substr(dot + 1);
    while (gate.region < std::size(kRegionNames) && kRegionNames[gate.region] != region)
        ++gate.region;
    if (gate.region == std::size(kRegionNames))
        return wrong("the regions are inside, seam, outside and all");
    std::string names;
    for (const Figure& f : kFigures) {
        if (f.name == figure) gate.figure = &f;
        names += fmt::format("{}{}", names.empty() ? "" : ", ", f.name);
    }
    if (!gate.figure) return wrong("the figures are " + names);
    const std::string_view number = trimmed(text.substr(at + gate.comparison.size()));
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), gate.value);
    if (error != std::errc() || end != number.data() + number.size() || std::isnan(gate.value))
        return wrong("what follows the comparison is no number");
    return gate;
}

std::string met(const Gate& gate, const DiffStats& stats) {
    const RegionStats& region = region_of(stats, gate.region);
    const double value = gate.figure->of(region);
    const bool known = region.pixels > 0 || gate.figure->name == "pixels";
    if (!known || !holds(value, gate.comparison, gate.value)) return {};
    return fmt::format(
        "{}: it is {}", gate.text,
        gate.figure->whole ? fmt::format("{:.0f}", value) : fmt::format("{:.6g}", value));
}

} // namespace mw::compare
