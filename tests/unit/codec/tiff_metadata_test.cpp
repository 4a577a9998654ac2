// What travels beside the pixels of a TIFF, and files that lie.
#include "codec/child.h"
#include "codec/encoders.h"
#include "codec/tiff_directory.h"
#include "support.h"

namespace mw::codec::test {
namespace {

// Numbers in either byte order.
struct Writer {
    bool big;
    Bytes bytes;

    void number(std::uint32_t v, int size) {
        for (int i = 0; i < size; ++i)
            bytes.push_back(std::byte(v >> 8 * (big ? size - 1 - i : i) & 255));
    }
    void entry(unsigned tag, unsigned type, std::uint32_t count, std::uint32_t value) {
        number(tag, 2), number(type, 2), number(count, 4);
        type == 3 ? (number(value, 2), number(0, 2)) : number(value, 4);
    }
};

// Make "Leica", Orientation 1, an EXIF directory (ISO 800, a maker's note, interoperability), GPS.
Bytes exif(bool big) {
    Writer w{big, bytes_of(big ? "MM" : "II")};
    w.number(42, 2), w.number(8, 4), w.number(4, 2); // at 8
    w.entry(0x010f, 2, 6, 62);
    w.entry(0x0112, 3, 1, 1);
    w.entry(0x8769, 4, 1, 68);
    w.entry(0x8825, 4, 1, 116);
    w.number(0, 4);
    w.bytes.resize(62);
    for (const char c : {'L', 'e', 'i', 'c', 'a', '\0'})
        w.bytes.push_back(std::byte(c));
    w.number(3, 2); // at 68
    w.entry(0x8827, 3, 1, 800);
    w.entry(0x927c, 7, 6, 110);
    w.entry(0xa005, 4, 1, 134);
    w.number(0, 4);
    w.bytes.resize(110);
    for (int i = 1; i <= 6; ++i)
        w.bytes.push_back(std::byte(i));
    w.number(1, 2); // at 116
    w.entry(5, 1, 1, big ? 1u << 24 : 1);
    w.number(0, 4);
    w.number(1, 2);                                  // at 134
    w.entry(1, 2, 4, big ? 0x52393800 : 0x00383952); // "R98"
    w.number(0, 4);
    return w.bytes;
}

void expect_the_exif(const Bytes& bytes) {
    const auto tiff = TiffStructure::open(bytes);
    ASSERT_TRUE(tiff);
    const auto first = tiff->first();
    ASSERT_TRUE(first);
    const TiffEntry* make = first->find(0x010f);
    ASSERT_TRUE(make);
    EXPECT_EQ(std::memcmp(make->value.data(), "Leica", 6), 0);
    const auto sub = tiff->child(*first, kExifPointer);
    ASSERT_TRUE(sub);
    EXPECT_EQ(tiff->number(*sub, 0x8827), 800u);
    const TiffEntry* note = sub->find(0x927c);
    ASSERT_TRUE(note);
    EXPECT_EQ(note->value.size(), 6u);
    EXPECT_EQ(note->value[5], std::byte{6});
    const auto interop = tiff->child(*sub, kInteropPointer);
    ASSERT_TRUE(interop);
    EXPECT_EQ(std::memcmp(interop->find(1)->value.data(), "R98", 4), 0);
    const auto gps = tiff->child(*first, kGpsPointer);
    ASSERT_TRUE(gps);
    EXPECT_EQ(tiff->number(*gps, 5), 1u);
}

TEST(TiffMetadata, ProfileXmpResolutionAndExifTravel) {
    for (const bool big_endian : {false, true})
        for (const bool big_tiff : {false, true})
            for (const auto format : {image::kGray8, image::kRgb8, image::kRgbaF}) {
                Metadata metadata;
                metadata.icc = profile(format.channels == 1 ? "GRAY" : "RGB ");
                metadata.icc.resize(70'000, std::byte{7});
                metadata.xmp = bytes_of("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");
                metadata.dots_per_inch = 300;
                metadata.exif = exif(big_endian);
                const auto picture = pattern({31, 17}, format);
                const auto back = open(encode_tiff(picture.view(), metadata, big_tiff).value());
                ASSERT_TRUE(back) << back.error().message;
                EXPECT_TRUE(identical(back->pixels.view(), picture.view()));
                EXPECT_EQ(back->metadata.icc, metadata.icc);
                EXPECT_EQ(back->metadata.xmp, metadata.xmp);
                EXPECT_EQ(back->metadata.dots_per_inch, 300);
                expect_the_exif(back->metadata.exif);
                // From then on it stays as it is, byte for byte.
                const auto again =
                    open(encode_tiff(picture.view(), back->metadata, big_tiff).value());
                EXPECT_EQ(again.value().metadata.exif, back->metadata.exif);
                // And goes into other formats.
                if (format.type == image::SampleType::u8) {
                    expect_the_exif(
                        open(encode(picture.view(), back->metadata, FileFormat::png).value())
                            .value()
                            .metadata.exif);
                }
            }
}

TEST(TiffMetadata, DamagedExifIsLeftOut) {
    const auto picture = pattern({8, 8}, image::kRgb8);
    Bytes good = exif(false);
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const int value : {0, 255, 8}) {
            Metadata metadata;
            metadata.exif = good;
            metadata.exif[at] = std::byte(value);
            const auto file = encode_tiff(picture.view(), metadata);
            ASSERT_TRUE(file) << at;
            if (at % 7 != 0) continue; // opening takes a process
            const auto back = open(*file);
            ASSERT_TRUE(back) << at << ' ' << back.error().message;
            EXPECT_TRUE(identical(back->pixels.view(), picture.view()));
        }
}

// Tags of a small uncompressed picture; a test changes one of them.
struct Hostile {
    std::uint32_t width = 8, height = 8, bits = 8, photometric = 1, samples = 1, compression = 1,
                  offset = 8, size = 64, rows = 8, tile = 0;

    Bytes file() const {
        Writer w{false, bytes_of("II")};
        w.number(42, 2), w.number(8 + 64, 4);
        w.bytes.resize(8 + 64, std::byte{77});
        w.number(tile ? 11 : 9, 2);
        w.entry(256, 4, 1, width), w.entry(257, 4, 1, height), w.entry(258, 3, 1, bits);
        w.entry(259, 3, 1, compression), w.entry(262, 3, 1, photometric);
        if (!tile) w.entry(273, 4, 1, offset);
        w.entry(277, 3, 1, samples);
        if (!tile) w.entry(278, 4, 1, rows), w.entry(279, 4, 1, size);
        if (tile) w.entry(322, 4, 1, tile), w.entry(323, 4, 1, tile);
        if (tile) w.entry(324, 4, 1, offset), w.entry(325, 4, 1, size), w.entry(339, 3, 1, 1);
        if (tile) w.entry(338, 3, 1, 0);
        w.number(0, 4);
        return w.bytes;
    }
};

void expect_refused(const Hostile& h, ErrorCode code) {
    ChildUsage usage;
    const auto p = decode_in_child(h.file(), "x.tif", {}, {}, &usage);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, code) << p.error().message;
    EXPECT_EQ(p.error().message.find("made its decoder"), std::string::npos) << p.error().message;
#ifndef MASKWRIGHT_SANITIZED
    EXPECT_LT(usage.peak_kib, 64 * 1024);
#endif
}

TEST(TiffMetadata, HeadersThatLieAreRefused) {
    EXPECT_TRUE(open(Hostile{}.file()));
    expect_refused({.width = 0x7fffffff, .height = 0x7fffffff}, ErrorCode::too_large);
    expect_refused({.width = 16384, .height = 16384}, ErrorCode::too_large);
    expect_refused({.width = 40000, .height = 1}, ErrorCode::too_large);
    expect_refused({.width = 0}, ErrorCode::corrupt);
    expect_refused({.samples = 65535}, ErrorCode::unsupported);
    expect_refused({.bits = 0}, ErrorCode::corrupt);
    expect_refused({.bits = 31}, ErrorCode::unsupported);
    expect_refused({.photometric = 32803}, ErrorCode::unsupported);
    expect_refused({.compression = 34713}, ErrorCode::unsupported);
    expect_refused({.offset = 0xfffffff0}, ErrorCode::corrupt);
    expect_refused({.width = 10000, .height = 10000, .rows = 10000}, ErrorCode::corrupt);
    expect_refused({.tile = 65520}, ErrorCode::too_large);
    expect_refused({.tile = 0x7ffffff0}, ErrorCode::too_large);
    for (const std::uint32_t compression : {2u, 3u, 4u, 5u, 7u, 8u, 32773u, 34925u, 50000u, 50001u})
        expect_refused({.width = 1000, .height = 1000, .compression = compression, .rows = 1000},
                       ErrorCode::corrupt);
}

} // namespace
} // namespace mw::codec::test
