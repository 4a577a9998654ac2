// The steps of the main job on the sample, each beside a peer: opening against stb_image in this
// process, the graft and the figures against a plain copy of the picture (what touching every byte
// costs).
#include <benchmark/benchmark.h>
#include <stb_image.h>
#include <cmath>
#include <cstring>

#include "codec/codec.h"
#include "compare/stats.h"
#include "composite/graft.h"
#include "edit/backend.h"
#include "mask/brush.h"
#include "mask/mask_image.h"
#include "provider/builtin_backend.h"

namespace {

using namespace mw;

const char* const kSample = MW_SOURCE_DIR "/assets/sample/still_life.png";
const char* const kMask = MW_SOURCE_DIR "/assets/sample/still_life.mask.png";

struct Scene {
    image::Image picture = std::move(codec::decode_file(kSample)->pixels);
    mask::Mask mask = mask::from_image(codec::decode_file(kMask)->pixels.view()).mask;
    edit::CropPlan plan = *edit::plan_crop(picture.size(), mask, {});
    image::Image answer = edit::extract_crop(picture.view(), plan);
};

const Scene& scene() {
    static const Scene loaded;
    return loaded;
}

void open_sample(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(codec::decode_file(kSample));
}
BENCHMARK(open_sample)->Unit(benchmark::kMillisecond);

void open_sample_peer_stb_image(benchmark::State& state) {
    const auto bytes = read_file(kSample);
    for (auto _ : state) {
        int width = 0, height = 0, channels = 0;
        auto* pixels =
            stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes->data()),
                                  static_cast<int>(bytes->size()), &width, &height, &channels, 0);
        benchmark::DoNotOptimize(pixels);
        stbi_image_free(pixels);
    }
}
BENCHMARK(open_sample_peer_stb_image)->Unit(benchmark::kMillisecond);

void graft_with_proof(benchmark::State& state) {
    const Scene& s = scene();
    for (auto _ : state)
        benchmark::DoNotOptimize(
            composite::graft(s.picture.view(), s.answer.view(), s.mask, s.plan));
}
BENCHMARK(graft_with_proof)->Unit(benchmark::kMillisecond);

void count_and_psnr(benchmark::State& state) {
    const Scene& s = scene();
    compare::CompareParams params;
    params.metrics = {false, false, false};
    for (auto _ : state)
        benchmark::DoNotOptimize(
            compare::compare(s.picture.view(), s.picture.view(), &s.mask, params));
}
BENCHMARK(count_and_psnr)->Unit(benchmark::kMillisecond);

void copy_picture_peer_memcpy(benchmark::State& state) {
    const Scene& s = scene();
    image::Image copy(s.picture.size(), s.picture.format());
    for (auto _ : state) {
        std::memcpy(copy.bytes().data(), s.picture.bytes().data(), copy.byte_count());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(copy_picture_peer_memcpy)->Unit(benchmark::kMillisecond);

void stroke(benchmark::State& state) {
    mask::Brush brush;
    brush.radius_px = static_cast<double>(state.range(0));
    std::vector<mask::StrokeSample> samples;
    for (int i = 0; i < 400; ++i)
        samples.push_back({200 + i * 4.7, 800 + 300 * std::sin(i * 0.05), 1, i / 120.0});
    for (auto _ : state)
        benchmark::DoNotOptimize(mask::paint_stroke(mask::Mask({2304, 1728}), brush, samples));
}
BENCHMARK(stroke)->Arg(10)->Arg(100)->Arg(500)->Unit(benchmark::kMillisecond);

void remove_brick(benchmark::State& state) {
    const Scene& s = scene();
    const auto backend = provider::make_builtin_backend();
    const auto model = backend->models().front();
    const edit::PlanParams params = edit::default_plan(model);
    const edit::PlannedPart part{s.mask,
                                 *edit::plan_crop(s.picture.size(), s.mask, model.size, params)};
    const auto request =
        edit::make_request(s.picture.view(), {}, part, model, "remove the brick", {}, params);
    for (auto _ : state)
        benchmark::DoNotOptimize(backend->run(*request, {}, {}));
}
BENCHMARK(remove_brick)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char** argv) {
    if (const auto status = mw::codec::run_as_decoder(argc, argv)) return *status;
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
