// One exchange with a service: a request out, an answer in, and exactly how far it got.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "provider/request_body.h"
#include "provider/secret.h"
#include "provider/url.h"

namespace mw::provider {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
    std::string method = "POST";
    Url url;
    HttpHeaders headers;
    // Written as "name: prefix + secret" when the head goes out; nowhere else.
    struct SecretHeader {
        std::string name, prefix;
        Secret secret;
    };
    std::vector<SecretHeader> secret_headers;
    RequestBody body;
};

struct HttpLimits {
    std::chrono::milliseconds connect{10'000};     // name, TCP, TLS
    std::chrono::milliseconds first_byte{300'000}; // from the last byte sent to the status
    std::chrono::milliseconds idle{180'000};       // without a sign of life, both ways
    std::chrono::milliseconds total{900'000};
    std::uint64_t max_body_bytes = 512ull << 20;
    std::filesystem::path ca_file; // trusted besides the system's; empty: none
};

struct HttpHead {
    int status = 0;
    HttpHeaders headers;
    // The first of that name, whatever the case; empty: none.
    std::string_view get(std::string_view name) const;
};

enum class Received {
    alive,   // go on
    nothing, // go on, but this was only a heartbeat: the idle time is not reset
    done,    // complete: the rest is not read
};

// Called on the thread of exchange(). Any error ends the exchange.
struct HttpSink {
    // Right before the first byte of the request goes; an error keeps it here. May be empty.
    std::function<Status()> on_leaving;
    std::function<void(std::uint64_t sent, std::uint64_t total)> on_sent; // may be empty
    std::function<Status(const HttpHead&)> on_head;                       // may be empty
    std::function<Result<Received>(std::span<const std::byte>)> on_bytes;
};

// In the order they are reached.
enum class Reach {
    nothing,    // no byte of the request left
    head,       // its head may have
    body_begun, // and something of its body
    body,       // all of it
    status,     // a status and headers came back
    bytes,      // and something of the answer's body
    complete,   // all of it, or the sink was done
};
std::string_view to_string(Reach reach);

enum class HttpProblem {
    none,
    invalid, // the request cannot be sent as it is
    resolve, // no such host, or no connection to it
    tls,     // no trusted connection
    proxy,   // it refused
    timeout, // one of the limits; the message says which
    cancelled,
    cut,       // the connection ended too early
    redirect,  // a 3xx, never followed
    malformed, // no HTTP, or lengths and encodings that are not accepted
    too_long,
    sink, // the sink's error
};

struct HttpOutcome {
    Reach reach = Reach::nothing;
    HttpProblem problem = HttpProblem::none;
    HttpHead head;
    std::uint64_t sent = 0, received = 0; // bytes of bodies
    std::string message;                  // of the problem: a sentence for a person
    ErrorCode code = ErrorCode::io;
    bool ok() const { return problem == HttpProblem::none; }
};

// Blocks. One connection, one request; never a second one by itself. Redirects are not followed,
// nothing compressed is asked for or accepted, TLS is 1.2 or newer with the peer's certificate and
// name verified before any byte of the request goes. The proxy is the environment's, never for this
// machine. A stop closes the socket at once; only looking up a name cannot be interrupted.
HttpOutcome exchange(const HttpRequest& request, const HttpLimits& limits, const HttpSink& sink,
                     std::stop_token stop);

} // namespace mw::provider
