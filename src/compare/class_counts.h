// How many pixels of each region fall into which class of error. Private to the room.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "compare/regions.h"

namespace mw::compare {

// Delta E in hundredths up to 150: enough for any two sRGB colours.
constexpr int kFine = 15001, kPerUnit = 100;
// FLIP in classes fine enough for its quantiles.
constexpr int kFlipClasses = 1600;

// Counts of a region's pixels by class. kAll is left to total().
struct ClassCounts {
    using Table = std::array<std::vector<std::int64_t>, kRegions>;
    Table fine, flip;
    ClassCounts();
};

// Adds a tile's values: class value x scale + offset, cut off, at most the table's last.
void enter(image::ImageView map, const TileRegions& regions, float scale, float offset,
           ClassCounts::Table& counts);

// As many as threads ask for at a time; whole numbers, so who counts what does not matter.
class CountsPool {
  public:
    std::unique_ptr<ClassCounts> take();
    void give(std::unique_ptr<ClassCounts> one);
    std::unique_ptr<ClassCounts> total() const; // of those given back

  private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<ClassCounts>> free_;
};

} // namespace mw::compare
