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

Result<EditRequest> request_of(image::ImageView picture, const mask::Mask& mask,
                               const ModelCapabilities& model, const PlanParams& params = {},
                               const image::DisplayTransform& view = {}) {
    const auto plan = plan_crop(picture.size, mask, model.size, params);
    return make_request(picture, view, {mask, *plan}, model, "remove", {}, params);
}

TEST(Request, HoldsPixelsAndBothMasks) {
    image::Image picture({300, 200}, {3, image::SampleType::u16});
    picture.span().pixel<std::uint16_t>(150, 100)[1] = 40000;
    ModelCapabilities model = TwoModels().models()[0];
    model.keeps_depth = true;
    PlanParams plan;
    plan.mask_grow_px = 2;
    const auto request = request_of(picture.view(), dot({300, 200}, 150, 100), model, plan);
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
    const auto second = request_of(picture.view(), dot({300, 200}, 150, 100), model);
    ASSERT_TRUE(second);
    EXPECT_NE(request->id, second->id);
    model.keeps_depth = false;
    const auto shallow = request_of(picture.view(), dot({300, 200}, 150, 100), model);
    EXPECT_EQ(shallow->pixels->format(), image::kRgb8);
    EXPECT_EQ(shallow->pixels->view().pixel<std::uint8_t>(64, 64)[1], 156); // 40000 / 257
}

TEST(Request, ChannelsAreThoseTheModelTakes) {
    using enum image::SampleType;
    for (const int channels : {1, 2, 3, 4})
        for (const bool grey : {false, true})
            for (const bool alpha : {false, true})
                for (const image::SampleType type : {u8, u16, f32})
                    for (const double enlarge : {1.0, 2.0}) {
                        image::Image picture({40, 30}, {channels, type});
                        ModelCapabilities model;
                        model.takes_grey = grey;
                        model.takes_alpha = alpha;
                        model.keeps_depth = true;
                        PlanParams params;
                        params.enlarge = enlarge;
                        const auto request =
                            request_of(picture.view(), dot({40, 30}, 20, 15), model, params);
                        ASSERT_TRUE(request);
                        const bool has_alpha = channels == 2 || channels == 4;
                        const int colors = channels <= 2 && grey ? 1 : 3;
                        EXPECT_EQ(request->pixels->format(),
                                  (image::PixelFormat{colors + (has_alpha && alpha ? 1 : 0),
                                                      type == u8 ? u8 : u16}));
                        EXPECT_EQ(request->pixels->width(), static_cast<int>(40 * enlarge));
                        EXPECT_EQ(request->soft_mask->size(), request->pixels->size());
                        const bool told = has_alpha && !alpha;
                        EXPECT_EQ(request->plan.notes.size(),
                                  static_cast<std::size_t>(told) + (enlarge > 1));
                    }
}

// What is 0.5 in linear light is sent as its encoded value; what is above white as white, and told.
TEST(Request, PixelsAreSentAsTheyAreSeen) {
    image::Image picture({40, 30}, image::kRgbF);
    for (int y = 0; y < 30; ++y)
        for (int x = 0; x < 40; ++x)
            std::fill_n(picture.span().pixel<float>(x, y), 3, x < 20 ? 0.5f : 4.0f);
    auto space = std::make_shared<image::ColorSpace>();
    space->scene_linear = true;
    const ModelCapabilities model;
    const auto seen = [&](double stops) {
        return *request_of(picture.view(), dot({40, 30}, 20, 15), model, {},
                           image::DisplayTransform(space, stops));
    };
    const EditRequest plain = seen(0);
    EXPECT_EQ(plain.pixels->format(), image::kRgb8);
    EXPECT_EQ(plain.pixels->view().pixel<std::uint8_t>(0, 0)[0], 188);
    EXPECT_EQ(plain.pixels->view().pixel<std::uint8_t>(39, 0)[0], 255);
    ASSERT_EQ(plain.plan.notes.size(), 1u);
    EXPECT_NE(plain.plan.notes[0].find("50 %"), std::string::npos);
    const EditRequest darker = seen(-2);
    EXPECT_EQ(darker.pixels->view().pixel<std::uint8_t>(0, 0)[0], 99); // 0.125
    EXPECT_TRUE(darker.plan.notes.empty());
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

TEST(Request, ShowsWhatMustNotBeCopied) {
    const image::Image picture({300, 200}, image::kRgb8);
    const mask::Mask mask = dot({300, 200}, 150, 100);
    ModelCapabilities model = TwoModels().models()[0];
    const auto plan = plan_crop(picture.size(), mask, model.size, {});
    EditParams params;
    params.barred = std::make_shared<const mask::Mask>(dot({300, 200}, 155, 98));
    const auto made = [&] {
        return make_request(picture.view(), {}, {mask, *plan}, model, "remove", params, {});
    };
    const auto refused = made();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    model.copies = true;
    const auto request = made();
    ASSERT_TRUE(request) << request.error().message;
    ASSERT_TRUE(request->barred);
    ASSERT_EQ(request->barred->size(), request->pixels->size());
    const Rect crop = request->plan.crop;
    for (int y = crop.y; y < crop.bottom(); ++y)
        for (int x = crop.x; x < crop.right(); ++x)
            ASSERT_EQ(*request->barred->view().pixel<std::uint8_t>(x - crop.x, y - crop.y) > 0,
                      x == 155 && y == 98);
    params.barred = std::make_shared<const mask::Mask>(dot({300, 201}, 155, 98));
    EXPECT_FALSE(made());
}

} // namespace
} // namespace mw::edit
