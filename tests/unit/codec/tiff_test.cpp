// TIFF: what we write comes back as it was, and what others write is read as it is meant.
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "codec/canvas.h"
#include "codec/encoders.h"
#include "codec/tiff_directory.h"
#include "codec/tiff_io.h"
#include "support.h"

namespace mw::codec::test {
namespace {

using image::SampleType;

TEST(Tiff, KeepsEverySampleInEveryFormat) {
    for (const SampleType type : {SampleType::u8, SampleType::u16, SampleType::f32})
        for (int channels = 1; channels <= 4; ++channels)
            for (const bool big : {false, true}) {
                // Higher than one strip.
                const auto picture = pattern({137, 523}, {channels, type});
                const auto file = encode_tiff(picture.view(), {}, big);
                ASSERT_TRUE(file) << file.error().message;
                const auto back = open(*file);
                ASSERT_TRUE(back) << back.error().message;
                EXPECT_TRUE(identical(back->pixels.view(), picture.view())) << channels;
                EXPECT_EQ(back->format, FileFormat::tiff);
                EXPECT_EQ(back->source_bits, 8 * image::sample_bytes(type));
                EXPECT_TRUE(back->warnings.empty()) << back->warnings[0];
            }
}

TEST(Tiff, KeepsFloatsThatAreNoNumbersBitForBit) {
    image::Image picture({256, 3}, image::kRgbF);
    std::uint32_t bits = 0;
    for (int y = 0; y < 3; ++y)
        for (int x = 0; x < 3 * 256; ++x)
            picture.span().row<float>(y)[x] = std::bit_cast<float>(bits += 1864135u);
    float* row = picture.span().row<float>(0);
    row[0] = std::numeric_limits<float>::infinity();
    row[1] = -0.0f;
    row[2] = std::bit_cast<float>(0x7f800001u); // a signalling NaN
    const auto back = open(encode(picture.view(), {}, FileFormat::tiff).value());
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(
        std::memcmp(back->pixels.bytes().data(), picture.bytes().data(), picture.byte_count()), 0);
}

TEST(Tiff, PartOfALargerPicture) {
    const auto picture = pattern({40, 30}, {4, SampleType::u16});
    const auto part = picture.view().sub({5, 7, 21, 11});
    const auto back = open(encode(part, {}, FileFormat::tiff).value());
    ASSERT_TRUE(back);
    EXPECT_TRUE(identical(back->pixels.view(), part));
}

// A TIFF as another program might write it.
class Maker {
  public:
    Maker(Size size, int bits, int samples, int photometric) {
        set(TIFFTAG_IMAGEWIDTH, size.width);
        set(TIFFTAG_IMAGELENGTH, size.height);
        set(TIFFTAG_BITSPERSAMPLE, bits);
        set(TIFFTAG_SAMPLESPERPIXEL, samples);
        set(TIFFTAG_PHOTOMETRIC, photometric);
        set(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    }
    void set(std::uint32_t tag, int value) { TIFFSetField(io_.get(), tag, value); }
    void extra(std::vector<std::uint16_t> kinds) {
        TIFFSetField(io_.get(), TIFFTAG_EXTRASAMPLES, static_cast<int>(kinds.size()), kinds.data());
    }
    TIFF* tiff() { return io_.get(); }
    Bytes with_rows(std::vector<std::uint8_t> rows, int height, int plane = 0) {
        const std::size_t bytes = rows.size() / static_cast<std::size_t>(height);
        for (int y = 0; y < height; ++y)
            TIFFWriteScanline(io_.get(), rows.data() + bytes * static_cast<std::size_t>(y),
                              static_cast<std::uint32_t>(y), static_cast<std::uint16_t>(plane));
        return file();
    }
    Bytes file() {
        TIFFWriteDirectory(io_.get());
        io_.close();
        return std::move(out_);
    }

  private:
    Bytes out_;
    TiffIo io_{out_, false, false};
};

TEST(Tiff, ALargePictureIsTurnedUpright) {
    const Size size{2311, 2503}; // 23 MB, more than is given back at once
    const auto picture = pattern(size, {4, SampleType::u8});
    const auto samples = picture.bytes();
    const auto* first = reinterpret_cast<const std::uint8_t*>(samples.data());
    for (const int orientation : {3, 5, 8}) {
        Maker maker(size, 8, 4, PHOTOMETRIC_RGB);
        maker.set(TIFFTAG_ORIENTATION, orientation);
        maker.extra({EXTRASAMPLE_UNASSALPHA});
        const auto back = open(maker.with_rows({first, first + samples.size()}, size.height));
        ASSERT_TRUE(back) << back.error().message;
        const bool swap = orientation >= 5;
        image::Image upright(swap ? Size{size.height, size.width} : size, picture.format());
        turn_upright(picture.view(), upright.span(), orientation);
        EXPECT_TRUE(identical(back->pixels.view(), upright.view())) << orientation;
    }
}

TEST(Tiff, OneStripForAWholeLargePicture) {
    const Size size{1100, 2100}; // 9 MB, more than is read at once
    const auto picture = pattern(size, {4, SampleType::u8});
    const auto samples = picture.bytes();
    const auto* first = reinterpret_cast<const std::uint8_t*>(samples.data());
    for (const int packing : {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
        Maker maker(size, 8, 4, PHOTOMETRIC_RGB);
        maker.set(TIFFTAG_COMPRESSION, packing);
        maker.set(TIFFTAG_ROWSPERSTRIP, size.height);
        maker.extra({EXTRASAMPLE_UNASSALPHA});
        const auto back = open(maker.with_rows({first, first + samples.size()}, size.height));
        ASSERT_TRUE(back) << packing << ": " << back.error().message;
        EXPECT_TRUE(identical(back->pixels.view(), picture.view())) << packing;
    }
}

template <class T>
std::vector<T> samples(const Picture& p) {
    std::vector<T> out(p.pixels.byte_count() / sizeof(T));
    std::memcpy(out.data(), p.pixels.bytes().data(), p.pixels.byte_count());
    return out;
}

TEST(Tiff, FewBitsAreSpreadOverTheRange) {
    const auto one = open(Maker({10, 1}, 1, 1, PHOTOMETRIC_MINISBLACK).with_rows({0xa5, 0x40}, 1));
    ASSERT_TRUE(one) << one.error().message;
    EXPECT_EQ(samples<std::uint8_t>(*one),
              (std::vector<std::uint8_t>{255, 0, 255, 0, 0, 255, 0, 255, 0, 255}));
    EXPECT_EQ(one->source_bits, 1);
    const auto white = open(Maker({4, 1}, 2, 1, PHOTOMETRIC_MINISWHITE).with_rows({0x1b}, 1));
    EXPECT_EQ(samples<std::uint8_t>(white.value()), (std::vector<std::uint8_t>{255, 170, 85, 0}));
    const auto four = open(Maker({3, 1}, 4, 1, PHOTOMETRIC_MINISBLACK).with_rows({0x0f, 0x70}, 1));
    EXPECT_EQ(samples<std::uint8_t>(four.value()), (std::vector<std::uint8_t>{0, 255, 119}));
    const auto twelve =
        open(Maker({3, 1}, 12, 1, PHOTOMETRIC_MINISBLACK).with_rows({0, 0x0f, 0xff, 0x80, 0}, 1));
    EXPECT_EQ(samples<std::uint16_t>(twelve.value()),
              (std::vector<std::uint16_t>{0, 65535, 32776}));
    EXPECT_EQ(twelve->source_bits, 12);
}

TEST(Tiff, PlanesAndTiles) {
    Maker planes({2, 2}, 8, 3, PHOTOMETRIC_RGB);
    planes.set(TIFFTAG_PLANARCONFIG, PLANARCONFIG_SEPARATE);
    std::vector<std::uint8_t> r{1, 2, 3, 4}, g{11, 12, 13, 14}, b{21, 22, 23, 24};
    planes.set(TIFFTAG_ROWSPERSTRIP, 2);
    std::uint32_t strip = 0;
    for (auto* values : {&r, &g, &b})
        TIFFWriteEncodedStrip(planes.tiff(), strip++, values->data(), 4);
    const auto p = open(planes.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(samples<std::uint8_t>(*p),
              (std::vector<std::uint8_t>{1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24}));

    Maker tiles({40, 20}, 8, 1, PHOTOMETRIC_MINISBLACK); // four tiles, cut at the edges
    tiles.set(TIFFTAG_TILEWIDTH, 32);
    tiles.set(TIFFTAG_TILELENGTH, 16);
    tiles.set(TIFFTAG_COMPRESSION, COMPRESSION_LZW);
    for (std::uint32_t tile = 0; tile < 4; ++tile) {
        std::vector<std::uint8_t> data(32 * 16);
        for (std::size_t i = 0; i < data.size(); ++i)
            data[i] = static_cast<std::uint8_t>(i + 100 * tile);
        TIFFWriteEncodedTile(tiles.tiff(), tile, data.data(), 32 * 16);
    }
    const auto t = open(tiles.file());
    ASSERT_TRUE(t) << t.error().message;
    for (int y = 0; y < 20; ++y)
        for (int x = 0; x < 40; ++x) {
            const int tile = (x >= 32) + 2 * (y >= 16);
            ASSERT_EQ(*t->pixels.view().pixel<std::uint8_t>(x, y),
                      static_cast<std::uint8_t>(x % 32 + y % 16 * 32 + 100 * tile));
        }
}

TEST(Tiff, PaletteOfEightOrSixteenBits) {
    for (const int scale : {257, 256, 1}) { // as the standard says; shifted; old
        Maker m({3, 1}, 8, 1, PHOTOMETRIC_PALETTE);
        std::vector<std::uint16_t> red(256), green(256), blue(256);
        red[5] = static_cast<std::uint16_t>(200 * scale),
        green[7] = static_cast<std::uint16_t>(99 * scale);
        TIFFSetField(m.tiff(), TIFFTAG_COLORMAP, red.data(), green.data(), blue.data());
        const auto p = open(m.with_rows({5, 7, 0}, 1));
        ASSERT_TRUE(p) << p.error().message;
        EXPECT_EQ(samples<std::uint8_t>(*p),
                  (std::vector<std::uint8_t>{200, 0, 0, 0, 99, 0, 0, 0, 0}))
            << scale;
    }
    Maker fine({1, 1}, 8, 1, PHOTOMETRIC_PALETTE);
    std::vector<std::uint16_t> map(256, 12345);
    TIFFSetField(fine.tiff(), TIFFTAG_COLORMAP, map.data(), map.data(), map.data());
    const auto p = open(fine.with_rows({0}, 1));
    EXPECT_EQ(samples<std::uint16_t>(p.value()), (std::vector<std::uint16_t>(3, 12345)));
}

TEST(Tiff, IsTurnedUpright) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        Maker m({2, 1}, 8, 1, PHOTOMETRIC_MINISBLACK);
        m.set(TIFFTAG_ORIENTATION, orientation);
        const auto p = open(m.with_rows({10, 20}, 1));
        ASSERT_TRUE(p) << p.error().message;
        EXPECT_EQ(p->pixels.size(), orientation >= 5 ? (Size{1, 2}) : (Size{2, 1}));
        const bool reversed =
            orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        EXPECT_EQ(samples<std::uint8_t>(*p)[0], reversed ? 20 : 10) << orientation;
    }
}

TEST(Tiff, AlphaIsStraightAndItsLossIsTold) {
    const std::vector<std::uint8_t> rows{50, 100, 0, 128, 9, 9, 9, 0, 1, 2, 3, 255};
    Maker straight({3, 1}, 8, 4, PHOTOMETRIC_RGB);
    straight.extra({EXTRASAMPLE_UNASSALPHA});
    const auto s = open(straight.with_rows(rows, 1));
    ASSERT_TRUE(s) << s.error().message;
    EXPECT_EQ(samples<std::uint8_t>(*s), rows);
    EXPECT_TRUE(s->warnings.empty());

    Maker multiplied({3, 1}, 8, 4, PHOTOMETRIC_RGB);
    multiplied.extra({EXTRASAMPLE_ASSOCALPHA});
    const auto m = open(multiplied.with_rows(rows, 1));
    EXPECT_EQ(samples<std::uint8_t>(m.value()),
              (std::vector<std::uint8_t>{100, 199, 0, 128, 9, 9, 9, 0, 1, 2, 3, 255}));
    ASSERT_EQ(m->warnings.size(), 1u);
    EXPECT_NE(m->warnings[0].find("multiplied"), std::string::npos);

    Maker spot({3, 1}, 8, 4, PHOTOMETRIC_RGB);
    spot.extra({EXTRASAMPLE_UNSPECIFIED});
    const auto p = open(spot.with_rows(rows, 1));
    EXPECT_EQ(p.value().pixels.format(), image::kRgb8);
    EXPECT_EQ(p->warnings.size(), 1u);
}

TEST(Tiff, DeepIntegersAndDoublesSayWhenTheyAreRounded) {
    const std::vector<std::uint32_t> exact{0, 0xffffffffu}, fine{0x12345679, 1};
    const auto bytes = [](const auto& v) {
        const auto* p = reinterpret_cast<const std::uint8_t*>(v.data());
        return std::vector<std::uint8_t>(p, p + v.size() * sizeof v[0]);
    };
    const auto e = open(Maker({2, 1}, 32, 1, PHOTOMETRIC_MINISBLACK).with_rows(bytes(exact), 1));
    ASSERT_TRUE(e) << e.error().message;
    EXPECT_EQ(samples<float>(*e), (std::vector<float>{0, 1}));
    EXPECT_TRUE(e->warnings.empty());
    EXPECT_EQ(e->source_bits, 32);
    const auto f = open(Maker({2, 1}, 32, 1, PHOTOMETRIC_MINISBLACK).with_rows(bytes(fine), 1));
    EXPECT_EQ(f.value().warnings.size(), 1u);
    Maker m({2, 1}, 64, 1, PHOTOMETRIC_MINISBLACK);
    m.set(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
    const auto d = open(m.with_rows(bytes(std::vector<double>{0.5, 0.1}), 1));
    ASSERT_TRUE(d) << d.error().message;
    EXPECT_EQ(samples<float>(*d), (std::vector<float>{0.5f, 0.1f}));
    EXPECT_EQ(d->warnings.size(), 1u);
    EXPECT_EQ(d->source_bits, 64);
    Maker h({2, 1}, 16, 1, PHOTOMETRIC_MINISBLACK);
    h.set(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
    const auto half = open(h.with_rows(bytes(std::vector<std::uint16_t>{0x3c00, 0xc200}), 1));
    EXPECT_EQ(samples<float>(half.value()), (std::vector<float>{1, -3}));
    EXPECT_TRUE(half->warnings.empty());
}

TEST(Tiff, WhatIsNotSupportedIsNamed) {
    const auto refusal = [](const Bytes& file) {
        const auto p = open(file);
        EXPECT_FALSE(p);
        if (p) return std::string();
        EXPECT_EQ(p.error().code, ErrorCode::unsupported);
        return p.error().message;
    };
    EXPECT_NE(
        refusal(Maker({1, 1}, 8, 4, PHOTOMETRIC_SEPARATED).with_rows({1, 2, 3, 4}, 1)).find("CMYK"),
        std::string::npos);
    EXPECT_NE(refusal(Maker({1, 1}, 8, 3, PHOTOMETRIC_CIELAB).with_rows({1, 2, 3}, 1)).find("Lab"),
              std::string::npos);
    Maker integers({1, 1}, 8, 1, PHOTOMETRIC_MINISBLACK);
    integers.set(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_INT);
    EXPECT_NE(refusal(integers.with_rows({1}, 1)).find("signed"), std::string::npos);
}

TEST(Tiff, FurtherPagesAreTold) {
    Maker m({2, 1}, 8, 1, PHOTOMETRIC_MINISBLACK);
    std::uint8_t row[2] = {1, 2}, other[2] = {3, 4};
    TIFFWriteScanline(m.tiff(), row, 0, 0);
    TIFFWriteDirectory(m.tiff());
    m.set(TIFFTAG_IMAGEWIDTH, 2);
    m.set(TIFFTAG_IMAGELENGTH, 1);
    m.set(TIFFTAG_BITSPERSAMPLE, 8);
    m.set(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFWriteScanline(m.tiff(), other, 0, 0);
    const auto p = open(m.file());
    ASSERT_TRUE(p) << p.error().message;
    EXPECT_EQ(samples<std::uint8_t>(*p), (std::vector<std::uint8_t>{1, 2}));
    ASSERT_EQ(p->warnings.size(), 1u);
    EXPECT_NE(p->warnings[0].find("2 pages"), std::string::npos);
}

} // namespace
} // namespace mw::codec::test
