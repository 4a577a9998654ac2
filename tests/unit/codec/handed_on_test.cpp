// What leaves with a picture and what must not: PackBits, Content Credentials, places.
#include <random>

#include "codec/exif.h"
#include "codec/privacy.h"
#include "codec/provenance.h"
#include "codec/psd_bytes.h"
#include "codec/tiff_directory.h"
#include "unit/codec/support.h"

namespace mw::codec::test {
namespace {

using namespace std::string_literals;

Bytes unpacked(const Bytes& packed) {
    Bytes out;
    for (std::size_t at = 0; at < packed.size();) {
        const int n = static_cast<std::int8_t>(packed[at++]);
        if (n >= 0) {
            out.insert(out.end(), packed.begin() + static_cast<std::ptrdiff_t>(at),
                       packed.begin() + static_cast<std::ptrdiff_t>(at) + n + 1);
            at += static_cast<std::size_t>(n) + 1;
        } else if (n != -128) {
            out.insert(out.end(), static_cast<std::size_t>(1 - n), packed[at++]);
        }
    }
    return out;
}

TEST(PackBits, ComesBackAndGrowsByOneIn128) {
    std::mt19937 random(7);
    for (int round = 0; round < 400; ++round) {
        Bytes row(1 + random() % 700);
        const unsigned kinds = 1 + random() % 4;
        for (std::byte& b : row)
            b = std::byte(random() % (round % 5 == 0 ? 256 : kinds));
        Bytes packed;
        pack_bits(row, packed);
        EXPECT_EQ(unpacked(packed), row);
        EXPECT_LE(packed.size(), row.size() + row.size() / 128 + 1);
    }
    Bytes packed;
    pack_bits(Bytes(30000, std::byte{7}), packed);
    EXPECT_LE(packed.size(), 480u);
}

TEST(PackBits, NamesAreWholeCharacters) {
    EXPECT_EQ(utf16_of("aé\xf0\x9f\x98\x80", 10), u"a\u00e9\xd83d\xde00");
    EXPECT_EQ(utf16_of("aé\xf0\x9f\x98\x80", 3), u"a\u00e9");
    EXPECT_EQ(utf16_of("\xff"
                       "a\xc3",
                       10),
              u"\xfffd"
              u"a\xfffd");
}

TEST(Provenance, FoundInEveryContainerAndInNoOther) {
    const Bytes jumbf = bytes_of("\0\0\0\x28jumb\0\0\0\x20jumdc2pa"s);
    EXPECT_TRUE(carries_provenance(
        png_file(png_header(1, 1, 8, 0), {png_chunk("caBX", jumbf)}, bytes_of("\0\0"s))));
    EXPECT_FALSE(carries_provenance(
        png_file(png_header(1, 1, 8, 0), {png_chunk("tEXt", jumbf)}, bytes_of("\0\0"s))));
    EXPECT_TRUE(carries_provenance(
        bytes_of("\xff\xd8\xff\xeb\0\x24JP\0\1\0\0\0\1\0\0\0\x28jumb\0\0\0\x20jumdc2pa\xff\xda"s)));
    EXPECT_FALSE(carries_provenance( // after the pixels began
        bytes_of(
            "\xff\xd8\xff\xda\0\2\xff\xeb\0\x24JP\0\1\0\0\0\1\0\0\0\x28jumb\0\0\0\x20jumdc2pa"s)));
    EXPECT_TRUE(carries_provenance(bytes_of("RIFF\x14\0\0\0WEBPC2PA\x04\0\0\0c2pa"s)));
    // One entry: tag 52545, UNDEFINED, 4 bytes.
    EXPECT_TRUE(
        carries_provenance(bytes_of("II*\0\x08\0\0\0\1\0\x41\xcd\7\0\4\0\0\0c2pa\0\0\0\0"s)));
    EXPECT_TRUE(carries_provenance(png_file(
        png_header(1, 1, 8, 0),
        {png_chunk("iTXt", bytes_of("XML:com.adobe.xmp\0\0\0\0\0<a dcterms:provenance='x'/>"s))},
        bytes_of("\0\0"s))));
}

TEST(Provenance, AnyBytesAreFine) {
    std::mt19937 random(11);
    const std::string starts[] = {"\x89PNG\r\n\x1a\n"s, "\xff\xd8\xff"s, "RIFF\0\0\0\0WEBP"s,
                                  "II*\0"s, "MM\0*"s};
    for (int round = 0; round < 20000; ++round) {
        Bytes file = bytes_of(starts[round % 5]);
        for (unsigned n = random() % 60; n > 0; --n)
            file.push_back(std::byte(random() % 3 == 0 ? 0xff : random() % 256));
        (void)carries_provenance(file);
    }
}

std::string kept_xmp(const std::string& xmp, KeepMetadata keep = KeepMetadata::no_location) {
    Metadata m;
    m.xmp = bytes_of(xmp);
    const Bytes out = kept_metadata(m, keep).xmp;
    return {reinterpret_cast<const char*>(out.data()), out.size()};
}

TEST(Privacy, PlacesInXmpGoAndTheRestStays) {
    EXPECT_EQ(kept_xmp("<d exif:GPSLatitude=\"48>,1N\" dc:a='b' photoshop:City = 'P'><x>y</x></d>"),
              "<d dc:a='b'><x>y</x></d>");
    EXPECT_EQ(kept_xmp("<d><exif:GPSLongitude>2E</exif:GPSLongitude><dc:a>1</dc:a>"
                       "<Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li/></rdf:Bag>"
                       "</Iptc4xmpExt:LocationShown><exif:GPSMapDatum/></d>"),
              "<d><dc:a>1</dc:a></d>");
    EXPECT_EQ(kept_xmp("<d dcterms:provenance='x' a='1'/>", KeepMetadata::all), "<d a='1'/>");
    EXPECT_EQ(kept_xmp("<d exif:GPSLatitude='1'/>", KeepMetadata::all),
              "<d exif:GPSLatitude='1'/>");
    EXPECT_EQ(kept_xmp("<d/>", KeepMetadata::none), "");
}

TEST(Privacy, WhatIsNotUnderstoodGoesAsAWhole) {
    EXPECT_EQ(kept_xmp("<d note='GPS 48.85 N'/>"), "");
    EXPECT_EQ(kept_xmp("<d exif:GPSLatitude='1"), "");
    EXPECT_EQ(kept_xmp("<\0d\0/\0>\0"s), "");
    EXPECT_EQ(kept_xmp("<exif:GPSLatitude>1"), "");
}

TEST(Privacy, ExifWithoutPlaceAndMakerNote) {
    // Make, Exif with a maker note, GPS with a version: big endian.
    const Bytes exif = bytes_of(
        "MM\0*\0\0\0\x08"
        "\0\3"
        "\1\x0f\0\2\0\0\0\4Cam\0"
        "\x87\x69\0\4\0\0\0\1\0\0\0\x32"
        "\x88\x25\0\4\0\0\0\1\0\0\0\x50"
        "\0\0\0\0"
        "\0\2"
        "\x88\x27\0\3\0\0\0\1\0\x64\0\0"
        "\x92\x7c\0\7\0\0\0\4NOTE"
        "\0\0\0\0"
        "\0\1"
        "\0\0\0\1\0\0\0\4\2\3\0\0"
        "\0\0\0\0"s);
    Metadata m;
    m.exif = exif;
    EXPECT_TRUE(has_location(m));
    const Metadata clean = kept_metadata(m, KeepMetadata::no_location);
    EXPECT_FALSE(has_location(clean));
    const auto tiff = TiffStructure::open(clean.exif);
    ASSERT_TRUE(tiff && tiff->first());
    EXPECT_TRUE(tiff->first()->find(0x10f));
    EXPECT_FALSE(tiff->first()->find(kGpsPointer));
    const auto inner = tiff->child(*tiff->first(), kExifPointer);
    ASSERT_TRUE(inner);
    EXPECT_TRUE(inner->find(0x8827));
    EXPECT_FALSE(inner->find(0x927c));
    EXPECT_TRUE(kept_metadata(m, KeepMetadata::none).exif.empty());
    m.exif = bytes_of("broken");
    EXPECT_TRUE(kept_metadata(m, KeepMetadata::no_location).exif.empty());
}

} // namespace
} // namespace mw::codec::test
