// Grafting again while everything else goes on: tried, kept, undone, closed.
#include <gtest/gtest.h>

#include <random>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::FakeBackend;
using test::SessionDriver;

composite::GraftParams some_params(std::mt19937& random) {
    composite::GraftParams params;
    params.seam.feather_px = static_cast<double>(random() % 12);
    params.match_color = random() % 2;
    params.membrane = random() % 2;
    params.seam.reach_out_px = random() % 3 == 0 ? 4 : 0;
    return params;
}

TEST(Regraft, StormOnSeveralResults) {
    std::mt19937 random(23);
    const auto below = [&](int n) { return static_cast<int>(random() % unsigned(n)); };
    SessionDriver driver;
    ASSERT_TRUE(driver.open({120, 90}));
    driver.paint(50, 45, 14);
    for (int i = 0; i < 3; ++i) {
        driver.ask("answer " + std::to_string(i));
        ASSERT_TRUE(driver.until_idle());
    }
    for (int step = 0; step < 250; ++step) {
        const int last = static_cast<int>(driver.iterations()) - 1;
        switch (below(10)) {
            case 0:
            case 1:
            case 2:
                driver.apply(TryGraft{some_params(random)});
                break;
            case 3:
                driver.apply(SetGraft{some_params(random)});
                break;
            case 4:
                driver.apply(Undo{});
                break;
            case 5:
                driver.apply(Redo{});
                break;
            case 6:
                driver.apply(ShowIteration{below(last + 1)});
                break;
            case 7:
                if (below(3) == 0) driver.apply(AcceptIteration{below(last + 1)});
                if (below(3) == 0) driver.apply(GrowAndRegraft{});
                break;
            case 8:
                driver.apply(DropGraftTrial{});
                break;
            default:
                driver.session().pump();
        }
        const auto& document = *driver.view().document;
        ASSERT_TRUE(document.shown == document.base ||
                    document.tree.at(document.shown).parent == document.base)
            << "step " << step;
        ASSERT_TRUE(!driver.view().trial || driver.view().trial->iteration == document.shown);
    }
    driver.apply(DropGraftTrial{});
    ASSERT_TRUE(driver.until_idle());
    // Whatever was done, each graft kept its promise.
    const auto& tree = driver.view().document->tree;
    for (int id = 1; id < static_cast<int>(tree.size()); ++id) {
        EXPECT_EQ(tree.at(id).report.changed_outside_mask, 0) << id;
        EXPECT_EQ(tree.at(id).report.outside_sha256, tree.at(id).report.outside_sha256_before);
        EXPECT_FALSE(tree.at(id).report.outside_sha256.empty()) << "only what is proved is kept";
        EXPECT_EQ(tree.at(id).parts->size(), 1u);
    }
}

TEST(Regraft, ClosedAtEveryMoment) {
    std::mt19937 random(5);
    for (int round = 0; round < 8; ++round) {
        SessionDriver driver;
        ASSERT_TRUE(driver.open({120, 90}));
        driver.paint(50, 45, 14);
        driver.ask("answered");
        ASSERT_TRUE(driver.until_idle());
        for (int i = 0; i < round; ++i)
            driver.apply(TryGraft{some_params(random)});
        driver.apply(SetGraft{some_params(random)});
        if (round % 3 == 1) driver.session().pump();
        if (round % 2) driver.apply(CloseDocument{true});
        driver.close();
    }
}

} // namespace
} // namespace mw::session
