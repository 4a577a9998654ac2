// PNG as the standard has it: depths, palettes, transparency, interlace, and damage.
#include "support.h"

namespace mw::codec::test {
namespace {

Bytes raw(std::initializer_list<int> values) {
    Bytes b;
    for (const int v : values)
        b.push_back(std::byte(v));
    return b;
}

std::vector<int> samples(const Picture& p) {
    std::vector<int> out;
    const bool deep = p.pixels.format().type == image::SampleType::u16;
    for (int y = 0; y < p.pixels.height(); ++y)
        for (int i = 0; i < p.pixels.width() * p.pixels.format().channels; ++i)
            out.push_back(deep ? p.pixels.view().row<std::uint16_t>(y)[i]
                               : p.pixels.view().row<std::uint8_t>(y)[i]);
    return out;
}

TEST(Png, SmallDepthsUseTheFullRange) {
    const auto one = open(png_file(png_header(3, 1, 1, 0), {}, raw({0, 0b10100000})));
    ASSERT_TRUE(one) << one.error().message;
    EXPECT_EQ(samples(*one), (std::vector{255, 0, 255}));
    EXPECT_EQ(one->source_bits, 1);
    EXPECT_EQ(samples(*open(png_file(png_header(3, 1, 2, 0), {}, raw({0, 0b00011000})))),
              (std::vector{0, 85, 170}));
    EXPECT_EQ(samples(*open(png_file(png_header(3, 1, 4, 0), {}, raw({0, 0x1f, 0x80})))),
              (std::vector{17, 255, 136}));
}

TEST(Png, SixteenBitsAreKept) {
    const auto p = open(png_file(png_header(1, 1, 16, 2), {}, raw({0, 1, 2, 3, 4, 255, 254})));
    ASSERT_TRUE(p);
    EXPECT_EQ(samples(*p), (std::vector{0x102, 0x304, 0xfffe}));
}

TEST(Png, TransparentColourBecomesAlpha) {
    const auto grey =
        open(png_file(png_header(2, 1, 4, 0), {png_chunk("tRNS", raw({0, 3}))}, raw({0, 0x3f})));
    ASSERT_TRUE(grey);
    EXPECT_EQ(samples(*grey), (std::vector{51, 0, 255, 255}));
    const auto deep = open(
        png_file(png_header(2, 1, 16, 0), {png_chunk("tRNS", raw({1, 2}))}, raw({0, 1, 2, 1, 3})));
    ASSERT_TRUE(deep);
    EXPECT_EQ(samples(*deep), (std::vector{0x102, 0, 0x103, 65535}));
    const auto rgb =
        open(png_file(png_header(2, 1, 8, 2), {png_chunk("tRNS", raw({0, 1, 0, 2, 0, 3}))},
                      raw({0, 1, 2, 3, 1, 2, 4})));
    ASSERT_TRUE(rgb);
    EXPECT_EQ(samples(*rgb), (std::vector{1, 2, 3, 0, 1, 2, 4, 255}));
}

TEST(Png, PaletteWithAndWithoutAlpha) {
    const Bytes plte = png_chunk("PLTE", raw({10, 20, 30, 40, 50, 60}));
    const Bytes header = png_header(3, 1, 2, 3), rows = raw({0, 0b01000100});
    EXPECT_EQ(samples(*open(png_file(header, {plte}, rows))),
              (std::vector{40, 50, 60, 10, 20, 30, 40, 50, 60}));
    const auto alpha = open(png_file(header, {plte, png_chunk("tRNS", raw({7}))}, rows));
    ASSERT_TRUE(alpha);
    EXPECT_EQ(samples(*alpha), (std::vector{40, 50, 60, 255, 10, 20, 30, 7, 40, 50, 60, 255}));
    const auto beyond = open(png_file(header, {plte}, raw({0, 0b11000100})));
    ASSERT_TRUE(beyond);
    EXPECT_EQ(beyond->warnings.size(), 1u);
    EXPECT_EQ(open(png_file(header, {}, rows)).error().code, ErrorCode::corrupt);
}

TEST(Png, EveryFilter) {
    // Rows 2.. repeat the first by each filter's own means.
    const Bytes rows = raw({0,
                            1,
                            2,
                            3,
                            /*sub*/ 1,
                            1,
                            1,
                            1,
                            /*up*/ 2,
                            0,
                            0,
                            0,
                            /*average*/ 3,
                            1,
                            1,
                            1,
                            /*paeth*/ 4,
                            0,
                            0,
                            0});
    const auto p = open(png_file(png_header(3, 5, 8, 0), {}, rows));
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(samples(*p), (std::vector{1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3}));
    EXPECT_EQ(open(png_file(png_header(3, 1, 8, 0), {}, raw({5, 1, 2, 3}))).error().code,
              ErrorCode::corrupt);
}

TEST(Png, InterlacedOddSizes) {
    // Adam7 by hand: each pass' pixels in order, value = 16 y + x.
    constexpr int kPasses[][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                  {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    for (int w = 1; w <= 9; ++w)
        for (int h = 1; h <= 9; ++h) {
            Bytes rows;
            for (const auto& [x0, y0, dx, dy] : kPasses) {
                if (x0 >= w) continue;
                for (int y = y0; y < h; y += dy) {
                    rows.push_back(std::byte{0});
                    for (int x = x0; x < w; x += dx)
                        rows.push_back(std::byte(16 * y + x));
                }
            }
            const auto p = open(png_file(
                png_header(static_cast<unsigned>(w), static_cast<unsigned>(h), 8, 0, 1), {}, rows));
            ASSERT_TRUE(p) << w << " x " << h << p.error().message;
            for (int y = 0; y < h; ++y)
                for (int x = 0; x < w; ++x)
                    ASSERT_EQ(*p->pixels.view().pixel<std::uint8_t>(x, y), 16 * y + x);
        }
}

TEST(Png, DamageBesideThePixelsIsAWarning) {
    Bytes text = png_chunk("tEXt", bytes_of("a=b"));
    text.back() ^= std::byte{1};
    const auto p = open(png_file(png_header(1, 1, 8, 0), {text}, raw({0, 9})));
    ASSERT_TRUE(p) << p.error().message;
    ASSERT_EQ(p->warnings.size(), 1u);
    EXPECT_NE(p->warnings[0].find("CRC"), std::string::npos);
    EXPECT_EQ(samples(*p), (std::vector{9}));
}

TEST(Png, DamageOfThePixelsIsAnError) {
    const auto picture = pattern({64, 64}, image::kRgb8);
    const Bytes good = encode(picture.view(), {}, FileFormat::png).value();
    for (std::size_t i = 0; i < good.size() - 12; i += 97) { // anywhere before the end chunk
        Bytes bad = good;
        bad[i] ^= std::byte{4};
        const auto p = open(bad);
        ASSERT_FALSE(p) << i;
    }
    for (std::size_t n = 0; n < good.size() - 12; n += 211)
        ASSERT_FALSE(open(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)))) << n;
}

TEST(Png, AWrongChecksumOfTheStreamIsAnError) {
    Bytes stream = deflated(raw({0, 9}));
    stream.back() ^= std::byte{1};
    Bytes file = bytes_of("\x89PNG\r\n\x1a\n");
    file.reserve(4096);
    for (const Bytes& c :
         {png_header(1, 1, 8, 0), png_chunk("IDAT", stream), png_chunk("IEND", {})})
        file.insert(file.end(), c.begin(), c.end());
    const auto p = open(file);
    ASSERT_FALSE(p);
    EXPECT_NE(p.error().message.find("checksum"), std::string::npos) << p.error().message;
}

TEST(Png, BombsBesideThePixelsAreLeftOut) {
    Bytes packed = deflated(Bytes(64u << 20));
    Bytes iccp = bytes_of(std::string_view("x\0\0", 3));
    iccp.insert(iccp.end(), packed.begin(), packed.end());
    Bytes itxt = bytes_of(std::string_view("XML:com.adobe.xmp\0\1\0\0\0", 22));
    itxt.insert(itxt.end(), packed.begin(), packed.end());
    const auto p =
        open(png_file(png_header(1, 1, 8, 2), {png_chunk("iCCP", iccp), png_chunk("iTXt", itxt)},
                      raw({0, 1, 2, 3})));
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_TRUE(p->metadata.icc.empty());
    EXPECT_TRUE(p->metadata.xmp.empty());
    EXPECT_EQ(p->warnings.size(), 2u);
}

TEST(Png, PackedXmpIsRead) {
    Bytes itxt = bytes_of(std::string_view("XML:com.adobe.xmp\0\1\0en\0\0", 24));
    const Bytes packed = deflated(bytes_of("<x/>"));
    itxt.insert(itxt.end(), packed.begin(), packed.end());
    const auto p = open(png_file(png_header(1, 1, 8, 0), {png_chunk("iTXt", itxt)}, raw({0, 1})));
    ASSERT_TRUE(p);
    EXPECT_EQ(p->metadata.xmp, bytes_of("<x/>"));
}

Picture with_chunks(const std::vector<Bytes>& chunks, int color_type = 2) {
    auto picture = open(png_file(png_header(1, 1, 8, color_type), chunks,
                                 color_type == 2 ? raw({0, 1, 2, 3}) : raw({0, 1})));
    EXPECT_TRUE(picture);
    return std::move(*picture);
}

float shown(const Picture& p, float grey) {
    image::Image one({1, 1}, image::kRgbF);
    std::fill_n(one.span().row<float>(0), 3, grey);
    return image::DisplayTransform(p.color).to_display(one.view()).view().row<float>(0)[0];
}

TEST(Png, GammaAndPrimariesAreHonoured) {
    const Bytes linear = png_chunk("gAMA", raw({0, 1, 0x86, 0xa0}));
    const Picture light = with_chunks({linear});
    ASSERT_TRUE(light.color);
    EXPECT_EQ(light.color->name, "Rec. 709, linear");
    EXPECT_TRUE(light.color->curve[0].empty());
    EXPECT_FALSE(light.color->scene_linear);
    EXPECT_NEAR(shown(light, 0.5f), 0.7353569f, 1e-6);
    EXPECT_EQ(with_chunks({linear}, 0).color->name, "Rec. 709, linear"); // grey
    // Written again, it means the same.
    for (const FileFormat format : {FileFormat::png, FileFormat::webp, FileFormat::tiff}) {
        const auto file = encode(light.pixels.view(), light.metadata, format);
        ASSERT_TRUE(file);
        const auto again = open(*file);
        ASSERT_TRUE(again);
        ASSERT_TRUE(again->color) << name_of(format);
        EXPECT_TRUE(again->color->curve[0].empty());
        EXPECT_NEAR(shown(*again, 0.5f), 0.7353569f, 1e-5);
    }

    const Picture steep = with_chunks({png_chunk("gAMA", raw({0, 3, 0xd0, 0x90}))}); // 2.5
    EXPECT_NEAR(shown(steep, 1 / 255.0f),
                1.055 * std::pow(std::pow(1 / 255.0, 0.4), 1 / 2.4) - 0.055, 1e-5);
    // sRGB by other words, and sRGB itself, which goes before.
    const Bytes usual = png_chunk("gAMA", raw({0, 0, 0xb1, 0x8f}));
    EXPECT_FALSE(with_chunks({usual}).color);
    EXPECT_FALSE(with_chunks({png_chunk("sRGB", raw({0})), linear}).color);
    // Primaries: P3, with the white point first.
    Bytes chrm;
    for (const unsigned v : {31270u, 32900u, 68000u, 32000u, 26500u, 69000u, 15000u, 6000u})
        for (const int shift : {24, 16, 8, 0})
            chrm.push_back(std::byte(v >> shift & 255));
    const Picture wide = with_chunks({usual, png_chunk("cHRM", chrm)});
    ASSERT_TRUE(wide.color);
    EXPECT_EQ(wide.color->name, "Display P3");
    EXPECT_NEAR(wide.color->to_srgb[0], 1.22494f, 1e-4);
    EXPECT_TRUE(wide.warnings.empty());
}

TEST(Png, CodePointsComeFirst) {
    const Bytes linear = png_chunk("gAMA", raw({0, 1, 0x86, 0xa0}));
    const auto cicp = [](int primaries, int transfer, int matrix = 0, int full = 1) {
        return png_chunk("cICP", raw({primaries, transfer, matrix, full}));
    };
    EXPECT_FALSE(with_chunks({cicp(1, 13), linear}).color); // sRGB
    const Picture p3 = with_chunks({cicp(12, 13), linear});
    ASSERT_TRUE(p3.color);
    EXPECT_EQ(p3.color->name, "Display P3, sRGB curve");
    EXPECT_EQ(with_chunks({cicp(9, 8)}).color->name, "Rec. 2020, linear");
    for (const Bytes& other : {cicp(9, 16), cicp(9, 18), cicp(1, 13, 1), cicp(1, 13, 0, 0),
                               cicp(2, 2), png_chunk("cICP", raw({1}))}) {
        const Picture said = with_chunks({other});
        EXPECT_FALSE(said.color);
        ASSERT_EQ(said.warnings.size(), 1u);
        EXPECT_NE(said.warnings[0].find("cICP"), std::string::npos);
    }
}

TEST(Png, ColourSpacesThatMakeNoSenseAreSaid) {
    for (const Bytes& chunk :
         {png_chunk("gAMA", raw({0, 0, 0, 0})), png_chunk("gAMA", raw({0xff, 0xff, 0xff, 0xff})),
          png_chunk("cHRM", Bytes(32)), png_chunk("cHRM", Bytes(32, std::byte{0xff}))}) {
        const Picture odd = with_chunks({chunk});
        EXPECT_FALSE(odd.color);
        EXPECT_EQ(odd.warnings.size(), 1u);
    }
}

} // namespace
} // namespace mw::codec::test
