// bench_inpaint [--half tune|held] [--only NAME,NAME] [--seed N] [--cache DIR] [--again]
//               [--peers-only | --no-peers | --cached] [--sheets DIR] [--save DIR]
// Fills the holes of holes.h with this engine and its peers, and prints per hole and in sum how
// near to the truth they come and how long they take. Peers' fills are kept in the cache (default
// build/bench/inpaint-cache) and made again with --again; with --cached those of other programs
// are used as far as they are there. See bench/inpaint/README.md.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <sstream>

#include "codec/codec.h"
#include "inpaint/fill.h"
#include "peers.h"
#include "sheets.h"
#include "statistics.h"

namespace {

using namespace mw;
using namespace mw::bench;

struct Options {
    std::string half, cache = MW_CACHE_DIR, sheets, save;
    std::set<std::string> only;
    std::uint64_t seed = 1;
    bool again = false, peers_only = false, no_peers = false, cached = false;
};

struct Score {
    double flip = 0, texture = 0, seam = 0, seconds = 0, cpu_seconds = 0;
};

struct Row {
    const Hole* hole = nullptr;
    double part = 0, seam_truth = 0;
    std::map<std::string, Score> score; // by who; "ours" among them
};

Score judge(const Scene& scene, const Fill& fill) {
    return {flip_in_hole(scene, fill.picture.view()), texture_distance(scene, fill.picture.view()),
            seam_delta_e(scene, fill.picture.view()), fill.seconds, fill.cpu_seconds};
}

std::optional<Fill> ours(const Scene& scene, std::uint64_t seed) {
    inpaint::FillParams params;
    params.seed = seed;
    Fill fill;
    const double cpu = cpu_seconds_now(), start = seconds_now();
    auto result = inpaint::fill(scene.before.view(), scene.mask.view(), params, {}, {});
    fill.seconds = seconds_now() - start;
    fill.cpu_seconds = cpu_seconds_now() - cpu;
    if (!result) {
        fmt::print(stderr, "{}\n", result.error().message);
        return std::nullopt;
    }
    fill.picture = std::move(*result);
    return fill;
}

double median(std::vector<double> v) {
    if (v.empty()) return 0;
    std::sort(v.begin(), v.end());
    return v.size() % 2 ? v[v.size() / 2] : (v[v.size() / 2 - 1] + v[v.size() / 2]) / 2;
}

double most(const std::vector<double>& v) {
    return v.empty() ? 0 : *std::max_element(v.begin(), v.end());
}

// How often ours is better than `peer` among the rows, in per cent; and times over the peer's.
void print_sum(const std::string& title, const std::vector<const Row*>& rows,
               const std::vector<std::string>& peers) {
    if (rows.empty()) return;
    fmt::print("\n{}: {} holes\n", title, rows.size());
    fmt::print("  {:14} {:>6} {:>8} {:>5} | {:>13} {:>13} | {:>11} {:>8}\n", "against", "FLIP",
               "texture", "both", "median FLIP", "median text.", "time/theirs", "most");
    const auto values = [&](const std::string& who, double Score::*what) {
        std::vector<double> v;
        for (const Row* row : rows)
            if (const auto it = row->score.find(who); it != row->score.end())
                v.push_back(it->second.*what);
        return v;
    };
    fmt::print("  {:14} {:>6} {:>8} {:>5} | {:13.4f} {:13.4f} | {:9.2f} s {:6.2f} s\n", "(ours)",
               "", "", "", median(values("ours", &Score::flip)),
               median(values("ours", &Score::texture)), median(values("ours", &Score::seconds)),
               most(values("ours", &Score::seconds)));
    for (const std::string& peer : peers) {
        int n = 0, flip = 0, texture = 0, both = 0;
        std::vector<double> ratio;
        for (const Row* row : rows) {
            const auto theirs = row->score.find(peer), own = row->score.find("ours");
            if (theirs == row->score.end() || own == row->score.end()) continue;
            ++n;
            const bool nearer = own->second.flip < theirs->second.flip,
                       alike = own->second.texture < theirs->second.texture;
            flip += nearer, texture += alike, both += nearer && alike;
            ratio.push_back(own->second.cpu_seconds / theirs->second.cpu_seconds);
        }
        if (n == 0) continue;
        const auto percent = [&](int k) { return 100.0 * k / n; };
        fmt::print("  {:14} {:5.0f}% {:7.0f}% {:4.0f}% | {:13.4f} {:13.4f} | {:11.2f} {:8.2f}\n",
                   peer, percent(flip), percent(texture), percent(both),
                   median(values(peer, &Score::flip)), median(values(peer, &Score::texture)),
                   median(ratio), most(ratio));
    }
    for (const std::string& who : [&] {
             std::vector<std::string> all{"ours"};
             all.insert(all.end(), peers.begin(), peers.end());
             return all;
         }()) {
        std::vector<double> ratio;
        double sum = 0, truth = 0;
        int within = 0;
        for (const Row* row : rows) {
            const auto it = row->score.find(who);
            if (it == row->score.end()) continue;
            ratio.push_back(it->second.seam / std::max(row->seam_truth, 1e-6));
            within += ratio.back() <= 1.2;
            sum += it->second.seam, truth += row->seam_truth;
        }
        if (!ratio.empty())
            fmt::print(
                "  seam of {:14}: {:.2f} x the untouched picture's (sums), median {:.2f}, "
                "within 1.2 on {} of {}\n",
                who, sum / truth, median(ratio), within, ratio.size());
    }
}

int run(const Options& options) {
    const std::string photos = MW_SHARED_PHOTOS_DIR;
    if (!std::filesystem::exists(photos)) {
        fmt::print("The shared photographs are not there ({}); nothing to fill.\n", photos);
        return 0;
    }
    const std::vector<std::string> peers =
        options.no_peers ? std::vector<std::string>{} : peers_there();
    std::vector<Row> rows;
    std::vector<bool> tuning;
    for (std::size_t i = 0; i < holes().size(); ++i) {
        const Hole& hole = holes()[i];
        if (options.half == "tune" && !for_tuning(i)) continue;
        if (options.half == "held" && for_tuning(i)) continue;
        if (!options.only.empty() && !options.only.count(hole.name)) continue;
        const auto scene = load(hole, photos);
        if (!scene) continue;
        Row row;
        row.hole = &hole;
        row.part = scene->part;
        row.seam_truth = seam_delta_e(*scene, scene->truth.view());
        std::map<std::string, Fill> fills;
        for (const std::string& peer : peers)
            if (auto fill =
                    peer_fill(peer, hole, *scene, options.cache, options.again, options.cached))
                fills[peer] = std::move(*fill);
        if (!options.peers_only)
            if (auto fill = ours(*scene, options.seed)) fills["ours"] = std::move(*fill);
        for (const auto& [who, fill] : fills)
            row.score[who] = judge(*scene, fill);
        fmt::print("{:15} {:9} {:4.1f} %", hole.name, hole.kind, 100 * scene->part);
        for (const auto& [who, s] : row.score)
            fmt::print(" | {:.4} {:.4f} {:.4f} {:.2f} {:.1f}s", who, s.flip, s.texture,
                       s.seam / std::max(row.seam_truth, 1e-6), s.cpu_seconds);
        fmt::print("\n");
        std::fflush(stdout);
        if (!options.sheets.empty() && hole.sheet &&
            !write_sheet(options.sheets, hole, *scene, fills))
            return 1;
        if (!options.save.empty() && fills.count("ours")) {
            std::filesystem::create_directories(options.save);
            const Rect box = intersect(scene->bounds.grown(48), scene->truth.rect());
            if (!codec::save(options.save + "/" + hole.name + ".png",
                             fills["ours"].picture.view().sub(box), {}))
                return 1;
        }
        rows.push_back(std::move(row));
        tuning.push_back(for_tuning(i));
    }
    fmt::print("\nEach: FLIP, texture distance, seam over the untouched one's, CPU seconds.\n");
    std::map<std::string, std::vector<const Row*>> by_kind;
    std::vector<const Row*> all, held;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        by_kind[rows[i].hole->kind].push_back(&rows[i]);
        all.push_back(&rows[i]);
        if (!tuning[i]) held.push_back(&rows[i]);
    }
    if (options.peers_only) return 0;
    for (const auto& [kind, some] : by_kind)
        print_sum(kind, some, peers);
    print_sum("held out of tuning", held, peers);
    print_sum("all", all, peers);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (const auto status = codec::run_as_decoder(argc, argv)) return *status;
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto value = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string(); };
        if (word == "--half")
            options.half = value();
        else if (word == "--only") {
            std::stringstream list(value());
            for (std::string name; std::getline(list, name, ',');)
                options.only.insert(name);
        } else if (word == "--seed")
            options.seed = std::stoull(value());
        else if (word == "--cache")
            options.cache = value();
        else if (word == "--again")
            options.again = true;
        else if (word == "--peers-only")
            options.peers_only = true;
        else if (word == "--cached")
            options.cached = true;
        else if (word == "--no-peers")
            options.no_peers = true;
        else if (word == "--sheets")
            options.sheets = value();
        else if (word == "--save")
            options.save = value();
        else {
            fmt::print(stderr, "{}: not known; see the head of bench/inpaint/main.cpp\n", word);
            return 2;
        }
    }
    return run(options);
}
