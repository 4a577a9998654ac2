// The sections of the comparison's panel. For compare_panel.cpp alone.
#pragma once

#include "ui/compare_panel.h"

namespace mw::ui {

void draw_pair_figures(const worker::PairFigures& figures, bool masked);
void draw_histogram(const compare::DiffStats& stats, ComparePanelState& state);
void draw_spots(const session::SessionView& view, CanvasState& canvas,
                const std::vector<compare::Spot>& spots);
void draw_profile(const session::SessionView& view, CanvasState& canvas, ComparePanelState& state);
void draw_readout(const session::SessionView& view, const CanvasState& canvas);
void draw_candidates(const session::SessionView& view, ComparePanelState& state,
                     session::Actions& out);

// A figure as the panel writes it: right-aligned in its table cell.
void cell(const std::string& words, ImU32 color);

} // namespace mw::ui
