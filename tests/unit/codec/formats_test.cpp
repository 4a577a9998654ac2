// The formats that are only read, from bytes made by hand, and what is told by the first bytes.
#include "support.h"

namespace mw::codec::test {
namespace {

std::vector<int> samples(const Picture& p) {
    std::vector<int> out;
    const bool deep = p.pixels.format().type == image::SampleType::u16;
    for (int y = 0; y < p.pixels.height(); ++y)
        for (int i = 0; i < p.pixels.width() * p.pixels.format().channels; ++i)
            out.push_back(deep ? p.pixels.view().row<std::uint16_t>(y)[i]
                               : p.pixels.view().row<std::uint8_t>(y)[i]);
    return out;
}

template <std::size_t N>
Bytes lit(const char (&text)[N]) {
    return bytes_of(std::string_view(text, N - 1));
}

TEST(Sniff, NamesWhatItIsAndTheWayOut) {
    struct Row {
        Bytes file;
        ErrorCode code;
        const char* word;
    };
    const Row rows[] = {
        {{}, ErrorCode::corrupt, "empty"},
        {lit("II*\0\10\0\0\0"), ErrorCode::corrupt, "TIFF"},
        {lit("II*\0\20\0\0\0CR\2\0"), ErrorCode::unsupported, "Canon raw"},
        {lit("\x76\x2f\x31\x01\2\0\0\0"), ErrorCode::corrupt, "OpenEXR"},
        {lit("\0\0\0\x1c"
             "ftypavif"),
         ErrorCode::unsupported, "AVIF"},
        {lit("\0\0\0\x1c"
             "ftypheic"),
         ErrorCode::unsupported, "HEIF"},
        {lit("\xff\x0a\0\0"), ErrorCode::unsupported, "JPEG XL"},
        {lit("qoif\0\0\0\1"), ErrorCode::unsupported, "QOI"},
        {lit("<?xml version='1.0'?>\n<svg xmlns='x'/>"), ErrorCode::unsupported, "SVG"},
        {lit("SQLite format 3\0xxxx"), ErrorCode::corrupt, "SQLite"},
        {lit("<!DOCTYPE HTML><title>502</title>"), ErrorCode::corrupt, "HTML"},
        {lit("{\"error\": 1}"), ErrorCode::corrupt, "JSON"},
        {lit("Dear artist, this is a letter."), ErrorCode::corrupt, "text"},
        {lit("%PDF-1.7"), ErrorCode::unsupported, "PDF"},
        {lit("PK\3\4xxxxxxxx"), ErrorCode::unsupported, "ZIP"},
        {lit("\x01"), ErrorCode::corrupt, "01"},
    };
    for (const Row& row : rows) {
        const auto p = open(row.file);
        ASSERT_FALSE(p) << row.word;
        EXPECT_EQ(p.error().code, row.code) << p.error().message;
        EXPECT_NE(p.error().message.find(row.word), std::string::npos) << p.error().message;
        EXPECT_NE(p.error().message.find("test picture"), std::string::npos);
    }
}

TEST(Sniff, ContentDecidesNotTheName) {
    const Scratch folder;
    const auto file = encode(pattern({4, 4}, image::kRgb8).view(), {}, FileFormat::webp).value();
    ASSERT_TRUE(write_file_atomic(folder / "a.png", file));
    EXPECT_EQ(decode_file(folder / "a.png")->format, FileFormat::webp);
}

TEST(Pnm, PlainRawAndDeep) {
    EXPECT_EQ(samples(*open(lit("P2\n# note\n2 1 4\n0 3\n"))), (std::vector{0, 191}));
    EXPECT_EQ(samples(*open(lit("P1 3 1 1 01"))), (std::vector{0, 255, 0}));
    EXPECT_EQ(samples(*open(lit("P4 3 1\n\xa0"))), (std::vector{0, 255, 0}));
    EXPECT_EQ(samples(*open(lit("P6 1 1 255\n\1\2\3"))), (std::vector{1, 2, 3}));
    const auto deep = open(lit("P5 2 1 65535\n\1\2\377\376"));
    ASSERT_TRUE(deep);
    EXPECT_EQ(samples(*deep), (std::vector{0x102, 0xfffe}));
    EXPECT_EQ(deep->source_bits, 16);
    EXPECT_EQ(open(lit("P6 2 2 255\n\1\2\3")).error().code, ErrorCode::corrupt);
    EXPECT_EQ(open(lit("P5 0 2 255\n\1\2\3")).error().code, ErrorCode::corrupt);
    EXPECT_EQ(open(lit("P5 2 x 255\n\1\2\3")).error().code, ErrorCode::corrupt);
}

TEST(Pfm, RowsFromBottomToTop) {
    const auto p = open(lit("Pf 1 2 -1\n\0\0\200\77\0\0\0\100"));
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.view().row<float>(0)[0], 2.0f);
    EXPECT_EQ(p->pixels.view().row<float>(1)[0], 1.0f);
}

TEST(Bmp, BothDirectionsAndDamage) {
    Bytes up =
        lit("BM\0\0\0\0\0\0\0\0\66\0\0\0\50\0\0\0\1\0\0\0\2\0\0\0\1\0\30\0\0\0\0\0\0\0\0\0"
            "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\0\4\5\6\0");
    EXPECT_EQ(samples(*open(up)), (std::vector{6, 5, 4, 3, 2, 1}));
    Bytes down = up;
    down[22] = std::byte{0xfe};
    down[23] = down[24] = down[25] = std::byte{0xff};
    const auto p = open(down);
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(samples(*p), (std::vector{3, 2, 1, 6, 5, 4}));
    Bytes cut(up.begin(), up.end() - 6);
    EXPECT_EQ(open(cut)->warnings.size(), 1u);
    Bytes minimum = up;
    minimum[22] = minimum[23] = minimum[24] = std::byte{0};
    minimum[25] = std::byte{0x80};
    EXPECT_FALSE(open(minimum));
}

TEST(Tga, LargerThanWhatIsGivenBackAtOnce) {
    const Size size{2311, 2503}; // 23 MB
    Bytes file = lit("\0\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\40\50");
    for (const auto& [at, side] : {std::pair{12u, size.width}, std::pair{14u, size.height}}) {
        file[at] = std::byte(side & 255);
        file[at + 1] = std::byte(side >> 8);
    }
    const auto picture = pattern(size, {4, image::SampleType::u8});
    const auto* p = picture.bytes().data();
    for (std::size_t i = 0; i < picture.byte_count(); i += 4)
        file.insert(file.end(), {p[i + 2], p[i + 1], p[i], p[i + 3]});
    const auto back = open(file);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(identical(back->pixels.view(), picture.view()));
}

TEST(Tga, TrueColour) {
    const auto p = open(lit("\0\0\2\0\0\0\0\0\0\0\0\0\2\0\1\0\30\40\1\2\3\4\5\6"));
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(samples(*p), (std::vector{3, 2, 1, 6, 5, 4}));
    EXPECT_EQ(p->format, FileFormat::tga);
}

TEST(Gif, FirstFrame) {
    // Codes of three bits: clear 1 0 0, then wider; packed by hand: 4 1 0 0 | 1 5.
    Bytes gif = lit("GIF89a\2\0\2\0\200\0\0\0\0\0\377\0\0,\0\0\0\0\2\0\2\0\0\2");
    unsigned bits = 0;
    int have = 0;
    Bytes data;
    const auto put = [&](unsigned code, int width) {
        bits |= code << have;
        for (have += width; have >= 8; have -= 8, bits >>= 8)
            data.push_back(std::byte(bits & 255));
    };
    put(4, 3);
    put(1, 3);
    put(0, 3);
    put(0, 3); // the table now has eight entries: four bits from here
    put(1, 4);
    put(5, 4);
    data.push_back(std::byte(bits & 255));
    gif.push_back(std::byte(data.size()));
    gif.insert(gif.end(), data.begin(), data.end());
    Bytes cut = gif;
    gif.push_back(std::byte{0});
    gif.push_back(std::byte{';'});
    const auto p = open(gif);
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(samples(*p), (std::vector{255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0}));
    cut.resize(cut.size() - 2);
    EXPECT_EQ(open(cut).error().code, ErrorCode::corrupt);
}

Bytes psd(int mode, int channels, const Bytes& layers, const Bytes& pixels) {
    Bytes file = lit("8BPS\0\1\0\0\0\0\0\0\0");
    file.push_back(std::byte(channels));
    const Bytes rest = lit("\0\0\0\1\0\0\0\2\0\10\0");
    file.insert(file.end(), rest.begin(), rest.end());
    file.push_back(std::byte(mode));
    const Bytes empty = lit("\0\0\0\0\0\0\0\0\0\0\0");
    file.insert(file.end(), empty.begin(), empty.end());
    file.push_back(std::byte(layers.size()));
    file.insert(file.end(), layers.begin(), layers.end());
    file.insert(file.end(), pixels.begin(), pixels.end());
    return file;
}

TEST(Psd, PlanesAlphaAndModes) {
    EXPECT_EQ(samples(*open(psd(3, 3, {}, lit("\0\0\1\2\3\4\5\6")))),
              (std::vector{1, 3, 5, 2, 4, 6}));
    // Packed: a run of two 9s, then literals.
    EXPECT_EQ(samples(*open(psd(1, 1, {}, lit("\0\1\0\2\377\11")))), (std::vector{9, 9}));
    // A fourth channel is transparency only when the layer count is negative.
    const Bytes pixels = lit("\0\0\377\377\377\377\377\377\377\0");
    EXPECT_EQ(open(psd(3, 4, lit("\0\0\0\2\0\1"), pixels))->pixels.format().channels, 3);
    EXPECT_EQ(samples(*open(psd(3, 4, lit("\0\0\0\2\377\377"), pixels))),
              (std::vector{255, 255, 255, 255, 255, 255, 255, 0}));
    const auto lab = open(psd(9, 3, {}, lit("\0\0\1\2\3\4\5\6")));
    EXPECT_EQ(lab.error().code, ErrorCode::unsupported);
    EXPECT_NE(lab.error().message.find("Lab"), std::string::npos);
    EXPECT_EQ(open(psd(3, 3, {}, lit("\0\0\1\2\3"))).error().code, ErrorCode::corrupt);
    EXPECT_EQ(open(psd(1, 1, {}, lit("\0\1\0\2\370\11"))).error().code, ErrorCode::corrupt);
}

TEST(Hdr, LinearFloats) {
    const auto p = open(
        lit("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 2\n\200\100\40\201\200\200\200\202"));
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->pixels.format(), image::kRgbF);
    EXPECT_EQ(p->pixels.view().row<float>(0)[0], 1.0f);
    EXPECT_EQ(p->pixels.view().row<float>(0)[3], 2.0f);
    ASSERT_TRUE(p->color);
    EXPECT_TRUE(p->color->scene_linear);
    EXPECT_TRUE(p->warnings.empty());
}

TEST(Jpeg, TwelveBitsAreNamed) {
    Bytes jpeg = encode(pattern({16, 16}, image::kRgb8).view(), {}, FileFormat::jpeg).value();
    for (std::size_t i = 0; i + 9 < jpeg.size(); ++i)
        if (jpeg[i] == std::byte{0xff} && jpeg[i + 1] == std::byte{0xc0}) {
            jpeg[i + 4] = std::byte{12};
            break;
        }
    const auto p = open(jpeg);
    EXPECT_EQ(p.error().code, ErrorCode::unsupported);
    EXPECT_NE(p.error().message.find("12 bits"), std::string::npos);
}

TEST(Jpeg, ACutFileIsShownWithAWarning) {
    Bytes jpeg = encode(pattern({64, 64}, image::kRgb8).view(), {}, FileFormat::jpeg).value();
    jpeg.resize(jpeg.size() * 2 / 3);
    const auto p = open(jpeg);
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(p->warnings.size(), 1u);
}

TEST(Webp, CutAndLyingFilesAreRefused) {
    Bytes webp = encode(pattern({64, 64}, image::kRgb8).view(), {}, FileFormat::webp).value();
    Bytes lies = webp;
    lies[6] = std::byte{0x7f};
    EXPECT_EQ(open(lies).error().code, ErrorCode::corrupt);
    webp.resize(webp.size() / 2);
    EXPECT_EQ(open(webp).error().code, ErrorCode::corrupt);
}

} // namespace
} // namespace mw::codec::test
