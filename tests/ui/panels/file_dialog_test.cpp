// The program's own dialog for files: what is listed, in which order, what is shown of it.
#include <fstream>

#include "desk.h"
#include "support/temp_folder.h"

namespace mw::ui::test {
namespace {

using namespace session;

class FileDialog : public Desk {
  protected:
    FileDialog() {
        std::filesystem::create_directory(folder / "Zoo");
        write("b10.png", 300, 2);
        write("b2.png", 200, 3);
        write("A1.jpg", 100, 1);
        write("notes.txt", 10, 0);
        open_file_dialog(shell.files, FilePurpose::open_picture, view);
        list_folder(shell.files.list, folder.path());
        settle();
    }
    void write(const char* name, std::size_t bytes, int hours) {
        const auto file = folder / name;
        std::ofstream(file) << std::string(bytes, 'x');
        std::filesystem::last_write_time(
            file, std::filesystem::file_time_type::clock::now() + std::chrono::hours(hours));
    }
    std::string names() const {
        std::string all;
        for (const FileEntry& entry : shell.files.list.entries)
            all += entry.shown + " ";
        return all;
    }
    mw::test::TempFolder folder;
};

TEST_F(FileDialog, SortsByItsHeadings) {
    EXPECT_EQ(names(), "Zoo A1.jpg b2.png b10.png ");
    click("files.by_name");
    EXPECT_EQ(names(), "Zoo b10.png b2.png A1.jpg ");
    click("files.by_size");
    EXPECT_EQ(names(), "Zoo A1.jpg b2.png b10.png ");
    click("files.by_date");
    EXPECT_EQ(names(), "Zoo A1.jpg b10.png b2.png ");
    click("files.by_date");
    EXPECT_EQ(names(), "Zoo b2.png b10.png A1.jpg ");
}

TEST_F(FileDialog, FiltersByAPartOfTheNameAndKeepsWhatIsChosen) {
    click("files.3"); // b10.png
    const auto chosen = shell.files.path;
    EXPECT_TRUE(chosen.ends_with("b10.png"));
    click("files.filter");
    type("B1");
    EXPECT_EQ(names(), "b10.png ");
    EXPECT_EQ(shell.files.list.selected, 0);
    type("zz");
    EXPECT_EQ(names(), "");
    EXPECT_EQ(shell.files.list.selected, -1);
    EXPECT_EQ(shell.files.path, chosen);
}

TEST_F(FileDialog, AsksForWhatIsInSightAndNoLonger) {
    const auto asked = last<GlanceAt>().files;
    EXPECT_EQ(asked.size(), 3u); // no folder
    const auto count_before = count<GlanceAt>();
    settle();
    EXPECT_EQ(count<GlanceAt>(), count_before);
    view.glances[asked[0]] = std::make_shared<const image::Image>(Size{96, 54}, image::kRgba8);
    settle();
    EXPECT_EQ(shell.files.list.pictures.size(), 1u);
    press(ImGuiKey_Escape);
    EXPECT_TRUE(last<GlanceAt>().files.empty());
}

} // namespace
} // namespace mw::ui::test
