#include "provider/proxy.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

namespace mw::provider {
namespace {

std::string trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr ==
                text.data() + i + 3) {
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

bool excepted(const Url& url, std::string_view list) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        std::string entry = lower(trimmed(list.substr(0, comma)));
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
        if (entry.empty()) continue;
        if (entry == "*") return true;
        if (const auto colon = entry.rfind(':');
            colon != std::string::npos && entry.find(':') == colon) {
            if (entry.substr(colon + 1) != std::to_string(url.port)) continue;
            entry.resize(colon);
        }
        if (entry[0] == '*') entry.erase(0, 1);
        if (entry[0] == '.') entry.erase(0, 1);
        if (entry == url.host) return true;
        if (url.host.size() > entry.size() && url.host.ends_with(entry) &&
            url.host[url.host.size() - entry.size() - 1] == '.')
            return true;
    }
    return false;
}

} // namespace

std::optional<std::string> environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
}

Result<std::optional<Proxy>> proxy_for(
    const Url& url, const std::function<std::optional<std::string>(const char*)>& get) {
    if (url.loopback()) return std::optional<Proxy>();
    for (const char* name : {"no_proxy", "NO_PROXY"})
        if (const auto list = get(name); list && excepted(url, *list))
            return std::optional<Proxy>();
    const std::vector<const char*> names =
        url.tls() ? std::vector{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}
                  : std::vector{"http_proxy", "all_proxy", "ALL_PROXY"};
    std::string text;
    const char* variable = nullptr;
    for (const char* name : names)
        if (const auto value = get(name); value && !trimmed(*value).empty()) {
            text = trimmed(*value);
            variable = name;
            break;
        }
    if (!variable) return std::optional<Proxy>();
    const auto bad = [&](std::string_view why) {
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The variable {} {}; nothing was sent. A proxy looks like "
                                "http://proxy.example:3128.",
                                variable, why));
    };
    Proxy proxy;
    std::string rest = text;
    if (const auto scheme = rest.find("://"); scheme != std::string::npos) {
        if (lower(rest.substr(0, scheme)) != "http")
            return bad("names a proxy that is not spoken to by http, which this version cannot do");
        rest.erase(0, scheme + 3);
    }
    while (!rest.empty() && rest.back() == '/')
        rest.pop_back();
    if (const auto at = rest.rfind('@'); at != std::string::npos) {
        const std::string user = rest.substr(0, at);
        rest.erase(0, at + 1);
        const auto colon = user.find(':');
        proxy.user = percent_decoded(user.substr(0, colon));
        if (colon != std::string::npos)
            proxy.password = Secret(percent_decoded(user.substr(colon + 1)));
    }
    // The host and port by the one parser of addresses.
    auto address = parse_url("http://" + rest, PlainHttp::anywhere);
    if (!address || !address->path.empty()) return bad("does not name a host and a port");
    proxy.host = address->host;
    proxy.port = address->port;
    return std::optional<Proxy>(std::move(proxy));
}

} // namespace mw::provider
