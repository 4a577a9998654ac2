// What remains at the seam, taken up by a membrane.
#include "composite/membrane.h"

#include <gtest/gtest.h>

#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;

// The picture with a tint that changes across it, in levels, and a little noise.
Image tinted(const Image& source, double left, double right, double noise_levels = 1) {
    Image out = image::convert(source.view(), image::kRgbF);
    std::mt19937 random(5);
    std::normal_distribution<float> grain(0.0f, float(noise_levels) / 255);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x)
            for (int c = 0; c < 3; ++c)
                out.span().pixel<float>(x, y)[c] +=
                    float(left + (right - left) * x / out.width()) / 255 * float(c == 2 ? -1 : 1) +
                    grain(random);
    return image::convert(out.view(), image::kRgb8);
}

GraftParams only_membrane() {
    GraftParams params;
    params.do_register = params.match_color = params.grain = false;
    return params;
}

double inside_error(const Image& source, const Graft& g, const mask::Mask& mask) {
    const Image result = apply(source.view(), g.patch);
    double sum = 0, count = 0;
    for (int y = 0; y < source.height(); ++y)
        for (int x = 0; x < source.width(); ++x) {
            if (mask.at(x, y) < 255) continue;
            for (int c = 0; c < 3; ++c)
                sum += double(result.view().pixel<std::uint8_t>(x, y)[c]) -
                       source.view().pixel<std::uint8_t>(x, y)[c];
            count += 3;
        }
    return std::abs(sum / count);
}

TEST(Membrane, TakesUpADriftThatChangesAcrossThePicture) {
    const Size size{300, 240};
    const Image source = picture(size, image::kRgb8);
    const Image answer = tinted(source, 1, 9);
    const mask::Mask mask = disc(size, 160, 120, 60);
    const auto g = graft(source.view(), answer.view(), mask, whole(size), only_membrane());
    ASSERT_TRUE(g);
    EXPECT_TRUE(g->report.membrane.applied) << g->report.membrane.reason;
    EXPECT_NEAR(g->report.membrane.mean_levels, 5.2, 0.5);
    EXPECT_NEAR(g->report.membrane.most_levels, 7.0, 1.0);
    expect_proved(source.view(), *g, mask);
    const Image result = apply(source.view(), g->patch);
    EXPECT_LT(mean_difference(source.view(), result.view()), 0.6);
    GraftParams off = only_membrane();
    off.membrane = false;
    const auto without = graft(source.view(), answer.view(), mask, whole(size), off);
    EXPECT_EQ(without->report.membrane.reason, "switched off");
    EXPECT_LT(inside_error(source, *g, mask), 0.25 * inside_error(source, *without, mask) + 0.05);
}

TEST(Membrane, ARealChangeAtTheSeamDoesNotBleedIn) {
    const Size size{300, 240};
    const Image source = picture(size, image::kRgb8);
    Image answer = tinted(source, 0, 0);
    // The model painted a red thing across the mask's left edge, half of it outside.
    for (int y = 90; y < 150; ++y)
        for (int x = 60; x < 130; ++x) {
            auto* p = answer.span().pixel<std::uint8_t>(x, y);
            p[0] = 220, p[1] = 30, p[2] = 40;
        }
    const mask::Mask mask = disc(size, 160, 120, 60);
    const auto g = graft(source.view(), answer.view(), mask, whole(size), only_membrane());
    ASSERT_TRUE(g);
    EXPECT_LT(g->report.membrane.most_levels, 1.0) << g->report.membrane.reason;
    // With a drift besides, the drift alone is taken up.
    Image both = tinted(answer, 5, 5);
    const auto h = graft(source.view(), both.view(), mask, whole(size), only_membrane());
    ASSERT_TRUE(h);
    EXPECT_TRUE(h->report.membrane.applied) << h->report.membrane.reason;
    EXPECT_NEAR(h->report.membrane.mean_levels, 5, 0.7);
    EXPECT_LT(h->report.membrane.most_levels, 6.5);
}

TEST(Membrane, LeavesAloneWhatIsNoDrift) {
    const Size size{240, 200};
    const Image source = picture(size, image::kRgb8);
    const mask::Mask mask = disc(size, 120, 100, 50);
    const auto same = graft(source.view(), source.view(), mask, whole(size), only_membrane());
    EXPECT_EQ(same->report.membrane.reason, "both sides meet already");
    const auto grainy =
        graft(source.view(), tinted(source, 0, 0, 4).view(), mask, whole(size), only_membrane());
    EXPECT_FALSE(grainy->report.membrane.applied);
    const auto foreign = graft(source.view(), noise(size, image::kRgb8, 4).view(), mask,
                               whole(size), only_membrane());
    EXPECT_FALSE(foreign->report.membrane.applied);
    const auto no_ring = graft(source.view(), tinted(source, 3, 9).view(), mask::Mask::full(size),
                               whole(size), only_membrane());
    EXPECT_EQ(no_ring->report.membrane.reason, "no context beside the seam to compare with");
}

TEST(Membrane, NonsenseInTheSourceHasNoSay) {
    const Size size{200, 160};
    Image source = image::convert(picture(size, image::kRgb8).view(), image::kRgbF);
    const Image answer = tinted(source, 6, 6);
    for (int i = 0; i < 200; i += 3) {
        source.span().pixel<float>(i, i * 160 / 200)[i % 3] = std::nanf("");
        source.span().pixel<float>(i, 5)[0] = std::numeric_limits<float>::infinity();
    }
    const mask::Mask mask = disc(size, 100, 80, 40);
    const auto g = graft(source.view(), answer.view(), mask, whole(size), only_membrane());
    ASSERT_TRUE(g);
    expect_proved(source.view(), *g, mask);
    EXPECT_TRUE(g->report.membrane.applied);
    EXPECT_LT(g->report.membrane.most_levels, 7.5);
    const Image result = apply(source.view(), g->patch);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < 3; ++c)
                EXPECT_TRUE(mask.at(x, y) < 255 ||
                            std::isfinite(result.view().pixel<float>(x, y)[c]));
}

} // namespace
} // namespace mw::composite
