// Twice the samples in each direction, along edges. Private to the room.
#pragma once

#include <vector>

namespace mw::image {

// Samples of one channel, rows without gaps.
struct Plane {
    int width = 0, height = 0;
    std::vector<float> samples;
    float* row(int y) {
        return samples.data() + static_cast<std::ptrdiff_t>(y) * static_cast<std::ptrdiff_t>(width);
    }
    const float* row(int y) const {
        return samples.data() + static_cast<std::ptrdiff_t>(y) * static_cast<std::ptrdiff_t>(width);
    }
};

// What a doubled lattice's rim lacks: within this of a plane's border its samples mean nothing.
inline constexpr int kLatticeRim = 8;

// The samples that there are, at even places, and new ones between them. Where they lie on an edge
// that `planes[guide]` shows, new ones are read along it (directional cubic convolution: Zhou, Shen
// and Dong, "Image zooming using directional cubic convolution interpolation", IET Image Processing
// 6(6), 2012, with lines of Lanczos-3), elsewhere by Lanczos-3; the two are blended by how clearly
// one of two directions at right angles is the smoother. All planes of one size, at least 1 x 1.
std::vector<Plane> double_lattice(const std::vector<Plane>& planes, std::size_t guide);

} // namespace mw::image
