#include "composite/blocks.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"

namespace mw::composite {
namespace {

struct Sums {
    int count = 0;
    std::array<float, 3> source{}, answer{}, squares{};
};

float shown(float v) {
    return 255.0f * std::clamp(v, 0.0f, 1.0f);
}

void add(Sums& sums, const float* s, const float* a, int channels) {
    ++sums.count;
    for (int c = 0; c < channels; ++c) {
        const auto k = static_cast<std::size_t>(c);
        const float p = shown(s[c]), q = shown(a[c]);
        sums.source[k] += p;
        sums.answer[k] += q;
        sums.squares[k] += (p - q) * (p - q);
    }
}

BlockMean mean_of(const Sums& sums, int channels) {
    BlockMean mean;
    mean.count = sums.count;
    if (!sums.count) return mean;
    const auto n = static_cast<float>(sums.count);
    float variance = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t k = channels == 1 ? 0 : c;
        mean.source[c] = sums.source[k] / n;
        mean.answer[c] = sums.answer[k] / n;
        const float d = mean.source[c] - mean.answer[c];
        variance += std::max(0.0f, sums.squares[k] / n - d * d) / 3;
    }
    mean.deviation = std::sqrt(variance);
    return mean;
}

} // namespace

float BlockMean::difference() const {
    float most = 0;
    for (std::size_t c = 0; c < 3; ++c)
        most = std::max(most, std::abs(source[c] - answer[c]));
    return most;
}

Blocks block_means(const Context& context, image::ImageView corrected, const mask::Mask& mask) {
    Blocks blocks;
    const Size size = context.window.size();
    blocks.width = (size.width + kBlockSide - 1) / kBlockSide;
    blocks.height = (size.height + kBlockSide - 1) / kBlockSide;
    const auto count =
        static_cast<std::size_t>(blocks.width) * static_cast<std::size_t>(blocks.height);
    blocks.ring.resize(count);
    blocks.inside.resize(count);
    const int n = corrected.format.channels;
    parallel_for(blocks.height, 8, [&](int begin, int end) {
        std::vector<Sums> ring(static_cast<std::size_t>(blocks.width)), inside(ring.size());
        for (int by = begin; by < end; ++by) {
            std::fill(ring.begin(), ring.end(), Sums{});
            std::fill(inside.begin(), inside.end(), Sums{});
            const int top = by * kBlockSide, rows = std::min(kBlockSide, size.height - top);
            const image::Image covered =
                mask.read({context.window.x, context.window.y + top, size.width, rows});
            for (int y = top; y < top + rows; ++y) {
                const float* s = context.source.view().row<float>(y);
                const float* a = corrected.row<float>(y);
                const auto* in_ring = context.ring.view().row<std::uint8_t>(y);
                const auto* in_mask = covered.view().row<std::uint8_t>(y - top);
                for (int x = 0; x < size.width; ++x, s += n, a += n) {
                    const auto at = static_cast<std::size_t>(x / kBlockSide);
                    if (in_ring[x])
                        add(ring[at], s, a, n);
                    else if (in_mask[x] && std::isfinite(s[0] + s[n / 2] + s[n - 1]))
                        add(inside[at], s, a, n);
                }
            }
            for (int bx = 0; bx < blocks.width; ++bx) {
                const auto at = static_cast<std::size_t>(bx);
                blocks.ring[blocks.index(bx, by)] = mean_of(ring[at], n);
                blocks.inside[blocks.index(bx, by)] = mean_of(inside[at], n);
            }
        }
    });
    return blocks;
}

} // namespace mw::composite
