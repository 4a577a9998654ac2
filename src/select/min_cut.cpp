#include "select/min_cut.h"

#include <algorithm>
#include <limits>

namespace mw::select {

MinCut::MinCut(std::size_t nodes) {
    const std::size_t count = nodes + 1;
    link_.assign(count * 8, 0);
    residual_.assign(count, 0);
    capacity_.assign(count * 8, 0);
    parent_.assign(count, kNone);
    sink_.assign(count, 0);
    queued_.assign(count, 0);
    stamp_.assign(count, 0);
    distance_.assign(count, 0);
}

void MinCut::set_edge(std::size_t a, std::size_t b, int slot, std::int32_t cost) {
    const std::size_t i = a + 1, j = b + 1;
    const int d = 2 * slot;
    link_[i * 8 + static_cast<std::size_t>(d)] = static_cast<std::uint32_t>(j);
    link_[j * 8 + static_cast<std::size_t>(d) + 1] = static_cast<std::uint32_t>(i);
    capacity(i, d) = cost;
    capacity(j, d + 1) = cost;
}

void MinCut::activate(std::size_t i) {
    if (queued_[i]) return;
    queued_[i] = 1;
    next_active_.push_back(i);
}

// Grows the tree of an active node; the direction in which it met the other tree, or -1.
int MinCut::grow(std::size_t i) {
    for (int d = 0; d < 8; ++d) {
        if (along(i, d) == 0) continue;
        const std::size_t j = neighbour(i, d);
        if (parent_[j] == kNone) {
            sink_[j] = sink_[i];
            parent_[j] = static_cast<std::int8_t>(d ^ 1);
            stamp_[j] = stamp_[i];
            distance_[j] = distance_[i] + 1;
            activate(j);
        } else if (sink_[j] != sink_[i]) {
            return d;
        } else if (stamp_[j] <= stamp_[i] && distance_[j] > distance_[i]) {
            parent_[j] = static_cast<std::int8_t>(d ^ 1); // a shorter way to the root
            stamp_[j] = stamp_[i];
            distance_[j] = distance_[i] + 1;
        }
    }
    return -1;
}

void MinCut::make_orphan(std::size_t i) {
    parent_[i] = kOrphan;
    orphans_.push_back(i);
}

// Sends what the path through the edge can carry.
void MinCut::augment(std::size_t i, int direction) {
    const std::size_t ends[2] = {i, neighbour(i, direction)};
    std::int32_t flow = along(i, direction);
    for (const std::size_t end : ends) {
        std::size_t k = end;
        for (; parent_[k] != kTerminal; k = neighbour(k, parent_[k]))
            flow = std::min(flow, from_parent(k, parent_[k]));
        flow = std::min(flow, std::abs(residual_[k]));
    }
    along(i, direction) -= flow;
    (sink_[i] ? capacity(i, direction) : capacity(ends[1], direction ^ 1)) += flow;
    for (const std::size_t end : ends) {
        std::size_t k = end;
        while (parent_[k] != kTerminal) {
            const int d = parent_[k];
            const std::size_t up = neighbour(k, d);
            std::int32_t& forward = from_parent(k, d);
            forward -= flow;
            (sink_[k] ? capacity(up, d ^ 1) : capacity(k, d)) += flow;
            if (forward == 0) make_orphan(k);
            k = up;
        }
        residual_[k] += sink_[k] ? flow : -flow;
        if (residual_[k] == 0) make_orphan(k);
    }
}

// Steps to the terminal along parents, or a huge number when the tree has been cut off above.
std::int32_t MinCut::distance_to_root(std::size_t i) {
    constexpr std::int32_t kCutOff = std::numeric_limits<std::int32_t>::max();
    std::int32_t steps = 0;
    std::size_t k = i;
    while (stamp_[k] != time_) {
        if (parent_[k] == kTerminal) {
            stamp_[k] = time_;
            distance_[k] = 1;
            break;
        }
        if (parent_[k] == kOrphan || parent_[k] == kNone) return kCutOff;
        k = neighbour(k, parent_[k]);
        ++steps;
    }
    const std::int32_t total = steps + distance_[k];
    std::int32_t mark = total;
    for (k = i; stamp_[k] != time_; k = neighbour(k, parent_[k])) {
        stamp_[k] = time_;
        distance_[k] = mark--;
    }
    return total;
}

// A new parent for an orphan, or its children become orphans too.
void MinCut::adopt(std::size_t i) {
    constexpr std::int32_t kCutOff = std::numeric_limits<std::int32_t>::max();
    int best = -1;
    std::int32_t best_distance = kCutOff;
    for (int d = 0; d < 8; ++d) {
        const std::size_t j = neighbour(i, d);
        if (parent_[j] == kNone || sink_[j] != sink_[i] || from_parent(i, d) == 0) continue;
        const std::int32_t steps = distance_to_root(j);
        if (steps >= best_distance) continue;
        best = d;
        best_distance = steps;
    }
    if (best >= 0) {
        parent_[i] = static_cast<std::int8_t>(best);
        stamp_[i] = time_;
        distance_[i] = best_distance + 1;
        return;
    }
    for (int d = 0; d < 8; ++d) {
        const std::size_t j = neighbour(i, d);
        if (parent_[j] == kNone || sink_[j] != sink_[i]) continue;
        if (from_parent(i, d) != 0) activate(j);
        if (parent_[j] == (d ^ 1)) make_orphan(j);
    }
    parent_[i] = kNone;
}

bool MinCut::solve(const std::stop_token& stop) {
    for (std::size_t i = 0; i < residual_.size(); ++i) {
        if (residual_[i] == 0) continue;
        sink_[i] = residual_[i] < 0;
        parent_[i] = kTerminal;
        distance_[i] = 1;
        activate(i);
    }
    for (unsigned count = 1;; ++count) {
        if (count % 4096 == 0 && stop.stop_requested()) return false;
        if (active_at_ == active_.size()) {
            if (next_active_.empty()) return true;
            active_.swap(next_active_);
            next_active_.clear();
            active_at_ = 0;
        }
        const std::size_t i = active_[active_at_];
        const int met = parent_[i] == kNone ? -1 : grow(i);
        ++time_;
        if (met < 0) {
            queued_[i] = 0;
            ++active_at_;
            continue;
        }
        augment(i, met);
        for (std::size_t k = 0; k < orphans_.size(); ++k)
            adopt(orphans_[k]);
        orphans_.clear();
    }
}

} // namespace mw::select
