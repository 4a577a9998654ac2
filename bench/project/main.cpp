// bench_project PICTURE N [SIDE]: makes a project of N iterations in a chain, each an answer of
// SIDE pixels grafted somewhere, and says what opening it costs and what it weighs; a second
// process
// (--open) measures the memory.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <random>

#include "mask/shapes.h"
#include "project/pack.h"
#include "project/replay.h"

using namespace mw;

namespace {

double since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
        .count();
}

double resident_mb() {
    std::ifstream file("/proc/self/statm");
    long pages = 0, resident = 0;
    file >> pages >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// Opens and makes the picture that is shown.
void open(const char* path) {
    std::vector<double> times;
    double rss = 0, most = 0;
    for (int i = 0; i < 5; ++i) {
        const auto start = std::chrono::steady_clock::now();
        auto opened = project::Store::open(path);
        if (!opened) {
            fmt::print("{}\n", opened.error().message);
            return;
        }
        (void)opened->document->tree.picture(opened->document->shown);
        times.push_back(since(start));
        rss = resident_mb();
        opened->store.reset();
    }
    std::sort(times.begin(), times.end());
    struct rusage usage {};
    ::getrusage(RUSAGE_SELF, &usage);
    most = static_cast<double>(usage.ru_maxrss) / 1e3;
    fmt::print(
        "{}: open and show {:.0f} ms (median of 5, least {:.0f}), resident {:.0f} MB, most "
        "{:.0f} MB\n",
        path, times[2], times[0], rss, most);
}

// N answers, each an island of `side` pixels; the patch and what it was made from are real, the
// pixels of the answer are the picture's own with noise.
int make(const char* picture_path, int count, int side, const std::string& out) {
    auto picture = codec::decode_file(picture_path);
    if (!picture) return fmt::print("{}\n", picture.error().message), 1;
    project::Document document(picture_path, std::move(*picture));
    const Size size = document.mask.size();
    std::error_code ignored;
    std::filesystem::remove(out, ignored);
    auto store = project::Store::create(out, document);
    if (!store) return fmt::print("{}\n", store.error().message), 1;
    project::Recorder recorder(document);
    std::mt19937 random(1);
    std::uint64_t answers = 0, patches = 0, packed = 0;
    double write_ms = 0;
    image::Image now = image::clone(document.tree.picture(0)->view());
    for (int i = 0; i < count; ++i) {
        const Rect rect{static_cast<int>(random() % static_cast<unsigned>(size.width - side)),
                        static_cast<int>(random() % static_cast<unsigned>(size.height - side)),
                        side, side};
        const mask::Mask mask =
            mask::ellipse(size, {double(rect.x), double(rect.y), double(side), double(side)});
        image::Image answer = image::clone(now.view().sub(rect));
        for (std::byte& b : answer.bytes())
            b = static_cast<std::byte>((std::to_integer<unsigned>(b) + random() % 9) & 0xff);
        auto file = codec::encode(answer.view(), {}, codec::FileFormat::png);
        if (!file) return 1;
        auto request = std::make_shared<edit::EditRequest>();
        request->id = edit::new_request_id();
        request->prompt = fmt::format("iteration {}", i + 1);
        request->plan.crop = rect;
        request->plan.request_size = rect.size();
        answers += file->size();
        auto graft = composite::graft(now.view(), answer.view(), mask, request->plan);
        if (!graft) return fmt::print("{}\n", graft.error().message), 1;
        composite::lay(now.span(), graft->patch);
        patches += graft->patch.pixels->bytes().size();
        packed += project::pack_image(graft->patch.pixels->view()).size();
        project::Iteration it;
        it.parent = document.base;
        it.prompt = request->prompt;
        it.mask = mask;
        it.parts =
            std::vector<edit::AnsweredPart>{{request, mask, {std::move(*file), "image/png"}}};
        it.patch = std::move(graft->patch);
        it.report = std::move(graft->report);
        it.standing = project::Standing::accepted;
        document.base = document.shown = document.tree.add(std::move(it));
        const auto start = std::chrono::steady_clock::now();
        if (auto ok = (*store)->write(recorder.take(document)); !ok)
            return fmt::print("{}\n", ok.error().message), 1;
        write_ms += since(start);
    }
    if (auto ok = (*store)->close(); !ok) return 1;
    const auto bytes = std::filesystem::file_size(out);
    const auto original = std::filesystem::file_size(picture_path);
    fmt::print(
        "{} iterations: file {:.1f} MB; original {:.1f}, answers {:.1f}, patches {:.1f} "
        "packed ({:.1f} plain): {:.3f} x (original + answers + packed patches), what is "
        "beside is {:.3f} x the packed patches; {:.1f} ms a write\n",
        count, bytes / 1e6, original / 1e6, answers / 1e6, packed / 1e6, patches / 1e6,
        double(bytes) / double(original + answers + packed),
        double(bytes - original - answers) / double(packed), write_ms / count);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (const auto status = codec::run_as_decoder(argc, argv)) return *status;
    if (argc == 3 && std::strcmp(argv[1], "--open") == 0) return open(argv[2]), 0;
    if (argc < 3) return fmt::print("bench_project PICTURE N [SIDE] [OUT] | --open PROJECT\n"), 2;
    return make(argv[1], std::atoi(argv[2]), argc > 3 ? std::atoi(argv[3]) : 256,
                argc > 4 ? argv[4] : "/tmp/bench.mwr");
}
