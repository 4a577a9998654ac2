// From pointer samples to the short straight pieces a stroke is painted with.
#pragma once

#include <vector>

#include "base/geometry.h"

namespace mw::mask {

// A disc swept from a to b while its radius goes linearly from ra to rb.
struct Piece {
    PointF a, b;
    double ra = 0, rb = 0;
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

    double flatness_;
    std::vector<PathNode> nodes_; // at most the last three
};

} // namespace mw::mask
