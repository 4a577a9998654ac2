#include "inpaint/coverage.h"

#include <algorithm>

namespace mw::inpaint {

Rect coverage_bounds(image::ImageView coverage) {
    int left = coverage.size.width, right = 0, top = coverage.size.height, bottom = 0;
    for (int y = 0; y < coverage.size.height; ++y) {
        const std::uint8_t* row = coverage.row<std::uint8_t>(y);
        const std::uint8_t* end = row + coverage.size.width;
        const std::uint8_t* first = std::find_if(row, end, [](std::uint8_t c) { return c > 0; });
        if (first == end) continue;
        const std::uint8_t* last = end;
        while (last[-1] == 0)
            --last;
        left = std::min(left, static_cast<int>(first - row));
        right = std::max(right, static_cast<int>(last - row));
        top = std::min(top, y);
        bottom = y + 1;
    }
    return right > 0 ? Rect::from_edges(left, top, right, bottom) : Rect{};
}

bool covers_all(image::ImageView coverage) {
    for (int y = 0; y < coverage.size.height; ++y) {
        const std::uint8_t* row = coverage.row<std::uint8_t>(y);
        if (std::find(row, row + coverage.size.width, 0) != row + coverage.size.width) return false;
    }
    return true;
}

} // namespace mw::inpaint
