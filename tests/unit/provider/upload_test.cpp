#include "provider/upload.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/codec.h"

namespace mw::provider {
namespace {

using edit::MaskPolarity;
using image::Image;

edit::EditRequest request_of(Image mask) {
    edit::EditRequest request;
    request.pixels = std::make_shared<const Image>(mask.size(), image::kRgb8);
    request.mask = std::make_shared<const Image>(std::move(mask));
    return request;
}

Image filled(Size size, const std::function<bool(int, int)>& covered) {
    Image mask(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = covered(x, y) ? 255 : 0;
    return mask;
}

edit::ModelCapabilities model_of(MaskPolarity polarity) {
    edit::ModelCapabilities model;
    model.id = "painter";
    model.mask_polarity = polarity;
    return model;
}

// What services make of the file, by what they are known to look at.
TEST(Upload, EachPolarityMeansTheSame) {
    const Image mask = filled({40, 30}, [](int x, int y) { return x > 10 && y < 20; });
    struct Case {
        MaskPolarity polarity;
        image::PixelFormat format;
        std::function<bool(const std::uint8_t*)> edits;
    };
    const Case cases[] = {
        {MaskPolarity::alpha_zero_edits, image::kRgba8,
         [](const std::uint8_t* p) { return p[3] == 0; }},
        // The same file, to one that drops the alpha and looks at the luma.
        {MaskPolarity::alpha_zero_edits, image::kRgba8,
         [](const std::uint8_t* p) { return p[0] == 255 && p[1] == 255 && p[2] == 255; }},
        {MaskPolarity::white_edits, image::kGray8,
         [](const std::uint8_t* p) { return p[0] == 255; }},
        {MaskPolarity::black_edits, image::kGray8, [](const std::uint8_t* p) { return p[0] == 0; }},
        {MaskPolarity::alpha_opaque_edits, image::kRgba8,
         [](const std::uint8_t* p) { return p[3] == 255; }},
        {MaskPolarity::alpha_opaque_edits, image::kRgba8,
         [](const std::uint8_t* p) { return p[0] == 255; }}};
    for (const Case& c : cases) {
        const auto upload =
            encode_mask(request_of(image::clone(mask.view())), model_of(c.polarity));
        ASSERT_TRUE(upload);
        EXPECT_EQ(upload->media_type, "image/png");
        EXPECT_TRUE(upload->notes.empty());
        const auto file = codec::decode(upload->bytes, "mask");
        ASSERT_TRUE(file);
        ASSERT_EQ(file->pixels.format(), c.format);
        ASSERT_EQ(file->pixels.size(), mask.size());
        for (int y = 0; y < 30; ++y)
            for (int x = 0; x < 40; ++x)
                ASSERT_EQ(c.edits(file->pixels.view().pixel<std::uint8_t>(x, y)),
                          *mask.view().pixel<std::uint8_t>(x, y) != 0);
    }
}

TEST(Upload, TheWorstMasksStayBelowFourMegabytes) {
    const Size most{3840, 2160};
    std::mt19937 random(5);
    Image checker(most, image::kGray8), noise(most, image::kGray8);
    for (int y = 0; y < most.height; ++y)
        for (int x = 0; x < most.width; ++x) {
            *checker.span().pixel<std::uint8_t>(x, y) = (x + y) % 2 ? 255 : 0;
            *noise.span().pixel<std::uint8_t>(x, y) = random() & 1 ? 255 : 0;
        }
    const auto size_of = [](const char* name, Image mask) {
        const auto upload =
            encode_mask(request_of(std::move(mask)), model_of(MaskPolarity::alpha_zero_edits));
        EXPECT_TRUE(upload && upload->notes.empty());
        if (upload) testing::Test::RecordProperty(name, static_cast<int>(upload->bytes.size()));
        return upload ? upload->bytes.size() : ~std::size_t{0};
    };
    EXPECT_LT(size_of("checker", std::move(checker)), 400'000u);
    EXPECT_LT(size_of("noise", std::move(noise)), 3'500'000u);
}

// Blocks hold all that was covered, and no more of them than needed.
TEST(Upload, ATooFineMaskIsSentCoarser) {
    std::mt19937 random(6);
    const Image mask = filled({601, 403}, [&](int, int) { return random() % 8 == 0; });
    edit::ModelCapabilities model = model_of(MaskPolarity::white_edits);
    const auto fine = encode_mask(request_of(image::clone(mask.view())), model);
    ASSERT_TRUE(fine);
    model.max_mask_bytes = static_cast<std::int64_t>(fine->bytes.size() / 4);
    const auto coarse = encode_mask(request_of(image::clone(mask.view())), model);
    ASSERT_TRUE(coarse);
    EXPECT_LE(coarse->bytes.size(), static_cast<std::size_t>(model.max_mask_bytes));
    ASSERT_EQ(coarse->notes.size(), 1u);
    EXPECT_NE(coarse->notes[0].find("blocks of"), std::string::npos);
    const auto file = codec::decode(coarse->bytes, "mask");
    ASSERT_TRUE(file);
    for (int y = 0; y < 403; ++y)
        for (int x = 0; x < 601; ++x)
            if (*mask.view().pixel<std::uint8_t>(x, y)) {
                ASSERT_EQ(*file->pixels.view().pixel<std::uint8_t>(x, y), 255);
            }
    model.max_mask_bytes = 60;
    const auto none = encode_mask(request_of(image::clone(mask.view())), model);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::too_large);
    EXPECT_NE(none.error().message.find("painter takes at most 60"), std::string::npos);
}

TEST(Upload, PixelsComeBackAsTheyWere) {
    for (const image::PixelFormat format :
         {image::kRgb8, image::kRgba8, image::PixelFormat{3, image::SampleType::u16}}) {
        edit::EditRequest request = request_of(Image({50, 40}, image::kGray8));
        Image pixels({50, 40}, format);
        std::mt19937 random(7);
        for (std::byte& b : pixels.bytes())
            b = std::byte(random());
        request.pixels = std::make_shared<const Image>(std::move(pixels));
        const auto upload = encode_pixels(request);
        ASSERT_TRUE(upload);
        const auto file = codec::decode(upload->bytes, "pixels");
        ASSERT_TRUE(file);
        EXPECT_TRUE(image::identical(file->pixels.view(), request.pixels->view()));
    }
}

} // namespace
} // namespace mw::provider
