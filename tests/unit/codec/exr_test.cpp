// OpenEXR: every sample comes back as it was, whatever the type, packing, order or window.
#include <Imath/half.h>
#include <OpenEXR/ImfChromaticitiesAttribute.h>
#include <OpenEXR/ImfInputFile.h>
#include <OpenEXR/ImfMultiPartOutputFile.h>
#include <OpenEXR/ImfOutputPart.h>
#include <OpenEXR/ImfPartType.h>
#include <bit>
#include <cmath>

#include "codec/exr_samples.h"
#include "codec/exr_stream.h"
#include "codec/linear_space.h"
#include "exr_support.h"

namespace mw::codec::test {
namespace {

constexpr Size kSize{67, 41};
constexpr std::size_t kPixels = 67 * 41;

bool same_bits(const image::Image& a, const image::Image& b) {
    return a.size() == b.size() && a.format() == b.format() &&
           std::memcmp(a.bytes().data(), b.bytes().data(), a.byte_count()) == 0;
}

Bytes written_again(const Picture& p) {
    const auto file = encode(p.pixels.view(), p.metadata, FileFormat::exr);
    EXPECT_TRUE(file) << file.error().message;
    return file.value_or(Bytes());
}

TEST(Exr, FloatsOfOurOwnComeBackBitForBit) {
    for (int channels = 1; channels <= 4; ++channels) {
        auto picture = pattern(kSize, {channels, image::SampleType::f32});
        const bool alpha = picture.format().has_alpha();
        for (int y = 0; alpha && y < kSize.height; ++y)
            for (int x = 0; x < kSize.width; ++x)
                picture.span().pixel<float>(x, y)[channels - 1] = 1;
        picture.span().row<float>(0)[0] = std::bit_cast<float>(0x7fa00001u); // a NaN
        const auto file = encode(picture.view(), {}, FileFormat::exr);
        ASSERT_TRUE(file) << file.error().message;
        const auto back = open(*file);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_TRUE(same_bits(back->pixels, picture)) << channels;
        EXPECT_EQ(back->format, FileFormat::exr);
        EXPECT_EQ(back->source_bits, 32);
        EXPECT_TRUE(back->warnings.empty());
        ASSERT_TRUE(back->color);
        EXPECT_TRUE(back->color->scene_linear);
        EXPECT_EQ(back->color->name, "scene-linear, Rec. 709");
    }
}

TEST(Exr, EveryHalfComesBack) {
    Bytes all(2 * 65536);
    for (std::uint32_t v = 0; v < 65536; ++v) {
        const auto bits = static_cast<std::uint16_t>(v);
        std::memcpy(all.data() + 2 * v, &bits, 2);
        EXPECT_EQ(exr_bits(exr_value(v, ExrSample::half), ExrSample::half), v);
    }
    ExrMaker maker({256, 256});
    for (const char* name : {"R", "G", "B"})
        maker.add(name, Imf::HALF, all);
    const auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->source_bits, 16);
    EXPECT_EQ(channel_of(written_again(*p), "G"), all);
}

TEST(Exr, EveryPackingOrderAndWayOfLying) {
    for (const auto packing :
         {Imf::NO_COMPRESSION, Imf::RLE_COMPRESSION, Imf::ZIPS_COMPRESSION, Imf::ZIP_COMPRESSION,
          Imf::PIZ_COMPRESSION, Imf::PXR24_COMPRESSION, Imf::B44_COMPRESSION, Imf::B44A_COMPRESSION,
          Imf::DWAA_COMPRESSION, Imf::DWAB_COMPRESSION})
        for (const auto order : {Imf::INCREASING_Y, Imf::DECREASING_Y})
            for (const bool tiles : {false, true}) {
                ExrMaker maker(kSize, packing);
                maker.header().lineOrder() = order;
                unsigned seed = 1;
                for (const char* name : {"R", "G", "B", "A"})
                    maker.add_half(name, numbers(kPixels, seed++));
                const Bytes file = tiles ? maker.tiled(16) : maker.file();
                const auto p = open(file);
                ASSERT_TRUE(p) << packing << p.error().message;
                const Bytes again = written_again(*p);
                // Equal to what the library reads, and again when it is written.
                for (const char* name : {"R", "G", "B", "A"})
                    EXPECT_EQ(channel_of(again, name), channel_of(file, name)) << packing << name;
                const Imf::Header header = header_of(again);
                const bool lossy = packing >= Imf::B44_COMPRESSION;
                EXPECT_EQ(header.compression(), lossy ? Imf::ZIP_COMPRESSION : packing);
                EXPECT_EQ(header.lineOrder(), order);
                EXPECT_EQ(header.hasTileDescription(), tiles);
                EXPECT_TRUE(same_bits(open(again).value().pixels, p->pixels));
            }
}

TEST(Exr, Pxr24WouldRoundFloats) {
    ExrMaker maker(kSize, Imf::PXR24_COMPRESSION);
    maker.add_float("Y", numbers(kPixels));
    const auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.format(), image::kGrayF);
    const Bytes again = written_again(*p);
    EXPECT_EQ(header_of(again).compression(), Imf::ZIP_COMPRESSION);
    EXPECT_TRUE(same_bits(open(again).value().pixels, p->pixels));
}

TEST(Exr, TheDisplayWindowIsThePictureAndOverscanIsKept) {
    const Imath::Box2i data({-7, -3}, {59, 37}), display({2, 5}, {40, 50});
    ExrMaker maker(display, data, Imf::ZIP_COMPRESSION);
    unsigned seed = 1;
    for (const char* name : {"R", "G", "B"})
        maker.add_half(name, numbers(kPixels, seed++));
    const Bytes file = maker.file();
    auto p = open(file);
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.size(), (Size{39, 46}));
    std::uint16_t half = 0; // of R at the display window's corner
    std::memcpy(&half, maker.samples("R").data() + 2 * (8 * 67 + 9), 2);
    EXPECT_EQ(*p->pixels.view().pixel<float>(0, 0), exr_value(half, ExrSample::half));
    EXPECT_EQ(*p->pixels.view().pixel<float>(3, 40), 0.0f); // below the data window
    EXPECT_EQ(p->warnings.size(), 1u);
    Bytes again = written_again(*p);
    EXPECT_EQ(header_of(again).dataWindow(), data);
    EXPECT_EQ(header_of(again).displayWindow(), display);
    for (const char* name : {"R", "G", "B"})
        EXPECT_EQ(channel_of(again, name), maker.samples(name));

    // Something painted where nothing was stored: the data window grows.
    p->pixels.span().pixel<float>(3, 40)[1] = 0.25f;
    again = written_again(*p);
    EXPECT_EQ(header_of(again).dataWindow(), Imath::Box2i({-7, -3}, {59, 50}));
    const auto back = open(again);
    ASSERT_TRUE(back);
    EXPECT_TRUE(same_bits(back->pixels, p->pixels));
    const Bytes r = channel_of(again, "R");
    EXPECT_EQ(std::memcmp(r.data(), maker.samples("R").data(), maker.samples("R").size()), 0);
}

TEST(Exr, WindowsThatDoNotMeet) {
    ExrMaker maker({{0, 0}, {9, 9}}, {{100, 100}, {166, 140}}, Imf::ZIP_COMPRESSION);
    maker.add_half("Y", numbers(kPixels));
    const auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.size(), (Size{10, 10}));
    EXPECT_EQ(channel_of(written_again(*p), "Y"), maker.samples("Y"));
}

TEST(Exr, LuminanceAndChromaBecomeRgb) {
    ExrMaker maker({64, 40});
    maker.add_half("Y", std::vector<float>(64 * 40, 0.5f));
    Bytes chroma(2 * 32 * 20);
    maker.add("RY", Imf::HALF, chroma, 2);
    maker.add("BY", Imf::HALF, chroma, 2);
    maker.add_float("Z", numbers(64 * 40));
    const auto p = open(maker.file());
    ASSERT_TRUE(p) << p.error().message;
    ASSERT_EQ(p->pixels.format(), image::kRgbF);
    for (int c = 0; c < 3; ++c)
        EXPECT_NEAR(p->pixels.view().pixel<float>(30, 20)[c], 0.5f, 0.001f);
    const Bytes again = written_again(*p);
    EXPECT_EQ(channel_of(again, "Z"), maker.samples("Z"));
    EXPECT_TRUE(same_bits(open(again).value().pixels, p->pixels));
}

TEST(Exr, ChromaticitiesSayTheColourSpace) {
    ExrMaker maker(kSize);
    maker.add_half("Y", numbers(kPixels));
    const Imf::Chromaticities ap0({0.7347f, 0.2653f}, {0, 1}, {0.0001f, -0.077f},
                                  {0.32168f, 0.33767f});
    maker.header().insert("chromaticities", Imf::ChromaticitiesAttribute(ap0));
    const auto p = open(maker.file());
    ASSERT_TRUE(p && p->color);
    EXPECT_EQ(p->color->name, "scene-linear, ACES AP0");
    // As in ACES' own transform to Rec. 709 (Bradford), to three digits.
    const std::array<float, 9> expected{2.5217f,  -1.1341f, -0.3876f, -0.2765f, 1.3727f,
                                        -0.0962f, -0.0154f, -0.1530f, 1.1684f};
    for (std::size_t i = 0; i < 9; ++i)
        EXPECT_NEAR(p->color->to_srgb[i], expected[i], 0.001f) << i;
    EXPECT_FALSE(linear_space({0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_FALSE(linear_space({NAN, 0.33f, 0.3f, 0.6f, 0.15f, 0.06f, 0.3127f, 0.329f}));
    EXPECT_EQ(linear_rec709()->to_srgb, (std::array<float, 9>{1, 0, 0, 0, 1, 0, 0, 0, 1}));
}

TEST(Exr, TheFirstPartWithColoursIsShown) {
    ExrMaker depth(kSize), beauty(kSize);
    depth.add_float("Z", numbers(kPixels));
    beauty.add_half("R", numbers(kPixels, 1));
    beauty.add_half("G", numbers(kPixels, 2));
    beauty.add_half("B", numbers(kPixels, 3));
    Imf::Header headers[] = {depth.header(), beauty.header()};
    headers[0].setName("depth"), headers[1].setName("beauty");
    for (auto& h : headers)
        h.setType(Imf::SCANLINEIMAGE);
    Bytes file;
    {
        ExrOutput stream(file);
        Imf::MultiPartOutputFile parts(stream, headers, 2, false, 0);
        const auto write = [&](int n, const ExrMaker& m, std::initializer_list<const char*> names,
                               Imf::PixelType type) {
            Imf::OutputPart part(parts, n);
            Imf::FrameBuffer frame;
            for (const char* name : names)
                frame.insert(
                    name, Imf::Slice::Make(type, m.samples(name).data(), headers[n].dataWindow()));
            part.setFrameBuffer(frame);
            part.writePixels(kSize.height);
        };
        write(0, depth, {"Z"}, Imf::FLOAT);
        write(1, beauty, {"R", "G", "B"}, Imf::HALF);
    }
    const auto p = open(file);
    ASSERT_TRUE(p) << p.error().message;
    ASSERT_EQ(p->warnings.size(), 1u);
    EXPECT_NE(p->warnings[0].find("beauty"), std::string::npos);
    const Bytes again = written_again(*p);
    EXPECT_EQ(channel_of(again, "G"), beauty.samples("G"));
}

TEST(Exr, ScreenValuesAreNotWrittenAsLight) {
    for (const auto type : {image::SampleType::u8, image::SampleType::u16}) {
        const auto file = encode(pattern({4, 4}, {3, type}).view(), {}, FileFormat::exr);
        ASSERT_FALSE(file);
        EXPECT_EQ(file.error().code, ErrorCode::unsupported);
        EXPECT_NE(file.error().message.find("TIFF"), std::string::npos);
    }
}

} // namespace
} // namespace mw::codec::test
