#include "composite/grain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/clones.h"
#include "base/parallel.h"

namespace mw::composite {
namespace {

constexpr std::size_t kFewestBlocks = 24, kMostBlocks = 3000;
constexpr float kFlat = 10;          // levels between the quarters of a block
constexpr float kSameContent = 5;    // levels between source and answer
constexpr float kSmoother = 0.8f;    // of the source's, to be called smoother
constexpr float kLeastSigma = 0.35f; // levels; less is not seen
// The median of a block's mean square is less than the mean, by so much for white noise (6000
// simulated blocks).
constexpr float kMedianFine = 1.078f, kMedianCoarse = 1.463f;
constexpr float kEdge = 6.0f / 255; // from black and white over which it fades

using Color = std::array<float, 3>;
using Values = std::array<std::array<float, kBlockSide * kBlockSide>, 3>; // levels

struct Energy {
    Color fine{}, coarse{};       // mean squares
    std::array<float, 3> cross{}; // of fine: rg, rb, gb
};

Values read(image::ImageView picture, int left, int top) {
    Values out{};
    const int n = picture.format.channels;
    for (int y = 0; y < kBlockSide; ++y) {
        const float* p = picture.pixel<float>(left, top + y);
        for (int x = 0; x < kBlockSide; ++x, p += n)
            for (std::size_t c = 0; c < 3; ++c)
                out[c][static_cast<std::size_t>(y * kBlockSide + x)] =
                    255 * std::clamp(p[n == 1 ? 0 : c], 0.0f, 1.0f);
    }
    return out;
}

// Immerkaer's operator, scaled so that white noise keeps its deviation.
float operator_at(const float* p, int stride) {
    const float* a = p - stride;
    const float* b = p + stride;
    return ((a[-1] + a[1] + b[-1] + b[1]) - 2 * (a[0] + b[0] + p[-1] + p[1]) + 4 * p[0]) / 6;
}

Energy energy_of(const Values& v) {
    Energy e;
    for (int y = 1; y < kBlockSide - 1; ++y)
        for (int x = 1; x < kBlockSide - 1; ++x) {
            Color r;
            for (std::size_t c = 0; c < 3; ++c) {
                r[c] = operator_at(&v[c][static_cast<std::size_t>(y * kBlockSide + x)], kBlockSide);
                e.fine[c] += r[c] * r[c] / 36;
            }
            e.cross[0] += r[0] * r[1] / 36;
            e.cross[1] += r[0] * r[2] / 36;
            e.cross[2] += r[1] * r[2] / 36;
        }
    constexpr int kHalf = kBlockSide / 2;
    for (std::size_t c = 0; c < 3; ++c) {
        std::array<float, kHalf * kHalf> half{};
        for (int y = 0; y < kHalf; ++y)
            for (int x = 0; x < kHalf; ++x) {
                const float* p = &v[c][static_cast<std::size_t>(2 * y * kBlockSide + 2 * x)];
                half[static_cast<std::size_t>(y * kHalf + x)] =
                    (p[0] + p[1] + p[kBlockSide] + p[kBlockSide + 1]) / 4;
            }
        for (int y = 1; y < kHalf - 1; ++y)
            for (int x = 1; x < kHalf - 1; ++x) {
                const float r = operator_at(&half[static_cast<std::size_t>(y * kHalf + x)], kHalf);
                e.coarse[c] += r * r / 4;
            }
    }
    return e;
}

// Largest difference between the means of the block's quarters, any channel.
float unevenness(const Values& v) {
    constexpr int kHalf = kBlockSide / 2;
    float most = 0;
    for (const auto& channel : v) {
        std::array<float, 4> quarter{};
        for (int y = 0; y < kBlockSide; ++y)
            for (int x = 0; x < kBlockSide; ++x)
                quarter[static_cast<std::size_t>(y / kHalf * 2 + x / kHalf)] +=
                    channel[static_cast<std::size_t>(y * kBlockSide + x)] / (kHalf * kHalf);
        const auto [low, high] = std::minmax_element(quarter.begin(), quarter.end());
        most = std::max(most, *high - *low);
    }
    return most;
}

struct Pair {
    float unevenness;
    Energy source, answer;
};

std::vector<Pair> flat_blocks(const Context& context, image::ImageView corrected,
                              const Blocks& blocks) {
    std::vector<Point> whole;
    for (int y = 0; y < blocks.height; ++y)
        for (int x = 0; x < blocks.width; ++x) {
            const BlockMean& b = blocks.ring_at(x, y);
            const auto [low, high] = std::minmax_element(b.source.begin(), b.source.end());
            if (b.count == kBlockSide * kBlockSide && b.difference() < kSameContent && *low > 6 &&
                *high < 249)
                whole.push_back({x * kBlockSide, y * kBlockSide});
        }
    const std::size_t every = whole.size() / kMostBlocks + 1;
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < whole.size(); i += every) {
        const Values s = read(context.source.view(), whole[i].x, whole[i].y);
        const float uneven = unevenness(s);
        if (uneven > kFlat) continue;
        pairs.push_back({uneven, energy_of(s), energy_of(read(corrected, whole[i].x, whole[i].y))});
    }
    // The flatter half: in the rest there may be texture.
    if (pairs.size() > 2 * kFewestBlocks) {
        const auto half = pairs.begin() + static_cast<std::ptrdiff_t>(pairs.size() / 2);
        std::nth_element(pairs.begin(), half, pairs.end(),
                         [](const Pair& a, const Pair& b) { return a.unevenness < b.unevenness; });
        pairs.erase(half, pairs.end());
    }
    return pairs;
}

template <class F>
float median_of(const std::vector<Pair>& pairs, F value) {
    std::vector<float> v(pairs.size());
    std::transform(pairs.begin(), pairs.end(), v.begin(), value);
    const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
    std::nth_element(v.begin(), middle, v.end());
    return *middle;
}

// Lower triangle of a correlation of unit diagonal (Cholesky); bounded, so that it exists.
std::array<std::array<float, 3>, 3> mixing(const Color& rho) {
    const float rg = std::clamp(rho[0], -0.4f, 0.98f), rb = std::clamp(rho[1], -0.4f, 0.98f),
                gb = std::clamp(rho[2], -0.4f, 0.98f);
    std::array<std::array<float, 3>, 3> m{};
    m[0][0] = 1;
    m[1][0] = rg;
    m[1][1] = std::sqrt(1 - rg * rg);
    m[2][0] = rb;
    m[2][1] = std::clamp((gb - rb * rg) / m[1][1], -1.0f, 1.0f);
    const float rest = 1 - m[2][0] * m[2][0] - m[2][1] * m[2][1];
    if (rest > 0) {
        m[2][2] = std::sqrt(rest);
    } else {
        const float scale = 1 / std::sqrt(1 - rest);
        for (float& v : m[2])
            v *= scale;
    }
    return m;
}

// Unit white noise by position, close to normal: the sum of four bytes of a hash.
MW_CLONES void white_row(int x, int y, std::uint32_t layer, int count, float* out) {
    for (int i = 0; i < count; ++i) {
        std::uint32_t h = static_cast<std::uint32_t>(x + i) * 0x9E3779B1u ^
                          (static_cast<std::uint32_t>(y) * 0x85EBCA77u + layer * 0xC2B2AE3Du);
        h ^= h >> 16;
        h *= 0x7FEB352Du;
        h ^= h >> 15;
        h *= 0x846CA68Bu;
        h ^= h >> 16;
        const auto sum = static_cast<int>((h & 255) + (h >> 8 & 255) + (h >> 16 & 255) + (h >> 24));
        out[i] = (static_cast<float>(sum) - 510.0f) * (1 / 147.8f); // sqrt(4 (256^2 - 1) / 12)
    }
}

} // namespace

GrainRecipe find_grain(const Context& context, image::ImageView corrected, const Blocks& blocks) {
    GrainRecipe out;
    const auto no = [&](std::string why) {
        out.report.reason = std::move(why);
        return out;
    };
    const std::vector<Pair> pairs = flat_blocks(context, corrected, blocks);
    if (pairs.size() < kFewestBlocks)
        return no("too few flat parts around the mask to measure grain on");
    float source = 0, answer = 0;
    Color rho{}, fine{}, coarse{};
    for (std::size_t c = 0; c < 3; ++c) {
        const float sf =
            kMedianFine * median_of(pairs, [&](const Pair& p) { return p.source.fine[c]; });
        const float af =
            kMedianFine * median_of(pairs, [&](const Pair& p) { return p.answer.fine[c]; });
        const float sc =
            kMedianCoarse * median_of(pairs, [&](const Pair& p) { return p.source.coarse[c]; });
        const float ac =
            kMedianCoarse * median_of(pairs, [&](const Pair& p) { return p.answer.coarse[c]; });
        source += sf / 3, answer += af / 3;
        // Of the layers, single pixels answer with 1 and 1/2 to the operators, blobs with 1/6 and
        // 1/2: what is missing at both scales gives both, the lesser where they do not agree.
        const float f = std::max(0.0f, sf - af), k = std::max(0.0f, sc - ac);
        const float blobs = (4 * k - f) * 36 / 35, single = 4 * k - blobs;
        if (blobs < 0)
            fine[c] = std::min(f, 4 * k);
        else if (single < 0)
            coarse[c] = std::min(36 * f, 4 * k);
        else
            fine[c] = single, coarse[c] = blobs;
        fine[c] = std::sqrt(fine[c]) / 255;
        coarse[c] = std::sqrt(coarse[c]) / 255;
    }
    out.report.sigma_source = std::sqrt(source);
    out.report.sigma_answer = std::sqrt(answer);
    const double missing = std::sqrt(std::max(0.0f, source - answer));
    if (out.report.sigma_answer > kSmoother * out.report.sigma_source || missing < kLeastSigma)
        return no("the answer is as grainy as the picture");
    constexpr std::size_t kFirst[] = {0, 0, 1}, kSecond[] = {1, 2, 2};
    for (std::size_t i = 0; i < 3; ++i)
        rho[i] = median_of(pairs, [&](const Pair& p) {
            const float norm = std::sqrt(p.source.fine[kFirst[i]] * p.source.fine[kSecond[i]]);
            return norm > 0 ? p.source.cross[i] / norm : 0.0f;
        });
    out.fine = fine;
    out.coarse = coarse;
    out.mix = mixing(rho);
    out.report.applied = true;
    return out;
}

void add_grain(const GrainRecipe& recipe, const Rect& area, image::ImageSpan pixels) {
    if (!recipe.report.applied) return;
    constexpr float kUnit = 1 / 6.0f; // a blob of (1 2 1) x (1 2 1) / 6 has deviation 1
    const int n = pixels.format.channels, width = area.width;
    parallel_for(area.height, 32, [&](int begin, int end) {
        const auto w = static_cast<std::size_t>(width);
        std::array<std::vector<float>, 3> blobs, single; // independent
        std::vector<float> row(w + 2);
        for (int y = begin; y < end; ++y) {
            for (int c = 0; c < n; ++c) {
                const auto k = static_cast<std::size_t>(c);
                const auto layer = static_cast<std::uint32_t>(c);
                single[k].resize(w);
                white_row(area.x, area.y + y, layer, width, single[k].data());
                blobs[k].assign(w, 0.0f);
                for (int j = -1; j <= 1; ++j) {
                    white_row(area.x - 1, area.y + y + j, layer + 8, width + 2, row.data());
                    const float part = j == 0 ? 2 * kUnit : kUnit;
                    for (std::size_t x = 0; x < w; ++x)
                        blobs[k][x] += part * (row[x] + 2 * row[x + 1] + row[x + 2]);
                }
            }
            float* p = pixels.row<float>(y);
            for (std::size_t x = 0; x < w; ++x, p += n)
                for (int c = 0; c < n; ++c) {
                    const auto k = static_cast<std::size_t>(c);
                    float s = 0, b = 0;
                    for (std::size_t i = 0; i <= k; ++i) {
                        s += recipe.mix[k][i] * single[i][x];
                        b += recipe.mix[k][i] * blobs[i][x];
                    }
                    const float room =
                        std::clamp(std::min(p[c], 1 - p[c]) * (1 / kEdge), 0.0f, 1.0f);
                    p[c] += room * (recipe.fine[k] * s + recipe.coarse[k] * b);
                }
        }
    });
}

} // namespace mw::composite
