#pragma once

#include <cstdint>
#include <vector>

#include "vec.h"

namespace mw::sample {

// An 8-bit picture: `channels` interleaved samples, rows from the top; RGB is sRGB-coded.
struct Picture {
    int width = 0, height = 0, channels = 0;
    std::vector<uint8_t> data;
};

// Linear radiances to a photograph: vignette, highlight bloom, sensor noise, film curve, sRGB.
Picture develop(const std::vector<Vec>& film, int width, int height);

// `p` scaled down to `width` pixels wide by area average; RGB is averaged as linear light.
Picture shrink(const Picture& p, int width);

} // namespace mw::sample
