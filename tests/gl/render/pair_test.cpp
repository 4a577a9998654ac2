// Two pictures drawn as one, against the same arithmetic on the CPU from what a screen shows of
// each.
#include "compare/modes.h"
#include "compare/pictures.h"
#include "gl_fixture.h"
#include "image/convert.h"

namespace mw::render::test {
namespace {

using Rgb = std::array<double, 3>;

// 0..255 as compare's reference of the modes takes and gives it.
compare::Rgb unit(const Rgb& v) {
    return {float(v[0] / 255), float(v[1] / 255), float(v[2] / 255)};
}
Rgb levels(const compare::Rgb& v) {
    return {v[0] * 255.0, v[1] * 255.0, v[2] * 255.0};
}

// A soft picture and one a little off it: differences of every size, none of them huge.
Image soft(Size size, int by = 0) {
    Image out(size, image::kRgb8);
    std::minstd_rand random(5);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            auto* p = out.span().pixel<std::uint8_t>(x, y);
            const int noise = int(random() >> 8) % 9 - 4;
            const int off = (x / 40 + y / 30) % 3 == 0 ? 0 : by * ((x / 7) % 5) + noise * by / 4;
            p[0] = std::uint8_t(std::clamp(40 + x * 170 / size.width + off, 0, 255));
            p[1] = std::uint8_t(std::clamp(60 + y * 150 / size.height - off / 2, 0, 255));
            p[2] = std::uint8_t(std::clamp(200 - x * 120 / size.width + noise + off * 2, 0, 255));
        }
    return out;
}

class Pairs : public GlTest {
  protected:
    ImageRef a_ = share(soft({700, 560})), b_ = share(soft({700, 560}, 8));

    CanvasFrame pair(PairMath math, double amount, double zoom, PointF corner = {}) const {
        CanvasFrame frame = at_corner({640, 480}, b_, zoom, corner);
        frame.panes[0].pairing = Pairing{{a_, nullptr, {}}, math, amount};
        return frame;
    }
    // The value at a canvas pixel from the two pictures' shown values there.
    using Of = std::function<Rgb(const Rgb& a, const Rgb& b)>;
    void expect_everywhere(PairMath math, double amount, const Of& of) {
        for (const int zoom : {1, 2, 3, 8}) {
            SCOPED_TRACE(zoom);
            const Point corner{-30 * zoom, -20 * zoom};
            const Image drawn =
                draw(pair(math, amount, zoom, {double(corner.x), double(corner.y)}));
            check(drawn, a_->view(), b_->view(), zoom, corner, of);
        }
        Image a = image::clone(a_->view()), b = image::clone(b_->view());
        for (const double zoom : {0.5, 0.25}) {
            SCOPED_TRACE(zoom);
            a = image::halve(a.view());
            b = image::halve(b.view());
            check(draw(pair(math, amount, zoom, {5, 3})), a.view(), b.view(), 1, {5, 3}, of);
        }
    }
    static void check(const Image& drawn, image::ImageView a, image::ImageView b, int zoom,
                      Point corner, const Of& of) {
        const Rect shown = intersect(
            drawn.rect(), {corner.x, corner.y, a.size.width * zoom, a.size.height * zoom});
        expect_pixels(drawn, shown, 1, [&](int x, int y) {
            const int px = (x - corner.x) / zoom, py = (y - corner.y) / zoom;
            return of(rgb_at(a, px, py), rgb_at(b, px, py));
        });
    }
};

TEST_F(Pairs, DifferenceIsAmplified) {
    for (const double gain : {1.0, 4.0, 64.0})
        expect_everywhere(PairMath::difference, gain, [&](const Rgb& a, const Rgb& b) {
            return levels(compare::difference(unit(a), unit(b), gain));
        });
}

TEST_F(Pairs, OnionMixes) {
    for (const double opacity : {0.0, 0.35, 1.0})
        expect_everywhere(PairMath::onion, opacity, [&](const Rgb& a, const Rgb& b) {
            return levels(compare::onion(unit(a), unit(b), opacity));
        });
}

// The ramp is 256 colours: what lies within `doubt` of the border between two of them may be
// either.
Rgb nearest_heat(double value, double full, double doubt, const Rgb& drawn) {
    Rgb best{};
    double least = 1e9;
    for (const double v : {value, value - doubt, value + doubt}) {
        Image one({1, 1}, image::kGrayF);
        *one.span().row<float>(0) = float(std::max(0.0, v));
        const Image heat = compare::heat_image(one.view(), full);
        const Rgb c = rgb_at(heat.view(), 0, 0);
        double off = 0;
        for (std::size_t i = 0; i < 3; ++i)
            off = std::max(off, std::abs(c[i] - drawn[i]));
        if (off < least) {
            least = off;
            best = c;
        }
    }
    return best;
}

void expect_heat(const Image& drawn, const Image& map, double full, int zoom) {
    const Rect shown = intersect(drawn.rect(), {0, 0, map.width() * zoom, map.height() * zoom});
    expect_pixels(drawn, shown, 1, [&](int x, int y) {
        return nearest_heat(map.view().row<float>(y / zoom)[x / zoom], full, 0.002 * full / 20,
                            rgb_at(drawn.view(), x, y));
    });
}

TEST_F(Pairs, DeltaEIsThatOfTheOracle) {
    Image a = image::clone(a_->view()), b = image::clone(b_->view());
    expect_heat(draw(pair(PairMath::delta_e, 20, 1)), compare::delta_e_map(a.view(), b.view()), 20,
                1);
    expect_heat(draw(pair(PairMath::delta_e, 5, 2)), compare::delta_e_map(a.view(), b.view()), 5,
                2);
    a = image::halve(a.view());
    b = image::halve(b.view());
    expect_heat(draw(pair(PairMath::delta_e, 20, 0.5)), compare::delta_e_map(a.view(), b.view()),
                20, 1);
    // Colours of all kinds, black, white, greys and pure ones among them.
    a_ = share(noise({300, 300}, image::kRgb8, 21));
    Image near = image::clone(a_->view());
    std::minstd_rand random(3);
    for (int y = 0; y < 300; ++y)
        for (int x = 0; x < 900; ++x) {
            auto& v = near.span().row<std::uint8_t>(y)[x];
            v = std::uint8_t(std::clamp(int(v) + int(random() >> 8) % 17 - 8, 0, 255));
        }
    b_ = share(std::move(near));
    expect_heat(draw(pair(PairMath::delta_e, 20, 1)), compare::delta_e_map(a_->view(), b_->view()),
                20, 1);
    a_ = share(filled({40, 40}, {0, 0, 0, 255}));
    for (const auto& color : {std::array<std::uint8_t, 4>{0, 0, 0, 255},
                              {3, 3, 3, 255},
                              {255, 255, 255, 255},
                              {255, 0, 0, 255}}) {
        b_ = share(filled({40, 40}, color));
        expect_heat(draw(pair(PairMath::delta_e, 120, 1)),
                    compare::delta_e_map(a_->view(), b_->view()), 120, 1);
    }
}

TEST_F(Pairs, AbsoluteIsTheLargestChannel) {
    expect_heat(draw(pair(PairMath::absolute, 0.25, 1)), compare::abs_map(a_->view(), b_->view()),
                0.25, 1);
    expect_heat(draw(pair(PairMath::absolute, 1, 3)), compare::abs_map(a_->view(), b_->view()), 1,
                3);
}

TEST_F(Pairs, AnyDepthIsComparedAsShown) {
    for (const auto format : {image::PixelFormat{1, image::SampleType::u16},
                              image::PixelFormat{3, image::SampleType::f32}, image::kRgba8}) {
        a_ = share(noise({300, 280}, format, 1));
        b_ = share(noise({300, 280}, image::kRgb8, 2));
        const Image a = image::convert(a_->view(), image::kRgb8);
        check(draw(pair(PairMath::difference, 1, 1)), a.view(), b_->view(), 1, {0, 0},
              [](const Rgb& p, const Rgb& q) {
                  return Rgb{std::abs(p[0] - q[0]), std::abs(p[1] - q[1]), std::abs(p[2] - q[2])};
              });
    }
}

TEST_F(Pairs, NotANumberIsDrawnAsBlack) {
    Image odd({64, 64}, {3, image::SampleType::f32});
    for (int y = 0; y < 64; ++y)
        for (int x = 0; x < 64 * 3; ++x)
            odd.span().row<float>(y)[x] = y < 20   ? std::numeric_limits<float>::quiet_NaN()
                                          : y < 40 ? std::numeric_limits<float>::infinity()
                                                   : 0.5f;
    a_ = share(std::move(odd));
    b_ = share(filled({64, 64}, {0, 255, 128, 255}));
    const Image drawn = draw(pair(PairMath::difference, 1, 1));
    expect_pixels(drawn, {0, 0, 64, 64}, 1, [](int, int y) {
        return y < 20 ? Rgb{0, 255, 128} : y < 40 ? Rgb{255, 0, 127} : Rgb{128, 127, 0};
    });
    for (const PairMath math : {PairMath::onion, PairMath::absolute, PairMath::delta_e})
        draw(pair(math, 1, 1));
}

TEST_F(Pairs, BIsNudgedByWholePixels) {
    for (const int zoom : {1, 3}) {
        CanvasFrame frame = pair(PairMath::difference, 1, zoom);
        frame.panes[0].layer.nudge = {4, -2};
        const Image drawn = draw(frame);
        expect_pixels(
            drawn, intersect(drawn.rect(), {4 * zoom, 0, 690 * zoom, 550 * zoom}), 1,
            [&](int x, int y) {
                const int px = x / zoom, py = y / zoom;
                const Rgb a = rgb_at(a_->view(), px, py);
                const Rgb b = rgb_at(b_->view(), px - 4, py + 2);
                return Rgb{std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])};
            });
    }
}

TEST_F(Pairs, BesideThePicturesIsTheBackground) {
    const Image drawn = draw(pair(PairMath::difference, 8, 1, {100, 90}));
    const Rgb background = rgb_at(drawn.view(), 0, 0);
    EXPECT_NEAR(background[0], 46, 1);
    expect_pixels(drawn, {0, 0, 640, 90}, 0, [&](int, int) { return background; });
    expect_pixels(drawn, {0, 0, 100, 480}, 0, [&](int, int) { return background; });
}

TEST_F(Pairs, TurnWithTheView) {
    CanvasFrame frame = pair(PairMath::difference, 4, 1, {20, 10});
    const Image flat = draw(frame);
    frame.panes[0].view.turn.degrees = 180;
    const Image turned = draw(frame);
    expect_pixels(turned, turned.rect(), 0,
                  [&](int x, int y) { return rgb_at(flat.view(), 639 - x, 479 - y); });
    frame.panes[0].view.turn = {0, true};
    const Image mirrored = draw(frame);
    expect_pixels(mirrored, mirrored.rect(), 0,
                  [&](int x, int y) { return rgb_at(flat.view(), 639 - x, y); });
}

TEST_F(Pairs, AFrameThatChangesNothingDrawsNothing) {
    CanvasFrame frame = pair(PairMath::difference, 4, 1);
    draw(frame);
    draw(frame);
    EXPECT_EQ(pixels_redrawn_, 0);
    frame.panes[0].pairing->amount = 5;
    draw(frame);
    EXPECT_GT(pixels_redrawn_, 0);
    frame.panes[0].layer.nudge = {1, 0};
    draw(frame);
    EXPECT_GT(pixels_redrawn_, 0);
}

TEST_F(Pairs, ASheetOfSixteenPanesSharesTheView) {
    CanvasFrame frame;
    frame.framebuffer = {640, 480};
    std::vector<ImageRef> patches;
    for (int i = 0; i < 16; ++i) {
        Pane pane;
        pane.area = {160 * (i % 4), 120 * (i / 4), 158, 118};
        pane.view = {{200, 150}, 1};
        patches.push_back(share(noise({60, 50}, image::kRgb8, unsigned(i) + 40)));
        pane.layer = {a_, patches.back(), {180, 140}};
        frame.panes.push_back(pane);
    }
    const Image drawn = draw(frame);
    for (int i = 0; i < 16; ++i) {
        const Rect area = frame.panes[std::size_t(i)].area;
        expect_pixels(drawn, area, 0, [&](int x, int y) {
            const Point p{x - area.x - 79 + 200, y - area.y - 59 + 150};
            return Rect{180, 140, 60, 50}.contains(p)
                       ? rgb_at(patches[std::size_t(i)]->view(), p.x - 180, p.y - 140)
                       : rgb_at(a_->view(), p.x, p.y);
        });
    }
}

} // namespace
} // namespace mw::render::test
