// Addresses of services, parsed strictly (RFC 3986, less than it allows).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mw::provider {

struct Url {
    std::string scheme; // "https" or "http"
    std::string host;   // lower case; an IPv6 address without its brackets
    int port = 443;
    std::string path; // begins with '/' unless empty; with the query, never a fragment

    bool tls() const { return scheme == "https"; }
    // "https://api.example.com", the port only where it is not the scheme's own. A key belongs to
    // one origin.
    std::string origin() const;
    std::string text() const { return origin() + path; }
    // 127.0.0.0/8, ::1 or localhost.
    bool loopback() const;
    bool operator==(const Url&) const = default;
};

// Which addresses may be spoken to without TLS.
enum class PlainHttp { loopback_only, anywhere };

// Refused, each with its sentence: another scheme than https and http, http to a host that is not
// this machine (unless anywhere), no host, a user name, a fragment, control characters, spaces, a
// backslash, bytes above 126, a port that is none, a "." or ".." segment. Errors: invalid_argument.
Result<Url> parse_url(std::string_view text, PlainHttp plain = PlainHttp::loopback_only);

// The base and a path below it ("/images/edits"); a '/' at the base's end is not doubled, and a
// query of the base stays behind the path.
Url join(const Url& base, std::string_view path);

} // namespace mw::provider
