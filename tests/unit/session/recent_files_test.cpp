#include "session/recent_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/file.h"
#include "support/temp_folder.h"

namespace mw::session {
namespace {

using Paths = std::vector<std::filesystem::path>;

// Any byte but NUL and '/' may be in a name; every one comes back as it was.
TEST(RecentFiles, HostileNamesRoundTrip) {
    const test::TempFolder folder;
    const std::string long_name(255, 'a');
    Paths names{"/pictures/new\nline.png",
                "/pictures/tab\there.png",
                "/pictures/ leading and trailing .png",
                "/pictures/\xe2\x80\xaegnp.exe",
                "/pictures/\xff\xfe-not-utf8.png",
                "/pictures/percent%s%n%x##id###.png",
                "/pictures/\x1b[31mred.png",
                "/pictures/$(touch pwned) `id` ;&'\".png",
                "/pictures/-rf.png",
                "/pictures/" + long_name};
    {
        RecentFiles recent(folder.path());
        for (const auto& name : names)
            recent.add(name);
    }
    std::reverse(names.begin(), names.end());
    EXPECT_EQ(RecentFiles(folder.path()).files(), names);
    EXPECT_EQ(folder.files(), 1);
}

TEST(RecentFiles, NewestFirstWithoutRepeatsTwelveAtMost) {
    const test::TempFolder folder;
    RecentFiles recent(folder / "made/when/needed");
    for (int i = 0; i < 30; ++i)
        recent.add("/p/" + std::to_string(i));
    recent.add("/p/25");
    ASSERT_EQ(recent.files().size(), 12u);
    EXPECT_EQ(recent.files()[0], "/p/25");
    EXPECT_EQ(recent.files()[1], "/p/29");
    EXPECT_EQ(std::count(recent.files().begin(), recent.files().end(), "/p/25"), 1);
    EXPECT_EQ(RecentFiles(folder / "made/when/needed").files(), recent.files());
}

TEST(RecentFiles, RelativeNamesAreKeptAbsolute) {
    RecentFiles recent({});
    recent.add("here.png");
    EXPECT_EQ(recent.files().front(), std::filesystem::current_path() / "here.png");
}

// The list is a convenience: whatever its file holds, and wherever it cannot be written, work goes
// on.
TEST(RecentFiles, DamagedListAndUnwritableFolder) {
    const test::TempFolder folder;
    const auto list = folder / "recent.txt";
    for (const std::string& content :
         {std::string(), std::string(5000, '\0'), std::string("no end"), std::string(3000, 'x')}) {
        std::ofstream(list, std::ios::binary) << content;
        RecentFiles recent(folder.path());
        EXPECT_LE(recent.files().size(), 12u);
        recent.add("/p/next");
        EXPECT_EQ(RecentFiles(folder.path()).files().front(), "/p/next");
    }
    std::ofstream(folder / "file") << "not a folder";
    RecentFiles nowhere(folder / "file");
    nowhere.add("/p/1");
    EXPECT_EQ(nowhere.files().size(), 1u);
    RecentFiles proc("/proc/none");
    proc.add("/p/1");
    EXPECT_EQ(proc.files().size(), 1u);
}

} // namespace
} // namespace mw::session
