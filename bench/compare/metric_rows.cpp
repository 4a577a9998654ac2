// In one process: ours and OpenCV, turn about.
#include <fmt/format.h>

#include "base/parallel.h"
#include "compare/metrics.h"
#include "compare/pictures.h"
#include "compare/threshold.h"
#include "mask/shapes.h"
#include "peers.h"
#include "rows.h"
#include "table.h"

namespace mw::bench {
namespace {

double megapixels(const Scene& s) {
    return double(s.a.size().area()) / 1e6;
}

compare::CompareParams only(bool delta_e, bool ssim, bool flip, bool threshold = false) {
    compare::CompareParams params;
    params.metrics = {delta_e, ssim, flip, threshold};
    return params;
}

void figures(const std::string& name, const Scene& scene, image::ImageView a, image::ImageView b,
             const compare::CompareParams& params, const mask::Mask* mask = nullptr) {
    Contest c{name, megapixels(scene), "MPix", [&] { (void)compare::compare(a, b, mask, params); },
              "",   nullptr,           0,      3};
    run(c);
}

} // namespace

void metric_rows(const Scene& jpeg, const Scene& edit) {
    const auto cv = [&](image::ImageView a, image::ImageView b) -> std::function<void()> {
        if (!opencv_available()) return nullptr;
        return [=] { (void)cv_psnr(a, b); };
    };
    const compare::CompareParams plain = only(false, false, false);
    run({"count, max, RMSE, PSNR; grey", megapixels(jpeg), "MPix",
         [&] { (void)compare::compare(jpeg.a_grey.view(), jpeg.b_grey.view(), nullptr, plain); },
         "OpenCV PSNR", cv(jpeg.a_grey.view(), jpeg.b_grey.view()), 2, 9});
    run({"count, max, RMSE, PSNR; RGB", megapixels(jpeg), "MPix",
         [&] { (void)compare::compare(jpeg.a.view(), jpeg.b.view(), nullptr, plain); },
         "OpenCV PSNR", cv(jpeg.a.view(), jpeg.b.view()), 2, 9});
    const mask::Mask mask = mask::ellipse(jpeg.a.size(), {900, 500, 2000, 1200});
    figures("count, max, RMSE, PSNR; RGB with a mask", jpeg, jpeg.a.view(), jpeg.b.view(), plain,
            &mask);
    figures("count, max, RMSE, PSNR; RGB, a part redrawn", edit, edit.a.view(), edit.b.view(),
            plain);
    std::function<void()> quality;
    if (opencv_quality_available())
        quality = [&] { (void)cv_ssim_map(jpeg.a_grey.view(), jpeg.b_grey.view()); };
    run({"SSIM with map, grey", megapixels(jpeg), "MPix",
         [&] { (void)compare::ssim_map(jpeg.a_grey.view(), jpeg.b_grey.view()); }, "OpenCV quality",
         quality, 4, 3});
    figures("SSIM, figures, RGB", jpeg, jpeg.a.view(), jpeg.b.view(), only(false, true, false));
    figures("CIEDE2000, figures, RGB", jpeg, jpeg.a.view(), jpeg.b.view(),
            only(true, false, false));
    figures("FLIP, figures, RGB", jpeg, jpeg.a.view(), jpeg.b.view(), only(false, false, true));
    figures("everything, a part redrawn, with a mask", edit, edit.a.view(), edit.b.view(),
            only(true, true, true, true), &mask);
    const int threads = parallel_threads();
    set_parallel_threads(2);
    const auto both = [&](const std::string& name, const compare::CompareParams& params) {
        if (!wanted(name)) return;
        double least = 1e300;
        for (int i = 0; i < 3; ++i)
            least =
                std::min(least, wall([&] {
                             (void)compare::compare(jpeg.a.view(), jpeg.b.view(), nullptr, params);
                         }));
        print_figure(name, fmt::format("{:.4g} MPix/s", megapixels(jpeg) / least), "–");
    };
    both("both cores: count, max, RMSE, PSNR; RGB", plain);
    both("both cores: SSIM", only(false, true, false));
    both("both cores: CIEDE2000", only(true, false, false));
    both("both cores: FLIP", only(false, false, true));
    set_parallel_threads(threads);
}

} // namespace mw::bench
