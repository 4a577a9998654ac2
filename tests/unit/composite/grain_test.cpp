// Grain is matched where the answer is smoother than the picture around it.
#include "composite/grain.h"

#include <gtest/gtest.h>

#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;

const Size kSize{320, 260};

// A soft picture; grain of its own in levels, `blob`: averaged over 3x3, `alike`: the same in all
// channels.
Image soft(double grain_levels, bool blob = false, bool alike = false, std::uint32_t seed = 1) {
    Image out(kSize, image::kRgbF);
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Image noise({kSize.width + 2, kSize.height + 2}, image::kRgbF);
    for (int y = 0; y < noise.height(); ++y)
        for (int x = 0; x < noise.width(); ++x) {
            float* p = noise.span().pixel<float>(x, y);
            for (int c = 0; c < 3; ++c)
                p[c] = alike && c ? p[0] : normal(random);
        }
    const float k[] = {0.25f, 0.5f, 0.25f};
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            for (int c = 0; c < 3; ++c) {
                float n = noise.view().pixel<float>(x + 1, y + 1)[c];
                if (blob) {
                    n = 0;
                    for (int j = 0; j < 3; ++j)
                        for (int i = 0; i < 3; ++i)
                            n += k[i] * k[j] / 0.375f * noise.view().pixel<float>(x + i, y + j)[c];
                }
                out.span().pixel<float>(x, y)[c] =
                    0.45f +
                    0.12f * std::sin(0.01f * float(x + 20 * c)) * std::cos(0.013f * float(y)) +
                    float(grain_levels) / 255 * n;
            }
    return out;
}

Image eight(const Image& image) {
    return image::convert(image.view(), image::kRgb8);
}

// Deviation of horizontal differences at a distance, levels, and correlation of red with green.
struct Look {
    double near = 0, far = 0, together = 0;
};
Look look_at(const Image& image, const Rect& where) {
    double near = 0, far = 0, rg = 0, rr = 0, gg = 0, n = 0;
    for (int y = where.y; y < where.bottom(); ++y)
        for (int x = where.x; x + 4 < where.right(); ++x) {
            const auto* p = image.view().pixel<std::uint8_t>(x, y);
            const double d = p[0] - p[3], e = p[0] - p[12], g = p[1] - p[4];
            near += d * d, far += e * e, rg += d * g, rr += d * d, gg += g * g, ++n;
        }
    return {std::sqrt(near / n), std::sqrt(far / n), rg / std::sqrt(rr * gg)};
}

Graft grafted(const Image& source, const Image& answer, bool grain = true) {
    GraftParams params;
    params.grain = grain;
    params.keep_unchanged = false; // or the source's own grain would stay
    params.do_register = false;    // noise alone says nothing about where it sits
    auto g = graft(source.view(), answer.view(), disc(kSize, 160, 130, 70), whole(kSize), params);
    EXPECT_TRUE(g);
    expect_proved(source.view(), *g, disc(kSize, 160, 130, 70));
    return std::move(*g);
}

TEST(Grain, MatchesAmountSizeAndColour) {
    for (const bool blob : {false, true})
        for (const bool alike : {false, true}) {
            const Image source = eight(soft(4, blob, alike)), answer = eight(soft(0));
            const Graft g = grafted(source, answer);
            EXPECT_TRUE(g.report.grain.applied) << g.report.grain.reason;
            const Rect inside{130, 100, 60, 60};
            const Look want = look_at(source, inside),
                       got = look_at(apply(source.view(), g.patch), inside);
            EXPECT_NEAR(got.near, want.near, 0.2 * want.near) << blob << alike;
            EXPECT_NEAR(got.far, want.far, 0.2 * want.far) << blob << alike;
            EXPECT_NEAR(got.together, want.together, 0.15) << blob << alike;
        }
}

TEST(Grain, AddsOnlyWhatIsMissing) {
    const Image source = eight(soft(5)), answer = eight(soft(3, false, false, 9));
    const Graft g = grafted(source, answer);
    EXPECT_TRUE(g.report.grain.applied) << g.report.grain.reason;
    EXPECT_NEAR(g.report.grain.sigma_source, 5, 0.4);
    EXPECT_NEAR(g.report.grain.sigma_answer, 3, 0.4);
    const Rect inside{130, 100, 60, 60};
    EXPECT_NEAR(look_at(apply(source.view(), g.patch), inside).near, look_at(source, inside).near,
                0.7);
}

TEST(Grain, IsNotAddedWhereTheAnswerHasAsMuch) {
    const Image source = eight(soft(4));
    EXPECT_FALSE(grafted(source, eight(soft(4, false, false, 7))).report.grain.applied);
    EXPECT_FALSE(grafted(source, eight(soft(6, false, false, 7))).report.grain.applied);
    EXPECT_FALSE(grafted(eight(soft(0)), eight(soft(0))).report.grain.applied);
    EXPECT_EQ(grafted(source, eight(soft(0)), false).report.grain.reason, "switched off");
    // Texture everywhere: nothing to measure on, nothing added.
    const auto busy = graft(noise(kSize, image::kRgb8, 1).view(), eight(soft(0)).view(),
                            disc(kSize, 160, 130, 70), whole(kSize));
    EXPECT_FALSE(busy->report.grain.applied);
}

TEST(Grain, ChangesNoMeanAndIsTheSameWhereverItIsCutOut) {
    GrainRecipe recipe;
    recipe.report.applied = true;
    recipe.fine = recipe.coarse = {0.02f, 0.02f, 0.02f};
    for (std::size_t c = 0; c < 3; ++c)
        recipe.mix[c][c] = 1;
    Image all({200, 160}, image::kRgbF), part({50, 40}, image::kRgbF);
    for (Image* image : {&all, &part})
        for (int y = 0; y < image->height(); ++y)
            std::fill_n(image->span().row<float>(y), image->width() * 3, 0.5f);
    add_grain(recipe, {1000, 500, 200, 160}, all.span());
    add_grain(recipe, {1030, 520, 50, 40}, part.span());
    EXPECT_TRUE(image::identical(part.view(), all.view().sub({30, 20, 50, 40})));
    double sum = 0, squares = 0;
    for (int y = 0; y < 160; ++y)
        for (int x = 0; x < 600; ++x) {
            const double v = double(all.view().row<float>(y)[x]) - 0.5;
            sum += v, squares += v * v;
        }
    EXPECT_NEAR(sum / (160 * 600), 0, 0.0005);
    EXPECT_NEAR(std::sqrt(squares / (160 * 600)), 0.02 * std::sqrt(2.0), 0.001);
}

} // namespace
} // namespace mw::composite
