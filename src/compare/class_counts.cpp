#include "compare/class_counts.h"

#include "base/clones.h"

namespace mw::compare {
namespace {

MW_CLONES void class_row(const float* v, float scale, float offset, int last, std::uint16_t* out,
                         int count) {
    for (int i = 0; i < count; ++i) {
        const int c = static_cast<int>(v[i] * scale + offset);
        out[i] = static_cast<std::uint16_t>(c < last ? c : last);
    }
}

void add(ClassCounts::Table& to, std::size_t row, const std::vector<std::int64_t>& from) {
    for (std::size_t i = 0; i < from.size(); ++i)
        to[row][i] += from[i];
}

} // namespace

ClassCounts::ClassCounts() {
    for (auto& c : fine)
        c.assign(kFine, 0);
    for (auto& c : flip)
        c.assign(kFlipClasses, 0);
}

void enter(image::ImageView map, const TileRegions& regions, float scale, float offset,
           ClassCounts::Table& counts) {
    std::vector<std::uint16_t> classes(static_cast<std::size_t>(map.size.width));
    const int last = static_cast<int>(counts[0].size()) - 1;
    for (int y = 0; y < map.size.height; ++y) {
        class_row(map.row<float>(y), scale, offset, last, classes.data(), map.size.width);
        for_runs(regions, y, map.size.width, [&](int begin, int end, std::uint8_t bits) {
            for (std::size_t r = 0; r < kAll; ++r) {
                if (!(bits >> r & 1)) continue;
                std::int64_t* to = counts[r].data();
                for (int x = begin; x < end; ++x)
                    ++to[classes[static_cast<std::size_t>(x)]];
            }
        });
    }
}

std::unique_ptr<ClassCounts> CountsPool::take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<ClassCounts>();
    auto one = std::move(free_.back());
    free_.pop_back();
    return one;
}

void CountsPool::give(std::unique_ptr<ClassCounts> one) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(one));
}

std::unique_ptr<ClassCounts> CountsPool::total() const {
    auto sum = std::make_unique<ClassCounts>();
    for (const auto& one : free_)
        for (std::size_t r = 0; r < kAll; ++r)
            add(sum->fine, r, one->fine[r]), add(sum->flip, r, one->flip[r]);
    for (const Region r : {kInside, kOutside}) // which make up all
        add(sum->fine, kAll, sum->fine[r]), add(sum->flip, kAll, sum->flip[r]);
    return sum;
}

} // namespace mw::compare
