#include "composite/graft.h"

#include <gtest/gtest.h>

#include <random>

#include "image/convert.h"
#include "mask/shapes.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;
using image::PixelFormat;
using image::SampleType;

TEST(Graft, WhereTheMaskIsZeroEveryBitStays) {
    std::mt19937 random(3);
    for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::f32}) {
        for (int channels = 1; channels <= 4; ++channels) {
            for (int round = 0; round < 6; ++round) {
                const Size size{int(20 + random() % 120), int(20 + random() % 90)};
                const Image source = noise(size, {channels, type}, random());
                const mask::Mask mask = random_mask(size, random);
                if (mask.empty()) continue;
                const auto plan = edit::plan_crop(size, mask, {});
                ASSERT_TRUE(plan);
                const PixelFormat answered{int(1 + random() % 4),
                                           static_cast<SampleType>(random() % 3)};
                const Image answer = noise(plan->crop.size(), answered, random());
                GraftParams params;
                if (round % 2) params.seam.feather_px = double(random() % 12);
                const auto g = graft(source.view(), answer.view(), mask, *plan, params);
                ASSERT_TRUE(g) << g.error().message;
                expect_proved(source.view(), *g, mask);
            }
        }
    }
}

TEST(Graft, FullWeightGivesTheAnswerItself) {
    const Size size{64, 48};
    const Image source = noise(size, image::kRgb8, 1), answer = noise(size, image::kRgb8, 2);
    const mask::Mask mask = mask::Mask::full(size);
    GraftParams params;
    params.seam.feather_px = 0;
    const auto g = graft(source.view(), answer.view(), mask, whole(size), params);
    ASSERT_TRUE(g);
    EXPECT_TRUE(image::identical(apply(source.view(), g->patch).view(), answer.view()));
    EXPECT_EQ(g->patch.rect, Rect::of(size));
    EXPECT_FALSE(g->report.registration.applied);
    EXPECT_FALSE(g->report.registration.reason.empty());
}

TEST(Graft, AlphaOfTheSourceIsKept) {
    const Size size{40, 40};
    const Image source = noise(size, image::kRgba8, 1), answer = noise(size, image::kRgb8, 2);
    const auto g = graft(source.view(), answer.view(), disc(size, 20, 20, 12), whole(size));
    ASSERT_TRUE(g);
    const Image result = apply(source.view(), g->patch);
    bool changed = false;
    for (int y = 0; y < 40; ++y) {
        for (int x = 0; x < 40; ++x) {
            const auto* s = source.view().pixel<std::uint8_t>(x, y);
            const auto* r = result.view().pixel<std::uint8_t>(x, y);
            EXPECT_EQ(s[3], r[3]);
            changed = changed || s[0] != r[0];
        }
    }
    EXPECT_TRUE(changed);
}

TEST(Graft, TheSameAnswerChangesNothing) {
    for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::f32}) {
        const Size size{120, 90};
        const Image source = picture(size, {3, type});
        const auto g = graft(source.view(), source.view(), disc(size, 60, 45, 20), whole(size));
        ASSERT_TRUE(g);
        EXPECT_EQ(g->report.registration.reason, "already aligned");
        EXPECT_EQ(g->report.color_match.reason, "the colours already match");
        EXPECT_TRUE(image::identical(apply(source.view(), g->patch).view(), source.view()));
        EXPECT_EQ(g->report.changed_inside_mask, 0);
        EXPECT_EQ(g->report.answer_outside_mean_abs, 0);
        ASSERT_EQ(g->report.notes.size(), 1u);
    }
}

TEST(Graft, AnswersOfAnotherSizeAreResampledAndNoted) {
    const Size size{120, 90};
    const Image source = picture(size, image::kRgb8);
    const Image answer = picture({240, 180}, image::kRgba8);
    const auto g = graft(source.view(), answer.view(), disc(size, 60, 45, 20), whole(size));
    ASSERT_TRUE(g);
    expect_proved(source.view(), *g, disc(size, 60, 45, 20));
    ASSERT_FALSE(g->report.notes.empty());
    EXPECT_NE(g->report.notes[0].find("240 x 180"), std::string::npos);
}

TEST(Graft, AnswersThatCannotBeUsedAreRefused) {
    const Size size{120, 90};
    const Image source = picture(size, image::kRgb8);
    const mask::Mask mask = disc(size, 60, 45, 20);
    const auto code = [&](const Image& answer) {
        const auto g = graft(source.view(), answer.view(), mask, whole(size));
        EXPECT_FALSE(g);
        return g ? ErrorCode::io : g.error().code;
    };
    EXPECT_EQ(code(picture({1, 1}, image::kRgb8)), ErrorCode::corrupt);
    EXPECT_EQ(code(Image{}), ErrorCode::corrupt);
    EXPECT_EQ(code(picture({120, 120}, image::kRgb8)), ErrorCode::invalid_argument);
    const auto empty = graft(source.view(), source.view(), mask::Mask(size), whole(size));
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, ErrorCode::invalid_argument);
    const auto other = graft(source.view(), source.view(), mask::Mask::full({12, 9}), whole(size));
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("12 x 9"), std::string::npos);
    EXPECT_NE(other.error().message.find("120 x 90"), std::string::npos);
}

TEST(Graft, PaddedAndScaledPlansFindTheirPlace) {
    const Size size{50, 40};
    const Image source = picture(size, image::kRgb8);
    const mask::Mask mask = disc(size, 25, 20, 10);
    edit::SizeRules rules;
    rules.multiple = 16;
    rules.min_area = 80 * 80;
    const auto padded = edit::plan_crop(size, mask, rules);
    ASSERT_TRUE(padded && padded->padded);
    const Image sent = edit::extract_crop(source.view(), *padded);
    const auto same = graft(source.view(), sent.view(), mask, *padded);
    ASSERT_TRUE(same);
    EXPECT_EQ(same->report.changed_inside_mask, 0);
    edit::PlanParams params;
    params.request_size = {96, 96};
    const auto scaled = edit::plan_crop(size, mask, rules, params);
    ASSERT_TRUE(scaled);
    const auto near =
        graft(source.view(), edit::extract_crop(source.view(), *scaled).view(), mask, *scaled);
    ASSERT_TRUE(near);
    expect_proved(source.view(), *near, mask);
    EXPECT_LT(mean_difference(source.view(), apply(source.view(), near->patch).view()), 1.0);
}

TEST(Graft, AMaskThatReachesBeyondTheCropIsNoted) {
    const Size size{60, 40};
    const Image source = picture(size, image::kRgb8), answer = noise({30, 40}, image::kRgb8, 3);
    const mask::Mask mask = mask::Mask::full(size);
    const edit::CropPlan plan{{0, 0, 30, 40}, {30, 40}, 1, false, {}};
    const auto g = graft(source.view(), answer.view(), mask, plan);
    ASSERT_TRUE(g);
    EXPECT_EQ(g->patch.rect, (Rect{0, 0, 30, 40}));
    ASSERT_FALSE(g->report.notes.empty());
    expect_proved(source.view(), *g, mask);
    EXPECT_FALSE(graft(source.view(), answer.view(), disc(size, 50, 20, 5), plan));
}

TEST(Graft, FloatPicturesSurviveNonsenseSamples) {
    const Size size{40, 30};
    Image source = picture(size, image::kRgbF), answer = picture(size, image::kRgbF);
    const float nan = std::nanf(""), infinity = std::numeric_limits<float>::infinity();
    source.span().pixel<float>(1, 1)[0] = nan;
    source.span().pixel<float>(20, 15)[0] = infinity;
    source.span().pixel<float>(20, 16)[1] = 7;
    answer.span().pixel<float>(21, 15)[2] = nan;
    const mask::Mask mask = disc(size, 20, 15, 8);
    const auto g = graft(source.view(), answer.view(), mask, whole(size));
    ASSERT_TRUE(g);
    expect_proved(source.view(), *g, mask);
    const Image result = apply(source.view(), g->patch);
    EXPECT_TRUE(std::isfinite(*result.view().pixel<float>(20, 15)));
    EXPECT_TRUE(std::isfinite(result.view().pixel<float>(21, 15)[2]));
    EXPECT_EQ(g->report.notes.size(), 1u); // values above white
}

} // namespace
} // namespace mw::composite
