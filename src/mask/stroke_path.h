// From pointer samples to the short straight pieces a stroke is painted with.
#pragma once

#include <array>
#include <vector>

#include "base/geometry.h"

namespace mw::mask {

// A disc of one opacity swept from a to b while its radius goes linearly from ra to rb. The way is
// the parabola that lies `sagitta` to the right of the middle of the chord (y down); a piece that
// is bent keeps its radius.
struct Piece {
    PointF a, b;
    double ra = 0, rb = 0;
    double opacity = 1;
    double sagitta = 0;
    bool operator==(const Piece&) const = default;
};

// The pieces of the curve from one node to the next. None lies farther than `sagitta` from the
// chord's point of the same share of the way.
struct Stretch {
    std::vector<Piece> pieces;
    double sagitta = 0;
};

struct PathNode {
    PointF at;
    double radius = 0;
    double opacity = 1; // 0 .. 1
    bool operator==(const PathNode&) const = default;
};

// A centripetal Catmull-Rom curve through the nodes (Yuksel, Schaefer & Keyser, "Parameterization
// and applications of Catmull-Rom curves", CAD 43, 2011); at its ends it continues the parabola of
// the nearest three nodes.
class StrokePath {
  public:
    // `flatness`: how far, in pixels, a piece may lie from the curve.
    explicit StrokePath(double flatness) : flatness_(flatness) {}

    // Adds the next node. True when that made a stretch final, which is then in `settled`.
    bool add(const PathNode& node, Stretch& settled);
    // From the settled end to the last node, as far as known today; a point for a single node.
    Stretch tail() const;

  private:
    Stretch stretch(const PathNode* before, const PathNode& from, const PathNode& to,
                    const PathNode* after) const;

    double bows_for(const std::array<PointF, 4>& bezier, double radius) const;

    double flatness_;
    std::vector<PathNode> nodes_; // at most the last three
};

} // namespace mw::mask
