#include "compare/figures.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace mw::compare {
namespace {

TEST(FigureNames, EachHasItsOwnNameAndValue) {
    std::set<std::string_view> names;
    for (const Figure& f : figures()) {
        EXPECT_TRUE(names.insert(f.name).second) << f.name;
        EXPECT_FALSE(f.label.empty() || f.meaning.empty());
        EXPECT_NE(f.of, nullptr);
    }
    RegionStats s;
    s.delta_e_p99 = 7;
    for (const Figure& f : figures())
        if (f.name == "delta_e_p99") {
            EXPECT_EQ(f.of(s), 7);
        }
    MetricSet none{false, false, false, false};
    EXPECT_TRUE(is_measured(figures()[0], none));
    EXPECT_FALSE(is_measured(figures().back(), none));
}

TEST(Gates, AreReadAndMet) {
    DiffStats stats;
    stats.outside.pixels = stats.inside.pixels = stats.all.pixels = 10;
    stats.outside.changed = 12;
    stats.inside.delta_e_p99 = 3;
    stats.all.ssim = 0.5;
    stats.all.psnr = std::numeric_limits<double>::infinity();
    const auto says = [&](std::string_view text) { return met(*parse_gate(text), stats); };
    EXPECT_EQ(says("outside.changed>0"), "outside.changed>0: it is 12");
    EXPECT_NE(says(" inside.delta_e_p99 >= 3 "), "");
    EXPECT_EQ(says("inside.delta_e_p99>3"), "");
    EXPECT_EQ(says("all.ssim<0.9"), "all.ssim<0.9: it is 0.5");
    EXPECT_EQ(says("all.ssim <= 0.4"), "");
    EXPECT_NE(says("outside.changed == 12"), "");
    EXPECT_EQ(says("outside.changed != 12"), "");
    EXPECT_EQ(says("all.psnr<40"), "");
    EXPECT_EQ(says("seam.changed>=0"), "") << "no pixels, no figure";
    EXPECT_NE(says("seam.pixels==0"), "");
    for (const char* wrong :
         {"", "outside.changed", "outside.changed=0", "somewhere.changed>0", "outside>0",
          "outside.colour>0", "outside.changed>", "outside.changed>x", "outside.changed>1 2",
          "outside.changed>nan", "outside.changed!0"}) {
        const auto gate = parse_gate(wrong);
        ASSERT_FALSE(gate) << wrong;
        EXPECT_EQ(gate.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(gate.error().message.find("outside.changed>0"), std::string::npos);
    }
}

} // namespace
} // namespace mw::compare
