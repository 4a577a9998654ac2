// Who may speak to a server on the loopback: not the web pages of a browser on this machine.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/api_error.h"

namespace mw::server {

struct Caller {
    std::string host, origin, authorization; // header values; empty: absent
    int hosts = 1;                           // how often Host stands there
};

struct Door {
    std::string host; // that was bound
    int port = 0;
    std::string token;
};

// Refused: a Host that is not a loopback address, localhost or the bound address with our port (a
// name that an attacker's DNS points at us carries his name there); any Origin but our own (a page
// in a browser always sends one); a missing or wrong bearer token (401), compared in constant time.
std::optional<ApiError> refusal(const Caller& caller, const Door& door);

// 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view host);

} // namespace mw::server
