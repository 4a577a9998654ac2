// Where the answer changed nothing, the source's own samples stay; what it changed lands.
#include "composite/unchanged.h"

#include <gtest/gtest.h>

#include "compare/metrics.h"
#include "image/color.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;
using image::SampleType;

const Size kSize{280, 220};

// A photograph's worth of texture, of any depth.
Image textured(SampleType type, double amount = 0.03) {
    Image out = picture(kSize, image::kRgbF);
    std::mt19937 random(8);
    std::normal_distribution<float> grain(0.0f, float(amount));
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width * 3; ++x)
            out.span().row<float>(y)[x] += grain(random);
    return image::convert(out.view(), {3, type});
}

// What a model gives back: a little noise, and a thing painted at `thing`.
Image answered(const Image& source, double noise_levels, const Rect& thing,
               std::uint32_t seed = 1) {
    Image out = image::convert(source.view(), image::kRgbF);
    std::mt19937 random(seed);
    std::normal_distribution<float> grain(0.0f, float(noise_levels / 255) + 1e-9f);
    for (int y = 0; y < out.height(); ++y)
        for (int x = 0; x < out.width(); ++x)
            for (int c = 0; c < 3; ++c) {
                float& v = out.span().pixel<float>(x, y)[c];
                v = (thing.contains(Point{x, y}) ? 0.2f + 0.3f * float(c) : v) + grain(random);
            }
    return image::convert(out.view(), image::kRgb8);
}

double difference(const Image& a, const Image& b, const Rect& where) {
    double sum = 0;
    const Image fa = image::convert(a.view(), image::kRgbF),
                fb = image::convert(b.view(), image::kRgbF);
    for (int y = where.y; y < where.bottom(); ++y)
        for (int x = where.x * 3; x < where.right() * 3; ++x)
            sum += std::abs(fa.view().row<float>(y)[x] - fb.view().row<float>(y)[x]);
    return 255 * sum / double(where.area() * 3);
}

TEST(Unchanged, TheSourceStaysWhereTheAnswerIsNoMoreThanNoise) {
    const Image source = textured(SampleType::u8);
    const Rect thing{120, 90, 40, 30};
    const Image answer = answered(source, 2, thing);
    const mask::Mask mask = disc(kSize, 140, 110, 70);
    const auto g = graft(source.view(), answer.view(), mask, whole(kSize));
    ASSERT_TRUE(g);
    expect_proved(source.view(), *g, mask);
    const Image result = apply(source.view(), g->patch);
    EXPECT_GT(g->report.kept_share, 0.75);
    EXPECT_LT(g->report.kept_share, 0.95);
    EXPECT_LT(difference(result, source, {90, 60, 100, 24}), 0.05);
    EXPECT_LT(difference(result, answer, {124, 94, 32, 22}), 0.6);
    GraftParams off;
    off.keep_unchanged = off.grain = false;
    const auto all = graft(source.view(), answer.view(), mask, whole(kSize), off);
    EXPECT_EQ(all->report.kept_share, 0);
    EXPECT_GT(difference(apply(source.view(), all->patch), source, {90, 60, 100, 24}), 1);
}

TEST(Unchanged, AFaintChangeLands) {
    // Three levels of tint, a change of texture, and a soft shadow that ends in nothing.
    const Image source = textured(SampleType::u8, 0.006);
    Image answer = answered(source, 1.5, {});
    Image floats = image::convert(answer.view(), image::kRgbF);
    for (int y = 80; y < 110; ++y)
        for (int x = 100; x < 130; ++x)
            floats.span().pixel<float>(x, y)[0] += 4.0f / 255;
    std::mt19937 random(2);
    for (int y = 80; y < 110; ++y)
        for (int x = 150; x < 180; ++x)
            for (int c = 0; c < 3; ++c)
                floats.span().pixel<float>(x, y)[c] += random() & 1 ? 0.04f : -0.04f;
    answer = image::convert(floats.view(), image::kRgb8);
    const mask::Mask mask = disc(kSize, 140, 110, 80);
    GraftParams params;
    params.grain = false;
    const auto g = graft(source.view(), answer.view(), mask, whole(kSize), params);
    const Image result = apply(source.view(), g->patch);
    EXPECT_LT(difference(result, answer, {104, 84, 22, 22}), 0.5);
    EXPECT_LT(difference(result, answer, {154, 84, 22, 22}), 0.5);
}

TEST(Unchanged, DeepSourcesKeepTheirDepthWhereNothingChanged) {
    for (const SampleType type : {SampleType::u16, SampleType::f32}) {
        const Image source = textured(type);
        const Rect thing{120, 90, 40, 30};
        const Image answer = answered(source, 0, thing);
        for (const mask::Mask& mask : {disc(kSize, 140, 110, 70), mask::Mask::full(kSize)}) {
            GraftParams params;
            params.grain = params.dither = false;
            const auto g = graft(source.view(), answer.view(), mask, whole(kSize), params);
            ASSERT_TRUE(g);
            const Image result = apply(source.view(), g->patch);
            EXPECT_TRUE(image::identical(result.view().sub({0, 0, 110, 220}),
                                         source.view().sub({0, 0, 110, 220})));
            const Image exact = image::convert(answer.view(), result.format());
            EXPECT_LT(difference(result, exact, {124, 94, 32, 22}), 0.01);
        }
    }
}

TEST(Unchanged, WhatIsAboveWhiteStaysWhereTheAnswerIsWhiteToo) {
    Image source = textured(SampleType::f32, 0.01);
    for (int y = 60; y < 160; ++y)
        for (int x = 90; x < 190; ++x)
            for (int c = 0; c < 3; ++c)
                source.span().pixel<float>(x, y)[c] = 4 + 0.01f * float(x % 7);
    const image::DisplayTransform view;
    Image answer = view.to_display(source.view(), SampleType::u8);
    for (int y = 100; y < 120; ++y)
        for (int x = 120; x < 150; ++x)
            for (int c = 0; c < 3; ++c)
                answer.span().pixel<std::uint8_t>(x, y)[c] = 100;
    const mask::Mask mask = disc(kSize, 140, 110, 80);
    const auto g = graft(source.view(), answer.view(), mask, whole(kSize));
    ASSERT_TRUE(g);
    const Image result = apply(source.view(), g->patch);
    EXPECT_EQ(result.view().pixel<float>(110, 80)[0], source.view().pixel<float>(110, 80)[0]);
    EXPECT_NEAR(result.view().pixel<float>(130, 110)[0], 100.0 / 255, 0.02);
    int notes = 0;
    for (const std::string& note : g->report.notes) {
        notes += note.find("9400 pixels above white under the mask keep") != std::string::npos;
        notes += note.find("600 pixels above white under the mask were") != std::string::npos;
    }
    EXPECT_EQ(notes, 2) << g->report.notes.front();
}

double mean_delta_e(const Image& a, const Image& b, const mask::Mask& mask, int inset) {
    const Image map = compare::delta_e_map(a.view(), b.view());
    double sum = 0, count = 0;
    for (int y = inset; y < kSize.height - inset; ++y)
        for (int x = inset; x < kSize.width - inset; ++x)
            if (mask.at(x, y) == 255) sum += *map.view().pixel<float>(x, y), ++count;
    return sum / count;
}

// The picture as a model hands it back: moved, tinted, a little noise, 8 bits.
Image drifted(const Image& now, std::mt19937& random) {
    const auto between = [&](double low, double high) {
        return low + (high - low) * double(random() % 10001) / 10000;
    };
    const double dx = between(-3, 3), dy = between(-3, 3);
    std::array<double, 3> gain{}, offset{};
    for (std::size_t c = 0; c < 3; ++c)
        gain[c] = between(0.95, 1.05), offset[c] = between(-5, 5) / 255;
    const Image from = image::convert(now.view(), image::kRgbF);
    Image out(kSize, image::kRgbF);
    std::normal_distribution<float> noise(0.0f, 1.0f / 255);
    const auto at = [&](int x, int y, int c) {
        return double(from.view().pixel<float>(std::clamp(x, 0, kSize.width - 1),
                                               std::clamp(y, 0, kSize.height - 1))[c]);
    };
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x) {
            const double u = x - dx, v = y - dy;
            const int ix = int(std::floor(u)), iy = int(std::floor(v));
            const double fx = u - ix, fy = v - iy;
            for (int c = 0; c < 3; ++c) {
                const double value =
                    (1 - fy) * ((1 - fx) * at(ix, iy, c) + fx * at(ix + 1, iy, c)) +
                    fy * ((1 - fx) * at(ix, iy + 1, c) + fx * at(ix + 1, iy + 1, c));
                out.span().pixel<float>(x, y)[c] =
                    float(gain[std::size_t(c)] * value + offset[std::size_t(c)]) + noise(random);
            }
        }
    return image::convert(out.view(), image::kRgb8);
}

TEST(Unchanged, TwentyEditsInARowDoNotCreep) {
    std::mt19937 random(12);
    const Image source = textured(SampleType::u8, 0.012);
    Image now = image::clone(source.view());
    mask::Mask touched(kSize);
    Image single;
    for (int i = 0; i < 20; ++i) {
        const mask::Mask mask =
            disc(kSize, 100 + double(random() % 80), 80 + double(random() % 60), 45);
        mask::combine(touched, mask, mask::CombineMode::add);
        const auto g = graft(now.view(), drifted(now, random).view(), mask, whole(kSize));
        ASSERT_TRUE(g);
        EXPECT_EQ(g->report.changed_outside_mask, 0);
        EXPECT_EQ(g->report.outside_sha256, g->report.outside_sha256_before);
        now = apply(now.view(), g->patch);
        if (i == 0) single = image::clone(now.view());
    }
    // Every mask over the whole region, once.
    const auto once = graft(source.view(), drifted(source, random).view(), touched, whole(kSize));
    const Image one = apply(source.view(), once->patch);
    EXPECT_LT(mean_delta_e(now, one, touched, 8), 0.5);
    EXPECT_LT(mean_delta_e(now, source, touched, 8), 0.5);
    for (int y = 0; y < kSize.height; ++y)
        for (int x = 0; x < kSize.width; ++x)
            EXPECT_TRUE(touched.at(x, y) != 0 ||
                        std::memcmp(source.view().pixel<std::uint8_t>(x, y),
                                    now.view().pixel<std::uint8_t>(x, y), 3) == 0);
}

} // namespace
} // namespace mw::composite
