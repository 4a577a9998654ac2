// Minimum cuts of graphs of pixels. Private to the room.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

namespace mw::select {

// An s-t minimum cut on nodes with up to eight neighbours (all or part of a picture's grid) by
// augmenting paths from two search trees (Boykov & Kolmogorov, "An experimental comparison of
// min-cut/max-flow algorithms for energy minimization in vision", PAMI 2004). Deterministic.
class MinCut {
  public:
    // Nodes are numbered from 0.
    explicit MinCut(std::size_t nodes);

    // The cost of calling a node background / object, each >= 0, below 2^28 in all.
    void set_terminals(std::size_t node, std::int32_t as_background, std::int32_t as_object) {
        residual_[node + 1] = as_background - as_object;
    }
    // The cost >= 0 of a border between two nodes. `slot` 0..3 is free at `a`, and its opposite at
    // `b`: on a grid, the direction from a to b among right, down, down right, down left.
    void set_edge(std::size_t a, std::size_t b, int slot, std::int32_t cost);

    // False when stopped.
    bool solve(const std::stop_token& stop);
    bool is_object(std::size_t node) const {
        return parent_[node + 1] != kNone && !sink_[node + 1];
    }

  private:
    static constexpr std::int8_t kTerminal = 8, kOrphan = 9, kNone = -1;
    std::size_t neighbour(std::size_t i, int direction) const {
        return link_[i * 8 + static_cast<std::size_t>(direction)];
    }
    std::int32_t& capacity(std::size_t i, int direction) {
        return capacity_[i * 8 + static_cast<std::size_t>(direction)];
    }
    // What can still flow between a node and its neighbour, towards the sink: the way a tree grows.
    std::int32_t& along(std::size_t i, int direction) {
        return sink_[i] ? capacity(neighbour(i, direction), direction ^ 1) : capacity(i, direction);
    }
    // The same from the neighbour to the node: the way a child hangs on its parent.
    std::int32_t& from_parent(std::size_t i, int direction) {
        return sink_[i] ? capacity(i, direction) : capacity(neighbour(i, direction), direction ^ 1);
    }
    void activate(std::size_t i);
    int grow(std::size_t i);
    void augment(std::size_t i, int direction);
    void make_orphan(std::size_t i);
    void adopt(std::size_t i);
    std::int32_t distance_to_root(std::size_t i);

    std::vector<std::uint32_t> link_;    // 8 a node; 0 is a node of its own, without capacity
    std::vector<std::int32_t> residual_; // to the source above 0, to the sink below
    std::vector<std::int32_t> capacity_;
    std::vector<std::int8_t> parent_; // a direction, or one of the constants
    std::vector<std::uint8_t> sink_, queued_;
    std::vector<std::int32_t> stamp_, distance_;
    std::vector<std::size_t> active_, next_active_, orphans_;
    std::size_t active_at_ = 0;
    std::int32_t time_ = 0;
};

} // namespace mw::select
