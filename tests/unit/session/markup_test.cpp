// Marks for the model: drawn, changed, undone, and what of them a request carries.
#include <gtest/gtest.h>

#include "support/session_driver.h"
#include "worker/markup_work.h"

namespace mw::session {
namespace {

using edit::Mark;
using edit::MarkKind;

class MarkedBackend : public test::FakeBackend {
  public:
    std::vector<edit::ModelCapabilities> models() const override {
        auto models = FakeBackend::models();
        models[0].id = "own";
        models[0].free = false;
        models[0].takes_markup = true;
        edit::ModelCapabilities other = models[0];
        other.id = "references";
        other.takes_markup = false;
        other.max_references = 2;
        models.push_back(other);
        other.id = "neither";
        other.max_references = 0;
        models.push_back(other);
        return models;
    }
    edit::CostEstimate estimate(const edit::CropPlan&, const edit::EditParams& p) const override {
        const double usd = p.marked() ? 0.2 : 0.1;
        return {usd, usd, usd};
    }
};

class MarkupDesk : public testing::Test {
  protected:
    MarkupDesk() {
        EXPECT_TRUE(desk.open({256, 192}));
        desk.paint(120, 90, 10);
        desk.apply(SetPrompt{"do it"});
    }
    const edit::Markup& markup() const { return desk.view().document->markup; }
    void draw(PointF from, PointF to, MarkKind kind = MarkKind::arrow) {
        Mark mark;
        mark.kind = kind;
        mark.points = {from, to};
        desk.apply(AddMark{mark});
    }
    void choose(const std::string& model) {
        RequestSettings settings = desk.view().request;
        settings.model = model;
        desk.apply(SetRequest{settings});
    }
    std::shared_ptr<MarkedBackend> service = std::make_shared<MarkedBackend>();
    test::SessionDriver desk{{}, [&](SessionParams& params) { params.backends = {service}; }};
};

TEST_F(MarkupDesk, EveryChangeIsOneStepOfUndo) {
    draw({10, 10}, {60, 60});
    draw({100, 10}, {160, 60}, MarkKind::ellipse);
    ASSERT_EQ(markup().marks.size(), 2u);
    EXPECT_EQ(markup().marks[0].id, 1);
    EXPECT_EQ(markup().marks[1].id, 2);
    EXPECT_EQ(desk.view().undo_name, "Draw a mark");
    // A drag is one step, however many moves it has.
    for (int i = 1; i <= 5; ++i)
        desk.apply(ChangeMark{edit::moved(markup().marks[0], 2, 0), true});
    desk.apply(ChangeMark{markup().marks[0]});
    EXPECT_EQ(markup().marks[0].points[0].x, 20);
    desk.apply(Undo{});
    EXPECT_EQ(markup().marks[0].points[0].x, 10);
    desk.apply(Redo{});
    EXPECT_EQ(markup().marks[0].points[0].x, 20);
    // Another drag is another step.
    desk.apply(ChangeMark{edit::moved(markup().marks[0], 1, 0), true});
    desk.apply(ChangeMark{markup().marks[0]});
    desk.apply(Undo{});
    EXPECT_EQ(markup().marks[0].points[0].x, 20);
    desk.apply(RemoveMark{2});
    EXPECT_EQ(markup().marks.size(), 1u);
    desk.apply(ClearMarks{});
    EXPECT_TRUE(markup().marks.empty());
    EXPECT_EQ(desk.view().undo_name, "Remove all marks");
    desk.apply(Undo{});
    desk.apply(Undo{});
    EXPECT_EQ(markup().marks.size(), 2u);
    // The mask has its own steps in between.
    desk.paint(40, 40);
    desk.apply(Undo{});
    EXPECT_EQ(markup().marks.size(), 2u);
    draw({5, 5}, {30, 30});
    EXPECT_EQ(markup().marks.back().id, 3) << "ids are not used again";
}

TEST_F(MarkupDesk, NothingThatIsNoneIsKept) {
    draw({10, 10}, {10, 10});
    desk.apply(AddMark{});
    desk.apply(ChangeMark{});
    desk.apply(RemoveMark{7});
    desk.apply(ClearMarks{});
    EXPECT_TRUE(markup().marks.empty());
    EXPECT_EQ(desk.view().undo_name, "Brush stroke");
    for (std::size_t i = 0; i < edit::kMostMarks + 2; ++i)
        draw({10, 10}, {60, 60});
    EXPECT_EQ(markup().marks.size(), edit::kMostMarks);
    EXPECT_TRUE(desk.has_notice("as many as are kept"));
}

TEST_F(MarkupDesk, TheModelSaysWhatBecomesOfThemAndWhatTheyCost) {
    EXPECT_EQ(desk.view().markup.use, MarkupUse::none);
    EXPECT_EQ(desk.view().cost->high_usd, 0.1);
    draw({100, 80}, {140, 100});
    EXPECT_EQ(desk.view().markup.use, MarkupUse::instead_of_mask);
    EXPECT_EQ(desk.view().cost->high_usd, 0.2) << "the price follows at once";
    desk.apply(ShowMarks{false});
    EXPECT_EQ(desk.view().markup.use, MarkupUse::none);
    EXPECT_EQ(desk.view().cost->high_usd, 0.1);
    draw({100, 80}, {140, 110}); // what was just drawn is seen
    EXPECT_FALSE(markup().hidden);
    choose("references");
    EXPECT_EQ(desk.view().markup.use, MarkupUse::reference);
    choose("neither");
    EXPECT_EQ(desk.view().markup.use, MarkupUse::unseen);
    EXPECT_EQ(desk.view().cost->high_usd, 0.1);
    EXPECT_EQ(desk.view().cannot_run, "");
}

TEST_F(MarkupDesk, ARequestCarriesTheMarksItsCropShows) {
    draw({100, 80}, {140, 100});
    desk.apply(session::Run{});
    ASSERT_TRUE(desk.until_idle());
    const edit::EditRequest sent = service->request(0);
    ASSERT_TRUE(sent.markup);
    EXPECT_EQ(sent.markup->size(), sent.plan.request_size);
    EXPECT_TRUE(worker::any_drawn(sent.markup->view()));
    // The arrow's middle is red and solid.
    const double scale = sent.plan.scale;
    const auto* p = sent.markup->view().pixel<std::uint8_t>(
        static_cast<int>((115 - sent.plan.crop.x) * scale),
        static_cast<int>((87.5 - sent.plan.crop.y) * scale));
    EXPECT_EQ(p[3], 255);
    EXPECT_EQ(p[0], 230);
    EXPECT_EQ(sent.params.project, desk.view().document->path.string());
}

TEST_F(MarkupDesk, MarksBesideTheCropAndHiddenOnesAreNotSent) {
    RequestSettings settings = desk.view().request;
    settings.context_px = 4;
    desk.apply(SetRequest{settings});
    draw({2, 2}, {20, 8});
    desk.apply(session::Run{});
    ASSERT_TRUE(desk.until_idle());
    EXPECT_FALSE(service->request(0).markup);
    desk.apply(ClearMarks{});
    draw({110, 80}, {130, 100});
    desk.apply(ShowMarks{false});
    desk.apply(session::Run{});
    ASSERT_TRUE(desk.until_idle());
    EXPECT_FALSE(service->request(1).markup);
    choose("neither");
    desk.apply(ShowMarks{true});
    desk.apply(session::Run{});
    ASSERT_TRUE(desk.until_idle());
    EXPECT_FALSE(service->request(2).markup);
}

TEST(DrawMarks, KindsAreDrawnInTheirColourWhereTheyLie) {
    Mark ring, line, note;
    ring.kind = MarkKind::ellipse;
    ring.points = {{10, 10}, {50, 40}};
    ring.width_px = 4;
    ring.color = {0, 255, 0};
    line.kind = MarkKind::stroke;
    line.points = {{60, 60}, {90, 60}};
    line.width_px = 6;
    note.kind = MarkKind::note;
    note.points = {{10, 70}};
    note.text = "lamp";
    note.color = {255, 210, 0};
    const Rect area{5, 5, 150, 120};
    const image::Image drawn = worker::draw_marks({ring, line, note}, area);
    const auto at = [&](int x, int y) {
        return drawn.view().pixel<std::uint8_t>(x - area.x, y - area.y);
    };
    EXPECT_EQ(at(30, 25)[3], 0) << "a ring is empty";
    EXPECT_GT(at(10, 25)[3], 100);
    EXPECT_EQ(at(10, 25)[1], 255);
    EXPECT_EQ(at(75, 60)[3], 255);
    EXPECT_EQ(at(75, 60)[0], 230);
    EXPECT_EQ(at(75, 66)[3], 0);
    EXPECT_EQ(at(11, 71)[3], 255) << "the plate of a note is solid";
    EXPECT_EQ(at(11, 71)[0], 255);
    int ink = 0;
    for (int y = 70; y < 110; ++y)
        for (int x = 10; x < 100; ++x)
            ink += at(x, y)[3] == 255 && at(x, y)[0] < 60;
    EXPECT_GT(ink, 60) << "there are words on it";
    // The same part of a larger drawing.
    const image::Image whole = worker::draw_marks({ring, line, note}, {0, 0, 200, 200});
    int differ = 0;
    for (int y = 0; y < area.height; ++y)
        differ += std::memcmp(drawn.view().row_bytes(y),
                              whole.view().pixel<std::uint8_t>(area.x, area.y + y),
                              static_cast<std::size_t>(4 * area.width)) != 0;
    EXPECT_EQ(differ, 0);
}

} // namespace
} // namespace mw::session
