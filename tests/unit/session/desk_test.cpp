// Several documents, a tab each.
#include "session/desk.h"

#include <gtest/gtest.h>

#include "codec/codec.h"
#include "session/open_list.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

namespace fs = std::filesystem;

class DeskTest : public testing::Test {
  protected:
    DeskTest() { desk = make(); }
    ~DeskTest() override { backend->release_all(); }

    std::unique_ptr<Desk> make() {
        SessionParams params;
        params.backends = {backend};
        params.wake = [this] {
            const std::lock_guard lock(mutex);
            ++wakes;
            woken.notify_all();
        };
        return std::make_unique<Desk>(std::move(params));
    }
    fs::path picture(const std::string& name, Size size = {64, 48}) {
        const fs::path path = folder.path() / name;
        EXPECT_TRUE(codec::save(path, test::ramp_picture(size).view(), {}));
        return path;
    }
    bool until(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        for (;;) {
            std::uint64_t seen = 0;
            {
                const std::lock_guard lock(mutex);
                seen = wakes;
            }
            desk->pump();
            if (condition()) return true;
            std::unique_lock lock(mutex);
            if (!woken.wait_until(lock, deadline, [&] { return wakes != seen; })) return false;
        }
    }
    bool open(const fs::path& path) {
        desk->apply(OpenFile{path});
        return until([&] { return !desk->busy(); });
    }
    void paint_and_ask(const std::string& prompt) {
        desk->apply(BeginStroke{{30, 20, 1, 0}});
        desk->apply(EndStroke{});
        desk->apply(SetPrompt{prompt});
        desk->apply(session::Run{});
    }

    test::TempFolder folder;
    std::shared_ptr<test::FakeBackend> backend = std::make_shared<test::FakeBackend>();
    std::mutex mutex;
    std::condition_variable woken;
    std::uint64_t wakes = 0;
    std::unique_ptr<Desk> desk;
};

TEST_F(DeskTest, EachFileHasATabAndAnEmptyOneIsTakenFirst) {
    ASSERT_EQ(desk->tabs().size(), 1u);
    const fs::path a = picture("a.png"), b = picture("b.png");
    ASSERT_TRUE(open(a));
    ASSERT_EQ(desk->tabs().size(), 1u);
    EXPECT_EQ(desk->tabs()[0].title, "a.png");
    ASSERT_TRUE(open(b));
    ASSERT_EQ(desk->tabs().size(), 2u);
    EXPECT_EQ(desk->view().document->path, b);
    EXPECT_EQ(desk->shown_tab(), desk->tabs()[1].id);
    ASSERT_TRUE(open(a));
    EXPECT_EQ(desk->tabs().size(), 2u) << "what is open is looked at";
    EXPECT_EQ(desk->view().document->path, a);
    desk->apply(StepTab{1});
    EXPECT_EQ(desk->view().document->path, b);
    desk->apply(StepTab{1});
    EXPECT_EQ(desk->view().document->path, a);
    desk->apply(StepTab{-1});
    EXPECT_EQ(desk->view().document->path, b);
    desk->apply(SelectTab{desk->tabs()[0].id});
    EXPECT_EQ(desk->view().document->path, a);
    desk->apply(SelectTab{999});
    EXPECT_EQ(desk->view().document->path, a);
}

TEST_F(DeskTest, AnswersLandInTheirOwnDocument) {
    ASSERT_TRUE(open(picture("a.png")));
    backend->script({{.hold = true}});
    paint_and_ask("late");
    ASSERT_TRUE(backend->wait_for_run(0));
    ASSERT_TRUE((desk->apply(OpenFile{picture("b.png")}), until([&] {
                     return desk->view().document != nullptr && desk->view().title == "b.png";
                 })));
    ASSERT_EQ(desk->tabs().size(), 2u);
    EXPECT_TRUE(desk->tabs()[0].busy);
    EXPECT_TRUE(desk->busy());
    backend->release(0);
    ASSERT_TRUE(until([&] { return !desk->busy(); }));
    EXPECT_EQ(desk->view().document->tree.size(), 1u);
    desk->apply(StepTab{1});
    EXPECT_EQ(desk->view().title, "a.png");
    EXPECT_EQ(desk->view().document->tree.size(), 2u);
    EXPECT_EQ(desk->view().prompt, "late") << "each tab has its own words";
}

TEST_F(DeskTest, WhatIsInTheHandStaysThere) {
    ASSERT_TRUE(open(picture("a.png")));
    ASSERT_TRUE(open(picture("b.png")));
    desk->apply(SetTool{Tool::eraser});
    mask::Brush brush;
    brush.radius_px = 77;
    desk->apply(SetBrush{brush});
    desk->apply(StepTab{1});
    EXPECT_EQ(desk->view().tool, Tool::eraser);
    EXPECT_EQ(desk->view().brush.radius_px, 77);
}

TEST_F(DeskTest, ClosingATabAsksForWhatWouldBeLostAndLeavesOne) {
    ASSERT_TRUE(open(picture("a.png")));
    paint_and_ask("one");
    ASSERT_TRUE(until([&] { return !desk->busy(); }));
    ASSERT_TRUE(open(picture("b.png")));
    const TabId first = desk->tabs()[0].id;
    desk->apply(CloseDocument{false, first});
    ASSERT_EQ(desk->tabs().size(), 2u) << "nothing keeps its result: it asks";
    EXPECT_EQ(desk->shown_tab(), first) << "where it asks";
    EXPECT_FALSE(desk->may_quit());
    EXPECT_TRUE(desk->may_quit()) << "asked again, it goes";
    desk->apply(CloseDocument{true, first});
    ASSERT_EQ(desk->tabs().size(), 1u);
    EXPECT_EQ(desk->view().title, "b.png");
    desk->apply(CloseDocument{});
    ASSERT_EQ(desk->tabs().size(), 1u);
    EXPECT_EQ(desk->view().document, nullptr);
    ASSERT_TRUE(until([&] { return !desk->busy(); }));
    EXPECT_TRUE(desk->may_quit());
}

TEST_F(DeskTest, AFileThatDoesNotOpenLeavesTheOthers) {
    ASSERT_TRUE(open(picture("a.png")));
    ASSERT_TRUE(open(folder.path() / "none.png"));
    ASSERT_EQ(desk->tabs().size(), 1u) << "its tab goes";
    EXPECT_EQ(desk->view().title, "a.png");
    ASSERT_FALSE(desk->view().notices.empty()) << "and why is said where it was asked for";
    EXPECT_NE(desk->view().notices.back().text.find("none.png"), std::string::npos);
}

TEST(OpenList, TellsWhatACrashLeftOpenAndOnlyThat) {
    test::TempFolder folder;
    const std::vector<fs::path> open{"/a b.mwr", "/\n.mwr", "/c.mwr"};
    OpenList other(folder.path());
    EXPECT_TRUE(other.take_left_open().empty());
    {
        OpenList living(folder.path());
        living.write(open);
        EXPECT_TRUE(other.take_left_open().empty()) << "it is still running";
        living.write({open[0]});
        living.write(open);
    } // gone without a word
    EXPECT_EQ(other.take_left_open(), open);
    EXPECT_TRUE(other.take_left_open().empty()) << "once";
    {
        OpenList peaceful(folder.path());
        peaceful.write(open);
        peaceful.forget();
    }
    EXPECT_TRUE(other.take_left_open().empty());
    OpenList nowhere{fs::path()};
    nowhere.write(open);
    EXPECT_TRUE(nowhere.take_left_open().empty());
}

} // namespace
} // namespace mw::session
