#include "composite/respect.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "compare/metrics.h"
#include "image/color.h"

namespace mw::composite {
namespace {

constexpr int kFewest = kBlockSide * kBlockSide / 4; // pixels of a block that count
constexpr std::size_t kMostBlocks = 4000;
constexpr double kChanged = 5; // CIEDE2000
constexpr double kOtherPattern = 0.25;

std::array<double, 3> lab_of(const std::array<float, 3>& levels) {
    image::Float3 linear;
    for (std::size_t c = 0; c < 3; ++c)
        linear[c] = image::srgb_to_linear(levels[c] / 255);
    const image::Float3 lab = image::linear_to_lab(linear);
    return {lab[0], lab[1], lab[2]};
}

struct Difference {
    double mean = 0, changed_share = 0;
    std::size_t blocks = 0;
};

Difference difference_of(const std::vector<BlockMean>& means) {
    std::vector<const BlockMean*> some;
    for (const BlockMean& m : means)
        if (m.count >= kFewest) some.push_back(&m);
    const std::size_t every = some.size() / kMostBlocks + 1;
    std::vector<double> values((some.size() + every - 1) / every);
    parallel_for(static_cast<int>(values.size()), 256, [&](int begin, int end) {
        for (int i = begin; i < end; ++i) {
            const BlockMean& m = *some[static_cast<std::size_t>(i) * every];
            values[static_cast<std::size_t>(i)] =
                compare::ciede2000(lab_of(m.source), lab_of(m.answer));
        }
    });
    Difference out;
    out.blocks = values.size();
    for (const double v : values)
        out.mean += v, out.changed_share += v > kChanged;
    if (values.empty()) return out;
    out.mean /= static_cast<double>(values.size());
    out.changed_share /= static_cast<double>(values.size());
    return out;
}

float luma(const std::array<float, 3>& v) {
    return 0.2126f * v[0] + 0.7152f * v[1] + 0.0722f * v[2];
}

// How much of one pattern is in the other, -1 .. 1, of the ring's blocks in squares of `side`
// blocks less the mean of their neighbours. 1 when the source has no pattern to lose.
double correlation(const Blocks& blocks, int side) {
    const int w = (blocks.width + side - 1) / side, h = (blocks.height + side - 1) / side;
    struct Cell {
        float source = 0, answer = 0, count = 0;
    };
    std::vector<Cell> cells(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    const auto at = [&](int x, int y) -> Cell& {
        return cells[static_cast<std::size_t>(y) * static_cast<std::size_t>(w) +
                     static_cast<std::size_t>(x)];
    };
    for (int y = 0; y < blocks.height; ++y)
        for (int x = 0; x < blocks.width; ++x) {
            const BlockMean& m = blocks.ring_at(x, y);
            if (m.count < kFewest) continue;
            Cell& cell = at(x / side, y / side);
            cell.source += luma(m.source), cell.answer += luma(m.answer), ++cell.count;
        }
    for (Cell& cell : cells)
        if (cell.count > 0) cell.source /= cell.count, cell.answer /= cell.count;
    double sa = 0, ss = 0, aa = 0, n = 0;
    for (int y = 0; y < h; ++y)
        for (int x = 0; x < w; ++x) {
            if (at(x, y).count == 0) continue;
            double s = 0, a = 0, around = 0;
            for (int j = std::max(y - 1, 0); j <= std::min(y + 1, h - 1); ++j)
                for (int i = std::max(x - 1, 0); i <= std::min(x + 1, w - 1); ++i)
                    if (at(i, j).count > 0 && (i != x || j != y))
                        s += at(i, j).source, a += at(i, j).answer, ++around;
            if (around < 3) continue;
            s = at(x, y).source - s / around, a = at(x, y).answer - a / around;
            sa += s * a, ss += s * s, aa += a * a, ++n;
        }
    if (n < 8 || ss / n < 1) return 1;
    return aa / n < 0.01 ? 0 : sa / std::sqrt(ss * aa);
}

} // namespace

bool one_color(const Blocks& blocks) {
    std::array<float, 3> low, high, source_low, source_high;
    low.fill(255), source_low.fill(255), high.fill(0), source_high.fill(0);
    for (const auto* means : {&blocks.ring, &blocks.inside})
        for (const BlockMean& m : *means) {
            if (m.count < kFewest) continue;
            for (std::size_t c = 0; c < 3; ++c) {
                low[c] = std::min(low[c], m.answer[c]);
                high[c] = std::max(high[c], m.answer[c]);
                source_low[c] = std::min(source_low[c], m.source[c]);
                source_high[c] = std::max(source_high[c], m.source[c]);
            }
        }
    bool flat = true, source_flat = true;
    for (std::size_t c = 0; c < 3; ++c) {
        flat &= high[c] - low[c] < 2;
        source_flat &= source_high[c] - source_low[c] < 8;
    }
    return flat && !source_flat;
}

Respect judge_respect(const Blocks& blocks, const Registration& registration) {
    Respect out;
    using Verdict = Respect::Verdict;
    const Difference outside = difference_of(blocks.ring), inside = difference_of(blocks.inside);
    if (outside.blocks == 0) {
        out.text = "There is no context around the mask to judge the answer by.";
        return out;
    }
    out.mean_delta_e = outside.mean;
    out.changed_share = outside.changed_share;
    const auto share = fmt::format("{:.0f} %", 100 * outside.changed_share);
    const bool recognised = registration.applied || registration.asks;
    const bool flat = one_color(blocks);
    if (flat || (!recognised && outside.mean > 6 && correlation(blocks, 1) < kOtherPattern &&
                 correlation(blocks, 4) < kOtherPattern)) {
        out.verdict = Verdict::unrelated;
        out.text = flat ? "The answer is one colour all over: it has probably failed."
                        : "Nothing of what was sent can be recognised in the answer: it may "
                          "belong to another request.";
    } else if (outside.changed_share > 0.5 &&
               (inside.blocks == 0 || outside.mean >= 0.7 * inside.mean)) {
        out.verdict = Verdict::ignored;
        out.text = "The surroundings changed as much as the marked part (" + share +
                   " of them): the mask may have been lost on the way to the model.";
    } else if (outside.changed_share > 0.05) {
        out.verdict = Verdict::redrawn;
        out.text = "The model redrew " + share + " of the surroundings; none of that is used.";
    } else {
        out.verdict = Verdict::kept;
        out.text =
            fmt::format("The model kept the surroundings (ΔE {:.1f} on average).", outside.mean);
    }
    return out;
}

} // namespace mw::composite
