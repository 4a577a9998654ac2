// Several edits over each other as layers, and the pixels of exports.
#include <gtest/gtest.h>
#include <minizip/unzip.h>

#include <cmath>
#include <random>

#include "composite/graft.h"
#include "handoff/layers.h"
#include "handoff/prepare.h"
#include "image/convert.h"
#include "support/temp_folder.h"

namespace mw::handoff {
namespace {

using image::Image;
using image::ImageRef;
using image::SampleType;

Image noise(Size size, image::PixelFormat format, unsigned seed) {
    std::mt19937 random(seed);
    Image out(size, format);
    for (std::byte& b : out.bytes())
        b = std::byte(random() & 255);
    return out;
}

// Edits over each other that keep the alpha, as a graft does.
LayerSource source_of(image::PixelFormat format, int edits) {
    LayerSource source;
    const Size size{48, 40};
    Image now = noise(size, format, 1);
    source.original = std::make_shared<const Image>(image::clone(now.view()));
    for (int i = 0; i < edits; ++i) {
        const Rect r{4 + 7 * i, 3 + 5 * i, 25, 20};
        Image patch = noise(r.size(), format, 10u + static_cast<unsigned>(i));
        const auto pixel = static_cast<std::size_t>(format.bytes());
        const auto alpha = static_cast<std::size_t>(image::sample_bytes(format.type));
        for (int y = 0; y < r.height; ++y)
            for (int x = 0; x < r.width; ++x) {
                std::byte* p = patch.span().row_bytes(y) + static_cast<std::size_t>(x) * pixel;
                const std::byte* below =
                    now.view().row_bytes(r.y + y) + static_cast<std::size_t>(r.x + x) * pixel;
                if ((x + y) % 4 == 0)
                    std::memcpy(p, below, pixel);
                else if (format.has_alpha())
                    std::memcpy(p + pixel - alpha, below + pixel - alpha, alpha);
            }
        mask::Mask mask(size);
        Image coverage(r.size(), image::kGray8);
        for (std::byte& b : coverage.bytes())
            b = std::byte{200};
        mask.write(r, coverage.view());
        auto pixels = std::make_shared<const Image>(std::move(patch));
        image::copy_pixels(pixels->view(), now.span().sub(r));
        source.steps.push_back({"edit <" + std::to_string(i) + ">", {r, pixels}, mask});
    }
    source.result = std::make_shared<const Image>(std::move(now));
    return source;
}

Bytes entry_of(unzFile zip, const std::string& name) {
    Bytes out;
    if (unzLocateFile(zip, name.c_str(), 1) != UNZ_OK || unzOpenCurrentFile(zip) != UNZ_OK)
        return out;
    Bytes piece(1 << 16);
    for (int n; (n = unzReadCurrentFile(zip, piece.data(), 1 << 16)) > 0;)
        out.insert(out.end(), piece.begin(), piece.begin() + n);
    EXPECT_EQ(unzCloseCurrentFile(zip), UNZ_OK); // the checksum is right
    return out;
}

std::string attribute(const std::string& tag, const std::string& name) {
    const std::size_t at = tag.find(" " + name + "=\"");
    if (at == std::string::npos) return {};
    const std::size_t begin = at + name.size() + 3;
    return tag.substr(begin, tag.find('"', begin) - begin);
}

// The visible layers over each other; every pixel of one of them shows wholly or not at all, or is
// the only one there.
Image flattened(const std::filesystem::path& path, image::PixelFormat format) {
    unzFile zip = unzOpen64(path.c_str());
    EXPECT_NE(zip, nullptr);
    const Bytes xml_bytes = entry_of(zip, "stack.xml");
    const std::string xml(reinterpret_cast<const char*>(xml_bytes.data()), xml_bytes.size());
    std::vector<std::string> tags;
    for (std::size_t at = 0; (at = xml.find("<layer", at)) != std::string::npos; ++at)
        tags.push_back(xml.substr(at, xml.find("/>", at) - at));
    Image out({48, 40}, {format.color_channels() + 1, format.type});
    for (auto tag = tags.rbegin(); tag != tags.rend(); ++tag) {
        if (attribute(*tag, "visibility") != "visible") continue;
        auto layer = codec::decode(entry_of(zip, attribute(*tag, "src")), "layer");
        EXPECT_TRUE(layer);
        if (!layer) continue;
        const Image pixels = image::convert(layer->pixels.view(), out.format());
        const int left = std::stoi(attribute(*tag, "x")), top = std::stoi(attribute(*tag, "y"));
        const auto pixel = static_cast<std::size_t>(out.format().bytes());
        const auto alpha = static_cast<std::size_t>(image::sample_bytes(format.type));
        for (int y = 0; y < pixels.height(); ++y)
            for (int x = 0; x < pixels.width(); ++x) {
                const std::byte* p =
                    pixels.view().row_bytes(y) + static_cast<std::size_t>(x) * pixel;
                std::byte* to =
                    out.span().row_bytes(top + y) + static_cast<std::size_t>(left + x) * pixel;
                const auto is = [&](const std::byte* of, std::byte value) {
                    return std::all_of(of + pixel - alpha, of + pixel,
                                       [&](std::byte b) { return b == value; });
                };
                if (is(p, std::byte{0})) continue;
                EXPECT_TRUE(is(p, std::byte{255}) || is(to, std::byte{0}));
                std::memcpy(to, p, pixel);
            }
    }
    unzClose(zip);
    return out;
}

TEST(Layers, EditsOverEachOtherFlattenToTheBitInOpenRaster) {
    const test::TempFolder folder;
    for (const image::PixelFormat format :
         {image::kRgb8, image::kRgba8, image::PixelFormat{4, SampleType::u16},
          image::PixelFormat{1, SampleType::u16}, image::PixelFormat{2, SampleType::u8}}) {
        const LayerSource source = source_of(format, 3);
        const auto path = folder / "out.ora";
        const auto written = write_layers(path, codec::FileFormat::ora, source);
        ASSERT_TRUE(written) << written.error().message;
        EXPECT_EQ(written->bytes, std::filesystem::file_size(path));
        const Image flat = flattened(path, format);
        const Image wanted = image::convert(source.result->view(), flat.format());
        const auto pixel = static_cast<std::size_t>(flat.format().bytes());
        const auto alpha = static_cast<std::size_t>(image::sample_bytes(format.type));
        int differ = 0;
        for (int y = 0; y < 40; ++y)
            for (int x = 0; x < 48; ++x) {
                const std::byte* a = flat.view().row_bytes(y) + static_cast<std::size_t>(x) * pixel;
                const std::byte* b =
                    wanted.view().row_bytes(y) + static_cast<std::size_t>(x) * pixel;
                const bool clear = std::all_of(b + pixel - alpha, b + pixel,
                                               [](std::byte v) { return v == std::byte{0}; });
                if (clear ? std::memcmp(a + pixel - alpha, b + pixel - alpha, alpha) != 0
                          : std::memcmp(a, b, pixel) != 0)
                    ++differ;
            }
        EXPECT_EQ(differ, 0) << format.channels;
    }
}

TEST(Layers, ThePhotoshopDocumentHasTheResultMerged) {
    const test::TempFolder folder;
    const LayerSource source = source_of({3, SampleType::u16}, 2);
    const auto path = folder / "out.psd";
    const auto written = write_layers(path, codec::FileFormat::psd, source);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(written->layers, 5u);
    const auto back = codec::decode_file(path);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_TRUE(image::identical(back->pixels.view(), source.result->view()));
}

TEST(Layers, FloatsAreWrittenAsShownAndSaySo) {
    const test::TempFolder folder;
    LayerSource source = source_of(image::kRgb8, 1);
    const auto to_float = [](const ImageRef& i) {
        return std::make_shared<const Image>(image::convert(i->view(), image::kRgbF));
    };
    source.original = to_float(source.original);
    source.result = to_float(source.result);
    source.steps[0].patch.pixels = to_float(source.steps[0].patch.pixels);
    const auto written = write_layers(folder / "out.psd", codec::FileFormat::psd, source);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_NE(written->note.find("16-bit"), std::string::npos);
    const auto back = codec::decode_file(folder / "out.psd");
    ASSERT_TRUE(back);
    EXPECT_EQ(back->pixels.format().type, SampleType::u16);
}

TEST(Layers, CancelledOrFullLeavesNothing) {
    const test::TempFolder folder;
    const LayerSource source = source_of(image::kRgb8, 1);
    std::stop_source stop;
    stop.request_stop();
    for (const auto format : {codec::FileFormat::psd, codec::FileFormat::ora}) {
        const auto written = write_layers(folder / "out", format, source, stop.get_token());
        ASSERT_FALSE(written);
        EXPECT_EQ(written.error().code, ErrorCode::cancelled);
    }
    EXPECT_FALSE(write_layers(folder / "out.png", codec::FileFormat::png, source));
    EXPECT_TRUE(folder.files() == 0);
    // A device that is always full.
    if (std::filesystem::exists("/dev/full"))
        EXPECT_FALSE(write_layers("/dev/full", codec::FileFormat::psd, source));
}

TEST(Prepare, DepthsThatAreDeeperComeBack) {
    const auto picture = std::make_shared<const Image>(noise({20, 10}, image::kRgb8, 3));
    for (const auto& [format, depth] : {std::pair{codec::FileFormat::png, Depth::u16},
                                        std::pair{codec::FileFormat::tiff, Depth::f32}}) {
        const auto made = prepare_export({picture, picture, mask::Mask({20, 10}), {}, {}}, format,
                                         {.depth = depth});
        ASSERT_TRUE(made);
        EXPECT_TRUE(made->notes.empty());
        EXPECT_EQ(made->picture, made->original);
        EXPECT_TRUE(image::identical(image::convert(made->picture->view(), image::kRgb8).view(),
                                     picture->view()));
    }
    for (const auto format : {codec::FileFormat::png, codec::FileFormat::jpeg})
        EXPECT_FALSE(prepare_export({picture, picture, mask::Mask({20, 10}), {}, {}}, format,
                                    {.depth = Depth::half}));
}

} // namespace
} // namespace mw::handoff
