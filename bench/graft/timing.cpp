#include "graft/timing.h"

#include <algorithm>
#include <chrono>

#include "composite/graft.h"
#include "graft/peers.h"
#include "mask/shapes.h"

namespace mw::bench {
namespace {

template <class Work>
double best_of(int times, const Work& work) {
    double best = 1e9;
    for (int i = 0; i < times; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        best = std::min(
            best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

// One megapixel of the street, a disc of a quarter of it to be edited.
Scene megapixel(bool only_shifted) {
    Scene scene = make_scene(16, 1, {true, 0, SceneOptions::Shape::megapixel});
    if (!only_shifted) return scene;
    std::mt19937 random(3);
    Drift drift;
    drift.dx = 3.37;
    drift.dy = -2.61;
    drift.noise = 1;
    scene.drift = drift;
    const image::Image wide =
        image::extract_reflected(scene.ideal.view(), Rect::of(scene.ideal.size()).grown(kMargin));
    scene.answer = answer_of(wide.view(), kMargin, drift, random);
    return scene;
}

edit::CropPlan whole(Size size) {
    return {Rect::of(size), size, 1, false, {}};
}

composite::Registration registered(const Scene& scene, double& seconds) {
    composite::GraftParams params;
    params.match_color = params.membrane = params.grain = params.prove = false;
    composite::Registration found;
    seconds = 1e9;
    for (int i = 0; i < 5; ++i) {
        const auto graft = composite::graft(scene.source.view(), scene.answer.view(), scene.mask,
                                            whole(scene.source.size()), params);
        found = graft->report.registration;
        seconds = std::min(seconds, graft->report.seconds.at("register"));
    }
    return found;
}

double error_of(const Scene& scene, const composite::Registration& r) {
    const double m[2][2] = {{r.xx, r.xy}, {r.yx, r.yy}};
    return worst_corner(scene, m, r.dx, r.dy);
}

} // namespace

std::vector<TimingRow> time_graft() {
    std::vector<TimingRow> rows;
    const Scene scene = megapixel(false), shifted = megapixel(true);
    TimingRow all{"1 MP, all steps, over OpenCV ECC + seamlessClone", "<= 0.5", 0, 0, 0, 0};
    all.ours = best_of(3, [&] {
        (void)composite::graft(scene.source.view(), scene.answer.view(), scene.mask,
                               whole(scene.source.size()));
    });
    const double clone = best_of(2, [&] { (void)seamless_clone(scene); });
    Motion ecc{1e9, 0}, phase{1e9, 0};
    for (int i = 0; i < 3; ++i) {
        const Motion m = ecc_affine(scene);
        ecc = {std::min(ecc.seconds, m.seconds), m.error};
    }
    for (int i = 0; i < 5; ++i) {
        const Motion m = phase_correlation(shifted);
        phase = {std::min(phase.seconds, m.seconds), m.error};
    }
    all.peer = clone + ecc.seconds;
    rows.push_back(all);
    TimingRow affine{"registration 1 MP, drift, over ECC affine", "<= 0.2", 0, 0, 0, 0};
    const auto found = registered(scene, affine.ours);
    affine.our_error = error_of(scene, found);
    affine.peer = ecc.seconds;
    affine.peer_error = ecc.error;
    rows.push_back(affine);
    TimingRow shift{"registration 1 MP, a shift, over phase correlation", "<= 0.29", 0, 0, 0, 0};
    const auto moved = registered(shifted, shift.ours);
    shift.our_error = error_of(shifted, moved);
    shift.peer = phase.seconds;
    shift.peer_error = phase.error;
    rows.push_back(shift);
    return rows;
}

} // namespace mw::bench
