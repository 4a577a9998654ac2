// Rubylith, matte and outline against the same on the CPU.
#include <cmath>

#include "gl_fixture.h"
#include "mask/mask.h"

namespace mw::render::test {
namespace {

using mask::Mask;

constexpr std::array<float, 4> kRed{1, 0.2f, 0.4f, 0.6f}; // whole in 0..255
const std::array<double, 3> kUnder{60, 90, 120};

Mask blob(Size size) {
    Image coverage(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const double d = std::hypot(x - 260.0, y - 190.0);
            const bool corner = x > size.width - 40 && y > size.height - 30;
            *coverage.span().pixel<std::uint8_t>(x, y) =
                corner ? 255 : std::uint8_t(std::clamp((150 - d) * 4, 0.0, 255.0));
        }
    Mask mask(size);
    mask.write(mask.rect(), coverage.view());
    return mask;
}

class Looks : public GlTest {
  protected:
    CanvasFrame frame(const Mask& mask, MaskLook look, int zoom, Point corner) {
        if (!picture_ || picture_->size() != mask.size())
            picture_ = share(filled(mask.size(), {60, 90, 120, 255}));
        CanvasFrame f = at_corner({640, 480}, picture_, zoom, {double(corner.x), double(corner.y)});
        f.panes[0].overlay.mask = &mask;
        f.panes[0].overlay.color = kRed;
        f.panes[0].overlay.look = look;
        return f;
    }
    ImageRef picture_;
};

TEST_F(Looks, RubylithLiesOverWhatIsKept) {
    const Mask mask = blob({600, 450});
    for (const int zoom : {1, 2}) {
        const Point corner{-31, 17};
        const Image drawn = draw(frame(mask, MaskLook::rubylith, zoom, corner));
        expect_pixels(drawn, intersect(drawn.rect(), {corner.x, corner.y, 600 * zoom, 450 * zoom}),
                      1, [&](int x, int y) {
                          std::array<double, 3> c = kUnder;
                          const double kept =
                              255 - mask.at((x - corner.x) / zoom, (y - corner.y) / zoom);
                          for (std::size_t i = 0; i < 3; ++i)
                              c[i] += (kRed[i] * 255.0 - c[i]) * kRed[3] * kept / 255;
                          return c;
                      });
    }
}

TEST_F(Looks, AMatteIsTheCoverage) {
    const Mask mask = blob({600, 450});
    for (const int zoom : {1, 4}) {
        const Point corner{20, -40};
        const Image drawn = draw(frame(mask, MaskLook::matte, zoom, corner));
        expect_pixels(drawn, intersect(drawn.rect(), {corner.x, corner.y, 600 * zoom, 450 * zoom}),
                      1, [&](int x, int y) {
                          const double v = mask.at((x - corner.x) / zoom, (y - corner.y) / zoom);
                          return std::array<double, 3>{v, v, v};
                      });
    }
    // Colour and opacity are no part of it.
    CanvasFrame f = frame(mask, MaskLook::matte, 1, {0, 0});
    f.panes[0].overlay.color = {0, 1, 0, 0};
    EXPECT_EQ(rgb_at(draw(f).view(), 3, 3), (std::array<double, 3>{0, 0, 0}));
}

TEST_F(Looks, AnOutlineLiesInsideTheEdge) {
    const Mask mask = blob({600, 450});
    for (const int zoom : {1, 2, 4})
        for (const int line : {1, 2}) {
            SCOPED_TRACE(zoom * 10 + line);
            const Point corner = zoom == 4 ? Point{-333, -250} : Point{-13, 9};
            CanvasFrame f = frame(mask, MaskLook::outline, zoom, corner);
            f.panes[0].overlay.line_px = float(line);
            const Image drawn = draw(f);
            const auto covered = [&](int x, int y) {
                const auto down = [&](int v) { return int(std::floor(double(v) / zoom)); };
                return mask.at(down(x - corner.x), down(y - corner.y)) >= 128;
            };
            int dark = 0, light = 0, wrong = 0;
            for (int y = 0; y < 480; ++y)
                for (int x = 0; x < 640; ++x) {
                    const bool edge =
                        covered(x, y) && !(covered(x - line, y) && covered(x + line, y) &&
                                           covered(x, y - line) && covered(x, y + line));
                    const auto c = rgb_at(drawn.view(), x, y);
                    const bool black = c[0] == 0 && c[1] == 0 && c[2] == 0;
                    const bool white = c[0] == 255 && c[1] == 255 && c[2] == 255;
                    dark += edge && black;
                    light += edge && white;
                    wrong += edge != (black || white);
                }
            EXPECT_EQ(wrong, 0);
            EXPECT_GT(dark, 100);
            EXPECT_NEAR(double(dark) / (dark + light), 0.5, 0.15);
        }
}

// A stroke over what was drawn: the same as drawn afresh.
TEST_F(Looks, ChangedTilesAreDrawnAgain) {
    const Mask before = blob({600, 450});
    Mask after = before;
    Image dab({40, 30}, image::kGray8);
    std::memset(dab.bytes().data(), 255, dab.byte_count());
    after.write({120, 110, 40, 30}, dab.view());
    after.write({380, 250, 40, 30}, dab.view());
    for (const MaskLook look : {MaskLook::rubylith, MaskLook::matte, MaskLook::outline})
        for (const double zoom : {0.37, 1.0, 1.6}) {
            CanvasFrame f = frame(before, look, 1, {});
            f.panes[0].view.zoom = zoom;
            f.panes[0].overlay.line_px = 2;
            draw(f);
            f.panes[0].overlay.mask = &after;
            const Image kept = draw(f);
            EXPECT_LT(pixels_redrawn_, 640 * 480);
            f.background = {0.1f, 0.2f, 0.3f};
            draw(f);
            f.background = CanvasFrame().background;
            const Image fresh = draw(f);
            EXPECT_EQ(0, std::memcmp(kept.bytes().data(), fresh.bytes().data(), fresh.byte_count()))
                << int(look) << " at " << zoom;
        }
}

} // namespace
} // namespace mw::render::test
