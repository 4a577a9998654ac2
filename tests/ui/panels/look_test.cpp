#include <cmath>

#include "desk.h"
#include "ui/palette.h"
#include "ui/text_area_layout.h"
#include "ui/widgets.h"

namespace mw::ui::test {
namespace {

double luminance(ImU32 c) {
    const auto linear = [](unsigned v) {
        const double s = v / 255.0;
        return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c & 0xff) + 0.7152 * linear((c >> 8) & 0xff) +
           0.0722 * linear((c >> 16) & 0xff);
}

double contrast(ImU32 a, ImU32 b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

class PaletteOf : public ::testing::TestWithParam<Theme> {
  protected:
    const Palette& p = palette_of(GetParam());
};
INSTANTIATE_TEST_SUITE_P(Themes, PaletteOf, ::testing::Values(Theme::dark, Theme::light),
                         [](const auto& theme) {
                             return theme.param == Theme::dark ? "Dark" : "Light";
                         });

// What the panels put on what (everything_test finds it in their draw lists), whether or not a
// state of the tests shows it.
TEST_P(PaletteOf, TextIsReadable) {
    const std::vector<std::pair<ImU32, std::vector<ImU32>>> pairs = {
        {p.text, {p.field, p.field_hover, p.canvas, p.panel, p.card, p.raised, p.hover, p.press}},
        {p.text_second, {p.field, p.canvas, p.panel, p.card, p.raised, p.hover}},
        {p.text_off, {p.field, p.canvas, p.panel, p.raised_off}},
        {p.accent_line, {p.field, p.panel, p.card, p.hover}},
        {p.good, {p.panel, p.card}},
        {p.warning, {p.panel, p.card, p.field}},
        {p.error, {p.panel, p.card, p.field}},
        {p.on_accent, {p.accent, p.accent_hover, p.accent_press}},
    };
    for (const auto& [ink, surfaces] : pairs)
        for (const ImU32 surface : surfaces)
            EXPECT_GE(contrast(ink, surface), 4.5) << std::hex << ink << " on " << surface;
}

TEST_P(PaletteOf, GreysDoNotTint) {
    for (const ImU32 c : {p.edge, p.field, p.field_hover, p.canvas, p.panel, p.card, p.raised_off,
                          p.raised, p.hover, p.press, p.line, p.text, p.text_second, p.text_off,
                          p.icon_off, p.part_quiet, p.part, p.part_strong, p.knob}) {
        EXPECT_EQ(c & 0xff, (c >> 8) & 0xff);
        EXPECT_EQ(c & 0xff, (c >> 16) & 0xff);
    }
}

TEST(ShownName, HostileNamesAreMadeHarmless) {
    EXPECT_EQ(shown_name("plain.png"), "plain.png");
    EXPECT_EQ(shown_name("a\nb\x1b[31m"),
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd[31m");
    EXPECT_EQ(shown_name("\xff\xfe"), "\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(shown_name("x\xe2\x80\xaegnp.exe"), "x\xef\xbf\xbdgnp.exe");
    EXPECT_EQ(shown_name("été ☂"), "été ☂");
}

class Wrapping : public Desk {};

TEST_F(Wrapping, LinesHoldWholeWordsAndEveryByteOnce) {
    const ImFont& font = *look_state.fonts.regular;
    const std::string text =
        "remove the red ball that lies beside the box\nand anextremelylongwordwithoutanyblanks";
    const auto lines = wrap_text(font, 14, text, 120);
    EXPECT_GT(lines.size(), 4u);
    std::size_t at = 0;
    for (const TextLine& line : lines) {
        EXPECT_EQ(line.begin, at);
        EXPECT_LE(line.end, line.next);
        EXPECT_LE(text_width(font, 14, text.substr(line.begin, line.end - line.begin)), 121);
        at = line.next;
    }
    EXPECT_EQ(at, text.size());
}

} // namespace
} // namespace mw::ui::test
