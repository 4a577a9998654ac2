// The OpenAI backends against a scripted peer: what is sent, what is made of every answer, and that
// nothing is lost or bought twice.
#include "provider/openai_backend.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <random>

#include "codec/codec.h"
#include "provider/base64.h"
#include "provider/ledger.h"
#include "support/scripted_peer.h"
#include "support/temp_folder.h"

namespace mw::provider {
namespace {

using namespace std::chrono_literals;
using edit::Outcome;
using test::PeerEnd;
using test::PeerReply;
using test::PeerRequest;
using test::ScriptedPeer;

std::string png_base64(Size size = {96, 64}) {
    image::Image picture(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            picture.span().pixel<std::uint8_t>(x, y)[0] = static_cast<std::uint8_t>(x * 7 + y);
    return encode_base64(*codec::encode(picture.view(), {}, codec::FileFormat::png));
}

std::string sse(std::string_view type, const std::string& json) {
    return "event: " + std::string(type) + "\ndata: " + json + "\n\n";
}

const std::string kUsage =
    R"("usage":{"input_tokens":1050,"input_tokens_details":{"text_tokens":26,"image_tokens":1024},)"
    R"("output_tokens":7024,"total_tokens":8074})";

std::string completed_event() {
    return sse("image_edit.completed", R"({"type":"image_edit.completed","b64_json":")" +
                                           png_base64() + "\"," + kUsage + "}");
}

PeerReply stream(const std::string& body) {
    PeerReply reply;
    reply.bytes =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req_7\r\n"
        "Connection: close\r\n\r\n" +
        body;
    return reply;
}

class OpenAi : public testing::Test {
  protected:
    OpenAiParams params(const ScriptedPeer& peer) {
        OpenAiParams p;
        p.facts = *built_in_models().find("openai");
        p.base = *parse_url(peer.url() + "/v1");
        p.key_needed = false;
        p.calls.journal = folder_ / "journal";
        p.calls.ledger = folder_ / "ledger";
        p.calls.limits.first_byte = 2s;
        p.calls.limits.idle = 2s;
        p.calls.limits.total = 20s;
        p.keys = &keys_;
        keys_.set_for_session(p.base.origin(), Secret(std::string(kKey)));
        return p;
    }
    static edit::EditRequest request() {
        edit::EditRequest r;
        r.id = edit::new_request_id();
        r.prompt = "a \"red\" ball";
        r.params.model = "gpt-image-2";
        r.params.quality = "high";
        r.plan.request_size = {1024, 1024};
        r.plan.crop = {3, 4, 1024, 1024};
        // Small, for speed: only the plan says how large the request is.
        r.pixels = std::make_shared<const image::Image>(Size{32, 32}, image::kRgb8);
        r.mask = std::make_shared<const image::Image>(Size{32, 32}, image::kGray8);
        r.soft_mask = r.mask;
        return r;
    }
    struct Edit {
        Result<edit::EditResult> result;
        std::vector<edit::RequestFate> fates;
        int partials = 0;
        Outcome outcome() const { return fates.at(0).outcome; }
        std::string message() const { return result ? "" : result.error().message; }
    };
    static Edit run(const OpenAiParams& p, const edit::EditRequest& r, std::stop_token stop = {}) {
        Edit run;
        edit::EditObserver observer;
        observer.on_fate = [&](const edit::RequestFate& fate) { run.fates.push_back(fate); };
        observer.on_partial = [&](const image::ImageRef&) { ++run.partials; };
        run.result = make_openai_backend(p)->run(r, observer, std::move(stop));
        EXPECT_EQ(run.fates.size(), 1u);
        if (!run.result) {
            EXPECT_EQ(run.result.error().message.find("TESTKEY"), std::string::npos);
        }
        return run;
    }
    std::vector<JournalRecord> journal() const { return *read_journal(folder_ / "journal"); }
    DaySpending spent() const { return *Ledger(folder_ / "ledger").spending(today()); }

    static constexpr const char* kKey = "TESTKEY-0123456789abcdef";
    // Where syncing costs nothing, if there is such a place.
    static test::TempFolder fast_folder() {
        std::error_code error;
        if (std::filesystem::is_directory("/dev/shm", error)) ::setenv("TMPDIR", "/dev/shm", 1);
        return test::TempFolder();
    }
    test::TempFolder folder_ = fast_folder();
    Keys keys_;
};

TEST_F(OpenAi, AnEditIsSentAndAnswered) {
    ScriptedPeer peer([&](const PeerRequest&, int) {
        return stream(
            sse("image_edit.partial_image",
                R"({"type":"image_edit.partial_image","partial_image_index":0,"b64_json":")" +
                    png_base64() + "\"}") +
            ": keep-alive\n\n" + completed_event());
    });
    edit::EditRequest r = request();
    r.params.partials = 1;
    r.params.background = "opaque";
    r.params.references.push_back({"ref", std::make_shared<const Bytes>(Bytes(10)), "image/png"});
    const Edit done = run(params(peer), r);
    ASSERT_TRUE(done.result) << done.message();
    ASSERT_EQ(done.result->answers.size(), 1u);
    EXPECT_EQ(done.result->answers[0].media_type, "image/png");
    EXPECT_EQ(done.partials, 1);
    EXPECT_EQ(done.outcome(), Outcome::answered);
    EXPECT_EQ(done.fates[0].service_request_id, "req_7");
    ASSERT_TRUE(done.result->cost.actual_usd);
    EXPECT_NEAR(*done.result->cost.actual_usd, (7024 * 30 + 1024 * 8 + 26 * 5) / 1e6, 1e-9);
    EXPECT_NEAR(spent().known, *done.result->cost.actual_usd, 1e-9);

    const auto seen = peer.received();
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].target, "/v1/images/edits");
    const std::string& body = seen[0].body;
    const auto has = [&](std::string_view part) { return body.find(part) != std::string::npos; };
    for (const char* part :
         {"name=\"model\"\r\n\r\ngpt-image-2\r\n", "name=\"quality\"\r\n\r\nhigh\r\n",
          "name=\"size\"\r\n\r\n1024x1024\r\n", "name=\"stream\"\r\n\r\ntrue\r\n",
          "name=\"partial_images\"\r\n\r\n1\r\n", "name=\"mask\"; filename=\"mask.png\"",
          "name=\"image[]\"; filename=\"image.png\"", "filename=\"reference-1.png\"",
          "name=\"prompt\"\r\n\r\na \"red\" ball\r\n", "name=\"background\"\r\n\r\nopaque"})
        EXPECT_TRUE(has(part)) << part;
    for (const char* part : {"\"input_fidelity\"", "\"moderation\"", "\"complexity\"", "\"seed\"",
                             "\"response_format\"", "\"markup\"", "\"n\""})
        EXPECT_FALSE(has(part)) << part;

    // Kept until somebody says that it is safe elsewhere.
    ASSERT_EQ(journal().size(), 1u);
    EXPECT_EQ(journal()[0].outcome, Outcome::answered);
    const auto again = recover_answer(params(peer), journal()[0], {});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->answers[0].bytes, done.result->answers[0].bytes);
    make_openai_backend(params(peer))->delivered(done.fates[0].journal_entry);
    EXPECT_TRUE(journal().empty());
}

TEST_F(OpenAi, MarkupExcludesTheMaskOrBecomesAReference) {
    ScriptedPeer peer([&](const PeerRequest&, int) { return stream(completed_event()); });
    edit::EditRequest r = request();
    r.params.model = "gpt-image-2.5-flare";
    r.markup = std::make_shared<const image::Image>(Size{32, 32}, image::kRgba8);
    ASSERT_TRUE(run(params(peer), r).result);
    EXPECT_NE(peer.received()[0].body.find("name=\"markup\""), std::string::npos);
    EXPECT_EQ(peer.received()[0].body.find("name=\"mask\""), std::string::npos);
    r.id = edit::new_request_id();
    r.params.model = "gpt-image-2";
    ASSERT_TRUE(run(params(peer), r).result);
    EXPECT_EQ(peer.received()[1].body.find("name=\"markup\""), std::string::npos);
    EXPECT_NE(peer.received()[1].body.find("name=\"mask\""), std::string::npos);
    EXPECT_NE(peer.received()[1].body.find("reference-1.png"), std::string::npos);
}

TEST_F(OpenAi, WhatAModelRefusesIsNeverSent) {
    ScriptedPeer peer([&](const PeerRequest&, int) { return stream(completed_event()); });
    const auto refused = [&](auto change) {
        edit::EditRequest r = request();
        change(r.params);
        const Edit done = run(params(peer), r);
        return !done.result && done.outcome() == Outcome::not_sent;
    };
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.input_fidelity = "high"; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.background = "transparent"; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.complexity = "high"; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.quality = "max"; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.count = 11; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.partials = 4; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.compression = 50; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.model = "dall-e-3"; }));
    EXPECT_TRUE(refused([](edit::EditParams& p) { p.references.resize(16); }));
    EXPECT_EQ(peer.connections(), 0);
    EXPECT_TRUE(journal().empty());
}

TEST_F(OpenAi, AGenerationIsJsonAndSeveralPicturesAreNoStream) {
    ScriptedPeer peer([&](const PeerRequest&, int) {
        return PeerReply::http(200, "application/json",
                               "{\"data\":[{\"b64_json\":\"" + png_base64() +
                                   "\"},{\"b64_json\":\"" + png_base64() + "\"}]}");
    });
    edit::EditRequest r = request();
    r.pixels = r.mask = r.soft_mask = nullptr;
    r.params.count = 2;
    r.params.moderation = "low";
    const Edit done = run(params(peer), r);
    ASSERT_TRUE(done.result) << done.message();
    EXPECT_EQ(done.result->answers.size(), 2u);
    EXPECT_FALSE(done.result->cost.actual_usd);
    const PeerRequest seen = peer.received()[0];
    EXPECT_EQ(seen.target, "/v1/images/generations");
    EXPECT_EQ(seen.header("Content-Type"), "application/json");
    EXPECT_NE(seen.body.find("\"n\":2"), std::string::npos);
    EXPECT_NE(seen.body.find("\"moderation\":\"low\""), std::string::npos);
    EXPECT_EQ(seen.body.find("stream"), std::string::npos);
    EXPECT_NEAR(spent().uncertain, done.fates[0].most_usd, 1e-9) << "no usage came";
}

TEST_F(OpenAi, ErrorsAreToldApart) {
    struct Case {
        int status;
        const char* body;
        Outcome outcome;
        const char* words;
    };
    const Case cases[] = {
        {400,
         R"({"error":{"message":"blocked","type":"image_generation_user_error",)"
         R"("code":"moderation_blocked","moderation_details":{"moderation_stage":"input"}}})",
         Outcome::refused, "safety system refused the prompt"},
        {400, R"({"error":{"message":"Invalid mask image format - mask size differs"}})",
         Outcome::refused, "mask"},
        {403, R"({"error":{"message":"Your organization must be verified to use the model"}})",
         Outcome::refused, "verified"},
        {404, R"({"error":{"message":"Your organization must be verified to use the model"}})",
         Outcome::refused, "verified"},
        {401, R"({"error":{"message":"Incorrect API key provided: TESTKEY-0123456789abcdef."}})",
         Outcome::refused, "does not accept the key"},
        {404, R"({"error":{"message":"no","code":"model_not_found"}})", Outcome::refused,
         "has no model"},
        {404, "<html>not here</html>", Outcome::refused, "address"},
        {413, "{}", Outcome::refused, "too large"},
        {500, R"({"error":{"message":"boom","type":"server_error"}})", Outcome::unknown,
         "may have been charged"},
        {502, "<html>Bad Gateway</html>", Outcome::unknown, "proxy"},
        {200, "<html>Welcome to the hotel</html>", Outcome::undecodable, "not JSON"},
        {200, "", Outcome::undecodable, "empty"},
        {200, R"({"data":[]})", Outcome::undecodable, "no picture"},
        {200, R"({"data":[{"url":"http://127.0.0.1:9/x.png"}]})", Outcome::undecodable, "address"},
        {200, R"({"data":[{"b64_json":"PHN2ZyB4bWxucz0iIj48L3N2Zz4="}]})", Outcome::undecodable,
         "SVG"},
        {400, R"({"error":"plain text"})", Outcome::refused, "plain text"},
    };
    for (const Case& c : cases) {
        ScriptedPeer peer([&](const PeerRequest&, int) {
            return PeerReply::http(c.status, "application/json", c.body, {"x-request-id: req_9"});
        });
        const Edit done = run(params(peer), request());
        EXPECT_FALSE(done.result) << c.body;
        EXPECT_EQ(done.outcome(), c.outcome) << c.body;
        EXPECT_NE(done.message().find(c.words), std::string::npos) << done.message();
        EXPECT_EQ(peer.requests(), 1) << c.body;
        if (c.status >= 400) {
            EXPECT_NE(done.message().find("req_9"), std::string::npos) << c.body;
        }
    }
}

TEST_F(OpenAi, OnlyWhatWasNotWorkedOnIsTriedAgain) {
    for (const int status : {429, 503}) {
        ScriptedPeer peer([&](const PeerRequest&, int number) {
            if (number == 3) return stream(completed_event());
            return PeerReply::http(status, "application/json", "{\"error\":{\"message\":\"busy\"}}",
                                   {"retry-after-ms: 5"});
        });
        const Edit done = run(params(peer), request());
        EXPECT_TRUE(done.result) << done.message();
        EXPECT_EQ(peer.requests(), 3);
        make_openai_backend(params(peer))->delivered(done.fates[0].journal_entry);
    }
    ScriptedPeer storm([&](const PeerRequest&, int) {
        return PeerReply::http(429, "application/json",
                               R"({"error":{"message":"slow down","code":"rate_limit_exceeded"}})",
                               {"retry-after-ms: 1"});
    });
    EXPECT_EQ(run(params(storm), request()).outcome(), Outcome::refused);
    EXPECT_EQ(storm.requests(), 4);
    EXPECT_TRUE(journal().empty());
}

TEST_F(OpenAi, TheDaysBudgetStopsBeforeItIsExceeded) {
    ScriptedPeer peer([&](const PeerRequest&, int) {
        return PeerReply::http(500, "application/json", "{}"); // uncertain: counts at most
    });
    OpenAiParams p = params(peer);
    p.calls.day_budget = 0.5;
    EXPECT_EQ(run(p, request()).outcome(), Outcome::unknown);
    EXPECT_EQ(run(p, request()).outcome(), Outcome::unknown);
    const Edit third = run(p, request()); // 2 * 0.227 and a third would pass 0.5
    EXPECT_EQ(third.outcome(), Outcome::not_sent);
    EXPECT_EQ(third.result.error().code, ErrorCode::refused);
    EXPECT_EQ(peer.requests(), 2);
    EXPECT_EQ(journal().size(), 2u);
    EXPECT_EQ(spent().requests, 2);
}

TEST_F(OpenAi, WithoutAKeyNothingLeaves) {
    ScriptedPeer peer([&](const PeerRequest&, int) { return PeerReply{}; });
    OpenAiParams p = params(peer);
    Keys none;
    p.keys = &none;
    p.key_needed = true;
    ::setenv("PATH_BEFORE", ::getenv("PATH"), 1);
    ::setenv("PATH", folder_.path().c_str(), 1); // no real keyring
    ::setenv("MASKWRIGHT_KEYS", (folder_ / "none").c_str(), 1);
    const Edit done = run(p, request());
    ::setenv("PATH", ::getenv("PATH_BEFORE"), 1);
    EXPECT_EQ(done.outcome(), Outcome::not_sent);
    EXPECT_NE(done.message().find("no key"), std::string::npos);
    EXPECT_EQ(peer.connections(), 0);
}

// One of the states for every answer of the corpus, and never a second request.
TEST_F(OpenAi, TheCorpusAsAnswers) {
    const std::filesystem::path api = std::filesystem::path(MW_SHARED_IMAGES_DIR) / "api";
    if (!std::filesystem::is_directory(api)) GTEST_SKIP() << "no shared corpus";
    for (const char* kind : {"json", "sse", "http"})
        for (const auto& entry : std::filesystem::directory_iterator(api / kind)) {
            const std::string name = entry.path().filename().string();
            const bool events = std::string_view(kind) == "sse";
            ScriptedPeer peer([&](const PeerRequest&, int) {
                if (std::string_view(kind) == "http") return PeerReply::file(entry.path());
                const int status = name.starts_with("error_4") ? std::stoi(name.substr(6, 3))
                                   : name == "html_502.json"   ? 502
                                                               : 200;
                auto reply = PeerReply::body_of_file(
                    status, events ? "text/event-stream" : "application/json", entry.path());
                if (status == 429)
                    reply.bytes.insert(reply.bytes.find("\r\n") + 2, "retry-after-ms: 1\r\n");
                if (name.ends_with(".gz"))
                    reply.bytes.insert(reply.bytes.find("\r\n") + 2, "Content-Encoding: gzip\r\n");
                return reply;
            });
            // What says 429 or 503 and a wait of a minute is tried again after it: not here.
            if (name.starts_with("retry_after")) continue;
            edit::EditRequest r = request();
            if (name == "ok_two.json") r.params.count = 2;
            const Edit done = run(params(peer), r);
            const int posts = name == "error_429.json" ? 4 : 1;
            EXPECT_EQ(peer.requests("POST"), posts) << name;
            EXPECT_EQ(peer.requests("GET"), 0) << name;
            if (name.starts_with("ok_")) {
                EXPECT_TRUE(done.result) << name << done.message();
            }
            if (!done.result) {
                EXPECT_NE(done.outcome(), Outcome::answered) << name;
                EXPECT_LT(done.message().size(), 1000u) << name;
            }
            for (const char* lost : {"ends_after", "truncated", "no_final", "html_instead",
                                     "line_300k", "incomplete_event"})
                if (events && name.starts_with(lost)) {
                    EXPECT_FALSE(done.result) << name;
                    EXPECT_EQ(done.outcome(), Outcome::unknown) << name;
                }
            for (const edit::RequestFate& fate : done.fates)
                if (!fate.journal_entry.empty())
                    make_openai_backend(params(peer))->delivered(fate.journal_entry);
        }
    EXPECT_TRUE(journal().empty());
}

TEST_F(OpenAi, CutAtEveryByteOfASmallAnswer) {
    const std::string b64 = png_base64({4, 4});
    const PeerReply whole = stream(sse(
        "image_edit.completed", R"({"type":"image_edit.completed","b64_json":")" + b64 + "\"}"));
    std::atomic<std::size_t> at{0};
    std::atomic<bool> reset{false};
    ScriptedPeer peer([&](const PeerRequest&, int) {
        PeerReply reply = whole;
        reply.cut_at = at.load();
        reply.end = reset ? PeerEnd::rst : PeerEnd::fin;
        return reply;
    });
    const OpenAiParams p = params(peer);
    int runs = 0;
    edit::EditRequest r = request();
    const std::size_t head = whole.bytes.find("\r\n\r\n") + 4;
    for (std::size_t i = 0; i <= whole.bytes.size(); ++i) {
        at = i;
        reset = i % 2 == 1 && i < whole.bytes.size();
        r.id = edit::new_request_id();
        const Edit done = run(p, r);
        ++runs;
        // The blank line's first byte ends the event's last line; its second ends the event.
        const bool all = i >= whole.bytes.size();
        ASSERT_EQ(done.result.has_value(), all) << i << " " << done.message();
        ASSERT_EQ(done.outcome(), all ? Outcome::answered : Outcome::unknown) << i;
        ASSERT_EQ(journal().size(), 1u);
        const JournalRecord kept = journal()[0];
        if (!reset && i > head) {
            EXPECT_EQ(kept.response_bytes, i - head) << "every byte is kept";
        }
        make_openai_backend(p)->delivered(r.id);
    }
    EXPECT_EQ(peer.requests("POST"), runs);
    EXPECT_EQ(peer.connections(), runs);
}

// MASKWRIGHT_CUTS says how many.
TEST_F(OpenAi, CutAtRandomPlacesOfALargeAnswer) {
    const char* asked = ::getenv("MASKWRIGHT_CUTS");
    const int cuts = asked ? std::atoi(asked) : 8;
    std::mt19937 random(500);
    Bytes picture(15'000'000);
    for (std::size_t i = 0; i < picture.size(); ++i)
        picture[i] = static_cast<std::byte>(random());
    const std::string_view magic = "\x89PNG\r\n\x1a\n";
    std::copy_n(reinterpret_cast<const std::byte*>(magic.data()), magic.size(), picture.begin());
    const PeerReply whole =
        stream(sse("image_edit.completed", R"({"type":"image_edit.completed","b64_json":")" +
                                               encode_base64(picture) + "\"}"));
    std::atomic<std::size_t> at{0};
    std::atomic<bool> reset{false};
    ScriptedPeer peer([&](const PeerRequest&, int) {
        PeerReply reply = whole;
        reply.cut_at = at.load();
        reply.end = reset ? PeerEnd::rst : PeerEnd::fin;
        return reply;
    });
    const OpenAiParams p = params(peer);
    edit::EditRequest r = request();
    for (int i = 0; i < cuts; ++i) {
        const bool all = i % 10 == 9;
        at = all ? whole.bytes.size() : 200 + random() % (whole.bytes.size() - 300);
        reset = !all && i % 2 == 1;
        r.id = edit::new_request_id();
        const Edit done = run(p, r);
        ASSERT_EQ(done.outcome(), all ? Outcome::answered : Outcome::unknown) << at;
        if (all) {
            EXPECT_EQ(done.result->answers[0].bytes, picture);
        }
        const JournalRecord kept = journal().at(0);
        if (!reset && !all) {
            EXPECT_EQ(kept.response_bytes, at - (whole.bytes.find("\r\n\r\n") + 4));
        }
        make_openai_backend(p)->delivered(r.id);
    }
    EXPECT_EQ(peer.requests("POST"), cuts);
    EXPECT_EQ(peer.connections(), cuts);
}

TEST_F(OpenAi, CancellingSaysThatTheServiceWorksOn) {
    ScriptedPeer peer([&](const PeerRequest&, int) {
        PeerReply reply;
        reply.end = PeerEnd::hang;
        return reply;
    });
    std::stop_source stop;
    std::jthread stopper([&] {
        peer.wait_for([&] { return peer.requests() == 1; });
        stop.request_stop();
    });
    const Edit done = run(params(peer), request(), stop.get_token());
    EXPECT_EQ(done.result.error().code, ErrorCode::cancelled);
    EXPECT_EQ(done.outcome(), Outcome::unknown);
    EXPECT_TRUE(peer.wait_for([&] { return peer.open_connections() == 0; }));
    EXPECT_EQ(journal()[0].outcome, Outcome::unknown);
    EXPECT_GT(spent().uncertain, 0.2);
}

TEST_F(OpenAi, NoFileHoldsTheKey) {
    ScriptedPeer peer([&](const PeerRequest&, int) {
        return PeerReply::http(500, "application/json",
                               std::string("{\"error\":{\"message\":\"key ") + kKey + "\"}}");
    });
    (void)run(params(peer), request());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
        if (!entry.is_regular_file()) continue;
        // What the service itself said stays as it came: it is the record of what was received.
        if (entry.path().filename() == "response.raw") continue;
        std::ifstream in(entry.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        EXPECT_EQ(text.find("TESTKEY"), std::string::npos) << entry.path();
    }
}

// --- Responses

std::string created(int sequence) {
    return sse("response.created", R"({"type":"response.created","sequence_number":)" +
                                       std::to_string(sequence) +
                                       R"(,"response":{"id":"resp_1","status":"in_progress"}})");
}
std::string item_done(int sequence) {
    return sse("response.output_item.done",
               R"({"type":"response.output_item.done","sequence_number":)" +
                   std::to_string(sequence) +
                   R"(,"item":{"type":"image_generation_call","id":"ig_1","status":"completed",)"
                   R"("revised_prompt":"A red ball.","result":")" +
                   png_base64() + "\"}}");
}
std::string response_done(int sequence) {
    return sse("response.completed",
               R"({"type":"response.completed","sequence_number":)" + std::to_string(sequence) +
                   R"(,"response":{"id":"resp_1","status":"completed","output":[]}})");
}

TEST_F(OpenAi, AResponseIsFollowedAndResumedWhereItWasCut) {
    ScriptedPeer peer([&](const PeerRequest& request, int) {
        if (request.method == "POST") {
            PeerReply reply = stream(created(0) + item_done(1).substr(0, 300));
            reply.end = PeerEnd::rst;
            return reply;
        }
        return stream(item_done(1) + response_done(2));
    });
    OpenAiParams p = params(peer);
    p.responses = true;
    edit::EditRequest r = request();
    r.params.continues = "resp_0";
    const Edit done = run(p, r);
    ASSERT_TRUE(done.result) << done.message();
    EXPECT_EQ(done.result->answers.size(), 1u);
    EXPECT_EQ(done.result->service_id, "resp_1");
    EXPECT_EQ(done.result->revised_prompt, "A red ball");
    const auto seen = peer.received();
    EXPECT_EQ(peer.requests("POST"), 1);
    EXPECT_EQ(seen[0].target, "/v1/responses");
    for (const char* part :
         {"\"background\":true", "\"store\":true", "\"previous_response_id\":\"resp_0\"",
          "\"type\":\"image_generation\"", "\"model\":\"gpt-image-2\"", "\"action\":\"edit\"",
          "\"input_image_mask\":{\"image_url\":\"data:image/png;base64,",
          "\"text\":\"a \\\"red\\\" ball\""})
        EXPECT_NE(seen[0].body.find(part), std::string::npos) << part;
    EXPECT_EQ(seen[1].target, "/v1/responses/resp_1?stream=true&starting_after=0");
}

TEST_F(OpenAi, CancellingAResponseStopsTheService) {
    ScriptedPeer peer([&](const PeerRequest& request, int) {
        if (request.path().ends_with("/cancel"))
            return PeerReply::http(200, "application/json",
                                   R"({"id":"resp_1","object":"response","status":"cancelled"})");
        PeerReply reply = stream(created(0));
        reply.end = PeerEnd::hang;
        return reply;
    });
    OpenAiParams p = params(peer);
    p.responses = true;
    std::stop_source stop;
    std::jthread stopper([&] {
        peer.wait_for([&] { return peer.requests() == 1; });
        std::this_thread::sleep_for(200ms); // until the id was read
        stop.request_stop();
    });
    const Edit done = run(p, request(), stop.get_token());
    EXPECT_EQ(done.result.error().code, ErrorCode::cancelled);
    EXPECT_NE(done.message().find("confirmed"), std::string::npos) << done.message();
    EXPECT_EQ(peer.requests("POST"), 2);
}

TEST_F(OpenAi, AResponseThatOutlivedUsIsAskedForByItsId) {
    ScriptedPeer peer([&](const PeerRequest&, int) {
        return PeerReply::http(
            200, "application/json",
            R"({"id":"resp_5","object":"response","status":"completed","output":[{"type":)"
            R"("image_generation_call","id":"ig","status":"completed","result":")" +
                png_base64() + "\"}]}");
    });
    OpenAiParams p = params(peer);
    p.responses = true;
    JournalRequest lost;
    lost.id = "20261127T000000.000-00";
    lost.kind = "responses";
    lost.model = "gpt-image-2";
    {
        auto entry = JournalEntry::create(folder_ / "journal", lost);
        ASSERT_TRUE(entry);
        ASSERT_TRUE(entry->leaving());
        ASSERT_TRUE(entry->remote_job("resp_5"));
        EXPECT_TRUE(journal().empty()) << "a running program holds it";
    }
    ASSERT_EQ(journal().size(), 1u);
    EXPECT_TRUE(journal()[0].interrupted);
    EXPECT_EQ(journal()[0].outcome, Outcome::unknown);
    const auto result = recover_answer(p, journal()[0], {});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.size(), 1u);
    EXPECT_EQ(peer.received()[0].method, "GET");
}

} // namespace
} // namespace mw::provider
