// Strokes with clone and heal.
#include <gtest/gtest.h>

#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::FakeBackend;
using test::SessionDriver;

struct Cloning {
    std::shared_ptr<FakeBackend> engine = std::make_shared<FakeBackend>("builtin");
    SessionDriver driver{{}, [this](SessionParams& params) { params.backends.push_back(engine); }};

    Cloning() {
        engine->script({{.value = 240, .laying = edit::Laying::painted}});
        mask::Brush brush;
        brush.radius_px = 5;
        brush.hardness = 1;
        driver.apply(SetBrush{brush});
    }
    ~Cloning() { engine->release_all(); }
    void stroke(double x, double y) {
        driver.apply(BeginStroke{{x, y, 1, 0}});
        driver.apply(ExtendStroke{{x + 4, y, 1, 0.1}});
        driver.apply(EndStroke{});
    }
};

TEST(Clone, AStrokeNeedsASourceAndIsAResultThatIsTaken) {
    Cloning c;
    SessionDriver& driver = c.driver;
    ASSERT_TRUE(driver.open({128, 96}));
    driver.paint(100, 80, 3); // a selection of the artist's own
    const mask::Mask own = *driver.view().mask;
    mask::Brush brush = driver.view().brush;
    brush.radius_px = 5;
    driver.apply(SetBrush{brush});
    driver.apply(SetTool{Tool::clone});
    c.stroke(60, 40);
    EXPECT_TRUE(driver.has_notice("Alt+click"));
    EXPECT_EQ(driver.iterations(), 1u);
    driver.apply(SetCloneSource{{30, 20}});
    driver.apply(BeginStroke{{60, 40, 1, 0}});
    EXPECT_GT(driver.view().mask->at(60, 40), 0) << "the stroke is seen";
    EXPECT_EQ(driver.view().mask->at(100, 80), 0);
    driver.apply(EndStroke{});
    ASSERT_TRUE(driver.until_idle());
    const auto& d = *driver.view().document;
    ASSERT_EQ(driver.iterations(), 2u);
    EXPECT_EQ(d.base, 1);
    EXPECT_EQ(d.tree.at(1).standing, project::Standing::accepted);
    EXPECT_EQ(d.tree.at(1).prompt, "clone by -30,-20");
    EXPECT_EQ(d.tree.at(1).graft.seam.feather_px, 0);
    EXPECT_TRUE(*driver.view().mask == own) << "the selection is as it was";
    EXPECT_EQ(driver.view().shown->view().pixel<std::uint8_t>(60, 40)[0], 240) << "no fade";
    // The distance stays for the next strokes, until another source is taken.
    driver.apply(SetTool{Tool::heal});
    c.stroke(80, 50);
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(d.tree.at(2).prompt, "heal by -30,-20");
    EXPECT_EQ(d.tree.at(2).parent, 1);
    driver.apply(SetCloneSource{{80, 80}});
    c.stroke(70, 30);
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(d.tree.at(3).prompt, "heal by 10,50");
    EXPECT_EQ(driver.view().undo_name, "Heal stroke");
    driver.apply(Undo{});
    EXPECT_EQ(d.shown, 2);
    EXPECT_EQ(d.base, 2);
    driver.apply(Redo{});
    EXPECT_EQ(d.shown, 3);
}

TEST(Clone, StrokesQueueAndEachIsOnTheOneBefore) {
    Cloning c;
    SessionDriver& driver = c.driver;
    ASSERT_TRUE(driver.open({128, 96}));
    c.engine->script({{.value = 240, .hold = true, .laying = edit::Laying::painted},
                      {.value = 200, .laying = edit::Laying::painted}});
    driver.apply(SetTool{Tool::clone});
    driver.apply(SetCloneSource{{30, 20}});
    c.stroke(60, 40);
    ASSERT_TRUE(c.engine->wait_for_run(0));
    c.stroke(62, 44);
    c.stroke(64, 48);
    EXPECT_EQ(c.engine->runs(), 1);
    c.engine->release_all();
    ASSERT_TRUE(driver.until_idle());
    const auto& tree = driver.view().document->tree;
    ASSERT_EQ(tree.size(), 4u);
    EXPECT_EQ(tree.at(2).parent, 1);
    EXPECT_EQ(tree.at(3).parent, 2);
    EXPECT_EQ(driver.view().document->base, 3);
    for (const JobView& job : driver.view().jobs)
        EXPECT_NE(job.kind, JobKind::edit) << "strokes leave no jobs";
}

TEST(Clone, WhereTheSourceRunsOutNothingIsPainted) {
    Cloning c;
    SessionDriver& driver = c.driver;
    ASSERT_TRUE(driver.open({128, 96}));
    driver.apply(SetTool{Tool::clone});
    driver.apply(SetCloneSource{{500, 20}});
    EXPECT_TRUE(driver.has_notice("outside the picture"));
    driver.apply(SetCloneSource{{2, 40}});
    driver.apply(BeginStroke{{40, 40, 1, 0}});
    driver.apply(ExtendStroke{{30, 40, 1, 0.1}});
    driver.apply(EndStroke{});
    ASSERT_TRUE(driver.until_idle());
    const auto& tree = driver.view().document->tree;
    ASSERT_EQ(tree.size(), 2u);
    EXPECT_EQ(tree.at(1).mask->bounds().x, 38) << "the source's first column is painted there";
    driver.apply(BeginStroke{{10, 40, 1, 0}});
    driver.apply(EndStroke{});
    EXPECT_TRUE(driver.has_notice("for this stroke"));
    driver.apply(SetCloneSource{{50, 50}});
    driver.apply(BeginStroke{{50.5, 50.5, 1, 0}});
    driver.apply(EndStroke{});
    EXPECT_TRUE(driver.has_notice("where you paint"));
    EXPECT_EQ(tree.size(), 2u);
    // Let go before it began, and another picture: nothing is left.
    driver.apply(BeginStroke{{60, 40, 1, 0}});
    driver.apply(AbortStroke{});
    ASSERT_TRUE(driver.open({64, 64}, "other.png"));
    EXPECT_FALSE(driver.view().clone.point);
}

} // namespace
} // namespace mw::session
