#include "provider/cost.h"

#include <gtest/gtest.h>

#include "provider/request_body.h"
#include "provider/retry.h"

namespace mw::provider {
namespace {

const ModelFacts& model(std::string_view id) {
    const ModelFacts* facts = built_in_models().find("openai")->find(id);
    EXPECT_NE(facts, nullptr) << id;
    return *facts;
}

struct Row {
    const char* model;
    Size size;
    const char* quality;
    std::int64_t tokens;
    double dollars; // as the vendor rounds it; 0: not in the table
};

TEST(Cost, EveryRowOfTheTable) {
    const Row rows[] = {
        {"gpt-image-2", {1024, 1024}, "low", 196, 0.006},
        {"gpt-image-2", {1024, 1024}, "medium", 1756, 0.053},
        {"gpt-image-2", {1024, 1024}, "high", 7024, 0.211},
        {"gpt-image-2", {1536, 1024}, "low", 158, 0.005},
        {"gpt-image-2", {1536, 1024}, "medium", 1372, 0.041},
        {"gpt-image-2", {1536, 1024}, "high", 5488, 0.165},
        {"gpt-image-2", {1024, 1536}, "high", 5488, 0.165},
        {"gpt-image-2", {2048, 2048}, "low", 397, 0},
        {"gpt-image-2", {2048, 2048}, "medium", 3568, 0},
        {"gpt-image-2", {2048, 2048}, "high", 14272, 0},
        {"gpt-image-2", {2560, 1440}, "low", 205, 0},
        {"gpt-image-2", {2560, 1440}, "medium", 1843, 0},
        {"gpt-image-2", {2560, 1440}, "high", 7370, 0},
        {"gpt-image-2", {3840, 2160}, "low", 371, 0.011},
        {"gpt-image-2", {3840, 2160}, "medium", 3336, 0.100},
        {"gpt-image-2", {3840, 2160}, "high", 13342, 0.400},
        {"gpt-image-2.5-flare", {1024, 1024}, "medium", 439, 0},
        {"gpt-image-2.5-flare", {1024, 1024}, "xhigh", 3122, 0},
        {"gpt-image-2.5-sunburst", {1536, 1024}, "medium", 343, 0},
        {"gpt-image-2.5-sunburst", {1536, 1024}, "xhigh", 2459, 0},
        {"gpt-image-2.5-flare", {2048, 2048}, "medium", 892, 0},
        {"gpt-image-2.5-flare", {2048, 2048}, "xhigh", 6343, 0},
        {"gpt-image-2.5-flare", {2560, 1440}, "medium", 478, 0},
        {"gpt-image-2.5-flare", {2560, 1440}, "xhigh", 3276, 0},
        {"gpt-image-2.5-flare", {3840, 2160}, "medium", 865, 0},
        {"gpt-image-2.5-flare", {3840, 2160}, "xhigh", 5930, 0},
        // 2.5 high = 2 medium, 2.5 max = 2 high
        {"gpt-image-2.5-flare", {1024, 1024}, "high", 1756, 0},
        {"gpt-image-2.5-flare", {3840, 2160}, "max", 13342, 0},
        {"gpt-image-1.5", {1024, 1024}, "low", 272, 0},
        {"gpt-image-1.5", {1024, 1024}, "medium", 1056, 0},
        {"gpt-image-1.5", {1024, 1024}, "high", 4160, 0},
        {"gpt-image-1.5", {1024, 1536}, "low", 408, 0},
        {"gpt-image-1.5", {1024, 1536}, "medium", 1584, 0},
        {"gpt-image-1.5", {1024, 1536}, "high", 6240, 0},
        {"gpt-image-1-mini", {1536, 1024}, "low", 400, 0},
        {"gpt-image-1-mini", {1536, 1024}, "medium", 1568, 0},
        {"gpt-image-1-mini", {1536, 1024}, "high", 6208, 0},
    };
    for (const Row& row : rows) {
        const ModelFacts& facts = model(row.model);
        const auto tokens = output_tokens(facts.output, row.size, row.quality);
        ASSERT_TRUE(tokens) << row.model;
        EXPECT_EQ(*tokens, row.tokens)
            << row.model << " " << row.size.width << "x" << row.size.height << " " << row.quality;
        if (row.dollars > 0)
            EXPECT_NEAR(double(*tokens) * facts.price->image_out / 1e6, row.dollars, 0.0005);
    }
    EXPECT_FALSE(output_tokens(model("gpt-image-2").output, {1024, 1024}, "max"));
    EXPECT_FALSE(output_tokens(model("gpt-image-1.5").output, {1024, 1008}, "low"));
}

TEST(Cost, TokensOfWhatIsSent) {
    const InputTokens& facts = model("gpt-image-2").input;
    EXPECT_EQ(input_image_tokens(facts, {1024, 1024}), 1024);
    EXPECT_EQ(input_image_tokens(facts, {1536, 1024}), 1536);
    EXPECT_EQ(input_image_tokens(facts, {341, 512}), 704);
    EXPECT_EQ(input_image_tokens(facts, {1179, 2556}), 1482);
    for (int side = 16; side < 3840; side += 176)
        for (int other = 16; other < 3840; other += 208) {
            const auto tokens = input_image_tokens(facts, {side, other});
            EXPECT_GE(tokens, 1);
            EXPECT_LE(tokens, 1536);
        }
}

TEST(Cost, ExactWithAQualityAndARangeWithout) {
    edit::EditParams params;
    params.quality = "high";
    const auto exact = estimate_cost(model("gpt-image-2"), {1024, 1024}, params, 40);
    EXPECT_EQ(exact.low_usd, exact.high_usd);
    // 7024 out, 1024 in, 10 + 16 of text; the mask on top at most.
    EXPECT_NEAR(exact.high_usd, (7024 * 30 + 1024 * 8 + 26 * 5) / 1e6, 1e-9);
    EXPECT_NEAR(exact.most_usd - exact.high_usd, 1024 * 8 / 1e6, 1e-9);
    params.quality = "auto";
    const auto range = estimate_cost(model("gpt-image-2"), {1024, 1024}, params, 40);
    EXPECT_LT(range.low_usd, range.high_usd);
    EXPECT_EQ(range.high_usd, exact.high_usd);
    params.quality = "high";
    params.count = 3;
    params.partials = 2;
    params.references.push_back({"r", nullptr, "image/png", {1024, 1024}});
    const auto many = estimate_cost(model("gpt-image-2"), {1024, 1024}, params, 40);
    EXPECT_NEAR(many.low_usd, (3 * 7024 * 30 + 2 * 1024 * 8 + 26 * 5) / 1e6, 1e-9);
    EXPECT_NEAR(many.high_usd - many.low_usd, 3 * 200 * 30 / 1e6, 1e-9);
}

TEST(Cost, ActualFromUsage) {
    Usage usage;
    EXPECT_FALSE(actual_cost(model("gpt-image-2"), usage));
    usage = {100, 1000, 7024, 40, 500, 8124, true};
    EXPECT_NEAR(*actual_cost(model("gpt-image-2"), usage),
                (60 * 5 + 40 * 1.25 + 500 * 8 + 500 * 2 + 7024 * 30) / 1e6, 1e-12);
}

TEST(ModelData, TheBuiltInTableIsWhole) {
    const ModelData& data = built_in_models();
    const ProviderFacts* openai = data.find("openai");
    ASSERT_NE(openai, nullptr);
    ASSERT_GE(openai->models.size(), 5u);
    EXPECT_EQ(openai->models.front().capabilities.shutdown, "");
    EXPECT_EQ(openai->find("gpt-image-2-2026-04-21"), openai->find("gpt-image-2"));
    EXPECT_EQ(openai->find("dall-e-3"), nullptr);
    for (const ModelFacts& facts : openai->models) {
        ASSERT_TRUE(facts.price) << facts.capabilities.id;
        EXPECT_GT(facts.price->image_out, 0);
        EXPECT_FALSE(facts.capabilities.qualities.empty());
    }
    EXPECT_FALSE(model("gpt-image-2").capabilities.takes_markup);
    EXPECT_TRUE(model("gpt-image-2").capabilities.input_fidelities.empty());
    EXPECT_TRUE(model("gpt-image-2.5-flare").capabilities.takes_markup);
}

TEST(ModelData, SaysWhatIsWrongWithAFile) {
    const auto wrong = [](std::string_view text) {
        const auto data = parse_model_data(text, "mine.json");
        return data ? std::string() : data.error().message;
    };
    EXPECT_NE(wrong("[]").find("object"), std::string::npos);
    EXPECT_NE(wrong("{}").find("schema"), std::string::npos);
    EXPECT_NE(wrong("nonsense").find("mine.json"), std::string::npos);
    const std::string message =
        wrong(R"({"schema":"maskwright-models/1","date":"2026-01-01","providers":{"p":{"models":[)"
              R"({"id":"m","size":{"multiple":0}}]}}})");
    EXPECT_NE(message.find("p, m.size.multiple"), std::string::npos) << message;
}

TEST(ModelData, WarnsOfTheEnd) {
    edit::ModelCapabilities c;
    c.id = "old";
    EXPECT_EQ(retirement_warning(c, "2026-11-27"), "");
    c.shutdown = "2026-12-01";
    EXPECT_NE(retirement_warning(c, "2026-11-27").find("in 4 days"), std::string::npos);
    EXPECT_NE(retirement_warning(c, "2026-12-01").find("was shut down"), std::string::npos);
    EXPECT_EQ(retirement_warning(c, "2026-05-01"), "");
}

TEST(Multipart, IsWhatTheStandardSays) {
    Multipart form;
    form.field("prompt", "a\r\n--b \"quoted\"");
    form.file("image[]", "image.png", "image/png",
              std::make_shared<const Bytes>(Bytes{std::byte{0}, std::byte{255}}));
    const RequestBody body = form.finish();
    const std::string boundary = body.content_type.substr(body.content_type.find('=') + 1);
    const std::string expected =
        "--" + boundary +
        "\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na\r\n--b \"quoted\"\r\n--" +
        boundary +
        "\r\nContent-Disposition: form-data; name=\"image[]\"; filename=\"image.png\"\r\n"
        "Content-Type: image/png\r\n\r\n" +
        std::string("\0\xff", 2) + "\r\n--" + boundary + "--\r\n";
    EXPECT_EQ(body.text(), expected);
    EXPECT_EQ(body.size(), expected.size());
    std::string pieces;
    for (std::size_t at = 0; at < body.size();) {
        const auto piece = body.from(at);
        ASSERT_FALSE(piece.empty());
        pieces.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        at += piece.size();
    }
    EXPECT_EQ(pieces, expected);
    EXPECT_TRUE(body.from(body.size()).empty());
}

TEST(Retry, OnlyWhatCostsNothingAndAtMostThreeTimes) {
    HttpOutcome outcome;
    outcome.problem = HttpProblem::resolve;
    EXPECT_TRUE(retry_wait(outcome, 1, 0, 1));
    EXPECT_EQ(retry_wait(outcome, 1, 0, 1)->count(), 500);
    EXPECT_EQ(retry_wait(outcome, 3, 0, 1)->count(), 2000);
    EXPECT_FALSE(retry_wait(outcome, 4, 0, 1));
    outcome.problem = HttpProblem::cut;
    for (const Reach reach : {Reach::body_begun, Reach::body}) {
        outcome.reach = reach;
        EXPECT_FALSE(retry_wait(outcome, 1, 0, 1));
    }
    outcome.problem = HttpProblem::none;
    outcome.reach = Reach::complete;
    for (const auto& [status, again] : {std::pair{429, true},
                                        {503, true},
                                        {500, false},
                                        {502, false},
                                        {400, false},
                                        {401, false},
                                        {408, false}}) {
        outcome.head.status = status;
        EXPECT_EQ(retry_wait(outcome, 1, 0, 1).has_value(), again) << status;
    }
    outcome = {};
    outcome.problem = HttpProblem::cancelled;
    EXPECT_FALSE(retry_wait(outcome, 1, 0, 1));
    outcome.problem = HttpProblem::tls;
    outcome.code = ErrorCode::permission_denied; // a certificate does not become better
    EXPECT_FALSE(retry_wait(outcome, 1, 0, 1));
}

TEST(Retry, WaitsAsToldWithinReason) {
    const auto told = [](const char* name, const char* value) {
        HttpHead head;
        head.headers.emplace_back(name, value);
        const auto wait = retry_after(head, 1'700'000'000);
        return wait ? wait->count() : -1;
    };
    EXPECT_EQ(told("retry-after", "2"), 2000);
    EXPECT_EQ(told("Retry-After", "0"), 0);
    EXPECT_EQ(told("Retry-After", "99999999999"), 60000);
    EXPECT_EQ(told("Retry-After", "1e400"), 60000);
    EXPECT_EQ(told("Retry-After", "-5"), -1);
    EXPECT_EQ(told("Retry-After", "soon"), -1);
    EXPECT_EQ(told("Retry-After", "nan"), -1);
    EXPECT_EQ(told("retry-after-ms", "250"), 250);
    EXPECT_EQ(told("Retry-After", "Tue, 14 Nov 2023 22:13:30 GMT"), 10000);
    EXPECT_EQ(told("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"), -1);
}

} // namespace
} // namespace mw::provider
