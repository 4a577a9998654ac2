// A service that misbehaves to the byte: replies are raw bytes, sent whole or cut, slow or never,
// and everything that arrives is kept and counted. Plain sockets on 127.0.0.1; no HTTP library of
// ours has a part in it.
//
//   ScriptedPeer peer([](const PeerRequest& request, int number) {
//       PeerReply reply = PeerReply::http(200, "application/json", R"({"data":[]})");
//       reply.cut_at = 40;                    // then FIN
//       return reply;
//   });
//   client.base_url = peer.url() + "/v1"; ... EXPECT_EQ(peer.requests("POST"), 1);
//
// PeerReply::file reads one of ../shared/images/api/http (a whole reply); body_of_file puts one of
// api/json or api/sse behind a head.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace mw::test {

struct PeerRequest {
    std::string method, target; // "POST", "/v1/images/edits?x=1"
    // As sent, in order; see header().
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body; // chunks joined
    int connection = 0;
    std::string header(std::string_view name) const; // any case; empty when absent
    std::string path() const { return target.substr(0, target.find('?')); }
};

enum class PeerEnd {
    fin,  // close as a server does
    rst,  // reset: SO_LINGER of 0
    next, // keep the connection for another request
    hang, // say nothing more until the client goes or the peer ends
};

struct PeerReply {
    std::string bytes;
    std::chrono::milliseconds before{0};  // silence before the first byte
    std::size_t piece = 0;                // bytes of one write; 0: all at once
    std::chrono::milliseconds between{0}; // silence between two pieces
    std::optional<std::size_t> cut_at;    // this many bytes are sent, then `end`
    PeerEnd end = PeerEnd::fin;
    // Sent over and over after the bytes, `between` apart, until the client goes (comments of a
    // stream, a body without end).
    std::string forever;

    // A whole reply as it is in the file; aborts the test when it cannot be read.
    static PeerReply file(const std::filesystem::path& path);
    // Status line, Content-Type, Content-Length, Connection: close, more head lines, body.
    static PeerReply http(int status, std::string_view type, std::string_view body,
                          const std::vector<std::string>& more_head = {});
    static PeerReply body_of_file(int status, std::string_view type,
                                  const std::filesystem::path& path);
};

class ScriptedPeer {
  public:
    // number counts requests from 1. Called on the connection's thread; may block.
    using Script = std::function<PeerReply(const PeerRequest& request, int number)>;
    explicit ScriptedPeer(Script script);
    ~ScriptedPeer(); // ends every connection and joins
    ScriptedPeer(const ScriptedPeer&) = delete;
    ScriptedPeer& operator=(const ScriptedPeer&) = delete;

    int port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

    // From the next connection on: a request is read up to this many bytes (head and body), then
    // the connection ends, and the script is never asked. Empty: read whole.
    void cut_requests_at(std::optional<std::size_t> bytes, PeerEnd end = PeerEnd::rst);

    int connections() const { return connections_; }
    int open_connections() const { return open_; }
    // Requests that arrived whole; of one method when given.
    int requests(std::string_view method = {}) const;
    std::vector<PeerRequest> received() const;
    // Waits until the predicate holds, at most five seconds; what it said last.
    bool wait_for(const std::function<bool()>& predicate) const;

  private:
    void accept_all();
    void serve(int socket, int number);
    bool read_request(int socket, std::string& pending, PeerRequest& request);
    bool send_reply(int socket, const PeerReply& reply);
    bool pause(int socket, std::chrono::milliseconds time); // false: client gone or the end

    Script script_;
    int listener_ = -1, port_ = 0;
    std::atomic<bool> ending_{false};
    std::atomic<int> connections_{0}, open_{0};
    mutable std::mutex mutex_;
    std::vector<PeerRequest> received_;
    std::optional<std::size_t> cut_request_;
    PeerEnd cut_end_ = PeerEnd::rst;
    std::list<std::thread> threads_;
    std::thread acceptor_;
};

} // namespace mw::test
