// The comparison as a state of the session: sides, figures, raw answers, files, candidates.
#include "codec/codec.h"
#include "support/session_driver.h"

#include <gtest/gtest.h>

#include <limits>

namespace mw::session {
namespace {

using test::SessionDriver;
using Kind = CompareSource::Kind;

class Comparing : public ::testing::Test {
  protected:
    // An iteration that changes a dab at (30, 20) of a 64 x 48 ramp to `value`.
    void open_and_edit(int value = 200, int spill = 0) {
        ASSERT_TRUE(driver.open({64, 48}));
        edit(value, spill);
    }
    void edit(int value, int spill = 0) {
        const std::size_t before = driver.iterations();
        std::vector<test::FakeBackend::Reply> replies(
            static_cast<std::size_t>(driver.backend->runs() + 1));
        replies.back().value = value;
        replies.back().spill = spill;
        driver.backend->script(replies);
        driver.paint(30, 20);
        driver.ask();
        ASSERT_TRUE(driver.until_idle());
        ASSERT_EQ(driver.iterations(), before + 1);
    }
    void compare(CompareState state) {
        driver.apply(SetCompare{state});
        ASSERT_TRUE(driver.until_idle());
    }
    CompareState with_figures(CompareMode mode = CompareMode::side_by_side) {
        CompareState state;
        state.mode = mode;
        state.figures = true;
        return state;
    }
    std::filesystem::path save(const std::string& name, const image::Image& picture) {
        const auto path = driver.folder.path() / name;
        EXPECT_TRUE(codec::save(path, picture.view(), {}));
        return path;
    }
    const ComparisonView& pair() const { return driver.view().comparison; }

    SessionDriver driver;
};

TEST_F(Comparing, TheOriginalAloneHasNothingToCompareWith) {
    ASSERT_TRUE(driver.open({64, 48}));
    EXPECT_FALSE(pair().possible());
    compare(with_figures());
    EXPECT_FALSE(pair().possible());
    EXPECT_FALSE(pair().figures);
    EXPECT_TRUE(pair().candidates.empty());
}

TEST_F(Comparing, TheResultIsHeldAgainstItsParent) {
    open_and_edit();
    EXPECT_TRUE(pair().possible());
    EXPECT_EQ(pair().a.name, "Original");
    EXPECT_EQ(pair().b.name, "1");
    EXPECT_EQ(pair().a.picture, driver.view().original);
    EXPECT_EQ(pair().b.picture, driver.view().shown);
    EXPECT_FALSE(pair().figures) << "nobody asked for them";
}

TEST_F(Comparing, FiguresComeForThePairAndItsMask) {
    open_and_edit();
    compare(with_figures());
    ASSERT_TRUE(pair().figures);
    EXPECT_EQ(pair().figures_of, "the mask of 1");
    const auto& s = pair().figures->stats;
    EXPECT_GT(s.inside.changed, 0);
    EXPECT_EQ(s.outside.changed, 0);
    EXPECT_EQ(s.all.pixels, 64 * 48);
    EXPECT_FALSE(pair().figures->spots.empty());
    ASSERT_TRUE(pair().figures->areas);
    EXPECT_TRUE(pair().figures->areas->areas.empty());
    EXPECT_FALSE(pair().figures->areas_words.empty());
}

TEST_F(Comparing, WhatTheAnswerDrewElsewhereIsCountedInTheRawAnswer) {
    open_and_edit(255, 12);
    compare(with_figures());
    ASSERT_TRUE(pair().figures);
    ASSERT_TRUE(pair().figures->raw_areas);
    EXPECT_EQ(pair().figures->raw_areas->areas.size(), 1u);
    EXPECT_TRUE(pair().figures->areas->areas.empty());
    EXPECT_NE(pair().figures->areas_words.find("1 area"), std::string::npos)
        << pair().figures->areas_words;
}

TEST_F(Comparing, TheAnswerAsReceivedLiesInItsCropOverTheParent) {
    open_and_edit(255, 12);
    CompareState state = with_figures();
    state.b = {Kind::raw, 1};
    driver.apply(SetCompare{state});
    EXPECT_TRUE(pair().b.coming);
    EXPECT_FALSE(pair().possible());
    ASSERT_TRUE(driver.until_idle());
    ASSERT_TRUE(pair().possible());
    EXPECT_EQ(pair().b.name, "1 as received");
    EXPECT_NE(pair().b.picture, driver.view().shown);
    ASSERT_TRUE(pair().figures);
    EXPECT_GT(pair().figures->stats.outside.changed, 0) << "the answer goes beyond the mask";
}

TEST_F(Comparing, AnIterationIsChosenByItsNumberAndOneThatIsGoneIsNot) {
    open_and_edit(200);
    edit(90);
    CompareState state = with_figures();
    state.a = {Kind::iteration, 1};
    state.b = {Kind::iteration, 2};
    compare(state);
    EXPECT_EQ(pair().a.name, "1");
    EXPECT_EQ(pair().b.name, "2");
    EXPECT_EQ(pair().figures_of, "the masks of 1 and 2");
    state.a = {Kind::iteration, 77};
    state.b = {Kind::file, 5};
    compare(state);
    EXPECT_EQ(driver.view().compare.a.kind, Kind::parent);
    EXPECT_EQ(driver.view().compare.b.kind, Kind::shown);
}

TEST_F(Comparing, AllCandidatesAreJudgedOneAfterTheOther) {
    open_and_edit(200);
    edit(90);
    edit(10);
    compare(with_figures());
    ASSERT_EQ(pair().candidates.size(), 3u);
    for (const CandidateRow& row : pair().candidates) {
        ASSERT_TRUE(row.stats) << row.id;
        EXPECT_GT(row.stats->inside.changed, 0);
        EXPECT_EQ(row.stats->outside.changed, 0);
    }
    EXPECT_NE(pair().candidates[0].stats->inside.delta_e_mean,
              pair().candidates[2].stats->inside.delta_e_mean);
}

TEST_F(Comparing, TheSheetHoldsSixteenAtMost) {
    open_and_edit();
    for (int i = 0; i < 17; ++i)
        edit(10 * i + 5);
    CompareState state;
    state.mode = CompareMode::sheet;
    compare(state);
    EXPECT_EQ(pair().sheet.size(), kMostCells);
    EXPECT_EQ(pair().sheet_left_out, 3);
    EXPECT_EQ(pair().sheet.front().id, 0);
    EXPECT_EQ(pair().sheet.back().id, 18);
}

TEST_F(Comparing, HeatMapsThatLookAroundAPixelAreMadeAndTheLatestWins) {
    open_and_edit();
    CompareState state;
    state.mode = CompareMode::heat;
    state.metric = compare::Metric::flip;
    driver.apply(SetCompare{state});
    EXPECT_TRUE(pair().heat_pending);
    for (const double distance : {1.0, 1.5, 2.0}) {
        state.viewing_distance_m = distance;
        driver.apply(SetCompare{state});
    }
    ASSERT_TRUE(driver.until_idle());
    ASSERT_TRUE(pair().heat);
    compare::HeatParams params{compare::Metric::flip, 1, compare::pixels_per_degree(2)};
    const auto expected =
        compare::heat_map(pair().a.picture->view(), pair().b.picture->view(), params);
    ASSERT_TRUE(expected);
    EXPECT_TRUE(image::identical(pair().heat->view(), expected->view()));
    state.metric = compare::Metric::delta_e;
    compare(state);
    EXPECT_FALSE(pair().heat) << "the screen makes that one";
}

TEST_F(Comparing, ANudgeIsMeasuredTooAndEndsWithTheComparison) {
    open_and_edit();
    CompareState state = with_figures();
    compare(state);
    const auto before = pair().figures->stats.all.changed;
    state.nudge = {3, -2};
    compare(state);
    ASSERT_TRUE(pair().figures);
    EXPECT_GT(pair().figures->stats.all.changed, before);
    EXPECT_EQ(pair().figures->stats.all.pixels, 61 * 46);
    state.nudge = {9000, 0};
    compare(state);
    EXPECT_EQ(driver.view().compare.nudge.x, kMostNudge);
    EXPECT_FALSE(pair().figures) << "nothing overlaps";
    EXPECT_FALSE(pair().figures_problem.empty());
    state.mode = CompareMode::off;
    compare(state);
    EXPECT_EQ(driver.view().compare.nudge, Point{});
}

TEST_F(Comparing, AFileOfAnotherKindIsBroughtTogetherAndSaid) {
    open_and_edit();
    image::Image deep({128, 96}, {1, image::SampleType::u16}); // grey, 16 bit, twice the size
    driver.apply(OpenToCompare{save("deep.png", deep)});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().compare.mode, CompareMode::side_by_side);
    EXPECT_EQ(pair().a.name, "deep.png");
    EXPECT_EQ(pair().a.picture->size(), (Size{64, 48}));
    EXPECT_NE(pair().a.note.find("scaled"), std::string::npos) << pair().a.note;
    EXPECT_TRUE(driver.has_notice("scaled from 128 x 96 to 64 x 48"));
    CompareState state = driver.view().compare;
    state.figures = true;
    compare(state);
    ASSERT_TRUE(pair().figures);
    EXPECT_FALSE(pair().figures->stats.note.empty()) << "depth and channels differ";
    driver.apply(OpenToCompare{save("wide.png", image::Image({90, 20}, image::kRgb8)), true});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(pair().b.name, "wide.png");
    EXPECT_NE(pair().b.note.find("top left corner"), std::string::npos) << pair().b.note;
    EXPECT_TRUE(pair().possible());
    driver.apply(DropCompareFile{pair().files.back().number});
    EXPECT_EQ(driver.view().compare.b.kind, Kind::shown);
}

TEST_F(Comparing, AFileThatIsNoPictureCostsAMessage) {
    open_and_edit();
    const auto path = driver.folder.path() / "broken.png";
    ASSERT_TRUE(write_file_atomic(path, std::as_bytes(std::span("not a picture", 13))));
    driver.apply(OpenToCompare{path});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_FALSE(driver.view().notices.empty());
    EXPECT_TRUE(pair().files.empty());
    EXPECT_EQ(driver.view().compare.a.kind, Kind::parent);
}

TEST_F(Comparing, NotANumberInAFileIsLeftOutAndSaid) {
    open_and_edit();
    image::Image odd({64, 48}, {3, image::SampleType::f32});
    for (int x = 0; x < 64 * 3; ++x) {
        odd.span().row<float>(3)[x] = std::numeric_limits<float>::quiet_NaN();
        odd.span().row<float>(4)[x] = std::numeric_limits<float>::infinity();
    }
    driver.apply(OpenToCompare{save("odd.exr", odd)});
    ASSERT_TRUE(driver.until_idle());
    CompareState state = driver.view().compare;
    state.figures = true;
    compare(state);
    ASSERT_TRUE(pair().figures) << pair().figures_problem;
    EXPECT_GT(pair().figures->stats.all.not_finite_a, 0);
    EXPECT_FALSE(pair().figures->stats.note.empty());
}

TEST_F(Comparing, IdenticalPicturesAreSaidToBe) {
    open_and_edit();
    CompareState state = with_figures();
    state.a = {Kind::iteration, 1};
    compare(state);
    ASSERT_TRUE(pair().figures);
    EXPECT_EQ(pair().figures->stats.all.changed, 0);
    EXPECT_TRUE(pair().figures->spots.empty());
}

std::string text_of(const std::filesystem::path& path) {
    const auto bytes = read_file(path);
    EXPECT_TRUE(bytes) << path;
    return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : "";
}

TEST_F(Comparing, ReportsAndTablesAreWritten) {
    open_and_edit(200);
    edit(90);
    for (const char* name : {"r.html", "r.PNG", "r.webp", "r.gif", "r.csv", "r.json"}) {
        SCOPED_TRACE(name);
        driver.apply(ExportReview{driver.folder / name});
        ASSERT_TRUE(driver.until_idle());
        EXPECT_TRUE(driver.has_notice(name));
        EXPECT_GT(text_of(driver.folder / name).size(), 40u);
    }
    const std::string page = text_of(driver.folder / "r.html");
    EXPECT_NE(page.find("<html"), std::string::npos);
    EXPECT_NE(page.find("do it"), std::string::npos) << "the prompt is in it";
    const std::string csv = text_of(driver.folder / "r.csv");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3) << csv;
    EXPECT_NE(csv.find("outside.changed"), std::string::npos);
    const auto sheet = codec::decode_file(driver.folder / "r.PNG");
    ASSERT_TRUE(sheet);
    EXPECT_GT(sheet->pixels.width(), 100);
}

TEST_F(Comparing, AReportIsNotWrittenOverAFileUnasked) {
    open_and_edit();
    const auto path = driver.folder / "kept.csv";
    ASSERT_TRUE(write_file_atomic(path, std::as_bytes(std::span("mine", 4))));
    driver.apply(ExportReview{path});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(text_of(path), "mine");
    ASSERT_TRUE(driver.last_button());
    driver.apply(*driver.last_button());
    ASSERT_TRUE(driver.until_idle());
    EXPECT_NE(text_of(path), "mine");
}

TEST_F(Comparing, NothingToReportIsSaid) {
    ASSERT_TRUE(driver.open({64, 48}));
    driver.apply(ExportReview{driver.folder / "r.html"});
    EXPECT_TRUE(driver.has_notice("not two pictures"));
    driver.apply(ExportReview{driver.folder / "r.csv"});
    EXPECT_TRUE(driver.has_notice("no result yet"));
    EXPECT_FALSE(std::filesystem::exists(driver.folder / "r.html"));
}

TEST_F(Comparing, WordsThatThePromptQuotesAreLookedFor) {
    ASSERT_TRUE(driver.open({64, 48}));
    driver.paint(30, 20);
    driver.ask("fix the title to \"OPEN\"");
    ASSERT_TRUE(driver.until_idle());
    compare(with_figures());
    ASSERT_TRUE(pair().figures) << pair().figures_problem;
    // With a reader installed the ramp reads as nothing; without one that is said.
    if (pair().figures->texts_problem.empty()) {
        ASSERT_EQ(pair().figures->texts.size(), 1u);
        EXPECT_EQ(pair().figures->texts[0].wanted, "OPEN");
        EXPECT_FALSE(pair().figures->texts[0].as_asked);
    } else {
        EXPECT_TRUE(pair().figures->texts.empty());
    }
}

TEST_F(Comparing, ItEndsWithItsDocument) {
    open_and_edit();
    compare(with_figures());
    driver.apply(CloseDocument{true});
    EXPECT_FALSE(pair().possible());
    EXPECT_EQ(driver.view().compare.mode, CompareMode::off);
    EXPECT_TRUE(driver.until_idle());
}

} // namespace
} // namespace mw::session
