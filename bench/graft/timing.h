// Seconds, ours beside OpenCV's, on one crop of 1024 x 1024. Run it on one core (taskset -c 0).
#pragma once

#include <string>
#include <vector>

namespace mw::bench {

struct TimingRow {
    std::string name, goal;
    double ours = 0, peer = 0;            // seconds, best of several
    double our_error = 0, peer_error = 0; // px at the mask's corners, where it means something
};

std::vector<TimingRow> time_graft();

} // namespace mw::bench
