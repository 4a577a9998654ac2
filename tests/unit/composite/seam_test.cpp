#include <gtest/gtest.h>

#include "composite/graft.h"
#include "mask/brush.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;

// '.' 0, '#' 255, '1'..'9' tenths.
mask::Mask ascii(const std::vector<std::string>& rows) {
    const Size size{static_cast<int>(rows[0].size()), static_cast<int>(rows.size())};
    Image pixels(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const char c = rows[std::size_t(y)][std::size_t(x)];
            *pixels.span().pixel<std::uint8_t>(x, y) =
                c == '#'   ? 255
                : c == '.' ? 0
                           : static_cast<std::uint8_t>((c - '0') * 25);
        }
    mask::Mask mask(size);
    mask.write(mask.rect(), pixels.view());
    return mask;
}

int at(const Image& weights, int x, int y) {
    return *weights.view().pixel<std::uint8_t>(x, y);
}

TEST(Seam, ThinStrokesKeepTheirWeight) {
    const mask::Mask hair = ascii({"............", ".##########.", "............", "............",
                                   "..########..", "..########..", "..########..", "............"});
    const Image w = seam_weights(hair, hair.rect(), {});
    for (int x = 1; x < 11; ++x)
        EXPECT_EQ(at(w, x, 1), 255);
    for (int x = 3; x < 9; ++x)
        EXPECT_EQ(at(w, x, 5), 255);
    for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 12; ++x)
            EXPECT_EQ(at(w, x, y) == 0, hair.at(x, y) == 0);
}

TEST(Seam, WideMasksFadeInwards) {
    const Size size{120, 100};
    const mask::Mask mask = mask::rectangle(size, {20, 20, 80, 60});
    const Image w = seam_weights(mask, mask.rect(), {});
    EXPECT_EQ(at(w, 19, 50), 0);
    int before = 0;
    for (int x = 20; x < 28; ++x) {
        EXPECT_GE(at(w, x, 50), before);
        before = at(w, x, 50);
    }
    EXPECT_LT(at(w, 20, 50), 30);
    EXPECT_EQ(at(w, 28, 50), 255);
    EXPECT_EQ(at(w, 60, 50), 255);
    const Image hard = seam_weights(mask, mask.rect(), {.feather_px = 0.0});
    EXPECT_TRUE(image::identical(hard.view(), mask.read(mask.rect()).view()));
}

TEST(Seam, TheBorderOfThePictureIsNoEdge) {
    const Size size{60, 60};
    const mask::Mask mask = mask::rectangle(size, {0, 0, 60, 30});
    const Image w = seam_weights(mask, mask.rect(), {});
    EXPECT_EQ(at(w, 0, 0), 255);
    EXPECT_EQ(at(w, 30, 0), 255);
    EXPECT_LT(at(w, 30, 29), 30);
}

TEST(Seam, CoverageScalesTheWeight) {
    const Size size{80, 80};
    mask::Mask half(size);
    Image grey({80, 80}, image::kGray8);
    std::fill(grey.bytes().begin(), grey.bytes().end(), std::byte{100});
    half.write(half.rect(), grey.view());
    EXPECT_EQ(at(seam_weights(half, half.rect(), {}), 40, 40), 100);
}

TEST(Seam, AStrokeKeepsFullWeightWhereItEntersABlob) {
    const Size size{200, 120};
    mask::Mask mask = disc(size, 60, 60, 35);
    mask::combine(mask, mask::rectangle(size, {60, 57, 130, 7}), mask::CombineMode::add);
    const Image w = seam_weights(mask, mask.rect(), {});
    for (int x = 60; x < 185; ++x)
        EXPECT_EQ(at(w, x, 60), 255) << x;
}

TEST(Seam, AWindowIsACutOfTheWhole) {
    const Size size{300, 260};
    std::mt19937 random(11);
    for (int round = 0; round < 8; ++round) {
        const mask::Mask mask = random_mask(size, random);
        SeamParams params;
        params.feather_px = 1 + double(random() % 10);
        const Image all = seam_weights(mask, mask.rect(), params);
        const Rect window{int(random() % 200), int(random() % 200), 60, 50};
        const Image part = seam_weights(mask, window, params);
        EXPECT_TRUE(image::identical(part.view(), all.view().sub(window)));
    }
    const Image beyond = seam_weights(disc(size, 5, 5, 9), {-20, -20, 40, 40}, {});
    EXPECT_EQ(at(beyond, 0, 0), 0);
    EXPECT_EQ(at(beyond, 25, 25), 255);
}

TEST(Seam, AFittingSeamRunsWhereTheDifferenceIsLeast) {
    const Size size{160, 140};
    const Image source = picture(size, image::kRgb8);
    Image answer = image::clone(source.view());
    // All but a crooked line within the mask's edge is other than sent: 20 levels lighter.
    const auto on_line = [](int x, int y) {
        const int wave = int(std::lround(4 * std::sin(0.15 * (x + y))));
        return x == 38 + wave || x == 122 + wave || y == 38 + wave || y == 102 + wave;
    };
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (int c = 0; c < 3; ++c)
                if (!on_line(x, y) && !on_line(x - 1, y) && !on_line(x + 1, y) &&
                    !on_line(x, y - 1) && !on_line(x, y + 1)) {
                    auto& v = answer.span().pixel<std::uint8_t>(x, y)[c];
                    v = static_cast<std::uint8_t>(v + 20);
                }
    const mask::Mask mask = mask::rectangle(size, {28, 28, 104, 84});
    GraftParams params;
    params.do_register = params.match_color = params.membrane = params.grain = false;
    params.keep_unchanged = false;
    params.seam.kind = SeamKind::fitting;
    const auto g = graft(source.view(), answer.view(), mask, whole(size), params);
    ASSERT_TRUE(g);
    expect_proved(source.view(), *g, mask);
    const Image result = apply(source.view(), g->patch);
    // Along rows through the middle: the source up to the line, the answer 8 px behind it.
    for (int y = 55; y < 85; ++y) {
        int line = 0;
        for (int x = 30; x < 48; ++x)
            if (on_line(x, y)) line = x;
        if (line == 0) continue;
        for (int x = 28; x < line - 1; ++x)
            EXPECT_EQ(result.view().pixel<std::uint8_t>(x, y)[0],
                      source.view().pixel<std::uint8_t>(x, y)[0])
                << x << ", " << y;
        for (int x = line + 8; x < 80; ++x)
            EXPECT_EQ(result.view().pixel<std::uint8_t>(x, y)[0],
                      answer.view().pixel<std::uint8_t>(x, y)[0])
                << x << ", " << y;
    }
}

TEST(Seam, AFittingSeamLeavesThinStrokesWhole) {
    const Size size{160, 120};
    const Image source = picture(size, image::kRgb8), answer = noise(size, image::kRgb8, 5);
    mask::Mask mask = disc(size, 50, 60, 35);
    mask::combine(mask, mask::rectangle(size, {60, 57, 90, 5}), mask::CombineMode::add);
    GraftParams params;
    params.do_register = params.match_color = params.membrane = params.grain = false;
    params.seam.kind = SeamKind::fitting;
    const auto g = graft(source.view(), answer.view(), mask, whole(size), params);
    ASSERT_TRUE(g);
    expect_proved(source.view(), *g, mask);
    const Image result = apply(source.view(), g->patch);
    for (int x = 100; x < 149; ++x)
        EXPECT_EQ(result.view().pixel<std::uint8_t>(x, 59)[1],
                  answer.view().pixel<std::uint8_t>(x, 59)[1]);
    for (int x = 40; x < 60; ++x)
        EXPECT_EQ(result.view().pixel<std::uint8_t>(x, 60)[1],
                  answer.view().pixel<std::uint8_t>(x, 60)[1]);
}

} // namespace
} // namespace mw::composite
