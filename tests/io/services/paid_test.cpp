// Services that cost money: what is sent, what is kept, and what is told when it goes wrong.
#include "provider/bfl_backend.h"
#include "provider/gemini_backend.h"
#include "provider/registry.h"
#include "services/fixture.h"

namespace mw::test {
namespace {

using namespace std::chrono_literals;
using edit::Outcome;

const Size kSquare{1024, 1024};

class Paid : public testing::Test {
  protected:
    provider::CallSetup setup() const {
        provider::CallSetup calls;
        calls.journal = folder.path() / "journal";
        calls.ledger = folder.path() / "ledger";
        calls.limits.total = 20s;
        return calls;
    }
    // A request that nobody has made before.
    edit::EditRequest fresh(const std::string& model, Size size) {
        edit::EditRequest request = make_request(model, "a red door", size);
        request.id += std::to_string(++requests_);
        return request;
    }
    int requests_ = 0;
    provider::Service service(const char* label, const char* header) const {
        provider::Service out = service_at(*peer, label);
        out.secrets.push_back({header, "", provider::Secret("TESTKEY-0123456789abcdef")});
        return out;
    }
    std::vector<provider::JournalRecord> kept() const {
        return provider::read_journal(folder.path() / "journal").value();
    }
    std::size_t key_in_journal() const {
        std::size_t found = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
            if (entry.is_regular_file())
                found +=
                    text_of(read_file(entry.path()).value()).find("TESTKEY-") != std::string::npos;
        return found;
    }
    TempFolder folder;
    Watched watched;
    std::unique_ptr<ScriptedPeer> peer;
};

class Gemini : public Paid {
  protected:
    Result<edit::EditResult> run(std::function<PeerReply(const Json&)> reply) {
        peer = std::make_unique<ScriptedPeer>([reply](const PeerRequest& request, int) {
            EXPECT_EQ(request.header("x-goog-api-key"), "TESTKEY-0123456789abcdef");
            EXPECT_TRUE(request.path().starts_with("/v1beta/models/gemini-"));
            EXPECT_TRUE(request.path().ends_with(":generateContent"));
            return reply(Json::parse(request.body));
        });
        auto backend = provider::make_gemini_backend(facts_of("gemini"),
                                                     service("Gemini", "x-goog-api-key"), setup());
        return backend->run(fresh(backend->models().front().id, kSquare), watched.observer(), {});
    }
    static Json parts(Json list) {
        return {{"candidates",
                 {{{"content", {{"parts", std::move(list)}}}, {"finishReason", "STOP"}}}}};
    }
};

TEST_F(Gemini, SendsTheMaskAsAPictureWithWords) {
    const auto result = run([](const Json& body) {
        const Json& sent = body["contents"][0]["parts"];
        EXPECT_EQ(sent.size(), 3u);
        EXPECT_NE(sent[0]["text"].get<std::string>().find("a red door"), std::string::npos);
        EXPECT_EQ(decoded(sent[1]["inlineData"]["data"].get<std::string>()).size(), kSquare);
        expect_repaints_the_hole(Eyes::luma,
                                 decoded(sent[2]["inlineData"]["data"].get<std::string>()));
        EXPECT_EQ(body["generationConfig"]["imageConfig"]["aspectRatio"], "1:1");
        EXPECT_EQ(body["generationConfig"]["imageConfig"]["imageSize"], "1K");
        return json_reply(
            parts({{{"text", "Here you are."}},
                   {{"inlineData",
                     {{"mimeType", "image/png"}, {"data", picture_text({64, 64}, {4, 4, 4})}}}}}));
    });
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.at(0).bytes, picture_file({64, 64}, {4, 4, 4}));
    EXPECT_FALSE(result->notes.empty());
    ASSERT_TRUE(watched.fate);
    EXPECT_EQ(watched.fate->outcome, Outcome::answered);
    EXPECT_GT(watched.fate->most_usd, 0.05);
    EXPECT_EQ(kept().size(), 1u);
    EXPECT_EQ(key_in_journal(), 0u);
}
TEST_F(Gemini, BlocksAreRefusalsThoughTheyComeAs200) {
    for (const Json& body : {Json{{"promptFeedback", {{"blockReason", "PROHIBITED_CONTENT"}}}},
                             Json{{"candidates", {{{"finishReason", "IMAGE_SAFETY"}}}}}}) {
        const auto result = run([&](const Json&) { return json_reply(body); });
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, ErrorCode::refused);
        EXPECT_NE(result.error().message.find("blocked it ("), std::string::npos)
            << result.error().message;
        EXPECT_EQ(watched.fate->outcome, Outcome::refused);
    }
    EXPECT_TRUE(kept().empty());
}
TEST_F(Gemini, OtherEnds) {
    auto result = run([](const Json&) {
        return json_reply(parts({{{"text", "I cannot draw that."}}}));
    });
    ASSERT_FALSE(result);
    EXPECT_EQ(watched.fate->outcome, Outcome::undecodable);
    result = run([](const Json&) {
        return json_reply({{"error",
                            {{"code", 400},
                             {"message", "API key not valid. TESTKEY-0123456789abcdef"},
                             {"status", "INVALID_ARGUMENT"}}}},
                          400);
    });
    ASSERT_FALSE(result);
    EXPECT_EQ(watched.fate->outcome, Outcome::refused);
    EXPECT_EQ(result.error().message.find("TESTKEY-"), std::string::npos) << result.error().message;
    result = run([](const Json&) {
        auto reply = json_reply(parts({}));
        reply.cut_at = 60;
        return reply;
    });
    ASSERT_FALSE(result);
    EXPECT_EQ(watched.fate->outcome, Outcome::unknown);
    EXPECT_NE(result.error().message.find("may have been charged"), std::string::npos)
        << result.error().message;
    EXPECT_EQ(peer->requests("POST"), 1);
    EXPECT_EQ(key_in_journal(), 0u);
}

class Bfl : public Paid {
  protected:
    Result<edit::EditResult> run(std::stop_token stop = {}) {
        peer = std::make_unique<ScriptedPeer>(
            [this](const PeerRequest& request, int) { return answer(request); });
        auto backend =
            provider::make_bfl_backend(facts_of("bfl"), service("BFL", "x-key"), setup());
        return backend->run(fresh(backend->models().front().id, {256, 256}), watched.observer(),
                            stop);
    }
    PeerReply answer(const PeerRequest& request) {
        if (request.method == "POST") {
            EXPECT_EQ(request.header("x-key"), "TESTKEY-0123456789abcdef");
            EXPECT_EQ(request.path(), "/v1/flux-pro-1.0-fill");
            const Json body = Json::parse(request.body);
            expect_repaints_the_hole(Eyes::luma, decoded(body["mask"].get<std::string>()));
            EXPECT_EQ(body["output_format"], "png");
            return json_reply(
                {{"id", "task-1"},
                 {"polling_url",
                  polling.empty() ? peer->url() + "/v1/get_result?id=task-1" : polling}});
        }
        if (request.path() == "/v1/get_result") {
            EXPECT_EQ(request.target, "/v1/get_result?id=task-1");
            EXPECT_EQ(request.header("x-key"), "TESTKEY-0123456789abcdef");
            if (++polls < 3)
                return json_reply({{"id", "task-1"}, {"status", "Pending"}, {"progress", 0.25}});
            Json body{{"id", "task-1"}, {"status", status}, {"result", nullptr}};
            if (status == "Ready")
                body["result"] = {
                    {"sample", sample.empty() ? peer->url() + "/picture.png?sig=1" : sample}};
            return json_reply(body);
        }
        EXPECT_EQ(request.target, "/picture.png?sig=1");
        EXPECT_EQ(request.header("x-key"), "");
        return PeerReply::http(200, "image/png", text_of(picture_file({256, 256}, {8, 8, 8})));
    }
    std::string status = "Ready", polling, sample;
    std::atomic<int> polls{0};
};

TEST_F(Bfl, AsksUntilReadyAndFetchesWithoutTheKey) {
    const auto result = run();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.at(0).bytes, picture_file({256, 256}, {8, 8, 8}));
    EXPECT_TRUE(watched.saw(edit::Phase::thinking, true));
    EXPECT_EQ(watched.fate->outcome, Outcome::answered);
    // The picture was on the disk before anybody decoded it.
    const auto entries = kept();
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].remote_job, "task-1");
    EXPECT_EQ(provider::read_response(folder.path() / "journal", entries[0].request.id).value(),
              picture_file({256, 256}, {8, 8, 8}));
}
TEST_F(Bfl, TheKeyStaysAtItsOrigin) {
    ScriptedPeer thief(
        [](const PeerRequest&, int) { return PeerReply::http(200, "image/png", "x"); });
    polling = thief.url() + "/v1/get_result?id=task-1"; // asked at the origin instead
    auto result = run();
    EXPECT_TRUE(result) << result.error().message;
    polls = 0;
    sample = thief.url() + "/picture.png?sig=1";
    result = run();
    ASSERT_FALSE(result);
    EXPECT_EQ(thief.connections(), 0);
    EXPECT_EQ(watched.fate->outcome, Outcome::unknown);
}
TEST_F(Bfl, ModerationAndErrors) {
    status = "Content Moderated";
    auto result = run();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::refused);
    EXPECT_EQ(watched.fate->outcome, Outcome::refused);
    polls = 0;
    status = "Error";
    result = run();
    ASSERT_FALSE(result);
    EXPECT_NE(watched.fate->outcome, Outcome::refused);
}
TEST_F(Bfl, WhenCancelledItMayHaveBeenCharged) {
    std::stop_source source;
    status = "Pending";
    std::jthread later([&] {
        while (polls < 2)
            std::this_thread::sleep_for(10ms);
        source.request_stop();
    });
    const auto result = run(source.get_token());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::cancelled);
    EXPECT_EQ(watched.fate->outcome, Outcome::unknown);
    EXPECT_NE(result.error().message.find("may have been charged"), std::string::npos)
        << result.error().message;
}

// A journal as a crash leaves it after the service took the job.
class Interrupted : public Bfl {
  protected:
    provider::JournalRecord crashed(const std::string& provider, const std::string& kind,
                                    const std::string& job) {
        provider::JournalRequest request;
        request.id = "20261127T000000.000-00000000000000aa";
        request.provider = provider;
        request.model = "m";
        request.origin = peer->url();
        request.kind = kind;
        request.prompt = "a red door";
        request.most_usd = 0.05;
        {
            auto entry =
                provider::JournalEntry::create(options().state_folder / "journal", request);
            EXPECT_TRUE(entry);
            EXPECT_TRUE(entry->leaving());
            if (!job.empty()) {
                EXPECT_TRUE(entry->remote_job(job));
            }
        }
        return provider::read_journal_record(options().state_folder / "journal", request.id)
            .value();
    }
    provider::BackendOptions options() const {
        provider::BackendOptions options;
        options.state_folder = folder.path();
        options.base_url = peer->url();
        return options;
    }
    void listen() {
        ::setenv("MASKWRIGHT_API_KEY", "TESTKEY-0123456789abcdef", 1);
        peer = std::make_unique<ScriptedPeer>(
            [this](const PeerRequest& request, int) { return answer(request); });
    }
    ~Interrupted() override { ::unsetenv("MASKWRIGHT_API_KEY"); }
};

TEST_F(Interrupted, AJobThatBflTookIsAskedForAgain) {
    listen();
    const provider::JournalRecord record = crashed("bfl", "bfl", "task-1");
    EXPECT_TRUE(record.interrupted);
    EXPECT_EQ(record.outcome, Outcome::unknown);
    auto result = provider::recover_entry(options(), record, {});
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("still working"), std::string::npos);
    polls = 2;
    result = provider::recover_entry(options(), record, {});
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->answers.at(0).bytes, picture_file({256, 256}, {8, 8, 8}));
    EXPECT_EQ(result->answers.at(0).media_type, "image/png");
    EXPECT_EQ(peer->requests("POST"), 0) << "nothing is bought again";
    status = "Task not found";
    result = provider::recover_entry(options(), record, {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::not_found);
}

TEST_F(Interrupted, NobodyElseIsAskedForIt) {
    listen();
    const provider::JournalRecord record = crashed("bfl", "bfl", "task-1");
    ScriptedPeer other([](const PeerRequest&, int) { return json_reply(Json::object()); });
    provider::BackendOptions elsewhere = options();
    elsewhere.base_url = other.url();
    const auto result = provider::recover_entry(elsewhere, record, {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::refused);
    EXPECT_EQ(other.connections(), 0);
}

TEST_F(Interrupted, WhatGeminiWasAskedIsUnknownAndThatIsSaid) {
    listen();
    const auto result = provider::recover_entry(options(), crashed("gemini", "gemini", ""), {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::not_found);
    EXPECT_NE(result.error().message.find("unknown"), std::string::npos) << result.error().message;
    EXPECT_NE(result.error().message.find("$0.050"), std::string::npos) << result.error().message;
    EXPECT_EQ(peer->connections(), 0);
}

} // namespace
} // namespace mw::test
