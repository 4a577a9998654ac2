// The promise, on masks made to break it: one pixel, a 1-px checkerboard, noise, value 1 of 255, …
#include <gtest/gtest.h>

#include <filesystem>

#include "codec/codec.h"
#include "mask/mask_image.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

namespace fs = std::filesystem;

TEST(SharedMasks, NothingOutsideChanges) {
    const fs::path folder = fs::path(MW_SHARED_IMAGES_DIR) / "masks";
    if (!fs::is_directory(folder)) GTEST_SKIP() << "no shared masks beside this checkout";
    std::mt19937 random(17);
    int tried = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (!entry.path().filename().string().starts_with("any_768x512.")) continue;
        SCOPED_TRACE(entry.path().filename().string());
        const auto picture = codec::decode_file(entry.path());
        ASSERT_TRUE(picture) << picture.error().message;
        const mask::Mask full = mask::from_image(picture->pixels.view()).mask;
        // A part is small enough to try many formats; where it holds nothing, one that does.
        Rect part{200, 130, 200, 150};
        mask::Mask mask(part.size());
        mask.write(mask.rect(), full.read(part).view());
        if (mask.empty()) {
            part = {full.bounds().x - 7, full.bounds().y - 9, part.width, part.height};
            mask.write(mask.rect(), full.read(part).view());
        }
        if (mask.empty()) continue;
        for (int round = 0; round < 3; ++round, ++tried) {
            const image::PixelFormat format{int(1 + random() % 4),
                                            static_cast<image::SampleType>(round)};
            const image::Image source = noise(part.size(), format, random());
            GraftParams params;
            params.seam.feather_px = round * 4.0;
            params.do_register = round == 0;
            const auto plan = edit::plan_crop(part.size(), mask, {});
            ASSERT_TRUE(plan);
            const image::Image answer = noise(plan->crop.size(), image::kRgba8, random());
            const auto g = graft(source.view(), answer.view(), mask, *plan, params);
            ASSERT_TRUE(g) << g.error().message;
            expect_proved(source.view(), *g, mask);
        }
    }
    EXPECT_GT(tried, 20);
}

} // namespace
} // namespace mw::composite
