// The hostile peer does what its header says, seen through bare sockets.
#include "support/scripted_peer.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace mw::test {
namespace {

using namespace std::chrono_literals;

struct Outcome {
    std::string bytes;
    bool reset = false;
};

class Client {
  public:
    explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }
    ~Client() { ::close(socket_); }
    void send(std::string_view text) {
        EXPECT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }
    // Up to `most` bytes, or until the end.
    Outcome receive(std::size_t most = std::string::npos) {
        Outcome outcome;
        char buffer[4096];
        while (outcome.bytes.size() < most) {
            const ssize_t got = ::recv(socket_, buffer, std::min(sizeof buffer, most), 0);
            if (got < 0) outcome.reset = errno == ECONNRESET;
            if (got <= 0) break;
            outcome.bytes.append(buffer, static_cast<std::size_t>(got));
        }
        return outcome;
    }

  private:
    int socket_;
};

constexpr std::string_view kPost =
    "POST /v1/x?y=1 HTTP/1.1\r\nHost: a\r\nX-Two:  b \r\nContent-Length: 5\r\n\r\nhello";

TEST(ScriptedPeer, AnswersAndKeepsWhatArrived) {
    ScriptedPeer peer([](const PeerRequest& request, int number) {
        auto reply = PeerReply::http(200, "text/plain", request.body + std::to_string(number));
        reply.end = PeerEnd::next;
        return reply;
    });
    Client client(peer.port());
    client.send(kPost);
    EXPECT_TRUE(client.receive(1).bytes.starts_with("H"));
    client.send(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    ASSERT_TRUE(peer.wait_for([&] { return peer.requests("POST") == 2; }));
    EXPECT_EQ(peer.connections(), 1);
    EXPECT_EQ(peer.requests("GET"), 0);
    const auto all = peer.received();
    EXPECT_EQ(all[0].target, "/v1/x?y=1");
    EXPECT_EQ(all[0].path(), "/v1/x");
    EXPECT_EQ(all[0].header("x-two"), "b");
    EXPECT_EQ(all[0].body, "hello");
    EXPECT_EQ(all[1].body, "abcde");
}

TEST(ScriptedPeer, CutsAnswersByFinAndByReset) {
    for (const PeerEnd end : {PeerEnd::fin, PeerEnd::rst}) {
        ScriptedPeer peer([&](const PeerRequest&, int) {
            auto reply = PeerReply::http(200, "text/plain", "a long body");
            reply.cut_at = 20;
            reply.piece = 7;
            reply.between = 1ms;
            reply.end = end;
            return reply;
        });
        Client client(peer.port());
        client.send(kPost);
        const Outcome outcome = client.receive();
        EXPECT_EQ(outcome.reset, end == PeerEnd::rst);
        if (end == PeerEnd::fin) {
            EXPECT_EQ(outcome.bytes, "HTTP/1.1 200 Scripte");
        }
    }
}

TEST(ScriptedPeer, CutsRequestsAndHangsUntilTheClientGoes) {
    ScriptedPeer peer([](const PeerRequest&, int) {
        PeerReply reply;
        reply.end = PeerEnd::hang;
        return reply;
    });
    peer.cut_requests_at(10);
    {
        Client client(peer.port());
        client.send(kPost);
        EXPECT_TRUE(client.receive().reset);
        EXPECT_EQ(peer.requests(), 0);
    }
    peer.cut_requests_at({});
    {
        Client client(peer.port());
        client.send(kPost);
        ASSERT_TRUE(peer.wait_for([&] { return peer.requests() == 1; }));
        EXPECT_EQ(peer.open_connections(), 1);
    }
    EXPECT_TRUE(peer.wait_for([&] { return peer.open_connections() == 0; }));
}

} // namespace
} // namespace mw::test
