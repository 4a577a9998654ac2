#include "provider/secret.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <fstream>
#include <type_traits>

#include "base/file.h"
#include "provider/foreign_text.h"
#include "provider/keys.h"
#include "support/temp_folder.h"

namespace mw::provider {
namespace {

const std::string kKey = "TESTKEY-0123456789abcdefghijklmnop";

template <class T>
concept Streams = requires(std::ostream& out, const T& value) {
    out << value;
};

TEST(Secret, CannotBeShownByAccident) {
    static_assert(!Streams<Secret>);
    static_assert(!std::is_convertible_v<Secret, std::string>);
    static_assert(!std::is_convertible_v<Secret, std::string_view>);
    std::string text = kKey;
    const Secret secret(std::move(text));
    EXPECT_EQ(secret.reveal(), kKey);
    EXPECT_TRUE(secret.fits_header());
    EXPECT_FALSE(Secret(std::string("two words")).fits_header());
    EXPECT_FALSE(Secret(std::string("line\r\nX-Header: 1")).fits_header());
    EXPECT_FALSE(Secret().fits_header());
}

TEST(Secret, TheProcessCannotBeDumpedWhileOneIsHeld) {
    const int before = ::prctl(PR_GET_DUMPABLE);
    {
        const Secret a(std::string("abc")), b(std::string("def"));
        EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 0);
    }
    EXPECT_EQ(::prctl(PR_GET_DUMPABLE), before);
}

TEST(Secret, IsTakenOutOfForeignText) {
    const Secret secret{std::string(kKey)};
    EXPECT_EQ(redact("Incorrect API key provided: " + kKey + ". Sorry", secret),
              "Incorrect API key provided: [key]. Sorry");
    // Also a long part of it, and twice.
    const std::string part = kKey.substr(3, 20);
    EXPECT_EQ(redact(part + " and " + part, secret), "[key] and [key]");
    EXPECT_EQ(redact("TESTKEY- alone is no secret", secret), "TESTKEY- alone is no secret");
    EXPECT_EQ(redact("anything", Secret()), "anything");
}

TEST(ForeignText, IsFitForASentence) {
    const Secret none;
    EXPECT_EQ(foreign_text("  a\r\n\x1b[31mred\x07 ", none), "a [31mred");
    EXPECT_EQ(foreign_text("abc\xE2\x80\xAE"
                           "def.",
                           none),
              "abc def");
    EXPECT_EQ(foreign_text(std::string("a\0b", 3), none), "a b");
    EXPECT_EQ(foreign_text("\xff\xC3\xA4", none), "?\xC3\xA4");
    EXPECT_LE(foreign_text(std::string(100000, 'x'), none).size(), 310u);
    EXPECT_EQ(foreign_text("%s%n##id", none), "%s%n##id"); // plain text to whoever shows it
}

class KeysTest : public testing::Test {
  protected:
    void SetUp() override {
        ::setenv("MASKWRIGHT_KEYS", (folder_.path() / "keys").c_str(), 1);
        ::setenv("PATH", folder_.path().c_str(), 1); // no real keyring
        ::unsetenv("MW_TEST_KEY");
    }
    void TearDown() override {
        ::unsetenv("MASKWRIGHT_KEYS");
        ::unsetenv("MW_TEST_KEY");
        ::setenv("PATH", path_.c_str(), 1);
    }
    void write_file(const std::string& text, int mode) {
        std::ofstream(folder_.path() / "keys") << text;
        ::chmod((folder_.path() / "keys").c_str(), static_cast<mode_t>(mode));
    }
    test::TempFolder folder_;
    std::string path_ = ::getenv("PATH");
    const std::string origin_ = "https://api.example.com";
};

TEST_F(KeysTest, AskedInOrderAndByOrigin) {
    Keys keys;
    EXPECT_FALSE(keys.find(origin_, {"MW_TEST_KEY"}).value());
    write_file("# mine\nhttps://other.example.com other-key\nhttps://api.example.com  file-key\n",
               0600);
    auto found = keys.find(origin_, {"MW_TEST_KEY"}).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->source, KeySource::file);
    EXPECT_EQ(found->key.reveal(), "file-key");
    EXPECT_FALSE(keys.find("https://api.example.com:8443", {}).value());
    EXPECT_FALSE(keys.find("http://api.example.com", {}).value());
    ::setenv("MW_TEST_KEY", "env-key", 1);
    EXPECT_EQ(keys.find(origin_, {"MW_TEST_KEY"}).value()->source, KeySource::environment);
    keys.set_for_session(origin_, Secret(std::string("typed-key")));
    EXPECT_EQ(keys.find(origin_, {"MW_TEST_KEY"}).value()->key.reveal(), "typed-key");
    keys.set_for_session(origin_, Secret());
    EXPECT_EQ(keys.find(origin_, {"MW_TEST_KEY"}).value()->source, KeySource::environment);
}

TEST_F(KeysTest, AFileThatOthersCanReadIsNotUsed) {
    Keys keys;
    write_file("https://api.example.com file-key\n", 0644);
    const auto found = keys.find(origin_, {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::permission_denied);
    EXPECT_EQ(found.error().message.find("file-key"), std::string::npos);
}

// A stand-in for libsecret's tool, which keeps its secrets in a file.
TEST_F(KeysTest, TheKeyringIsAskedThroughItsToolAndNoKeyIsInItsArguments) {
    const auto tool = folder_.path() / "secret-tool";
    std::ofstream(tool) << "#!/bin/sh\nexport PATH=/usr/bin:/bin\nd=$(dirname \"$0\")\n"
                           "echo \"$@\" >> \"$d/words\"\ncase $1 in\n"
                           "store) cat > \"$d/stored\";;\nlookup) cat \"$d/stored\";;\n"
                           "clear) rm \"$d/stored\";;\nesac\n";
    ::chmod(tool.c_str(), 0700);
    EXPECT_TRUE(Keys::store_in_keyring(origin_, Secret{std::string(kKey)}));
    Keys keys;
    const auto found = keys.find(origin_, {}).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->source, KeySource::keyring);
    EXPECT_EQ(found->key.reveal(), kKey);
    EXPECT_TRUE(Keys::forget_in_keyring(origin_));
    EXPECT_FALSE(Keys::forget_in_keyring(origin_));
    const auto words = read_file(folder_.path() / "words");
    ASSERT_TRUE(words);
    const std::string all(reinterpret_cast<const char*>(words->data()), words->size());
    EXPECT_EQ(all.find("TESTKEY"), std::string::npos);
    EXPECT_NE(all.find("origin https://api.example.com"), std::string::npos);
}

} // namespace
} // namespace mw::provider
