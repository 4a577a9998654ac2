// Caps are checked on the header, and the message has the numbers and a way to go on.
#include "codec/child.h"
#include "support.h"

namespace mw::codec::test {
namespace {

void expect_refused(const Bytes& file, std::initializer_list<const char*> words,
                    const DecodeLimits& limits = {}) {
    ChildUsage usage;
    const auto p = decode_in_child(file, "x.png", limits, {}, &usage);
    ASSERT_FALSE(p);
    EXPECT_EQ(p.error().code, ErrorCode::too_large) << p.error().message;
    for (const char* word : words)
        EXPECT_NE(p.error().message.find(word), std::string::npos) << p.error().message;
#ifndef MASKWRIGHT_SANITIZED
    EXPECT_LT(usage.peak_kib, 64 * 1024);
#endif
}

TEST(Limits, PngHeaderIsEnough) {
    expect_refused(png_file(png_header(16384, 16384, 8, 6), {}, {}),
                   {"x.png", "16384 x 16384", "268 MP", "1074 MB", "120 MP", "higher limit"});
    expect_refused(png_file(png_header(40000, 2, 8, 0), {}, {}), {"40000 x 2", "32768"});
    expect_refused(png_file(png_header(0xffffffffu, 1, 8, 0), {}, {}), {"4294967295 x 1"});
    expect_refused(png_file(png_header(0x7fffffffu, 0x7fffffffu, 16, 6), {}, {}), {"2147483647"});
}

TEST(Limits, AHigherLimitOpens) {
    const Bytes file =
        encode(pattern({300, 200}, image::kGray8).view(), {}, FileFormat::png).value();
    DecodeLimits low;
    low.max_pixels = 50'000;
    expect_refused(file, {"300 x 200", "0.06 MP", "0.05 MP"}, low);
    low.max_pixels = 60'000;
    EXPECT_TRUE(open(file, low));
    low.max_side = 299;
    expect_refused(file, {"299"}, low);
    DecodeLimits memory;
    memory.max_decoded_bytes = 59'999;
    expect_refused(file, {"0.06 MB"}, memory);
    DecodeLimits small;
    small.max_file_bytes = 10;
    EXPECT_EQ(open(file, small).error().code, ErrorCode::too_large);
}

TEST(Limits, OtherFormats) {
    Bytes jpeg = encode(pattern({16, 16}, image::kRgb8).view(), {}, FileFormat::jpeg).value();
    for (std::size_t i = 0; i + 9 < jpeg.size(); ++i)
        if (jpeg[i] == std::byte{0xff} && jpeg[i + 1] == std::byte{0xc0}) {
            std::memset(jpeg.data() + i + 5, 0xfd, 4);
            break;
        }
    expect_refused(jpeg, {"65021 x 65021"});
    DecodeLimits low;
    low.max_pixels = 100;
    expect_refused(encode(pattern({16, 16}, image::kRgb8).view(), {}, FileFormat::webp).value(),
                   {"16 x 16"}, low);
    expect_refused(bytes_of("P5 100000 100000 255\n"), {"100000 x 100000"});
    expect_refused(bytes_of("PF 30000 30000 -1\n"), {"30000 x 30000"});
}

TEST(Limits, ScansOfAJpegAreCapped) {
    Bytes jpeg = encode(pattern({16, 16}, image::kGray8).view(), {}, FileFormat::jpeg).value();
    const Bytes scan = bytes_of(std::string_view("\xff\xda\0\10\1\1\0\0\77\0\1", 11));
    for (int i = 0; i < 101; ++i)
        jpeg.insert(jpeg.end() - 2, scan.begin(), scan.end());
    expect_refused(jpeg, {"100 scans"});
}

} // namespace
} // namespace mw::codec::test
