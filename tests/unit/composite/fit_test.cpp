// Registration and colour match against a truth that is known.
#include <gtest/gtest.h>

#include "composite/graft.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;

Image drifted(const Image& picture, double gain, double offset_levels, double noise_levels = 0) {
    Image out = image::convert(picture.view(), image::kRgbF);
    std::mt19937 random(5);
    std::normal_distribution<float> grain(0.0f, float(noise_levels) / 255 + 1e-9f);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width() * 3; ++x) {
            float& v = out.span().row<float>(y)[x];
            v = float(gain) * v + float(offset_levels) / 255 + grain(random);
        }
    return image::convert(out.view(), image::kRgb8);
}

TEST(Registration, FindsSubPixelShifts) {
    const Size size{240, 200};
    const Image source = picture(size, image::kRgb8);
    for (const PointF d : {PointF{0.4, -0.3}, PointF{2.25, 1.5}, PointF{-6, 5.1}, PointF{0, 7.5}}) {
        const Image answer = picture(size, image::kRgb8, d.x, d.y);
        const auto g = graft(source.view(), answer.view(), disc(size, 120, 100, 40), whole(size));
        ASSERT_TRUE(g);
        const Registration& r = g->report.registration;
        EXPECT_TRUE(r.applied) << r.reason;
        EXPECT_NEAR(r.dx, d.x, 0.05);
        EXPECT_NEAR(r.dy, d.y, 0.05);
        EXPECT_LT(r.residual_after, 0.3 * r.residual_before);
        // The answer shows the very same thing, so inside the mask nothing may be visible.
        EXPECT_LT(mean_difference(source.view(), apply(source.view(), g->patch).view()), 0.15);
    }
}

TEST(Registration, FindsScale) {
    const Size size{320, 260};
    const Image source = picture(size, image::kRgb8);
    const Image answer = picture(size, image::kRgb8, 1.5, -2, 1.012);
    const auto g = graft(source.view(), answer.view(), disc(size, 150, 140, 50), whole(size));
    ASSERT_TRUE(g);
    const Registration& r = g->report.registration;
    EXPECT_TRUE(r.applied) << r.reason;
    EXPECT_NEAR(r.scale, 1.012, 0.0005);
    EXPECT_NEAR(r.dx, 1.5, 0.15);
    EXPECT_NEAR(r.dy, -2, 0.15);
}

TEST(Registration, IsNotFooledByColourNoiseOrARepaintedPart) {
    const Size size{240, 200};
    const Image source = picture(size, image::kRgb8);
    Image answer = drifted(picture(size, image::kRgb8, 3.3, -1.2), 0.95, 6, 2);
    const Image other = noise({100, 200}, image::kRgb8, 9); // 40 % of the context
    image::copy_pixels(other.view(), answer.span().sub({0, 0, 100, 200}));
    const auto g = graft(source.view(), answer.view(), disc(size, 160, 100, 25), whole(size));
    ASSERT_TRUE(g);
    EXPECT_TRUE(g->report.registration.applied) << g->report.registration.reason;
    EXPECT_NEAR(g->report.registration.dx, 3.3, 0.15);
    EXPECT_NEAR(g->report.registration.dy, -1.2, 0.15);
}

TEST(Registration, DoesNoHarm) {
    const Size size{200, 160};
    const Image source = picture(size, image::kRgb8);
    const Image grainy = drifted(source, 1, 0, 3);
    const auto noisy = graft(source.view(), grainy.view(), disc(size, 100, 80, 30), whole(size));
    ASSERT_TRUE(noisy);
    EXPECT_FALSE(noisy->report.registration.applied);
    EXPECT_FALSE(noisy->report.registration.reason.empty());

    const Image flat(size, image::kRgb8);
    const auto sky =
        graft(flat.view(), drifted(flat, 1, 8).view(), disc(size, 100, 80, 30), whole(size));
    ASSERT_TRUE(sky);
    EXPECT_FALSE(sky->report.registration.applied);

    const auto foreign = graft(source.view(), noise(size, image::kRgb8, 4).view(),
                               disc(size, 100, 80, 30), whole(size));
    ASSERT_TRUE(foreign);
    EXPECT_FALSE(foreign->report.registration.applied);

    const auto no_ring = graft(source.view(), picture(size, image::kRgb8, 2, 2).view(),
                               mask::Mask::full(size), whole(size));
    ASSERT_TRUE(no_ring);
    EXPECT_FALSE(no_ring->report.registration.applied);
}

TEST(Registration, RefusesWhatIsTooFar) {
    const Size size{320, 260};
    const Image source = picture(size, image::kRgb8);
    const auto g = graft(source.view(), picture(size, image::kRgb8, 10, 4).view(),
                         disc(size, 150, 140, 40), whole(size));
    ASSERT_TRUE(g);
    EXPECT_FALSE(g->report.registration.applied);
    EXPECT_NE(g->report.registration.reason.find("8 px"), std::string::npos)
        << g->report.registration.reason;
}

TEST(ColorMatch, TakesOutGainAndOffset) {
    const Size size{240, 200};
    const Image source = picture(size, image::kRgb8);
    const auto g = graft(source.view(), drifted(source, 0.94, 7, 1.5).view(),
                         disc(size, 120, 100, 40), whole(size));
    ASSERT_TRUE(g);
    const ColorMatch& m = g->report.color_match;
    EXPECT_TRUE(m.applied) << m.reason;
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(m.gain[c], 1 / 0.94, 0.02);
        EXPECT_NEAR(m.offset[c], -7 / 0.94, 2.5);
    }
    EXPECT_LT(m.delta_e_after, 0.3 * m.delta_e_before);
}

TEST(ColorMatch, TheMaskHasNoSay) {
    const Size size{240, 200};
    const Image source = picture(size, image::kRgb8);
    Image answer = drifted(source, 1, 6);
    const Image red({100, 100}, image::kRgb8);
    image::copy_pixels(red.view(), answer.span().sub({70, 50, 100, 100}));
    const auto g =
        graft(source.view(), answer.view(), mask::rectangle(size, {70, 50, 100, 100}), whole(size));
    ASSERT_TRUE(g);
    EXPECT_TRUE(g->report.color_match.applied);
    for (std::size_t c = 0; c < 3; ++c)
        EXPECT_NEAR(g->report.color_match.gain[c] * 128 + g->report.color_match.offset[c], 122, 1);
}

TEST(ColorMatch, LeavesAChangeOfContentAlone) {
    const Size size{200, 160};
    const Image source = picture(size, image::kRgb8);
    const auto g = graft(source.view(), noise(size, image::kRgb8, 4).view(),
                         disc(size, 100, 80, 30), whole(size));
    ASSERT_TRUE(g);
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_GE(g->report.color_match.gain[c], 0.9);
        EXPECT_LE(g->report.color_match.gain[c], 1.1);
    }
}

TEST(GraftParams, SwitchesAreHonoured) {
    const Size size{200, 160};
    const Image source = picture(size, image::kRgb8);
    GraftParams params;
    params.do_register = params.match_color = false;
    const auto g = graft(source.view(), drifted(picture(size, image::kRgb8, 3, 0), 1, 9).view(),
                         disc(size, 100, 80, 30), whole(size), params);
    ASSERT_TRUE(g);
    EXPECT_EQ(g->report.registration.reason, "switched off");
    EXPECT_EQ(g->report.color_match.reason, "switched off");
    for (const char* phase : {"prepare", "register", "match_color", "blend", "prove"})
        EXPECT_EQ(g->report.seconds.count(phase), 1u) << phase;
}

} // namespace
} // namespace mw::composite
