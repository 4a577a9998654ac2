#include "inpaint/box_sum.h"

#include <algorithm>

#include "base/parallel.h"

namespace mw::inpaint {

std::vector<std::int32_t> box_sum(Size size, const std::vector<std::int32_t>& plane, int radius,
                                  const std::stop_token& stop) {
    if (stop.stop_requested()) return std::vector<std::int32_t>(plane.size());
    const auto width = static_cast<std::size_t>(size.width);
    std::vector<std::int32_t> along(plane.size()), out(plane.size());
    parallel_for(size.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end && !stop.stop_requested(); ++y) {
            const std::int32_t* in = plane.data() + static_cast<std::size_t>(y) * width;
            std::int32_t* sums = along.data() + static_cast<std::size_t>(y) * width;
            std::int32_t sum = 0;
            for (int x = 0; x < std::min(radius, size.width); ++x)
                sum += in[x];
            for (int x = 0; x < size.width; ++x) {
                if (x + radius < size.width) sum += in[x + radius];
                if (x - radius > 0) sum -= in[x - radius - 1];
                sums[x] = sum;
            }
        }
    });
    parallel_for(size.width, 128, [&](int begin, int end) {
        std::vector<std::int32_t> sum(static_cast<std::size_t>(end - begin));
        const auto add = [&](int y, int sign) {
            const std::int32_t* row = along.data() + static_cast<std::size_t>(y) * width + begin;
            for (std::size_t i = 0; i < sum.size(); ++i)
                sum[i] += sign * row[i];
        };
        for (int y = 0; y < std::min(radius, size.height); ++y)
            add(y, 1);
        for (int y = 0; y < size.height && !stop.stop_requested(); ++y) {
            if (y + radius < size.height) add(y + radius, 1);
            if (y - radius > 0) add(y - radius - 1, -1);
            std::copy(sum.begin(), sum.end(),
                      out.data() + static_cast<std::size_t>(y) * width + begin);
        }
    });
    return out;
}

} // namespace mw::inpaint
