// From pointer samples to the short straight pieces a stroke is painted with.
#pragma once

#include <optional>
#include <vector>

#include "base/geometry.h"

namespace mw::mask {

// A disc swept from a to b while its radius goes linearly from ra to rb.
struct Piece {
    PointF a, b;
    double ra = 0, rb = 0;
};

struct PathNode {
    PointF at;
    double radius = 0;
};

// A centripetal Catmull-Rom curve through the nodes (Yuksel, Schaefer & Keyser, "Parameterization
// and applications of Catmull-Rom curves", CAD 43, 2011), ends with the parabola through the last
// three nodes.
class StrokePath {
  public:
    // `flatness`: how far, in pixels, a piece may lie from the curve.
    explicit StrokePath(double flatness) : flatness_(flatness) {}

    // Adds the next node. Appends to `settled` the pieces that no later node can change.
    void add(const PathNode& node, std::vector<Piece>& settled);
    // The pieces from the settled end to the last node; a single point for a stroke of one node.
    void tail(std::vector<Piece>& pieces) const;
    bool empty() const { return nodes_.empty(); }

  private:
    void segment(const PathNode* before, const PathNode& from, const PathNode& to,
                 const PathNode* after, std::vector<Piece>& pieces) const;

    double flatness_;
    std::vector<PathNode> nodes_; // at most the last three: before, from, to
};

} // namespace mw::mask
