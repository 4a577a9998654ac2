#include <gtest/gtest.h>

#include "edit/backend.h"

namespace mw::edit {
namespace {

class TwoModels : public EditBackend {
  public:
    std::string_view provider() const override { return "test"; }
    std::vector<ModelCapabilities> models() const override {
        ModelCapabilities a, b;
        a.id = "first";
        b.id = "second";
        b.qualities = {"low", "high"};
        b.max_count = 4;
        return {a, b};
    }
    Status check(const std::string&, const EditParams&) const override { return {}; }
    CostEstimate estimate(const CropPlan&, const EditParams&) const override { return {}; }
    Result<EditResult> run(const EditRequest&, const EditObserver&, std::stop_token) override {
        return fail(ErrorCode::unsupported, "no");
    }
};

mask::Mask dot(Size size, int x, int y) {
    mask::Mask m(size);
    image::Image one({1, 1}, image::kGray8);
    one.bytes()[0] = std::byte{90};
    m.write({x, y, 1, 1}, one.view());
    return m;
}

TEST(Request, FindsModels) {
    const TwoModels backend;
    EXPECT_EQ(find_model(backend, "")->id, "first");
    EXPECT_EQ(find_model(backend, "second")->id, "second");
    const auto none = find_model(backend, "third");
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("first, second"), std::string::npos);
}

TEST(Request, PromptsAreCountedInCodePoints) {
    const ModelCapabilities model = TwoModels().models()[0];
    EXPECT_TRUE(check_request(model, "remove the cup", {}));
    const auto empty = check_request(model, "", {});
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(empty.error().message.find("0 characters"), std::string::npos);
    EXPECT_FALSE(check_request(model, " \n\t", {}));
    std::string snow;
    for (int i = 0; i < 32000; ++i)
        snow += "\xE2\x98\x83";
    EXPECT_TRUE(check_request(model, snow, {}));
    EXPECT_FALSE(check_request(model, snow + "x", {}));
    const auto long_one = check_request(model, std::string(40000, 'a'), {});
    ASSERT_FALSE(long_one);
    EXPECT_NE(long_one.error().message.find("40000"), std::string::npos);
    EXPECT_NE(long_one.error().message.find("32000"), std::string::npos);
}

TEST(Request, CountAndQualityAreChecked) {
    const auto models = TwoModels().models();
    EXPECT_FALSE(check_request(models[0], "x", {"", "", 2}));
    EXPECT_FALSE(check_request(models[1], "x", {"", "", 0}));
    EXPECT_TRUE(check_request(models[1], "x", {"", "low", 4}));
    EXPECT_FALSE(check_request(models[1], "x", {"", "ultra", 1}));
    EXPECT_FALSE(check_request(models[0], "x", {"", "low", 1}));
}

TEST(Request, HoldsPixelsAndBothMasks) {
    image::Image picture({300, 200}, {3, image::SampleType::u16});
    picture.span().pixel<std::uint16_t>(150, 100)[1] = 40000;
    ModelCapabilities model = TwoModels().models()[0];
    PlanParams plan;
    plan.mask_grow_px = 2;
    const auto request =
        make_request(picture.view(), dot({300, 200}, 150, 100), model, "remove", {}, plan);
    ASSERT_TRUE(request);
    const Rect crop = request->plan.crop;
    EXPECT_EQ(request->pixels->format(), picture.format());
    EXPECT_EQ(request->pixels->size(), request->plan.request_size);
    EXPECT_EQ(request->pixels->view().pixel<std::uint16_t>(150 - crop.x, 100 - crop.y)[1], 40000);
    const auto at = [&](const image::ImageRef& i, int x, int y) {
        return int{*i->view().pixel<std::uint8_t>(x - crop.x, y - crop.y)};
    };
    EXPECT_EQ(at(request->soft_mask, 150, 100), 90);
    EXPECT_EQ(at(request->soft_mask, 151, 100), 0);
    EXPECT_EQ(at(request->mask, 150, 100), 255);
    EXPECT_EQ(at(request->mask, 152, 100), 255);
    EXPECT_EQ(at(request->mask, 153, 100), 0);
    const auto second = make_request(picture.view(), dot({300, 200}, 150, 100), model, "r", {});
    ASSERT_TRUE(second);
    EXPECT_NE(request->id, second->id);
}

TEST(Request, AHairSurvivesScalingDown) {
    const Size size{600, 400};
    mask::Mask m = dot(size, 301, 201);
    CropPlan plan{{0, 0, 600, 400}, {60, 40}, 0.1, false, {}};
    const image::Image sent = extract_sent_mask(m, plan, {});
    EXPECT_EQ(*sent.view().pixel<std::uint8_t>(30, 20), 255);
    int on = 0;
    for (const std::byte b : sent.bytes())
        on += b != std::byte{0};
    EXPECT_EQ(on, 1);
}

TEST(Request, PaddingIsTheMirrorImageOfPictureAndMask) {
    image::Image picture({3, 2}, image::kGray8);
    for (std::size_t i = 0; i < 6; ++i)
        picture.bytes()[i] = std::byte(i + 1);
    const CropPlan plan{{-2, 0, 7, 2}, {7, 2}, 1, true, {}};
    const image::Image crop = extract_crop(picture.view(), plan);
    const image::Image sent = extract_sent_mask(dot({3, 2}, 0, 0), plan, {});
    const int pixels[] = {2, 1, 1, 2, 3, 3, 2}, covered[] = {0, 255, 255, 0, 0, 0, 0};
    for (int x = 0; x < 7; ++x) {
        EXPECT_EQ(*crop.view().pixel<std::uint8_t>(x, 0), pixels[x]);
        EXPECT_EQ(*sent.view().pixel<std::uint8_t>(x, 0), covered[x]);
    }
}

} // namespace
} // namespace mw::edit
