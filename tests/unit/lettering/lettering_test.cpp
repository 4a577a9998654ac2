#include "lettering/lettering.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/parallel.h"
#include "image/convert.h"
#include "lettering/find_font.h"
#include "lettering/ink_color.h"
#include "lettering/place.h"
#include "lettering/shape.h"

namespace mw::lettering {
namespace {

using image::Float3;
using image::Image;
using image::ImageView;

Image plain(Size size, Float3 color, image::PixelFormat format = image::kRgb8) {
    Image out(size, {format.channels, image::SampleType::f32});
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            float* p = out.span().pixel<float>(x, y);
            for (int c = 0; c < format.color_channels(); ++c)
                p[c] = color[static_cast<std::size_t>(c)];
            if (format.has_alpha()) p[format.channels - 1] = 1;
        }
    return image::convert(out.view(), format);
}

Image rect_mask(Size size, const Rect& r) {
    Image out(size, image::kGray8);
    for (int y = r.y; y < r.bottom(); ++y)
        for (int x = r.x; x < r.right(); ++x)
            *out.span().pixel<std::uint8_t>(x, y) = 255;
    return out;
}

// A bar of `length` x `width` through the middle, turned clockwise.
Image bar(Size size, double degrees, double length, double width) {
    Image out(size, image::kGray8);
    const double a = degrees * 3.14159265358979 / 180;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const double dx = x + 0.5 - size.width / 2.0, dy = y + 0.5 - size.height / 2.0;
            const double u = std::cos(a) * dx + std::sin(a) * dy,
                         v = -std::sin(a) * dx + std::cos(a) * dy;
            if (std::abs(u) < length / 2 && std::abs(v) < width / 2)
                *out.span().pixel<std::uint8_t>(x, y) = 255;
        }
    return out;
}

// The bounds of what differs.
Rect changed(ImageView a, ImageView b) {
    Rect out;
    const auto bytes = static_cast<std::size_t>(a.format.bytes());
    for (int y = 0; y < a.size.height; ++y)
        for (int x = 0; x < a.size.width; ++x)
            if (std::memcmp(a.row_bytes(y) + static_cast<std::size_t>(x) * bytes,
                            b.row_bytes(y) + static_cast<std::size_t>(x) * bytes, bytes) != 0)
                out = unite(out, Rect{x, y, 1, 1});
    return out;
}

TEST(Lettering, fills_its_room_and_nothing_else) {
    const Image picture = plain({300, 200}, {0.8f, 0.8f, 0.7f});
    const Rect room{40, 50, 220, 80};
    const auto set = set_text(picture.view(), rect_mask(picture.size(), room).view(), "OPEN", {});
    ASSERT_TRUE(set) << set.error().message;
    const Rect ink = changed(picture.view(), set->picture.view());
    EXPECT_TRUE(room.contains(ink));
    // As large as it goes: the margin apart, one direction is full.
    EXPECT_GT(std::max(double(ink.width) / room.width, double(ink.height) / room.height), 0.68);
    // In the middle.
    EXPECT_NEAR(ink.x + ink.width / 2.0, room.x + room.width / 2.0, 1.5);
    EXPECT_NEAR(ink.y + ink.height / 2.0, room.y + room.height / 2.0, 1.5);
    EXPECT_EQ(set->font, "Inter Medium");
    EXPECT_EQ(set->picture.format(), picture.format());
}

TEST(Lettering, every_format_keeps_what_no_letter_covers) {
    for (const image::SampleType type :
         {image::SampleType::u8, image::SampleType::u16, image::SampleType::f32})
        for (const int channels : {1, 2, 3, 4}) {
            const image::PixelFormat format{channels, type};
            const Image picture = plain({120, 60}, {0.2f, 0.3f, 0.4f}, format);
            const Rect room{10, 10, 100, 40};
            const auto set =
                set_text(picture.view(), rect_mask(picture.size(), room).view(), "Ab", {});
            ASSERT_TRUE(set) << set.error().message;
            EXPECT_EQ(set->picture.format(), format);
            EXPECT_TRUE(room.contains(changed(picture.view(), set->picture.view())));
            EXPECT_FALSE(changed(picture.view(), set->picture.view()).empty());
        }
}

TEST(Lettering, edges_are_blended_in_linear_light) {
    // Between black and white every level occurs, and half coverage is 188 of 255, not 128.
    const Image picture = plain({200, 100}, {0, 0, 0});
    Style style;
    style.srgb = Float3{1, 1, 1};
    style.size_px = 60;
    const auto set =
        set_text(picture.view(), rect_mask(picture.size(), picture.rect()).view(), "O", style);
    ASSERT_TRUE(set);
    int full = 0, edge = 0;
    double light = 0;
    for (int y = 0; y < 100; ++y)
        for (int x = 0; x < 200; ++x) {
            const int v = set->picture.view().pixel<std::uint8_t>(x, y)[0];
            full += v == 255;
            edge += v > 0 && v < 255;
            light += image::srgb_to_linear(static_cast<float>(v) / 255);
        }
    EXPECT_GT(full, 200);
    EXPECT_GT(edge, 50);
    // The light is the area of the glyph: exact coverage, whatever the position.
    const auto face = find_font("", false, false, U"O");
    double area = 0;
    const double k = 8 * 60 / face->face.units_per_em(); // eight times as large
    const Line line = shape(face->face, U"O");
    face->face.fill(line.glyphs[0].glyph, {k, 0, 0, k, 10, 40}, {600, 600},
                    [&](int, int, int length, unsigned char c) { area += length * c / 255.0; });
    EXPECT_NEAR(light, area / 64, 0.01 * area / 64);
}

TEST(Lettering, a_turned_sign_gets_turned_letters) {
    for (const double degrees : {-30.0, -12.0, 12.0, 30.0}) {
        const Image picture = plain({300, 300}, {0.5f, 0.5f, 0.5f});
        const auto set = set_text(picture.view(), bar(picture.size(), degrees, 260, 50).view(),
                                  "MAIN STREET", {});
        ASSERT_TRUE(set);
        EXPECT_NEAR(set->turn_degrees, degrees, 1.5);
        EXPECT_EQ(set->lines.size(), 1u);
    }
    // A round region has no axis; a steep one is written upright.
    const Image picture = plain({300, 300}, {0.5f, 0.5f, 0.5f});
    for (const Image& mask : {bar({300, 300}, 20, 120, 118), bar({300, 300}, 80, 260, 60)}) {
        const auto set = set_text(picture.view(), mask.view(), "EXIT", {});
        ASSERT_TRUE(set);
        EXPECT_EQ(set->turn_degrees, 0);
    }
    Style up;
    up.turn_degrees = -90;
    const auto set = set_text(picture.view(), bar({300, 300}, 90, 260, 60).view(), "EXIT", up);
    ASSERT_TRUE(set);
    const Rect ink = changed(picture.view(), set->picture.view());
    EXPECT_GT(ink.height, 2 * ink.width);
}

TEST(Lettering, long_texts_are_broken_where_that_makes_them_larger) {
    const Image picture = plain({200, 200}, {1, 1, 1});
    const Image mask = rect_mask(picture.size(), {20, 20, 160, 160});
    const auto set = set_text(picture.view(), mask.view(), "THE QUICK BROWN FOX JUMPS", {});
    ASSERT_TRUE(set);
    EXPECT_GT(set->lines.size(), 2u);
    std::string joined;
    for (const std::string& line : set->lines)
        joined += (joined.empty() ? "" : " ") + line;
    EXPECT_EQ(joined, "THE QUICK BROWN FOX JUMPS");
    const auto told = set_text(picture.view(), mask.view(), "ONE\nTWO", {});
    ASSERT_TRUE(told);
    EXPECT_EQ(told->lines, (std::vector<std::string>{"ONE", "TWO"}));
    const auto wide = set_text(plain({600, 100}, {1, 1, 1}).view(),
                               rect_mask({600, 100}, {10, 20, 580, 50}).view(), "HELLO WORLD", {});
    ASSERT_TRUE(wide);
    EXPECT_EQ(wide->lines.size(), 1u);
}

TEST(Lettering, alignment) {
    const Image picture = plain({300, 100}, {1, 1, 1});
    const Image mask = rect_mask(picture.size(), {20, 20, 260, 60});
    Style style;
    style.size_px = 30;
    double middle[3];
    for (int i = 0; i < 3; ++i) {
        style.align = static_cast<Align>(i);
        const auto set = set_text(picture.view(), mask.view(), "Hi", style);
        ASSERT_TRUE(set);
        EXPECT_EQ(set->size_px, 30);
        const Rect ink = changed(picture.view(), set->picture.view());
        middle[i] = ink.x + ink.width / 2.0;
        EXPECT_TRUE((Rect{20, 20, 260, 60}.contains(ink)));
    }
    EXPECT_LT(middle[0], 60);
    EXPECT_NEAR(middle[1], 150, 1.5);
    EXPECT_GT(middle[2], 240);
}

TEST(Lettering, the_colour_stands_out_and_is_the_pictures_own) {
    // A blue ground with some cream in it: cream is taken.
    Image picture = plain({200, 100}, {0.1f, 0.15f, 0.4f});
    for (int y = 0; y < 100; ++y)
        for (int x = 0; x < 12; ++x) {
            auto* p = picture.span().pixel<std::uint8_t>(x, y);
            p[0] = 250, p[1] = 240, p[2] = 210;
        }
    const Image mask = rect_mask(picture.size(), {30, 20, 160, 60});
    const auto set = set_text(picture.view(), mask.view(), "CAFE", {});
    ASSERT_TRUE(set);
    EXPECT_NEAR(set->srgb[0] * 255, 250, 3);
    EXPECT_NEAR(set->srgb[1] * 255, 240, 3);
    EXPECT_NEAR(set->srgb[2] * 255, 210, 3);
    // Whatever the ground, the contrast is that of legible text.
    for (int level = 0; level <= 20; ++level)
        for (const Float3 tint : {Float3{1, 1, 1}, Float3{1, 0.6f, 0.2f}, Float3{0.2f, 0.5f, 1}}) {
            const float v = static_cast<float>(level) / 20;
            const Float3 ground{v * tint[0], v * tint[1], v * tint[2]};
            const Image flat = plain({20, 20}, ground);
            Float3 linear;
            for (std::size_t c = 0; c < 3; ++c)
                linear[c] = image::srgb_to_linear(ground[c]);
            const Image wide = image::convert(flat.view(), image::kRgbF);
            EXPECT_GE(contrast(ink_color(wide.view(), linear), linear), 4.4) << level;
        }
}

TEST(Lettering, what_cannot_be_is_refused) {
    const Image picture = plain({100, 60}, {1, 1, 1});
    const Image all = rect_mask(picture.size(), {10, 10, 80, 40});
    const auto refusal = [&](std::string_view text, const Image& mask, const Style& style = {}) {
        const auto set = set_text(picture.view(), mask.view(), text, style);
        EXPECT_FALSE(set);
        return set ? std::string() : set.error().message;
    };
    EXPECT_NE(refusal("", all).find("no text"), std::string::npos);
    EXPECT_NE(refusal(" \n ", all).find("no text"), std::string::npos);
    EXPECT_NE(refusal("\xff\xfe", all).find("UTF-8"), std::string::npos);
    EXPECT_NE(refusal(std::string(500, 'x'), all).find("500 characters"), std::string::npos);
    EXPECT_NE(refusal("A", rect_mask(picture.size(), {})).find("too small"), std::string::npos);
    EXPECT_NE(refusal("A", rect_mask(picture.size(), {5, 5, 3, 3})).find("too small"),
              std::string::npos);
    Style large;
    large.size_px = 400;
    EXPECT_NE(refusal("Word", all, large).find("the largest that does is"), std::string::npos);
    // What would fit is said, in whole words.
    std::string long_text;
    for (int i = 0; i < 60; ++i)
        long_text += "words ";
    const std::string said = refusal(long_text, all);
    EXPECT_NE(said.find("\"words words"), std::string::npos) << said;
    Style strange;
    strange.family = "No Such Typeface At All";
    EXPECT_NE(refusal("A", all, strange).find("No Such Typeface At All"), std::string::npos);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = set_text(picture.view(), all.view(), "A", {}, 0, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

TEST(Lettering, characters_that_no_font_has_are_named) {
    const Image picture = plain({100, 60}, {1, 1, 1});
    // A character that is not assigned.
    const auto set =
        set_text(picture.view(), rect_mask(picture.size(), {5, 5, 90, 50}).view(), "A\u0378", {});
    ASSERT_FALSE(set);
    EXPECT_NE(set.error().message.find("U+0378"), std::string::npos) << set.error().message;
}

TEST(Lettering, the_same_bytes_every_time) {
    const Image picture = plain({300, 200}, {0.3f, 0.5f, 0.4f}, image::kRgba8);
    const Image mask = bar(picture.size(), 15, 250, 60);
    const auto one = set_text(picture.view(), mask.view(), "Same bytes", {}, 4);
    const auto two = set_text(picture.view(), mask.view(), "Same bytes", {}, 4);
    ASSERT_TRUE(one && two);
    EXPECT_TRUE(image::identical(one->picture.view(), two->picture.view()));
}

TEST(Shape, ligatures_marks_and_kerning_are_the_fonts) {
    const auto font = find_font("", false, false, U"AV");
    ASSERT_TRUE(font);
    const double kerned = shape(font->face, U"AV").advance,
                 apart = shape(font->face, U"A").advance + shape(font->face, U"V").advance;
    EXPECT_LT(kerned, apart);
    // A letter and its mark have the extent of the one letter they make.
    const Line composed = shape(font->face, U"\u00e9"), decomposed = shape(font->face, U"e\u0301");
    EXPECT_TRUE(decomposed.missing.empty());
    EXPECT_NEAR(composed.ink.top, decomposed.ink.top, 60);
    EXPECT_NEAR(composed.advance, decomposed.advance, 1);
}

TEST(Shape, right_to_left_runs_right_to_left) {
    const auto font = find_font("DejaVu Sans", false, false, U"\u05e9\u05dc\u05d5\u05dd");
    if (!font) GTEST_SKIP() << "DejaVu Sans is not installed";
    const Line hebrew = shape(font->face, U"\u05e9\u05dc\u05d5\u05dd");
    ASSERT_EQ(hebrew.glyphs.size(), 4u);
    EXPECT_TRUE(hebrew.missing.empty());
    // The first letter read stands furthest to the right.
    EXPECT_EQ(hebrew.glyphs.back().glyph, shape(font->face, U"\u05e9").glyphs[0].glyph);
    for (std::size_t i = 1; i < 4; ++i)
        EXPECT_GT(hebrew.glyphs[i].x, hebrew.glyphs[i - 1].x);
    // Numbers within keep their own way, and so does Latin round it.
    const Line mixed = shape(font->face, U"A \u05d0\u05d1 12 \u05d2 B");
    EXPECT_EQ(mixed.glyphs.front().glyph, shape(font->face, U"A").glyphs[0].glyph);
    EXPECT_EQ(mixed.glyphs.back().glyph, shape(font->face, U"B").glyphs[0].glyph);
    const unsigned one = shape(font->face, U"1").glyphs[0].glyph,
                   two = shape(font->face, U"2").glyphs[0].glyph;
    double at_one = 0, at_two = 0;
    for (const PlacedGlyph& g : mixed.glyphs) {
        if (g.glyph == one) at_one = g.x;
        if (g.glyph == two) at_two = g.x;
    }
    EXPECT_LT(at_one, at_two);
}

TEST(Shape, arabic_letters_join) {
    const auto font = find_font("DejaVu Sans", false, false, U"\u0628\u0628\u0628");
    if (!font) GTEST_SKIP() << "DejaVu Sans is not installed";
    const Line word = shape(font->face, U"\u0628\u0628\u0628");
    ASSERT_EQ(word.glyphs.size(), 3u);
    // Final, medial and initial forms are three glyphs, none the one that stands alone.
    const unsigned alone = shape(font->face, U"\u0628").glyphs[0].glyph;
    EXPECT_NE(word.glyphs[0].glyph, word.glyphs[1].glyph);
    EXPECT_NE(word.glyphs[1].glyph, word.glyphs[2].glyph);
    for (const PlacedGlyph& g : word.glyphs)
        EXPECT_NE(g.glyph, alone);
}

TEST(Fonts, a_family_is_found_by_its_name_alone) {
    const auto font = find_font("dejavu sans", true, false, U"A");
    if (!font) GTEST_SKIP() << "DejaVu Sans is not installed";
    EXPECT_NE(font->face.name().find("DejaVu Sans"), std::string::npos);
    EXPECT_NE(font->face.name().find("Bold"), std::string::npos);
    // A slip is told, never set in something else.
    const auto slip = find_font("DejaVoo Sans", false, false, U"A");
    ASSERT_FALSE(slip);
    EXPECT_NE(slip.error().message.find("\"DejaVu Sans"), std::string::npos)
        << slip.error().message;
    // Without a name, what has the letters.
    const auto hebrew = find_font("", false, false, U"\u05e9");
    ASSERT_TRUE(hebrew);
    EXPECT_TRUE(hebrew->face.has(U'\u05e9'));
}

TEST(Fonts, what_is_no_font_is_refused) {
    for (const std::size_t length : {0u, 3u, 200u}) {
        Bytes bytes(length, std::byte{0x4f});
        const auto face = Face::open(std::move(bytes), 0, "made up");
        ASSERT_FALSE(face);
        EXPECT_EQ(face.error().code, ErrorCode::corrupt);
    }
}

TEST(Room, the_best_rectangle_is_the_best) {
    // Against every rectangle, in a small scattered region.
    Image mask({18, 14}, image::kGray8);
    std::uint32_t n = 5;
    for (std::byte& b : mask.bytes())
        b = (n = n * 1664525u + 1013904223u) >> 28 < 13 ? std::byte{255} : std::byte{0};
    for (const Block block : {Block{1, 1, 0}, Block{3, 1, 0}, Block{1, 2, 0}, Block{5, 1, 0.25}}) {
        double best = 0;
        for (int y = 0; y < 14; ++y)
            for (int x = 0; x < 18; ++x)
                for (int h = 1; y + h <= 14; ++h)
                    for (int w = 1; x + w <= 18; ++w) {
                        bool full = true;
                        for (int j = y; full && j < y + h; ++j)
                            for (int i = x; full && i < x + w; ++i)
                                full = *mask.view().pixel<std::uint8_t>(i, j) != 0;
                        const Room room{double(x), double(y), double(x + w), double(y + h), 0};
                        if (full) best = std::max(best, size_in(room, block));
                    }
        const auto room = Region(mask.view(), 0).best(block);
        ASSERT_TRUE(room);
        EXPECT_NEAR(size_in(*room, block), best, 1e-9);
    }
}

} // namespace
} // namespace mw::lettering
