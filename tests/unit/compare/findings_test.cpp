#include <gtest/gtest.h>

#include <cmath>

#include "compare/changed_areas.h"
#include "compare/metrics.h"
#include "compare/readout.h"
#include "compare/spots.h"
#include "image/color.h"
#include "mask/outline.h"
#include "mask/shapes.h"
#include "unit/compare/kit.h"

namespace mw::compare {
namespace {

using image::Image;

TEST(Spots, AreTheWorstPlacesInOrderAndDoNotOverlap) {
    const Size size{700, 400};
    const Image a = plain(size, image::kRgb8, 100);
    Image b = image::clone(a.view());
    fill_rect(b, {600, 300, 16, 16}, 0, 220); // worst
    fill_rect(b, {50, 60, 16, 16}, 0, 160);
    fill_rect(b, {300, 10, 40, 16}, 0, 130); // wider than a spot
    for (const Metric metric : {Metric::absolute, Metric::delta_e, Metric::flip, Metric::ssim}) {
        const auto spots = worst_spots(a.view(), b.view(), {metric, 6, 16});
        ASSERT_TRUE(spots);
        ASSERT_GE(spots->size(), 4u);
        if (metric != Metric::ssim) {
            EXPECT_FALSE(intersect(spots->at(0).bounds, {600, 300, 16, 16}).empty());
            EXPECT_FALSE(
                intersect({595, 295, 26, 26}, {spots->at(0).peak.x, spots->at(0).peak.y, 1, 1})
                    .empty());
        }
        for (std::size_t i = 0; i < spots->size(); ++i) {
            EXPECT_GE(spots->at(i).peak_value, spots->at(i).value);
            EXPECT_GT(spots->at(i).value, 0);
            EXPECT_TRUE(a.rect().contains(spots->at(i).bounds));
            EXPECT_TRUE(spots->at(i).bounds.contains(spots->at(i).peak));
            if (i) {
                EXPECT_LE(spots->at(i).value, spots->at(i - 1).value * (1 + 1e-6));
            }
            for (std::size_t k = 0; k < i; ++k)
                EXPECT_TRUE(intersect(spots->at(i).bounds, spots->at(k).bounds).empty());
        }
    }
    const auto exact = worst_spots(a.view(), b.view(), {Metric::absolute, 1, 16});
    EXPECT_NEAR(exact->at(0).value * 256, 120 / 255.0 * 256 * 14 * 14 / 256.0, 120.0); // most of it
    EXPECT_NEAR(exact->at(0).peak_value, 120 / 255.0, 1e-6);
}

TEST(Spots, LeaveOutWhatWasAsked) {
    const Size size{256, 200};
    const Image a = plain(size, image::kRgb8, 100);
    Image b = image::clone(a.view());
    fill_rect(b, {100, 100, 30, 30}, 1, 250);
    fill_rect(b, {8, 8, 8, 8}, 1, 110);
    const mask::Mask asked = mask::rectangle(size, {90, 90, 60, 60});
    SpotParams params{Metric::absolute};
    params.leave_out = &asked;
    const auto spots = worst_spots(a.view(), b.view(), params);
    ASSERT_EQ(spots->size(), 1u);
    EXPECT_NEAR(spots->at(0).peak_value, 10 / 255.0, 1e-6);
    EXPECT_TRUE(worst_spots(a.view(), a.view(), params)->empty());
    const Image other = plain({3, 3}, image::kRgb8, 1);
    EXPECT_FALSE(worst_spots(a.view(), other.view(), params));
}

TEST(ChangedAreas, AreCountedOutsideTheMask) {
    const Size size{600, 300};
    const Image a = grain(size, image::kRgb8, 1);
    Image b = image::clone(a.view());
    const auto change = [&](const Rect& r) {
        for (int y = r.y; y < r.bottom(); ++y)
            for (int x = r.x; x < r.right(); ++x)
                b.span().pixel<std::uint8_t>(x, y)[1] ^= 8;
    };
    change({200, 100, 80, 60});                     // half of it asked for
    change({10, 10, 5, 4}), change({15, 14, 2, 2}); // touch by a corner: one
    change({500, 120, 1, 20});                      // across two bands
    const mask::Mask asked = mask::rectangle(size, {200, 100, 40, 60});
    const auto found = changed_areas(a.view(), b.view(), &asked, {0, 1, 1, 1});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->areas.size(), 3u);
    EXPECT_EQ(found->areas[0], (ChangedArea{{240, 100, 40, 60}, 2400}));
    EXPECT_EQ(found->areas[1], (ChangedArea{{10, 10, 7, 6}, 24}));
    EXPECT_EQ(found->areas[2], (ChangedArea{{500, 120, 1, 20}, 20}));
    EXPECT_EQ(found->pixels, 2444);
    EXPECT_EQ(found->where.support_area(), 2444);
    EXPECT_EQ(mask::outline(found->where, a.rect(), 1000).segments.size(), 4u + 8u + 4u);
    const auto large = changed_areas(a.view(), b.view(), &asked, {0, 1, 1, 24});
    EXPECT_EQ(large->areas.size(), 2u);
    EXPECT_EQ(large->where.support_area(), 2424);
    const auto none = changed_areas(a.view(), a.view(), &asked, exact_change());
    EXPECT_TRUE(none->areas.empty());
    EXPECT_EQ(areas_sentence(&*found, &*none),
              "3 areas changed outside your mask in the raw answer; none in the composite.");
    EXPECT_EQ(areas_sentence(nullptr, &*none), "Nothing changed outside your mask.");
    EXPECT_EQ(areas_sentence(nullptr, &*large), "2 areas changed outside your mask.");
    EXPECT_FALSE(changed_areas(a.view(), plain({2, 2}, image::kRgb8, 1).view(), nullptr, {}));
}

TEST(ChangedAreas, JoinEqualsTheSlowDefinition) {
    std::mt19937 random(7);
    for (const int join : {1, 2, 5}) {
        const Size size{90, 140};
        const Image a = plain(size, image::kGray8, 10);
        Image b = image::clone(a.view());
        std::vector<Point> points;
        for (int i = 0; i < 160; ++i) {
            const Point p{int(random() % 90), int(random() % 140)};
            *b.span().pixel<std::uint8_t>(p.x, p.y) = 200;
            if (std::find(points.begin(), points.end(), p) == points.end()) points.push_back(p);
        }
        std::vector<std::size_t> group(points.size());
        for (std::size_t i = 0; i < group.size(); ++i)
            group[i] = i;
        for (bool moved = true; moved;) {
            moved = false;
            for (std::size_t i = 0; i < points.size(); ++i)
                for (std::size_t k = 0; k < points.size(); ++k)
                    if (std::abs(points[i].x - points[k].x) <= join &&
                        std::abs(points[i].y - points[k].y) <= join && group[i] > group[k])
                        group[i] = group[k], moved = true;
        }
        std::sort(group.begin(), group.end());
        const auto groups = std::unique(group.begin(), group.end()) - group.begin();
        const auto found = changed_areas(a.view(), b.view(), nullptr, {0, 1, join, 1});
        EXPECT_EQ(std::ptrdiff_t(found->areas.size()), groups) << join;
        EXPECT_EQ(found->pixels, std::int64_t(points.size()));
    }
}

TEST(ChangedAreas, GrainIsNoVisibleChange) {
    const Size size{512, 384};
    Image a = plain(size, image::kRgb8, 120);
    Image b = image::clone(a.view());
    std::mt19937 random(3);
    for (std::byte& v : b.bytes())
        v = std::byte(120 + int(random() % 25) - 12);
    EXPECT_GT(compare(a.view(), b.view(), nullptr)->all.delta_e_mean, 4);
    EXPECT_TRUE(changed_areas(a.view(), b.view(), nullptr, visible_change())->areas.empty());
    fill_rect(b, {300, 200, 40, 30}, 0, 190);
    const auto found = changed_areas(a.view(), b.view(), nullptr, visible_change());
    ASSERT_EQ(found->areas.size(), 1u);
    EXPECT_NEAR(found->areas[0].bounds.x, 300, 4);
    EXPECT_NEAR(double(found->areas[0].pixels), 1200, 300);
}

TEST(Readout, GivesBothPicturesInSourceAndDisplayValues) {
    Image a({4, 3}, {1, image::SampleType::u16}), b({4, 3}, image::kRgba8);
    *a.span().pixel<std::uint16_t>(2, 1) = 25700;
    auto* p = b.span().pixel<std::uint8_t>(2, 1);
    p[0] = 110, p[1] = 100, p[2] = 90, p[3] = 128;
    const auto r = readout(a.view(), b.view(), {2, 1});
    ASSERT_TRUE(r);
    EXPECT_EQ(r->a.channels, 1);
    EXPECT_EQ(r->a.source[0], 25700);
    EXPECT_NEAR(r->a.display[1], 100, 1e-3);
    EXPECT_EQ(r->a.display[3], 255);
    EXPECT_EQ(r->b.source[3], 128);
    EXPECT_NEAR(r->delta[0], 10, 1e-3);
    EXPECT_NEAR(r->delta[2], -10, 1e-3);
    EXPECT_NEAR(r->delta[3], -127, 1e-3);
    const auto lab = [](double x, double y, double z) {
        const image::Float3 l = image::linear_to_lab({image::srgb_to_linear(float(x / 255)),
                                                      image::srgb_to_linear(float(y / 255)),
                                                      image::srgb_to_linear(float(z / 255))});
        return std::array<double, 3>{l[0], l[1], l[2]};
    };
    EXPECT_NEAR(r->delta_e, ciede2000(lab(100, 100, 100), lab(110, 100, 90)), 0.01);
    EXPECT_FALSE(readout(a.view(), b.view(), {4, 1}));
    const auto moved = readout(a.view(), b.view(), {3, 2}, {}, {1, 1});
    EXPECT_EQ(moved->b.source[0], 110);
    Image f({1, 1}, image::kRgbF);
    f.span().row<float>(0)[0] = std::nanf(""), f.span().row<float>(0)[1] = 7;
    const PixelValue v = pixel_value(f.view(), {0, 0}, {});
    EXPECT_TRUE(std::isnan(v.source[0]));
    EXPECT_EQ(v.display[0], 0);
    EXPECT_EQ(v.source[1], 7);
    EXPECT_EQ(v.display[1], 255);
}

TEST(Readout, ProfileWalksTheLine) {
    const Image a = grain({40, 30}, image::kRgb8, 1), b = grain({40, 30}, image::kRgb8, 2);
    const auto line = line_profile(a.view(), b.view(), {3, 4}, {33, 14});
    ASSERT_TRUE(line);
    ASSERT_EQ(line->samples.size(), 31u);
    EXPECT_NEAR(line->length_px, std::hypot(30, 10), 1e-9);
    EXPECT_EQ(line->samples.front().at, (Point{3, 4}));
    EXPECT_EQ(line->samples[15].at, (Point{18, 9}));
    EXPECT_EQ(line->samples.back().at, (Point{33, 14}));
    EXPECT_EQ(line->samples[7].b.source[1], double(b.view().pixel<std::uint8_t>(10, 6)[1]));
    EXPECT_EQ(line_profile(a.view(), b.view(), {-5, 2}, {400, 2})->samples.size(), 40u);
    EXPECT_EQ(line_profile(a.view(), b.view(), {5, 5}, {5, 5})->samples.size(), 1u);
}

} // namespace
} // namespace mw::compare
