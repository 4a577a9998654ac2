// Where to begin and where else it might be: whole-pixel shifts of detail, cut off so that what the
// model repainted does not decide. Private to the room.
#pragma once

#include <vector>

#include "composite/motion.h"

namespace mw::composite {

// Levels of detail: more is as wrong as this.
inline constexpr float kCut = 10;

// fine_detail of a level's planes.
struct Details {
    explicit Details(const Level& level)
        : source(fine_detail(level.source)), answer(fine_detail(level.answer)) {}
    Plane source, answer;
};

// Mean cut-off differences of detail for shifts of up to `reach` pixels of the level on top of a
// motion, on at most `most` samples.
class ShiftSearch {
  public:
    ShiftSearch(const Details& details, const Level& level, const Motion& motion, int reach,
                std::size_t most);
    bool enough() const { return enough_; } // samples to tell anything by
    int reach() const { return reach_; }
    float at(int dx, int dy) const {
        return costs_[static_cast<std::size_t>((dy + reach_) * (2 * reach_ + 1) + dx + reach_)];
    }
    bool is_valley(int dx, int dy) const; // below its neighbours

  private:
    int reach_;
    std::vector<float> costs_;
    bool enough_ = false;
};

struct Valley {
    float cost;
    Motion motion;
};

// The valleys of the cost, cheapest first, at least so many pixels away from `around`.
std::vector<Valley> valleys(const ShiftSearch& costs, const Motion& around, double unit,
                            int least_away);

// Which cells of the context (32 px) show what was sent, under a motion good to a pixel of the
// level: a cell counts unless its detail differs at every shift by up to that.
class Trust {
  public:
    Trust(const Details& details, const Level& level, const Motion& motion);
    double share() const { return share_; } // of the cells that can be judged
    // Those of a level's samples that lie in a cell that counts.
    Samples of(const Samples& all, double unit) const;

  private:
    std::size_t index(double x, double y) const; // full-size pixels
    int wide_;
    std::vector<std::uint8_t> cells_;
    double share_ = 0;
};

} // namespace mw::composite
