// Two programs, folders that cannot be written, originals that went away.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "support/project_script.h"
#include "support/run_again.h"
#include "support/temp_folder.h"

namespace mw::project {
namespace {

struct Places : testing::Test {
    test::TempFolder folder;
    std::filesystem::path project = folder / "work.mwr";
    void SetUp() override { test::write_picture(folder / "p.png", {150, 110}); }
};

TEST_F(Places, ASecondProcessReadsAndSaysSo) {
    auto document = test::open_picture(folder / "p.png");
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    Recorder recorder(*document);
    test::ProjectScript script(2);
    for (int i = 0; i < 6; ++i)
        script.act(*document, test::Deed::stroke);
    ASSERT_TRUE((*store)->write(recorder.take(*document)));
    EXPECT_EQ(Store::open(project).error().code, ErrorCode::refused) << "twice in one process";
    const std::string before = test::contents(*document);
    ASSERT_EQ(::setenv("MASKWRIGHT_OPENED_ELSEWHERE", project.c_str(), 1), 0);
    const pid_t second = test::run_again("Places.DISABLED_OpenedElsewhere");
    int status = 0;
    ::waitpid(second, &status, 0);
    ::unsetenv("MASKWRIGHT_OPENED_ELSEWHERE");
    EXPECT_EQ(WEXITSTATUS(status), 0);
    script.act(*document, test::Deed::stroke);
    EXPECT_TRUE((*store)->write(recorder.take(*document))) << "the first goes on";
    EXPECT_TRUE((*store)->close());
}

// Run by the test above in a process of its own.
TEST_F(Places, DISABLED_OpenedElsewhere) {
    const char* path = std::getenv("MASKWRIGHT_OPENED_ELSEWHERE");
    if (!path) return;
    auto opened = Store::open(path);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE(opened->store->read_only());
    ASSERT_EQ(opened->notes.size(), 1u);
    EXPECT_NE(opened->notes[0].find("another window"), std::string::npos);
    EXPECT_EQ(opened->document->undo.undo_commands().size(), 6u) << "what is in the log as well";
    Batch batch;
    batch.pointer = {0, 0};
    EXPECT_EQ(opened->store->write(batch).error().code, ErrorCode::permission_denied);
}

TEST_F(Places, AReadOnlyFolderIsRead) {
    auto document = test::open_picture(folder / "p.png");
    auto store = Store::create(project, *document);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->close());
    OpenParams params;
    params.read_only = true;
    auto opened = Store::open(project, params);
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->store->read_only());
    ASSERT_TRUE(opened->store->save_as(folder / "named.mwr"));
    EXPECT_FALSE(opened->store->read_only()) << "under another name it goes on";
    opened->store.reset();
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    std::filesystem::permissions(
        folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    auto second = Store::open(project);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->store->read_only());
}

TEST_F(Places, AVanishedOriginalIsNamedAndMayBeElsewhere) {
    auto document = test::open_picture(folder / "p.png");
    CreateParams link;
    link.link_original = true;
    auto store = Store::create(project, *document, link);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->close());
    EXPECT_TRUE(Store::open(project));
    std::filesystem::rename(folder / "p.png", folder / "moved.png");
    const auto gone = Store::open(project);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, ErrorCode::not_found);
    EXPECT_NE(gone.error().message.find("p.png"), std::string::npos) << gone.error().message;
    OpenParams params;
    params.original = folder / "moved.png";
    EXPECT_TRUE(Store::open(project, params));
    test::write_picture(folder / "moved.png", {151, 110});
    EXPECT_EQ(Store::open(project, params).error().code, ErrorCode::corrupt);
}

} // namespace
} // namespace mw::project
