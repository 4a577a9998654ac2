#include "image/laplace.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/clones.h"
#include "base/parallel.h"

namespace mw::image {
namespace {

constexpr int kGrain = 64; // rows
constexpr int kMostCycles = 12;
constexpr float kLeft = 0.4f; // of an error after a cycle; 0.2 to 0.33 are usual
// Chebyshev's two steps for the upper three quarters of the spectrum of Jacobi's iteration, 0.5 ..
// 2 (Adams et al. 2003): what the coarser grid cannot see shrinks to 0.22.
constexpr float kFirstStep = 0.562f, kSecondStep = 1.39f;

// One grid with a rim of zeros. Equation of a cell: (neighbours + coupling) u - sum of neighbours'
// u = f; a cell that has no part has inverse 0 and u 0, so that no neighbour need be asked.
struct Grid {
    int width = 0, height = 0;
    std::ptrdiff_t stride = 0;
    std::vector<float> inverse; // 1 / (neighbours + coupling to what is given)
    std::vector<float> coupling;
    std::vector<float> f, u, t, r;

    Grid(int w, int h) : width(w), height(h), stride(w + 2) {
        const auto n = static_cast<std::size_t>(stride) * static_cast<std::size_t>(h + 2);
        for (auto* v : {&inverse, &coupling, &f, &u, &t, &r})
            v->assign(n, 0.0f);
    }
    std::ptrdiff_t at(int x, int y) const { return (y + 1) * stride + x + 1; }
};

void rows(const Grid& g, const std::function<void(int, int)>& body) {
    parallel_for(g.height, kGrain, body);
}

// u + step * (Jacobi's u - u)
MW_CLONES void relax_row(const float* u, const float* f, const float* inverse,
                         std::ptrdiff_t stride, int count, float step, float* out) {
    const float* up = u - stride;
    const float* down = u + stride;
    const float stay = 1 - step;
    for (int x = 0; x < count; ++x)
        out[x] =
            stay * u[x] + step * inverse[x] * (f[x] + ((u[x - 1] + u[x + 1]) + (up[x] + down[x])));
}

void smooth(Grid& g) {
    const auto sweep = [&](const std::vector<float>& from, std::vector<float>& to, float step) {
        rows(g, [&](int begin, int end) {
            for (int y = begin; y < end; ++y) {
                const std::ptrdiff_t at = g.at(0, y);
                relax_row(&from[std::size_t(at)], &g.f[std::size_t(at)],
                          &g.inverse[std::size_t(at)], g.stride, g.width, step,
                          &to[std::size_t(at)]);
            }
        });
    };
    sweep(g.u, g.t, kFirstStep);
    sweep(g.t, g.u, kSecondStep);
}

// r = f - A u, 0 where a cell has no part.
MW_CLONES void residual_row(const float* u, const float* f, const float* inverse,
                            std::ptrdiff_t stride, int count, float* r) {
    const float* up = u - stride;
    const float* down = u + stride;
    for (int x = 0; x < count; ++x) {
        const float rest = f[x] + ((u[x - 1] + u[x + 1]) + (up[x] + down[x]));
        r[x] = inverse[x] > 0 ? rest - u[x] / inverse[x] : 0.0f;
    }
}

void find_residual(Grid& g) {
    rows(g, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const auto at = static_cast<std::size_t>(g.at(0, y));
            residual_row(&g.u[at], &g.f[at], &g.inverse[at], g.stride, g.width, &g.r[at]);
        }
    });
}

// Sums of 2 x 2, times `scale`.
void gather(const Grid& fine, const std::vector<float>& from, Grid& coarse, std::vector<float>& to,
            float scale) {
    rows(coarse, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* a = &from[std::size_t(fine.at(0, 2 * y))];
            const float* b = 2 * y + 1 < fine.height ? a + fine.stride : nullptr;
            float* out = &to[std::size_t(coarse.at(0, y))];
            for (int x = 0; x < coarse.width; ++x) {
                // The rim to the right is 0.
                float sum = a[2 * x] + a[2 * x + 1];
                if (b) sum += b[2 * x] + b[2 * x + 1];
                out[x] = scale * sum;
            }
        }
    });
}

// One row of cell-centred bilinear interpolation, `near` and `far` being rows of the coarse grid;
// at the grid's own ends it goes on level.
MW_CLONES void spread_row(const float* near, const float* far, int coarse_width, int width,
                          const float* inverse, float* mixed, float* out) {
    // `mixed` has a value beyond each end.
    for (int i = 0; i < coarse_width; ++i)
        mixed[i] = 0.75f * near[i] + 0.25f * far[i];
    mixed[-1] = mixed[0];
    mixed[coarse_width] = mixed[coarse_width - 1];
    for (int i = 0; i < width / 2; ++i) {
        const float left = 0.75f * mixed[i] + 0.25f * mixed[i - 1];
        const float right = 0.75f * mixed[i] + 0.25f * mixed[i + 1];
        out[2 * i] = inverse[2 * i] > 0 ? left : 0.0f;
        out[2 * i + 1] = inverse[2 * i + 1] > 0 ? right : 0.0f;
    }
    if (width & 1) {
        const int i = width / 2;
        const float v = 0.75f * mixed[i] + 0.25f * mixed[i - 1];
        out[2 * i] = inverse[2 * i] > 0 ? v : 0.0f;
    }
}

void spread(const Grid& coarse, const std::vector<float>& from, Grid& fine,
            std::vector<float>& to) {
    rows(fine, [&](int begin, int end) {
        std::vector<float> mixed(static_cast<std::size_t>(coarse.width) + 2);
        for (int y = begin; y < end; ++y) {
            const int near = y / 2,
                      far = std::clamp(y & 1 ? near + 1 : near - 1, 0, coarse.height - 1);
            spread_row(&from[std::size_t(coarse.at(0, near))],
                       &from[std::size_t(coarse.at(0, far))], coarse.width, fine.width,
                       &fine.inverse[std::size_t(fine.at(0, y))], mixed.data() + 1,
                       &to[std::size_t(fine.at(0, y))]);
        }
    });
}

struct Step {
    double along = 0, energy = 0;
    float most = 0;
};

// <r, e> and <e, A e> of a correction e, and its largest value.
Step measure(const Grid& g, const std::vector<float>& e) {
    const auto chunks = static_cast<std::size_t>((g.height + kGrain - 1) / kGrain);
    std::vector<Step> parts(chunks);
    rows(g, [&](int begin, int end) {
        Step step;
        for (int y = begin; y < end; ++y) {
            const auto at = static_cast<std::size_t>(g.at(0, y));
            const float *v = &e[at], *r = &g.r[at], *inverse = &g.inverse[at];
            float along = 0, energy = 0, most = 0;
            for (int x = 0; x < g.width; ++x) {
                if (!(inverse[x] > 0)) continue;
                const float sum = (v[x - 1] + v[x + 1]) + (v[x - g.stride] + v[x + g.stride]);
                along += r[x] * v[x];
                energy += v[x] * (v[x] / inverse[x] - sum);
                most = std::max(most, std::abs(v[x]));
            }
            step.along += along;
            step.energy += energy;
            step.most = std::max(step.most, most);
        }
        parts[static_cast<std::size_t>(begin / kGrain)] = step;
    });
    Step all;
    for (const Step& p : parts)
        all.along += p.along, all.energy += p.energy, all.most = std::max(all.most, p.most);
    return all;
}

void solve_smallest(Grid& g) {
    for (int round = 0; round < 40; ++round)
        smooth(g);
}

// The largest change of the correction from below.
float cycle(std::vector<Grid>& grids, std::size_t level) {
    Grid& g = grids[level];
    if (level + 1 == grids.size()) {
        solve_smallest(g);
        return 0;
    }
    Grid& coarse = grids[level + 1];
    smooth(g);
    find_residual(g);
    gather(g, g.r, coarse, coarse.f, 1);
    std::fill(coarse.u.begin(), coarse.u.end(), 0.0f);
    cycle(grids, level + 1);
    spread(coarse, coarse.u, g, g.t);
    // The coarse grid joins what a gap of one pixel parts; the optimal step keeps the error from
    // growing where its correction is wrong.
    const Step step = measure(g, g.t);
    if (!(step.energy > 0)) return 0;
    const auto length = static_cast<float>(std::clamp(step.along / step.energy, 0.0, 2.0));
    rows(g, [&](int begin, int end) {
        const auto first = static_cast<std::size_t>(g.at(0, begin)),
                   past = static_cast<std::size_t>(g.at(0, end));
        for (std::size_t i = first; i < past; ++i)
            g.u[i] += length * g.t[i];
    });
    smooth(g);
    return length * step.most;
}

// Which cells there are, from the finest grid down. A wall of given values is half a pixel off its
// cells' edge: the coupling to it follows from how far it is from a cell's centre.
std::vector<Grid> pyramid(ImageView cells) {
    std::vector<Grid> grids;
    grids.emplace_back(cells.size.width, cells.size.height);
    Grid& finest = grids.front();
    const auto cell = [&](int x, int y) -> std::uint8_t {
        if (x < 0 || y < 0 || x >= cells.size.width || y >= cells.size.height) return kNowhere;
        return *cells.pixel<std::uint8_t>(x, y);
    };
    rows(finest, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            for (int x = 0; x < finest.width; ++x) {
                if (cell(x, y) != kWanted) continue;
                int neighbours = 0, given = 0;
                for (const std::uint8_t c :
                     {cell(x - 1, y), cell(x + 1, y), cell(x, y - 1), cell(x, y + 1)})
                    neighbours += c != kNowhere, given += c == kGiven;
                const auto at = static_cast<std::size_t>(finest.at(x, y));
                finest.coupling[at] = static_cast<float>(given);
                if (neighbours) finest.inverse[at] = 1 / static_cast<float>(neighbours);
            }
    });
    float off = 1; // of the wall from the cells' centres, in finest pixels
    while (std::max(grids.back().width, grids.back().height) > 4) {
        const int w = (grids.back().width + 1) / 2, h = (grids.back().height + 1) / 2;
        grids.emplace_back(w, h);
        const Grid& fine = grids[grids.size() - 2];
        Grid& coarse = grids.back();
        const float was = off;
        off = std::ldexp(0.5f, static_cast<int>(grids.size()) - 1) + 0.5f;
        gather(fine, fine.coupling, coarse, coarse.coupling, was / off);
        const auto present = [&](int x, int y) {
            return x >= 0 && y >= 0 && x < w && y < h && coarse.r[std::size_t(coarse.at(x, y))] > 0;
        };
        gather(fine, fine.inverse, coarse, coarse.r, 1); // above 0 where any cell is
        for (int y = 0; y < h; ++y)
            for (int x = 0; x < w; ++x) {
                if (!present(x, y)) continue;
                const auto at = static_cast<std::size_t>(coarse.at(x, y));
                const float sum =
                    coarse.coupling[at] + static_cast<float>(present(x - 1, y) + present(x + 1, y) +
                                                             present(x, y - 1) + present(x, y + 1));
                if (sum > 0) coarse.inverse[at] = 1 / sum;
            }
    }
    return grids;
}

void take_given(ImageView cells, ImageView values, int channel, Grid& g) {
    const auto given = [&](int x, int y) {
        if (x < 0 || y < 0 || x >= g.width || y >= g.height) return 0.0f;
        return *cells.pixel<std::uint8_t>(x, y) == kGiven ? values.pixel<float>(x, y)[channel]
                                                          : 0.0f;
    };
    rows(g, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            for (int x = 0; x < g.width; ++x) {
                const auto at = static_cast<std::size_t>(g.at(x, y));
                g.f[at] = g.coupling[at] > 0 ? (given(x - 1, y) + given(x + 1, y)) +
                                                   (given(x, y - 1) + given(x, y + 1))
                                             : 0.0f;
            }
    });
}

} // namespace

void solve_laplace(ImageView cells, ImageSpan values, float tolerance) {
    if (cells.empty()) return;
    std::vector<Grid> grids = pyramid(cells);
    std::vector<std::vector<float>> wanted(grids.size()); // f of the equation itself
    for (int channel = 0; channel < values.format.channels; ++channel) {
        take_given(cells, values, channel, grids[0]);
        float off = 1;
        for (std::size_t i = 1; i < grids.size(); ++i) {
            const float was = off;
            off = std::ldexp(0.5f, static_cast<int>(i)) + 0.5f;
            gather(grids[i - 1], grids[i - 1].f, grids[i], grids[i].f, was / off);
        }
        for (std::size_t i = 1; i < grids.size(); ++i)
            wanted[i] = grids[i].f;
        std::fill(grids.back().u.begin(), grids.back().u.end(), 0.0f);
        solve_smallest(grids.back());
        for (std::size_t i = grids.size() - 1; i-- > 0;) {
            if (i > 0) grids[i].f = wanted[i];
            spread(grids[i + 1], grids[i + 1].u, grids[i], grids[i].u);
            for (int n = 0; n < (i ? 1 : kMostCycles); ++n)
                if (kLeft * cycle(grids, i) <= tolerance) break;
        }
        const Grid& g = grids[0];
        rows(g, [&](int begin, int end) {
            for (int y = begin; y < end; ++y)
                for (int x = 0; x < g.width; ++x)
                    if (*cells.pixel<std::uint8_t>(x, y) == kWanted)
                        values.pixel<float>(x, y)[channel] = g.u[std::size_t(g.at(x, y))];
        });
    }
}

} // namespace mw::image
