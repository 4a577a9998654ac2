#include "gl_fixture.h"
#include "image/convert.h"

namespace mw::render::test {
namespace {

class Picture : public GlTest {};

// Screen pixel (x, y) shows picture pixel ((x - corner) / zoom).
void expect_magnified(const Image& drawn, image::ImageView rgba8, int zoom, Point corner) {
    const Rect shown = intersect(
        drawn.rect(), {corner.x, corner.y, rgba8.size.width * zoom, rgba8.size.height * zoom});
    ASSERT_FALSE(shown.empty());
    expect_pixels(drawn, shown, 0, [&](int x, int y) {
        return rgb_at(rgba8, (x - corner.x) / zoom, (y - corner.y) / zoom);
    });
}

TEST_F(Picture, IsExactFrom100PercentUp) {
    const ImageRef picture = share(noise({700, 600}, image::kRgba8, 1));
    for (const int zoom : {1, 2, 3, 4, 64})
        for (const Point corner :
             {Point{0, 0}, {17, 5}, {-300, -200}, {-250 * zoom, -250 * zoom}}) {
            SCOPED_TRACE(zoom);
            const Image drawn =
                draw(at_corner({640, 480}, picture, zoom, {double(corner.x), double(corner.y)}));
            expect_magnified(drawn, picture->view(), zoom, corner);
        }
}

TEST_F(Picture, IsExactInAnOddPaneAtAFractionOfAPixel) {
    const ImageRef picture = share(noise({300, 300}, image::kRgb8, 2));
    const Image rgba = image::convert(picture->view(), image::kRgba8);
    CanvasFrame frame = one_pane({501, 333}, picture, 1, {100.3, 90.7});
    frame.panes[0].area = {11, 7, 401, 301};
    const PointF origin = drawn_origin(frame.panes[0].view, frame.panes[0].area);
    const Image drawn = draw(frame);
    expect_pixels(
        drawn, intersect(frame.panes[0].area, {int(origin.x), int(origin.y), 300, 300}), 0,
        [&](int x, int y) { return rgb_at(rgba.view(), x - int(origin.x), y - int(origin.y)); });
}

TEST_F(Picture, OfAnyFormatIsConverted) {
    for (const auto type : {image::SampleType::u8, image::SampleType::u16, image::SampleType::f32})
        for (const int channels : {1, 2, 3, 4}) {
            SCOPED_TRACE(::testing::Message() << channels << " channels, type " << int(type));
            const ImageRef picture = share(noise({290, 270}, {channels, type}, 3));
            const Image rgba = image::convert(picture->view(), image::kRgba8);
            expect_magnified(draw(at_corner({320, 300}, picture, 1)), rgba.view(), 1, {0, 0});
        }
}

TEST_F(Picture, MadeSmallerIsTheMeanOfItsPixels) {
    const ImageRef picture = share(noise({2311, 1713}, image::kRgba8, 4));
    Image level = image::clone(picture->view());
    for (const double zoom : {0.5, 0.25, 0.125, 1.0 / 16, 1.0 / 32, 1.0 / 64}) {
        SCOPED_TRACE(zoom);
        level = image::halve(level.view());
        const Image drawn = draw(at_corner({1200, 900}, picture, zoom, {3, 2}));
        // The last pixel of an odd side is only partly covered.
        const Rect shown{3, 2, int(picture->width() * zoom), int(picture->height() * zoom)};
        expect_pixels(drawn, intersect(drawn.rect(), shown), 1,
                      [&](int x, int y) { return rgb_at(level.view(), x - 3, y - 2); });
    }
}

TEST_F(Picture, OfOneColourHasNoSeams) {
    const ImageRef picture = share(filled({1500, 1100}, {37, 201, 113, 255}));
    for (const double zoom : {0.11, 0.333, 0.37, 0.5, 0.77, 0.999, 1.0, 1.37, 1.999, 2.5, 7.77}) {
        SCOPED_TRACE(zoom);
        const CanvasFrame frame = one_pane({613, 457}, picture, zoom, {750.123, 550.77});
        const PointF o = drawn_origin(frame.panes[0].view, frame.panes[0].area);
        const Image drawn = draw(frame);
        const Rect shown = Rect::from_edges(int(std::ceil(o.x)), int(std::ceil(o.y)),
                                            int(o.x + 1500 * zoom) - 1, int(o.y + 1100 * zoom) - 1);
        expect_pixels(drawn, intersect(drawn.rect(), shown), 0,
                      [](int, int) -> std::array<double, 3> {
                          return {37, 201, 113};
                      });
    }
}

TEST_F(Picture, GradientRunsOnAcrossTiles) {
    Image ramp({1024, 600}, {3, image::SampleType::f32});
    for (int y = 0; y < 600; ++y)
        for (int x = 0; x < 1024; ++x) {
            float* p = ramp.span().pixel<float>(x, y);
            p[0] = float(x + 0.5) / 1024;
            p[1] = float(y + 0.5) / 600;
            p[2] = 0.25f;
        }
    const ImageRef picture = share(std::move(ramp));
    for (const double zoom : {0.3, 0.5, 0.61, 0.93, 1.0, 1.21, 1.73}) {
        SCOPED_TRACE(zoom);
        const CanvasFrame frame = one_pane({800, 600}, picture, zoom, {512.3, 300.9});
        const PointF o = drawn_origin(frame.panes[0].view, frame.panes[0].area);
        const Image drawn = draw(frame);
        // Away from the picture's edges, where it is repeated.
        const double rim = 2 + 2 * zoom;
        const Rect inner =
            Rect::from_edges(int(o.x + rim) + 1, int(o.y + rim) + 1, int(o.x + 1024 * zoom - rim),
                             int(o.y + 600 * zoom - rim));
        // Two roundings on the way to a level, one of the filter, one of the framebuffer.
        expect_pixels(drawn, intersect(drawn.rect(), inner), 1.6,
                      [&](int x, int y) -> std::array<double, 3> {
                          return {(x + 0.5 - o.x) / zoom / 1024 * 255,
                                  (y + 0.5 - o.y) / zoom / 600 * 255, 63.75};
                      });
    }
}

TEST_F(Picture, OfExtremeShapeIsShown) {
    for (const Size size :
         {Size{16384, 64}, {64, 16384}, {20000, 40}, {40, 40000}, {1, 1}, {3, 1}}) {
        SCOPED_TRACE(::testing::Message() << size.width << " x " << size.height);
        const ImageRef picture = share(noise(size, image::kRgb8, 5));
        const Image rgba = image::convert(picture->view(), image::kRgba8);
        const Point end{300 - size.width, 200 - size.height}; // its far corner in the pane
        const Image drawn = draw(at_corner({400, 300}, picture, 1, {double(end.x), double(end.y)}));
        expect_magnified(drawn, rgba.view(), 1, end);
        draw(one_pane({400, 300}, picture, kMinZoom, {size.width / 2.0, size.height / 2.0}));
        draw(one_pane({400, 300}, picture, 0.3, {size.width / 2.0, size.height / 2.0}));
    }
}

TEST_F(Picture, OutsideTheViewCostsNothing) {
    const ImageRef picture = share(noise({500, 500}, image::kRgb8, 6));
    const Image drawn = draw(one_pane({200, 200}, picture, 1, {-5000, 90000}));
    expect_pixels(drawn, drawn.rect(), 0.5, [](int, int) -> std::array<double, 3> {
        return {45.9, 45.9, 45.9};
    });
    EXPECT_EQ(renderer_->texture_bytes(), 0u);
    draw(one_pane({200, 200}, nullptr, 1, {}));
    draw(one_pane({200, 200}, share(Image({0, 0}, image::kRgb8)), 1, {}));
}

TEST_F(Picture, TransparentPixelsShowChecks) {
    Image picture = noise({300, 280}, image::kRgba8, 7);
    std::minstd_rand random(8);
    for (int y = 0; y < 280; ++y)
        for (int x = 0; x < 300; ++x)
            picture.span().pixel<std::uint8_t>(x, y)[3] = std::uint8_t(random() >> 8);
    const ImageRef shared = share(std::move(picture));
    const Image drawn = draw(at_corner({310, 290}, shared, 1));
    expect_pixels(drawn, shared->rect(), 1, [&](int x, int y) -> std::array<double, 3> {
        const double alpha = shared->view().pixel<std::uint8_t>(x, y)[3] / 255.0;
        const double check = (x / kCheckSide + y / kCheckSide) % 2 ? kCheckDark : kCheckLight;
        auto c = rgb_at(shared->view(), x, y);
        for (double& v : c)
            v = v * alpha + check * (1 - alpha);
        return c;
    });
}

TEST_F(Picture, PatchCoversItsRectangleOnly) {
    const ImageRef picture = share(noise({600, 500}, image::kRgb8, 9));
    const ImageRef patch = share(noise({270, 130}, image::kRgb8, 10));
    const Image a = image::convert(picture->view(), image::kRgba8);
    const Image b = image::convert(patch->view(), image::kRgba8);
    for (const int zoom : {1, 2}) {
        CanvasFrame frame = at_corner({640, 480}, picture, zoom);
        frame.panes[0].layer.patch = patch;
        frame.panes[0].layer.patch_at = {33, 44};
        const Image drawn = draw(frame);
        expect_pixels(
            drawn, intersect(drawn.rect(), {0, 0, 600 * zoom, 500 * zoom}), 0, [&](int x, int y) {
                const Point p{x / zoom, y / zoom};
                return Rect{33, 44, 270, 130}.contains(p) ? rgb_at(b.view(), p.x - 33, p.y - 44)
                                                          : rgb_at(a.view(), p.x, p.y);
            });
    }
}

} // namespace
} // namespace mw::render::test
