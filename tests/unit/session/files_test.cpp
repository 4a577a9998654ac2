// Opening and exporting, and the questions that come before something is lost.
#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "codec/codec.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

void write_text(const std::filesystem::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

// An 8-bit grey PNG header that promises width x height, and nothing behind it but a fitting IEND.
std::string png_that_claims(std::uint32_t width, std::uint32_t height) {
    const auto crc = [](std::string_view bytes) {
        std::uint32_t c = ~0u;
        for (const char byte : bytes) {
            c ^= static_cast<unsigned char>(byte);
            for (int k = 0; k < 8; ++k)
                c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
        }
        return ~c;
    };
    const auto number = [](std::uint32_t n) {
        return std::string{char(n >> 24), char(n >> 16), char(n >> 8), char(n)};
    };
    const auto chunk = [&](const std::string& type, const std::string& data) {
        return number(std::uint32_t(data.size())) + type + data + number(crc(type + data));
    };
    using namespace std::string_literals;
    return "\x89PNG\r\n\x1a\n" +
           chunk("IHDR", number(width) + number(height) + "\x08\x00\x00\x00\x00"s) +
           chunk("IDAT", "\x78\x9c\x03\x00\x00\x00\x00\x01"s) + chunk("IEND", "");
}

void make_unsaved_work(SessionDriver& driver) {
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
}

TEST(Files, OpenFailureLeavesTheDocument) {
    SessionDriver driver;
    make_unsaved_work(driver);
    const auto* document = driver.view().document;
    const auto id = driver.view().document_id;
    write_text(driver.folder / "text.png", "this is no picture");
    write_text(driver.folder / "empty.png", "");
    for (const char* name : {"text.png", "empty.png", "missing.png", "."}) {
        driver.apply(OpenFile{driver.folder / name, false, true});
        ASSERT_TRUE(driver.until_idle());
    }
    EXPECT_TRUE(driver.has_notice("missing.png"));
    EXPECT_EQ(driver.view().document, document);
    EXPECT_EQ(driver.view().document_id, id);
    EXPECT_EQ(driver.iterations(), 2u);
    EXPECT_EQ(driver.view().document->shown, 1);
    int told = 0;
    for (const Notice& notice : driver.view().notices)
        told += notice.severity == Severity::error;
    EXPECT_EQ(told, 4);
    for (const JobView& job : driver.view().jobs)
        EXPECT_NE(job.kind, JobKind::open) << "said once, in a notice";
}

TEST(Files, TooLargeOffersTheRaisedLimitOnce) {
    SessionDriver driver;
    write_text(driver.folder / "huge.png", png_that_claims(16000, 10000)); // 160 MP
    driver.apply(OpenFile{driver.folder / "huge.png"});
    ASSERT_TRUE(driver.until_idle());
    ASSERT_TRUE(driver.last_button()) << "the way out is a button";
    const auto again = std::get<OpenFile>(*driver.last_button());
    EXPECT_TRUE(again.raise_limit);
    EXPECT_EQ(again.path, driver.folder / "huge.png");
    const auto count = driver.view().notices.size();
    driver.apply(again);
    ASSERT_TRUE(driver.until_idle());
    ASSERT_GT(driver.view().notices.size(), count);
    EXPECT_FALSE(driver.view().notices.back().action_label) << "no button that does not help";
    EXPECT_EQ(driver.view().document, nullptr);
}

TEST(Files, UnsavedWorkIsAskedAbout) {
    SessionDriver driver;
    make_unsaved_work(driver);
    const auto first = driver.view().document_id;
    driver.apply(OpenFile{driver.folder / "picture.png"});
    EXPECT_FALSE(driver.session().busy());
    ASSERT_TRUE(driver.last_button());
    EXPECT_TRUE(std::get<OpenFile>(*driver.last_button()).discard);
    driver.apply(CloseDocument{});
    ASSERT_TRUE(driver.view().document) << "closing asks, too";
    EXPECT_TRUE(std::get<CloseDocument>(*driver.last_button()).discard);
    driver.apply(ShowIteration{0});
    driver.apply(CloseDocument{});
    ASSERT_TRUE(driver.view().document) << "looking at the original saves nothing";
    driver.apply(ShowIteration{1});
    driver.apply(Export{driver.folder / "out.png"});
    ASSERT_TRUE(driver.until_idle());
    driver.apply(OpenFile{driver.folder / "picture.png"});
    ASSERT_TRUE(driver.until([&] { return driver.view().document_id != first; }))
        << "what is exported is no longer unsaved";
    driver.apply(CloseDocument{});
    EXPECT_EQ(driver.view().document, nullptr) << "a picture that was only looked at";
}

// A button offered for one document must not act on the next.
TEST(Files, QuestionsGoWithTheirDocument) {
    SessionDriver driver;
    make_unsaved_work(driver);
    write_text(driver.folder / "there.png", "mine");
    driver.apply(Export{driver.folder / "there.png"});
    driver.apply(SaveMask{driver.folder / "there.png"});
    driver.apply(CloseDocument{});
    ASSERT_TRUE(driver.last_button());
    driver.apply(CloseDocument{true});
    EXPECT_FALSE(driver.last_button());
    EXPECT_FALSE(driver.has_notice("there.png"));
}

TEST(Files, ExportAsksBeforeOverwriting) {
    SessionDriver driver;
    make_unsaved_work(driver);
    const auto source = driver.folder / "picture.png";
    const auto before = read_file(source);
    ASSERT_TRUE(before);
    driver.apply(Export{source});
    EXPECT_FALSE(driver.session().busy());
    EXPECT_TRUE(driver.has_notice("is the picture you opened"));
    EXPECT_EQ(read_file(source).value(), before.value());
    ASSERT_TRUE(driver.last_button());
    driver.apply(*driver.last_button());
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("read back: 0 samples"));
    const auto back = codec::decode_file(source);
    ASSERT_TRUE(back);
    EXPECT_TRUE(image::identical(back->pixels.view(), driver.view().shown->view()));
    EXPECT_EQ(driver.folder.files(), 1) << "no temporary file is left";
}

TEST(Files, ExportFailuresNameTheWayOut) {
    SessionDriver driver;
    make_unsaved_work(driver);
    for (const char* name : {"no/such/folder/out.png", "out.xyz", "out"}) {
        driver.apply(Export{driver.folder / name});
        ASSERT_TRUE(driver.until_idle());
        EXPECT_EQ(driver.job(driver.last_job())->state, JobState::failed) << name;
        EXPECT_GT(driver.job(driver.last_job())->error.size(), 20u);
    }
    std::filesystem::create_directory(driver.folder / "folder.png");
    driver.apply(Export{driver.folder / "folder.png"});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("is a folder"));
    EXPECT_EQ(driver.folder.files(), 2);
}

TEST(Files, LossyExportSaysSo) {
    SessionDriver driver;
    make_unsaved_work(driver);
    driver.apply(Export{driver.folder / "out.jpg"});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("re-encodes every pixel"));
    EXPECT_TRUE(driver.has_notice("use PNG"));
}

// Two iterations deep: the proof covers the union of both masks.
TEST(Files, ExportProvesTheWholeChain) {
    SessionDriver driver;
    make_unsaved_work(driver);
    driver.apply(AcceptIteration{1});
    driver.apply(ClearMask{});
    driver.paint(50, 40, 4);
    driver.ask();
    ASSERT_TRUE(driver.until_idle());
    ASSERT_EQ(driver.view().document->tree.at(2).parent, 1);
    driver.apply(Export{driver.folder / "out.png"});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("read back: 0 samples outside the masks"));
}

TEST(Files, RecentFilesOfASession) {
    SessionDriver driver;
    ASSERT_TRUE(driver.open({16, 16}, "a.png"));
    ASSERT_TRUE(driver.open({16, 16}, "b.png"));
    driver.apply(OpenFile{driver.folder / "missing.png", false, true});
    ASSERT_TRUE(driver.until_idle());
    ASSERT_EQ(driver.view().recent_files.size(), 2u) << "what did not open is not remembered";
    EXPECT_EQ(driver.view().recent_files.front(), driver.folder / "b.png");
}

// What a person who looks through a folder sees of its files.
TEST(Files, GlancesAreMadeInOrderAndAFileThatIsNoneHasNone) {
    test::SessionDriver desk;
    const auto folder = desk.folder.path();
    const auto picture = folder / "wide.png", broken = folder / "broken.png";
    ASSERT_TRUE(codec::save(picture, test::ramp_picture({400, 100}).view(), {}));
    std::ofstream(broken) << "no picture";
    desk.apply(GlanceAt{{broken, picture, folder / "missing.png"}});
    ASSERT_TRUE(desk.until([&] { return desk.view().glances.size() == 3; }));
    EXPECT_EQ(desk.view().glances.at(broken), nullptr);
    EXPECT_EQ(desk.view().glances.at(folder / "missing.png"), nullptr);
    ASSERT_TRUE(desk.view().glances.at(picture));
    EXPECT_EQ(desk.view().glances.at(picture)->size(), (Size{96, 24}));
    EXPECT_EQ(desk.view().glances.at(picture)->format(), image::kRgba8);
    EXPECT_TRUE(desk.view().jobs.empty()); // unseen
    EXPECT_TRUE(desk.view().notices.empty());
}

TEST(Files, WhatIsOutOfSightIsNotGlancedAt) {
    test::SessionDriver desk;
    std::vector<std::filesystem::path> many;
    for (int i = 0; i < 30; ++i) {
        many.push_back(desk.folder / ("p" + std::to_string(i) + ".png"));
        ASSERT_TRUE(codec::save(many.back(), test::ramp_picture({64, 64}).view(), {}));
    }
    desk.apply(GlanceAt{many});
    desk.apply(GlanceAt{{many[29]}});
    ASSERT_TRUE(desk.until([&] { return desk.view().glances.contains(many[29]); }));
    EXPECT_LE(desk.view().glances.size(), 2u);
    desk.apply(GlanceAt{});
    ASSERT_TRUE(desk.open({32, 32})); // nothing stands in its way
}

} // namespace
} // namespace mw::session
