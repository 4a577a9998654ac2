// Registration and colour match against a truth that is known.
#include <gtest/gtest.h>

#include <numbers>

#include "composite/color_curve.h"
#include "composite/graft.h"
#include "composite/warp.h"
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

// What the answer shows when its pixel c + M (p - c) + d is the picture's p.
Image moved(Size size, const Registration& r) {
    Image out(size, image::kRgbF);
    const double cx = 0.5 * size.width - 0.5, cy = 0.5 * size.height - 0.5;
    const double det = r.xx * r.yy - r.xy * r.yx;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const double u = x - cx - r.dx, v = y - cy - r.dy;
            const double px = cx + (r.yy * u - r.xy * v) / det;
            const double py = cy + (r.xx * v - r.yx * u) / det;
            for (int c = 0; c < 3; ++c)
                out.span().pixel<float>(x, y)[c] = static_cast<float>(field(px, py, c));
        }
    return image::convert(out.view(), image::kRgb8);
}

Registration similarity(double dx, double dy, double scale, double degrees) {
    Registration r;
    const double a = degrees * std::numbers::pi / 180;
    r.dx = dx, r.dy = dy;
    r.xx = r.yy = scale * std::cos(a);
    r.xy = scale * std::sin(a), r.yx = -r.xy;
    return r;
}

// Where the corners of a mask of `bounds` go: the largest distance between two registrations.
double apart(const Registration& a, const Registration& b, Size size, const Rect& bounds) {
    const double cx = 0.5 * size.width - 0.5, cy = 0.5 * size.height - 0.5;
    double most = 0;
    for (const double x : {bounds.x - cx, bounds.right() - cx})
        for (const double y : {bounds.y - cy, bounds.bottom() - cy})
            most = std::max(most, std::hypot((a.xx - b.xx) * x + (a.xy - b.xy) * y + a.dx - b.dx,
                                             (a.yx - b.yx) * x + (a.yy - b.yy) * y + a.dy - b.dy));
    return most;
}

TEST(Registration, FindsScaleAndRotation) {
    const Size size{420, 360};
    const Image source = picture(size, image::kRgb8);
    const mask::Mask mask = disc(size, 190, 170, 70);
    for (const Registration& truth :
         {similarity(2.3, -1.4, 1.012, 0.15), similarity(-5, 4.2, 0.986, -0.12),
          similarity(0, 0, 1.004, 0), similarity(0.2, 0.1, 1, 0.3)}) {
        const Image answer = drifted(moved(size, truth), 0.96, 5, 1.5);
        const auto g = graft(source.view(), answer.view(), mask, whole(size));
        ASSERT_TRUE(g);
        const Registration& r = g->report.registration;
        EXPECT_TRUE(r.applied) << r.reason;
        EXPECT_LT(apart(r, truth, size, mask.bounds()), 0.08);
        EXPECT_NEAR(r.scale, std::hypot(truth.xx, truth.xy), 0.0004);
        EXPECT_NEAR(r.rotation_degrees, std::atan2(truth.xy, truth.xx) * 180 / std::numbers::pi,
                    0.03);
    }
}

TEST(Registration, FindsAStretch) {
    const Size size{420, 360};
    const Image source = picture(size, image::kRgb8);
    const mask::Mask mask = disc(size, 190, 170, 70);
    Registration truth = similarity(1.5, 2, 1.006, 0);
    truth.xx += 0.004, truth.yy -= 0.004;
    const auto g = graft(source.view(), moved(size, truth).view(), mask, whole(size));
    ASSERT_TRUE(g);
    EXPECT_TRUE(g->report.registration.applied) << g->report.registration.reason;
    EXPECT_LT(apart(g->report.registration, truth, size, mask.bounds()), 0.1);
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

TEST(Registration, SaysThatATextureRepeats) {
    const Size size{300, 260};
    const auto tiles = [&](double dx, double dy) {
        Image out(size, image::kRgbF);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                for (int c = 0; c < 3; ++c)
                    out.span().pixel<float>(x, y)[c] = static_cast<float>(
                        0.5 + 0.2 * std::sin(0.5 * (x - dx)) * std::sin(0.5 * (y - dy)));
        return image::convert(out.view(), image::kRgb8);
    };
    const auto g =
        graft(tiles(0, 0).view(), tiles(4.5, 2).view(), disc(size, 150, 130, 40), whole(size));
    ASSERT_TRUE(g);
    EXPECT_FALSE(g->report.registration.applied);
    EXPECT_NE(g->report.registration.reason.find("repeats"), std::string::npos)
        << g->report.registration.reason;
}

TEST(Registration, SaysThatOneDirectionTellsNothing) {
    const Size size{300, 260};
    const auto edges = [&](double dx) {
        Image out(size, image::kRgbF);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                for (int c = 0; c < 3; ++c)
                    out.span().pixel<float>(x, y)[c] =
                        static_cast<float>(field(x - dx, 40, c)); // the same in every row
        return image::convert(out.view(), image::kRgb8);
    };
    const auto g = graft(drifted(edges(0), 1, 0, 1).view(), drifted(edges(2.5), 1, 0, 1.1).view(),
                         disc(size, 150, 130, 40), whole(size));
    ASSERT_TRUE(g);
    EXPECT_FALSE(g->report.registration.applied);
    EXPECT_FALSE(g->report.registration.reason.empty());
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

TEST(Registration, AsksBeforeALargeMove) {
    const Size size{420, 360};
    const Image source = picture(size, image::kRgb8);
    const mask::Mask mask = disc(size, 190, 170, 60);
    for (const Registration& truth : {similarity(10, 4, 1, 0), similarity(1, 0, 1.026, 0)}) {
        const Image answer = moved(size, truth);
        GraftParams params;
        const auto asked = graft(source.view(), answer.view(), mask, whole(size), params);
        ASSERT_TRUE(asked);
        const Registration& r = asked->report.registration;
        EXPECT_FALSE(r.applied);
        EXPECT_TRUE(r.asks) << r.reason;
        EXPECT_NE(r.reason.find("8 px or 2 %"), std::string::npos) << r.reason;
        EXPECT_LT(apart(r, truth, size, mask.bounds()), 0.1);
        EXPECT_LT(r.residual_after, 0.3 * r.residual_before);
        params.accept_large_move = true;
        const auto moved_back = graft(source.view(), answer.view(), mask, whole(size), params);
        ASSERT_TRUE(moved_back);
        EXPECT_TRUE(moved_back->report.registration.applied);
        EXPECT_LT(mean_difference(source.view(), apply(source.view(), moved_back->patch).view()),
                  0.2);
    }
}

TEST(Warp, ReadsBetweenPixels) {
    const Size size{160, 120};
    const Image from = image::convert(picture(size, image::kRgb8).view(), image::kRgbF);
    Registration r = similarity(2.37, -1.81, 1.01, 0.4);
    r.applied = true;
    const PointF c{79.5, 59.5};
    const Rect area{20, 15, 110, 80};
    Image out(area.size(), image::kRgbF);
    warp(from.view(), r, c, area, out.span());
    double worst = 0;
    for (int y = 0; y < area.height; ++y)
        for (int x = 0; x < area.width; ++x) {
            const double u = area.x + x - c.x, v = area.y + y - c.y;
            const double truth =
                field(c.x + r.xx * u + r.xy * v + r.dx, c.y + r.yx * u + r.yy * v + r.dy, 1);
            worst = std::max(worst, std::abs(truth - out.view().pixel<float>(x, y)[1]));
        }
    EXPECT_LT(255 * worst, 1.2); // half a level of it is the picture's rounding
    r.applied = false;
    warp(from.view(), r, c, area, out.span());
    EXPECT_TRUE(image::identical(out.view(), image::clone(from.view().sub(area)).view()));
}

TEST(Warp, RepeatsTheEdges) {
    Image one({40, 30}, image::kGrayF);
    for (int y = 0; y < 30; ++y)
        std::fill_n(one.span().row<float>(y), 40, 0.25f);
    Registration r = similarity(25, -31, 1.1, 3);
    r.applied = true;
    Image out({40, 30}, image::kGrayF);
    warp(one.view(), r, {19.5, 14.5}, {0, 0, 40, 30}, out.span());
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x)
            EXPECT_NEAR(out.view().row<float>(y)[x], 0.25f, 1e-5f);
}

TEST(ColorCurve, IsSmoothAndGoesOnStraight) {
    ColorMatch match;
    EXPECT_TRUE(ColorCurve(match).is_identity());
    match.applied = true;
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t i = 0; i < 17; ++i)
            match.curve[c][i] =
                static_cast<float>(255 * std::pow(std::min(16.0 * double(i), 255.0) / 255, 1.06));
    const ColorCurve curve(match);
    float before = curve.at(-0.2f, 1);
    for (float v = -0.19f; v < 1.3f; v += 0.003f) {
        const float now = curve.at(v, 1);
        EXPECT_GT(now, before);
        before = now;
        if (v > 0.1f && v < 1) {
            EXPECT_NEAR(now, std::pow(v, 1.06f), 2e-4f);
        }
    }
    float grey[2] = {0.5f, std::numeric_limits<float>::quiet_NaN()};
    curve.apply(grey, 2, 1);
    EXPECT_NEAR(grey[0], std::pow(0.5f, 1.06f), 2e-4f);
    EXPECT_TRUE(std::isnan(grey[1]));
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

// answer = gain * source^gamma + offset, each channel its own.
Image toned(const Image& picture, const double (&gain)[3], const double (&gamma)[3],
            const double (&offset)[3]) {
    Image out = image::convert(picture.view(), image::kRgbF);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x)
            for (int c = 0; c < 3; ++c) {
                float& v = out.span().pixel<float>(x, y)[c];
                v = static_cast<float>(gain[c] * std::pow(double(v), gamma[c]) + offset[c] / 255);
            }
    return image::convert(out.view(), image::kRgb8);
}

TEST(ColorMatch, TakesOutAGamma) {
    const Size size{320, 260};
    const Image source = picture(size, image::kRgb8);
    const double gain[3] = {1.05, 0.96, 1}, gamma[3] = {1.07, 0.94, 0.95}, offset[3] = {-4, 5, 0};
    const auto g = graft(source.view(), toned(source, gain, gamma, offset).view(),
                         disc(size, 150, 130, 50), whole(size));
    ASSERT_TRUE(g);
    const ColorMatch& m = g->report.color_match;
    ASSERT_TRUE(m.applied) << m.reason;
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t i = 2; i < 15; ++i) {
            const double a = 16 * static_cast<double>(i);
            const double truth = 255 * std::pow((a - offset[c]) / (255 * gain[c]), 1 / gamma[c]);
            EXPECT_NEAR(m.curve[c][i], truth, i > 4 && i < 13 ? 0.6 : 2) << c << " at " << a;
        }
}

TEST(ColorMatch, StaysBoundedWhereTheRingShowsNothing) {
    const Size size{320, 260};
    Image source = image::convert(picture(size, image::kRgb8).view(), image::kRgbF);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width * 3; ++x) {
            float& v = source.span().row<float>(y)[x];
            v = 0.7f + 0.08f * (v - 0.5f); // a bright, dull context of some 20 levels
        }
    source = image::convert(source.view(), image::kRgb8);
    const auto g = graft(source.view(), drifted(source, 1, 6, 2).view(), disc(size, 150, 130, 50),
                         whole(size));
    ASSERT_TRUE(g);
    const ColorMatch& m = g->report.color_match;
    ASSERT_TRUE(m.applied) << m.reason;
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(m.curve[c][11], 176 - 6, 1);
        for (std::size_t i = 0; i < 17; ++i) {
            const double a = std::min(16.0 * static_cast<double>(i), 255.0);
            EXPECT_LT(std::abs(m.curve[c][i] - a), 14) << a;
            if (i > 0) {
                EXPECT_GT(m.curve[c][i], m.curve[c][i - 1]);
            }
        }
    }
}

TEST(ColorMatch, WhatWasRepaintedHasNoSay) {
    const Size size{320, 260};
    const Image source = picture(size, image::kRgb8);
    Image answer = drifted(source, 0.95, 8, 1);
    const Image other = drifted(picture({120, 260}, image::kRgb8, 31, 17), 0.8, 60);
    image::copy_pixels(other.view(), answer.span().sub({0, 0, 120, 260})); // 40 % of the context
    const auto g = graft(source.view(), answer.view(), disc(size, 220, 130, 45), whole(size));
    ASSERT_TRUE(g);
    const ColorMatch& m = g->report.color_match;
    ASSERT_TRUE(m.applied) << m.reason;
    for (std::size_t c = 0; c < 3; ++c)
        EXPECT_NEAR(m.curve[c][8], (128 - 8) / 0.95, 1.2);
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
