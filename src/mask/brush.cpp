#include "mask/brush.h"

#include <algorithm>
#include <cmath>

#include "mask/capsule.h"
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
    Brush brush;
    StrokePath path;
    CapsulePainter painter;
    std::vector<Stretch> waiting; // final, not painted yet
    Piece last;                   // the last piece painted for good
    bool has_last = false;
    bool shown = true; // mask is up to date
    Rect tail_rect;    // what may change with the next sample

    State(Mask base, const Brush& b)
        : mask(std::move(base)), brush(sane(b)), path(flatness_for(brush)), painter(mask, brush) {}

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

    Rect extend(const StrokeSample& s) {
        if (!std::isfinite(s.x) || !std::isfinite(s.y)) return {};
        const PathNode node{{std::clamp(s.x, -kFar, kFar), std::clamp(s.y, -kFar, kFar)},
                            brush.radius_px * clamped(s.pressure, 0, 1, 1)};
        Stretch settled;
        Rect now;
        if (path.add(node, settled)) {
            now = rect_of(settled);
            waiting.push_back(std::move(settled));
        }
        const Rect tail = rect_of(path.tail());
        // What the old tail painted may go again.
        const Rect changed = unite(unite(tail_rect, now), tail);
        tail_rect = tail;
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
        const Stretch tail = path.tail();
        if (tail.pieces.size() == 1 && tail.pieces[0].a == tail.pieces[0].b)
            painter.paint_dot(tail.pieces[0], true);
        else
            painter.paint(tail, has_last ? &last : nullptr, true, true);
        painter.finish();
        shown = true;
    }
};

StrokePainter::StrokePainter(Mask base, const Brush& brush)
    : state_(std::make_unique<State>(std::move(base), brush)) {}
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
