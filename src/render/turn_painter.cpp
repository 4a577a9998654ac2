#include "render/turn_painter.h"

#include <cmath>
#include <numbers>

namespace mw::render {
namespace {

PointF middle(const Rect& area) {
    return {area.x + area.width / 2.0, area.y + area.height / 2.0};
}

bool exact(const Turn& turn) {
    return std::fmod(turn.degrees, 90.0) == 0;
}

// From the pane's pixels to the upright canvas's.
struct Back {
    PointF from, to;
    Turn turn;

    Back(const Pane& pane, const Rect& upright)
        : from(middle(pane.area)), to(middle(upright)), turn(pane.view.turn) {
        // Quarter turns map whole pixels on whole pixels: the middles may differ by half a one.
        if (!exact(turn)) return;
        const PointF corner = at({0, 0});
        to.x += std::round(corner.x) - corner.x;
        to.y += std::round(corner.y) - corner.y;
    }
    PointF at(PointF p) const {
        const PointF v = unturned(turn, {p.x - from.x, p.y - from.y});
        return {to.x + v.x, to.y + v.y};
    }
};

float f(double v) {
    return static_cast<float>(v);
}

} // namespace

Pane upright(const Pane& pane) {
    Pane out = pane;
    const int side = static_cast<int>(std::ceil(std::hypot(pane.area.width, pane.area.height))) + 2;
    out.area = {0, 0, side, side};
    out.view.turn = {};
    if (!pane.wipe_layer) return out;
    const Back back(pane, out.area);
    const compare::WipeRay ray = compare::wipe_ray(pane.wipe, pane.area);
    const PointF point = back.at(ray.point);
    // The angle's own direction is down where the ray's is up.
    PointF direction = unturned(pane.view.turn, {-ray.direction.x, -ray.direction.y});
    // A's side is on one hand of the direction; a mirror changes hands.
    if (pane.view.turn.mirrored) direction = {-direction.x, -direction.y};
    out.wipe = {{point.x / side, point.y / side},
                std::atan2(direction.y, direction.x) * 180 / std::numbers::pi};
    return out;
}

Result<TurnPainter> TurnPainter::create() {
    auto program = make_program("canvas.vert", "turned.frag");
    if (!program) return tl::unexpected(program.error());
    TurnPainter painter;
    painter.program_ = std::move(*program);
    painter.nearest_ = make_sampler(GL_NEAREST, GL_CLAMP_TO_EDGE);
    painter.linear_ = make_sampler(GL_LINEAR, GL_CLAMP_TO_EDGE);
    return painter;
}

bool TurnPainter::bind(std::size_t index, Size canvas, bool& fresh) {
    Backing& backing = backings_[index];
    fresh = backing.size() != canvas;
    if (fresh && !backing.resize(canvas)) return false;
    backing.bind();
    glViewport(0, 0, canvas.width, canvas.height);
    return true;
}

void TurnPainter::paint(std::size_t index, const Pane& pane, Size canvas) {
    const Rect area = intersect(pane.area, Rect::of(canvas));
    const Size side = backings_[index].size();
    const Back back(pane, Rect::of(side));
    const PointF o = back.at({0, 0}), x = back.at({1, 0}), y = back.at({0, 1});
    glViewport(0, 0, canvas.width, canvas.height);
    glScissor(area.x, area.y, area.width, area.height);
    glUseProgram(program_.name.get());
    glBindSampler(0, exact(pane.view.turn) ? nearest_.get() : linear_.get());
    glBindTexture(GL_TEXTURE_2D, backings_[index].texture());
    glUniform2f(program_.origin, f(o.x / side.width), f(o.y / side.height));
    glUniform2f(program_.across, f((x.x - o.x) / side.width), f((x.y - o.y) / side.height));
    glUniform2f(program_.down, f((y.x - o.x) / side.width), f((y.y - o.y) / side.height));
    Placement at;
    at.canvas = canvas;
    draw_rect(program_, at, area.x, area.y, area.right(), area.bottom());
}

} // namespace mw::render
