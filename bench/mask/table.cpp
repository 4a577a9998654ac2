#include "table.h"

#include <fmt/format.h>

#include <time.h>
#include <algorithm>
#include <chrono>
#include <cstdio>

namespace mw::bench {
namespace {

std::string filter;

} // namespace

double now() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

double seconds(const std::function<void()>& work) {
    const double start = now();
    work();
    return now() - start;
}

double wall(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double best_of(int rounds, const std::function<void()>& work) {
    double best = 1e300;
    for (int i = 0; i < rounds; ++i)
        best = std::min(best, seconds(work));
    return best;
}

void set_filter(const std::string& text) {
    filter = text;
}

bool wanted(const std::string& name) {
    return name.find(filter) != std::string::npos;
}

void print_heading() {
    fmt::print("| what | ours | peer | ratio | goal |\n|---|---|---|---|---|\n");
}

void run(const Contest& c) {
    if (!wanted(c.name)) return;
    double ours = 1e300, peer = 1e300;
    for (int i = 0; i < c.rounds; ++i) {
        ours = std::min(ours, seconds(c.ours));
        if (c.peer) peer = std::min(peer, seconds(c.peer));
    }
    const auto rate = [&](double s) { return fmt::format("{:.4g} {}/s", c.amount / s, c.unit); };
    fmt::print("| {} | {} ({:.3g} ms) | {} | {} | {} |\n", c.name, rate(ours), ours * 1e3,
               c.peer ? c.peer_name + " " + rate(peer) : "–",
               c.peer ? fmt::format("{:.1f} ×", peer / ours) : "–",
               c.goal > 0 ? fmt::format("≥ {:g} ×", c.goal) : "–");
    std::fflush(stdout);
}

void print_figure(const std::string& name, const std::string& value, const std::string& goal) {
    fmt::print("| {} | {} | – | – | {} |\n", name, value, goal);
    std::fflush(stdout);
}

} // namespace mw::bench
