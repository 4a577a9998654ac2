#include "composite/membrane.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "image/laplace.h"

namespace mw::composite {
namespace {

constexpr int kReach = 2;                      // blocks beside the seam, and of the mean
constexpr float kLeastLimit = 3;               // levels: smaller differences are never outliers
constexpr float kMostLimit = 12;               // larger ones are changes, not drift
constexpr float kWorthwhile = 0.25f;           // levels: less is not seen
constexpr float kEnough = 0.15f;               // of a block's full weight, to be believed
constexpr std::int64_t kMostArea = 48ll << 20; // pixels; 27 bytes each
constexpr float kTolerance = 0.02f / 255;

using Color = std::array<float, 3>;

// Differences of the ring's blocks, levels, and how far each is believed.
struct Field {
    int width = 0, height = 0;
    std::vector<Color> difference;
    std::vector<float> weight;
};

float median(std::vector<float> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Blocks that hold a part of the seam or are within kReach of one that does.
std::vector<std::uint8_t> beside_the_seam(const Blocks& blocks, image::ImageView declared,
                                          const Rect& area, const Rect& window) {
    std::vector<std::uint8_t> seam(blocks.ring.size()), near(blocks.ring.size());
    const int ox = area.x - window.x, oy = area.y - window.y;
    for (int y = 0; y < area.height; ++y) {
        const auto* d = declared.row<std::uint8_t>(y);
        const auto* below = declared.row<std::uint8_t>(std::min(y + 1, area.height - 1));
        const bool rim = y == 0 || y + 1 == area.height;
        for (int x = 0; x < area.width; ++x) {
            const bool edge = d[x]
                                  ? (rim || x == 0 || x + 1 == area.width || !d[x + 1] || !below[x])
                                  : ((x + 1 < area.width && d[x + 1]) || below[x]);
            if (edge) seam[blocks.index((x + ox) / kBlockSide, (y + oy) / kBlockSide)] = 1;
        }
    }
    for (int y = 0; y < blocks.height; ++y)
        for (int x = 0; x < blocks.width; ++x) {
            if (!seam[blocks.index(x, y)]) continue;
            for (int j = std::max(y - kReach, 0); j <= std::min(y + kReach, blocks.height - 1); ++j)
                for (int i = std::max(x - kReach, 0); i <= std::min(x + kReach, blocks.width - 1);
                     ++i)
                    near[blocks.index(i, j)] = 1;
        }
    return near;
}

Field differences(const Blocks& blocks, const std::vector<std::uint8_t>& near) {
    Field field{blocks.width, blocks.height, {}, {}};
    field.difference.resize(blocks.ring.size());
    field.weight.resize(blocks.ring.size());
    std::vector<float> sizes, deviations;
    for (std::size_t i = 0; i < blocks.ring.size(); ++i)
        if (blocks.ring[i].count >= kBlockSide * kBlockSide / 4) {
            deviations.push_back(blocks.ring[i].deviation);
            if (near[i]) sizes.push_back(blocks.ring[i].difference());
        }
    const float usual = median(std::move(deviations));
    const float limit =
        std::clamp(4.685f * 1.4826f * median(std::move(sizes)), kLeastLimit, kMostLimit);
    for (std::size_t i = 0; i < blocks.ring.size(); ++i) {
        const BlockMean& block = blocks.ring[i];
        if (!near[i] || !block.count || block.deviation > 3 * usual + 3) continue;
        const float u = block.difference() / limit;
        if (u >= 1) continue;
        for (std::size_t c = 0; c < 3; ++c)
            field.difference[i][c] = block.source[c] - block.answer[c];
        const float tukey = (1 - u * u) * (1 - u * u);
        field.weight[i] = tukey * static_cast<float>(block.count) / (kBlockSide * kBlockSide);
    }
    return field;
}

// Weighted mean over the 5x5 blocks around (x, y), with or without itself; the weight of all.
float mean_around(const Field& field, int x, int y, bool itself, Color& mean) {
    constexpr float kFall[] = {1, 0.7f, 0.25f}; // Gaussian, sigma 1.2 blocks
    float weight = 0;
    mean = {};
    for (int j = -kReach; j <= kReach; ++j)
        for (int i = -kReach; i <= kReach; ++i) {
            if (x + i < 0 || y + j < 0 || x + i >= field.width || y + j >= field.height) continue;
            if (!itself && !i && !j) continue;
            const auto at =
                static_cast<std::size_t>(y + j) * static_cast<std::size_t>(field.width) +
                static_cast<std::size_t>(x + i);
            const float w = field.weight[at] * kFall[std::abs(i)] * kFall[std::abs(j)];
            weight += w;
            for (std::size_t c = 0; c < 3; ++c)
                mean[c] += w * field.difference[at][c];
        }
    if (weight > 0)
        for (float& v : mean)
            v /= weight;
    return weight;
}

// Mean size of the differences, as they are and after what their neighbours foretell; -1 when there
// are none.
std::pair<double, double> left_out_in_turn(const Field& field) {
    double before = 0, after = 0, weight = 0;
    for (int y = 0; y < field.height; ++y)
        for (int x = 0; x < field.width; ++x) {
            const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(field.width) +
                            static_cast<std::size_t>(x);
            const float w = field.weight[at];
            Color mean;
            if (w < 0.25f || mean_around(field, x, y, false, mean) < kEnough) continue;
            for (std::size_t c = 0; c < 3; ++c) {
                before += w * std::abs(field.difference[at][c]);
                after += w * std::abs(field.difference[at][c] - mean[c]);
            }
            weight += 3 * w;
        }
    if (weight <= 0) return {-1, -1};
    return {before / weight, after / weight};
}

Field smoothed(const Field& field) {
    Field out{field.width, field.height, field.difference, field.weight};
    for (int y = 0; y < field.height; ++y)
        for (int x = 0; x < field.width; ++x) {
            const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(field.width) +
                            static_cast<std::size_t>(x);
            out.weight[at] = mean_around(field, x, y, true, out.difference[at]);
        }
    return out;
}

// Between the blocks' centres, weighted; false where nothing is believed.
bool read(const Field& field, int x, int y, Color& out) {
    const float fx = (static_cast<float>(x) + 0.5f) / kBlockSide - 0.5f,
                fy = (static_cast<float>(y) + 0.5f) / kBlockSide - 0.5f;
    const int ix = static_cast<int>(std::floor(fx)), iy = static_cast<int>(std::floor(fy));
    float weight = 0;
    out = {};
    for (int corner = 0; corner < 4; ++corner) {
        const int cx = ix + (corner & 1), cy = iy + (corner >> 1);
        if (cx < 0 || cy < 0 || cx >= field.width || cy >= field.height) continue;
        const auto at = static_cast<std::size_t>(cy) * static_cast<std::size_t>(field.width) +
                        static_cast<std::size_t>(cx);
        const float tx = std::abs(fx - static_cast<float>(cx)),
                    ty = std::abs(fy - static_cast<float>(cy));
        const float w = field.weight[at] * (1 - tx) * (1 - ty);
        weight += w;
        for (std::size_t c = 0; c < 3; ++c)
            out[c] += w * field.difference[at][c];
    }
    if (weight < kEnough) return false;
    for (float& v : out)
        v /= weight;
    return true;
}

// The cells of `area` and one pixel around it, and the values on the seam.
image::Image lay_out(const Context& context, const Field& field, image::ImageView declared,
                     const Rect& area, image::Image& values) {
    const Size size{area.width + 2, area.height + 2};
    image::Image cells(size, image::kGray8);
    const auto inside = [&](int x, int y) { // of the padded area
        return x >= 1 && y >= 1 && x <= area.width && y <= area.height &&
               *declared.pixel<std::uint8_t>(x - 1, y - 1) != 0;
    };
    const int n = values.format().channels;
    const Rect window = context.window;
    parallel_for(size.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            auto* cell = cells.span().row<std::uint8_t>(y);
            for (int x = 0; x < size.width; ++x) {
                if (inside(x, y)) {
                    cell[x] = image::kWanted;
                    continue;
                }
                if (!inside(x - 1, y) && !inside(x + 1, y) && !inside(x, y - 1) &&
                    !inside(x, y + 1))
                    continue;
                const int wx = area.x - 1 + x - window.x, wy = area.y - 1 + y - window.y;
                Color v;
                if (wx < 0 || wy < 0 || wx >= window.width || wy >= window.height ||
                    !read(field, wx, wy, v))
                    continue;
                cell[x] = image::kGiven;
                for (int c = 0; c < n; ++c)
                    values.span().pixel<float>(x, y)[c] = v[static_cast<std::size_t>(c)] / 255;
            }
        }
    });
    return cells;
}

} // namespace

MembraneField find_membrane(const Context& context, const Blocks& blocks,
                            const mask::Mask& declared, const Rect& area) {
    MembraneField out;
    const auto no = [&](std::string why) {
        out.report.reason = std::move(why);
        return std::move(out);
    };
    if (area.area() > kMostArea) return no("the marked part is too large for it");
    const image::Image covered = declared.read(area);
    const Field field =
        differences(blocks, beside_the_seam(blocks, covered.view(), area, context.window));
    const auto [before, after] = left_out_in_turn(field);
    if (before < 0) return no("no context beside the seam to compare with");
    if (before < kWorthwhile) return no("both sides meet already");
    if (after > 0.8 * before)
        return no("what differs at the seam is not smooth, so it is not spread inwards");
    const int n = context.source.format().channels;
    image::Image values({area.width + 2, area.height + 2}, {n, image::SampleType::f32});
    const image::Image cells = lay_out(context, smoothed(field), covered.view(), area, values);
    image::solve_laplace(cells.view(), values.span(), kTolerance);

    out.correction = image::Image(area.size(), values.format());
    double sum = 0, most = 0, count = 0;
    for (int y = 0; y < area.height; ++y) {
        const auto* in = covered.view().row<std::uint8_t>(y);
        const float* from = values.view().pixel<float>(1, y + 1);
        float* to = out.correction.span().row<float>(y);
        for (int x = 0; x < area.width; ++x) {
            if (!in[x]) continue;
            for (int c = 0; c < n; ++c) {
                const float v = to[x * n + c] = from[x * n + c];
                sum += std::abs(v);
                most = std::max(most, std::abs(double(v)));
            }
            count += n;
        }
    }
    out.report.applied = true;
    out.report.mean_levels = 255 * sum / count;
    out.report.most_levels = 255 * most;
    return out;
}

} // namespace mw::composite
