// Figures of photographs and their JPEG versions against the published implementations.
#include <gtest/gtest.h>

#include "codec/codec.h"
#include "compare/stats.h"
#include "image/convert.h"

namespace mw::compare {
namespace {

// Measured once on the shared photographs, as 8-bit RGB without a profile, against themselves after
// JPEG quality 70, 4:2:0, by libjpeg-turbo 2.1. FLIP: NVIDIA's own tool (NVlabs/flip,
// commit 1eb247ca), LDR, 67.02 pixels per degree: mean, first weighted quartile, weighted median,
// third. SSIM: scikit-image 0.19.3, structural_similarity of 0.2126 R + 0.7152 G + 0.0722 B in
// 0..1, gaussian_weights, sigma 1.5, use_sample_covariance False, the mean of the full map. PSNR:
// its peak_signal_noise_ratio of the RGB samples.
struct Reference {
    const char* name;
    double flip, flip_first, flip_median, flip_third, ssim, psnr;
};
constexpr Reference kReferences[] = {
    {"bench_dog_512.png", 0.051746, 0.045784, 0.058595, 0.072771, 0.966459, 34.36782},
    {"desk_laptop_1280.jpg", 0.040058, 0.036094, 0.050066, 0.066056, 0.982899, 40.59897},
    {"interior_living_room.png", 0.063157, 0.055837, 0.076094, 0.101867, 0.962712, 32.38374},
    {"kite_tail_1280.jpg", 0.050510, 0.046526, 0.063459, 0.082107, 0.974235, 38.66968},
    {"kitty_fur_1280.jpg", 0.036649, 0.040692, 0.061574, 0.080746, 0.939343, 33.05217},
    {"kodim23_parrots.png", 0.053078, 0.043823, 0.058416, 0.078870, 0.956234, 36.62991},
    {"motorcycle_1280.jpg", 0.056079, 0.049231, 0.065039, 0.083229, 0.943254, 32.66484},
};

TEST(Reference, FlipSsimAndPsnrOfPhotographs) {
    const std::filesystem::path folder = MW_SHARED_IMAGES_DIR "/photos";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the shared photographs are not here";
    for (const Reference& r : kReferences) {
        SCOPED_TRACE(r.name);
        const auto file = codec::decode_file(folder / r.name);
        ASSERT_TRUE(file);
        const image::Image a = image::convert(file->pixels.view(), image::kRgb8);
        codec::EncodeOptions options;
        options.jpeg_quality = 70;
        const auto jpeg = codec::encode(a.view(), {}, codec::FileFormat::jpeg, options);
        ASSERT_TRUE(jpeg);
        const auto back = codec::decode(*jpeg, "JPEG 70");
        ASSERT_TRUE(back);
        const auto s = compare(a.view(), back->pixels.view(), nullptr);
        ASSERT_TRUE(s);
        EXPECT_NEAR(s->all.flip_mean, r.flip, 1e-3);
        EXPECT_NEAR(s->all.flip_first_quartile, r.flip_first, 1e-3);
        EXPECT_NEAR(s->all.flip_median, r.flip_median, 1e-3);
        EXPECT_NEAR(s->all.flip_third_quartile, r.flip_third, 1e-3);
        EXPECT_NEAR(s->all.ssim, r.ssim, 1e-4);
        EXPECT_NEAR(s->all.psnr, r.psnr, 1e-4);
    }
}

} // namespace
} // namespace mw::compare
