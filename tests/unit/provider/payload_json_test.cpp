#include "provider/payload_json.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

namespace mw::provider {
namespace {

using Json = nlohmann::json;

struct Reading {
    bool ok = false;
    Json json;
    std::vector<Payload> payloads;
};

Reading read(std::string_view text, std::size_t piece = std::string_view::npos) {
    PayloadJson reader({"b64_json"});
    Reading reading;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t n = std::min(piece, text.size() - i);
        if (!reader.feed(text.substr(i, n))) return reading;
        i += n;
    }
    auto json = reader.finish();
    reading.ok = json.has_value();
    if (json) reading.json = *json;
    reading.payloads = std::move(reader.payloads());
    return reading;
}

std::string text_of(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(PayloadJson, TakesThePicturesOutAndLeavesTheRest) {
    const std::string_view text =
        R"( {"created": 7, "data": [{"b64_json": "aGVsbG8=", "x": "b64_json"},)"
        R"( {"b64_json" : "d29ybGQ\/"}], "b\"64_json":"}{", "usage": {"n": 1.5}} )";
    for (std::size_t piece = 1; piece < text.size() + 2; ++piece) {
        const Reading r = read(text, piece);
        ASSERT_TRUE(r.ok) << piece;
        ASSERT_EQ(r.payloads.size(), 2u);
        EXPECT_EQ(text_of(r.payloads[0].bytes), "hello");
        EXPECT_EQ(r.payloads[0].problem, "");
        EXPECT_EQ(text_of(r.payloads[1].bytes), "world?");
        EXPECT_EQ(payload_at(r.json["data"][0], "b64_json"), 0);
        EXPECT_EQ(payload_at(r.json["data"][1], "b64_json"), 1);
        EXPECT_EQ(text_at(r.json["data"][0], "x"), "b64_json");
        EXPECT_EQ(count_at(r.json, "created"), 7);
        EXPECT_EQ(r.json["b\"64_json"], "}{");
    }
}

TEST(PayloadJson, ANumberIsNoPicture) {
    const Reading r = read(R"({"data":[{"b64_json":0},{"b64_json":null}]})");
    ASSERT_TRUE(r.ok);
    EXPECT_EQ(payload_at(r.json["data"][0], "b64_json"), -1);
    EXPECT_EQ(payload_at(r.json["data"][1], "b64_json"), -1);
}

TEST(PayloadJson, LimitsHold) {
    EXPECT_FALSE(parse_json(std::string(100000, '[') + std::string(100000, ']')));
    EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']')));
    EXPECT_FALSE(parse_json(std::string(65, '[') + std::string(65, ']')));
    PayloadLimits limits;
    limits.max_rest_bytes = 100;
    EXPECT_FALSE(parse_json("\"" + std::string(200, 'a') + "\"", limits));
    PayloadJson many({"b64_json"}, {1 << 20, 1 << 20, 2, 64});
    EXPECT_FALSE(many.feed(R"([{"b64_json":""},{"b64_json":""},{"b64_json":""}])"));
    PayloadJson large({"b64_json"}, {1 << 20, 100, 2, 64});
    EXPECT_FALSE(large.feed("{\"b64_json\":\"" + std::string(400, 'A')));
}

TEST(PayloadJson, ForeignTextNeedNotBeSound) {
    EXPECT_TRUE(parse_json("\xEF\xBB\xBF{}"));
    EXPECT_TRUE(parse_json("{\"message\":\"\xff\xfe\"}"));
    EXPECT_TRUE(parse_json(R"({"message":"\ud800 \udc00 \ud83d\ude00 \\ud800"})"));
    EXPECT_EQ(text_at(*parse_json(R"({"m":"\ud83d\ude00"})"), "m"), "\xF0\x9F\x98\x80");
    for (const char* bad : {"", " \n", "{", "[1,]", "{} x", "\"abc", "nul", "{\"a\":1e99999}x"})
        EXPECT_FALSE(parse_json(bad)) << bad;
    EXPECT_EQ(count_at(*parse_json("{\"a\":1e300}"), "a", -7), -7);
    EXPECT_EQ(count_at(*parse_json("{\"a\":-1}"), "a", -7), -7);
}

// Every answer of the shared corpus: the same whatever the split, good ones good, and of the others
// no crash and no picture that is not base64.
TEST(PayloadJson, TheCorpus) {
    const std::filesystem::path folder = std::filesystem::path(MW_SHARED_IMAGES_DIR) / "api/json";
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no shared corpus";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto bytes = read_file(entry.path());
        ASSERT_TRUE(bytes);
        const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
        const std::string name = entry.path().filename().string();
        const Reading whole = read(text);
        for (const std::size_t piece : {1, 2, 3, 7, 64, 1000}) {
            const Reading split = read(text, piece);
            ASSERT_EQ(split.ok, whole.ok) << name;
            ASSERT_EQ(split.json, whole.json) << name;
            ASSERT_EQ(split.payloads.size(), whole.payloads.size());
            for (std::size_t i = 0; i < whole.payloads.size() && whole.ok; ++i) {
                EXPECT_EQ(split.payloads[i].bytes, whole.payloads[i].bytes) << name;
                EXPECT_EQ(split.payloads[i].problem, whole.payloads[i].problem) << name;
            }
        }
        if (name.starts_with("ok_")) {
            ASSERT_TRUE(whole.ok) << name;
            EXPECT_EQ(whole.payloads.size(), name == "ok_two.json" ? 2u : 1u);
            EXPECT_EQ(whole.payloads[0].problem, "");
        }
        for (const char* bad :
             {"bad_char", "bad_padding", "data_url", "b64_empty", "newlines", "urlsafe"})
            if (name.find(bad) != std::string::npos) {
                ASSERT_EQ(whole.payloads.size(), 1u) << name;
                EXPECT_NE(whole.payloads[0].problem, "") << name;
            }
        for (const char* bad : {"deep", "empty.json", "html", "trailing", "truncated.json", "gzip"})
            if (name.find(bad) != std::string::npos && name != "data_empty.json" &&
                name != "b64_empty.json")
                EXPECT_FALSE(whole.ok) << name;
    }
}

} // namespace
} // namespace mw::provider
