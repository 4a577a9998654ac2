#include "support/scripted_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace mw::test {
namespace {

using namespace std::chrono_literals;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
        text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())))
        text.remove_suffix(1);
    return std::string(text);
}

void end_connection(int socket, PeerEnd end) {
    if (end == PeerEnd::rst) {
        const linger now{1, 0};
        ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    } else {
        // What is still unread would turn the FIN into a reset.
        ::shutdown(socket, SHUT_WR);
        char scrap[4096];
        for (int i = 0; i < 64 && ::recv(socket, scrap, sizeof scrap, MSG_DONTWAIT) > 0; ++i) {
        }
    }
    ::close(socket);
}

std::string file_bytes(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::fprintf(stderr, "scripted peer: cannot read %s\n", path.c_str());
        std::abort();
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

// The chunked body at the start of `text`, joined, and where it ends; npos when it is not whole.
std::size_t joined_chunks(const std::string& text, std::size_t at, std::string& body) {
    for (;;) {
        const std::size_t line = text.find("\r\n", at);
        if (line == std::string::npos) return line;
        const std::size_t size = std::strtoul(text.c_str() + at, nullptr, 16);
        at = line + 2;
        if (text.size() < at + size + 2) return std::string::npos;
        if (size == 0) return at + 2;
        body.append(text, at, size);
        at += size + 2;
    }
}

} // namespace

std::string PeerRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (lower(key) == lower(name)) return value;
    return {};
}

PeerReply PeerReply::file(const std::filesystem::path& path) {
    PeerReply reply;
    reply.bytes = file_bytes(path);
    return reply;
}

PeerReply PeerReply::http(int status, std::string_view type, std::string_view body,
                          const std::vector<std::string>& more_head) {
    PeerReply reply;
    reply.bytes = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Type: ";
    reply.bytes.append(type).append("\r\nContent-Length: ").append(std::to_string(body.size()));
    reply.bytes += "\r\nConnection: close\r\n";
    for (const std::string& line : more_head)
        reply.bytes += line + "\r\n";
    reply.bytes.append("\r\n").append(body);
    return reply;
}

PeerReply PeerReply::body_of_file(int status, std::string_view type,
                                  const std::filesystem::path& path) {
    return http(status, type, file_bytes(path));
}

ScriptedPeer::ScriptedPeer(Script script) : script_(std::move(script)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (listener_ < 0 ||
        ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 256) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
        std::perror("scripted peer");
        std::abort();
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedPeer::~ScriptedPeer() {
    ending_ = true;
    acceptor_.join();
    ::close(listener_);
    for (std::thread& thread : threads_)
        thread.join();
}

void ScriptedPeer::accept_all() {
    while (!ending_) {
        pollfd wait{listener_, POLLIN, 0};
        if (::poll(&wait, 1, 20) <= 0) continue;
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) continue;
        const int number = ++connections_;
        ++open_;
        threads_.emplace_back([this, socket, number] { serve(socket, number); });
    }
}

void ScriptedPeer::serve(int socket, int number) {
    std::string pending;
    PeerEnd end = PeerEnd::fin;
    for (;;) {
        PeerRequest request;
        request.connection = number;
        if (!read_request(socket, pending, request)) {
            const std::lock_guard lock(mutex_);
            end = cut_request_ ? cut_end_ : PeerEnd::fin;
            break;
        }
        int count = 0;
        {
            const std::lock_guard lock(mutex_);
            received_.push_back(request);
            count = static_cast<int>(received_.size());
        }
        const PeerReply reply = script_(request, count);
        end = reply.end;
        if (!send_reply(socket, reply) || end == PeerEnd::fin || end == PeerEnd::rst) break;
        if (end == PeerEnd::hang) {
            while (pause(socket, 1h)) {
            }
            break;
        }
    }
    end_connection(socket, end);
    --open_;
}

bool ScriptedPeer::read_request(int socket, std::string& pending, PeerRequest& request) {
    std::size_t head_end = std::string::npos;
    bool continued = false;
    for (;;) {
        std::optional<std::size_t> cut;
        {
            const std::lock_guard lock(mutex_);
            cut = cut_request_;
        }
        if (cut && pending.size() >= *cut) return false;
        if (head_end == std::string::npos) {
            head_end = pending.find("\r\n\r\n");
            if (head_end != std::string::npos) {
                std::size_t at = pending.find("\r\n");
                const std::string first = pending.substr(0, at);
                request.method = first.substr(0, first.find(' '));
                const std::size_t space = first.find(' ');
                if (space != std::string::npos)
                    request.target = first.substr(
                        space + 1, first.rfind(' ') - std::min(first.rfind(' '), space + 1));
                while (at < head_end) {
                    const std::size_t next = std::min(pending.find("\r\n", at + 2), head_end);
                    const std::string line = pending.substr(at + 2, next - at - 2);
                    if (const std::size_t colon = line.find(':'); colon != std::string::npos)
                        request.headers.emplace_back(
                            line.substr(0, colon),
                            trimmed(std::string_view(line).substr(colon + 1)));
                    at = next;
                }
            }
        }
        if (head_end != std::string::npos) {
            const std::size_t start = head_end + 4;
            if (lower(request.header("Transfer-Encoding")) == "chunked") {
                request.body.clear();
                const std::size_t end = joined_chunks(pending, start, request.body);
                if (end != std::string::npos) {
                    pending.erase(0, end);
                    return true;
                }
            } else {
                const std::string length = request.header("Content-Length");
                const std::size_t size =
                    length.empty() ? 0 : std::strtoul(length.c_str(), nullptr, 10);
                if (pending.size() >= start + size) {
                    request.body = pending.substr(start, size);
                    pending.erase(0, start + size);
                    return true;
                }
            }
            if (!continued && lower(request.header("Expect")) == "100-continue") {
                continued = true;
                constexpr std::string_view go = "HTTP/1.1 100 Continue\r\n\r\n";
                if (::send(socket, go.data(), go.size(), MSG_NOSIGNAL) < 0) return false;
            }
        }
        pollfd wait{socket, POLLIN, 0};
        if (ending_) return false;
        if (::poll(&wait, 1, 20) <= 0) continue;
        char buffer[65536];
        const std::size_t most =
            cut ? std::min(sizeof buffer, *cut - pending.size()) : sizeof buffer;
        const ssize_t got = ::recv(socket, buffer, most, 0);
        if (got <= 0) return false;
        pending.append(buffer, static_cast<std::size_t>(got));
    }
}

bool ScriptedPeer::pause(int socket, std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    for (;;) {
        if (ending_) return false;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        // Looked at in the shortest pause too.
        pollfd wait{socket, POLLRDHUP, 0};
        ::poll(&wait, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 20)));
        if (wait.revents & (POLLRDHUP | POLLHUP | POLLERR)) return false;
        if (left.count() <= 0) return true;
    }
}

bool ScriptedPeer::send_reply(int socket, const PeerReply& reply) {
    if (reply.before.count() > 0 && !pause(socket, reply.before)) return false;
    const std::string_view bytes =
        std::string_view(reply.bytes).substr(0, reply.cut_at.value_or(std::string::npos));
    const auto send_all = [&](std::string_view part) {
        while (!part.empty()) {
            pollfd wait{socket, POLLOUT, 0};
            if (ending_) return false;
            if (::poll(&wait, 1, 20) <= 0) continue;
            const ssize_t sent =
                ::send(socket, part.data(), part.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0) return false;
            part.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    };
    const std::size_t piece = reply.piece ? reply.piece : std::max<std::size_t>(bytes.size(), 1);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        if (at > 0 && reply.between.count() > 0 && !pause(socket, reply.between)) return false;
        if (!send_all(bytes.substr(at, piece))) return false;
    }
    while (!reply.forever.empty())
        if (!pause(socket, reply.between) || !send_all(reply.forever)) return false;
    return true;
}

void ScriptedPeer::cut_requests_at(std::optional<std::size_t> bytes, PeerEnd end) {
    const std::lock_guard lock(mutex_);
    cut_request_ = bytes;
    cut_end_ = end;
}

int ScriptedPeer::requests(std::string_view method) const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::count_if(
        received_.begin(), received_.end(),
        [&](const PeerRequest& request) { return method.empty() || request.method == method; }));
}

std::vector<PeerRequest> ScriptedPeer::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

bool ScriptedPeer::wait_for(const std::function<bool()>& predicate) const {
    for (int i = 0; i < 500; ++i) {
        if (predicate()) return true;
        std::this_thread::sleep_for(10ms);
    }
    return predicate();
}

} // namespace mw::test
