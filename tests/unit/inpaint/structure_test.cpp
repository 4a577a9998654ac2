// Bands and lines that pass behind the hole come out of it where they went in.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "image/image.h"
#include "inpaint/continue_structure.h"
#include "inpaint/course.h"
#include "inpaint/fill.h"
#include "inpaint/line_guides.h"
#include "inpaint/offset_statistics.h"
#include "support/instrumented.h"

namespace mw::inpaint {
namespace {

using image::Image;

enum class Direction { horizontal, vertical, diagonal };

// The coordinate across the lines.
int across(Direction direction, int x, int y) {
    switch (direction) {
        case Direction::horizontal:
            return y;
        case Direction::vertical:
            return x;
        default:
            return x - y;
    }
}

std::uint8_t byte(double v) {
    return static_cast<std::uint8_t>(std::clamp(v, 0.0, 255.0));
}

// Bands of random brightness and width, `noise` levels of it per pixel, and a dark line of 3 px at
// `line` across them.
Image banded(Size size, Direction direction, int line, double bands, int noise) {
    Random random(99);
    std::vector<double> profile(2048);
    double level = 0;
    for (std::size_t i = 0, left = 0; i < profile.size(); ++i, --left) {
        if (left == 0) {
            left = static_cast<std::size_t>(4 + random.below(9));
            level = bands * (random.below(201) - 100) / 100.0;
        }
        profile[i] = level;
    }
    Image picture(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y) {
        for (int x = 0; x < size.width; ++x) {
            const int u = across(direction, x, y);
            const double base = 150 + profile[static_cast<std::size_t>(u + 1024)] +
                                random.below(2 * noise + 1) - noise;
            const double dark = std::abs(u - line) <= 1 ? 90 : 0;
            std::uint8_t* p = picture.span().pixel<std::uint8_t>(x, y);
            p[0] = byte(base - dark);
            p[1] = byte(0.8 * (base - dark));
            p[2] = byte(0.55 * (base - dark));
        }
    }
    return picture;
}

Image hole_in(Size size, Rect hole) {
    Image mask(size, image::kGray8);
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x)
            *mask.span().pixel<std::uint8_t>(x, y) = 255;
    return mask;
}

// The truth with something blue before it, filled.
Image filled(const Image& truth, Rect hole, std::uint64_t seed = 1) {
    Image picture = image::clone(truth.view());
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x) {
            std::uint8_t* p = picture.span().pixel<std::uint8_t>(x, y);
            p[0] = 20, p[1] = 40, p[2] = 220;
        }
    FillParams params;
    params.seed = seed;
    auto result = fill(picture.view(), hole_in(truth.size(), hole).view(), params, {}, {});
    EXPECT_TRUE(result);
    return result ? std::move(*result) : Image{};
}

int red(const Image& picture, int x, int y) {
    return picture.view().pixel<std::uint8_t>(x, y)[0];
}

double error_inside(const Image& truth, const Image& got, Rect hole) {
    double sum = 0;
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x)
            sum += std::pow(red(truth, x, y) - red(got, x, y), 2);
    return std::sqrt(sum / static_cast<double>(hole.area()));
}

// Of the hole's pixels in the middle of the line, the part that is dark; and of those well beside
// it, the part that is.
struct Darkness {
    double on = 0, off = 0;
};
Darkness darkness(const Image& got, Direction direction, int line, Rect hole) {
    int on = 0, on_dark = 0, off = 0, off_dark = 0;
    for (int y = hole.y; y < hole.bottom(); ++y) {
        for (int x = hole.x; x < hole.right(); ++x) {
            const int distance = std::abs(across(direction, x, y) - line);
            const bool dark = red(got, x, y) < 110;
            if (distance == 0) ++on, on_dark += dark;
            if (distance > 3) ++off, off_dark += dark;
        }
    }
    return {static_cast<double>(on_dark) / on, static_cast<double>(off_dark) / off};
}

TEST(Structure, StripesAndALineRunThroughTheHole) {
    const Rect hole{90, 70, 120, 60};
    for (const auto direction : {Direction::horizontal, Direction::vertical}) {
        if (kInstrumented && direction != Direction::horizontal) continue;
        const int line = direction == Direction::horizontal ? 97 : 141;
        const Image truth = banded({300, 220}, direction, line, 35, 4);
        const Image got = filled(truth, hole);
        EXPECT_LT(error_inside(truth, got, hole), 8) << static_cast<int>(direction);
        const Darkness dark = darkness(got, direction, line, hole);
        EXPECT_GT(dark.on, 0.97) << static_cast<int>(direction);
        EXPECT_LT(dark.off, 0.02) << static_cast<int>(direction);
    }
}

TEST(Structure, AWideHoleLosesNoThinLine) {
    // Four levels from here to where a patch spans the hole: the line is long gone there.
    const Rect hole{150, 150, 300, 140};
    const Image truth = banded({600, 440}, Direction::horizontal, 231, 25, 6);
    const Image got = filled(truth, hole);
    EXPECT_LT(error_inside(truth, got, hole), 10);
    EXPECT_GT(darkness(got, Direction::horizontal, 231, hole).on, 0.95);
}

TEST(Structure, ALineOnNoiseRunsThroughTheHole) {
    const Rect hole{110, 80, 80, 60};
    const struct {
        Direction direction;
        int line;
    } cases[] = {
        {Direction::diagonal, 38}, {Direction::horizontal, 108}, {Direction::vertical, 152}};
    for (const auto& c : cases) {
        if (kInstrumented && c.direction != Direction::diagonal) continue;
        const Image truth = banded({300, 220}, c.direction, c.line, 0, 25);
        for (std::uint64_t seed = 1; seed <= (kInstrumented ? 1 : 3); ++seed) {
            const Darkness dark = darkness(filled(truth, hole, seed), c.direction, c.line, hole);
            EXPECT_GT(dark.on, 0.95) << static_cast<int>(c.direction) << " seed " << seed;
            EXPECT_LT(dark.off, 0.02) << static_cast<int>(c.direction) << " seed " << seed;
        }
    }
}

TEST(Structure, IsTheSameOnAnyNumberOfThreads) {
    const Image truth = kInstrumented ? banded({150, 110}, Direction::diagonal, 19, 20, 10)
                                      : banded({300, 220}, Direction::diagonal, 38, 20, 10);
    const Rect hole = kInstrumented ? Rect{55, 40, 40, 30} : Rect{110, 80, 80, 60};
    std::vector<Image> results;
    for (const int threads : {1, 2, 5}) {
        set_parallel_threads(threads);
        results.push_back(filled(truth, hole));
    }
    set_parallel_threads(0);
    EXPECT_TRUE(image::identical(results[0].view(), results[1].view()));
    EXPECT_TRUE(image::identical(results[0].view(), results[2].view()));
}

Level level_of(const Image& picture, Rect hole) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(picture.size().area()));
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x)
            bytes[static_cast<std::size_t>(y) * picture.width() + x] = 1;
    return make_finest_level(picture.view(), bytes, {}, 7, {});
}

TEST(OffsetStatistics, FindThePeriodOfBricks) {
    // Courses of 14 px, bricks of 30 px, every other course moved by half a brick.
    Image picture({260, 200}, image::kRgb8);
    Random random(5);
    for (int y = 0; y < 200; ++y) {
        for (int x = 0; x < 260; ++x) {
            const int along = (x + y / 14 % 2 * 15) % 30;
            const int v = (along < 2 || y % 14 < 2 ? 210 : 120) + random.below(9);
            std::fill_n(picture.span().pixel<std::uint8_t>(x, y), 3, byte(v));
        }
    }
    const Level level = structure_of(level_of(picture, {90, 70, 60, 50}), {});
    const OffsetStatistics found = frequent_offsets(level, 7, 24, 1, {});
    ASSERT_GE(found.any.size(), 8u);
    EXPECT_LE(found.any.size(), 24u);
    for (std::size_t i = 0; i < 8; ++i) {
        const Point o = found.any[i];
        EXPECT_EQ(o.y % 14, 0) << o.x << "," << o.y;
        EXPECT_EQ((std::abs(o.x) + std::abs(o.y / 14) % 2 * 15) % 30, 0) << o.x << "," << o.y;
    }
    for (const Point o : found.along)
        EXPECT_LE(std::abs(o.x * found.any[0].y - o.y * found.any[0].x),
                  std::hypot(found.any[0].x, found.any[0].y));
}

TEST(ShiftMap, GivesEveryHolePixelASourceOutsideTheHole) {
    const Rect hole{60, 50, 40, 30};
    Level level = level_of(banded({160, 130}, Direction::horizontal, 64, 30, 3), hole);
    const Level structure = structure_of(level, {});
    int rounds = 0;
    const ShiftMap map =
        shift_map(structure, {{45, 0}, {-45, 0}, {0, 3}}, 7, [&] { ++rounds; }, {});
    EXPECT_EQ(rounds, kShiftRounds);
    ASSERT_EQ(map.labels.size(), static_cast<std::size_t>(level.hole_count));
    for (const int label : map.labels)
        EXPECT_TRUE(label == 0 || label == 1) << label; // the others cross the bands
    Field field;
    apply(map, level, field, 1);
    for (int y = hole.y; y < hole.bottom(); ++y)
        for (int x = hole.x; x < hole.right(); ++x) {
            const Match& m = field.at(x, y);
            EXPECT_TRUE(level.source[level.at(m.x, m.y)]);
            EXPECT_EQ(m.y, y);
        }
}

// A course of a level of bands whose hole was filled by one translation of `offset`.
Course shifted_course(Point offset, Direction direction) {
    Course course;
    course.level = level_of(banded({160, 130}, direction, 64, 30, 3), {60, 50, 40, 30});
    ShiftMap map;
    map.offsets = {offset};
    map.labels.assign(static_cast<std::size_t>(course.level.hole_count), 0);
    apply(map, course.level, course.field, 1);
    return course;
}

TEST(Course, IsJudgedByItsPiecesAndItsBorder) {
    const Course whole = shifted_course({45, 0}, Direction::horizontal),
                 across = shifted_course({0, 35}, Direction::horizontal);
    EXPECT_GT(fit_of(whole).coherence, 0.9);
    EXPECT_LT(fit_of(whole).border_cost, fit_of(across).border_cost / 2);
    Course crumbled = whole;
    randomize(crumbled.level, crumbled.field, 1);
    EXPECT_LT(fit_of(crumbled).coherence, 0.1);
    EXPECT_GT(fit_of(crumbled).cost, fit_of(whole).cost);
    EXPECT_TRUE(continues_better(whole, crumbled));
    EXPECT_FALSE(continues_better(whole, whole)); // its pieces are no larger
    // Pieces of one pixel that fit are better than a large one that does not.
    Course fitting = whole;
    const Rect b = fitting.level.target_bounds;
    for (int y = b.y; y < b.bottom(); ++y)
        for (int x = b.x; x < b.right(); ++x)
            if (fitting.level.target[fitting.level.at(x, y)])
                fitting.field.at(x, y) = {static_cast<std::int16_t>(x % 2 ? 10 : 140),
                                          static_cast<std::int16_t>(y)};
    EXPECT_LT(fit_of(fitting).coherence, 0.1);
    EXPECT_FALSE(continues_better(across, fitting));
}

// Dark lines of 3 px on noise, each given by where it leaves the picture on the left and the right.
Image lined(Size size, const std::vector<std::pair<double, double>>& lines, int noise) {
    Random random(3);
    Image picture(size, image::kRgb8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            double v = 150 + random.below(2 * noise + 1) - noise;
            for (const auto& [left, right] : lines)
                if (std::abs(left + (right - left) * x / size.width - y) < 1.5) v -= 90;
            std::fill_n(picture.span().pixel<std::uint8_t>(x, y), 3, byte(v));
        }
    return picture;
}

TEST(LineGuides, AreTheLinesThatComeOutOnTheOtherSide) {
    const Rect hole{110, 80, 80, 60};
    const std::vector<GuideLine> lines =
        lines_through_hole(level_of(lined({300, 220}, {{100, 90}, {90, 150}}, 20), hole), {});
    ASSERT_EQ(lines.size(), 2u);
    for (const GuideLine& line : lines) {
        const bool first = std::abs(line.across(0, 100)) < std::abs(line.across(0, 90));
        EXPECT_LT(std::abs(line.across(110, first ? 96 : 112)), 2.5f);
        EXPECT_LT(std::abs(line.across(190, first ? 94 : 128)), 2.5f);
    }
    EXPECT_TRUE(lines_through_hole(level_of(lined({300, 220}, {}, 40), hole), {}).empty());
    // One that ends behind the hole is none.
    Image ends = lined({300, 220}, {{100, 90}}, 20);
    const Image plain = lined({300, 220}, {}, 20);
    for (int y = 0; y < 220; ++y)
        std::copy_n(plain.view().pixel<std::uint8_t>(150, y), 150 * 3,
                    ends.span().pixel<std::uint8_t>(150, y));
    EXPECT_TRUE(lines_through_hole(level_of(ends, hole), {}).empty());
}

TEST(LineGuides, LinesOfTwoDirectionsRunThroughTheHole) {
    const std::vector<std::pair<double, double>> lines{{80, 110}, {150, 115}};
    const Rect hole{100, 70, 100, 90};
    const Image picture = filled(lined({300, 220}, lines, 12), hole);
    for (const auto& [left, right] : lines) {
        int dark = 0;
        for (int x = hole.x; x < hole.right(); ++x) {
            int least = 255;
            const int y = static_cast<int>(left + (right - left) * x / 300 + 0.5);
            for (int at = y - 1; at <= y + 1; ++at)
                least = std::min<int>(least, *picture.view().pixel<std::uint8_t>(x, at));
            dark += least < 110;
        }
        EXPECT_GT(dark, 90) << left;
    }
}

} // namespace
} // namespace mw::inpaint
