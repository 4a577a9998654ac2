#include "provider/http.h"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <locale>

#include "httplib.h"
#include "provider/http_watch.h"
#include "provider/proxy.h"

namespace mw::provider {
namespace {

constexpr const char* kAgent = "maskwright";
constexpr std::size_t kSendPiece = 64 * 1024;

bool same_name(std::string_view a, std::string_view b) {
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return low(x) == low(y); });
}

// The HTTP library reads a status line by a regular expression, and libstdc++ keeps what it
// narrowed and widened for those in the locale, without a lock: it is all kept before two threads
// can meet there.
void fill_character_tables() {
    [[maybe_unused]] static const bool filled = [] {
        const std::locale locale;
        const auto& characters = std::use_facet<std::ctype<char>>(locale);
        characters.widen('a');
        for (int c = 1; c < 256; ++c) // 0 is never kept
            characters.narrow(static_cast<char>(c), 0);
        return true;
    }();
}

// A connection that goes away while it is written to must not end the program.
class NoPipeSignal {
  public:
    NoPipeSignal() {
        ::sigemptyset(&pipe_);
        ::sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        ::sigpending(&pending);
        was_pending_ = ::sigismember(&pending, SIGPIPE) == 1;
        ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~NoPipeSignal() {
        const timespec now{};
        if (!was_pending_)
            while (::sigtimedwait(&pipe_, nullptr, &now) > 0) {
            }
        ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    NoPipeSignal(const NoPipeSignal&) = delete;
    NoPipeSignal& operator=(const NoPipeSignal&) = delete;

  private:
    sigset_t pipe_{}, before_{};
    bool was_pending_ = false;
};

class Exchange {
  public:
    Exchange(const HttpRequest& request, const HttpLimits& limits, const HttpSink& sink,
             std::stop_token stop)
        : request_(request),
          limits_(limits),
          sink_(sink),
          stop_(stop),
          watch_(limits, std::move(stop)) {}

    HttpOutcome run() {
        if (stop_.stop_requested()) return cancelled();
        for (const auto& secret : request_.secret_headers)
            if (!secret.secret.fits_header())
                return problem(HttpProblem::invalid, ErrorCode::invalid_argument,
                               "The key has characters that no key has (a space, a line break, "
                               "an accent); nothing was sent. Enter it again.");
        if (Status ok = make_client(); !ok)
            return problem(HttpProblem::invalid, ok.error().code, ok.error().message);
        const NoPipeSignal no_signal;
        httplib::Request out = make_request();
        httplib::Response in;
        httplib::Error error = httplib::Error::Success;
        const bool sent = client_->send(out, in, error);
        return conclude(sent, in, error);
    }

  private:
    HttpOutcome problem(HttpProblem what, ErrorCode code, std::string message) {
        outcome_.problem = what;
        outcome_.code = code;
        outcome_.message = std::move(message);
        return std::move(outcome_);
    }
    HttpOutcome cancelled() {
        return problem(HttpProblem::cancelled, ErrorCode::cancelled, "Cancelled.");
    }
    std::string origin() const { return request_.url.origin(); }

    Status make_client() {
        const Url& url = request_.url;
        auto proxy = proxy_for(url, environment_variable);
        if (!proxy) return tl::unexpected(proxy.error());
        if (url.tls()) {
            auto client = std::make_unique<httplib::SSLClient>(url.host, url.port);
            if (!limits_.ca_file.empty() &&
                SSL_CTX_load_verify_locations(static_cast<SSL_CTX*>(client->tls_context()),
                                              limits_.ca_file.c_str(), nullptr) != 1)
                return fail(ErrorCode::invalid_argument,
                            fmt::format("{} holds no certificates that can be read; nothing was "
                                        "sent.",
                                        display_path(limits_.ca_file)));
            client_ = std::move(client);
        } else {
            client_ = std::make_unique<httplib::ClientImpl>(url.host, url.port);
        }
        const auto seconds = [](std::chrono::milliseconds ms) {
            return static_cast<time_t>(ms.count() / 1000 + 1);
        };
        // The watch is what ends an exchange; the library's own limits lie just behind.
        client_->set_connection_timeout(seconds(limits_.connect));
        client_->set_read_timeout(seconds(limits_.total));
        client_->set_write_timeout(seconds(limits_.total));
        client_->set_follow_location(false);
        client_->set_keep_alive(false);
        client_->set_decompress(false);
        client_->set_compress(false);
        client_->set_path_encode(false);
        client_->set_tcp_nodelay(true);
        client_->set_payload_max_length(limits_.max_body_bytes + (1 << 20)); // ours is first
        client_->set_socket_options([this](auto socket) { watch_.adopt(socket); });
        client_->set_header_writer([this](httplib::Stream& stream, httplib::Headers& headers) {
            return write_head(stream, headers);
        });
        if (*proxy) {
            client_->set_proxy((*proxy)->host, (*proxy)->port);
            if (!(*proxy)->user.empty())
                client_->set_proxy_basic_auth((*proxy)->user,
                                              std::string((*proxy)->password.reveal()));
            proxy_name_ = fmt::format("{}:{}", (*proxy)->host, (*proxy)->port);
        }
        return {};
    }

    // The library tries a second time by itself where a TLS peer has closed; a second head is never
    // written, so a second request never goes out.
    ssize_t write_head(httplib::Stream& stream, httplib::Headers& headers) {
        const auto agent = headers.find("User-Agent");
        if (agent == headers.end() || agent->second != kAgent) // the CONNECT to a proxy
            return httplib::detail::write_headers(stream, headers);
        if (head_written_ || watch_.tripped() != Tripped::no) return -1;
        if (sink_.on_leaving)
            if (Status ok = sink_.on_leaving(); !ok) {
                refuse(HttpProblem::sink, ok.error().code, ok.error().message);
                return -1;
            }
        head_written_ = true;
        if (request_.url.tls()) headers.erase("Proxy-Authorization"); // it had that before
        ssize_t all = 0;
        for (const auto& header : request_.secret_headers)
            for (const std::string_view piece :
                 {std::string_view(header.name), std::string_view(": "),
                  std::string_view(header.prefix), header.secret.reveal(),
                  std::string_view("\r\n")}) {
                const ssize_t n = stream.write(piece.data(), piece.size());
                if (n < 0) return n;
                all += n;
            }
        const ssize_t n = httplib::detail::write_headers(stream, headers);
        outcome_.reach = Reach::head;
        watch_.enter(request_.body.present() ? Stage::sending : Stage::waiting);
        return n < 0 ? n : all + n;
    }

    httplib::Request make_request() {
        httplib::Request out;
        out.method = request_.method;
        out.path = request_.url.path.empty() ? "/" : request_.url.path;
        for (const auto& [name, value] : request_.headers)
            out.set_header(name, value);
        out.set_header("User-Agent", kAgent);
        if (request_.body.present()) {
            out.set_header("Content-Type", request_.body.content_type);
            out.content_length_ = request_.body.size();
            out.content_provider_ = [this](std::size_t offset, std::size_t,
                                           httplib::DataSink& sink) {
                return write_body(offset, sink);
            };
        }
        out.response_handler = [this](const httplib::Response& in) { return take_head(in); };
        out.content_receiver = [this](const char* data, std::size_t size, std::size_t,
                                      std::size_t) { return take_bytes(data, size); };
        return out;
    }

    bool write_body(std::size_t offset, httplib::DataSink& sink) {
        if (watch_.tripped() != Tripped::no) return false;
        const auto bytes = request_.body.from(offset);
        const auto piece = bytes.first(std::min(bytes.size(), kSendPiece));
        outcome_.reach = Reach::body_begun;
        if (!sink.write(reinterpret_cast<const char*>(piece.data()), piece.size())) return false;
        outcome_.sent = offset + piece.size();
        watch_.alive();
        if (sink_.on_sent) sink_.on_sent(outcome_.sent, request_.body.size());
        if (outcome_.sent == request_.body.size()) {
            outcome_.reach = Reach::body;
            watch_.enter(Stage::waiting);
        }
        return true;
    }

    bool refuse(HttpProblem what, ErrorCode code, std::string message) {
        if (outcome_.problem == HttpProblem::none) {
            outcome_.problem = what;
            outcome_.code = code;
            outcome_.message = std::move(message);
        }
        return false;
    }

    void keep_head(const httplib::Response& in) {
        outcome_.head.status = in.status;
        for (const auto& [name, value] : in.headers)
            outcome_.head.headers.emplace_back(name, value);
    }

    bool take_head(const httplib::Response& in) {
        outcome_.reach = Reach::status;
        watch_.enter(Stage::receiving);
        keep_head(in);
        const HttpHead& head = outcome_.head;
        if (head.status >= 300 && head.status < 400)
            return refuse(HttpProblem::redirect, ErrorCode::refused,
                          fmt::format("{} points to another address instead of answering (status "
                                      "{}); neither key nor picture follow there. Check the "
                                      "address of the service.",
                                      origin(), head.status));
        const auto coding = head.get("Content-Encoding");
        if (!coding.empty() && !same_name(coding, "identity"))
            return refuse(HttpProblem::malformed, ErrorCode::corrupt,
                          fmt::format("{} sent a compressed answer though none was asked for; it "
                                      "is not unpacked.",
                                      origin()));
        const auto transfer = head.get("Transfer-Encoding");
        const auto length = head.get("Content-Length");
        if (!transfer.empty() && (!same_name(transfer, "chunked") || !length.empty()))
            return refuse(HttpProblem::malformed, ErrorCode::corrupt,
                          fmt::format("{} says in two ways how long its answer is; it is not read.",
                                      origin()));
        if (!length.empty()) {
            std::uint64_t bytes = 0;
            const char* end = length.data() + length.size();
            const auto parsed = std::from_chars(length.data(), end, bytes);
            if (parsed.ec != std::errc() || parsed.ptr != end)
                return refuse(HttpProblem::malformed, ErrorCode::corrupt,
                              fmt::format("{} gives a length of its answer that is no number; it "
                                          "is not read.",
                                          origin()));
            if (bytes > limits_.max_body_bytes) return too_long();
        }
        if (sink_.on_head)
            if (Status ok = sink_.on_head(head); !ok)
                return refuse(HttpProblem::sink, ok.error().code, ok.error().message);
        return true;
    }

    bool too_long() {
        return refuse(HttpProblem::too_long, ErrorCode::too_large,
                      fmt::format("The answer of {} is longer than {} MB; reading stopped.",
                                  origin(), limits_.max_body_bytes >> 20));
    }

    bool take_bytes(const char* data, std::size_t size) {
        if (watch_.tripped() != Tripped::no) return false;
        outcome_.reach = Reach::bytes;
        outcome_.received += size;
        if (outcome_.received > limits_.max_body_bytes) return too_long();
        const auto received = sink_.on_bytes(std::as_bytes(std::span(data, size)));
        if (!received)
            return refuse(HttpProblem::sink, received.error().code, received.error().message);
        if (*received != Received::nothing) watch_.alive();
        done_ = *received == Received::done;
        return !done_;
    }

    HttpOutcome timed_out(std::string_view what, std::chrono::milliseconds limit) {
        return problem(HttpProblem::timeout, ErrorCode::io,
                       fmt::format("{} {} within {:.0f} s.", origin(), what,
                                   std::chrono::duration<double>(limit).count()));
    }

    HttpOutcome conclude(bool sent, const httplib::Response& in, httplib::Error error) {
        // Where only the end of the connection ends a body, shutting it down looks like its end.
        const HttpHead& head = outcome_.head;
        const bool delimited =
            !head.get("Content-Length").empty() || !head.get("Transfer-Encoding").empty();
        if (done_ ||
            (sent && error == httplib::Error::Success && outcome_.problem == HttpProblem::none &&
             head_written_ && (delimited || watch_.tripped() == Tripped::no))) {
            // A 204 and the like come without a call for their body.
            if (outcome_.head.status == 0) keep_head(in);
            if (outcome_.head.status >= 300 && outcome_.head.status < 400)
                return problem(HttpProblem::redirect, ErrorCode::refused, "It points elsewhere.");
            outcome_.reach = Reach::complete;
            return std::move(outcome_);
        }
        if (outcome_.problem != HttpProblem::none) return std::move(outcome_);
        switch (watch_.tripped()) {
            case Tripped::cancelled:
                return cancelled();
            case Tripped::connect:
                return timed_out("could not be connected to", limits_.connect);
            case Tripped::first_byte:
                return timed_out("did not begin to answer", limits_.first_byte);
            case Tripped::idle:
                return timed_out(outcome_.reach < Reach::body ? "took nothing of the request"
                                                              : "sent nothing of the answer",
                                 limits_.idle);
            case Tripped::total:
                return timed_out("was not done", limits_.total);
            case Tripped::no:
                break;
        }
        return explain(in, error);
    }

    HttpOutcome explain(const httplib::Response& in, httplib::Error error) {
        using E = httplib::Error;
        if (error == E::ProxyConnection)
            return problem(
                HttpProblem::proxy, ErrorCode::io,
                fmt::format("The proxy {} did not let the request through to {}{}.", proxy_name_,
                            origin(), in.status > 0 ? fmt::format(" (status {})", in.status) : ""));
        // A service may answer and close while it is still being written to.
        if (outcome_.head.status == 0 && in.status >= 400) {
            keep_head(in);
            outcome_.reach = Reach::status;
            return problem(HttpProblem::cut, ErrorCode::io,
                           fmt::format("{} refused the request (status {}) before all of it was "
                                       "sent.",
                                       origin(), in.status));
        }
        if (!head_written_) {
            switch (error) {
                case E::SSLConnection:
                case E::SSLLoadingCerts:
                    return problem(HttpProblem::tls, ErrorCode::io,
                                   fmt::format("No secure connection to {} could be made (TLS 1.2 "
                                               "or newer is needed).",
                                               origin()));
                case E::SSLServerVerification:
                    return problem(HttpProblem::tls, ErrorCode::permission_denied,
                                   fmt::format("The certificate of {} is not one that this "
                                               "system trusts (expired, self-signed, or of an "
                                               "unknown issuer).",
                                               origin()));
                case E::SSLServerHostnameVerification:
                    return problem(
                        HttpProblem::tls, ErrorCode::permission_denied,
                        fmt::format("The certificate at {} belongs to another name.", origin()));
                default:
                    return problem(
                        HttpProblem::resolve, ErrorCode::io,
                        fmt::format(
                            "{} cannot be reached{}. Check the network and the "
                            "address.",
                            origin(),
                            proxy_name_.empty() ? "" : " through the proxy " + proxy_name_));
            }
        }
        if (outcome_.reach >= Reach::status)
            return problem(HttpProblem::cut, ErrorCode::io,
                           fmt::format("The connection to {} ended before its answer was "
                                       "complete ({} bytes came).",
                                       origin(), outcome_.received));
        return problem(
            HttpProblem::cut, ErrorCode::io,
            fmt::format("{} closed the connection {}.", origin(),
                        outcome_.reach < Reach::body ? "before the whole request was sent"
                                                     : "without an answer that is HTTP"));
    }

    const HttpRequest& request_;
    const HttpLimits& limits_;
    const HttpSink& sink_;
    std::stop_token stop_;
    HttpOutcome outcome_;
    bool head_written_ = false, done_ = false;
    std::string proxy_name_;
    HttpWatch watch_;
    std::unique_ptr<httplib::ClientImpl> client_; // last: its socket goes before the watch
};

} // namespace

std::string_view to_string(Reach reach) {
    constexpr std::string_view kNames[] = {"nothing", "head",  "body_begun", "body",
                                           "status",  "bytes", "complete"};
    return kNames[static_cast<std::size_t>(reach)];
}

std::string_view HttpHead::get(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (same_name(key, name)) return value;
    return {};
}

HttpOutcome exchange(const HttpRequest& request, const HttpLimits& limits, const HttpSink& sink,
                     std::stop_token stop) {
    fill_character_tables();
    return Exchange(request, limits, sink, std::move(stop)).run();
}

} // namespace mw::provider
