#include "server/access.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mw::server {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// "127.0.0.1:8000" or "[::1]:8000" of this door.
bool ours(std::string_view authority, const Door& door) {
    const std::string port = fmt::format(":{}", door.port);
    if (!authority.ends_with(port)) return false;
    authority.remove_suffix(port.size());
    if (authority.starts_with('[') && authority.ends_with(']'))
        authority = authority.substr(1, authority.size() - 2);
    return is_loopback(authority) || lower(authority) == lower(door.host);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    unsigned char differ = a.size() != b.size();
    for (std::size_t i = 0; i < a.size(); ++i)
        differ |= static_cast<unsigned char>(a[i] ^ b[i % std::max<std::size_t>(b.size(), 1)]);
    return differ == 0;
}

ApiError forbidden(std::string message) {
    return {403, std::move(message), "invalid_request_error", "", "forbidden", "", {}};
}

} // namespace

bool is_loopback(std::string_view host) {
    if (lower(host) == "localhost" || host == "::1") return true;
    // Digits and dots only, four parts: not "127.0.0.1.example.org".
    int parts = 1, digits = 0, value = 0;
    for (const char c : host) {
        if (c == '.') {
            if (digits == 0 || ++parts > 4) return false;
            digits = value = 0;
        } else if (c >= '0' && c <= '9') {
            value = value * 10 + (c - '0');
            if (++digits > 3 || value > 255) return false;
        } else {
            return false;
        }
    }
    return parts == 4 && digits > 0 && host.starts_with("127.");
}

std::optional<ApiError> refusal(const Caller& caller, const Door& door) {
    if (caller.hosts != 1 || !ours(caller.host, door))
        return forbidden("The Host of this request is not this server.");
    if (!caller.origin.empty()) {
        constexpr std::string_view scheme = "http://";
        const std::string_view origin = caller.origin;
        if (!origin.starts_with(scheme) || !ours(origin.substr(scheme.size()), door))
            return forbidden("Requests of web pages are not answered.");
    }
    constexpr std::string_view bearer = "Bearer ";
    const std::string_view given = caller.authorization;
    if (given.empty())
        return ApiError{401,
                        "You didn't provide an API key. You need to provide your API key in an "
                        "Authorization header using Bearer auth; maskwright serve printed it.",
                        "invalid_request_error",
                        "",
                        "invalid_api_key",
                        "",
                        {}};
    if (!given.starts_with(bearer) ||
        !equal_in_constant_time(given.substr(bearer.size()), door.token))
        return ApiError{401,
                        "Incorrect API key provided. Use the one that maskwright serve printed.",
                        "invalid_request_error",
                        "",
                        "invalid_api_key",
                        "",
                        {}};
    return std::nullopt;
}

} // namespace mw::server
