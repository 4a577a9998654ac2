#include "inpaint/pull_push.h"

#include <algorithm>

namespace mw::inpaint {
namespace {

Weighted pull(const Weighted& fine) {
    Weighted coarse({(fine.size.width + 1) / 2, (fine.size.height + 1) / 2}, fine.channels);
    for (int y = 0; y < fine.size.height; ++y)
        for (int x = 0; x < fine.size.width; ++x)
            for (int c = 0; c <= fine.channels; ++c)
                coarse.at(x / 2, y / 2)[c] += fine.at(x, y)[c];
    for (std::size_t i = 0; i < coarse.v.size(); i += fine.channels + 1) {
        const float w = coarse.v[i + fine.channels];
        if (w <= 1) continue;
        for (int c = 0; c <= fine.channels; ++c)
            coarse.v[i + c] /= w;
    }
    return coarse;
}

// Pixels of weight below 1 take the rest from the coarser, whole level, bilinearly.
void push(const Weighted& coarse, Weighted& fine) {
    for (int y = 0; y < fine.size.height; ++y) {
        for (int x = 0; x < fine.size.width; ++x) {
            float* f = fine.at(x, y);
            const float missing = 1 - f[fine.channels];
            if (missing <= 0) continue;
            const int x0 = x / 2, y0 = y / 2;
            const int x1 = std::clamp(x0 + (x % 2 ? 1 : -1), 0, coarse.size.width - 1);
            const int y1 = std::clamp(y0 + (y % 2 ? 1 : -1), 0, coarse.size.height - 1);
            for (int c = 0; c < fine.channels; ++c) {
                const float near = coarse.at(x0, y0)[c], beside = coarse.at(x1, y0)[c],
                            above = coarse.at(x0, y1)[c], across = coarse.at(x1, y1)[c];
                f[c] += missing * (0.5625f * near + 0.1875f * (beside + above) + 0.0625f * across);
            }
            f[fine.channels] = 1;
        }
    }
}

} // namespace

void pull_push(Weighted& plane) {
    std::vector<Weighted> levels;
    levels.push_back(std::move(plane));
    while (levels.back().size.longer_side() > 1)
        levels.push_back(pull(levels.back()));
    for (std::size_t i = levels.size() - 1; i-- > 0;)
        push(levels[i + 1], levels[i]);
    plane = std::move(levels.front());
}

} // namespace mw::inpaint
