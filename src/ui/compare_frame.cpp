// The panes of a comparison.
#include "ui/canvas_panel.h"

namespace mw::ui {
namespace {

using session::CompareMode;
using session::CompareSide;
using session::SessionView;

render::Layer layer_of(const CompareSide& side) {
    return {side.picture, side.patch, side.patch_at, side.display};
}

// What of the two is compared pixel by pixel on the screen; absent in the other modes.
std::optional<std::pair<render::PairMath, double>> math_of(const session::CompareState& c) {
    using render::PairMath;
    if (c.mode == CompareMode::onion) return {{PairMath::onion, c.onion_opacity}};
    if (c.mode == CompareMode::difference) return {{PairMath::difference, c.gain}};
    if (c.mode != CompareMode::heat) return std::nullopt;
    const bool plain = c.metric == compare::Metric::absolute;
    const double full = compare::full_scale(plain ? c.metric : compare::Metric::delta_e);
    // A metric that looks around a pixel is on its way: Delta E stands in at its own scale.
    const double gain = session::needs_surroundings(c.metric) ? 1 : c.heat_gain;
    return {{plain ? PairMath::absolute : PairMath::delta_e, full / gain}};
}

bool shows_a_alone(const session::CompareState& c, const CanvasState& state) {
    return (c.mode == CompareMode::flip && !c.flip_shows_b) ||
           (c.mode == CompareMode::flicker && !state.compare.flicker_shows_b);
}

} // namespace

void add_comparison_panes(const SessionView& view, const CanvasState& state,
                          render::CanvasFrame& frame) {
    const session::CompareState& c = view.compare;
    const Panes panes = panes_of(view, state);
    const auto add = [&](const Rect& area, render::Layer layer) -> render::Pane& {
        render::Pane pane;
        pane.area = area;
        pane.view = state.view;
        pane.layer = std::move(layer);
        frame.panes.push_back(std::move(pane));
        return frame.panes.back();
    };
    if (effective_compare(view) == CompareMode::sheet) {
        for (std::size_t i = 0; i < panes.cells.size(); ++i) {
            const session::SheetCell& cell = view.comparison.sheet[i];
            add(panes.cells[i], {cell.picture, cell.patch, cell.patch_at, view.display});
        }
        return;
    }
    const render::Layer a = layer_of(view.comparison.a);
    render::Layer b = layer_of(view.comparison.b);
    b.nudge = c.nudge;
    if (!panes.a.empty()) add(panes.a, a);
    if (shows_a_alone(c, state)) {
        add(panes.b, a);
        return;
    }
    if (c.mode == CompareMode::heat && view.comparison.heat) {
        render::Layer heat{view.comparison.heat, nullptr, {}};
        heat.nudge = view.comparison.heat_at;
        add(panes.b, std::move(heat));
        return;
    }
    render::Pane& pane = add(panes.b, std::move(b));
    if (const auto math = math_of(c)) pane.pairing = render::Pairing{a, math->first, math->second};
    if (c.mode != CompareMode::wipe) return;
    pane.wipe_layer = a;
    pane.wipe = compare::wipe_line(c.wipe_position, c.wipe_angle_degrees);
}

} // namespace mw::ui
