// What travels beside the colours of an OpenEXR: attributes, other channels, stored colours that
// straight alpha does not give back; and files that lie.
#include <OpenEXR/ImfChromaticitiesAttribute.h>
#include <OpenEXR/ImfFloatAttribute.h>
#include <OpenEXR/ImfOpaqueAttribute.h>
#include <OpenEXR/ImfPreviewImage.h>
#include <OpenEXR/ImfStandardAttributes.h>
#include <OpenEXR/ImfStringVectorAttribute.h>
#include <cmath>
#include <limits>
#include <random>

#include "codec/child.h"
#include "codec/exr_samples.h"
#include "codec/exr_stream.h"
#include "exr_support.h"

namespace mw::codec::test {
namespace {

constexpr Size kSize{33, 21};
constexpr std::size_t kPixels = 33 * 21;

ExrMaker rgb() {
    ExrMaker maker(kSize);
    unsigned seed = 1;
    for (const char* name : {"R", "G", "B"})
        maker.add_half(name, numbers(kPixels, seed++));
    return maker;
}

TEST(ExrKept, AttributesKnownAndUnknown) {
    ExrMaker maker = rgb();
    Imf::Header& h = maker.header();
    h.pixelAspectRatio() = 1;
    h.screenWindowCenter() = Imath::V2f(0.25f, -0.5f);
    h.screenWindowWidth() = 1.5f;
    Imf::addComments(h, "a comment");
    Imf::addOwner(h, "somebody");
    Imf::addTimeCode(h, Imf::TimeCode(1, 2, 3, 4));
    Imf::addFramesPerSecond(h, Imf::Rational(24000, 1001));
    Imf::addWorldToCamera(h, Imath::M44f(2.0f));
    Imf::addXDensity(h, 300);
    h.insert("many", Imf::StringVectorAttribute({"one", "", "three"}));
    h.insert("dwaCompressionLevel", Imf::FloatAttribute(77));
    const Bytes opaque = bytes_of("\1\2\3 whatever");
    Imf::OpaqueAttribute strange("studio_type_with_a_name_longer_than_31_letters");
    ExrInput value(opaque);
    strange.readValueFrom(value, static_cast<int>(opaque.size()), 2);
    h.insert("studioThing", strange);
    const Bytes file = maker.file();
    auto p = open(file);
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_TRUE(p->warnings.empty()) << p->warnings[0];
    EXPECT_EQ(p->metadata.dots_per_inch, 300);

    // Also when the picture was edited, and when it was cut.
    p->pixels.span().row<float>(3)[7] = 0.125f;
    const auto cut = p->pixels.view().sub({1, 1, 20, 10});
    for (const image::ImageView pixels : {p->pixels.view(), cut}) {
        const Bytes again = encode(pixels, p->metadata, FileFormat::exr).value();
        const auto before = read_exr_header(p->metadata.exr_header).value();
        const auto back = open(again);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(back->pixels.size(), pixels.size);
        const auto after = read_exr_header(back->metadata.exr_header).value();
        EXPECT_EQ(after.attributes.size(), before.attributes.size());
        for (const ExrAttribute& a : before.attributes) {
            const ExrAttribute* b = after.find(a.name);
            ASSERT_TRUE(b) << a.name;
            EXPECT_EQ(b->type, a.type);
            if (a.name == "dataWindow" || a.name == "displayWindow") continue;
            EXPECT_TRUE(std::ranges::equal(a.value, b->value)) << a.name;
        }
    }
}

TEST(ExrKept, ThePreviewIsOfTheNewPixels) {
    ExrMaker maker = rgb();
    maker.header().setPreviewImage(Imf::PreviewImage(8, 4));
    auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    for (int y = 0; y < kSize.height; ++y)
        for (int i = 0; i < kSize.width * 3; ++i)
            p->pixels.span().row<float>(y)[i] = i % 3 == 0 ? 1.0f : 0.0f;
    const Imf::Header h = header_of(encode(p->pixels.view(), p->metadata, FileFormat::exr).value());
    ASSERT_TRUE(h.hasPreviewImage());
    EXPECT_EQ(h.previewImage().width(), 8u);
    EXPECT_EQ(h.previewImage().pixel(5, 2).r, 255);
    EXPECT_EQ(h.previewImage().pixel(5, 2).g, 0);
}

TEST(ExrKept, OtherChannelsStayAsTheyAre) {
    ExrMaker maker(kSize);
    for (const char* name : {"R", "G", "B"})
        maker.add_half(name, numbers(kPixels));
    maker.add_float("Z", numbers(kPixels, 9));
    maker.add_half("N.X", numbers(kPixels, 10));
    Bytes ids(4 * kPixels);
    for (std::size_t i = 0; i < ids.size(); ++i)
        ids[i] = std::byte(i * 7);
    maker.add("id", Imf::UINT, ids);
    auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    ASSERT_EQ(p->warnings.size(), 1u);
    EXPECT_NE(p->warnings[0].find("N.X, Z, id"), std::string::npos) << p->warnings[0];
    p->pixels.span().row<float>(3)[7] = 0.125f;
    const Bytes again = encode(p->pixels.view(), p->metadata, FileFormat::exr).value();
    for (const char* name : {"Z", "N.X", "id"})
        EXPECT_EQ(channel_of(again, name), maker.samples(name)) << name;
    // Cut pixels have no use for them.
    const Bytes cut =
        encode(p->pixels.view().sub({0, 0, 5, 5}), p->metadata, FileFormat::exr).value();
    EXPECT_TRUE(channel_of(cut, "Z").empty());
    // Too large to keep: told, and the picture opens all the same.
    DecodeLimits tight;
    tight.max_decoded_bytes = kPixels * 12 + 4096;
    const auto poor = open(maker.file(), tight);
    ASSERT_TRUE(poor) << poor.error().message;
    EXPECT_NE(poor->warnings.at(0).find("not kept"), std::string::npos);
    EXPECT_TRUE(
        channel_of(encode(poor->pixels.view(), poor->metadata, FileFormat::exr).value(), "Z")
            .empty());
}

TEST(ExrKept, ALayerIsShownWhenThereIsNoOther) {
    ExrMaker maker(kSize);
    for (const char* name : {"beauty.R", "beauty.G", "beauty.B", "beauty.A"})
        maker.add_float(name, numbers(kPixels));
    maker.add_float("depth.Z", numbers(kPixels, 3));
    const auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.format(), image::kRgbaF);
    const Bytes again = encode(p->pixels.view(), p->metadata, FileFormat::exr).value();
    for (const char* name : {"beauty.R", "beauty.A", "depth.Z"})
        EXPECT_EQ(channel_of(again, name), maker.samples(name)) << name;
}

// Every kind of alpha there is: 0, 1, between, above 1, negative, infinite, NaN, with colours of
// every kind.
std::vector<float> odd_numbers(std::size_t count, unsigned seed) {
    constexpr float kInf = std::numeric_limits<float>::infinity();
    constexpr float kOdd[] = {0, -0.0f, 1, 0.5f, 1e-7f, 65504, kInf, -kInf, -2, NAN, 0.33325195f};
    std::vector<float> out = numbers(count, seed);
    for (std::size_t i = 0; i < count; ++i)
        if ((i * (seed + 2) / 3) % 4 != 1) out[i] = kOdd[(i * (2 * seed + 1) + i / 11) % 11];
    return out;
}

TEST(ExrKept, PremultipliedColoursComeBackBitForBit) {
    for (const bool half : {false, true}) {
        ExrMaker maker(kSize);
        unsigned seed = 1;
        for (const char* name : {"A", "R", "G", "B"})
            half ? maker.add_half(name, odd_numbers(kPixels, seed++))
                 : maker.add_float(name, odd_numbers(kPixels, seed++));
        auto p = open(maker.file());
        ASSERT_TRUE(p) << p.error().message;
        EXPECT_TRUE(p->warnings.empty()) << p->warnings[0];
        const Bytes again = encode(p->pixels.view(), p->metadata, FileFormat::exr).value();
        for (const char* name : {"A", "R", "G", "B"})
            EXPECT_EQ(channel_of(again, name), maker.samples(name)) << name << half;

        // A pixel that was touched is stored as its alpha asks, its neighbours as they were.
        for (int x = 0; x < 4; ++x) {
            float* pixel = p->pixels.span().pixel<float>(2 * x, 5);
            pixel[0] = 0.75f;
            pixel[3] = static_cast<float>(x) / 2;
        }
        const Bytes edited = encode(p->pixels.view(), p->metadata, FileFormat::exr).value();
        const Bytes was = maker.samples("R"), is = channel_of(edited, "R");
        const std::size_t n = half ? 2 : 4;
        for (std::size_t i = 0; i < kPixels; ++i) {
            const bool touched = i >= 5 * 33 && i < 5 * 33 + 8 && i % 2 == 5 * 33 % 2;
            if (!touched) {
                EXPECT_EQ(std::memcmp(was.data() + i * n, is.data() + i * n, n), 0) << i;
                continue;
            }
            std::uint32_t bits = 0;
            std::memcpy(&bits, is.data() + i * n, n);
            EXPECT_EQ(exr_value(bits, half ? ExrSample::half : ExrSample::single),
                      0.75f * static_cast<float>(i - 5 * 33) / 4);
        }
    }
}

TEST(ExrKept, StraightColourIsTheStoredOneDivided) {
    ExrMaker maker({2, 1});
    maker.add_half("R", {0.25f, 0.5f});
    maker.add_half("G", {0.125f, 0});
    maker.add_half("B", {0, 0});
    maker.add_half("A", {0.5f, 1});
    const auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.view().pixel<float>(0, 0)[0], 0.5f);
    EXPECT_EQ(p->pixels.view().pixel<float>(0, 0)[1], 0.25f);
    EXPECT_EQ(p->pixels.view().pixel<float>(1, 0)[0], 0.5f);
}

TEST(ExrKept, AlphaThatIsZeroEverywhereMeansNothing) {
    ExrMaker maker = rgb();
    maker.add_half("A", std::vector<float>(kPixels, 0));
    auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.format(), image::kRgbF);
    ASSERT_EQ(p->warnings.size(), 1u);
    const Bytes again = encode(p->pixels.view(), p->metadata, FileFormat::exr).value();
    for (const char* name : {"A", "R", "G", "B"})
        EXPECT_EQ(channel_of(again, name), maker.samples(name)) << name;
    // But an empty picture is empty.
    ExrMaker empty(kSize);
    for (const char* name : {"A", "R", "G", "B"})
        empty.add_half(name, std::vector<float>(kPixels, 0));
    EXPECT_EQ(open(empty.file()).value().pixels.format(), image::kRgbaF);
}

TEST(ExrKept, ADamagedRestIsNotBelieved) {
    ExrMaker maker = rgb();
    maker.add_float("Z", numbers(kPixels));
    auto p = open(maker.file());
    ASSERT_TRUE(p && p->metadata.exr_beside);
    const Bytes good = *p->metadata.exr_beside, header = p->metadata.exr_header;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{31}, good.size() - 1, good.size() + 1}) {
        Bytes cut = good;
        cut.resize(size);
        p->metadata.exr_beside = std::make_shared<const Bytes>(cut);
        const auto again = encode(p->pixels.view(), p->metadata, FileFormat::exr);
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_TRUE(identical(open(*again).value().pixels.view(), p->pixels.view()));
    }
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
        Bytes beside = good, head = header;
        beside[random() % ExrBesideMap::kHeadBytes] = std::byte(random() & 255);
        for (int n = 0; n < 2; ++n)
            head[random() % head.size()] = std::byte(random() & 255);
        Metadata metadata;
        metadata.exr_header = head;
        metadata.exr_beside = std::make_shared<const Bytes>(beside);
        (void)encode(p->pixels.view(), metadata, FileFormat::exr); // no crash; may be an error
    }
}

void expect_refused(Bytes file, ErrorCode code, const char* word) {
    ChildUsage usage;
    const auto p = decode_in_child(file, "x.exr", {}, {}, &usage);
    ASSERT_FALSE(p) << word;
    EXPECT_EQ(p.error().code, code) << p.error().message;
    EXPECT_NE(p.error().message.find(word), std::string::npos) << p.error().message;
#ifndef MASKWRIGHT_SANITIZED
    EXPECT_LT(usage.peak_kib, 64 * 1024);
#endif
}

TEST(ExrKept, HeadersThatLieAreRefused) {
    const Bytes good = rgb().file();
    const auto with_box = [&](std::string_view name, std::array<std::int32_t, 4> box) {
        Bytes file = good;
        const auto* begin = reinterpret_cast<const char*>(file.data());
        const std::size_t at = std::string_view(begin, file.size()).find(name) + name.size() + 11;
        std::memcpy(file.data() + at, box.data(), 16);
        return file;
    };
    for (const char* window : {"dataWindow", "displayWindow"}) {
        expect_refused(with_box(window, {0, 0, 99'999, 99'999}), ErrorCode::too_large,
                       "100000 x 100000");
        expect_refused(with_box(window, {0, 0, INT32_MAX, INT32_MAX}), ErrorCode::corrupt, window);
        expect_refused(with_box(window, {INT32_MIN, 0, INT32_MAX, 0}), ErrorCode::corrupt, window);
        expect_refused(with_box(window, {5, 5, 4, 4}), ErrorCode::corrupt, window);
    }
    expect_refused(with_box("dataWindow", {0, 0, 9999, 9999}), ErrorCode::corrupt, "too short");
    expect_refused(with_box("dataWindow", {0, 0, 32000, 20}), ErrorCode::corrupt, "damaged");
    Bytes cut = good;
    cut.resize(good.size() / 2);
    expect_refused(cut, ErrorCode::corrupt, "damaged");
    Bytes deep = good;
    deep[5] |= std::byte{8};
    expect_refused(deep, ErrorCode::unsupported, "deep");
    Bytes future = good;
    future[4] = std::byte{3};
    expect_refused(future, ErrorCode::unsupported, "version");
    ExrMaker colorless(kSize);
    colorless.add_float("Z", numbers(kPixels));
    expect_refused(colorless.file(), ErrorCode::unsupported, "Z");
}

} // namespace
} // namespace mw::codec::test
