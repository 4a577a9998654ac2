#include "peers.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/hash.h"

#ifdef MW_BENCH_OPENCV_PHOTO
#include <opencv2/photo.hpp>
#endif

namespace mw::bench {
namespace {

namespace fs = std::filesystem;

// Netpbm of whole 8-bit pictures: nothing is lost and next to no time.
void write_pnm(const fs::path& path, image::ImageView picture) {
    std::ofstream file(path, std::ios::binary);
    file << fmt::format("P{}\n{} {}\n255\n", picture.format.channels == 3 ? 6 : 5,
                        picture.size.width, picture.size.height);
    for (int y = 0; y < picture.size.height; ++y)
        file.write(reinterpret_cast<const char*>(picture.row_bytes(y)),
                   std::ptrdiff_t{picture.size.width} * picture.format.channels);
}

std::optional<image::Image> read_pnm(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string magic;
    int width = 0, height = 0, most = 0;
    // G'MIC writes a comment after the magic.
    const auto number = [&](int& v) {
        while ((file >> std::ws).peek() == '#')
            file.ignore(4096, '\n');
        file >> v;
    };
    file >> magic;
    number(width), number(height), number(most);
    file.get();
    if (!file || magic != "P6" || most != 255) return std::nullopt;
    image::Image picture({width, height}, image::kRgb8);
    file.read(reinterpret_cast<char*>(picture.bytes().data()),
              static_cast<std::streamsize>(picture.byte_count()));
    if (!file) return std::nullopt;
    return picture;
}

std::optional<Fill> by_program(const std::string& command, const Scene& scene,
                               const fs::path& folder) {
    write_pnm(folder / "in.ppm", scene.before.view());
    write_pnm(folder / "mask.pgm", scene.mask.view());
    const double cpu = cpu_seconds_now(), start = seconds_now();
    const int status =
        std::system(fmt::format("cd {} && {} >/dev/null 2>&1", folder.string(), command).c_str());
    Fill fill;
    fill.seconds = seconds_now() - start;
    fill.cpu_seconds = cpu_seconds_now() - cpu;
    auto picture = read_pnm(folder / "out.ppm");
    std::error_code ignored;
    fs::remove(folder / "out.ppm", ignored);
    if (status != 0 || !picture || picture->size() != scene.truth.size()) return std::nullopt;
    fill.picture = std::move(*picture);
    return fill;
}

#ifdef MW_BENCH_OPENCV_PHOTO
Fill by_opencv(int method, const Scene& scene) {
    const auto mat = [](image::ImageView v) {
        return cv::Mat(v.size.height, v.size.width, CV_8UC(v.format.channels),
                       const_cast<std::byte*>(v.data), static_cast<std::size_t>(v.stride));
    };
    Fill fill;
    cv::Mat out;
    const double cpu = cpu_seconds_now(), start = seconds_now();
    cv::inpaint(mat(scene.before.view()), mat(scene.mask.view()), out, 3, method);
    fill.seconds = seconds_now() - start;
    fill.cpu_seconds = cpu_seconds_now() - cpu;
    fill.picture = image::Image(scene.truth.size(), image::kRgb8);
    for (int y = 0; y < out.rows; ++y)
        std::memcpy(fill.picture.span().row_bytes(y), out.ptr(y),
                    static_cast<std::size_t>(out.cols) * 3);
    return fill;
}
#endif

std::optional<Fill> make(const std::string& peer, const Scene& scene) {
#ifdef MW_BENCH_OPENCV_PHOTO
    if (peer == "telea") return by_opencv(cv::INPAINT_TELEA, scene);
    if (peer == "navier-stokes") return by_opencv(cv::INPAINT_NS, scene);
#endif
    const fs::path shm = "/dev/shm";
    const fs::path folder = (fs::exists(shm) ? shm : fs::temp_directory_path()) /
                            fmt::format("bench-inpaint-{}", getpid());
    fs::create_directories(folder);
    const char* heal = std::getenv("MASKWRIGHT_RESYNTHESIZER");
    auto fill = peer == "gmic"
                    ? by_program("gmic in.ppm mask.pgm -inpaint_matchpatch[0] [1] -o[0] out.ppm",
                                 scene, folder)
                    : by_program(fmt::format("{} in.ppm mask.pgm out.ppm", heal ? heal : "false"),
                                 scene, folder);
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    return fill;
}

// The truth with what `part`, of the hole's bounds, has in the hole: some blend beyond it.
image::Image in_hole_only(image::ImageView part, const Scene& scene) {
    image::Image picture = image::clone(scene.truth.view());
    for (int y = 0; y < part.size.height; ++y)
        for (int x = 0; x < part.size.width; ++x) {
            const Point p{scene.bounds.x + x, scene.bounds.y + y};
            if (*scene.mask.view().pixel<std::uint8_t>(p.x, p.y) > 0)
                std::memcpy(picture.span().pixel<std::uint8_t>(p.x, p.y),
                            part.pixel<std::uint8_t>(x, y), 3);
        }
    return picture;
}

std::string key_of(const Scene& scene) {
    Sha256 hash;
    hash.update(scene.before.bytes());
    return hash.finish_hex().substr(0, 16);
}

} // namespace

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double cpu_seconds_now() {
    double sum = 0;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage usage{};
        getrusage(who, &usage);
        for (const timeval& t : {usage.ru_utime, usage.ru_stime})
            sum += static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    }
    return sum;
}

std::vector<std::string> peers_there() {
    std::vector<std::string> peers;
#ifdef MW_BENCH_OPENCV_PHOTO
    peers = {"telea", "navier-stokes"};
#endif
    if (std::system("command -v gmic >/dev/null 2>&1") == 0) peers.emplace_back("gmic");
    if (std::getenv("MASKWRIGHT_RESYNTHESIZER")) peers.emplace_back("resynthesizer");
    return peers;
}

std::optional<Fill> peer_fill(const std::string& peer, const Hole& hole, const Scene& scene,
                              const std::string& cache, bool again, bool cached) {
    const fs::path stem = fs::path(cache) / fmt::format("{}.{}.{}", hole.name, peer, key_of(scene));
    const fs::path pixels = stem.string() + ".ppm", times = stem.string() + ".txt";
    Fill fill;
    if (std::ifstream known(times); !again && known >> fill.seconds >> fill.cpu_seconds) {
        // The hole's bounds alone are kept.
        if (const auto part = read_pnm(pixels); part && part->size() == scene.bounds.size()) {
            fill.picture = image::clone(scene.truth.view());
            for (int y = 0; y < part->height(); ++y)
                std::memcpy(
                    fill.picture.span().pixel<std::uint8_t>(scene.bounds.x, scene.bounds.y + y),
                    part->view().row_bytes(y), static_cast<std::size_t>(part->stride()));
            return fill;
        }
    }
    if (cached && (peer == "gmic" || peer == "resynthesizer")) return std::nullopt;
    auto made = make(peer, scene);
    if (!made) return std::nullopt;
    fs::create_directories(cache);
    write_pnm(pixels, made->picture.view().sub(scene.bounds));
    std::ofstream(times) << made->seconds << ' ' << made->cpu_seconds << '\n';
    made->picture = in_hole_only(made->picture.view().sub(scene.bounds), scene);
    return made;
}

} // namespace mw::bench
