// Writing a document down while it is worked on, closed and opened again.
#include <gtest/gtest.h>

#include <random>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

TEST(ProjectRaces, AutosaveAgainstEverythingElse) {
    test::TempFolder folder;
    std::mt19937 random(20261127);
    const auto below = [&](int n) { return static_cast<int>(random() % unsigned(n)); };
    std::filesystem::path project;
    for (int round = 0; round < 4; ++round) {
        SessionDriver driver(folder.path() / "state");
        if (project.empty()) {
            ASSERT_TRUE(driver.open({96, 64}));
        } else {
            driver.apply(OpenFile{project});
            ASSERT_TRUE(driver.until([&] { return driver.view().document != nullptr; }));
        }
        ASSERT_TRUE(driver.until([&] { return !driver.view().project.path.empty(); }));
        project = driver.view().project.path;
        for (int step = 0; step < 60; ++step) {
            const int last = static_cast<int>(driver.iterations()) - 1;
            switch (below(10)) {
                case 0:
                    driver.ask("do it");
                    break;
                case 1:
                    driver.apply(Undo{});
                    break;
                case 2:
                    driver.apply(Redo{});
                    break;
                case 3:
                    driver.apply(ShowIteration{below(last + 1)});
                    break;
                case 4:
                    driver.apply(MarkIteration{below(last + 1), below(2) == 0, {}, {}, {}});
                    break;
                case 5:
                    driver.apply(below(2) ? Action(PruneIteration{below(last + 1)})
                                          : Action(RestoreIteration{below(last + 1)}));
                    break;
                case 6:
                    driver.apply(SetPrompt{"words " + std::to_string(step)});
                    break;
                case 7:
                    driver.session().pump();
                    break;
                default:
                    driver.paint(5 + below(86), 5 + below(54), 2 + below(8));
            }
        }
        if (round == 1) { // in another place meanwhile
            driver.apply(SaveProjectAs{folder.path() / "named.mwr"});
            driver.paint(40, 40);
            ASSERT_TRUE(driver.until_idle());
            project = folder.path() / "named.mwr";
        }
        driver.close(); // in the middle of it
    }
    SessionDriver driver(folder.path() / "state");
    driver.apply(OpenFile{project});
    ASSERT_TRUE(driver.until_idle());
    ASSERT_NE(driver.view().document, nullptr);
    EXPECT_FALSE(driver.view().project.read_only);
}

} // namespace
} // namespace mw::session
