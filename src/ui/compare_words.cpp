#include "ui/compare_words.h"

#include <fmt/format.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::CompareSource;
using Kind = CompareSource::Kind;

// clang-format off
constexpr ModeInfo kModes[] = {
    {CompareMode::side_by_side, Command::toggle_side_by_side, icons::kVerticalSplit, "way.side_by_side", "side_by_side"},
    {CompareMode::stacked,      Command::toggle_stacked,      icons::kSplitscreen,   "way.stacked",      "stacked"},
    {CompareMode::wipe,         Command::toggle_wipe,         icons::kCompare,       "way.wipe",         "wipe"},
    {CompareMode::flip,         Command::toggle_flip,         icons::kCompareArrows, "way.flip",         "flip"},
    {CompareMode::onion,        Command::toggle_onion,        icons::kOpacity,       "way.onion",        "onion"},
    {CompareMode::flicker,      Command::toggle_flicker,      icons::kTimer,         "way.flicker",      "flicker"},
    {CompareMode::difference,   Command::toggle_difference,   icons::kContrast,      "way.difference",   "difference"},
    {CompareMode::heat,         Command::toggle_heat,         icons::kPalette,       "way.heat",         "heat"},
    {CompareMode::sheet,        Command::toggle_sheet,        icons::kPhotoLibrary,  "way.sheet",        "sheet"},
};
// clang-format on

} // namespace

std::string iteration_words(project::IterationId id) {
    return id == 0 ? std::string("Original") : fmt::format("{}", id);
}

std::string side_words(const char* letter, const session::CompareSide& side) {
    const std::string name = side.name.empty() ? "–" : shown_name(side.name).substr(0, 48);
    return fmt::format("{} · {}{}", letter, name, side.coming ? " · coming" : "");
}

const char* metric_words(compare::Metric metric) {
    switch (metric) {
        case compare::Metric::flip:
            return "FLIP";
        case compare::Metric::delta_e:
            return "ΔE 2000";
        case compare::Metric::ssim:
            return "1 − SSIM";
        case compare::Metric::absolute:
            return "Difference";
    }
    return "";
}

const char* metric_unit(compare::Metric metric) {
    switch (metric) {
        case compare::Metric::flip:
            return "FLIP";
        case compare::Metric::delta_e:
            return "ΔE";
        case compare::Metric::ssim:
            return "1 − SSIM";
        case compare::Metric::absolute:
            return "of full";
    }
    return "";
}

std::span<const ModeInfo> compare_modes() {
    return kModes;
}

const char* mode_word(CompareMode mode) {
    for (const ModeInfo& m : kModes)
        if (m.mode == mode) return m.word;
    return "off";
}

session::CompareState toggled(const session::CompareState& state, CompareMode mode) {
    session::CompareState next = state;
    const bool in = state.mode == mode;
    // A flip's key shows A, then B where that is not what the canvas shows anyway, then leaves.
    if (mode == CompareMode::flip && in && !state.flip_shows_b && state.b.kind != Kind::shown) {
        next.flip_shows_b = true;
        return next;
    }
    next.mode = in ? CompareMode::off : mode;
    next.flip_shows_b = false;
    return next;
}

session::CompareState cycled(const session::CompareState& state) {
    session::CompareState next = state;
    next.mode =
        static_cast<CompareMode>((static_cast<int>(state.mode) + 1) % session::kCompareModes);
    next.flip_shows_b = false;
    return next;
}

std::vector<Choosable> choosable_sides(const session::SessionView& view) {
    std::vector<Choosable> out;
    const project::IterationTree& tree = view.document->tree;
    out.push_back({{Kind::shown, 0}, "What the canvas shows"});
    out.push_back({{Kind::parent, 0}, "What it was made from"});
    for (std::size_t i = 0; i < tree.size(); ++i) {
        if (!tree.alive(static_cast<int>(i))) continue;
        const auto id = static_cast<project::IterationId>(i);
        out.push_back({{Kind::iteration, id}, iteration_words(id)});
        if (!tree.at(id).parts.empty())
            out.push_back({{Kind::raw, id}, fmt::format("{} as received", id)});
    }
    for (const session::CompareFile& file : view.comparison.files)
        if (!file.coming) out.push_back({{Kind::file, file.number}, shown_name(file.name)});
    return out;
}

} // namespace mw::ui
