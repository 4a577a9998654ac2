#include "base/file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace mw {
namespace {

namespace fs = std::filesystem;

Bytes bytes_of(std::string_view text) {
    const auto b = std::as_bytes(std::span(text.data(), text.size()));
    return {b.begin(), b.end()};
}

class File : public testing::Test {
  protected:
    void SetUp() override {
        char name[] = "/tmp/maskwright-file-XXXXXX";
        folder_ = ::mkdtemp(name);
    }
    void TearDown() override {
        ::chmod(folder_.c_str(), 0700);
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    fs::path at(std::string_view name) const { return folder_ / name; }
    // Nothing but the named files may be left.
    std::size_t count() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
    }
    fs::path folder_;
};

TEST_F(File, writes_and_reads_back) {
    ASSERT_TRUE(write_file_atomic(at("a"), bytes_of("hello")));
    EXPECT_EQ(read_file(at("a")).value(), bytes_of("hello"));
    ASSERT_TRUE(write_file_atomic(at("a"), {}));
    EXPECT_EQ(read_file(at("a")).value(), Bytes{});
    EXPECT_EQ(count(), 1u);
}

TEST_F(File, replacing_keeps_the_permissions) {
    ASSERT_TRUE(write_file_atomic(at("a"), bytes_of("1")));
    fs::permissions(at("a"), fs::perms(0640));
    ASSERT_TRUE(write_file_atomic(at("a"), bytes_of("2")));
    EXPECT_EQ(fs::status(at("a")).permissions(), fs::perms(0640));
    EXPECT_EQ(read_file(at("a")).value(), bytes_of("2"));
}

TEST_F(File, a_missing_folder_is_named) {
    const Status s = write_file_atomic(at("no/where/a"), bytes_of("1"));
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().code, ErrorCode::not_found);
    EXPECT_NE(s.error().message.find("no/where"), std::string::npos);
    EXPECT_EQ(read_file(at("nothing")).error().code, ErrorCode::not_found);
    // A file where a folder should be.
    ASSERT_TRUE(write_file_atomic(at("file"), bytes_of("1")));
    EXPECT_EQ(write_file_atomic(at("file/a"), bytes_of("1")).error().code, ErrorCode::not_found);
    EXPECT_EQ(count(), 1u);
}

TEST_F(File, a_read_only_file_stays) {
    ASSERT_TRUE(write_file_atomic(at("a"), bytes_of("1")));
    fs::permissions(at("a"), fs::perms(0444));
    const Status s = write_file_atomic(at("a"), bytes_of("2"));
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().code, ErrorCode::permission_denied);
    EXPECT_EQ(read_file(at("a")).value(), bytes_of("1"));
    EXPECT_EQ(count(), 1u);
}

TEST_F(File, a_link_is_not_written_through) {
    ASSERT_TRUE(write_file_atomic(at("target"), bytes_of("1")));
    fs::create_symlink(at("target"), at("link"));
    fs::create_symlink(at("gone"), at("dangling"));
    for (const char* name : {"link", "dangling"}) {
        const Status s = write_file_atomic(at(name), bytes_of("2"));
        ASSERT_FALSE(s);
        EXPECT_EQ(s.error().code, ErrorCode::permission_denied);
        EXPECT_TRUE(fs::is_symlink(at(name)));
    }
    EXPECT_EQ(read_file(at("target")).value(), bytes_of("1"));
    EXPECT_EQ(read_file(at("link")).value(), bytes_of("1"));
    EXPECT_EQ(count(), 3u);
}

TEST_F(File, folders_pipes_and_devices_are_errors) {
    EXPECT_EQ(read_file(folder_).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(write_file_atomic(folder_, {}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(write_file_atomic("", {}).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(write_file_atomic(folder_ / "", {}).error().code, ErrorCode::invalid_argument);
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_file(at("pipe")).error().code, ErrorCode::invalid_argument); // no hang
    EXPECT_EQ(read_file("/dev/zero").error().code, ErrorCode::invalid_argument);
    // Renaming over a pipe or a device would replace it by a file.
    const Status s = write_file_atomic(at("pipe"), bytes_of("1"));
    EXPECT_FALSE(s);
    EXPECT_TRUE(fs::is_fifo(at("pipe")));
}

TEST_F(File, the_limit_counts) {
    ASSERT_TRUE(write_file_atomic(at("a"), Bytes(1000)));
    EXPECT_TRUE(read_file(at("a"), 1000));
    const auto r = read_file(at("a"), 999);
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().code, ErrorCode::too_large);
}

TEST_F(File, a_read_only_folder_is_told) {
    ::chmod(folder_.c_str(), 0500);
    if (::access(folder_.c_str(), W_OK) == 0) GTEST_SKIP() << "root may write everywhere";
    EXPECT_EQ(write_file_atomic(at("a"), bytes_of("1")).error().code, ErrorCode::permission_denied);
}

// A limit on the size of files breaks a write half way, as a full disk does.
TEST_F(File, a_write_that_breaks_leaves_the_old_file) {
    ASSERT_TRUE(write_file_atomic(at("a"), bytes_of("old")));
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{4096, 4096};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const Status s = write_file_atomic(at("a"), Bytes(100000));
        ::_exit(!s && s.error().code == ErrorCode::too_large ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(read_file(at("a")).value(), bytes_of("old"));
    EXPECT_EQ(count(), 1u);
}

TEST_F(File, a_very_long_name_is_written_or_refused_cleanly) {
    EXPECT_TRUE(write_file_atomic(at(std::string(255, 'n')), bytes_of("1")));
    EXPECT_FALSE(write_file_atomic(at(std::string(256, 'n')), bytes_of("1")));
    EXPECT_EQ(count(), 1u);
}

TEST(DisplayPath, is_harmless_and_short) {
    EXPECT_EQ(display_path("a b"), "\"a b\"");
    EXPECT_EQ(display_path("a\x1b[31m\n"), "\"a?[31m?\"");
    EXPECT_LE(display_path(std::string(5000, 'x')).size(), 260u);
}

bool is_utf8(std::string_view s) {
    for (std::size_t i = 0; i < s.size();) {
        const auto c = static_cast<unsigned char>(s[i]);
        const std::size_t n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
        if ((c >= 0x80 && c < 0xc2) || c > 0xf4 || i + n > s.size()) return false;
        for (std::size_t k = 1; k < n; ++k)
            if ((static_cast<unsigned char>(s[i + k]) & 0xc0) != 0x80) return false;
        i += n;
    }
    return true;
}

// Messages go to JSON and to the screen: they must stay UTF-8.
TEST(DisplayPath, is_valid_utf8) {
    EXPECT_EQ(display_path("Gr\xc3\xbc\xc3\x9f"
                           "e"),
              "\"Gr\xc3\xbc\xc3\x9f"
              "e\"");
    for (std::size_t lead = 0; lead < 4; ++lead) {
        std::string name(lead, 'x');
        for (int i = 0; i < 200; ++i)
            name += "\xe2\x82\xac";
        EXPECT_TRUE(is_utf8(display_path(name))) << lead;
    }
    EXPECT_EQ(display_path("a\xff\xc3"), "\"a??\"");
    EXPECT_EQ(display_path("\xe2\x82"), "\"??\"");
    EXPECT_EQ(display_path("\xc2\x9b"), "\"??\""); // CSI as one control character
}

} // namespace
} // namespace mw
