// How a request of another size than its crop is scaled.
#include <gtest/gtest.h>

#include "edit/crop_plan.h"

namespace mw::edit {
namespace {

using image::Filter;

TEST(Resampling, TheScaleDecidesUnlessSomebodySays) {
    const Size small{100, 80}, large{200, 160}, slightly{110, 88}, mixed{200, 80};
    EXPECT_EQ(filter_for(Resampling::automatic, small, large), Filter::edge_directed);
    EXPECT_EQ(filter_for(Resampling::automatic, small, slightly), Filter::lanczos_limited);
    EXPECT_EQ(filter_for(Resampling::automatic, large, small), Filter::lanczos_limited);
    EXPECT_EQ(filter_for(Resampling::automatic, small, mixed), Filter::lanczos_limited);
    EXPECT_EQ(filter_for(Resampling::lanczos, small, large), Filter::lanczos_limited);
    EXPECT_EQ(filter_for(Resampling::area, large, small), Filter::area);
    EXPECT_EQ(filter_for(Resampling::area, small, large), Filter::lanczos_limited);
    EXPECT_EQ(filter_for(Resampling::edges, small, slightly), Filter::edge_directed);
    EXPECT_EQ(filter_for(Resampling::edges, large, small), Filter::lanczos_limited);
    // What an older project did, either way.
    EXPECT_EQ(filter_for(Resampling::plain, small, large), Filter::lanczos);
    EXPECT_EQ(filter_for(Resampling::plain, large, small), Filter::lanczos);
}

TEST(Resampling, APlanKeepsWhatWasChosenAndTheCropIsScaledSo) {
    mask::Mask mask(Size{200, 200});
    image::Image dot({8, 8}, image::kGray8);
    for (std::byte& b : dot.bytes())
        b = std::byte{255};
    mask.write({96, 96, 8, 8}, dot.view());
    image::Image picture({200, 200}, image::kGray8);
    for (int y = 0; y < 200; ++y)
        for (int x = 0; x < 200; ++x)
            *picture.span().pixel<std::uint8_t>(x, y) = x + y / 3 < 130 ? 40 : 220;
    for (const Resampling how : {Resampling::automatic, Resampling::lanczos, Resampling::area,
                                 Resampling::edges, Resampling::plain}) {
        PlanParams params;
        params.context_px = 20;
        params.enlarge = 2;
        params.resampling = how;
        const auto plan = plan_crop({200, 200}, mask, {}, params);
        ASSERT_TRUE(plan) << plan.error().message;
        EXPECT_EQ(plan->resampling, how);
        ASSERT_NE(plan->request_size, plan->crop.size());
        const image::Image crop = image::clone(picture.view().sub(plan->crop));
        const image::Image want =
            image::resample(crop.view(), plan->request_size,
                            filter_for(how, plan->crop.size(), plan->request_size));
        EXPECT_TRUE(image::identical(extract_crop(picture.view(), *plan).view(), want.view()));
    }
}

} // namespace
} // namespace mw::edit
