#include <cmath>

#include "gl_fixture.h"
#include "mask/mask.h"

namespace mw::render::test {
namespace {

using mask::kTileSide;
using mask::Mask;

constexpr std::array<float, 4> kRed{1, 0.2f, 0.4f, 0.6f}; // whole in 0..255

Image gray(Size size, const std::function<int(int x, int y)>& value) {
    Image out(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            *out.span().pixel<std::uint8_t>(x, y) = std::uint8_t(value(x, y));
    return out;
}

Mask mask_of(Size size, const std::function<int(int x, int y)>& value) {
    Mask mask(size);
    mask.write(mask.rect(), gray(size, value).view());
    return mask;
}

std::array<double, 3> blended(std::array<double, 3> under, double coverage) {
    for (std::size_t c = 0; c < 3; ++c)
        under[c] += (kRed[c] * 255.0 - under[c]) * kRed[3] * coverage / 255;
    return under;
}

class Overlay : public GlTest {
  protected:
    CanvasFrame frame(const Mask& mask, double zoom, PointF corner = {}, Size pane = {640, 480}) {
        CanvasFrame f = at_corner(pane, picture_of(mask.size()), zoom, corner);
        f.panes[0].overlay.mask = &mask;
        f.panes[0].overlay.color = kRed;
        return f;
    }
    ImageRef picture_of(Size size) {
        if (!picture_ || picture_->size() != size)
            picture_ = share(filled(size, {60, 90, 120, 255}));
        return picture_;
    }
    ImageRef picture_;
};

const std::array<double, 3> kUnder{60, 90, 120};

int blob(int x, int y) {
    const double d = std::hypot(x - 260.0, y - 190.0);
    return int(std::clamp((180 - d) * 4, 0.0, 255.0));
}

TEST_F(Overlay, IsTheBlendOfItsCoverageFrom100PercentUp) {
    const Mask mask = mask_of({600, 450}, blob);
    for (const int zoom : {1, 2, 4}) {
        SCOPED_TRACE(zoom);
        for (const Point corner : {Point{0, 0}, {-77, -31}, {20, 10}}) {
            const Image drawn = draw(frame(mask, zoom, {double(corner.x), double(corner.y)}));
            expect_pixels(
                drawn, intersect(drawn.rect(), {corner.x, corner.y, 600 * zoom, 450 * zoom}), 1,
                [&](int x, int y) {
                    return blended(kUnder, mask.at((x - corner.x) / zoom, (y - corner.y) / zoom));
                });
        }
    }
}

TEST_F(Overlay, FromAfarIsTheLargestCoverageBelowAPixel) {
    const Mask mask = mask_of({1536, 1024}, [](int x, int y) {
        return (x * 7 + y * 13) % 97 == 0 ? 255 : blob(x / 2, y / 2) / 2;
    });
    for (const int by : {2, 4, 8, 32}) {
        SCOPED_TRACE(by);
        const Image drawn = draw(frame(mask, 1.0 / by));
        expect_pixels(drawn, intersect(drawn.rect(), {0, 0, 1536 / by, 1024 / by}), 1,
                      [&](int x, int y) {
                          int largest = 0;
                          for (int j = 0; j < by; ++j)
                              for (int i = 0; i < by; ++i)
                                  largest = std::max<int>(largest, mask.at(x * by + i, y * by + j));
                          return blended(kUnder, largest);
                      });
    }
}

TEST_F(Overlay, AThinStrokeStaysVisible) {
    const Mask mask = mask_of({3000, 2000}, [](int x, int) { return x == 601 ? 255 : 0; });
    for (const double zoom : {0.03, 0.1, 0.27, 0.6, 0.9}) {
        const Image drawn = draw(frame(mask, zoom));
        double most = 0;
        for (int x = 0; x < 640; ++x)
            most = std::max(most, rgb_at(drawn.view(), x, 5)[0]);
        EXPECT_GT(most, 60 + 0.4 * (255 - 60) * 0.6) << zoom;
    }
}

TEST_F(Overlay, OfOneCoverageHasNoSeams) {
    const Mask mask = mask_of({1000, 700}, [](int, int) { return 100; });
    for (const double zoom : {0.21, 0.5, 0.77, 1.0, 1.37, 1.9, 2.3}) {
        SCOPED_TRACE(zoom);
        const CanvasFrame f = frame(mask, zoom, {-10.3, -7.7}, {400, 300});
        const PointF o = drawn_origin(f.panes[0].view, f.panes[0].area);
        const Image drawn = draw(f);
        const Rect shown =
            Rect::from_edges(0, 0, int(o.x + 1000 * zoom) - 1, int(o.y + 700 * zoom) - 1);
        expect_pixels(drawn, intersect(drawn.rect(), shown), 1,
                      [](int, int) { return blended(kUnder, 100); });
    }
}

TEST_F(Overlay, FadesAcrossTiles) {
    // A ramp over several tiles, enlarged: linear between pixels everywhere.
    const Mask mask = mask_of({500, 40}, [](int x, int) { return x / 2; });
    const double zoom = 1.5;
    const Image drawn = draw(frame(mask, zoom, {0, 0}, {740, 50}));
    expect_pixels(drawn, {3, 3, 730, 40}, 1.6, [&](int x, int) {
        const double at = (x + 0.5) / zoom - 0.5, t = at - std::floor(at);
        const int i = int(std::floor(at));
        return blended(kUnder, mask.at(i, 0) * (1 - t) + mask.at(i + 1, 0) * t);
    });
}

TEST_F(Overlay, OnlyTilesThatDifferAreUploaded) {
    Mask mask = mask_of({1280, 1024}, blob);
    draw(frame(mask, 0.5));
    const auto uploaded = [&](double zoom) {
        const Image drawn = draw(frame(mask, zoom));
        return mask_texels_;
    };
    EXPECT_EQ(uploaded(0.5), 0u) << "nothing changed";

    const Mask before = mask;
    mask.write({300, 300, 5, 5}, gray({5, 5}, [](int, int) { return 200; }).view());
    EXPECT_EQ(changed_rect(before, mask).area(), kTileSide * kTileSide);
    EXPECT_EQ(uploaded(0.5), std::size_t{kTileSide} * kTileSide / 4);

    uploaded(1);
    // Written in place would go unseen: the canvas holds what it uploaded.
    for (int i = 0; i < 3; ++i) {
        mask.write({301, 300, 1, 1}, gray({1, 1}, [&](int, int) { return 50 + i; }).view());
        EXPECT_EQ(uploaded(1), std::size_t{kTileSide} * kTileSide);
        expect_pixels(draw(frame(mask, 1)), {301, 300, 1, 1}, 1,
                      [&](int, int) { return blended(kUnder, 50 + i); });
    }
    EXPECT_EQ(uploaded(1), 0u);
}

TEST_F(Overlay, FollowsUndoClearAndAnotherMask) {
    const Size size{700, 500};
    const Mask empty(size), full = Mask::full(size), soft = mask_of(size, blob);
    for (const double zoom : {1.0, 0.5})
        for (const Mask* mask : {&soft, &empty, &full, &soft, &full, &empty, &soft}) {
            const Image drawn = draw(frame(*mask, zoom));
            const int by = int(1 / zoom);
            expect_pixels(
                drawn, intersect(drawn.rect(), {0, 0, 700 / by, 500 / by}), 1, [&](int x, int y) {
                    int largest = 0;
                    for (int i = 0; i < by * by; ++i)
                        largest =
                            std::max<int>(largest, mask->at(x * by + i % by, y * by + i / by));
                    return blended(kUnder, largest);
                });
        }
}

TEST_F(Overlay, StaysRightWhilePanning) {
    const Mask mask = mask_of({2000, 1500}, [](int x, int y) { return (x / 3 + y / 5) % 256; });
    for (int i = 0; i < 12; ++i) {
        const Point corner{-i * 97, -i * 61};
        const Image drawn = draw(frame(mask, 1, {double(corner.x), double(corner.y)}, {320, 240}));
        expect_pixels(drawn, drawn.rect(), 1, [&](int x, int y) {
            return blended(kUnder, mask.at(x - corner.x, y - corner.y));
        });
        EXPECT_LE(mask_texels_, std::size_t{16} * kTileSide * kTileSide);
    }
}

TEST_F(Overlay, OfAnEmptyMaskOrNoneChangesNothing) {
    const Mask empty({700, 500}), none;
    CanvasFrame f = frame(empty, 1);
    for (const Mask* mask : {&empty, static_cast<const Mask*>(nullptr), &none}) {
        f.panes[0].overlay.mask = mask;
        const Image drawn = draw(f);
        expect_pixels(drawn, {0, 0, 640, 480}, 0, [](int, int) { return kUnder; });
    }
}

} // namespace
} // namespace mw::render::test
