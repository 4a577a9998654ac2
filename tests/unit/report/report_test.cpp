#include <gtest/gtest.h>

#include <limits>

#include "codec/codec.h"
#include "report/embed_picture.h"
#include "report/html.h"
#include "report/lettering.h"
#include "report/pictures.h"
#include "report/table.h"
#include "unit/compare/kit.h"

namespace mw::report {
namespace {

using compare::grain;
using compare::plain;
using image::Image;

TEST(Report, Base64AndEscapes) {
    const auto of = [](std::string_view text) {
        return base64(std::as_bytes(std::span(text.data(), text.size())));
    };
    EXPECT_EQ(of(""), ""); // the vectors of RFC 4648
    EXPECT_EQ(of("f"), "Zg==");
    EXPECT_EQ(of("fo"), "Zm8=");
    EXPECT_EQ(of("foobar"), "Zm9vYmFy");
    EXPECT_EQ(escaped("<a href=\"x\">&'\x01"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39; ");
}

TEST(Report, TablesAreQuotedAndComplete) {
    Row row{"a, \"b\".png", {}, 0.25, {}, "line\nbreak"};
    row.stats.outside.changed = 3;
    row.stats.all.psnr = std::numeric_limits<double>::infinity();
    row.stats.note = "grey \xff";
    const Row formula{"=1+1", {}, {}, 2.5, ""};
    const std::vector<Row> rows{row, formula};
    const std::string csv = to_csv(rows, {});
    EXPECT_TRUE(csv.starts_with("name,inside.pixels,inside.changed,"));
    EXPECT_NE(csv.find(",cost_usd,seconds,prompt\r\n\"a, \"\"b\"\".png\","), std::string::npos);
    EXPECT_NE(csv.find(",0.25,,\"line\nbreak\"\r\n"), std::string::npos);
    EXPECT_NE(csv.find("\r\n'=1+1,"), std::string::npos);
    EXPECT_NE(csv.find(",inf,"), std::string::npos);
    EXPECT_EQ(csv.find("perceptible"), std::string::npos) << "was not measured";
    const std::string json = to_json(rows, {false, true, false, false});
    EXPECT_NE(json.find("\"name\": \"a, \\\"b\\\".png\""), std::string::npos);
    EXPECT_NE(json.find("\"psnr\": null"), std::string::npos);
    EXPECT_NE(json.find("\"changed\": 3,"), std::string::npos);
    EXPECT_EQ(json.find("flip"), std::string::npos);
}

TEST(Report, ContactSheetShowsEveryPictureAndItsLabel) {
    std::vector<Image> pictures;
    std::vector<LabelledPicture> cells;
    for (int i = 0; i < 7; ++i)
        pictures.push_back(plain({300, i % 2 ? 400 : 200}, image::kRgb8, 60 + 20 * i));
    for (const Image& p : pictures)
        cells.push_back({p.view(), {}, "Grün größer als “rot”", "detail"});
    const auto sheet = contact_sheet(cells, {1600, 0, "Title"});
    ASSERT_TRUE(sheet);
    EXPECT_LE(sheet->width(), 1600);
    std::array<int, 256> seen{};
    int bright = 0;
    for (const std::byte b : sheet->bytes())
        ++seen[std::to_integer<std::size_t>(b)], bright += b > std::byte{230};
    for (int i = 0; i < 7; ++i)
        EXPECT_GE(seen[std::size_t(60 + 20 * i)], 3 * 100 * 130) << i;
    EXPECT_GT(bright, 1000) << "letters";
    EXPECT_EQ(contact_sheet({cells.data(), 1}, {1600, 0, ""})->width() < 400, true)
        << "never enlarged";
    cells.resize(17, cells[0]);
    EXPECT_FALSE(contact_sheet(cells));
    EXPECT_FALSE(contact_sheet({}));
}

TEST(Report, LettersAreCutToTheRoom) {
    Image out = plain({200, 40}, image::kRgb8, 0);
    draw_text(out.span(), {10, 28}, "a rather long label of a candidate", 20, 100, {255, 255, 255});
    int right = 0, inked = 0;
    for (int y = 0; y < 40; ++y)
        for (int x = 0; x < 200; ++x)
            if (out.view().pixel<std::uint8_t>(x, y)[0] > 64) right = std::max(right, x), ++inked;
    EXPECT_GT(inked, 100);
    EXPECT_LE(right, 110);
    EXPECT_GT(text_width("wide", 20), text_width("wi", 20));
    draw_text(out.span(), {-30, 500}, "\xff\xc3 beyond", 20, 1000, {255, 255, 255}); // clipped
}

TEST(Report, FlipKeepsWhatIsAlike) {
    const Image a = grain({64, 48}, image::kRgb8, 1);
    Image b = image::clone(a.view());
    compare::fill_rect(b, {20, 20, 10, 10}, 0, 255);
    const std::vector<LabelledPicture> pair{{a.view(), {}, "", ""}, {b.view(), {}, "", ""}};
    for (const auto format : {codec::FileFormat::gif, codec::FileFormat::webp}) {
        const auto bytes = flip_animation(pair, format);
        ASSERT_TRUE(bytes);
        const auto back = codec::decode(*bytes, "flip");
        ASSERT_TRUE(back);
        EXPECT_EQ(back->pixels.size(), a.size());
    }
    const Image odd = plain({60, 48}, image::kRgb8, 1);
    const std::vector<LabelledPicture> sizes{{a.view(), {}, "", ""}, {odd.view(), {}, "", ""}};
    EXPECT_FALSE(flip_animation(sizes, codec::FileFormat::gif));
    EXPECT_FALSE(flip_animation({}, codec::FileFormat::gif));
    EXPECT_FALSE(flip_animation(pair, codec::FileFormat::png));
}

TEST(Report, HtmlNeedsSomethingToCompare) {
    Comparison c;
    const Image a = plain({40, 30}, image::kRgb8, 90), b = plain({30, 30}, image::kRgb8, 90);
    c.a = a.view();
    EXPECT_FALSE(html_report(c));
    c.candidates.emplace_back().picture = b.view();
    EXPECT_FALSE(html_report(c));
    c.candidates[0].picture = a.view();
    c.candidates[0].cost = "$0.19 <b>";
    const auto html = html_report(c);
    ASSERT_TRUE(html);
    EXPECT_NE(html->find("$0.19 &lt;b&gt;"), std::string::npos);
    EXPECT_TRUE(html->ends_with("</html>\n"));
}

} // namespace
} // namespace mw::report
