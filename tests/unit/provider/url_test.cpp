#include "provider/url.h"

#include <gtest/gtest.h>

#include "provider/proxy.h"

namespace mw::provider {
namespace {

TEST(Url, ReadsWhatServicesUse) {
    const auto url = parse_url("https://API.OpenAI.com/v1");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->host, "api.openai.com");
    EXPECT_EQ(url->port, 443);
    EXPECT_EQ(url->path, "/v1");
    EXPECT_EQ(url->origin(), "https://api.openai.com");
    EXPECT_EQ(join(*url, "/images/edits").text(), "https://api.openai.com/v1/images/edits");

    const auto azure = parse_url("https://x.openai.azure.com/openai/v1/?api-version=preview");
    ASSERT_TRUE(azure);
    EXPECT_EQ(join(*azure, "/images/edits").path, "/openai/v1/images/edits?api-version=preview");

    const auto local = parse_url("http://127.0.0.1:8080");
    ASSERT_TRUE(local);
    EXPECT_EQ(local->origin(), "http://127.0.0.1:8080");
    EXPECT_TRUE(local->loopback());
    const auto v6 = parse_url("http://[::1]:99/v1");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->origin(), "http://[::1]:99");
    EXPECT_TRUE(v6->loopback());
}

TEST(Url, RefusesWhatCouldMeanTwoThings) {
    for (const char* bad : {"",
                            "api.openai.com",
                            "ftp://x.com",
                            "file:///etc/passwd",
                            "https://",
                            "https:///v1",
                            "https://user:pass@x.com",
                            "https://x.com@evil.com/",
                            "https://x.com/#frag",
                            "https://x.com/a b",
                            "https://x.com/\r\nHost: evil",
                            "https://x.com\\@evil.com",
                            "https://x.com:0",
                            "https://x.com:65536",
                            "https://x.com:",
                            "https://x.com:80a",
                            "https://127.1/",
                            "https://0177.0.0.1",
                            "https://[::1",
                            "https://[zz]/",
                            "https://a..b/",
                            "https://x.com/../v1",
                            "https://x.com/%2e%2e/v1",
                            "http://x.com/v1",
                            "http://127.0.0.1.evil.com/",
                            "https://ex\xC3\xA4mple.com"})
        EXPECT_FALSE(parse_url(bad)) << bad;
    EXPECT_TRUE(parse_url("http://x.com/v1", PlainHttp::anywhere));
    const auto error = parse_url("https://u:SECRETPART@x.com");
    ASSERT_FALSE(error);
    EXPECT_EQ(error.error().message.find("SECRETPART"), std::string::npos);
}

TEST(Proxy, FollowsTheEnvironmentButNeverForThisMachine) {
    std::map<std::string, std::string> env;
    const auto get = [&](const char* name) {
        const auto it = env.find(name);
        return it == env.end() ? std::nullopt : std::optional(it->second);
    };
    const Url api = *parse_url("https://api.openai.com/v1");
    EXPECT_FALSE(proxy_for(api, get).value());
    env["https_proxy"] = "http://bob:p%40ss@proxy.example:3128/";
    const auto proxy = proxy_for(api, get).value();
    ASSERT_TRUE(proxy);
    EXPECT_EQ(proxy->host, "proxy.example");
    EXPECT_EQ(proxy->port, 3128);
    EXPECT_EQ(proxy->user, "bob");
    EXPECT_EQ(proxy->password.reveal(), "p@ss");
    EXPECT_FALSE(proxy_for(*parse_url("https://localhost/v1"), get).value());
    env["no_proxy"] = "example.org, .openai.com";
    EXPECT_FALSE(proxy_for(api, get).value());
    EXPECT_TRUE(proxy_for(*parse_url("https://notopenai.com"), get).value());
    env["no_proxy"] = "*";
    EXPECT_FALSE(proxy_for(api, get).value());
    env.clear();
    env["HTTP_PROXY"] = "http://evil:1"; // a web request may set it
    EXPECT_FALSE(proxy_for(*parse_url("http://x.com", PlainHttp::anywhere), get).value());
    env["https_proxy"] = "socks5://x:1";
    const auto refused = proxy_for(api, get);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("https_proxy"), std::string::npos);
}

} // namespace
} // namespace mw::provider
