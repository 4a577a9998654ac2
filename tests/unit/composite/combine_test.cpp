#include "composite/combine.h"

#include <gtest/gtest.h>

#include <random>

#include "mask/shapes.h"

namespace mw::composite {
namespace {

image::Image noise(Size size, image::PixelFormat format, unsigned seed) {
    std::mt19937 random(seed);
    image::Image picture(size, format);
    for (std::byte& b : picture.bytes())
        b = static_cast<std::byte>(random() & 0x3f); // small: no float is a NaN
    return picture;
}

class CombineOf : public testing::TestWithParam<image::PixelFormat> {};

// Against the rule read pixel by pixel: every one is base's, a's or b's own bits.
TEST_P(CombineOf, TakesEachPixelFromOneOfThem) {
    const Size size{71, 53};
    const image::PixelFormat format = GetParam();
    const image::Image base = noise(size, format, 1), a = noise(size, format, 2),
                       b = noise(size, format, 3);
    mask::Mask in_a(size), in_b(size);
    std::mt19937 random(4);
    image::Image cover_a(size, image::kGray8), cover_b(size, image::kGray8);
    for (auto* cover : {&cover_a, &cover_b})
        for (std::byte& v : cover->bytes())
            v = random() % 3 == 0 ? static_cast<std::byte>(random() & 0xff) : std::byte{0};
    in_a.write(in_a.rect(), cover_a.view());
    in_b.write(in_b.rect(), cover_b.view());
    const auto made = combine(base.view(), {a.view(), &in_a, &in_a}, {b.view(), &in_b, &in_b});
    ASSERT_TRUE(made);
    const image::Image whole = apply(base.view(), made->patch);
    const auto bytes = static_cast<std::size_t>(format.bytes());
    std::int64_t changed = 0;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const int ca = in_a.at(x, y), cb = in_b.at(x, y);
            const image::Image& from = cb > 0 && cb >= ca ? b : ca > 0 ? a : base;
            const std::size_t at = static_cast<std::size_t>(x) * bytes;
            ASSERT_EQ(
                std::memcmp(whole.view().row_bytes(y) + at, from.view().row_bytes(y) + at, bytes),
                0)
                << x << ", " << y;
            changed += ca > 0 || cb > 0;
        }
    EXPECT_EQ(made->report.changed_outside_mask, 0);
    EXPECT_EQ(made->report.outside_sha256, made->report.outside_sha256_before);
    EXPECT_FALSE(made->report.outside_sha256.empty());
    EXPECT_GT(made->report.changed_inside_mask, changed / 2);
    ASSERT_EQ(made->report.notes.size(), 1u) << "they overlap, and that is said";
}

INSTANTIATE_TEST_SUITE_P(Formats, CombineOf,
                         testing::Values(image::kGray8, image::kRgb8, image::kRgba8,
                                         image::PixelFormat{3, image::SampleType::u16},
                                         image::PixelFormat{3, image::SampleType::f32}));

TEST(Combine, RegionsApartSayNothingOfAnOverlap) {
    const Size size{300, 200};
    const image::Image base = noise(size, image::kRgb8, 1), a = noise(size, image::kRgb8, 2),
                       b = noise(size, image::kRgb8, 3);
    const mask::Mask left = mask::rectangle(size, {10, 10, 40, 30}),
                     right = mask::rectangle(size, {200, 150, 40, 30});
    const auto made = combine(base.view(), {a.view(), &left, &left}, {b.view(), &right, &right});
    ASSERT_TRUE(made);
    EXPECT_TRUE(made->report.notes.empty());
    EXPECT_EQ(made->patch.rect, (Rect{10, 10, 230, 170}));
    EXPECT_EQ(made->report.changed_outside_mask, 0);
}

TEST(Combine, RefusesWhatDoesNotFit) {
    const image::Image base = noise({30, 20}, image::kRgb8, 1);
    const image::Image other = noise({31, 20}, image::kRgb8, 1);
    const image::Image deep = noise({30, 20}, image::PixelFormat{3, image::SampleType::u16}, 1);
    const mask::Mask all = mask::Mask::full({30, 20}), wide = mask::Mask::full({31, 20}),
                     none({30, 20});
    const Region fine{base.view(), &all, &all};
    EXPECT_TRUE(combine(base.view(), fine, fine));
    for (const Region& bad :
         {Region{other.view(), &wide, &wide}, Region{deep.view(), &all, &all},
          Region{base.view(), &wide, &wide}, Region{base.view(), &none, &none}}) {
        const auto refused = combine(base.view(), fine, bad);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    }
    std::stop_source stop;
    stop.request_stop();
    EXPECT_EQ(combine(base.view(), fine, fine, stop.get_token()).error().code,
              ErrorCode::cancelled);
}

} // namespace
} // namespace mw::composite
