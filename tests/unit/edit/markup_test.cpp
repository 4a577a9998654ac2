// Marks: their shapes, what is none, and how they go into a request.
#include "edit/markup.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "edit/backend.h"

namespace mw::edit {
namespace {

Mark arrow(PointF from, PointF to, double width = 6) {
    Mark mark;
    mark.points = {from, to};
    mark.width_px = width;
    return mark;
}

TEST(Markup, WhatSaysNothingIsNone) {
    const Size picture{640, 480};
    Mark mark = arrow({10, 10}, {50, 60});
    EXPECT_TRUE(make_sane(mark, picture));
    mark = arrow({10, 10}, {10, 10});
    EXPECT_FALSE(make_sane(mark, picture));
    mark = arrow({10, 10}, {std::numeric_limits<double>::quiet_NaN(), 3});
    EXPECT_FALSE(make_sane(mark, picture)) << "one end is missing";
    mark.kind = MarkKind::ellipse;
    mark.points = {{0, 0}, {0, 40}};
    EXPECT_FALSE(make_sane(mark, picture)) << "no width";
    mark.kind = MarkKind::note;
    mark.points = {{5, 5}};
    mark.text = "  ";
    EXPECT_FALSE(make_sane(mark, picture));
    mark.text = "a\nlamp";
    EXPECT_TRUE(make_sane(mark, picture));
    EXPECT_EQ(mark.text, "a lamp");
    mark.kind = MarkKind::stroke;
    mark.points.clear();
    EXPECT_FALSE(make_sane(mark, picture));
}

TEST(Markup, NumbersAreHeldWithinBounds) {
    Mark mark = arrow({-1e30, 5}, {1e30, 5}, 1e9);
    ASSERT_TRUE(make_sane(mark, {100, 50}));
    EXPECT_EQ(mark.points[0].x, -100);
    EXPECT_EQ(mark.points[1].x, 200);
    EXPECT_EQ(mark.width_px, kMaxMarkWidth);
    mark.kind = MarkKind::note;
    mark.points = {{1, 1}};
    for (int i = 0; i < 300; ++i)
        mark.text += "\xc3\xa9";
    ASSERT_TRUE(make_sane(mark, {100, 50}));
    EXPECT_LE(mark.text.size(), kMostNoteBytes);
    EXPECT_EQ(mark.text.size() % 2, 0u) << "no letter is cut";
}

TEST(Markup, AnArrowPointsWithItsHead) {
    const ArrowShape shape = arrow_shape(arrow({0, 0}, {100, 0}, 8));
    EXPECT_EQ(shape.head[0], (PointF{100, 0}));
    EXPECT_NEAR(shape.head[1].x, 100 - 4.5 * 8, 1e-9);
    EXPECT_NEAR(std::abs(shape.head[1].y), 16, 1e-9);
    EXPECT_NEAR(shape.shaft[1].x, shape.head[1].x + 4, 1e-9) << "the shaft ends within the head";
    EXPECT_NEAR(std::abs(shape.shaft[0].y), 4, 1e-9);
    const ArrowShape brief = arrow_shape(arrow({0, 0}, {10, 0}, 8));
    EXPECT_NEAR(brief.head[1].x, 0, 1e-9) << "all of a short one is head";
}

TEST(Markup, AnEllipseIsClosedAndWithinItsBounds) {
    Mark mark = arrow({10, 20}, {70, 60});
    mark.kind = MarkKind::ellipse;
    const auto line = ellipse_line(mark);
    EXPECT_NEAR(line.front().x, line.back().x, 1e-9);
    for (const PointF& p : line) {
        EXPECT_NEAR(std::pow((p.x - 40) / 30, 2) + std::pow((p.y - 40) / 20, 2), 1, 1e-9);
    }
}

ModelCapabilities model(int references, bool markup) {
    ModelCapabilities m;
    m.id = "m";
    m.max_references = references;
    m.takes_markup = markup;
    return m;
}

TEST(Markup, TheMarkedPictureTakesAReferencesPlace) {
    EditParams params;
    params.marks = {arrow({0, 0}, {9, 9})};
    EXPECT_TRUE(check_request(model(0, true), "x", params));
    EXPECT_TRUE(check_request(model(1, false), "x", params));
    const Status unseen = check_request(model(0, false), "x", params);
    ASSERT_FALSE(unseen);
    EXPECT_NE(unseen.error().message.find("takes no markup"), std::string::npos);
    params.references.push_back(
        {"a", std::make_shared<const Bytes>(Bytes(3)), "image/png", {1, 1}});
    EXPECT_TRUE(check_request(model(1, true), "x", params));
    EXPECT_TRUE(check_request(model(2, false), "x", params));
    const Status full = check_request(model(1, false), "x", params);
    ASSERT_FALSE(full);
    EXPECT_NE(full.error().message.find("besides the marked picture"), std::string::npos);
}

TEST(Markup, ADrawingOfTheCropAloneLiesWhereItBelongs) {
    image::Image picture({64, 48}, image::kRgb8);
    mask::Mask mask({64, 48});
    image::Image block({8, 8}, image::kGray8);
    std::memset(block.bytes().data(), 255, block.byte_count());
    mask.write({30, 20, 8, 8}, block.view());
    const auto plan = plan_crop({64, 48}, mask, {});
    ASSERT_TRUE(plan);
    const Rect crop = plan->crop;
    // One mark at a known pixel of the picture.
    const auto drawn = [&](const Rect& area) {
        auto out = std::make_shared<image::Image>(area.size(), image::kRgba8);
        auto* p = out->span().pixel<std::uint8_t>(33 - area.x, 24 - area.y);
        p[0] = 200, p[3] = 255;
        return out;
    };
    EditParams params;
    const auto request = [&] {
        return make_request(picture.view(), {}, {mask, *plan}, model(0, true), "x", params, {});
    };
    params.markup = drawn(Rect{0, 0, 64, 48});
    const auto whole = request();
    ASSERT_TRUE(whole) << whole.error().message;
    params.markup = drawn(crop);
    params.markup_at = {crop.x, crop.y};
    const auto part = request();
    ASSERT_TRUE(part) << part.error().message;
    ASSERT_EQ(part->markup->size(), part->plan.request_size);
    EXPECT_TRUE(std::ranges::equal(whole->markup->bytes(), part->markup->bytes()));
    EXPECT_EQ(part->markup->view().pixel<std::uint8_t>(33 - crop.x, 24 - crop.y)[0], 200);
    if (crop.width > 1) {
        params.markup = drawn(Rect{crop.x + 1, crop.y, crop.width - 1, crop.height});
        params.markup_at = {crop.x + 1, crop.y};
        EXPECT_FALSE(request()) << "a column of the crop is missing";
    }
}

} // namespace
} // namespace mw::edit
