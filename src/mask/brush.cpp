#include "mask/brush.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>

#include "mask/capsule.h"
#include "mask/stabiliser.h"
#include "mask/stroke_path.h"

namespace mw::mask {
namespace {

// Beyond any picture, and small enough that no sum of two overflows.
constexpr double kFar = 4194304;

double clamped(double v, double low, double high, double otherwise) {
    return std::isfinite(v) ? std::clamp(v, low, high) : otherwise;
}

Brush sane(Brush b) {
    b.radius_px = clamped(b.radius_px, 0.5, 4096, 0.5);
    b.hardness = clamped(b.hardness, 0, 1, 1);
    b.opacity = clamped(b.opacity, 0, 1, 1);
    b.stabiliser = clamped(b.stabiliser, 0, 1, 0);
    return b;
}

// A path off by this much changes coverage by less than 2 levels: the ramp's steepest slope is
// 1.5 / width.
double flatness_for(const Brush& b) {
    return 0.005 * std::max(1.0, (1 - b.hardness) * b.radius_px / 1.5);
}

} // namespace

struct StrokePainter::State {
    Mask mask;
    std::optional<Mask> within;
    Brush brush;
    Stabiliser hand;
    StrokePath path;
    CapsulePainter painter;
    std::vector<Stretch> waiting; // final, not painted yet
    std::vector<Stretch> tail;    // what the stroke would end with if it ended now
    Piece last;                   // the last piece painted for good
    bool has_last = false;
    bool shown = true; // mask is up to date
    Rect tail_rect;    // what may change with the next sample

    State(Mask base, const Brush& b, std::optional<Mask> limit)
        : mask(std::move(base)),
          within(std::move(limit)),
          brush(sane(b)),
          hand(brush.stabiliser),
          path(flatness_for(brush)),
          painter(mask, brush, within ? &*within : nullptr) {}

    PathNode node_of(const StrokeSample& s) const {
        return {{s.x, s.y},
                brush.radius_px * (brush.pressure_radius ? s.pressure : 1),
                brush.pressure_opacity ? s.pressure : 1};
    }

    Rect rect_of(const Stretch& stretch) const {
        if (stretch.pieces.empty()) return {};
        double left = 2 * kFar, top = left, right = -left, bottom = -left;
        for (const Piece& p : stretch.pieces) {
            const double r = falloff(std::max(p.ra, p.rb), brush.hardness).outer + 1;
            left = std::min({left, p.a.x - r, p.b.x - r});
            top = std::min({top, p.a.y - r, p.b.y - r});
            right = std::max({right, p.a.x + r, p.b.x + r});
            bottom = std::max({bottom, p.a.y + r, p.b.y + r});
        }
        const auto whole = [](double v) { return static_cast<int>(std::floor(v)); };
        return intersect(mask.rect(), Rect::from_edges(whole(left), whole(top), whole(right) + 1,
                                                       whole(bottom) + 1));
    }

    Rect extend(const StrokeSample& raw) {
        if (!std::isfinite(raw.x) || !std::isfinite(raw.y)) return {};
        const StrokeSample pointer{std::clamp(raw.x, -kFar, kFar), std::clamp(raw.y, -kFar, kFar),
                                   clamped(raw.pressure, 0, 1, 1), clamped(raw.t, -1e9, 1e9, 0)};
        const PathNode node = node_of(hand.follow(pointer)), end = node_of(pointer);
        Stretch settled;
        Rect now;
        if (path.add(node, settled)) {
            now = rect_of(settled);
            waiting.push_back(std::move(settled));
        }
        tail.clear();
        if (node == end) {
            tail.push_back(path.tail());
        } else { // the hand would catch up with the pointer
            StrokePath ahead = path;
            Stretch more;
            if (ahead.add(end, more)) tail.push_back(std::move(more));
            tail.push_back(ahead.tail());
        }
        Rect coming;
        for (const Stretch& t : tail)
            coming = unite(coming, rect_of(t));
        // What the old tail painted may go again.
        const Rect changed = unite(unite(tail_rect, now), coming);
        tail_rect = coming;
        shown = false;
        return changed;
    }

    // Painting waits until somebody looks: several samples between two frames then share the cost
    // of the stroke's round end, which is the larger part of a soft brush's.
    void show() {
        if (shown) return;
        painter.roll_back();
        for (const Stretch& s : waiting) {
            painter.paint(s, has_last ? &last : nullptr, false, false);
            last = s.pieces.back();
            has_last = true;
        }
        waiting.clear();
        const Piece* before = has_last ? &last : nullptr;
        for (const Stretch& t : tail) {
            if (t.pieces.empty()) continue;
            if (!before && t.pieces.size() == 1 && t.pieces[0].a == t.pieces[0].b)
                painter.paint_dot(t.pieces[0], true);
            else
                painter.paint(t, before, &t == &tail.back(), true);
            before = &t.pieces.back();
        }
        painter.finish();
        shown = true;
    }
};

StrokePainter::StrokePainter(Mask base, const Brush& brush)
    : state_(std::make_unique<State>(std::move(base), brush, std::nullopt)) {}
StrokePainter::StrokePainter(Mask base, const Brush& brush, Mask within)
    : state_(std::make_unique<State>(std::move(base), brush, std::move(within))) {
    assert(state_->within->size() == state_->mask.size());
}
StrokePainter::~StrokePainter() = default;
StrokePainter::StrokePainter(StrokePainter&&) noexcept = default;
StrokePainter& StrokePainter::operator=(StrokePainter&&) noexcept = default;

Rect StrokePainter::extend(const StrokeSample& sample) {
    return state_->extend(sample);
}

const Mask& StrokePainter::mask() const {
    state_->show();
    return state_->mask;
}

Mask paint_stroke(const Mask& base, const Brush& brush, const std::vector<StrokeSample>& samples) {
    StrokePainter painter(base, brush);
    for (const StrokeSample& s : samples)
        painter.extend(s);
    return painter.mask();
}

} // namespace mw::mask
