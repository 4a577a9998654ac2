// What the report says about an answer: respect, what is cut off, the seam.
#include <gtest/gtest.h>

#include "composite/graft.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;
using Verdict = Respect::Verdict;

const Size kSize{320, 260};

mask::Mask the_mask() {
    return mask::rectangle(kSize, {120, 90, 90, 80});
}

void paint(Image& image, const Rect& where, int r, int g, int b) {
    for (int y = where.y; y < where.bottom(); ++y)
        for (int x = where.x; x < where.right(); ++x) {
            auto* p = image.span().pixel<std::uint8_t>(x, y);
            p[0] = static_cast<std::uint8_t>(r), p[1] = static_cast<std::uint8_t>(g),
            p[2] = static_cast<std::uint8_t>(b);
        }
}

Image grainy(const Image& image, double levels) {
    Image out = image::convert(image.view(), image::kRgbF);
    std::mt19937 random(3);
    std::normal_distribution<float> grain(0.0f, float(levels / 255));
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width() * 3; ++x)
            out.span().row<float>(y)[x] += grain(random);
    return image::convert(out.view(), image::kRgb8);
}

GraftReport report(const Image& answer, const mask::Mask& mask = the_mask(),
                   GraftParams params = {}) {
    const Image source = picture(kSize, image::kRgb8);
    const auto g = graft(source.view(), answer.view(), mask, whole(kSize), params);
    EXPECT_TRUE(g);
    expect_proved(source.view(), *g, mask);
    return g->report;
}

TEST(Respect, AnHonestAnswerKept) {
    Image answer = grainy(picture(kSize, image::kRgb8, 1.3, -0.7), 2);
    paint(answer, {140, 110, 50, 40}, 200, 40, 40);
    const GraftReport r = report(answer);
    EXPECT_EQ(r.respect.verdict, Verdict::kept) << r.respect.text;
    EXPECT_LT(r.respect.mean_delta_e, 1.5);
    EXPECT_EQ(r.respect.changed_share, 0);
    EXPECT_EQ(r.cut_off.most(), 0) << r.cut_off.text;
    EXPECT_TRUE(r.cut_off.text.empty());
}

TEST(Respect, APartOfTheSurroundingsRedrawn) {
    Image answer = grainy(picture(kSize, image::kRgb8), 2);
    paint(answer, {140, 110, 50, 40}, 200, 40, 40);
    paint(answer, {0, 0, 90, 260}, 20, 120, 220);
    const GraftReport r = report(answer);
    EXPECT_EQ(r.respect.verdict, Verdict::redrawn) << r.respect.text;
    EXPECT_NEAR(r.respect.changed_share, 90.0 * 260 / (320 * 260 - 90 * 80), 0.05);
}

TEST(Respect, TheMaskLostOnTheWay) {
    // Blue all over, which no bounded curve of colour explains.
    Image answer = image::convert(picture(kSize, image::kRgb8).view(), image::kRgbF);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x) {
            float* p = answer.span().pixel<float>(x, y);
            p[0] *= 0.3f, p[1] *= 0.5f, p[2] = 0.5f + 0.5f * p[2];
        }
    const GraftReport r = report(image::convert(answer.view(), image::kRgb8));
    EXPECT_EQ(r.respect.verdict, Verdict::ignored) << r.respect.text;
}

TEST(Respect, AnAnswerToAnotherQuestion) {
    EXPECT_EQ(report(noise(kSize, image::kRgb8, 3)).respect.verdict, Verdict::unrelated);
    // Another picture of the same kind.
    Image other(kSize, image::kRgb8);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            for (int c = 0; c < 3; ++c)
                other.span().pixel<std::uint8_t>(x, y)[c] = static_cast<std::uint8_t>(
                    255 * std::clamp(field(1.3 * y + 70, 0.8 * x + 900, 2 - c), 0.0, 1.0));
    const GraftReport r = report(other);
    EXPECT_EQ(r.respect.verdict, Verdict::unrelated) << r.respect.mean_delta_e;
    EXPECT_FALSE(r.respect.text.empty());
}

TEST(Respect, AnAnswerOfOneColourHasFailed) {
    const Image black(kSize, image::kRgb8);
    const GraftReport r = report(black);
    EXPECT_EQ(r.respect.verdict, Verdict::unrelated);
    EXPECT_NE(r.respect.text.find("one colour"), std::string::npos);
    const GraftReport all = report(black, mask::Mask::full(kSize));
    EXPECT_EQ(all.respect.verdict, Verdict::unknown);
    EXPECT_NE(std::find(all.notes.begin(), all.notes.end(),
                        "the answer is one colour all over; it has probably failed"),
              all.notes.end());
}

TEST(CutOff, SaysHowFarTheNewThingGoesOn) {
    Image answer = grainy(picture(kSize, image::kRgb8), 2);
    paint(answer, {106, 110, 60, 40}, 230, 20, 30); // 14 px beyond the mask's left edge
    GraftReport r = report(answer);
    EXPECT_NEAR(r.cut_off.left, 14, 1);
    EXPECT_EQ(r.cut_off.right, 0);
    EXPECT_EQ(r.cut_off.above, 0);
    EXPECT_EQ(r.cut_off.below, 0);
    EXPECT_NE(r.cut_off.text.find("px more to the left"), std::string::npos) << r.cut_off.text;
    EXPECT_EQ(r.cut_off.most(), r.cut_off.left);

    paint(answer, {180, 150, 55, 47}, 30, 200, 30); // 25 to the right, 27 below
    r = report(answer);
    EXPECT_NEAR(r.cut_off.left, 14, 1);
    EXPECT_NEAR(r.cut_off.right, 25, 1);
    EXPECT_NEAR(r.cut_off.below, 27, 1);
    EXPECT_EQ(r.cut_off.above, 0);
}

TEST(CutOff, ChangesThatDoNotTouchTheMaskAreNotCutOff) {
    Image answer = grainy(picture(kSize, image::kRgb8), 3);
    paint(answer, {140, 110, 50, 40}, 230, 20, 30);
    paint(answer, {40, 110, 30, 40}, 230, 20, 30);
    EXPECT_EQ(report(answer).cut_off.most(), 0);
    EXPECT_EQ(report(grainy(picture(kSize, image::kRgb8, 2.2, 1.4, 1.008), 4)).cut_off.most(), 0);
}

TEST(SeamVisibility, TellsAHardEdgeFromAFadeAndFromNone) {
    // Of one colour, so that the source has no step of its own.
    const mask::Mask mask = the_mask();
    Image grey(kSize, image::kRgb8);
    std::fill(grey.bytes().begin(), grey.bytes().end(), std::byte{128});
    const auto visibility = [&](int levels, const GraftParams& params) {
        Image lighter(kSize, image::kRgb8);
        std::fill(lighter.bytes().begin(), lighter.bytes().end(), std::byte(128 + levels));
        return graft(grey.view(), lighter.view(), mask, whole(kSize), params)
            ->report.seam_visibility;
    };
    GraftParams hard;
    hard.match_color = hard.membrane = false;
    hard.seam.feather_px = 0;
    EXPECT_NEAR(visibility(12, hard), 4, 1);
    GraftParams soft = hard;
    soft.seam.feather_px = 16;
    EXPECT_LT(visibility(12, soft), 0.5 * visibility(12, hard));
    EXPECT_LT(visibility(12, {}), 0.1);
    EXPECT_EQ(visibility(0, hard), 0);
}

} // namespace
} // namespace mw::composite
