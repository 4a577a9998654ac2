#include "provider/url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mw::provider {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

// What an error may show of an address: no user name and no query, where secrets hide.
std::string shown(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, text.find('?')))
        out += c > 32 && c < 127 ? c : '?';
    const auto scheme = out.find("://");
    const auto start = scheme == std::string::npos ? 0 : scheme + 3;
    const auto end = std::min(out.find('/', start), out.size());
    if (const auto at = out.rfind('@', end); at != std::string::npos && at >= start && at < end)
        out.replace(start, at - start, "...");
    if (out.size() > 120) out = out.substr(0, 120) + "...";
    return out;
}

tl::unexpected<Error> bad(std::string_view text, std::string_view why) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("The address \"{}\" {}; nothing was sent. An address looks like "
                            "https://api.openai.com/v1.",
                            shown(text), why));
}

bool legal_host_name(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    std::size_t label = 0;
    for (const char c : host) {
        if (c == '.') {
            if (label == 0) return false;
            label = 0;
            continue;
        }
        const bool ok = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!ok || ++label > 63) return false;
    }
    return true;
}

bool numeric(std::string_view host) {
    return host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool has_dot_segment(std::string_view path) {
    path = path.substr(0, path.find('?'));
    while (!path.empty()) {
        const auto slash = path.find('/');
        const std::string segment = lower(path.substr(0, slash));
        if (segment == "." || segment == ".." || segment.find("%2e") != std::string::npos)
            return true;
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return false;
}

} // namespace

std::string Url::origin() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port == (tls() ? 443 : 80)) return scheme + "://" + name;
    return fmt::format("{}://{}:{}", scheme, name, port);
}

bool Url::loopback() const {
    if (host == "localhost" || host == "::1") return true;
    in_addr v4{};
    return ::inet_pton(AF_INET, host.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
}

Result<Url> parse_url(std::string_view text, PlainHttp plain) {
    if (text.empty()) return bad(text, "is empty");
    if (text.size() > 2048) return bad(text, "is longer than 2048 characters");
    for (const char c : text)
        if (c <= 32 || c >= 127 || c == '\\' || c == '"' || c == '<' || c == '>' || c == '`' ||
            c == '{' || c == '}' || c == '|' || c == '^')
            return bad(text, "has a character that no address may have");
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return bad(text, "does not begin with https://");
    Url url;
    url.scheme = lower(text.substr(0, colon));
    if (url.scheme != "https" && url.scheme != "http")
        return bad(text, "is neither https nor http");
    std::string_view rest = text.substr(colon + 3);
    if (rest.find('#') != std::string_view::npos) return bad(text, "has a fragment (#)");
    const auto slash = rest.find_first_of("/?");
    std::string_view authority = rest.substr(0, slash);
    if (slash != std::string_view::npos) {
        url.path = std::string(rest.substr(slash));
        if (url.path[0] == '?') url.path.insert(0, "/");
    }
    if (authority.find('@') != std::string_view::npos)
        return bad(text, "has a user name or password in it; keys are given separately");
    std::string_view port;
    bool has_port = false;
    if (!authority.empty() && authority[0] == '[') {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return bad(text, "has an unfinished [ in its host");
        url.host = lower(authority.substr(1, end - 1));
        in6_addr v6{};
        if (::inet_pton(AF_INET6, url.host.c_str(), &v6) != 1)
            return bad(text, "has no valid IPv6 address between its brackets");
        const std::string_view after = authority.substr(end + 1);
        if (!after.empty() && after[0] != ':') return bad(text, "has something after its ]");
        has_port = !after.empty();
        port = has_port ? after.substr(1) : after;
    } else {
        const auto mark = authority.find(':');
        url.host = lower(authority.substr(0, mark));
        has_port = mark != std::string_view::npos;
        port = has_port ? authority.substr(mark + 1) : std::string_view();
        if (url.host.empty()) return bad(text, "has no host");
        if (url.host.back() == '.') url.host.pop_back();
        if (!legal_host_name(url.host)) return bad(text, "has a host that is none");
        in_addr v4{};
        // 127.1, 0177.0.0.1 and the like mean different things to different parsers.
        if (numeric(url.host) && ::inet_pton(AF_INET, url.host.c_str(), &v4) != 1)
            return bad(text, "has an IPv4 address that is not four numbers");
    }
    url.port = url.tls() ? 443 : 80;
    if (has_port) {
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (port.empty() || error != std::errc() || end != port.data() + port.size() ||
            url.port < 1 || url.port > 65535)
            return bad(text, "has a port that is not 1 to 65535");
    }
    if (has_dot_segment(url.path)) return bad(text, "has a \".\" or \"..\" in its path");
    if (!url.tls() && plain == PlainHttp::loopback_only && !url.loopback())
        return bad(text,
                   "is http to another machine, where anyone on the way could read the picture and "
                   "the key; use https");
    return url;
}

Url join(const Url& base, std::string_view path) {
    Url out = base;
    const auto query = base.path.find('?');
    std::string before = base.path.substr(0, query);
    while (!before.empty() && before.back() == '/')
        before.pop_back();
    out.path = before + std::string(path);
    if (query != std::string::npos)
        out.path +=
            (out.path.find('?') == std::string::npos ? "?" : "&") + base.path.substr(query + 1);
    return out;
}

} // namespace mw::provider
