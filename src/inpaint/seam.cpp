#include "inpaint/seam.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>

#include "base/parallel.h"

namespace mw::inpaint {
namespace {

constexpr int kRows = 8;
// One evening. What is wide takes the steps of light; what is narrow takes what is left of the step
// from pixel to pixel, where grain and texture meet that do not belong together.
struct Evening {
    float reach; // px over which a correction fades
    float step;  // of the range: larger steps are taken for edges
    float most;  // of the range: the largest correction
    int rounds;
};
constexpr Evening kWide{60, 0.06f, 0.12f, 120}, kNarrow{5, 0.3f, 0.3f, 24};

using Color = std::array<float, 3>;

template <class T>
struct Solver {
    const Level& level;
    const std::vector<Point>& offsets;
    image::ImageSpan picture;
    const Evening& how;
    const std::stop_token& stop;

    // The hole's bounds with a rim of one, so that every hole pixel has four neighbours.
    Rect box = level.hole_bounds.grown(1);
    int colors = picture.format.color_channels();
    float range =
        std::is_same_v<T, float> ? 1.0f : static_cast<float>(std::numeric_limits<T>::max());
    // Per pixel of the box: the correction, what the equations ask of it, and how firmly it is tied
    // to the pixel on its right and below.
    std::vector<Color> correction = std::vector<Color>(static_cast<std::size_t>(box.area()));
    std::vector<Color> demand = correction;
    std::vector<float> right = std::vector<float>(correction.size());
    std::vector<float> below = right;

    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y - box.y) * static_cast<std::size_t>(box.width) +
               static_cast<std::size_t>(x - box.x);
    }
    bool inside(int x, int y) const { return Rect::of(level.size).contains(Point{x, y}); }
    bool hole(int x, int y) const { return inside(x, y) && level.hole[level.at(x, y)]; }
    Point offset(int x, int y) const {
        const Rect b = level.hole_bounds;
        return offsets[static_cast<std::size_t>(y - b.y) * static_cast<std::size_t>(b.width) +
                       static_cast<std::size_t>(x - b.x)];
    }
    Color sample(int x, int y) const {
        Color c{};
        for (int i = 0; i < colors; ++i)
            c[static_cast<std::size_t>(i)] = static_cast<float>(picture.pixel<T>(x, y)[i]) / range;
        return c;
    }

    // Adds q - p as it is where (px, py) was copied from. False when that lies in the hole or
    // beyond the picture.
    bool add_source_step(int px, int py, int qx, int qy, int from_x, int from_y, Color& sum) const {
        const Point o = offset(from_x, from_y);
        const int ax = px + o.x, ay = py + o.y, bx = qx + o.x, by = qy + o.y;
        if (!inside(ax, ay) || !inside(bx, by) || hole(ax, ay) || hole(bx, by)) return false;
        const Color a = sample(ax, ay), b = sample(bx, by);
        for (std::size_t i = 0; i < 3; ++i)
            sum[i] += b[i] - a[i];
        return true;
    }

    // How the correction should step from p to its neighbour q, and how firmly.
    float tie(int px, int py, int qx, int qy, Color& step) const {
        step = {};
        if (!inside(px, py) || !inside(qx, qy)) return 0;
        const bool hole_p = hole(px, py), hole_q = hole(qx, qy);
        if (!hole_p && !hole_q) return 0;
        int votes = 0;
        if (hole_p) votes += add_source_step(px, py, qx, qy, px, py, step);
        if (hole_q) votes += add_source_step(px, py, qx, qy, qx, qy, step);
        const Color p = sample(px, py), q = sample(qx, qy);
        float most = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            step[i] = votes > 0 ? step[i] / static_cast<float>(votes) - (q[i] - p[i]) : 0.0f;
            most = std::max(most, std::abs(step[i]));
        }
        if (!std::isfinite(most)) {
            step = {};
            return 0;
        }
        const float t = most / how.step;
        return 1.0f / (1.0f + t * t * t * t);
    }

    template <class Work>
    bool rows(const Work& work) const {
        std::atomic<bool> whole{true};
        parallel_for(level.hole_bounds.height, kRows, [&](int begin, int end) {
            if (stop.stop_requested()) {
                whole = false;
                return;
            }
            for (int y = begin; y < end; ++y)
                work(level.hole_bounds.y + y);
        });
        return whole;
    }

    // Every pixel of the box writes only its own ties; the demand is gathered afterwards.
    bool set_up() {
        std::vector<Color> step_right(correction.size()), step_below(correction.size());
        parallel_for(box.height, kRows, [&](int begin, int end) {
            for (int y = box.y + begin; y < box.y + end && !stop.stop_requested(); ++y) {
                for (int x = box.x; x < box.right(); ++x) {
                    const std::size_t i = at(x, y);
                    if (x + 1 < box.right()) right[i] = tie(x, y, x + 1, y, step_right[i]);
                    if (y + 1 < box.bottom()) below[i] = tie(x, y, x, y + 1, step_below[i]);
                }
            }
        });
        return rows([&](int y) {
            for (int x = level.hole_bounds.x; x < level.hole_bounds.right(); ++x) {
                const std::size_t i = at(x, y), left = i - 1,
                                  above = i - static_cast<std::size_t>(box.width);
                for (std::size_t c = 0; c < 3; ++c)
                    demand[i][c] = right[left] * step_right[left][c] - right[i] * step_right[i][c] +
                                   below[above] * step_below[above][c] -
                                   below[i] * step_below[i][c];
            }
        });
    }

    // Red-black successive over-relaxation: pixels of one colour depend on the other's alone, so
    // the order, and the number of threads, do not matter.
    bool solve() {
        const float screen = 1.0f / (how.reach * how.reach);
        const float over = how.reach > 10 ? 1.9f : 1.4f;
        const auto w = static_cast<std::size_t>(box.width);
        for (int round = 0; round < 2 * how.rounds; ++round) {
            const bool whole = rows([&](int y) {
                const Rect b = level.hole_bounds;
                for (int x = b.x + ((b.x + y + round) & 1); x < b.right(); x += 2) {
                    if (!level.hole[level.at(x, y)]) continue;
                    const std::size_t i = at(x, y);
                    const float l = right[i - 1], r = right[i], a = below[i - w], d = below[i];
                    const float weight = 1.0f / (l + r + a + d + screen);
                    for (std::size_t c = 0; c < 3; ++c) {
                        const float wanted =
                            weight *
                            (l * correction[i - 1][c] + r * correction[i + 1][c] +
                             a * correction[i - w][c] + d * correction[i + w][c] + demand[i][c]);
                        correction[i][c] += over * (wanted - correction[i][c]);
                    }
                }
            });
            if (!whole) return false;
        }
        return true;
    }

    bool apply() const {
        return rows([&](int y) {
            for (int x = level.hole_bounds.x; x < level.hole_bounds.right(); ++x) {
                if (!level.hole[level.at(x, y)]) continue;
                T* p = picture.pixel<T>(x, y);
                for (int c = 0; c < colors; ++c) {
                    const float v = static_cast<float>(p[c]) / range +
                                    std::clamp(correction[at(x, y)][static_cast<std::size_t>(c)],
                                               -how.most, how.most);
                    if constexpr (std::is_same_v<T, float>)
                        p[c] = v;
                    else
                        p[c] = static_cast<T>(std::clamp(v, 0.0f, 1.0f) * range + 0.5f);
                }
            }
        });
    }
};

template <class T>
bool even(const Level& level, const std::vector<Point>& offsets, image::ImageSpan picture,
          const std::stop_token& stop) {
    for (const Evening& how : {kWide, kNarrow}) {
        Solver<T> solver{level, offsets, picture, how, stop};
        if (!solver.set_up() || !solver.solve() || !solver.apply()) return false;
    }
    return true;
}

} // namespace

bool even_seams(const Level& level, const std::vector<Point>& offsets, image::ImageSpan picture,
                const std::stop_token& stop) {
    switch (picture.format.type) {
        case image::SampleType::u8:
            return even<std::uint8_t>(level, offsets, picture, stop);
        case image::SampleType::u16:
            return even<std::uint16_t>(level, offsets, picture, stop);
        default:
            return even<float>(level, offsets, picture, stop);
    }
}

} // namespace mw::inpaint
