// One way through the scales of a fill, from coarse to fine. Internal to the room.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include "inpaint/fill.h"
#include "inpaint/level.h"
#include "inpaint/search.h"

namespace mw::inpaint {

// The EM rounds of one level.
struct Plan {
    int rounds = 5;
    int passes = 2;       // PatchMatch passes per round
    int radius = 1 << 20; // of the random search
    bool all = false;     // compare with every source instead
};

// `i`: the level's place in the pyramid, 0 the finest.
Plan plan_of(const Level& level, std::size_t i, const FillParams& params);
// Of a level's rounds, in comparisons of patches, nearly.
double work_of(const Level& level, const Plan& plan);

// The seed of a step at a level: all that is by chance in a fill follows from it.
std::uint64_t step_seed(const FillParams& params, std::size_t level, int step);

// What a fill has come to: the hole of `level` is filled as `field` says.
struct Course {
    std::size_t at = 0; // the level's place in the pyramid
    Level level;
    Field field;
    bool refined = false;       // its rounds at this level are done
    std::vector<Point> offsets; // of a shift map, at this level; every target tries some
    bool near = true;           // copies only from near the hole
    int low_weight = 16;        // of all its levels
};

// The EM rounds at the course's level: nearest-neighbour search and voting in turn. `done` is told
// the work done since. False when stopped.
bool refine(Course& course, const FillParams& params, const std::function<void(double)>& done,
            const std::stop_token& stop);

// On to the next finer level, in which only the hole's guide is written. False when stopped.
bool go_finer(Course& course, Level finer, const FillParams& params, const std::stop_token& stop);

// How what a course has come to hangs together.
struct Fit {
    double coherence;   // part of the neighbours that are copied from neighbours, 0 .. 1
    double cost;        // mean sum of squared guide differences of the patches to their sources
    double border_cost; // the same of those centred outside the hole
};
Fit fit_of(const Course& course);

// Whether `shifted`, which began with translations, is to be gone on with rather than `matched`,
// which began with patches alone; both at the same level. Translations that continue what is around
// the hole leave pieces in one, and fit at its border.
bool continues_better(const Course& shifted, const Course& matched);

} // namespace mw::inpaint
