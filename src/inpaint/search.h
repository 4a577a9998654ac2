// Nearest-neighbour field: for every patch that touches the hole, the most similar patch outside.
// PatchMatch (Barnes, Shechtman, Finkelstein, Goldman 2009). Internal to the room.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "inpaint/level.h"

namespace mw::inpaint {

// Centre of the source patch, and the sum of squared guide differences to it and of its unlikeness
// (surroundings.h).
struct Match {
    std::int16_t x = -1, y = -1;
    std::int32_t cost = 0;
    std::int16_t bias = 0; // of luma, in guide units: added to what is copied
};

struct Field {
    Size size;
    std::vector<Match> match; // meaningful where Level::target is 1

    Match& at(int x, int y) {
        return match[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                     static_cast<std::size_t>(x)];
    }
    const Match& at(int x, int y) const {
        return match[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                     static_cast<std::size_t>(x)];
    }
};

struct SearchParams {
    int radius = 1 << 20;           // first radius of the random search; 0: propagation only
    std::uint64_t seed = 1;         // differs for every pass
    bool backwards = false;         // scan order, and which neighbours are followed
    int band_shift = 0;             // where bands begin, 0 .. kBandRows - 1
    std::span<const Point> offsets; // source minus target, of which every target tries some
};

// Every target a valid source: uniform, by seed.
void randomize(const Level& level, Field& field, std::uint64_t seed);

// The coarser field doubled; targets without one get a source by seed.
Field upsample(const Level& coarse, const Field& coarse_field, const Level& fine,
               std::uint64_t seed);

// The best of all sources for every target. False when stopped.
bool search_all(const Level& level, Field& field, const std::stop_token& stop);

// One pass of propagation and random search over all targets, costs brought up to date first. Bands
// of rows are independent of each other and fixed, so the result does not depend on threads. False
// when stopped.
bool search_pass(const Level& level, Field& field, const SearchParams& params,
                 const std::stop_token& stop);

// A generator cheap enough to be seeded for every pixel (SplitMix64; Steele, Lea, Flood 2014).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint32_t next() {
        state_ += 0x9e3779b97f4a7c15ull;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
    }
    // 0 .. n - 1, n >= 1.
    int below(int n) {
        return static_cast<int>((std::uint64_t{next()} * static_cast<std::uint64_t>(n)) >> 32);
    }

  private:
    std::uint64_t state_;
};

} // namespace mw::inpaint
