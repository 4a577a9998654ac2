// Broken, lying and hostile files: the expected column of the corpus' README.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "corpus.h"

namespace mw::codec::io {
namespace {

namespace fs = std::filesystem;

#ifdef MASKWRIGHT_SANITIZED
constexpr double kMaxCpu = 20, kMaxMb = 4096;
#else
constexpr double kMaxCpu = 2, kMaxMb = 256;
#endif

std::string expected_of(const std::map<std::string, std::string>& rows, const fs::path& file) {
    const std::string name = file.filename();
    if (const auto row = rows.find(name); row != rows.end()) return row->second;
    const auto range = rows.find(name.substr(0, name.find_first_of("0123456789")));
    return range == rows.end() ? "" : range->second;
}

void check_refusal(const fs::path& file, const std::string& expected, const Outcome& o) {
    ASSERT_FALSE(o.picture) << file << " was opened; expected: " << expected;
    const Error& error = o.picture.error();
    expect_good_message(error, file);
    EXPECT_LE(static_cast<double>(o.usage.peak_kib) / 1024, kMaxMb) << file;
    if (!expected.starts_with("refuse by limit") || error.code == ErrorCode::unsupported) return;
    if (file.filename() != "dims_zero.png") {
        EXPECT_EQ(error.code, ErrorCode::too_large) << error.message;
    }
    EXPECT_NE(error.message.find(" x "), std::string::npos) << error.message;
}

TEST(Bad, EveryFileIsMetAsTheCorpusExpects) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    const auto rows = expectations();
    int opened = 0, refused = 0;
    Worst worst;
    for (const fs::path& file : files_below("bad")) {
        if (file.parent_path().filename() == "project") continue;
        SCOPED_TRACE(file.string());
        const std::string expected = expected_of(rows, file);
        ASSERT_FALSE(expected.empty()) << "no row in the README";
        const Outcome o = open_file(file);
        worst.add(o.usage, file);
        EXPECT_LT(o.usage.cpu_seconds,
                  expected.find("under 1 s") != std::string::npos ? kMaxCpu / 2 : kMaxCpu);
        (o.picture ? opened : refused) += 1;
        if (expected.starts_with("refuse")) {
            check_refusal(file, expected, o);
        } else if (expected.starts_with("either")) {
            if (o.picture)
                EXPECT_FALSE(o.picture->warnings.empty()) << "opened without a warning";
            else
                check_refusal(file, expected, o);
        } else if (expected.starts_with("open without keeping")) {
            ASSERT_TRUE(o.picture) << o.picture.error().message;
            EXPECT_TRUE(o.picture->metadata.icc.empty() && o.picture->metadata.xmp.empty());
            EXPECT_LT(static_cast<double>(o.usage.peak_kib) / 1024, kMaxMb / 4);
        } else if (expected == "open") {
            ASSERT_TRUE(o.picture) << o.picture.error().message;
        } else if (o.picture)
            EXPECT_TRUE(expected.starts_with("open or refuse"));
        else
            check_refusal(file, expected, o);
    }
    EXPECT_GT(refused, 0);
    fmt::print("bad pictures: {} opened, {} refused; {}\n", opened, refused, worst.text());
}

TEST(Bad, ProjectFilesAreNotPicturesAndStayAsTheyAre) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    int refused = 0;
    for (const fs::path& file : files_below("bad/project")) {
        SCOPED_TRACE(file.string());
        const std::string before = sha256_hex(read_file(file).value());
        const Outcome o = open_file(file);
        ASSERT_FALSE(o.picture);
        expect_good_message(o.picture.error(), file);
        EXPECT_EQ(sha256_hex(read_file(file).value()), before);
        ++refused;
    }
    fmt::print("project files given as pictures: {} refused\n", refused);
}

// The service's answers are the bytes of pictures or not; as files they are none.
TEST(Bad, AnswersOfAServiceAreNotPictures) {
    if (corpus().empty()) GTEST_SKIP() << "no shared corpus beside the repository";
    for (const char* folder : {"api", "text"})
        for (const fs::path& file : files_below(folder)) {
            SCOPED_TRACE(file.string());
            const Outcome o = open_file(file);
            ASSERT_FALSE(o.picture);
            expect_good_message(o.picture.error(), file);
        }
}

} // namespace
} // namespace mw::codec::io
