// The reply's colour space: comes over whole, and is believed only when it can be used.
#include "codec/reply.h"

#include <cmath>
#include <limits>

#include "support.h"

namespace mw::codec::test {
namespace {

using image::ColorSpace;

ColorSpace shaper() {
    ColorSpace s;
    s.name = "test, linear";
    s.curve[0] = {0, 0.25f, 1};
    s.to_srgb = {1.2f, -0.2f, 0, -0.04f, 1.04f, 0, -0.02f, -0.08f, 1.1f};
    return s;
}

ColorSpace grid() {
    ColorSpace s;
    s.kind = ColorSpace::Kind::grid;
    s.grid_side = 2;
    for (int i = 0; i < 24; ++i) {
        s.to_display_grid.push_back(static_cast<float>(i) / 23);
        s.from_display_grid.push_back(1 - static_cast<float>(i) / 23);
    }
    return s;
}

Reply reply_with(ColorSpace space) {
    Reply reply;
    reply.size = {3, 2};
    reply.decoded.color = std::make_shared<const ColorSpace>(std::move(space));
    return reply;
}

TEST(Reply, CarriesTheColourSpace) {
    for (const ColorSpace& space : {shaper(), grid(), ColorSpace{}}) {
        Reply there;
        ASSERT_TRUE(unpack_reply(pack_reply(reply_with(space)), there));
        ASSERT_TRUE(there.decoded.color);
        EXPECT_EQ(*there.decoded.color, space);
    }
    Reply plain, there;
    plain.size = {1, 1};
    ASSERT_TRUE(unpack_reply(pack_reply(plain), there));
    EXPECT_FALSE(there.decoded.color);
}

TEST(Reply, RefusesAColourSpaceThatCannotBeUsed) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const auto refused = [](ColorSpace space) {
        Reply there;
        return !unpack_reply(pack_reply(reply_with(std::move(space))), there) &&
               !there.decoded.color;
    };
    const auto changed = [](ColorSpace s, auto change) {
        change(s);
        return s;
    };
    using S = ColorSpace;
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.curve[0] = {0, 0.5f, 0.4f, 1}; })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.curve[0] = {0.5f, 0.5f}; })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.curve[0] = {1}; })));
    EXPECT_TRUE(refused(changed(shaper(), [&](S& s) { s.curve[0][1] = nan; })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.curve[0][2] = INFINITY; })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.curve[1] = s.curve[0]; })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.curve[0].assign(65537, 0.5f); })));
    EXPECT_TRUE(refused(changed(shaper(), [&](S& s) { s.to_srgb[4] = nan; })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.to_srgb.fill(0.5f); })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.to_srgb[0] = 1e30f; })));
    EXPECT_TRUE(refused(changed(shaper(), [](S& s) { s.grid_side = 2; })));
    EXPECT_TRUE(refused(changed(grid(), [](S& s) { s.grid_side = 3; })));
    EXPECT_TRUE(refused(changed(grid(), [](S& s) { s.grid_side = 66; })));
    EXPECT_TRUE(refused(changed(grid(), [](S& s) { s.grid_side = -2; })));
    EXPECT_TRUE(refused(changed(grid(), [](S& s) { s.from_display_grid.clear(); })));
    EXPECT_TRUE(refused(changed(grid(), [&](S& s) { s.to_display_grid[7] = nan; })));
    EXPECT_TRUE(refused(changed(grid(), [](S& s) { s.kind = static_cast<S::Kind>(7); })));
}

TEST(Reply, MakesANameHarmless) {
    Reply there;
    ColorSpace space = shaper();
    space.name = "P3\n\x1b[31m" + std::string(500, 'x');
    ASSERT_TRUE(unpack_reply(pack_reply(reply_with(space)), there));
    EXPECT_EQ(there.decoded.color->name.substr(0, 8), "P3??[31m");
    EXPECT_EQ(there.decoded.color->name.size(), 100u);
}

TEST(Reply, EveryCutIsRefused) {
    const Bytes whole = pack_reply(reply_with(grid()));
    for (std::size_t n = 0; n < whole.size(); ++n) {
        Reply there;
        EXPECT_FALSE(unpack_reply(ByteSpan(whole).first(n), there)) << n;
    }
}

} // namespace
} // namespace mw::codec::test
