// The rehearsal server without sockets: who may call, which fault meets whom, pictures from
// nothing.
#include <gtest/gtest.h>

#include "server/access.h"
#include "server/card.h"
#include "server/fault.h"
#include "server/models.h"
#include "server/reply.h"

namespace mw::server {
namespace {

using Kind = Fault::Kind;

std::string met(const FaultPlan& plan, int requests) {
    std::string all;
    for (int i = 1; i <= requests; ++i) {
        for (const Fault& fault : plan.faults_of(i))
            all += fault.text + ' ';
        all += '|';
    }
    return all;
}

TEST(Faults, ByNumberInTurnAndTogether) {
    EXPECT_EQ(met(FaultPlan::parse("", 1).value(), 3), "|||");
    EXPECT_EQ(met(FaultPlan::parse("500", 1).value(), 2), "500 |500 |");
    EXPECT_EQ(met(FaultPlan::parse("500; none; cut=7+delay=1", 1).value(), 4),
              "500 ||cut=7 delay=1 |500 |");
    EXPECT_EQ(met(FaultPlan::parse("2:429=3 ; 3-4:html; 6-:quota", 1).value(), 7),
              "|429=3 |html |html ||quota |quota |");
    EXPECT_EQ(met(FaultPlan::parse("1:none; *:svg", 1).value(), 2), "|svg |");
    EXPECT_EQ(met(FaultPlan::parse("2:500; drift; none", 1).value(), 4), "drift |500 |drift ||");
}

TEST(Faults, Values) {
    const auto one = [](std::string_view spec) {
        return FaultPlan::parse(spec, 1).value().faults_of(1).at(0);
    };
    EXPECT_EQ(one("429").a, 1);
    EXPECT_EQ(one("429=2.5").a, 2.5);
    EXPECT_LT(one("429=x").a, 0);
    EXPECT_EQ(one("502").a, 502);
    EXPECT_EQ(one("wrong-size=40x24").b, 24);
    EXPECT_EQ(one("drift=-3,4").a, -3);
    EXPECT_TRUE(one("moderation=output").at_output);
    const double cut = one("cut=random").a;
    EXPECT_GE(cut, 16);
    EXPECT_LE(cut, 1 << 18);
    EXPECT_EQ(cut, one("cut=random").a); // by the seed
}

TEST(Faults, ChanceComesFromTheSeed) {
    const auto plan = FaultPlan::parse("25%:500", 42).value();
    int hits = 0;
    for (int i = 1; i <= 2000; ++i)
        hits += !plan.faults_of(i).empty();
    EXPECT_NEAR(hits, 500, 80);
    EXPECT_EQ(met(plan, 50), met(FaultPlan::parse("25%:500", 42).value(), 50));
    EXPECT_NE(met(plan, 50), met(FaultPlan::parse("25%:500", 43).value(), 50));
}

TEST(Faults, WhatIsNotUnderstoodIsNamed) {
    for (const char* spec :
         {"explode", "500=1", "429=-1", "429=1e9", "cut=many", "0:500", "3-x:500", "a:500",
          "101%:500", "wrong-size=5", "drift=1", "moderation=maybe", "heartbeat=0", "1.5:500"}) {
        const auto plan = FaultPlan::parse(spec, 1);
        ASSERT_FALSE(plan) << spec;
        EXPECT_EQ(plan.error().code, ErrorCode::invalid_argument);
        EXPECT_TRUE(plan.error().message.starts_with("--fault: \"")) << plan.error().message;
    }
}

TEST(Access, LoopbackHostsAlone) {
    for (const char* host : {"127.0.0.1", "127.255.0.9", "localhost", "LOCALHOST", "::1"})
        EXPECT_TRUE(is_loopback(host)) << host;
    for (const char* host :
         {"", "127.0.0", "127.0.0.1.", "127.0.0.1.example.org", "127.1", "128.0.0.1", "0.0.0.0",
          "localhost.example.org", "127.0.0.256", "127.0.0.0x1", "::2"})
        EXPECT_FALSE(is_loopback(host)) << host;
}

TEST(Access, TokensWholeOrNot) {
    const Door door{"127.0.0.1", 8000, "0123456789abcdef"};
    Caller caller{"localhost:8000", "", "Bearer 0123456789abcdef", 1};
    EXPECT_FALSE(refusal(caller, door));
    for (const char* given :
         {"", "Bearer ", "Bearer 0123456789abcde", "Bearer 0123456789abcdef0", "0123456789abcdef",
          "bearer 0123456789abcdef", "Basic 0123456789abcdef"}) {
        caller.authorization = given;
        const auto refused = refusal(caller, door);
        ASSERT_TRUE(refused) << given;
        EXPECT_EQ(refused->status, 401);
    }
}

TEST(Models, SizesAsTheServiceRulesThem) {
    const Model* big = find_model("gpt-image-2");
    ASSERT_TRUE(big);
    EXPECT_EQ(find_model("gpt-image-2-2026-04-21"), big);
    EXPECT_EQ(find_model("gpt-image-3"), nullptr);
    EXPECT_EQ(find_model("")->id, "maskwright-builtin");
    EXPECT_EQ(why_illegal({1024, 1024}, *big), "");
    EXPECT_NE(why_illegal({1000, 1024}, *big), "");
    EXPECT_NE(why_illegal({512, 512}, *big), "");
    EXPECT_NE(why_illegal({3840, 1024}, *big), "");
    for (const Size size : {Size{1920, 1080}, {100, 100}, {50, 400}, {6000, 4000}}) {
        const Size legal = closest_legal(size, *big);
        EXPECT_EQ(why_illegal(legal, *big), "") << legal.width << 'x' << legal.height;
    }
    EXPECT_EQ(closest_legal({123, 77}, *find_model("")), (Size{123, 77}));
}

TEST(Card, SameWordsSameBits) {
    const auto a = draw_card("a dark green door", {160, 90}, 1, false);
    EXPECT_TRUE(
        image::identical(a.view(), draw_card("a dark green door", {160, 90}, 1, false).view()));
    EXPECT_FALSE(
        image::identical(a.view(), draw_card("a dark green door", {160, 90}, 2, false).view()));
    const auto* top = a.view().pixel<std::uint8_t>(150, 1);
    EXPECT_GT(top[1], top[0] + 40); // green it is
    EXPECT_GT(top[1], top[2] + 40);
    const auto cut = draw_card("\xF0\x9F\x98\x80 \xFF %s", {64, 64}, 1, true);
    EXPECT_EQ(cut.view().pixel<std::uint8_t>(0, 0)[3], 0);
    EXPECT_EQ(cut.view().pixel<std::uint8_t>(32, 32)[3], 255);
    EXPECT_EQ(draw_card(std::string(100'000, 'x'), {16, 16}, 1, false).size(), (Size{16, 16}));
}

TEST(Wire, CutsAndStallsAreExact) {
    std::string got;
    const Sink into = [&](std::string_view piece) {
        got += piece;
        return true;
    };
    const auto sent = [&](std::string_view spec, std::size_t size) {
        got.clear();
        const auto faults = FaultPlan::parse(spec, 1).value().faults_of(1);
        const Sink sink = faulty_sink(into, faults, size, [] { return true; }, {});
        return sink("0123456789") && sink("abcdef");
    };
    EXPECT_TRUE(sent("", 16));
    EXPECT_EQ(got, "0123456789abcdef");
    EXPECT_FALSE(sent("cut=12", 16));
    EXPECT_EQ(got, "0123456789ab");
    EXPECT_FALSE(sent("cut", 16));
    EXPECT_EQ(got, "01234567");
    EXPECT_FALSE(sent("stall", 16)); // the client has gone, so it does not hold
    EXPECT_EQ(got, "");
    EXPECT_TRUE(sent("cut=16", 16));
}

} // namespace
} // namespace mw::server
