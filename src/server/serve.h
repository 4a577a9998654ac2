// The rehearsal service on a socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace mw::server {

struct ServeOptions {
    std::string host = "127.0.0.1"; // another one than loopback must be asked for
    int port = 0;                   // 0: any that is free
    std::string faults;             // see fault.h
    std::uint64_t seed = 1;         // of the faults' chance
    std::uint64_t max_body_bytes = 256ull << 20;
};

class Server {
  public:
    // Listens, and answers from threads of its own: at most kMaxConnections at once, as many more
    // wait, the rest is turned away. Errors: invalid_argument (the faults), io (the address).
    static constexpr int kMaxConnections = 512;
    static Result<std::unique_ptr<Server>> start(const ServeOptions& options);
    virtual ~Server() = default; // stops work, closes, joins

    virtual int port() const = 0;
    virtual std::string url() const = 0;   // "http://127.0.0.1:8000/v1"
    virtual std::string token() const = 0; // 32 hex digits, new for each start
};

} // namespace mw::server
