// The settings of the selection tools, and the words for what is done to the mask.
#include <cmath>

#include "session/mask_work.h"

namespace mw::session {
namespace {

double between(double value, double low, double high, double fallback) {
    return std::isnan(value) ? fallback : std::clamp(value, low, high);
}

template <class... Ts>
struct Overload : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overload(Ts...) -> Overload<Ts...>;

} // namespace

SelectSettings sane(SelectSettings s) {
    const SelectSettings usual;
    const bool levels = s.measure == select::ColorMeasure::rgb;
    s.wand_tolerance = between(s.wand_tolerance, 0, levels ? 255 : 100, usual.wand_tolerance);
    s.sample_side = s.sample_side >= 5 ? 5 : s.sample_side >= 3 ? 3 : 1;
    s.color_tolerance = between(s.color_tolerance, 0.5, 100, usual.color_tolerance);
    s.color_softness = between(s.color_softness, 0, 1, usual.color_softness);
    s.low = between(s.low, 0, 100, usual.low);
    s.high = between(s.high, 0, 100, usual.high);
    if (s.low > s.high) std::swap(s.low, s.high);
    s.lum_softness = between(s.lum_softness, 0, 50, usual.lum_softness);
    return s;
}

bool follows_settings(const worker::Shape& shape) {
    return std::holds_alternative<select::WandParams>(shape) ||
           std::holds_alternative<select::ColorRangeParams>(shape) ||
           std::holds_alternative<select::LuminanceRangeParams>(shape) ||
           std::holds_alternative<select::SmartSelectParams>(shape);
}

worker::Shape with_settings(worker::Shape shape, const SelectSettings& s) {
    std::visit(
        Overload{[&](select::WandParams& p) {
                     p.tolerance = s.wand_tolerance;
                     p.measure = s.measure;
                     p.sample_side = s.sample_side;
                     p.contiguous = s.contiguous;
                     p.antialias = s.antialias;
                 },
                 [&](select::ColorRangeParams& p) {
                     p.sample_side = s.sample_side;
                     p.tolerance = s.color_tolerance;
                     p.softness = s.color_softness;
                 },
                 [&](select::LuminanceRangeParams& p) {
                     p.low = s.low;
                     p.high = s.high;
                     p.softness = s.lum_softness;
                 },
                 [&](select::SmartSelectParams& p) { p.soft_edge = s.soft_edge; }, [](auto&) {}},
        shape);
    return shape;
}

bool differ_for(const worker::Shape& shape, const SelectSettings& a, const SelectSettings& b) {
    return std::visit(
        Overload{[&](const select::WandParams&) {
                     return a.wand_tolerance != b.wand_tolerance || a.measure != b.measure ||
                            a.sample_side != b.sample_side || a.contiguous != b.contiguous ||
                            a.antialias != b.antialias;
                 },
                 [&](const select::ColorRangeParams&) {
                     return a.sample_side != b.sample_side ||
                            a.color_tolerance != b.color_tolerance ||
                            a.color_softness != b.color_softness;
                 },
                 [&](const select::LuminanceRangeParams&) {
                     return a.low != b.low || a.high != b.high || a.lum_softness != b.lum_softness;
                 },
                 [&](const select::SmartSelectParams&) { return a.soft_edge != b.soft_edge; },
                 [](const auto&) { return false; }},
        shape);
}

std::string name_of(const worker::MaskOp& op) {
    if (const auto* how = std::get_if<Refinement>(&op.what)) {
        switch (how->kind) {
            case RefineKind::grow:
                return "Grow mask";
            case RefineKind::shrink:
                return "Shrink mask";
            case RefineKind::feather:
                return "Feather mask";
            case RefineKind::smooth:
                return "Smooth mask";
            case RefineKind::border:
                return "Border of the mask";
            case RefineKind::contrast:
                return "Contrast of the mask";
            case RefineKind::remove_islands:
                return "Remove islands";
            case RefineKind::fill_holes:
                return "Fill holes";
            case RefineKind::invert:
                return "Invert mask";
            case RefineKind::fill:
                return "Select all";
            case RefineKind::clear:
                return "Clear mask";
        }
    }
    return std::visit(
        Overload{[](const worker::RectangleShape&) { return "Rectangle"; },
                 [](const worker::EllipseShape&) { return "Ellipse"; },
                 [](const worker::PolygonShape&) { return "Lasso"; },
                 [](const worker::GivenShape&) { return "Recall mask"; },
                 [](const worker::AlphaShape&) { return "From alpha"; },
                 [](const select::WandParams&) { return "Magic wand"; },
                 [](const select::ColorRangeParams&) { return "Colour range"; },
                 [](const select::LuminanceRangeParams&) { return "Luminance range"; },
                 [](const select::SmartSelectParams&) { return "Smart select"; },
                 [](const worker::AskedShape&) { return "Select by IOPaint"; }},
        std::get<worker::Shape>(op.what));
}

bool has_amount(RefineKind kind) {
    return kind < RefineKind::fill_holes;
}

} // namespace mw::session
