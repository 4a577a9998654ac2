// Azure OpenAI and gateways that speak alike: where a request goes, with which header, from the
// environment alone.
#include <stdlib.h>

#include "provider/registry.h"
#include "services/fixture.h"

namespace mw::test {
namespace {

using namespace std::chrono_literals;

class Environment {
  public:
    ~Environment() {
        for (const std::string& name : set_)
            ::unsetenv(name.c_str());
    }
    void set(const char* name, const std::string& value) {
        ::setenv(name, value.c_str(), 1);
        set_.emplace_back(name);
    }

  private:
    std::vector<std::string> set_;
};

class LikeOpenAi : public testing::Test {
  protected:
    LikeOpenAi()
        : peer([](const PeerRequest&, int) {
              return json_reply(
                  {{"data", {{{"b64_json", picture_text({1024, 1024}, {9, 9, 9})}}}}});
          }) {
        for (const char* name :
             {"AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN", "AZURE_OPENAI_API_VERSION",
              "AZURE_OPENAI_DEPLOYMENT", "AZURE_OPENAI_MODEL", "MASKWRIGHT_API_KEY"})
            ::unsetenv(name);
        environment.set("MASKWRIGHT_KEYS", (folder / "no such file").string());
        environment.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    }
    // The one request that was made.
    PeerRequest ask(const char* provider) {
        provider::BackendOptions options;
        options.state_folder = folder.path();
        auto backend = provider::make_backend(provider, options);
        if (!backend) {
            ADD_FAILURE() << backend.error().message;
            return {};
        }
        const auto before = peer.received().size();
        edit::EditRequest request = make_request((*backend)->models().front().id, "a red door");
        request.id = edit::new_request_id();
        request.plan.request_size = {1024, 1024};
        const auto result = (*backend)->run(request, watched.observer(), {});
        EXPECT_TRUE(result) << (result ? "" : result.error().message);
        const auto received = peer.received();
        EXPECT_EQ(received.size(), before + 1);
        return received.empty() ? PeerRequest{} : received.back();
    }
    TempFolder folder;
    Environment environment;
    Watched watched;
    ScriptedPeer peer;
};

TEST_F(LikeOpenAi, AzureByItsNewPaths) {
    environment.set("AZURE_OPENAI_ENDPOINT", peer.url());
    environment.set("AZURE_OPENAI_API_KEY", "TESTKEY-azure-0123456789");
    environment.set("AZURE_OPENAI_DEPLOYMENT", "our-pictures");
    environment.set("AZURE_OPENAI_MODEL", "gpt-image-2");
    const PeerRequest request = ask("azure");
    EXPECT_EQ(request.target, "/openai/v1/images/edits?api-version=preview");
    EXPECT_EQ(request.header("api-key"), "TESTKEY-azure-0123456789");
    EXPECT_EQ(request.header("authorization"), "");
    EXPECT_NE(request.body.find("name=\"model\"\r\n\r\nour-pictures"), std::string::npos);
    EXPECT_NE(request.body.find("name=\"mask\""), std::string::npos);
}

TEST_F(LikeOpenAi, AzureByItsDatedVersionNamesTheDeploymentInThePath) {
    environment.set("AZURE_OPENAI_ENDPOINT", peer.url() + "/");
    environment.set("AZURE_OPENAI_API_KEY", "TESTKEY-azure-0123456789");
    environment.set("AZURE_OPENAI_API_VERSION", "2025-04-01-preview");
    provider::BackendOptions options;
    options.state_folder = folder.path();
    // Without the deployment nothing can be asked, and it is said what to set.
    auto unnamed = provider::make_backend("azure", options);
    ASSERT_TRUE(unnamed);
    const Status refused = (*unnamed)->check("x", {});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("AZURE_OPENAI_DEPLOYMENT"), std::string::npos);
    environment.set("AZURE_OPENAI_DEPLOYMENT", "our-pictures");
    const PeerRequest request = ask("azure");
    EXPECT_EQ(request.target,
              "/openai/deployments/our-pictures/images/edits?api-version=2025-04-01-preview");
    EXPECT_EQ(request.header("api-key"), "TESTKEY-azure-0123456789");
}

TEST_F(LikeOpenAi, AzureWithAnEntraToken) {
    environment.set("AZURE_OPENAI_ENDPOINT", peer.url() + "/openai/v1?api-version=2026-01-01");
    environment.set("AZURE_OPENAI_AD_TOKEN", "TESTKEY-entra.eyJ0.abc-_123");
    PeerRequest request = ask("azure");
    EXPECT_EQ(request.target, "/openai/v1/images/edits?api-version=2026-01-01");
    EXPECT_EQ(request.header("authorization"), "Bearer TESTKEY-entra.eyJ0.abc-_123");
    EXPECT_EQ(request.header("api-key"), "");
    // A key is the surer word.
    environment.set("AZURE_OPENAI_API_KEY", "TESTKEY-azure-0123456789");
    request = ask("azure");
    EXPECT_EQ(request.header("authorization"), "");
    EXPECT_EQ(request.header("api-key"), "TESTKEY-azure-0123456789");
}

TEST_F(LikeOpenAi, AzureRefusesNamesThatWouldLeadElsewhere) {
    environment.set("AZURE_OPENAI_ENDPOINT", peer.url());
    environment.set("AZURE_OPENAI_API_VERSION", "2025-04-01&x=1");
    EXPECT_FALSE(provider::make_backend("azure", {}));
    environment.set("AZURE_OPENAI_API_VERSION", "2025-04-01");
    environment.set("AZURE_OPENAI_DEPLOYMENT", "../../other");
    EXPECT_FALSE(provider::make_backend("azure", {}));
    EXPECT_EQ(peer.connections(), 0);
}

TEST_F(LikeOpenAi, AGatewayWithAModelOfItsOwn) {
    environment.set("MASKWRIGHT_COMPATIBLE_URL", peer.url() + "/proxy/v1");
    environment.set("MASKWRIGHT_COMPATIBLE_MODEL", "house-model");
    PeerRequest request = ask("compatible");
    EXPECT_EQ(request.target, "/proxy/v1/images/edits");
    EXPECT_EQ(request.header("authorization"), "") << "no key is set, so none is sent";
    EXPECT_NE(request.body.find("house-model"), std::string::npos);
    environment.set("MASKWRIGHT_COMPATIBLE_KEY", "TESTKEY-gateway-01234567");
    request = ask("compatible");
    EXPECT_EQ(request.header("authorization"), "Bearer TESTKEY-gateway-01234567");
}

} // namespace
} // namespace mw::test
