#include "composite/unchanged.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/parallel.h"

namespace mw::composite {
namespace {

constexpr float kMostFlat = 3, kMostSlope = 0.35f; // beyond: no drift, but another picture
constexpr float kLeastFlat = 0.3f;                 // below it the ring came back as sent
constexpr float kClippedTolerance = 6;             // levels
constexpr int kNear = 2, kWide = 4;                // px: 5x5 and 9x9

float luma(const float* v, int n) {
    return n == 1 ? v[0] : 0.2126f * v[0] + 0.7152f * v[1] + 0.0722f * v[2];
}

float clipped_luma(const float* v, int n) {
    const float l = luma(v, n);
    return std::isfinite(l) ? 255 * std::clamp(l, 0.0f, 1.0f) : 0;
}

float quantile(std::vector<float>& values, double share) {
    const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

// Mean of the squared gradient of luma over a block, levels per pixel squared.
float detail_of(const Context& context, int left, int top) {
    const Size size = context.window.size();
    const int n = context.source.format().channels;
    float sum = 0;
    int count = 0;
    for (int y = std::max(top, 1); y < std::min(top + kBlockSide, size.height - 1); ++y) {
        const float* row = context.source.view().row<float>(y);
        const float* up = context.source.view().row<float>(y - 1);
        const float* down = context.source.view().row<float>(y + 1);
        for (int x = std::max(left, 1); x < std::min(left + kBlockSide, size.width - 1); ++x) {
            const float gx =
                0.5f * (clipped_luma(row + (x + 1) * n, n) - clipped_luma(row + (x - 1) * n, n));
            const float gy = 0.5f * (clipped_luma(down + x * n, n) - clipped_luma(up + x * n, n));
            sum += gx * gx + gy * gy;
            ++count;
        }
    }
    return count ? sum / static_cast<float>(count) : 0;
}

struct Plane {
    int width = 0, height = 0;
    std::vector<float> values;
    Plane(int w, int h)
        : width(w), height(h), values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
    float* row(int y) {
        return values.data() + static_cast<std::ptrdiff_t>(y) * std::ptrdiff_t{width};
    }
};

// Means over (2r + 1)^2, fewer at the borders.
void box(Plane& p, int r) {
    Plane across(p.width, p.height);
    parallel_for(p.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* from = p.row(y);
            float* to = across.row(y);
            for (int x = 0; x < p.width; ++x) {
                const int first = std::max(x - r, 0), last = std::min(x + r, p.width - 1);
                float sum = 0;
                for (int i = first; i <= last; ++i)
                    sum += from[i];
                to[x] = sum / static_cast<float>(last - first + 1);
            }
        }
    });
    parallel_for(p.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const int first = std::max(y - r, 0), last = std::min(y + r, p.height - 1);
            const float part = 1.0f / static_cast<float>(last - first + 1);
            float* to = p.row(y);
            std::fill_n(to, p.width, 0.0f);
            for (int j = first; j <= last; ++j) {
                const float* from = across.row(j);
                for (int x = 0; x < p.width; ++x)
                    to[x] += part * from[x];
            }
        }
    });
}

float ramp(float v, float low, float high) {
    const float t = std::clamp((v - low) / (high - low), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}

// Answer less what was sent, levels.
float difference(float source, float answer) {
    if (!std::isfinite(source)) return 0;
    if (source > 1 && answer >= 1 - kClippedTolerance / 255) return 0;
    if (source < 0 && answer <= kClippedTolerance / 255) return 0;
    return 255 * (answer - std::clamp(source, 0.0f, 1.0f));
}

struct Planes {
    std::vector<Plane> difference; // for each channel
    Plane square, detail;          // means over the channels; of luma
};

} // namespace

UsualDifference usual_difference(const Context& context, const Blocks& blocks) {
    struct Seen {
        float detail, difference;
    };
    std::vector<Seen> seen;
    const std::size_t every = static_cast<std::size_t>(context.ring_pixels) / 64 / 4000 + 1;
    std::size_t turn = 0;
    for (int y = 0; y < blocks.height; ++y)
        for (int x = 0; x < blocks.width; ++x) {
            const BlockMean& block = blocks.ring_at(x, y);
            if (block.count < kBlockSide * kBlockSide || ++turn % every) continue;
            float square = block.deviation * block.deviation;
            for (std::size_t c = 0; c < 3; ++c)
                square +=
                    (block.source[c] - block.answer[c]) * (block.source[c] - block.answer[c]) / 3;
            seen.push_back(
                {std::sqrt(detail_of(context, x * kBlockSide, y * kBlockSide)), std::sqrt(square)});
        }
    UsualDifference out;
    if (seen.size() < 40) return out;
    std::sort(seen.begin(), seen.end(),
              [](const Seen& a, const Seen& b) { return a.detail < b.detail; });
    std::vector<float> low, high;
    const std::size_t third = seen.size() / 3;
    for (std::size_t i = 0; i < third; ++i)
        low.push_back(seen[i].difference);
    out.flat = std::min(quantile(low, 0.6), kMostFlat);
    for (std::size_t i = seen.size() - third; i < seen.size(); ++i)
        if (seen[i].detail > 3) high.push_back((seen[i].difference - out.flat) / seen[i].detail);
    if (high.size() > 12) out.slope = std::clamp(quantile(high, 0.6), 0.0f, kMostSlope);
    if (out.flat < kLeastFlat && out.slope < 0.02f) return {};
    return out;
}

Unchanged find_unchanged(const Context& context, image::ImageView corrected,
                         image::ImageView finished, const mask::Mask& declared, const Rect& area,
                         bool deeper, const UsualDifference& usual) {
    Unchanged out;
    const bool by_ring = usual.flat > 0 || usual.slope > 0;
    const int n = finished.format.channels;
    bool beyond = false; // anything that was sent clipped
    const Rect local = area.translated(-context.window.x, -context.window.y);
    for (int y = local.y; y < local.bottom() && !beyond; ++y) {
        const float* s = context.source.view().row<float>(y) + local.x * n;
        for (int i = 0; i < local.width * n && !beyond; ++i)
            beyond = s[i] > 1.0001f || s[i] < -0.0001f;
    }
    if (!by_ring && !deeper && !beyond) return out;

    // A little around the area too, for the means.
    const Rect around = intersect(local.grown(kWide + 1), Rect::of(context.window.size()));
    Planes planes{{}, Plane(around.width, around.height), Plane(around.width, around.height)};
    for (int c = 0; c < n; ++c)
        planes.difference.emplace_back(around.width, around.height);
    parallel_for(around.height, 32, [&](int begin, int end) {
        for (int row = begin; row < end; ++row) {
            const int y = around.y + row;
            const auto source = [&](int x, int at) {
                return context.source.view().pixel<float>(
                    std::clamp(x, 0, context.window.width - 1),
                    std::clamp(at, 0, context.window.height - 1));
            };
            for (int i = 0; i < around.width; ++i) {
                const int x = around.x + i;
                const float* s = source(x, y);
                const float* a = local.contains(Point{x, y})
                                     ? finished.pixel<float>(x - local.x, y - local.y)
                                     : corrected.pixel<float>(x, y);
                float square = 0;
                for (int c = 0; c < n; ++c) {
                    const float d = difference(s[c], a[c]);
                    planes.difference[static_cast<std::size_t>(c)].row(row)[i] = d;
                    square += d * d;
                }
                planes.square.row(row)[i] = square / static_cast<float>(n);
                if (!by_ring) continue;
                const float gx =
                    0.5f * (clipped_luma(source(x + 1, y), n) - clipped_luma(source(x - 1, y), n));
                const float gy =
                    0.5f * (clipped_luma(source(x, y + 1), n) - clipped_luma(source(x, y - 1), n));
                planes.detail.row(row)[i] = gx * gx + gy * gy;
            }
        }
    });

    // By the pixel first, while the differences are single.
    out.share = image::Image(area.size(), image::kGrayF);
    const int ox = local.x - around.x, oy = local.y - around.y;
    parallel_for(area.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            float* share = out.share.span().row<float>(y);
            for (int x = 0; x < area.width; ++x) {
                float most = 0;
                for (Plane& p : planes.difference)
                    most = std::max(most, std::abs(p.row(y + oy)[x + ox]));
                share[x] = deeper ? ramp(most, 0.51f, 1) : most > 0 ? 1.0f : 0.0f;
            }
        }
    });
    if (by_ring) {
        box(planes.square, kNear);
        box(planes.detail, kNear);
        for (Plane& p : planes.difference)
            box(p, kWide);
        parallel_for(area.height, 32, [&](int begin, int end) {
            for (int y = begin; y < end; ++y) {
                float* share = out.share.span().row<float>(y);
                for (int x = 0; x < area.width; ++x) {
                    const float detail = std::sqrt(planes.detail.row(y + oy)[x + ox]);
                    const float strays = usual.flat + usual.slope * detail;
                    const float rms = std::sqrt(planes.square.row(y + oy)[x + ox]);
                    float mean = 0;
                    for (Plane& p : planes.difference)
                        mean = std::max(mean, std::abs(p.row(y + oy)[x + ox]));
                    const float bias = 0.8f + 0.25f * usual.flat + 0.5f * usual.slope * detail;
                    const float changed = std::max(ramp(rms, 1.15f * strays, 1.8f * strays),
                                                   ramp(mean, bias, 2 * bias));
                    share[x] = std::min(share[x], changed);
                }
            }
        });
    }

    // Numbers that are none give way to the answer, and are no white either.
    const image::Image covered = declared.read(area);
    double kept = 0, all = 0;
    for (int y = 0; y < area.height; ++y) {
        const auto* in = covered.view().row<std::uint8_t>(y);
        float* share = out.share.span().row<float>(y);
        const float* s = context.source.view().row<float>(y + local.y) + local.x * n;
        for (int x = 0; x < area.width; ++x) {
            if (!in[x]) continue;
            const bool finite = std::isfinite(s[x * n] + s[x * n + n / 2] + s[x * n + n - 1]);
            if (!finite) share[x] = 1;
            kept += 1 - share[x], ++all;
            if (beyond && finite && *std::max_element(s + x * n, s + (x + 1) * n) > 1.0001f)
                ++(share[x] < 0.5f ? out.above_white_kept : out.above_white_replaced);
        }
    }
    out.kept_share = all > 0 ? kept / all : 0;
    return out;
}

} // namespace mw::composite
