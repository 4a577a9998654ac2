#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "edit/crop_plan.h"
#include "edit/islands.h"

namespace mw::edit {
namespace {

SizeRules cloud_rules() {
    return {16, 16, 3840, 655'360, 8'294'400, 3};
}

void cover(mask::Mask& mask, const Rect& box, std::uint8_t value = 255) {
    image::Image pixels(box.size(), image::kGray8);
    std::fill(pixels.bytes().begin(), pixels.bytes().end(), std::byte{value});
    mask.write(box, pixels.view());
}
mask::Mask boxes(Size size, std::initializer_list<Rect> of) {
    mask::Mask mask(size);
    for (const Rect& r : of)
        cover(mask, r);
    return mask;
}

bool legal(Size s, const SizeRules& r) {
    const double aspect = double(s.longer_side()) / std::min(s.width, s.height);
    return s.width % r.multiple == 0 && s.height % r.multiple == 0 &&
           std::min(s.width, s.height) >= r.min_side && s.longer_side() <= r.max_side &&
           s.area() >= r.min_area && s.area() <= r.max_area && aspect <= r.max_aspect + 1e-9;
}

// Islands by flooding, each as its first pixel; the slow reference.
std::vector<int> flood(const mask::Mask& mask) {
    const Size size = mask.size();
    std::vector<int> island(static_cast<std::size_t>(size.area()), -1);
    const auto at = [&](int x, int y) -> int& {
        return island[static_cast<std::size_t>(y * size.width + x)];
    };
    int count = 0;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            if (!mask.at(x, y) || at(x, y) >= 0) continue;
            std::vector<Point> open{{x, y}};
            at(x, y) = count;
            while (!open.empty()) {
                const Point p = open.back();
                open.pop_back();
                for (int dy = -1; dy <= 1; ++dy)
                    for (int dx = -1; dx <= 1; ++dx) {
                        const int u = p.x + dx, v = p.y + dy;
                        if (!mask.at(u, v) || at(u, v) >= 0) continue;
                        at(u, v) = count;
                        open.push_back({u, v});
                    }
            }
            ++count;
        }
    return island;
}

void expect_partition(const mask::Mask& whole, const std::vector<PlannedPart>& parts) {
    mask::Mask sum(whole.size());
    std::int64_t covered = 0;
    for (const PlannedPart& part : parts) {
        EXPECT_FALSE(part.mask.empty());
        EXPECT_TRUE(part.plan.crop.contains(part.mask.bounds()));
        covered += part.mask.support_area();
        mask::combine(sum, part.mask, mask::CombineMode::add);
    }
    EXPECT_EQ(covered, whole.support_area()) << "no pixel twice";
    EXPECT_TRUE(sum == whole) << "no pixel lost, none changed";
}

TEST(Islands, AreWhatTouchesBySideOrCorner) {
    std::mt19937 random(3);
    for (int round = 0; round < 60; ++round) {
        // Across tiles in both directions, from sparse to dense.
        const Size size{40 + static_cast<int>(random() % 260),
                        20 + static_cast<int>(random() % 260)};
        mask::Mask mask(size);
        image::Image pixels(size, image::kGray8);
        const unsigned density = 1 + random() % 60;
        for (std::byte& b : pixels.bytes())
            if (random() % 100 < density) b = std::byte(1 + random() % 255);
        mask.write(mask.rect(), pixels.view());
        if (round % 3 == 0) cover(mask, {10, 10, size.width - 20, size.height - 20});
        const std::vector<int> reference = flood(mask);
        const IslandMap map = find_islands(mask);
        ASSERT_EQ(map.cell, 1);
        std::vector<Rect> bounds(map.bounds.size());
        std::int64_t covered = 0;
        for (const IslandRun& run : map.runs)
            for (int x = run.left; x < run.right; ++x) {
                ASSERT_EQ(reference[static_cast<std::size_t>(run.y * size.width + x)],
                          static_cast<int>(run.island));
                bounds[run.island] = unite(bounds[run.island], {x, run.y, 1, 1});
                ++covered;
            }
        EXPECT_EQ(covered, mask.support_area());
        EXPECT_EQ(bounds, map.bounds);
        std::vector<int> group_of;
        for (std::size_t i = 0; i < bounds.size(); ++i)
            group_of.push_back(static_cast<int>(random() % 3));
        const auto cut = cut_islands(mask, map, group_of, 3);
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x)
                for (int g = 0; g < 3; ++g) {
                    const int island = reference[static_cast<std::size_t>(y * size.width + x)];
                    const bool own = island >= 0 && group_of[static_cast<std::size_t>(island)] == g;
                    ASSERT_EQ(cut[static_cast<std::size_t>(g)].at(x, y), own ? mask.at(x, y) : 0);
                }
    }
}

TEST(Islands, NoiseBeyondMeasureIsTakenByBlocks) {
    const Size size{4096, 4200};
    mask::Mask mask(size);
    image::Image pixels({4096, 2100}, image::kGray8);
    for (int y = 0; y < 2100; y += 2)
        for (int x = 0; x < 4096; x += 2)
            *pixels.span().pixel<std::uint8_t>(x, y) = 9;
    mask.write({0, 0, 4096, 2100}, pixels.view());
    cover(mask, {100, 3000, 5, 7});
    const IslandMap map = find_islands(mask);
    EXPECT_EQ(map.cell, 16);
    EXPECT_EQ(map.bounds, (std::vector<Rect>{{0, 0, 4095, 2099}, {100, 3000, 5, 7}}));
    const auto cut = cut_islands(mask, map, {0, 1}, 2);
    EXPECT_EQ(cut[1].support_area(), 35);
    EXPECT_EQ(cut[0].support_area() + 35, mask.support_area());
}

TEST(PlanParts, FarApartIsSeparateAndNearIsOne) {
    const Size size{4000, 3000};
    const auto count = [&](const mask::Mask& mask, Islands islands) {
        PlanParams params;
        params.islands = islands;
        const auto parts = plan_parts(size, mask, {}, params);
        EXPECT_TRUE(parts);
        if (parts) expect_partition(mask, *parts);
        return parts ? parts->size() : 0;
    };
    const auto far = boxes(size, {{100, 100, 50, 50}, {3800, 2800, 40, 40}});
    EXPECT_EQ(count(far, Islands::automatic), 2u);
    EXPECT_EQ(count(far, Islands::together), 1u);
    EXPECT_EQ(count(far, Islands::apart), 2u);
    const auto near = boxes(size, {{100, 100, 50, 50}, {300, 100, 40, 40}});
    EXPECT_EQ(count(near, Islands::automatic), 1u);
    EXPECT_EQ(count(near, Islands::apart), 2u);
    // Two at one end, one at the other.
    const auto both = boxes(size, {{100, 100, 50, 50}, {300, 100, 40, 40}, {3800, 2800, 40, 40}});
    EXPECT_EQ(count(both, Islands::automatic), 2u);
    EXPECT_EQ(count(both, Islands::apart), 3u);
}

TEST(PlanParts, FourTimesTheSumIsTheBorder) {
    // Two squares of 100 with 64 px around: 228 x 228 each, 103968 together; the strip that holds
    // both is 228 px high and may be 4 * 456 px wide.
    for (const auto& [gap, parts] : {std::pair{1496, 1u}, {1497, 2u}}) {
        const Size size{3000, 400};
        const auto mask = boxes(size, {{100, 100, 100, 100}, {200 + gap, 100, 100, 100}});
        PlanParams params;
        params.context_px = 64;
        EXPECT_EQ(plan_parts(size, mask, {}, params)->size(), parts) << gap;
    }
}

TEST(PlanParts, LargestFirstAndEachWithItsOwnCrop) {
    const Size size{4000, 3000};
    const auto mask = boxes(size, {{100, 100, 30, 30}, {3000, 2000, 300, 200}});
    const auto parts = plan_parts(size, mask, {});
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2u);
    EXPECT_EQ((*parts)[0].mask.bounds(), (Rect{3000, 2000, 300, 200}));
    EXPECT_EQ((*parts)[0].plan.crop, (Rect{2925, 1925, 450, 350}));
    EXPECT_EQ((*parts)[1].plan.crop, (Rect{36, 36, 158, 158}));
}

TEST(PlanParts, NothingIsScaledDownForTheSakeOfOneRequest) {
    const Size size{8000, 2000};
    const auto mask = boxes(size, {{100, 100, 1500, 1200}, {4000, 100, 1500, 1200}});
    const auto parts = plan_parts(size, mask, cloud_rules());
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2u);
    for (const PlannedPart& part : *parts)
        EXPECT_EQ(part.plan.scale, 1);
    PlanParams together;
    together.islands = Islands::together;
    EXPECT_LT(plan_parts(size, mask, cloud_rules(), together)->front().plan.scale, 1);
}

TEST(PlanParts, AtMostEightRequests) {
    const Size size{6000, 6000};
    mask::Mask mask(size);
    for (int i = 0; i < 300; ++i)
        cover(mask, {100 + i % 15 * 400, 100 + i / 15 * 290, 9, 9});
    for (const Islands islands : {Islands::automatic, Islands::apart}) {
        PlanParams params;
        params.islands = islands;
        const auto parts = plan_parts(size, mask, {}, params);
        ASSERT_TRUE(parts);
        EXPECT_LE(parts->size(), std::size_t{kMostParts});
        expect_partition(mask, *parts);
        if (islands == Islands::apart) {
            EXPECT_EQ(parts->size(), std::size_t{kMostParts});
            ASSERT_FALSE(parts->front().plan.notes.empty());
            EXPECT_NE(parts->front().plan.notes.back().find("300 islands"), std::string::npos);
        }
    }
}

TEST(PlanParts, ErrorsAreThoseOfPlanCrop) {
    EXPECT_FALSE(plan_parts({100, 80}, mask::Mask({100, 80}), {}));
    EXPECT_FALSE(plan_parts({100, 80}, mask::Mask::full({90, 80}), {}));
    EXPECT_FALSE(plan_parts({}, mask::Mask{}, {}));
    const SizeRules none{16, 100, 50};
    EXPECT_FALSE(plan_parts({900, 80}, boxes({900, 80}, {{0, 0, 1, 1}, {899, 79, 1, 1}}), none));
}

TEST(PlanParts, PropertiesHoldForRandomMasksAndRules) {
    std::mt19937 random(11);
    const auto pick = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    int several = 0;
    for (int round = 0; round < 1500; ++round) {
        const Size picture{pick(1, 700), pick(1, 700)};
        mask::Mask mask(picture);
        for (int i = pick(1, 20); i > 0; --i) {
            const int x = pick(0, picture.width - 1), y = pick(0, picture.height - 1);
            cover(mask, intersect({x, y, pick(1, 12), pick(1, 12)}, Rect::of(picture)),
                  static_cast<std::uint8_t>(pick(1, 255)));
        }
        SizeRules rules;
        rules.multiple = pick(0, 2) ? pick(1, 16) : 1;
        rules.min_side = pick(1, 40);
        rules.max_side = pick(40, 900);
        rules.min_area = pick(1, 3000);
        rules.max_area = pick(3000, 200000);
        rules.max_aspect = 1 + pick(0, 40) / 10.0;
        PlanParams params;
        if (pick(0, 1)) params.context_px = pick(0, 30);
        params.mask_grow_px = pick(0, 8);
        params.islands = static_cast<Islands>(pick(0, 2));
        if (pick(0, 2) == 0) params.enlarge = pick(10, 90) / 10.0;
        SCOPED_TRACE(testing::Message() << "round " << round);
        const auto parts = plan_parts(picture, mask, rules, params);
        if (!parts) {
            EXPECT_FALSE(plan_crop(picture, mask, rules, params));
            continue;
        }
        several += parts->size() > 1;
        expect_partition(mask, *parts);
        EXPECT_LE(parts->size(), std::size_t{kMostParts});
        if (params.islands == Islands::together) {
            EXPECT_EQ(parts->size(), 1u);
        }
        const auto again = plan_parts(picture, mask, rules, params);
        ASSERT_EQ(again->size(), parts->size());
        for (std::size_t i = 0; i < parts->size(); ++i) {
            const PlannedPart& part = (*parts)[i];
            EXPECT_TRUE(legal(part.plan.request_size, rules));
            EXPECT_TRUE(part.plan == *plan_crop(picture, part.mask, rules, params) || i == 0);
            EXPECT_LE(part.plan.scale, std::clamp(params.enlarge, 1.0, 8.0) * 1.06);
            EXPECT_EQ(part.plan, (*again)[i].plan);
            EXPECT_TRUE(part.mask == (*again)[i].mask);
        }
    }
    EXPECT_GT(several, 200);
}

TEST(PlanCrop, HonoursADraggedCrop) {
    const Size size{4000, 3000};
    const auto mask = boxes(size, {{1000, 1000, 100, 80}});
    PlanParams params;
    params.crop = {900, 950, 900, 700};
    const auto plain = plan_crop(size, mask, {}, params);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->crop, *params.crop);
    EXPECT_TRUE(plain->notes.empty());
    const auto cloud = plan_crop(size, mask, cloud_rules(), params);
    ASSERT_TRUE(cloud);
    EXPECT_TRUE(legal(cloud->request_size, cloud_rules()));
    EXPECT_TRUE(cloud->crop.contains(*params.crop));
    EXPECT_LE(cloud->crop.width, 1200);
    // It need not hold the whole mask; the plan does.
    params.crop = {1050, 1010, 40, 400};
    const auto part = plan_crop(size, mask, {}, params);
    ASSERT_TRUE(part);
    EXPECT_EQ(part->crop, (Rect{1000, 1000, 100, 410}));
    // Islands are not looked for.
    params.crop = {0, 0, 200, 200};
    const auto two = boxes(size, {{10, 10, 20, 20}, {3900, 2900, 20, 20}});
    EXPECT_EQ(plan_parts(size, two, {}, params)->size(), 1u);
    // Context gives way before anything is scaled, and that is told.
    params.crop = {0, 0, 4000, 3000};
    const auto most = plan_crop(size, mask, cloud_rules(), params);
    ASSERT_TRUE(most);
    EXPECT_EQ(most->scale, 1);
    EXPECT_TRUE(most->crop.contains(mask.bounds()));
    ASSERT_EQ(most->notes.size(), 1u);
}

TEST(PlanCrop, ANonsensicalCropIsAnError) {
    const Size size{400, 300};
    const auto mask = boxes(size, {{100, 100, 100, 80}});
    for (const Rect& crop :
         {Rect{}, Rect{100, 100, 0, 50}, Rect{100, 100, -5, 50}, Rect{300, 200, 50, 50},
          Rect{-500, -500, 100, 100}, Rect{2147483647, 0, 2147483647, 5},
          Rect{-2147483647 - 1, 100, 2147483647, 50}}) {
        PlanParams params;
        params.crop = crop;
        const auto plan = plan_crop(size, mask, {}, params);
        ASSERT_FALSE(plan);
        EXPECT_EQ(plan.error().code, ErrorCode::invalid_argument);
        EXPECT_NE(plan.error().message.find("100 x 80"), std::string::npos);
    }
    PlanParams beyond;
    beyond.crop = {-50, -50, 900, 900};
    EXPECT_EQ(plan_crop(size, mask, {}, beyond)->crop, Rect::of(size));
}

TEST(PlanCrop, EnlargesSmallRegions) {
    const Size size{4000, 3000};
    const auto mask = boxes(size, {{1000, 1000, 100, 80}});
    PlanParams params;
    params.enlarge = 3;
    const auto plain = plan_crop(size, mask, {}, params);
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->crop, (Rect{936, 936, 228, 208}));
    EXPECT_EQ(plain->request_size, (Size{684, 624}));
    EXPECT_DOUBLE_EQ(plain->scale, 3);
    ASSERT_EQ(plain->notes.size(), 1u);
    EXPECT_NE(plain->notes[0].find("scaled up to 3 of its size"), std::string::npos);
    // A legal request, nearly three times its crop.
    const auto cloud = plan_crop(size, mask, cloud_rules(), params);
    ASSERT_TRUE(cloud);
    EXPECT_TRUE(legal(cloud->request_size, cloud_rules()));
    EXPECT_NEAR(cloud->scale, 3, 0.02);
    EXPECT_TRUE(cloud->crop.contains(Rect{936, 936, 228, 208}));
    // As far as the cap goes.
    params.enlarge = 8;
    const auto large = boxes(size, {{1000, 1000, 800, 500}});
    const auto most = plan_crop(size, large, cloud_rules(), params);
    ASSERT_TRUE(most);
    EXPECT_TRUE(legal(most->request_size, cloud_rules()));
    EXPECT_GT(most->scale, 2.5);
    EXPECT_LT(most->scale, 3.3);
    EXPECT_TRUE(most->crop.contains(Rect{800, 800, 1200, 900}));
    ASSERT_EQ(most->notes.size(), 1u);
    EXPECT_NE(most->notes[0].find("8 times was asked for"), std::string::npos);
    // No room at all.
    const auto all = plan_crop(size, mask::Mask::full(size), cloud_rules(), params);
    ASSERT_TRUE(all);
    EXPECT_LT(all->scale, 1);
}

} // namespace
} // namespace mw::edit
