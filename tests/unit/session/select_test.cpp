// Selections in the background: combined, adjusted, cancelled, one step of undo each.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "codec/codec.h"
#include "mask/refine.h"
#include "support/session_driver.h"

namespace mw::session {
namespace {

using test::SessionDriver;

// Three columns of one colour each, 40 wide: grey, red, and red a little lighter.
image::Image columns() {
    image::Image picture({120, 60}, image::kRgb8);
    for (int y = 0; y < 60; ++y)
        for (int x = 0; x < 120; ++x) {
            auto* p = picture.span().pixel<std::uint8_t>(x, y);
            p[0] = x < 40 ? 90 : x < 80 ? 180 : 200;
            p[1] = p[2] = x < 40 ? 90 : x < 80 ? 40 : 60;
        }
    return picture;
}

class Selecting : public ::testing::Test {
  protected:
    bool open(const image::Image& picture) {
        const auto path = driver.folder / "columns.png";
        if (!codec::save(path, picture.view(), {})) return false;
        driver.apply(OpenFile{path, false, true});
        return driver.until([&] { return driver.view().document != nullptr; });
    }
    void select(worker::Shape shape, CombineMode mode = CombineMode::replace) {
        driver.apply(Select{std::move(shape), mode});
        ASSERT_TRUE(driver.until_idle());
    }
    select::WandParams wand(int x, int y) {
        select::WandParams params;
        params.at = {x, y};
        return params;
    }
    std::int64_t area() { return driver.view().mask->support_area(); }
    const SelectionView& s() { return driver.view().selection; }
    SessionDriver driver;
};

constexpr std::int64_t kColumn = 40 * 60;

TEST_F(Selecting, ShapesCombineAndAreStepsOfUndo) {
    ASSERT_TRUE(open(columns()));
    select(worker::RectangleShape{{10, 10, 30, 20}});
    EXPECT_EQ(area(), 600);
    EXPECT_EQ(driver.view().undo_name, "Rectangle");
    select(worker::RectangleShape{{30, 10, 30, 20}}, CombineMode::add);
    EXPECT_EQ(area(), 1000);
    select(worker::RectangleShape{{10, 10, 10, 20}}, CombineMode::subtract);
    EXPECT_EQ(area(), 800);
    select(worker::EllipseShape{{20, 10, 20, 20}}, CombineMode::intersect);
    EXPECT_NEAR(driver.view().mask->coverage_area(), 3.14159 * 100, 1);
    EXPECT_EQ(driver.view().undo_name, "Ellipse");
    select(worker::PolygonShape{{{0, 0}, {10, 0}, {0, 10}}});
    EXPECT_NEAR(driver.view().mask->coverage_area(), 50, 0.5);
    for (const std::int64_t before : {314, 800, 1000, 600, 0}) {
        driver.apply(Undo{});
        EXPECT_NEAR(driver.view().mask->coverage_area(), double(before), 1);
    }
    EXPECT_EQ(driver.view().undo_name, "");
}

// Without waiting in between: in order, each on what the one before left.
TEST_F(Selecting, QuickOnesQueue) {
    ASSERT_TRUE(open(columns()));
    driver.apply(Select{worker::RectangleShape{{0, 0, 50, 50}}, CombineMode::add});
    driver.apply(Select{worker::RectangleShape{{0, 0, 50, 10}}, CombineMode::subtract});
    driver.apply(Select{worker::RectangleShape{{0, 0, 20, 60}}, CombineMode::intersect});
    driver.apply(RefineMask{{RefineKind::invert, 0}});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(area(), 120 * 60 - 20 * 40);
    for (const char* name : {"Invert mask", "Rectangle", "Rectangle", "Rectangle"}) {
        EXPECT_EQ(driver.view().undo_name, name);
        driver.apply(Undo{});
    }
    // What is replaced as a whole need not be made.
    driver.apply(Select{wand(5, 5), CombineMode::add});
    driver.apply(Select{worker::RectangleShape{{0, 0, 5, 5}}, CombineMode::replace});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(area(), 25);
    driver.apply(Undo{});
    EXPECT_EQ(driver.view().undo_name, "");
}

TEST_F(Selecting, AWandFollowsItsSettings) {
    ASSERT_TRUE(open(columns()));
    SelectSettings settings = s().settings;
    settings.sample_side = 1;
    settings.wand_tolerance = 2;
    settings.antialias = false;
    driver.apply(SetSelect{settings});
    select(wand(50, 20));
    EXPECT_EQ(area(), kColumn);
    EXPECT_TRUE(s().adjustable);
    // Live while the slider is held: seen, not kept.
    settings.wand_tolerance = 14;
    driver.apply(SetSelect{settings, true});
    ASSERT_TRUE(driver.until([&] { return s().previewing && !driver.session().busy(); }));
    EXPECT_EQ(area(), 2 * kColumn);
    EXPECT_EQ(driver.view().document->mask.support_area(), kColumn);
    settings.wand_tolerance = 12;
    driver.apply(SetSelect{settings, true});
    driver.apply(SetSelect{settings, false});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_FALSE(s().previewing);
    EXPECT_EQ(driver.view().document->mask.support_area(), 2 * kColumn);
    EXPECT_EQ(s().pixels, 2 * kColumn);
    EXPECT_EQ(s().bounds, (Rect{40, 0, 80, 60}));
    // Adjusting is no further step.
    EXPECT_EQ(driver.view().undo_name, "Magic wand");
    driver.apply(Undo{});
    EXPECT_EQ(driver.view().undo_name, "");
    EXPECT_EQ(area(), 0);
    EXPECT_FALSE(s().adjustable);
    driver.apply(Redo{});
    EXPECT_EQ(area(), 2 * kColumn);
    // Somewhere else in between: the settings are for the next one alone.
    driver.paint(5, 5, 3);
    const auto painted = area();
    EXPECT_FALSE(s().adjustable);
    settings.wand_tolerance = 1;
    driver.apply(SetSelect{settings});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(area(), painted);
    // Anywhere, not only connected.
    settings.contiguous = false;
    settings.measure = select::ColorMeasure::rgb;
    settings.wand_tolerance = 25;
    driver.apply(SetSelect{settings});
    select(wand(50, 20), CombineMode::intersect);
    EXPECT_EQ(area(), 2 * kColumn) << "without the dab";
}

TEST_F(Selecting, EscDropsWhatIsTried) {
    ASSERT_TRUE(open(columns()));
    SelectSettings settings = s().settings;
    settings.sample_side = 1;
    settings.wand_tolerance = 2;
    driver.apply(SetSelect{settings});
    select(wand(50, 20));
    const mask::Mask before = *driver.view().mask;
    for (const bool wait : {true, false}) {
        settings.wand_tolerance += 20;
        driver.apply(SetSelect{settings, true});
        if (wait) {
            ASSERT_TRUE(driver.until([&] { return s().previewing; }));
        }
        driver.apply(CancelMaskWork{});
        EXPECT_FALSE(s().previewing);
        EXPECT_EQ(*driver.view().mask, before);
        ASSERT_TRUE(driver.until_idle());
        EXPECT_EQ(*driver.view().mask, before);
    }
    EXPECT_TRUE(driver.view().notices.empty());
}

TEST_F(Selecting, UndoTakesBackWhatIsStillBeingMade) {
    ASSERT_TRUE(open(columns()));
    select(worker::RectangleShape{{0, 0, 9, 9}});
    driver.apply(Select{wand(50, 20), CombineMode::add});
    driver.apply(Undo{});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(area(), 81);
    EXPECT_EQ(driver.view().undo_name, "Rectangle");
}

TEST_F(Selecting, RangesOfColourAndLightness) {
    ASSERT_TRUE(open(columns()));
    SelectSettings settings = s().settings;
    settings.sample_side = 1;
    settings.color_tolerance = 3;
    settings.color_softness = 0;
    driver.apply(SetSelect{settings});
    select::ColorRangeParams range;
    range.at = {{100, 5}};
    select(range);
    EXPECT_EQ(area(), kColumn);
    // One more colour joins the range: both follow the tolerance from then on, each is a step.
    range.at = {{5, 5}};
    select(range, CombineMode::add);
    EXPECT_EQ(area(), 2 * kColumn);
    settings.color_tolerance = 12;
    driver.apply(SetSelect{settings});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(area(), 3 * kColumn);
    driver.apply(Undo{});
    EXPECT_EQ(area(), kColumn);
    driver.apply(Undo{});
    EXPECT_EQ(area(), 0);

    settings.low = 0;
    settings.high = 43;
    settings.lum_softness = 0;
    driver.apply(SetSelect{settings});
    select(select::LuminanceRangeParams{});
    EXPECT_EQ(area(), 2 * kColumn) << "grey is L* 38, the reds 40 and 46";
    EXPECT_EQ(driver.view().undo_name, "Luminance range");
    select(worker::AlphaShape{});
    EXPECT_EQ(area(), 3 * kColumn) << "opaque everywhere";
}

TEST_F(Selecting, WhatIsSampledIsThePictureShown) {
    ASSERT_TRUE(open(columns()));
    driver.paint(20, 30, 8);
    driver.ask(); // the engine paints the dab another colour
    ASSERT_TRUE(driver.until_idle());
    ASSERT_EQ(driver.iterations(), 2u);
    SelectSettings settings = s().settings;
    settings.sample_side = 1;
    settings.wand_tolerance = 1;
    driver.apply(SetSelect{settings});
    select(wand(20, 30));
    EXPECT_GT(area(), 50);
    EXPECT_LT(area(), 300);
    driver.apply(ShowIteration{0});
    select(wand(20, 30));
    EXPECT_EQ(area(), kColumn);
}

TEST_F(Selecting, SmartSelectByBoxAndScribbles) {
    image::Image picture({160, 120}, image::kRgb8);
    for (int y = 0; y < 120; ++y)
        for (int x = 0; x < 160; ++x) {
            auto* p = picture.span().pixel<std::uint8_t>(x, y);
            const bool in = std::hypot(x - 80, y - 60) < 30;
            p[0] = static_cast<std::uint8_t>(in ? 200 + x % 5 : 40);
            p[1] = static_cast<std::uint8_t>(in ? 60 : 90 + y % 7);
            p[2] = 50;
        }
    ASSERT_TRUE(open(picture));
    select::SmartSelectParams params;
    params.box = {45, 25, 70, 70};
    driver.apply(Select{params, CombineMode::replace});
    EXPECT_EQ(s().working, "Smart select");
    ASSERT_TRUE(driver.until([&] { return s().previewing; })) << "the quick answer";
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(s().working, "");
    EXPECT_NEAR(driver.view().mask->coverage_area(), 3.14159 * 900, 120);
    // What does not belong, then Undo: back to the answer before.
    const mask::Mask disc = *driver.view().mask;
    driver.apply(ScribbleObject{{{70, 45, 1, 0}, {90, 45, 1, 0}}, 4, true});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().mask->at(80, 45), 0);
    EXPECT_EQ(driver.view().undo_name, "Smart select");
    driver.apply(Undo{});
    EXPECT_EQ(*driver.view().mask, disc);
    driver.apply(ClearMask{});
    // A scribble alone is a hint too; one of what is outside needs an object.
    driver.apply(ScribbleObject{{{5, 5, 1, 0}}, 4, true});
    EXPECT_TRUE(driver.has_notice("scribble the object first"));
    driver.apply(ScribbleObject{{{65, 60, 1, 0}, {95, 62, 1, 0}}, 4, false});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_GT(driver.view().mask->at(80, 75), 128);
    EXPECT_EQ(driver.view().mask->at(5, 5), 0);
}

TEST_F(Selecting, AStrokeMeanwhileIsNotLost) {
    ASSERT_TRUE(open(columns()));
    driver.apply(Select{worker::RectangleShape{{0, 0, 20, 20}}, CombineMode::add});
    driver.apply(BeginStroke{{100, 50, 1, 0}, false});
    for (int i = 0; i < 50; ++i)
        driver.session().pump();
    EXPECT_GT(driver.view().mask->at(100, 50), 0);
    driver.apply(EndStroke{});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(driver.view().mask->at(10, 10), 255);
    EXPECT_GT(driver.view().mask->at(100, 50), 0);
    driver.apply(Undo{});
    EXPECT_EQ(driver.view().mask->at(10, 10), 0);
    EXPECT_GT(driver.view().mask->at(100, 50), 0);
    driver.apply(Undo{});
    EXPECT_TRUE(driver.view().mask->empty());
}

TEST_F(Selecting, ARequestWaitsForTheSelection) {
    ASSERT_TRUE(open(columns()));
    driver.apply(SetPrompt{"do it"});
    driver.apply(Select{wand(50, 20), CombineMode::replace});
    driver.apply(session::Run{});
    ASSERT_TRUE(driver.until([&] { return driver.iterations() == 2; }));
    EXPECT_GE(driver.view().document->tree.at(1).mask->support_area(), kColumn);
}

TEST_F(Selecting, ReselectBringsBackWhatWasCleared) {
    ASSERT_TRUE(open(columns()));
    EXPECT_FALSE(s().can_reselect);
    select(worker::RectangleShape{{0, 0, 20, 20}});
    driver.apply(ClearMask{});
    EXPECT_TRUE(s().can_reselect);
    driver.apply(Reselect{});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(area(), 400);
    EXPECT_FALSE(s().can_reselect);
}

// Numbers that are none, places that are not there, shapes without an inside.
TEST_F(Selecting, BadInputLeavesTheMaskAndSaysWhy) {
    ASSERT_TRUE(open(columns()));
    select(worker::RectangleShape{{0, 0, 20, 20}});
    const mask::Mask before = *driver.view().mask;
    const double nan = std::nan(""), far = std::numeric_limits<double>::infinity();
    select::SmartSelectParams nothing, outside;
    outside.box = {500, 500, 20, 20};
    select::ColorRangeParams nowhere, far_off;
    far_off.at = {{500, 3}};
    std::size_t told = 0;
    for (const worker::Shape& shape : std::initializer_list<worker::Shape>{
             worker::RectangleShape{{nan, 0, 20, 20}}, worker::RectangleShape{{900, 900, 20, 20}},
             worker::RectangleShape{{3, 3, -5, far}}, worker::EllipseShape{{1e300, 0, 1e300, 20}},
             worker::PolygonShape{{{1, 1}, {50, 50}}}, worker::PolygonShape{},
             worker::PolygonShape{{{nan, 1}, {far, 50}, {3, -far}}}, wand(-1, 5), wand(1 << 30, 5),
             nothing, outside, nowhere, far_off, worker::GivenShape{mask::Mask({5, 5})}}) {
        select(shape);
        EXPECT_EQ(*driver.view().mask, before) << shape.index();
        EXPECT_GT(driver.view().notices.size(), told) << "a person is told, " << shape.index();
        told = driver.view().notices.size();
    }
    SelectSettings settings;
    settings.wand_tolerance = settings.low = settings.color_softness = nan;
    settings.high = -far;
    settings.sample_side = 1 << 20;
    driver.apply(SetSelect{settings, true});
    driver.apply(SetSelect{settings, false});
    EXPECT_EQ(s().settings.wand_tolerance, SelectSettings().wand_tolerance);
    EXPECT_LE(s().settings.low, s().settings.high);
    EXPECT_EQ(s().settings.sample_side, 5);
    driver.apply(ScribbleObject{{{nan, nan, 1, 0}, {-1e9, far, 1, 0}}, nan, false});
    driver.apply(ScribbleObject{{}, 4, false});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_EQ(*driver.view().mask, before);
}

TEST_F(Selecting, APolygonOfAMillionPoints) {
    ASSERT_TRUE(open(columns()));
    worker::PolygonShape shape;
    for (int i = 0; i < 1'000'000; ++i) {
        const double a = i * 1e-3;
        shape.points.push_back({60 + 25 * std::cos(a), 30 + 25 * std::sin(a)});
    }
    shape.points.resize(6284); // once round, then the whole of it
    select(shape);
    EXPECT_NEAR(driver.view().mask->coverage_area(), 3.14159 * 625, 3);
    for (int i = 0; i < 1'000'000; ++i)
        shape.points.push_back({double(i % 120), double(i % 60)});
    select(shape);
    EXPECT_EQ(driver.view().undo_name, "Lasso");
}

TEST_F(Selecting, AWandOnOnePixel) {
    ASSERT_TRUE(open(image::Image({1, 1}, image::kRgb8)));
    select(wand(0, 0));
    EXPECT_EQ(area(), 1);
    select(wand(0, 0), CombineMode::subtract);
    EXPECT_EQ(area(), 0);
    driver.apply(WireAnchor{{0, 0}});
    driver.apply(WireTo{{5, 5}});
    driver.apply(WireClose{});
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.has_notice("at least two points"));
}

TEST_F(Selecting, TheWireFollowsAnEdge) {
    ASSERT_TRUE(open(columns()));
    driver.apply(WireTo{{1, 1}});
    EXPECT_FALSE(s().wire);
    driver.apply(WireAnchor{{40, 5}});
    ASSERT_TRUE(s().wire);
    driver.apply(WireTo{{41, 50}});
    driver.apply(WireTo{{40, 54}}); // goes on while the first is looked for
    ASSERT_TRUE(driver.until([&] {
        return !s().wire->live.empty() && s().wire->live.back() == (Point{40, 54});
    }));
    EXPECT_EQ(s().wire->live.front(), (Point{40, 5}));
    for (const Point& p : s().wire->live)
        EXPECT_NEAR(p.x, 40, 2) << "the way keeps to the edge at " << p.y;
    driver.apply(WireAnchor{{40, 54}});
    EXPECT_EQ(s().wire->stretches.size(), 1u);
    EXPECT_GT(s().wire->stretches[0].size(), 40u) << "it was known";
    driver.apply(WireAnchor{{100, 54}});
    driver.apply(WireAnchor{{100, 20}});
    driver.apply(WireBack{});
    EXPECT_EQ(s().wire->anchors.size(), 3u);
    driver.apply(WireAnchor{{100, 5}});
    driver.apply(WireClose{CombineMode::replace});
    ASSERT_TRUE(driver.until([&] { return !s().wire && !driver.session().busy(); }));
    EXPECT_EQ(driver.view().undo_name, "Lasso");
    EXPECT_EQ(driver.view().mask->at(70, 30), 255);
    EXPECT_EQ(driver.view().mask->at(20, 30), 0);
    EXPECT_NEAR(driver.view().mask->coverage_area(), 60 * 49, 300);
    // Dropped with Esc, or taken back to nothing.
    driver.apply(WireAnchor{{10, 10}});
    driver.apply(WireAnchor{{30, 10}});
    driver.apply(CancelMaskWork{});
    EXPECT_FALSE(s().wire);
    driver.apply(WireAnchor{{10, 10}});
    driver.apply(WireBack{});
    EXPECT_FALSE(s().wire);
    ASSERT_TRUE(driver.until_idle());
}

TEST_F(Selecting, ClosingThePictureEndsIt) {
    ASSERT_TRUE(open(columns()));
    driver.apply(Select{wand(50, 20), CombineMode::replace});
    driver.apply(SetPaintLimit{true});
    driver.apply(WireAnchor{{10, 10}});
    driver.apply(CloseDocument{true});
    EXPECT_FALSE(s().wire);
    EXPECT_EQ(s().working, "");
    ASSERT_TRUE(driver.until_idle());
    EXPECT_TRUE(driver.view().document == nullptr);
    EXPECT_EQ(s().pixels, 0);
}

} // namespace
} // namespace mw::session
