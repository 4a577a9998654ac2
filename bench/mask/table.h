// Rows of a table: our time and a peer's for the same work, taken turn about in one run.
#pragma once

#include <functional>
#include <string>

namespace mw::bench {

// Seconds of processor time of this process: what else the machine does hardly counts.
double now();
// Seconds of the quickest of `rounds` calls.
double seconds(const std::function<void()>& work);
// The same by the clock: of several threads, or of other processes.
double wall(const std::function<void()>& work);
double best_of(int rounds, const std::function<void()>& work);

struct Contest {
    std::string name;  // "grow 50 px, 4096 x 4096"
    double amount = 1; // work in `unit` per call
    std::string unit;  // "MPix", "strokes"
    std::function<void()> ours;
    std::string peer_name; // empty: none is there to compare with
    std::function<void()> peer;
    double goal = 0; // times the peer's throughput; 0: none
    int rounds = 5;
};

// Runs and prints one row: what, ours, the peer, the ratio, the goal.
void print_heading();
void run(const Contest& contest);
// A row that is not a time: "mask of one disc in 16384 x 16384", "1.1 MiB", "< 8 MiB".
void print_figure(const std::string& name, const std::string& value, const std::string& goal);
// Rows whose name does not contain the text are skipped.
void set_filter(const std::string& text);
bool wanted(const std::string& name);

} // namespace mw::bench
