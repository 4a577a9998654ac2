// Peers that are programs: each does the same work on the same pictures, in the same run.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "compare/metrics.h"
#include "compare/pictures.h"
#include "compare/threshold.h"
#include "rows.h"
#include "table.h"

namespace mw::bench {
namespace {

std::string env(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

// What a command prints; empty when it fails to start.
std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
    if (!pipe) return text;
    char buffer[4096];
    while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, pipe))
        text.append(buffer, n);
    ::pclose(pipe);
    return text;
}

double children_seconds() {
    rusage u{};
    ::getrusage(RUSAGE_CHILDREN, &u);
    return double(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-6 * double(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

// Processor seconds of the quickest of three runs.
double cpu_of(const std::string& command, int rounds = 3) {
    double best = 1e300;
    for (int i = 0; i < rounds; ++i) {
        const double before = children_seconds();
        (void)output_of(command);
        best = std::min(best, children_seconds() - before);
    }
    return best;
}

void row(const std::string& name, double pixels, double ours, const std::string& peer,
         double theirs, double goal) {
    const auto rate = [&](double s) { return fmt::format("{:.4g} MPix/s", pixels / s / 1e6); };
    fmt::print("| {} | {} | {} {} | {:.1f} × | ≥ {:g} × |\n", name, rate(ours), peer, rate(theirs),
               theirs / ours, goal);
    std::fflush(stdout);
}

void write_raw(const image::Image& picture, const std::string& path) {
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(picture.bytes().data()),
              std::streamsize(picture.byte_count()));
}

void pixelmatch_rows(const Scene& scene, const std::string& folder) {
    const std::string modules = env("MASKWRIGHT_PIXELMATCH");
    if (modules.empty() || !wanted("perceptible")) return;
    write_raw(scene.a_rgba, folder + "/a.raw");
    write_raw(scene.b_rgba, folder + "/b.raw");
    for (const bool antialias : {false, true}) {
        const std::string text = output_of(
            fmt::format("node '{}/bench/compare/pixelmatch.js' '{}' '{}/a.raw' '{}/b.raw' {} {} {}",
                        MW_SOURCE_DIR, modules, folder, folder, scene.a.width(), scene.a.height(),
                        antialias ? 0 : 1));
        double theirs = 0;
        long long counted = 0;
        if (std::sscanf(text.c_str(), "%lf %lld", &theirs, &counted) != 2) continue;
        std::int64_t found = 0;
        image::Image picture(scene.a.size(), image::kRgb8); // theirs is there before, too
        const double ours = best_of(9, [&] {
            found = compare::threshold_picture_into(scene.a_rgba.view(), scene.b_rgba.view(),
                                                    {0.1, antialias}, {}, picture.span())
                        ->differing;
        });
        row(fmt::format("perceptible (YIQ) with picture, {}{}; {} pixels, theirs {}", scene.name,
                        antialias ? ", antialias test" : "", found, counted),
            double(scene.a.size().area()), ours, "pixelmatch", theirs / 1e3, antialias ? 15 : 30);
    }
}

void odiff_row(const Scene& scene, const std::string& folder, const std::string& a,
               const std::string& b) {
    const std::string odiff = env("MASKWRIGHT_ODIFF"), ours = env("MASKWRIGHT");
    if (odiff.empty() || ours.empty() || !wanted("process")) return;
    const double theirs = cpu_of(fmt::format("'{}' '{}' '{}' '{}/odiff.png'", odiff, a, b, folder));
    const double mine =
        cpu_of(fmt::format("'{}' compare '{}' '{}' --metric yiq "
                           "--threshold-picture '{}/ours.png' --overwrite",
                           ours, a, b, folder));
    row(fmt::format("whole process, PNG to PNG, processor time, {}", scene.name),
        double(scene.a.size().area()), mine, "odiff", theirs, 2);
}

void imagemagick_row(const Scene& scene, const std::string& folder) {
    if (!wanted("ImageMagick") || output_of("convert -version").empty()) return;
    const std::string size = fmt::format("-depth 8 -size {}x{}", scene.a.width(), scene.a.height());
    write_raw(scene.a, folder + "/a.rgb");
    write_raw(scene.b, folder + "/b.rgb");
    const std::string pair = fmt::format("{} 'rgb:{}/a.rgb' 'rgb:{}/b.rgb'", size, folder, folder);
    const std::string limits = "MAGICK_THREAD_LIMIT=1 ";
    const double read = cpu_of(limits + "convert " + pair + " null:");
    const double all = cpu_of(limits + "compare -metric PSNR " + pair + " null:");
    compare::CompareParams plain;
    plain.metrics = {false, false, false, false};
    const double ours =
        best_of(9, [&] { (void)compare::compare(scene.a.view(), scene.b.view(), nullptr, plain); });
    row("count, max, RMSE, PSNR; RGB (reading taken off)", double(scene.a.size().area()), ours,
        "ImageMagick", all - read, 50);
}

void flip_row(const Scene& scene, const std::string& folder, const std::string& a,
              const std::string& b) {
    const std::string tool = env("MASKWRIGHT_NV_FLIP");
    if (tool.empty() || !wanted("FLIP, map")) return;
    // Its reading of the two files counts, a fiftieth of the whole.
    const double theirs = cpu_of(fmt::format("OMP_NUM_THREADS=1 '{}' -r '{}' -t '{}' -d '{}' -nexm "
                                             "-nerm -v 0",
                                             tool, a, b, folder),
                                 1);
    const double ours =
        best_of(3, [&] { (void)compare::flip_map(scene.a.view(), scene.b.view(), 67.0206); });
    row("FLIP, map", double(scene.a.size().area()), ours, "NVIDIA", theirs, 10);
}

void skimage_row(const Scene& scene, const std::string& folder) {
    const std::string python = env("MASKWRIGHT_SKIMAGE");
    if (python.empty() || !wanted("CIEDE2000, map")) return;
    write_raw(scene.a, folder + "/a.rgb");
    write_raw(scene.b, folder + "/b.rgb");
    const std::string program = fmt::format(
        "import numpy as np, time; from skimage.color import rgb2lab, deltaE_ciede2000 as d; "
        "s=({1},{0},3); a=np.fromfile(\"{2}/a.rgb\",np.uint8).reshape(s)[:540]; "
        "b=np.fromfile(\"{2}/b.rgb\",np.uint8).reshape(s)[:540]; t=time.process_time(); "
        "d(rgb2lab(a),rgb2lab(b)); print((time.process_time()-t)*{1}/540)",
        scene.a.width(), scene.a.height(), folder);
    const std::string text = output_of(
        fmt::format("OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 '{}' -c '{}'", python, program));
    const double theirs = std::atof(text.c_str());
    if (theirs <= 0) return;
    const double ours = best_of(3, [&] {
        (void)compare::heat_map(scene.a.view(), scene.b.view(), {compare::Metric::delta_e});
    });
    row("CIEDE2000, map, ours with the heat picture", double(scene.a.size().area()), ours,
        "scikit-image", theirs, 20);
}

} // namespace

void process_rows(const Scene& jpeg, const Scene& edit) {
    const std::string folder =
        (std::filesystem::temp_directory_path() / fmt::format("bench-compare-{}", ::getpid()))
            .string();
    std::filesystem::create_directories(folder);
    pixelmatch_rows(jpeg, folder);
    pixelmatch_rows(edit, folder);
    imagemagick_row(jpeg, folder);
    skimage_row(jpeg, folder);
    // odiff writes nothing where nothing is over the threshold, so it is given the redrawn part.
    const auto [edit_a, edit_b] = write_png(edit, folder);
    odiff_row(edit, folder, edit_a, edit_b);
    const auto [a, b] = write_png(jpeg, folder);
    flip_row(jpeg, folder, a, b);
    std::filesystem::remove_all(folder);
}

} // namespace mw::bench
