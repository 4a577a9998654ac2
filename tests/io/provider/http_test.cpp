// The transport against a peer that misbehaves to the byte.
#include "provider/http.h"

#include <gtest/gtest.h>

#include <atomic>

#include "support/scripted_peer.h"

namespace mw::provider {
namespace {

using namespace std::chrono_literals;
using test::PeerEnd;
using test::PeerReply;
using test::PeerRequest;
using test::ScriptedPeer;

HttpRequest post(const ScriptedPeer& peer, std::string body = "{\"prompt\":\"x\"}") {
    HttpRequest request;
    request.url = *parse_url(peer.url() + "/v1/images/edits");
    request.secret_headers.push_back(
        {"Authorization", "Bearer ", Secret(std::string("TESTKEY-abcdefghijkl"))});
    request.body = RequestBody::json(std::move(body));
    return request;
}

HttpLimits quick() {
    HttpLimits limits;
    limits.connect = 2s;
    limits.first_byte = 1500ms;
    limits.idle = 1500ms;
    limits.total = 10s;
    limits.max_body_bytes = 64 << 20;
    return limits;
}

struct Exchanged {
    HttpOutcome outcome;
    std::string body;
};

Exchanged run(const HttpRequest& request, const HttpLimits& limits = quick(),
              std::stop_token stop = {}) {
    Exchanged run;
    HttpSink sink;
    sink.on_bytes = [&](std::span<const std::byte> bytes) -> Result<Received> {
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        run.body += text;
        return text.find_first_not_of(":\n") == std::string_view::npos ? Received::nothing
                                                                       : Received::alive;
    };
    run.outcome = exchange(request, limits, sink, std::move(stop));
    return run;
}

TEST(Http, SendsWhatItSaysAndNothingElse) {
    ScriptedPeer peer([](const PeerRequest&, int) {
        return PeerReply::http(200, "application/json", "{\"ok\":1}", {"X-Request-Id: req_1"});
    });
    const Exchanged done = run(post(peer, std::string(3'000'000, 'z')));
    ASSERT_TRUE(done.outcome.ok()) << done.outcome.message;
    EXPECT_EQ(done.outcome.reach, Reach::complete);
    EXPECT_EQ(done.outcome.head.status, 200);
    EXPECT_EQ(done.outcome.head.get("x-request-id"), "req_1");
    EXPECT_EQ(done.body, "{\"ok\":1}");
    EXPECT_EQ(done.outcome.sent, 3'000'000u);
    const auto seen = peer.received();
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].target, "/v1/images/edits");
    EXPECT_EQ(seen[0].header("Authorization"), "Bearer TESTKEY-abcdefghijkl");
    EXPECT_EQ(seen[0].header("Content-Type"), "application/json");
    EXPECT_EQ(seen[0].header("Accept-Encoding"), "");
    EXPECT_EQ(seen[0].header("Expect"), "");
    EXPECT_EQ(seen[0].body.size(), 3'000'000u);
}

TEST(Http, AKeyThatCouldAddAHeaderStaysHere) {
    ScriptedPeer peer([](const PeerRequest&, int) { return PeerReply::http(200, "a/b", ""); });
    HttpRequest request = post(peer);
    request.secret_headers[0].secret = Secret(std::string("abc\r\nX-Evil: 1"));
    const Exchanged done = run(request);
    EXPECT_EQ(done.outcome.problem, HttpProblem::invalid);
    EXPECT_EQ(done.outcome.reach, Reach::nothing);
    EXPECT_EQ(peer.connections(), 0);
}

TEST(Http, NoRedirectIsFollowed) {
    ScriptedPeer thief([](const PeerRequest&, int) { return PeerReply::http(200, "a/b", "x"); });
    for (const int status : {300, 301, 302, 303, 307, 308, 399})
        for (const std::string& where :
             {thief.url() + "/v1", std::string("/else"), std::string("file:///etc/passwd")}) {
            ScriptedPeer peer([&](const PeerRequest&, int) {
                return PeerReply::http(status, "text/html", "moved", {"Location: " + where});
            });
            const Exchanged done = run(post(peer));
            EXPECT_EQ(done.outcome.problem, HttpProblem::redirect) << status;
            EXPECT_EQ(peer.requests(), 1);
            EXPECT_EQ(done.body, "");
        }
    EXPECT_EQ(thief.connections(), 0);
}

TEST(Http, EveryReplyOfTheCorpusEndsWithinItsLimits) {
    const std::filesystem::path folder = std::filesystem::path(MW_SHARED_IMAGES_DIR) / "api/http";
    if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no shared corpus";
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        ScriptedPeer peer([&](const PeerRequest&, int) { return PeerReply::file(entry.path()); });
        const Exchanged done = run(post(peer));
        EXPECT_EQ(peer.requests("POST"), 1) << name;
        EXPECT_EQ(peer.connections(), 1) << name;
        const bool fine = name == "length_too_short.http" || name == "retry_after_absurd.http" ||
                          name == "retry_after_date.http" || name == "retry_after_negative.http" ||
                          name == "status_204_with_body.http";
        if (fine || name == "continue_flood.http" || name == "nul_in_header.http") {
            EXPECT_LE(done.body.size(), 10'000u) << name;
            if (fine) {
                EXPECT_TRUE(done.outcome.ok()) << name << ": " << done.outcome.message;
            }
        } else {
            EXPECT_FALSE(done.outcome.ok()) << name;
            EXPECT_FALSE(done.outcome.message.empty()) << name;
        }
        if (name.starts_with("redirect")) {
            EXPECT_NE(done.outcome.reach, Reach::complete) << name;
        }
        ++files;
    }
    EXPECT_GE(files, 20);
}

TEST(Http, ALongStatusLineIsNoTrapForTheStack) {
    ScriptedPeer peer([](const PeerRequest&, int) {
        PeerReply reply;
        reply.bytes = "HTTP/1.1 200 " + std::string(8000, 'r') + "\r\nContent-Length: 0\r\n\r\n";
        return reply;
    });
    EXPECT_EQ(run(post(peer)).outcome.head.status, 200);
    ScriptedPeer longer([](const PeerRequest&, int) {
        PeerReply reply;
        reply.bytes = "HTTP/1.1 200 " + std::string(300'000, 'r') + "\r\n\r\n";
        return reply;
    });
    EXPECT_FALSE(run(post(longer)).outcome.ok());
}

TEST(Http, ACutAnswerIsNeverComplete) {
    const PeerReply whole = PeerReply::http(200, "application/json", "{\"created\":1,\"x\":\"y\"}");
    std::atomic<std::size_t> at{0};
    std::atomic<PeerEnd> end{PeerEnd::fin};
    ScriptedPeer peer([&](const PeerRequest&, int) {
        PeerReply reply = whole;
        reply.cut_at = at.load();
        reply.end = end.load();
        return reply;
    });
    int runs = 0;
    for (std::size_t i = 0; i <= whole.bytes.size(); ++i)
        for (const PeerEnd how : {PeerEnd::fin, PeerEnd::rst}) {
            if (how == PeerEnd::rst && i == whole.bytes.size()) continue; // may overtake the bytes
            at = i;
            end = how;
            const Exchanged done = run(post(peer));
            ++runs;
            EXPECT_EQ(done.outcome.ok(), i == whole.bytes.size()) << i;
            if (!done.outcome.ok()) {
                EXPECT_EQ(done.outcome.problem, HttpProblem::cut) << i;
                EXPECT_GE(done.outcome.reach, Reach::body_begun) << i;
                EXPECT_LT(done.outcome.reach, Reach::complete) << i;
            }
        }
    EXPECT_EQ(peer.requests("POST"), runs);
    EXPECT_EQ(peer.connections(), runs);
}

TEST(Http, ACutRequestIsTried_Once) {
    ScriptedPeer peer([](const PeerRequest&, int) { return PeerReply::http(200, "a/b", "x"); });
    int runs = 0;
    for (const std::size_t at : {0, 1, 50, 200, 300, 100'000, 2'000'000}) {
        peer.cut_requests_at(at);
        const Exchanged done = run(post(peer, std::string(4'000'000, 'z')));
        ++runs;
        EXPECT_FALSE(done.outcome.ok());
        EXPECT_LE(done.outcome.reach, Reach::body) << at;
        if (at > 0) {
            EXPECT_GE(done.outcome.reach, Reach::head) << at;
        }
    }
    EXPECT_EQ(peer.requests(), 0);
    EXPECT_EQ(peer.connections(), runs);
}

TEST(Http, EachLimitEndsIt) {
    struct Case {
        const char* what;
        PeerReply reply;
        HttpLimits limits;
    };
    std::vector<Case> cases;
    Case silent{"silence", {}, quick()};
    silent.reply.end = PeerEnd::hang;
    silent.limits.first_byte = 150ms;
    cases.push_back(silent);
    Case idle{"silence in the middle", PeerReply::http(200, "a/b", "abcdef"), quick()};
    idle.reply.cut_at = idle.reply.bytes.size() - 2;
    idle.reply.end = PeerEnd::hang;
    idle.limits.idle = 150ms;
    cases.push_back(idle);
    Case beats{"heartbeats", {}, quick()};
    beats.reply.bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    beats.reply.forever = ":\n\n";
    beats.reply.between = 10ms;
    beats.limits.idle = 200ms;
    cases.push_back(beats);
    Case drip{"a byte at a time", PeerReply::http(200, "a/b", std::string(5000, 'x')), quick()};
    drip.reply.piece = 1;
    drip.reply.between = 5ms;
    drip.limits.total = 300ms;
    cases.push_back(drip);
    Case flood{"100 Continue without end", {}, quick()};
    flood.reply.forever = "HTTP/1.1 100 Continue\r\n\r\n";
    flood.reply.between = 1ms;
    flood.limits.first_byte = 200ms;
    cases.push_back(flood);
    for (const Case& c : cases) {
        ScriptedPeer peer([&](const PeerRequest&, int) { return c.reply; });
        const Exchanged done = run(post(peer), c.limits);
        EXPECT_EQ(done.outcome.problem, HttpProblem::timeout) << c.what;
        EXPECT_TRUE(peer.wait_for([&] { return peer.open_connections() == 0; })) << c.what;
        EXPECT_EQ(peer.requests(), 1);
    }
    ScriptedPeer endless([](const PeerRequest&, int) {
        PeerReply reply;
        reply.bytes = "HTTP/1.1 200 OK\r\n\r\n";
        reply.forever = std::string(100'000, 'x');
        return reply;
    });
    HttpLimits limits = quick();
    limits.max_body_bytes = 1'000'000;
    const Exchanged done = run(post(endless), limits);
    EXPECT_EQ(done.outcome.problem, HttpProblem::too_long);
    EXPECT_LE(done.body.size(), 1'000'000u);
}

TEST(Http, AStopClosesTheSocketWhereverItIs) {
    for (const bool answering : {false, true}) {
        ScriptedPeer peer([&](const PeerRequest&, int) {
            PeerReply reply = PeerReply::http(200, "a/b", "abcdef");
            reply.cut_at = answering ? reply.bytes.size() - 2 : 0;
            reply.end = PeerEnd::hang;
            return reply;
        });
        std::stop_source stop;
        std::jthread stopper([&] {
            peer.wait_for([&] { return peer.requests() == 1; });
            stop.request_stop();
        });
        const Exchanged done = run(post(peer), quick(), stop.get_token());
        EXPECT_EQ(done.outcome.problem, HttpProblem::cancelled);
        EXPECT_GE(done.outcome.reach, Reach::body);
        EXPECT_TRUE(peer.wait_for([&] { return peer.open_connections() == 0; }));
    }
    std::stop_source stopped;
    stopped.request_stop();
    ScriptedPeer peer([](const PeerRequest&, int) { return PeerReply::http(200, "a/b", ""); });
    EXPECT_EQ(run(post(peer), quick(), stopped.get_token()).outcome.reach, Reach::nothing);
    EXPECT_EQ(peer.connections(), 0);
}

TEST(Http, NobodyThere) {
    HttpRequest request;
    {
        ScriptedPeer gone([](const PeerRequest&, int) { return PeerReply{}; });
        request = post(gone);
    }
    const Exchanged done = run(request);
    EXPECT_EQ(done.outcome.problem, HttpProblem::resolve);
    EXPECT_EQ(done.outcome.reach, Reach::nothing);
}

} // namespace
} // namespace mw::provider
