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

TEST(Palette, TextIsReadable) {
    using namespace palette;
    const std::vector<std::pair<ImU32, std::vector<ImU32>>> pairs = {
        {kText, {kEdge, kField, kCanvas, kPanel, kRaised, kHover, kPress}},
        {kTextSecond, {kField, kCanvas, kPanel, kRaised, kHover}},
        {kTextOff, {kField, kCanvas, kPanel}},
        {kAccentLine, {kField, kPanel, kHover}},
        {kGood, {kPanel}},
        {kWarning, {kPanel}},
        {kError, {kPanel}},
        {kOnAccent, {kAccent, kAccentHover, kAccentPress}},
    };
    for (const auto& [ink, surfaces] : pairs)
        for (const ImU32 surface : surfaces)
            EXPECT_GE(contrast(ink, surface), 4.5) << std::hex << ink << " on " << surface;
}

TEST(Palette, GreysDoNotTint) {
    using namespace palette;
    for (const ImU32 c : {kEdge, kField, kCanvas, kPanel, kRaised, kHover, kPress, kLine, kText,
                          kTextSecond, kTextOff}) {
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
