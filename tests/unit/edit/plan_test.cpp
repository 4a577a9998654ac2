#include <gtest/gtest.h>

#include <random>

#include "edit/crop_plan.h"
#include "edit/legal_size.h"
#include "mask/mask.h"

namespace mw::edit {
namespace {

// The data of a present-day image model: multiples of 16, area and aspect bound.
SizeRules cloud_rules() {
    return {16, 16, 3840, 655'360, 8'294'400, 3};
}

mask::Mask boxed(Size size, const Rect& box, std::uint8_t value = 255) {
    mask::Mask m(size);
    image::Image pixels(box.size(), image::kGray8);
    std::fill(pixels.bytes().begin(), pixels.bytes().end(), std::byte{value});
    m.write(box, pixels.view());
    return m;
}

bool legal(Size s, const SizeRules& r) {
    const double aspect = double(s.longer_side()) / std::min(s.width, s.height);
    return s.width % r.multiple == 0 && s.height % r.multiple == 0 &&
           std::min(s.width, s.height) >= r.min_side && s.longer_side() <= r.max_side &&
           s.area() >= r.min_area && s.area() <= r.max_area && aspect <= r.max_aspect + 1e-9;
}

TEST(PlanCrop, TakesTheSupportAndAQuarterOfContext) {
    const auto plan = plan_crop({2000, 1500}, boxed({2000, 1500}, {600, 500, 400, 200}), {});
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->crop, (Rect{500, 400, 600, 400}));
    EXPECT_EQ(plan->request_size, (Size{600, 400}));
    EXPECT_EQ(plan->scale, 1);
    EXPECT_FALSE(plan->padded);
    EXPECT_TRUE(plan->notes.empty());
}

TEST(PlanCrop, SmallSupportsGetSixtyFourPixels) {
    const auto plan = plan_crop({2000, 1500}, boxed({2000, 1500}, {600, 500, 1, 1}, 1), {});
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->crop, (Rect{536, 436, 129, 129}));
}

TEST(PlanCrop, GrowsUntilLegalAndSlidesInwards) {
    const auto plan =
        plan_crop({2048, 1536}, boxed({2048, 1536}, {2030, 0, 18, 20}), cloud_rules());
    ASSERT_TRUE(plan);
    EXPECT_TRUE(legal(plan->request_size, cloud_rules()));
    EXPECT_EQ(plan->crop.size(), plan->request_size);
    EXPECT_EQ(plan->crop.right(), 2048);
    EXPECT_EQ(plan->crop.y, 0);
    EXPECT_FALSE(plan->padded);
}

TEST(PlanCrop, PadsWhenRowsDoNotDivide) {
    const auto plan = plan_crop({1920, 1080}, mask::Mask::full({1920, 1080}), cloud_rules());
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->request_size, (Size{1920, 1088}));
    EXPECT_EQ(plan->crop, (Rect{0, -4, 1920, 1088}));
    EXPECT_EQ(plan->scale, 1);
    EXPECT_TRUE(plan->padded);
    EXPECT_EQ(plan->notes.size(), 1u);
}

TEST(PlanCrop, ScalesDownOnlyWhenTheSupportExceedsTheCap) {
    const Size huge{6000, 4000};
    const auto some = plan_crop(huge, boxed(huge, {1000, 500, 3400, 2000}), cloud_rules());
    ASSERT_TRUE(some);
    EXPECT_EQ(some->scale, 1);
    const auto all = plan_crop(huge, mask::Mask::full(huge), cloud_rules());
    ASSERT_TRUE(all);
    EXPECT_LT(all->scale, 1);
    EXPECT_GT(all->scale, 0.57);
    EXPECT_FALSE(all->padded);
    EXPECT_TRUE(all->crop == Rect::of(huge));
    ASSERT_EQ(all->notes.size(), 1u);
}

TEST(PlanCrop, HonoursARequestSizeByItsShape) {
    const Size size{2000, 1500};
    PlanParams params;
    params.request_size = {1024, 1024};
    const auto plan = plan_crop(size, boxed(size, {600, 500, 200, 100}), cloud_rules(), params);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->request_size, (Size{1024, 1024}));
    EXPECT_EQ(plan->crop.width, plan->crop.height);
    EXPECT_GT(plan->scale, 1);
    params.request_size = {1000, 1024};
    const auto odd = plan_crop(size, boxed(size, {600, 500, 200, 100}), cloud_rules(), params);
    ASSERT_FALSE(odd);
    EXPECT_EQ(odd.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(odd.error().message.find("1000 x 1024"), std::string::npos);
    EXPECT_NE(odd.error().message.find("multiples of 16"), std::string::npos);
}

TEST(PlanCrop, NearlyItsOwnSizeBecomesOneToOne) {
    const Size size{2000, 1500};
    PlanParams params;
    params.request_size = {1024, 1024};
    const auto plan = plan_crop(size, boxed(size, {500, 400, 620, 600}), cloud_rules(), params);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->scale, 1);
    EXPECT_EQ(plan->crop.size(), (Size{1024, 1024}));
}

TEST(PlanCrop, BadInputIsNamed) {
    const auto empty = plan_crop({100, 80}, mask::Mask({100, 80}), {});
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, ErrorCode::invalid_argument);
    const auto other = plan_crop({100, 80}, mask::Mask::full({90, 80}), {});
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("90 x 80"), std::string::npos);
    EXPECT_NE(other.error().message.find("100 x 80"), std::string::npos);
    SizeRules none{16, 100, 50};
    EXPECT_FALSE(plan_crop({100, 80}, mask::Mask::full({100, 80}), none));
    SizeRules absurd{0, -5, -1, 0, 0, 0};
    EXPECT_FALSE(plan_crop({100, 80}, mask::Mask::full({100, 80}), absurd));
}

TEST(PlanCrop, TheLargestPicturesDoNotOverflow) {
    const Size size{32768, 32768};
    const auto all = plan_crop(size, mask::Mask::full(size), {});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->crop, Rect::of(size));
    const auto scaled = plan_crop(size, mask::Mask::full(size), cloud_rules());
    ASSERT_TRUE(scaled);
    EXPECT_TRUE(legal(scaled->request_size, cloud_rules()));
    EXPECT_TRUE(scaled->crop == Rect::of(size));
    SizeRules wild{1, 1, 2147483647, 1, 9223372036854775807, 1e300};
    EXPECT_TRUE(plan_crop(size, mask::Mask::full(size), wild));
    PlanParams params;
    params.context_px = params.mask_grow_px = 2147483647;
    EXPECT_TRUE(plan_crop(size, mask::Mask::full(size), {}, params));
}

// Is there a legal crop that holds the support and fits in the picture? By trying all.
bool fits_at_all(Size support, Size picture, const SizeRules& r) {
    for (int w = r.multiple; w <= picture.width; w += r.multiple)
        for (int h = r.multiple; h <= picture.height; h += r.multiple)
            if (w >= support.width && h >= support.height && legal({w, h}, r)) return true;
    return false;
}
bool legal_at_all(Size support, const SizeRules& r) {
    return fits_at_all(support, {r.max_side, r.max_side}, r);
}

TEST(PlanCrop, PropertiesHoldForRandomPicturesMasksAndRules) {
    std::mt19937 random(7);
    const auto pick = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    for (int round = 0; round < 3000; ++round) {
        const Size picture{pick(1, 150), pick(1, 150)};
        const int x = pick(0, picture.width - 1), y = pick(0, picture.height - 1);
        const Rect box{x, y, pick(1, picture.width - x), pick(1, picture.height - y)};
        SizeRules rules;
        rules.multiple = pick(0, 2) ? pick(1, 16) : 1;
        rules.min_side = pick(1, 40);
        rules.max_side = pick(40, 200);
        rules.min_area = pick(1, 3000);
        rules.max_area = pick(3000, 20000);
        rules.max_aspect = 1 + pick(0, 40) / 10.0;
        PlanParams params;
        if (pick(0, 1)) params.context_px = pick(0, 60);
        params.mask_grow_px = pick(0, 8);
        if (pick(0, 3) == 0)
            params.request_size = {pick(1, 12) * rules.multiple, pick(1, 12) * rules.multiple};
        SCOPED_TRACE(testing::Message()
                     << "round " << round << " picture " << picture.width << "x" << picture.height
                     << " box " << box.x << "," << box.y << " " << box.width << "x" << box.height
                     << " rules " << describe(rules));
        const auto plan = plan_crop(picture, boxed(picture, box), rules, params);
        if (params.request_size && !legal(*params.request_size, rules)) {
            EXPECT_FALSE(plan);
            continue;
        }
        if (!plan) {
            EXPECT_FALSE(legal_at_all({1, 1}, rules)) << plan.error().message;
            continue;
        }
        EXPECT_TRUE(legal(plan->request_size, rules));
        EXPECT_TRUE(plan->crop.contains(box));
        EXPECT_EQ(plan->padded, !Rect::of(picture).contains(plan->crop));
        EXPECT_EQ(plan->scale == 1, plan->crop.size() == plan->request_size);
        if (!params.request_size) {
            EXPECT_LE(plan->scale, 1.0 + 1e-9);
            if (fits_at_all(box.size(), picture, rules)) {
                EXPECT_FALSE(plan->padded);
            }
            if (legal_at_all(box.size(), rules)) {
                EXPECT_EQ(plan->scale, 1);
            }
        } else {
            EXPECT_EQ(plan->request_size, *params.request_size);
        }
        EXPECT_EQ(*plan, *plan_crop(picture, boxed(picture, box), rules, params));
    }
}

} // namespace
} // namespace mw::edit
