// The proxy that the environment names.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "provider/secret.h"
#include "provider/url.h"

namespace mw::provider {

struct Proxy {
    std::string host;
    int port = 0;
    std::string user;
    Secret password;
};

// https_proxy, HTTPS_PROXY or all_proxy, ALL_PROXY for https; http_proxy (lower case alone: the
// other name can be set by a web request to a CGI program) or all_proxy for http. None for this
// machine or for what no_proxy, NO_PROXY lists (names, ".suffix", addresses, "*"; host:port). Only
// http:// proxies are understood. `get` reads a variable. Errors: invalid_argument, naming the
// variable.
Result<std::optional<Proxy>> proxy_for(
    const Url& url, const std::function<std::optional<std::string>(const char*)>& get);

std::optional<std::string> environment_variable(const char* name);

} // namespace mw::provider
