// Clone and heal: from the prompt to what comes back.
#include <gtest/gtest.h>

#include <cmath>

#include "codec/codec.h"
#include "mask/shapes.h"
#include "provider/builtin_backend.h"

namespace mw::provider {
namespace {

using image::Image;

constexpr Size kSize{160, 120};

// A fine pattern over light that falls off, so that places differ in brightness.
Image wall(image::PixelFormat format = image::kRgb8) {
    Image out(kSize, format);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            for (int c = 0; c < format.channels; ++c)
                out.span().pixel<std::uint8_t>(x, y)[c] =
                    static_cast<std::uint8_t>(60 + x / 2 + 20 * ((x / 3 + y / 3) % 2) + 10 * c);
    return out;
}

mask::Mask spot() {
    return mask::ellipse(kSize, {90, 50, 30, 24});
}

Result<edit::EditRequest> request_of(const Image& picture, const mask::Mask& mask,
                                     const std::string& prompt) {
    const auto engine = make_builtin_backend();
    const edit::ModelCapabilities model = engine->models().front();
    const edit::PlanParams params = edit::default_plan(model);
    auto offset = engine->source_offset(prompt, mask);
    if (!offset) return tl::unexpected(offset.error());
    auto plan = edit::plan_crop(picture.size(), mask, model.size, params);
    if (!plan) return tl::unexpected(plan.error());
    return edit::make_request(picture.view(), {}, {mask, *plan}, model, prompt, {}, params,
                              *offset);
}

Result<Image> answer_of(const edit::EditRequest& request, edit::Laying* laying = nullptr) {
    auto result = make_builtin_backend()->run(request, {}, {});
    if (!result) return tl::unexpected(result.error());
    if (laying) *laying = result->laying;
    auto picture = codec::decode(result->answers.front().bytes, "answer");
    if (!picture) return tl::unexpected(picture.error());
    return std::move(picture->pixels);
}

TEST(BuiltinClone, CopiesWhatIsSoFarAway) {
    const Image picture = wall();
    const mask::Mask mask = spot();
    for (const char* prompt : {"clone by -60,9", "clone from 45,71"}) { // the same place
        const auto request = request_of(picture, mask, prompt);
        ASSERT_TRUE(request) << request.error().message;
        edit::Laying laying{};
        const auto answer = answer_of(*request, &laying);
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_EQ(laying, edit::Laying::painted);
        const Rect crop = request->plan.crop;
        ASSERT_EQ(request->plan.scale, 1);
        for (int y = crop.y; y < crop.bottom(); ++y)
            for (int x = crop.x; x < crop.right(); ++x) {
                if (!picture.rect().contains(Point{x, y})) continue;
                const auto* got = answer->view().pixel<std::uint8_t>(x - crop.x, y - crop.y);
                const bool sent =
                    *request->mask->view().pixel<std::uint8_t>(x - crop.x, y - crop.y);
                const auto* want = sent ? picture.view().pixel<std::uint8_t>(x - 60, y + 9)
                                        : picture.view().pixel<std::uint8_t>(x, y);
                ASSERT_EQ(got[0], want[0]) << x << "," << y;
                ASSERT_EQ(got[2], want[2]);
            }
    }
}

TEST(BuiltinClone, HealKeepsThePatternAndTakesTheLightThatIsThere) {
    Image picture = wall();
    const mask::Mask mask = spot();
    const auto request = request_of(picture, mask, "heal by -60,0"); // 30 levels darker there
    ASSERT_TRUE(request);
    const auto answer = answer_of(*request);
    ASSERT_TRUE(answer);
    const Rect crop = request->plan.crop;
    double worst = 0;
    for (int y = 50; y < 74; ++y)
        for (int x = 90; x < 120; ++x) {
            if (mask.at(x, y) == 0) continue;
            const auto* got = answer->view().pixel<std::uint8_t>(x - crop.x, y - crop.y);
            worst = std::max(worst,
                             std::abs(double(got[0]) - *picture.view().pixel<std::uint8_t>(x, y)));
        }
    EXPECT_LE(worst, 2) << "the period of the pattern divides the distance";
    const auto copy = answer_of(*request_of(picture, mask, "clone by -60,0"));
    ASSERT_TRUE(copy);
    EXPECT_NEAR(copy->view().pixel<std::uint8_t>(105 - crop.x, 62 - crop.y)[0],
                picture.view().pixel<std::uint8_t>(105, 62)[0] - 30, 1);
}

TEST(BuiltinClone, ASourceOutsideThePictureIsSaidBeforeAnythingIsWorkedOn) {
    const auto engine = make_builtin_backend();
    for (const char* prompt :
         {"clone by 60,0", "heal from 2,2", "clone by -100000,0", "clone from 1000000,1000000"}) {
        const auto offset = engine->source_offset(prompt, spot());
        ASSERT_FALSE(offset) << prompt;
        EXPECT_EQ(offset.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(offset.error().message.find("160 x 120"), std::string::npos);
    }
    EXPECT_FALSE(engine->source_offset("clone by 0,0", spot()));
    EXPECT_FALSE(engine->source_offset("remove it", spot())->has_value());
    // A request without what it needs is none.
    auto request = request_of(wall(), spot(), "clone by -20,0");
    ASSERT_TRUE(request);
    request->beside = nullptr;
    EXPECT_FALSE(make_builtin_backend()->run(*request, {}, {}));
    const mask::Mask all = mask::rectangle(kSize, {0, 0, 160, 120});
    EXPECT_FALSE(engine->source_offset("heal by 1,0", all));
}

} // namespace
} // namespace mw::provider
