#include <fmt/format.h>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <functional>

#include "peers.h"
#include "rows.h"
#include "scenes.h"
#include "select/scissors.h"
#include "select/wand.h"
#include "table.h"

namespace mw::bench {
namespace {

struct Kind {
    const char* name;
    image::Image (*make)(int side, int channels);
    double goal;
};
constexpr Kind kKinds[] = {{"flat", flat_scene, 4},
                           {"large region", large_scene, 2.5},
                           {"labyrinth", labyrinth_scene, 1.5},
                           {"speck", speck_scene, 1}};

// Seconds of this thread on a core: what others do on a busy machine is not counted.
double cpu_seconds(const std::function<void()>& work) {
    const auto now = [] {
        timespec t{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
    };
    const double start = now();
    work();
    return now() - start;
}

void row(const Kind& kind, int side, int channels) {
    const std::string name =
        fmt::format("flood, {}, {} {} x {}", kind.name, channels == 1 ? "grey" : "RGB", side, side);
    if (!wanted(name)) return;
    const image::Image picture = kind.make(side, channels);
    const bool middle = kind.make == speck_scene;
    select::WandParams params;
    params.at = middle ? Point{side / 2, side / 2} : Point{5, 5};
    params.tolerance = 10;
    params.measure = select::ColorMeasure::rgb;
    params.antialias = false;
    std::int64_t ours = 0, theirs = 0;
    CvFlood peer(picture.view());
    double our_time = 1e300, peer_time = 1e300;
    for (int i = 0; i < (side > 8000 ? 3 : 9); ++i) {
        our_time = std::min(our_time, cpu_seconds([&] {
                                const auto mask = select::magic_wand(picture.view(), params);
                                if (i == 0) ours = mask->support_area();
                            }));
        peer.clear();
        if (opencv_available())
            peer_time = std::min(peer_time, cpu_seconds([&] { theirs = peer.run(params.at, 10); }));
    }
    const double amount = double(side) * side / 1e6;
    if (opencv_available())
        fmt::print(
            "| {} | {:.4g} MPix/s ({:.3g} ms) | OpenCV {:.4g} MPix/s | {:.1f} ×{} | ≥ {:g} × |\n",
            name, amount / our_time, our_time * 1e3, amount / peer_time, peer_time / our_time,
            ours == theirs ? "" : " NOT THE SAME", kind.goal);
    else
        fmt::print("| {} | {:.4g} MPix/s ({:.3g} ms) | – | – | ≥ {:g} × |\n", name,
                   amount / our_time, our_time * 1e3, kind.goal);
}

} // namespace

void flood_rows() {
    for (const int side : {4096, 16384})
        for (const int channels : {1, 3})
            for (const Kind& kind : kKinds)
                row(kind, side, channels);
}

void scissors_rows() {
    if (!wanted("scissors")) return;
    Rect box;
    const image::Image picture = object_scene(1024, box);
    CvScissors peer(picture.view());
    const Point anchor{768, 512};
    for (const Point target : {Point{740, 610}, Point{560, 740}}) {
        const std::string name =
            fmt::format("scissors 1024 x 1024, new picture, anchor to a pointer {} px away",
                        static_cast<int>(std::hypot(target.x - anchor.x, target.y - anchor.y)));
        run({name, 1, "paths",
             [&] {
                 select::Scissors scissors(picture.view());
                 scissors.set_anchor(anchor);
                 if (!scissors.path_to(target)) std::abort();
             },
             opencv_available() ? "OpenCV, features and map," : "",
             opencv_available() ? std::function<void()>([&] {
                 peer.apply();
                 peer.build(anchor);
             })
                                : nullptr,
             10});
    }
    select::Scissors scissors(picture.view());
    scissors.set_anchor(anchor);
    if (!scissors.path_to({0, 0})) std::abort();
    run({"scissors 1024 x 1024, new anchor in a known picture, pointer 307 px away", 1, "paths",
         [&] {
             scissors.set_anchor(anchor);
             if (!scissors.path_to({560, 740})) std::abort();
         },
         opencv_available() ? "OpenCV, map," : "",
         opencv_available() ? std::function<void()>([&] { peer.build(anchor); }) : nullptr, 10});
}

} // namespace mw::bench
