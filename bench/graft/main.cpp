// bench_graft [--rows drift,still,changed,border,most,sky,tiles,stripes,time] [--per-photo N]
//             [--no-clone] [--each] [--json FILE]
// Drift is simulated on the shared photographs, so the ideal is known; what is printed are ratios
// of errors (RMS in levels, inside the mask) and of times, all of one run. Seeds are fixed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/parallel.h"
#include "codec/codec.h"
#include "composite/graft.h"
#include "graft/peers.h"
#include "graft/timing.h"

namespace {

using namespace mw;
using namespace mw::bench;

struct Result {
    std::string scene;
    double ours = 0, naive = 0, clone = -1, oracle = 0; // RMS, levels
    double corner = 0;                                  // px, of the registration
    std::string register_reason, color_reason;
};

struct Options {
    std::set<std::string> rows{"drift", "still", "changed", "border", "most",
                               "sky",   "tiles", "stripes", "time"};
    int per_photo = 4;
    bool clone = true, each = false;
    std::string json;
    composite::GraftParams params;
};

Result measure(const Scene& scene, const Options& options) {
    Result r;
    r.scene = scene.name;
    const Size size = scene.source.size();
    const auto graft = composite::graft(scene.source.view(), scene.answer.view(), scene.mask,
                                        {Rect::of(size), size, 1, false, {}}, options.params);
    if (!graft) {
        r.register_reason = graft.error().message;
        r.ours = 255;
    } else {
        r.ours = error_in_mask(scene, composite::apply(scene.source.view(), graft->patch).view());
        const composite::Registration& reg = graft->report.registration;
        const double m[2][2] = {{reg.xx, reg.xy}, {reg.yx, reg.yy}};
        const double still[2][2] = {{1, 0}, {0, 1}};
        r.corner =
            reg.applied ? worst_corner(scene, m, reg.dx, reg.dy) : worst_corner(scene, still, 0, 0);
        r.register_reason = reg.applied ? "" : reg.reason;
        r.color_reason = graft->report.color_match.applied ? "" : graft->report.color_match.reason;
    }
    r.naive = error_in_mask(scene, feathered(scene, scene.answer.view()).view());
    r.oracle = error_in_mask(
        scene, feathered(scene, undone(scene.answer.view(), scene.drift).view()).view());
    if (options.clone) {
        const image::Image cloned = seamless_clone(scene);
        if (!cloned.empty()) r.clone = error_in_mask(scene, cloned.view());
    }
    if (options.each) {
        fmt::print(
            "  {:30} ours {:6.2f} oracle {:6.2f} naive {:6.2f} clone {:6.2f}  x{:5.2f} of "
            "oracle  corner {:5.2f} px  {} | {} ({:.1f} {:.1f} {:.3f})\n",
            r.scene, r.ours, r.oracle, r.naive, r.clone, r.ours / r.oracle, r.corner,
            r.register_reason, r.color_reason, scene.drift.dx, scene.drift.dy, scene.drift.scale);
        std::fflush(stdout);
    }
    return r;
}

struct Spread {
    double median = 0, p95 = 0, most = 0;
};

Spread spread(std::vector<double> v) {
    if (v.empty()) return {};
    std::sort(v.begin(), v.end());
    const auto at = [&](double share) {
        return v[static_cast<std::size_t>(std::lround(share * static_cast<double>(v.size() - 1)))];
    };
    return {at(0.5), at(0.95), v.back()};
}

// Prints a row of the table and remembers it for the JSON.
class Report {
  public:
    void row(const std::string& name, const std::string& goal, std::vector<double> ratios) {
        const Spread s = spread(ratios);
        fmt::print("| {:52} | {:28} | median {:.3f}, 95th {:.3f}, worst {:.3f} ({} scenes) |\n",
                   name, goal, s.median, s.p95, s.most, ratios.size());
        std::fflush(stdout);
        add(name, fmt::format("\"median\": {:.4f}, \"p95\": {:.4f}, \"worst\": {:.4f}, "
                              "\"scenes\": {}",
                              s.median, s.p95, s.most, ratios.size()));
    }
    void row(const TimingRow& t) {
        fmt::print("| {:52} | {:28} | {:.3f} ({:.1f} / {:.1f} ms; {:.3f} / {:.3f} px) |\n", t.name,
                   t.goal, t.ours / t.peer, 1e3 * t.ours, 1e3 * t.peer, t.our_error, t.peer_error);
        add(t.name, fmt::format("\"ratio\": {:.4f}, \"seconds\": {:.5f}, \"peer_seconds\": {:.5f}, "
                                "\"error_px\": {:.4f}, \"peer_error_px\": {:.4f}",
                                t.ours / t.peer, t.ours, t.peer, t.our_error, t.peer_error));
    }
    std::string json() const { return "[\n" + text_ + "\n]\n"; }

  private:
    void add(const std::string& name, const std::string& values) {
        text_ +=
            fmt::format("{}  {{\"row\": \"{}\", {}}}", text_.empty() ? "" : ",\n", name, values);
    }
    std::string text_;
};

template <class Value>
std::vector<double> each(const std::vector<Result>& results, const Value& value) {
    std::vector<double> out;
    for (const Result& r : results)
        if (const double v = value(r); v >= 0) out.push_back(v);
    return out;
}

void print_reasons(const std::vector<Result>& results) {
    std::map<std::string, int> reasons;
    for (const Result& r : results)
        ++reasons[r.register_reason.empty() ? "registered" : r.register_reason];
    for (const auto& [why, count] : reasons)
        fmt::print("    {} x {}\n", count, why);
}

void run_row(const std::string& row, const Options& options, Report& report) {
    if (!options.rows.contains(row)) return;
    SceneOptions scenes;
    scenes.drifts = row != "still";
    scenes.changed_share = row == "changed" ? 0.4 : 0;
    if (row == "border") scenes.shape = SceneOptions::Shape::touches_border;
    if (row == "most") scenes.shape = SceneOptions::Shape::most;
    std::vector<Result> results;
    const bool made = row == "sky" || row == "tiles" || row == "stripes";
    const int photos = made ? 1 : static_cast<int>(photo_names().size());
    const int count = made ? 6 : row == "border" || row == "most" ? 1 : options.per_photo;
    for (int photo = 0; photo < photos; ++photo)
        for (int i = 0; i < count; ++i)
            results.push_back(
                measure(made ? make_hard_scene(row, i) : make_scene(photo, i, scenes), options));
    const auto over_oracle = each(results, [](const Result& r) { return r.ours / r.oracle; });
    const auto over_naive = each(results, [](const Result& r) { return r.ours / r.naive; });
    if (row == "drift") {
        report.row("drift: error over the oracle's", "<= 1.3 median, <= 2.5 95th", over_oracle);
        report.row("drift: error over naive feathered paste", "<= 0.25", over_naive);
        report.row(
            "drift: error over OpenCV seamlessClone", "<= 0.25",
            each(results, [](const Result& r) { return r.clone < 0 ? -1 : r.ours / r.clone; }));
        report.row("drift: registration, px at the mask's corners", "0.05",
                   each(results, [](const Result& r) { return r.corner; }));
    } else if (row == "still") {
        report.row("no drift: error over naive paste", "<= 1.05", over_naive);
    } else if (row == "changed") {
        report.row("40 % of the context changed: error over the oracle's", "<= 1.5", over_oracle);
    } else {
        report.row(row + ": error over naive paste", "<= 1, and a reason", over_naive);
        report.row(row + ": error over the oracle's", "", over_oracle);
    }
    print_reasons(results);
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string arg = argv[i];
        const std::string next = i + 1 < argc ? argv[i + 1] : "";
        if (arg == "--rows") {
            options.rows.clear();
            std::stringstream list(next);
            for (std::string row; std::getline(list, row, ',');)
                options.rows.insert(row);
            ++i;
        } else if (arg == "--per-photo") {
            options.per_photo = std::max(1, std::atoi(next.c_str()));
            ++i;
        } else if (arg == "--json") {
            options.json = next;
            ++i;
        } else if (arg == "--no-clone") {
            options.clone = false;
        } else if (arg == "--each") {
            options.each = true;
        } else if (arg == "--no-membrane") {
            options.params.membrane = false;
        } else if (arg == "--no-grain") {
            options.params.grain = false;
        } else {
            fmt::print(stderr, "unknown option {}\n", arg);
            std::exit(2);
        }
    }
    return options;
}

} // namespace

int main(int argc, char** argv) {
    if (const auto status = codec::run_as_decoder(argc, argv)) return *status;
    const Options options = parse(argc, argv);
    Report report;
    fmt::print("| row | goal | measured |\n|---|---|---|\n");
    for (const char* row :
         {"drift", "still", "changed", "border", "most", "sky", "tiles", "stripes"})
        run_row(row, options, report);
    if (options.rows.contains("time"))
        for (const TimingRow& t : time_graft())
            report.row(t);
    if (!options.json.empty()) std::ofstream(options.json) << report.json();
}
