// A document is on disk all the time: found again with its undo, read-only in a second session,
// in memory while it cannot be written.
#include <gtest/gtest.h>

#include <fstream>

#include "support/session_driver.h"

namespace mw::session {
namespace {

namespace fs = std::filesystem;
using test::SessionDriver;

class ProjectTest : public testing::Test {
  protected:
    fs::path state() const { return folder.path() / "state"; }
    std::unique_ptr<SessionDriver> driver() { return std::make_unique<SessionDriver>(state()); }
    static bool reopen(SessionDriver& in, const fs::path& path) {
        in.apply(OpenFile{path});
        return in.until_idle() && in.view().document != nullptr;
    }
    test::TempFolder folder;
};

std::size_t files_in(const fs::path& folder) {
    std::error_code ignored;
    std::size_t count = 0;
    for (auto it = fs::directory_iterator(folder, ignored); it != fs::directory_iterator(); ++it)
        ++count;
    return count;
}

TEST_F(ProjectTest, EverythingIsFoundAgain) {
    auto first = driver();
    ASSERT_TRUE(first->open({96, 64}));
    ASSERT_TRUE(first->until_idle());
    const fs::path path = first->view().project.path;
    ASSERT_TRUE(fs::exists(path));
    EXPECT_FALSE(first->view().project.named);
    EXPECT_EQ(first->view().title, "picture.png");
    first->paint(20, 20);
    first->ask("one");
    ASSERT_TRUE(first->until_idle());
    first->apply(MarkIteration{1, true, {}, "Hero", {}});
    first->apply(AcceptIteration{1});
    first->apply(SaveSlot{"kept"});
    first->paint(70, 40);
    first->paint(80, 50);
    first->apply(Undo{});
    first->apply(SetPrompt{"next words"});
    project::CanvasView canvas;
    canvas.fitted = false;
    canvas.center = {12.5, 30.25};
    canvas.zoom = 3;
    first->apply(KeepCanvasView{canvas});
    RequestSettings request = first->view().request;
    request.enlarge = 2;
    request.context_px = 24;
    request.seed = 99;
    first->apply(SetRequest{request});
    first->apply(SetTool{Tool::lasso});
    mask::Brush brush = first->view().brush;
    brush.radius_px = 17;
    first->apply(SetBrush{brush});
    ASSERT_TRUE(first->until_idle());
    const mask::Mask mask = *first->view().mask;
    const std::string undo = first->view().undo_name, redo = first->view().redo_name;
    const image::ImageRef picture = first->view().shown;
    first->close();

    auto second = driver();
    ASSERT_TRUE(reopen(*second, path));
    const project::Document& d = *second->view().document;
    EXPECT_EQ(d.base, 1);
    EXPECT_EQ(d.shown, 1);
    EXPECT_EQ(d.mask, mask);
    EXPECT_TRUE(image::identical(second->view().shown->view(), picture->view()));
    EXPECT_EQ(second->view().prompt, "next words");
    EXPECT_EQ(second->view().request, request);
    EXPECT_EQ(second->view().tool, Tool::lasso);
    EXPECT_EQ(second->view().brush, brush);
    EXPECT_EQ(d.canvas, canvas);
    EXPECT_EQ(second->view().undo_name, undo);
    EXPECT_EQ(second->view().redo_name, redo);
    ASSERT_EQ(d.slots.size(), 1u);
    EXPECT_EQ(d.slots[0].name, "kept");
    const project::Iteration& it = d.tree.at(1);
    EXPECT_EQ(it.prompt, "one");
    EXPECT_EQ(it.marks.name, "Hero");
    EXPECT_TRUE(it.marks.starred);
    EXPECT_FALSE(it.parts->empty());
    second->apply(Redo{});
    EXPECT_GT(second->view().mask->at(80, 50), 0);
    for (int i = 0; i < 20; ++i)
        second->apply(Undo{});
    EXPECT_EQ(second->view().undo_name, "");
    EXPECT_TRUE(second->view().mask->empty());
    EXPECT_EQ(second->view().document->shown, 0);
    // And goes on where it was.
    second->paint(30, 30);
    second->ask("two");
    ASSERT_TRUE(second->until_idle());
    EXPECT_EQ(second->iterations(), 3u);
    EXPECT_EQ(second->view().document->tree.at(2).request, 2);
}

TEST_F(ProjectTest, ALookAroundLeavesNothingBehind) {
    auto one = driver();
    ASSERT_TRUE(one->open({32, 32}));
    ASSERT_TRUE(one->until_idle());
    EXPECT_EQ(files_in(state() / "recovery"), 1u);
    one->apply(CloseDocument{});
    ASSERT_TRUE(one->until_idle());
    EXPECT_EQ(one->view().document, nullptr);
    EXPECT_EQ(files_in(state() / "recovery"), 0u);
}

TEST_F(ProjectTest, ClosingAsksNothingAndTheListHasIt) {
    auto one = driver();
    ASSERT_TRUE(one->open({96, 64}));
    one->paint(20, 20);
    one->ask("one");
    ASSERT_TRUE(one->until_idle());
    const fs::path path = one->view().project.path;
    one->apply(CloseDocument{});
    EXPECT_EQ(one->view().document, nullptr);
    ASSERT_TRUE(one->until_idle());
    ASSERT_FALSE(one->view().recent_files.empty());
    EXPECT_EQ(one->view().recent_files[0], path);
    EXPECT_EQ(recent_title(path), "picture");
    EXPECT_EQ(files_in(state() / "recovery"), 1u) << "one file at rest";
    ASSERT_TRUE(reopen(*one, path));
    EXPECT_EQ(one->iterations(), 2u);
}

TEST_F(ProjectTest, ASecondSessionReadsAndSaysSo) {
    auto first = driver();
    ASSERT_TRUE(first->open({96, 64}));
    first->paint(20, 20);
    ASSERT_TRUE(first->until_idle());
    const fs::path path = first->view().project.path;
    // Within one process the store refuses a second one; what another process sees, the window's
    // test shows.
    auto second = driver();
    second->apply(OpenFile{path});
    ASSERT_TRUE(second->until_idle());
    if (second->view().document != nullptr) {
        EXPECT_TRUE(second->view().project.read_only);
    }
    EXPECT_FALSE(second->view().notices.empty());
}

TEST_F(ProjectTest, SaveAsGivesItAPlace) {
    auto one = driver();
    ASSERT_TRUE(one->open({96, 64}));
    one->paint(20, 20);
    ASSERT_TRUE(one->until_idle());
    const fs::path before = one->view().project.path, named = folder.path() / "scene.mwr";
    one->apply(SaveProjectAs{named});
    ASSERT_TRUE(one->until_idle());
    EXPECT_EQ(one->view().project.path, named);
    EXPECT_TRUE(one->view().project.named);
    EXPECT_EQ(one->view().title, "scene");
    EXPECT_TRUE(fs::exists(named));
    EXPECT_FALSE(fs::exists(before)) << "it was the same project";
    one->paint(70, 40);
    ASSERT_TRUE(one->until_idle());
    std::ofstream(folder.path() / "taken.mwr") << "mine";
    one->apply(SaveProjectAs{folder.path() / "taken.mwr"});
    ASSERT_TRUE(one->until_idle());
    EXPECT_EQ(one->view().project.path, named) << "nothing is overwritten unasked";
    one->close();
    auto two = driver();
    ASSERT_TRUE(reopen(*two, named));
    EXPECT_GT(two->view().mask->at(70, 40), 0);
}

TEST_F(ProjectTest, WhatCannotBeWrittenIsToldKeptAndWrittenLater) {
    fs::create_directories(state());
    std::ofstream(state() / "recovery") << "in the way";
    auto one = driver();
    ASSERT_TRUE(one->open({96, 64}) || one->view().document != nullptr);
    ASSERT_TRUE(one->until([&] { return !one->view().project.trouble.empty(); }));
    EXPECT_TRUE(one->has_notice("Work goes on in memory"));
    one->paint(20, 20);
    one->apply(SetPrompt{"one"});
    EXPECT_GT(one->view().mask->at(20, 20), 0) << "and it does";
    EXPECT_FALSE(one->session().may_end());
    fs::remove(state() / "recovery");
    ASSERT_TRUE(
        one->until([&] { return one->view().project.trouble.empty() && !one->session().busy(); }));
    EXPECT_TRUE(one->has_notice("Everything is on disk again"));
    const fs::path path = one->view().project.path;
    one->close();
    auto two = driver();
    ASSERT_TRUE(reopen(*two, path));
    EXPECT_GT(two->view().mask->at(20, 20), 0);
    EXPECT_EQ(two->view().prompt, "one");
}

TEST_F(ProjectTest, ARequestIsThereBeforeItIsSent) {
    auto one = driver();
    ASSERT_TRUE(one->open({96, 64}));
    ASSERT_TRUE(one->until_idle());
    one->backend->script({{.hold = true}});
    one->paint(20, 20);
    one->apply(SetPrompt{"never answered"});
    one->apply(session::Run{});
    ASSERT_TRUE(one->backend->wait_for_run(0));
    const fs::path path = one->view().project.path;
    // A copy as a crash would leave it: the file and its log.
    const fs::path left = folder.path() / "left";
    fs::create_directories(left);
    for (const auto& entry : fs::directory_iterator(path.parent_path()))
        fs::copy(entry.path(), left / entry.path().filename());
    one->backend->release_all();
    ASSERT_TRUE(one->until_idle());
    auto two = driver();
    ASSERT_TRUE(reopen(*two, left / path.filename()));
    EXPECT_EQ(two->iterations(), 1u);
    EXPECT_FALSE(two->view().notices.empty()) << "it is said that no answer came";
}

} // namespace
} // namespace mw::session
