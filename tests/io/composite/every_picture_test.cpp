// The promise on every picture, format, depth and mask of the shared corpus: an answer that drifted
// is grafted, and not one sample outside the declared region is another than before.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <random>

#include "codec/codec.h"
#include "composite/graft.h"
#include "image/convert.h"
#include "mask/mask_image.h"
#include "mask/refine.h"
#include "mask/shapes.h"
#include "support/instrumented.h"

namespace mw::composite {
namespace {

namespace fs = std::filesystem;
using image::Image;

// Pixels from which one mask is enough, and which are left to the run without instruments.
constexpr std::int64_t kLarge = kInstrumented ? 500'000 : 6'000'000;
constexpr std::int64_t kTooLarge = kInstrumented ? 4'000'000 : 1'000'000'000;

struct Named {
    std::string name;
    mask::Mask mask;
};

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && entry.path().extension() != ".icc")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

// What a model hands back for the crop: 8 bits, moved by two pixels, warmer, noisy, and something
// new in the middle.
Image drifted(const Image& sent, std::mt19937& random) {
    Image out(sent.size(), {sent.format().color_channels(), image::SampleType::u8});
    const Image opaque = image::convert(sent.view(), out.format());
    const int n = out.format().channels;
    const Rect thing{sent.width() * 2 / 5, sent.height() * 2 / 5, sent.width() / 5 + 1,
                     sent.height() / 5 + 1};
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x) {
            const auto* from =
                opaque.view().pixel<std::uint8_t>(std::max(x - 2, 0), std::max(y - 1, 0));
            auto* to = out.span().pixel<std::uint8_t>(x, y);
            for (int c = 0; c < n; ++c) {
                const int value = thing.contains(Point{x, y}) ? 60 + 70 * c : from[c] + 5 - 4 * c;
                to[c] =
                    static_cast<std::uint8_t>(std::clamp(value + int(random() % 5) - 2, 0, 255));
            }
        }
    return out;
}

// Not by the code under test: bytes that differ where `declared` is 0, and alpha that differs.
std::int64_t broken(image::ImageView source, const Patch& patch, const mask::Mask& declared) {
    const Image result = apply(source, patch);
    const int pixel = source.format.bytes(), sample = image::sample_bytes(source.format.type);
    std::int64_t count = 0;
    for (int y = 0; y < source.size.height; ++y) {
        const std::byte* a = source.row_bytes(y);
        const std::byte* b = result.view().row_bytes(y);
        if (std::memcmp(a, b, std::size_t(source.size.width) * std::size_t(pixel)) == 0) continue;
        const Image covered = declared.read({0, y, source.size.width, 1});
        for (int x = 0; x < source.size.width; ++x, a += pixel, b += pixel) {
            const bool inside = *covered.view().pixel<std::uint8_t>(x, 0) != 0;
            const int from = inside ? (source.format.has_alpha() ? pixel - sample : pixel) : 0;
            count += std::memcmp(a + from, b + from, std::size_t(pixel - from)) != 0;
        }
    }
    return count;
}

struct Tally {
    int pictures = 0, grafts = 0, changed = 0;
};

void try_one(const codec::Picture& picture, const Named& named, Tally& tally) {
    SCOPED_TRACE(named.name);
    if (named.mask.empty()) return;
    std::mt19937 random(static_cast<unsigned>(tally.grafts));
    const image::DisplayTransform view(picture.color, picture.color ? 0.5 : 0);
    GraftParams params;
    params.seam.kind = tally.grafts % 3 == 2 ? SeamKind::fitting : SeamKind::fade;
    params.seam.reach_out_px = tally.grafts % 4 == 3 ? 5 : 0;
    edit::PlanParams wanted;
    wanted.context_px = 64;
    const auto plan = edit::plan_crop(picture.pixels.size(), named.mask, {}, wanted);
    ASSERT_TRUE(plan) << plan.error().message;
    const Image sent = view.to_display(edit::extract_crop(picture.pixels.view(), *plan).view(),
                                       image::SampleType::u8);
    const Image answer = drifted(sent, random);
    const auto g = graft(picture.pixels.view(), answer.view(), named.mask, *plan, params, view);
    ASSERT_TRUE(g) << g.error().message;
    const mask::Mask declared = params.seam.reach_out_px > 0
                                    ? mask::grow(named.mask, params.seam.reach_out_px)
                                    : named.mask;
    EXPECT_EQ(broken(picture.pixels.view(), g->patch, declared), 0);
    EXPECT_EQ(g->report.changed_outside_mask, 0);
    EXPECT_EQ(g->report.outside_sha256, g->report.outside_sha256_before);
    ++tally.grafts;
    tally.changed += g->report.changed_inside_mask > 0;
}

void try_all(const std::string& folder, const std::vector<Named>& masks, Tally& tally) {
    for (const fs::path& file : files_in(fs::path(MW_SHARED_IMAGES_DIR) / folder)) {
        SCOPED_TRACE(file.filename().string());
        const auto picture = codec::decode_file(file);
        if (!picture) continue; // formats that are not read, which other tests name
        const Size size = picture->pixels.size();
        ++tally.pictures;
        if (size.area() > kTooLarge) continue;
        std::vector<Named> fitting;
        for (const Named& m : masks)
            if (m.mask.size() == size) fitting.push_back(m);
        if (fitting.empty() || size.area() > kLarge) {
            const double r = std::clamp(0.25 * std::min(size.width, size.height), 0.7, 200.0);
            fitting = {{"disc", mask::ellipse(size, {0.5 * size.width - r, 0.5 * size.height - r,
                                                     2 * r, 2 * r})}};
        }
        for (const Named& m : fitting)
            try_one(*picture, m, tally);
    }
}

TEST(EveryPicture, NothingOutsideTheMaskChanges) {
    const fs::path corpus(MW_SHARED_IMAGES_DIR);
    if (!fs::is_directory(corpus)) GTEST_SKIP() << "no shared corpus beside the repository";
    std::vector<Named> masks;
    for (const fs::path& file : files_in(corpus / "masks"))
        if (const auto picture = codec::decode_file(file))
            masks.push_back(
                {file.filename().string(), mask::from_image(picture->pixels.view()).mask});
    Tally tally;
    try_all("photos", masks, tally);
    try_all("formats", masks, tally);
    fmt::print("{} pictures, {} grafts, {} of them changed something\n", tally.pictures,
               tally.grafts, tally.changed);
    EXPECT_GT(tally.pictures, 80);
    EXPECT_GT(tally.grafts, 100);
    EXPECT_GT(tally.changed, tally.grafts * 8 / 10);
}

} // namespace
} // namespace mw::composite
