#include "project/search.h"

#include <gtest/gtest.h>

#include <ctime>

namespace mw::project {
namespace {

constexpr Size kPicture{1000, 500};

std::int64_t local_noon(int year, int month, int day) {
    std::tm t{};
    t.tm_year = year - 1900;
    t.tm_mon = month - 1;
    t.tm_mday = day;
    t.tm_hour = 12;
    t.tm_isdst = -1;
    return std::int64_t{std::mktime(&t)} * 1000;
}

Iteration sample() {
    Iteration it;
    it.id = 7;
    it.prompt = "Remove the RED bottle";
    it.what_was_done = "filled with wood";
    it.provider = "openai";
    it.model = "gpt-image-2";
    it.cost = {0.04, 0.06};
    it.seconds = 12.5;
    it.created_ms = local_noon(2026, 11, 27);
    it.report.declared = {100, 50, 100, 50};
    it.marks.starred = true;
    it.marks.name = "Hero";
    it.marks.note = "ask Kim";
    it.standing = Standing::accepted;
    return it;
}

bool finds(const char* query, const Iteration& it = sample()) {
    const auto parsed = Query::parse(query, local_noon(2026, 11, 27));
    EXPECT_TRUE(parsed) << query;
    return parsed && parsed->matches(it, kPicture);
}

TEST(Search, FindsByEachThing) {
    for (const char* query : {"",
                              "  ",
                              "red",
                              "BOTTLE",
                              "\"red bottle\"",
                              "hero",
                              "kim",
                              "wood",
                              "prompt:red",
                              "prompt:\"the red\"",
                              "name:her",
                              "note:kim",
                              "model:GPT",
                              "model:openai",
                              "star:yes",
                              "-star:no",
                              "state:accepted",
                              "-state:rejected",
                              "cost>0.05",
                              "cost<=0.06",
                              "cost=0.06",
                              "cost:$0.06",
                              "date:2026-11-27",
                              "date:today",
                              "date>=2026-11-01",
                              "date<2026-11-28",
                              "area=5000",
                              "area>=1%",
                              "area<=1%",
                              "at:100,50",
                              "at:199,99",
                              "seconds>12",
                              "#7",
                              "red star:yes cost>0.05 -blue"})
        EXPECT_TRUE(finds(query)) << query;
    for (const char* query : {"blue",
                              "\"bottle red\"",
                              "-red",
                              "prompt:kim",
                              "name:kim",
                              "model:flux",
                              "star:no",
                              "state:proposed",
                              "state:combined",
                              "cost>0.06",
                              "date:2026-11-26",
                              "date:yesterday",
                              "date>2026-11-27",
                              "area>5000",
                              "area<1%",
                              "at:200,50",
                              "at:99,60",
                              "seconds<12",
                              "#8",
                              "red blue"})
        EXPECT_FALSE(finds(query)) << query;
}

TEST(Search, WhatIsNotKnownMatchesNothing) {
    Iteration it;
    it.id = 1;
    EXPECT_FALSE(finds("cost<1", it)) << "no cost is not a low cost";
    EXPECT_FALSE(finds("date<2030-01-01", it));
    Iteration original;
    EXPECT_FALSE(finds("area<100%", original));
    EXPECT_FALSE(finds("at:0,0", original));
    it.cost.estimate_usd = 0.5;
    EXPECT_TRUE(finds("cost<1", it)) << "the estimate stands in";
}

TEST(Search, SaysWhatItDoesNotUnderstand) {
    for (const char* query :
         {"cost>cheap", "cost>", "date:tomorrow", "date>2026-13-01", "star:maybe", "state:done",
          "at:5", "at:x,y", "colour:red", "#x", "area>5x", "star>yes"}) {
        const auto parsed = Query::parse(query, 0);
        ASSERT_FALSE(parsed) << query;
        EXPECT_EQ(parsed.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(parsed.error().message.find(query), std::string::npos) << parsed.error().message;
    }
    // Any bytes: an answer, never more.
    for (const char* query : {"\"", "-", ":", "=", "\"a b", "- a", "a:\"", "--a", "\xff\xfe", "##"})
        (void)Query::parse(query, 0);
}

} // namespace
} // namespace mw::project
