#include <fmt/format.h>

#include <algorithm>

#include "peers.h"
#include "rows.h"
#include "scenes.h"
#include "table.h"

namespace mw::bench {
namespace {

// The slowest sample of a stroke, each sample at its quickest of several strokes: what the work
// takes, not what else the machine did.
double worst_sample(int rounds, std::size_t samples,
                    const std::function<void(std::vector<double>&)>& stroke) {
    std::vector<double> best(samples, 1e300), now(samples);
    for (int i = 0; i < rounds; ++i) {
        stroke(now);
        for (std::size_t k = 0; k < samples; ++k)
            best[k] = std::min(best[k], now[k]);
    }
    return *std::max_element(best.begin(), best.end());
}

void time_samples(Size size, const mask::Brush& brush,
                  const std::vector<mask::StrokeSample>& samples, std::vector<double>& seconds) {
    mask::StrokePainter painter(mask::Mask(size), brush);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const double start = now();
        painter.extend(samples[i]);
        painter.mask();
        seconds[i] = now() - start;
    }
}

void stroke_looked_at(Size size, const mask::Brush& brush,
                      const std::vector<mask::StrokeSample>& samples) {
    mask::StrokePainter painter(mask::Mask(size), brush);
    for (const auto& s : samples) {
        painter.extend(s);
        painter.mask();
    }
}

} // namespace

void brush_rows() {
    const Size size{4096, 4096};
    const auto samples = wave(size);
    MypaintSurface mypaint(size);
    struct Case {
        double radius;
        bool soft;
        double goal;
    };
    for (const Case& c :
         {Case{10, false, 15}, Case{10, true, 0}, Case{100, false, 7}, Case{100, true, 6},
          Case{500, false, 7}, Case{500, true, 6}, Case{1000, false, 7}, Case{1000, true, 6}}) {
        const mask::Brush brush{c.radius, c.soft ? 0.0 : 1.0, 1, false};
        const std::string kind =
            fmt::format("{} px {}", c.radius, c.soft ? "soft (hardness 0)" : "hard");
        const std::function<void()> peer = [&] { mypaint.stroke(brush, samples); };
        const auto row = [&](const char* how, const std::function<void()>& ours, double goal) {
            run({fmt::format("stroke {}, {}", kind, how), 1, "strokes", ours, "libmypaint",
                 MypaintSurface::available() ? peer : nullptr, goal, c.radius > 200 ? 4 : 12});
        };
        row(
            "seen once", [&] { mask::paint_stroke(mask::Mask(size), brush, samples); }, c.goal);
        row(
            "every sample seen", [&] { stroke_looked_at(size, brush, samples); }, 0);
        const std::string name = fmt::format("worst sample {}", kind);
        if (!wanted(name)) continue;
        const double ours = worst_sample(8, samples.size(), [&](std::vector<double>& seconds) {
            time_samples(size, brush, samples, seconds);
        });
        if (!MypaintSurface::available()) {
            fmt::print("| {} | {:.3f} ms | – | – | – |\n", name, ours * 1e3);
            continue;
        }
        const double theirs = worst_sample(4, samples.size(), [&](std::vector<double>& seconds) {
            mypaint.time_samples(brush, samples, seconds);
        });
        fmt::print("| {} | {:.3f} ms | libmypaint {:.3f} ms | {:.3f} | ≤ 0.1 |\n", name, ours * 1e3,
                   theirs * 1e3, ours / theirs);
    }
}

} // namespace mw::bench
