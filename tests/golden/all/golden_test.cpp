#include <gtest/gtest.h>

#include <cmath>

#include "compare/pictures.h"
#include "composite/graft.h"
#include "golden/all/golden.h"
#include "image/convert.h"
#include "mask/brush.h"
#include "mask/refine.h"
#include "mask/shapes.h"

namespace mw::golden {
namespace {

using image::Image;

constexpr Size kSize{56, 40};

Image shown(const mask::Mask& mask) {
    return mask.read(mask.rect());
}

mask::Mask stroke(double radius, double hardness, double opacity = 1) {
    mask::Brush brush;
    brush.radius_px = radius;
    brush.hardness = hardness;
    brush.opacity = opacity;
    return mask::paint_stroke(mask::Mask(kSize), brush,
                              {{8.3, 9.6, 1, 0}, {30, 12, 1, 0.1}, {44.5, 30.2, 0.5, 0.2}});
}

mask::Mask leaf() {
    mask::Mask m = mask::ellipse(kSize, {6, 5, 34, 30});
    mask::combine(m, mask::rectangle(kSize, {30, 18, 24, 3}), mask::CombineMode::add);
    return m;
}

Image scene(int kind) {
    Image out(kSize, image::kRgb8);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x) {
            auto* p = out.span().pixel<std::uint8_t>(x, y);
            const int check = ((x / 4 + y / 4) & 1) * 60;
            p[0] = static_cast<std::uint8_t>(kind ? 200 - 2 * y : 3 * x + check);
            p[1] = static_cast<std::uint8_t>(kind ? 40 + check : 60 + 3 * y);
            p[2] = static_cast<std::uint8_t>(kind ? 3 * x : 120);
        }
    return out;
}

TEST(Golden, Strokes) {
    expect_golden("stroke_hard", shown(stroke(5, 1)).view());
    expect_golden("stroke_soft", shown(stroke(7, 0.2)).view());
    expect_golden("stroke_faint_hair", shown(stroke(0.8, 0.5, 0.6)).view());
}

TEST(Golden, Feather) {
    expect_golden("feather_4", shown(mask::feather(leaf(), 4)).view());
}

TEST(Golden, SeamWeights) {
    expect_golden("seam_weights_8", composite::seam_weights(leaf(), Rect::of(kSize), {}).view());
    expect_golden(
        "seam_weights_soft_stroke",
        composite::seam_weights(stroke(7, 0.2), Rect::of(kSize), {.feather_px = 4.0}).view());
}

TEST(Golden, Graft) {
    const Image source = scene(0), answer = scene(1);
    composite::GraftParams params; // the scenes have nothing in common that could be registered
    params.do_register = params.match_color = false;
    const auto g = composite::graft(source.view(), answer.view(), leaf(),
                                    {Rect::of(kSize), kSize, 1, false, {}}, params);
    ASSERT_TRUE(g);
    expect_golden("graft", composite::apply(source.view(), g->patch).view());
}

TEST(Golden, HeatMaps) {
    const Image a = scene(0);
    Image b = image::clone(a.view());
    const Image other = scene(1);
    image::copy_pixels(other.view().sub({12, 10, 20, 16}), b.span().sub({12, 10, 20, 16}));
    const mask::Mask mask = leaf();
    const auto delta_e = compare::heat_map(a.view(), b.view(), {compare::Metric::delta_e}, &mask);
    ASSERT_TRUE(delta_e);
    expect_golden("heat_delta_e", delta_e->view());
    const auto flip = compare::heat_map(a.view(), b.view(), {compare::Metric::flip});
    ASSERT_TRUE(flip);
    expect_golden("heat_flip", flip->view());
    const auto ssim = compare::heat_map(a.view(), b.view(), {compare::Metric::ssim});
    ASSERT_TRUE(ssim);
    expect_golden("heat_ssim", ssim->view());
}

} // namespace
} // namespace mw::golden
