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
    std::vector<Piece> settled; // final, waiting to be painted
    std::vector<Piece> tail;    // scratch
    Piece last;                 // the last settled piece painted
    bool has_last = false;
    bool shown = true; // mask is up to date
    Rect tail_rect;    // what the tail may have painted

    State(Mask base, const Brush& b)
        : mask(std::move(base)), brush(sane(b)), path(flatness_for(brush)), painter(mask, brush) {}

    Rect rect_of(const std::vector<Piece>& pieces) const {
        double left = kFar, top = kFar, right = -kFar, bottom = -kFar;
        for (const Piece& p : pieces) {
            const double r = falloff(std::max(p.ra, p.rb), brush.hardness).outer + 1;
            left = std::min({left, p.a.x - r, p.b.x - r});
            top = std::min({top, p.a.y - r, p.b.y - r});
            right = std::max({right, p.a.x + r, p.b.x + r});
            bottom = std::max({bottom, p.a.y + r, p.b.y + r});
        }
        if (left > right) return {};
        const auto whole = [](double v) { return static_cast<int>(v); };
        return intersect(mask.rect(),
                         Rect::from_edges(whole(std::floor(left)), whole(std::floor(top)),
                                          whole(std::ceil(right)), whole(std::ceil(bottom))));
    }

    Rect extend(const StrokeSample& s) {
        if (!std::isfinite(s.x) || !std::isfinite(s.y)) return {};
        const PathNode node{{std::clamp(s.x, -kFar, kFar), std::clamp(s.y, -kFar, kFar)},
                            brush.radius_px * clamped(s.pressure, 0, 1, 1)};
        const std::size_t old = settled.size();
        path.add(node, settled);
        tail.assign(settled.begin() + static_cast<std::ptrdiff_t>(old), settled.end());
        path.tail(tail);
        const Rect now = rect_of(tail), changed = unite(tail_rect, now);
        tail_rect = now;
        shown = false;
        return changed;
    }

    // Painting waits until somebody looks: several samples between two frames then share the cost
    // of the stroke's round end, which is the larger part of a soft brush's.
    void show() {
        if (shown) return;
        painter.roll_back();
        for (const Piece& p : settled) {
            painter.paint(p, {has_last ? &last : nullptr, true}, false);
            last = p;
            has_last = true;
        }
        settled.clear();
        tail.clear();
        path.tail(tail);
        if (tail.size() == 1 && tail[0].a == tail[0].b) {
            painter.paint_dot(tail[0], true);
        } else {
            for (std::size_t i = 0; i < tail.size(); ++i) {
                const Piece* before = i > 0 ? &tail[i - 1] : has_last ? &last : nullptr;
                painter.paint(tail[i], {before, i + 1 < tail.size()}, true);
            }
        }
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
