// Grafting again with other settings, several parts, display space.
#include <gtest/gtest.h>

#include "composite/graft.h"
#include "mask/refine.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;
using image::ImageRef;
using image::SampleType;

ImageRef ref(Image&& image) {
    return std::make_shared<const Image>(std::move(image));
}

TEST(Grafter, EveryRunEqualsAGraftFromScratch) {
    const Size size{220, 180};
    const ImageRef source = ref(picture(size, image::kRgb8));
    const ImageRef answer = ref(picture(size, image::kRgb8, 1.4, -0.8));
    const mask::Mask mask = disc(size, 110, 90, 45);
    auto grafter = Grafter::create(source, {{answer, mask, whole(size)}});
    ASSERT_TRUE(grafter) << grafter.error().message;
    std::vector<GraftParams> settings(9);
    settings[1].seam.feather_px = 20;
    settings[2].do_register = false;
    settings[3].match_color = false;
    settings[4].seam.reach_out_px = 6;
    settings[5].do_register = settings[5].match_color = false;
    settings[6].membrane = settings[6].grain = false;
    settings[7].seam.kind = SeamKind::fitting;
    for (const GraftParams& params : settings) {
        const auto again = grafter->run(params);
        const auto once = graft(source->view(), answer->view(), mask, whole(size), params);
        ASSERT_TRUE(again && once);
        EXPECT_EQ(again->patch.rect, once->patch.rect);
        EXPECT_TRUE(image::identical(again->patch.pixels->view(), once->patch.pixels->view()));
        EXPECT_EQ(again->report.outside_sha256, once->report.outside_sha256);
        EXPECT_EQ(again->report.outside_sha256_before, once->report.outside_sha256_before);
        EXPECT_EQ(again->report.changed_inside_mask, once->report.changed_inside_mask);
        EXPECT_EQ(again->report.changed_outside_mask, 0);
    }
}

TEST(Grafter, WithoutAProofTheCountsStayEmpty) {
    const Size size{60, 50};
    GraftParams params;
    params.prove = false;
    const auto g = graft(picture(size, image::kRgb8).view(), noise(size, image::kRgb8, 2).view(),
                         disc(size, 30, 25, 10), whole(size), params);
    ASSERT_TRUE(g);
    EXPECT_TRUE(g->report.outside_sha256.empty());
    EXPECT_EQ(g->report.changed_inside_mask, 0);
}

TEST(Grafter, PartsMakeOnePatch) {
    const Size size{200, 120};
    const ImageRef source = ref(picture(size, image::kRgb8));
    const ImageRef answer = ref(noise(size, image::kRgb8, 7));
    const mask::Mask left = disc(size, 50, 60, 20), right = disc(size, 150, 60, 30);
    mask::Mask both = left;
    mask::combine(both, right, mask::CombineMode::add);
    GraftParams params;
    params.do_register = params.match_color = params.membrane = params.grain = false;
    auto grafter =
        Grafter::create(source, {{answer, left, whole(size)}, {answer, right, whole(size)}});
    ASSERT_TRUE(grafter);
    const auto parts = grafter->run(params);
    const auto one = graft(source->view(), answer->view(), both, whole(size), params);
    ASSERT_TRUE(parts && one);
    EXPECT_EQ(parts->patch.rect, one->patch.rect);
    EXPECT_TRUE(image::identical(parts->patch.pixels->view(), one->patch.pixels->view()));
    expect_proved(source->view(), *parts, both);
    ASSERT_EQ(parts->report.parts.size(), 2u);
    EXPECT_EQ(parts->report.declared, both.bounds());
    EXPECT_EQ(parts->report.parts[1].declared, right.bounds());
    EXPECT_TRUE(parts->report.parts[0].outside_sha256.empty());
    EXPECT_TRUE(one->report.parts.empty());
}

TEST(Grafter, PartsThatOverlapAreLaidInOrder) {
    const Size size{120, 100};
    const Image source = picture(size, image::kRgb8);
    const mask::Mask first = disc(size, 50, 50, 25), second = disc(size, 70, 50, 25);
    GraftParams params;
    params.do_register = params.match_color = params.membrane = params.grain = false;
    const ImageRef a = ref(noise(size, image::kRgb8, 1)), b = ref(noise(size, image::kRgb8, 2));
    auto grafter = Grafter::create(ref(image::clone(source.view())),
                                   {{a, first, whole(size)}, {b, second, whole(size)}});
    ASSERT_TRUE(grafter);
    const auto both = grafter->run(params);
    ASSERT_TRUE(both);
    const auto one = graft(source.view(), a->view(), first, whole(size), params);
    const Image between = apply(source.view(), one->patch);
    const auto two = graft(between.view(), b->view(), second, whole(size), params);
    EXPECT_TRUE(image::identical(apply(source.view(), both->patch).view(),
                                 apply(between.view(), two->patch).view()));
}

TEST(Grafter, StopsWhenAsked) {
    const Size size{60, 50};
    auto grafter =
        Grafter::create(ref(picture(size, image::kRgb8)),
                        {{ref(picture(size, image::kRgb8)), disc(size, 30, 25, 10), whole(size)}});
    ASSERT_TRUE(grafter);
    std::stop_source stop;
    stop.request_stop();
    const auto g = grafter->run({}, stop.get_token());
    ASSERT_FALSE(g);
    EXPECT_EQ(g.error().code, ErrorCode::cancelled);
    EXPECT_TRUE(grafter->run({}));
    EXPECT_FALSE(Grafter::create(ref(picture(size, image::kRgb8)), {}));
}

TEST(Grafter, AReachOutwardDeclaresMore) {
    const Size size{120, 100};
    const Image source = picture(size, image::kRgb8), answer = noise(size, image::kRgb8, 4);
    const mask::Mask mask = disc(size, 60, 50, 20);
    for (const double reach : {1.0, 2.0, 5.0, 12.5}) {
        GraftParams params;
        params.do_register = params.match_color = false;
        params.seam.reach_out_px = reach;
        const auto g = graft(source.view(), answer.view(), mask, whole(size), params);
        ASSERT_TRUE(g);
        const Rect bounds = mask.bounds();
        EXPECT_EQ(g->report.declared, bounds.grown(static_cast<int>(reach)));
        EXPECT_EQ(g->report.changed_outside_mask, 0);
        EXPECT_EQ(g->report.outside_sha256, g->report.outside_sha256_before);
        // Beyond the reach nothing changes; within it something does.
        const Image result = apply(source.view(), g->patch);
        bool reached = false;
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                double nearest = 1e9;
                for (int j = -14; j <= 14; ++j)
                    for (int i = -14; i <= 14; ++i)
                        if (x + i >= 0 && y + j >= 0 && x + i < size.width && y + j < size.height &&
                            mask.at(x + i, y + j))
                            nearest = std::min(nearest, std::hypot(i, j));
                const bool same = std::memcmp(source.view().pixel<std::uint8_t>(x, y),
                                              result.view().pixel<std::uint8_t>(x, y), 3) == 0;
                EXPECT_TRUE(same || nearest <= reach + 0.02) << x << ", " << y;
                reached = reached || (!same && nearest > 0);
            }
        EXPECT_EQ(reached, reach > 1);
    }
}

std::shared_ptr<const image::ColorSpace> wide_gamut() {
    image::ColorSpace space; // gamma 2, Display P3 like primaries
    space.name = "test";
    for (int i = 0; i < 1024; ++i)
        space.curve[0].push_back(float(i) / 1023 * float(i) / 1023);
    space.to_srgb = {1.2249f, -0.2247f, 0, -0.0420f, 1.0419f, 0, -0.0196f, -0.0786f, 1.0979f};
    return std::make_shared<const image::ColorSpace>(space);
}

TEST(Grafter, AnyDepthAndSpaceTakesTheAnswerAsItIsShown) {
    const Size size{120, 90};
    const mask::Mask mask = disc(size, 60, 45, 25);
    image::ColorSpace light;
    light.scene_linear = true;
    const std::array<image::DisplayTransform, 3> views{
        image::DisplayTransform{}, image::DisplayTransform(wide_gamut()),
        image::DisplayTransform(std::make_shared<const image::ColorSpace>(light), -1.5)};
    for (const auto& view : views) {
        for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::f32}) {
            for (int channels = 1; channels <= 4; ++channels) {
                const Image source = picture(size, {channels, type});
                Image answer =
                    view.to_display(picture({200, 150}, {channels, type}).view(), SampleType::u8);
                answer = image::convert(answer.view().sub({40, 30, 120, 90}),
                                        {answer.format().color_channels(), SampleType::u8});
                GraftParams params;
                params.do_register = params.match_color = params.membrane = params.grain = false;
                params.seam.feather_px = 0;
                const auto g = graft(source.view(), answer.view(), mask, whole(size), params, view);
                ASSERT_TRUE(g);
                expect_proved(source.view(), *g, mask);
                // A step of 8 bits in the other space, as it is shown; in deeper ones what is under
                // a level is between the source's own and the answer, and half a level is dither.
                double most = type == SampleType::u8 ? 6 : type == SampleType::u16 ? 1.6 : 0.9;
                if (view.is_identity()) most = type == SampleType::u8 ? 0.003 : most - 0.2;
                const Image shown =
                    view.to_display(apply(source.view(), g->patch).view(), SampleType::u16);
                const Image asked = image::convert(answer.view(), shown.format());
                for (int y = 0; y < size.height; ++y)
                    for (int x = 0; x < size.width; ++x) {
                        if (mask.at(x, y) < 255) continue;
                        for (int c = 0; c < shown.format().color_channels(); ++c)
                            EXPECT_NEAR(shown.view().pixel<std::uint16_t>(x, y)[c] / 257.0,
                                        asked.view().pixel<std::uint16_t>(x, y)[c] / 257.0, most)
                                << channels << ' ' << int(type);
                    }
            }
        }
    }
}

} // namespace
} // namespace mw::composite
