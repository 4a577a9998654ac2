#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "desktop/choosers.h"
#include "support/temp_folder.h"

namespace mw::desktop {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<fs::path>;
using Words = std::vector<std::string>;

TEST(Zenity, WordsAreArgumentsAndNothingElse) {
    FileQuestion q;
    q.title = "Open; rm -rf";
    q.folder = "/pictures";
    q.several = true;
    q.kind = "Pictures";
    q.globs = {"*.png", "*.PNG"};
    EXPECT_EQ(zenity_words(q, "zenity"),
              (Words{"zenity", "--file-selection", "--title=Open; rm -rf", "--filename=/pictures/",
                     "--multiple", "--separator=//", "--file-filter=Pictures | *.png *.PNG",
                     "--file-filter=All files | *"}));
    FileQuestion s;
    s.title = "Save";
    s.folder = "/";
    s.name = "-a b.png";
    s.saves = true;
    EXPECT_EQ(zenity_words(s, "z"),
              (Words{"z", "--file-selection", "--title=Save", "--filename=/-a b.png", "--save",
                     "--confirm-overwrite"}));
}

TEST(Zenity, PathsWithLineBreaks) {
    EXPECT_EQ(zenity_paths("/a b.png\n", false), (Paths{"/a b.png"}));
    EXPECT_EQ(zenity_paths("/ends in a break\n\n", false), (Paths{"/ends in a break\n"}));
    EXPECT_EQ(zenity_paths("/a\nb///c\n", true), (Paths{"/a\nb", "/c"}));
    EXPECT_EQ(zenity_paths("/a///b c///d\n", true), (Paths{"/a", "/b c", "/d"}));
    EXPECT_EQ(zenity_paths("/a\n", true), (Paths{"/a"}));
    EXPECT_EQ(zenity_paths("", false), Paths{});
    EXPECT_EQ(zenity_paths("\n", true), Paths{});
    EXPECT_EQ(zenity_paths("relative\n", false), Paths{});
    EXPECT_EQ(zenity_paths(std::string("/a\0b\n", 5), false), Paths{});
    EXPECT_EQ(zenity_paths("/a///relative", true), (Paths{"/a", "/relative"}));
}

class PlayedZenity : public ::testing::Test {
  protected:
    std::string script(const std::string& lines) {
        const fs::path file = folder_.path() / "zenity";
        std::ofstream(file) << "#!/bin/sh\n" << lines << "\n";
        fs::permissions(file, fs::perms::owner_all);
        return file.string();
    }
    FileQuestion question() {
        FileQuestion q;
        q.title = "T";
        q.folder = folder_.path();
        return q;
    }
    test::TempFolder folder_;
};

TEST_F(PlayedZenity, ChosenCancelledAndMissing) {
    FileAnswer answer = ask_zenity(question(), {}, script("printf '/a b\\n'"));
    EXPECT_TRUE(answer.asked);
    EXPECT_EQ(answer.paths, (Paths{"/a b"}));
    answer = ask_zenity(question(), {}, script("exit 1"));
    EXPECT_TRUE(answer.asked);
    EXPECT_TRUE(answer.paths.empty() && answer.problem.empty());
    EXPECT_FALSE(ask_zenity(question(), {}, "/no/such/program").asked);
    EXPECT_FALSE(ask_zenity(question(), {}, script("exit 127")).asked);
    EXPECT_FALSE(ask_zenity(question(), {}, script("exit 255")).asked);
}

TEST_F(PlayedZenity, GarbageIsAProblemAndNoPath) {
    for (const char* lines :
         {"exit 0", "echo relative", "printf '/half'; exit 3", "printf '/half'; kill -9 $$",
          "head -c 9000000 /dev/zero", "printf '/a\\0b'"}) {
        const FileAnswer answer = ask_zenity(question(), {}, script(lines));
        EXPECT_TRUE(answer.asked) << lines;
        EXPECT_TRUE(answer.paths.empty()) << lines;
        EXPECT_FALSE(answer.problem.empty()) << lines;
    }
}

TEST_F(PlayedZenity, GoesWithWhoeverAsked) {
    // One that does not go when it is asked to, either.
    for (const char* lines : {"exec sleep 600", "trap '' TERM; while :; do sleep 1; done"}) {
        std::stop_source stop;
        FileAnswer answer;
        std::jthread waiting([&, program = script(lines)] {
            answer = ask_zenity(question(), stop.get_token(), program);
        });
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        stop.request_stop();
        waiting.join();
        EXPECT_TRUE(answer.asked);
        EXPECT_TRUE(answer.paths.empty() && answer.problem.empty());
    }
}

TEST(FileChooser, AnswersOnceAndFromAnotherThread) {
    std::atomic<int> woken = 0;
    FileChooser chooser({}, Dialogs::none, [&] { ++woken; });
    std::optional<FileAnswer> answer;
    while (!(answer = chooser.answer()))
        std::this_thread::yield();
    EXPECT_FALSE(answer->asked);
    EXPECT_FALSE(chooser.answer());
    while (woken == 0)
        std::this_thread::yield();
    EXPECT_EQ(woken, 1);
}

} // namespace
} // namespace mw::desktop
