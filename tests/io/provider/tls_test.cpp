// Certificates against openssl's own server.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "provider/http.h"
#include "support/scripted_peer.h"
#include "support/temp_folder.h"

namespace mw::provider {
namespace {

using namespace std::chrono_literals;

bool run_quietly(const std::string& command) {
    return ::system((command + " >/dev/null 2>&1").c_str()) == 0;
}

// openssl s_server -www on a port of its own; what it received lies in its log.
class TlsServer {
  public:
    TlsServer(const test::TempFolder& folder, const std::string& name,
              const std::vector<std::string>& more = {})
        : log_(folder / (name + ".log")) {
        {
            // A port that was free a moment ago.
            test::ScriptedPeer free(
                [](const test::PeerRequest&, int) { return test::PeerReply{}; });
            port_ = free.port();
        }
        std::vector<std::string> words{"openssl", "s_server",
                                       "-accept", "127.0.0.1:" + std::to_string(port_),
                                       "-cert",   (folder / (name + ".pem")).string(),
                                       "-key",    (folder / "key.pem").string(),
                                       "-HTTP"};
        words.insert(words.end(), more.begin(), more.end());
        child_ = ::fork();
        if (child_ == 0) {
            std::vector<char*> argv;
            for (auto& word : words)
                argv.push_back(word.data());
            argv.push_back(nullptr);
            const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT, 0600);
            ::dup2(log, 1);
            ::dup2(log, 2);
            ::chdir(folder.path().c_str());
            ::execvp("openssl", argv.data());
            ::_exit(127);
        }
        for (int i = 0; i < 200 && log().find("ACCEPT") == std::string::npos; ++i)
            ::usleep(20'000);
    }
    ~TlsServer() {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    std::string url(const std::string& host) const {
        return "https://" + host + ":" + std::to_string(port_) + "/hello.txt";
    }
    std::string log() const {
        std::ifstream in(log_);
        return {std::istreambuf_iterator<char>(in), {}};
    }

  private:
    std::filesystem::path log_;
    int port_ = 0;
    pid_t child_ = -1;
};

class Tls : public testing::Test {
  protected:
    void SetUp() override {
        if (!run_quietly("openssl version")) GTEST_SKIP() << "no openssl";
        const std::string in = folder_.path().string() + "/";
        ASSERT_TRUE(
            run_quietly("openssl ecparam -name prime256v1 -genkey -noout -out " + in + "key.pem"));
        const auto certificate = [&](const std::string& name, const std::string& days,
                                     const std::string& host) {
            return run_quietly("openssl req -x509 -new -key " + in + "key.pem -out " + in + name +
                               ".pem -subj /CN=" + host + " -addext subjectAltName=DNS:" + host +
                               " " + days);
        };
        ASSERT_TRUE(certificate("good", "-days 2", "localhost"));
        ASSERT_TRUE(certificate("other", "-days 2", "elsewhere.example"));
        // In the past, which only openssl's own authority can date.
        std::ofstream(folder_ / "ca.cnf")
            << "[ca]\ndefault_ca=c\n[c]\ndatabase=db\nserial=serial\nnew_certs_dir=.\n"
               "default_md=sha256\npolicy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n";
        std::ofstream(folder_ / "db") << "";
        std::ofstream(folder_ / "serial") << "01\n";
        ASSERT_TRUE(run_quietly(
            "cd " + in +
            " && openssl req -new -key key.pem -subj /CN=localhost -addext "
            "subjectAltName=DNS:localhost -out expired.csr && openssl ca -batch -config ca.cnf "
            "-selfsign -keyfile key.pem -in expired.csr -out expired.pem -notext -startdate "
            "20200101000000Z -enddate 20200102000000Z"));
        std::ofstream(folder_ / "hello.txt") << "HTTP/1.0 200 OK\r\n\r\nhello";
    }
    HttpOutcome get(const TlsServer& server, const char* ca,
                    const std::string& host = "localhost") {
        HttpRequest request;
        request.method = "GET";
        request.url = *parse_url(server.url(host));
        request.secret_headers.push_back(
            {"Authorization", "Bearer ", Secret(std::string("TESTKEY-abcdefghijkl"))});
        HttpLimits limits;
        limits.connect = 5s;
        limits.first_byte = 5s;
        if (ca) limits.ca_file = folder_ / ca;
        body_.clear();
        HttpSink sink;
        sink.on_bytes = [&](std::span<const std::byte> bytes) -> Result<Received> {
            body_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            return Received::alive;
        };
        return exchange(request, limits, sink, {});
    }
    test::TempFolder folder_;
    std::string body_;
};

TEST_F(Tls, ATrustedServerIsSpokenTo) {
    const TlsServer good(folder_, "good");
    const HttpOutcome fine = get(good, "good.pem");
    EXPECT_EQ(fine.head.status, 200) << fine.message;
    EXPECT_EQ(body_, "hello");
}

// Nothing of the request, and no key, leaves before the certificate is believed.
TEST_F(Tls, ASelfSignedCertificateIsRefused) {
    const TlsServer good(folder_, "good");
    const HttpOutcome outcome = get(good, nullptr);
    EXPECT_EQ(outcome.problem, HttpProblem::tls);
    EXPECT_EQ(outcome.reach, Reach::nothing);
    EXPECT_NE(outcome.message.find("self-signed"), std::string::npos) << outcome.message;
    EXPECT_EQ(good.log().find("TESTKEY"), std::string::npos);
}

TEST_F(Tls, AnotherNameIsRefused) {
    {
        const TlsServer good(folder_, "good");
        const HttpOutcome by_address = get(good, "good.pem", "127.0.0.1");
        EXPECT_EQ(by_address.problem, HttpProblem::tls) << "the name is not in the certificate";
    }
    const TlsServer other(folder_, "other");
    const HttpOutcome wrong = get(other, "other.pem");
    EXPECT_EQ(wrong.problem, HttpProblem::tls);
    EXPECT_EQ(wrong.reach, Reach::nothing);
    EXPECT_EQ(other.log().find("GET"), std::string::npos);
}

TEST_F(Tls, AnExpiredCertificateIsRefusedThoughItsIssuerIsTrusted) {
    const TlsServer old(folder_, "expired");
    const HttpOutcome expired = get(old, "expired.pem");
    EXPECT_EQ(expired.problem, HttpProblem::tls);
    EXPECT_EQ(expired.reach, Reach::nothing);
    EXPECT_NE(expired.message.find("expired"), std::string::npos) << expired.message;
    EXPECT_EQ(old.log().find("GET"), std::string::npos);
    EXPECT_EQ(old.log().find("TESTKEY"), std::string::npos);
}

TEST_F(Tls, AnOldProtocolIsRefused) {
    const TlsServer ancient(folder_, "good", {"-tls1_1", "-cipher", "ALL:@SECLEVEL=0"});
    const HttpOutcome refused = get(ancient, "good.pem");
    EXPECT_FALSE(refused.ok());
    EXPECT_EQ(refused.reach, Reach::nothing);
}

TEST_F(Tls, AHandshakeThatIsCutSendsNothing) {
    test::ScriptedPeer peer([](const test::PeerRequest&, int) { return test::PeerReply{}; });
    peer.cut_requests_at(20);
    HttpRequest request;
    request.method = "GET";
    request.url = *parse_url("https://127.0.0.1:" + std::to_string(peer.port()) + "/");
    HttpSink sink;
    const HttpOutcome cut = exchange(request, {}, sink, {});
    EXPECT_FALSE(cut.ok());
    EXPECT_EQ(cut.reach, Reach::nothing);
}

} // namespace
} // namespace mw::provider
