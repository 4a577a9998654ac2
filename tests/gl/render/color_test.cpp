// The canvas shows what a picture's numbers mean.
#include <lcms2.h>
#include <cmath>

#include "base/file.h"
#include "codec/decoder.h"
#include "gl_fixture.h"
#include "image/convert.h"
#include "image/primaries.h"
#include "support/lcms_reference.h"

namespace mw::render::test {
namespace {

using image::ColorSpace;
using image::DisplayTransform;
using image::SampleType;

class Color : public GlTest {};

image::ColorSpaceRef display_p3() {
    ColorSpace s;
    const auto m = *image::matrix_to_srgb(image::kDisplayP3);
    std::ranges::transform(m, s.to_srgb.begin(), [](double v) { return static_cast<float>(v); });
    for (int i = 0; i < 4081; ++i)
        s.curve[0].push_back(static_cast<float>(std::pow(i / 4080.0, 2.2)));
    return std::make_shared<const ColorSpace>(s);
}

image::ColorSpaceRef scene() {
    ColorSpace s;
    s.scene_linear = true;
    return std::make_shared<const ColorSpace>(s);
}

image::ColorSpaceRef swapped() {
    ColorSpace s;
    s.kind = ColorSpace::Kind::grid;
    s.grid_side = 2;
    for (int i = 0; i < 8; ++i)
        for (const int v : {i >> 1 & 1, i & 1, i >> 2 & 1}) {
            s.to_display_grid.push_back(static_cast<float>(v));
            s.from_display_grid.push_back(static_cast<float>(v));
        }
    return std::make_shared<const ColorSpace>(s);
}

CanvasFrame shown(const ImageRef& picture, const DisplayTransform& view, double zoom = 1) {
    CanvasFrame frame = at_corner({320, 300}, picture, zoom);
    frame.panes[0].layer.view = view;
    return frame;
}

void expect_shows(const Image& drawn, image::ImageView rgba8, Point corner = {}) {
    expect_pixels(
        drawn, intersect(drawn.rect(), {corner.x, corner.y, rgba8.size.width, rgba8.size.height}),
        0, [&](int x, int y) { return rgb_at(rgba8, x - corner.x, y - corner.y); });
}

Image as_shown(const ImageRef& picture, const DisplayTransform& view) {
    return image::convert(view.to_display(picture->view(), SampleType::u8).view(), image::kRgba8);
}

TEST_F(Color, EveryFormatInEverySpace) {
    for (const auto& space : {display_p3(), scene(), swapped()})
        for (const auto type : {SampleType::u8, SampleType::u16, SampleType::f32})
            for (const int channels : {1, 3, 4}) {
                SCOPED_TRACE(::testing::Message() << channels << " channels, type " << int(type));
                const ImageRef picture = share(noise({290, 270}, {channels, type}, 3));
                const DisplayTransform view(space, 0.5);
                expect_shows(draw(shown(picture, view)), as_shown(picture, view).view());
            }
}

TEST_F(Color, MadeSmallerIsTheMeanOfWhatIsShown) {
    const ImageRef picture = share(noise({1200, 1000}, image::kRgba8, 5));
    const DisplayTransform view(display_p3());
    Image level = as_shown(picture, view);
    for (const double zoom : {0.5, 0.25, 0.125, 1.0 / 16}) {
        level = image::halve(level.view());
        const Image drawn = draw(shown(picture, view, zoom));
        const Rect area{0, 0, int(1200 * zoom), int(1000 * zoom)};
        expect_pixels(drawn, intersect(drawn.rect(), area), 1,
                      [&](int x, int y) { return rgb_at(level.view(), x, y); });
    }
}

TEST_F(Color, ThePatchIsShownInTheSameWay) {
    const ImageRef picture = share(noise({200, 200}, image::kRgb8, 6));
    const ImageRef patch = share(noise({60, 50}, image::kRgb8, 7));
    const DisplayTransform view(display_p3());
    CanvasFrame frame = shown(picture, view);
    frame.panes[0].layer.patch = patch;
    frame.panes[0].layer.patch_at = {30, 40};
    expect_shows(draw(frame), as_shown(patch, view).view(), {30, 40});
}

TEST_F(Color, AnotherExposureIsShownAtOnce) {
    const ImageRef picture = share(noise({290, 270}, {3, SampleType::f32}, 8));
    const auto space = scene();
    const DisplayTransform dark(space, -2), bright(space, 1);
    for (const DisplayTransform& view : {dark, bright, dark, DisplayTransform()})
        expect_shows(draw(shown(picture, view)), as_shown(picture, view).view());
    draw(shown(picture, DisplayTransform(space, 1)));
    draw(shown(picture, DisplayTransform(space, 1))); // an equal one costs nothing
    EXPECT_EQ(pixels_redrawn_, 0);
}

TEST_F(Color, BothSidesOfAWipe) {
    const ImageRef a = share(noise({300, 280}, image::kRgb8, 9));
    const ImageRef b = share(noise({300, 280}, image::kRgb8, 10));
    const DisplayTransform view(display_p3());
    CanvasFrame frame = shown(b, view);
    frame.panes[0].wipe_layer = Layer{a, nullptr, {}, view};
    const Image drawn = draw(frame);
    const Image left = as_shown(a, view), right = as_shown(b, view);
    expect_pixels(drawn, {0, 0, 150, 280}, 0,
                  [&](int x, int y) { return rgb_at(left.view(), x, y); });
    expect_pixels(drawn, {170, 0, 130, 280}, 0,
                  [&](int x, int y) { return rgb_at(right.view(), x, y); });
}

// The whole way, from the file to the screen, against Little CMS.
TEST_F(Color, FilesWithProfilesLookAsTheLibrarySays) {
    const std::filesystem::path folder =
        std::filesystem::path(MW_SHARED_IMAGES_DIR) / "formats/png";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no shared corpus beside the repository";
    for (const char* name : {"icc_p3_vs_srgb_green.png", "icc_gbr_swap.png", "prophoto_tiny.png",
                             "icc_prophoto16_dahlia.png", "icc_displayp3_dahlia.png"}) {
        SCOPED_TRACE(name);
        const auto file = read_file(folder / name);
        ASSERT_TRUE(file);
        Bytes memory;
        codec::DecodeLimits limits;
        limits.max_decoded_bytes = 1u << 30;
        codec::Canvas canvas(limits, [&](std::size_t bytes) {
            memory.resize(bytes);
            return memory.data();
        });
        const auto decoded = codec::decode_png(*file, canvas);
        ASSERT_TRUE(decoded);
        ASSERT_TRUE(decoded->color);
        const ImageRef picture = share(image::clone(canvas.picture()));
        const Image drawn = draw(shown(picture, DisplayTransform(decoded->color)));
        const Rect area = intersect(drawn.rect(), picture->rect());
        const Image floats = image::convert(picture->view().sub(area), image::kRgbF);
        const float* begin = floats.view().row<float>(0);
        const auto expected = mw::test::lcms_to_srgb(
            decoded->metadata.icc, {begin, begin + 3 * area.width * area.height}, 3);
        ASSERT_FALSE(expected.empty());
        const Image alpha = image::convert(picture->view(), image::kRgba8);
        std::int64_t off = 0, all = 0;
        for (int y = 0; y < area.height; ++y)
            for (int x = 0; x < area.width; ++x) {
                if (alpha.view().pixel<std::uint8_t>(x, y)[3] != 255) continue;
                for (int c = 0; c < 3; ++c, ++all) {
                    const auto at = static_cast<std::size_t>(3 * (y * area.width + x) + c);
                    const double d = std::abs(drawn.view().pixel<std::uint8_t>(x, y)[c] -
                                              255.0 * static_cast<double>(expected[at]));
                    off += d > 0.51;
                }
            }
        EXPECT_GT(all, 0);
        EXPECT_EQ(off, 0) << "of " << all;
    }
}

} // namespace
} // namespace mw::render::test
