#include "mask/mask.h"

#include "art.h"
#include "mask/tile_pack.h"
#include "mask/undo.h"

namespace mw::mask {
namespace {

std::vector<Size> sizes() {
    return {{1, 1}, {127, 3}, {128, 128}, {129, 257}, {300, 128}};
}

TEST(Mask, a_new_one_is_empty_and_free) {
    const Mask mask({16384, 16384});
    EXPECT_TRUE(mask.empty());
    EXPECT_EQ(mask.bounds(), Rect{});
    EXPECT_EQ(mask.tile_bytes(), 0u);
    EXPECT_EQ(mask.tiles_x(), 128);
    EXPECT_EQ(Mask().size(), Size{});
    EXPECT_TRUE(Mask().empty());
    EXPECT_TRUE(Mask(Size{0, 5}).empty());
    EXPECT_EQ(Mask(Size{0, 5}).read({0, 0, 2, 2}).size(), (Size{2, 2}));
}

TEST(Mask, full_covers_every_pixel_and_shares_inner_tiles) {
    for (const Size size : sizes()) {
        const Mask mask = Mask::full(size);
        EXPECT_EQ(mask.bounds(), mask.rect());
        EXPECT_EQ(mask.support_area(), size.area());
        EXPECT_DOUBLE_EQ(mask.coverage_area(), double(size.area()));
        EXPECT_EQ(mask.at(-1, 0), 0);
        EXPECT_EQ(mask.at(size.width, 0), 0);
        EXPECT_EQ(mask.at(size.width - 1, size.height - 1), 255);
    }
    EXPECT_EQ(Mask::full({256, 256}).tile_bytes(), 0u);
}

TEST(Mask, tiles_are_normalised) {
    Mask mask({300, 200});
    auto zeros = std::make_shared<MaskTile>(), ones = std::make_shared<MaskTile>();
    zeros->coverage.fill(0);
    ones->coverage.fill(255);
    mask.set_tile(0, 0, zeros);
    EXPECT_EQ(mask.tile(0, 0), nullptr);
    mask.set_tile(1, 0, ones);
    EXPECT_EQ(mask.tile(1, 0), full_tile());
    mask.writable_tile(1, 0).coverage[5] = 7;
    mask.normalize_tile(1, 0);
    EXPECT_EQ(mask.at(128 + 5, 0), 7);
    EXPECT_EQ(full_tile()->coverage[5], 255);
    mask.writable_tile(1, 0).coverage[5] = 255;
    mask.normalize_tile(1, 0);
    EXPECT_EQ(mask.tile(1, 0), full_tile());
}

TEST(Mask, bounds_areas_and_reading_equal_the_pixels) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        const Mask mask = random_mask({290, 270}, seed);
        Rect bounds;
        std::int64_t support = 0, sum = 0;
        for (int y = 0; y < 270; ++y)
            for (int x = 0; x < 290; ++x)
                if (const int v = mask.at(x, y)) {
                    bounds = unite(bounds, {x, y, 1, 1});
                    ++support;
                    sum += v;
                }
        EXPECT_EQ(mask.bounds(), bounds);
        EXPECT_EQ(mask.support_area(), support);
        EXPECT_DOUBLE_EQ(mask.coverage_area(), double(sum) / 255);
        EXPECT_EQ(mask.empty(), support == 0);
        const Rect window{-20, 100, 330, 90};
        const image::Image read = mask.read(window);
        for (int y = 0; y < window.height; ++y)
            for (int x = 0; x < window.width; ++x)
                ASSERT_EQ(*read.view().pixel<std::uint8_t>(x, y),
                          mask.at(window.x + x, window.y + y));
    }
}

TEST(Mask, write_is_clipped_and_reads_back) {
    const Mask other = random_mask({290, 270}, 3);
    const Mask base = random_mask({290, 270}, 4);
    for (const Rect& window :
         {Rect{0, 0, 290, 270}, Rect{-50, -40, 200, 100}, Rect{120, 120, 20, 20},
          Rect{250, 250, 100, 100}, Rect{400, 0, 5, 5}}) {
        Mask mask = base;
        mask.write(window, other.read(window).view());
        expect_near(
            mask,
            [&](int x, int y) {
                return window.contains(Point{x, y}) ? other.at(x, y) : base.at(x, y);
            },
            0);
        Mask again({290, 270});
        again.write(again.rect(), mask.read(mask.rect()).view());
        EXPECT_TRUE(again == mask);
    }
}

TEST(Mask, a_copy_is_a_snapshot) {
    Mask mask = random_mask({290, 270}, 4);
    const Mask shot = mask;
    const double area = shot.coverage_area();
    EXPECT_EQ(mask.tile_bytes(&shot), 0u);
    mask.write({0, 0, 10, 10}, Mask::full({10, 10}).read({0, 0, 10, 10}).view());
    EXPECT_EQ(shot.coverage_area(), area);
    EXPECT_FALSE(mask == shot);
    EXPECT_EQ(changed_rect(mask, shot), (Rect{0, 0, 128, 128}));
    EXPECT_LE(mask.tile_bytes(&shot), sizeof(MaskTile));
}

TEST(Mask, combine_is_max_min_and_difference) {
    for (unsigned seed = 0; seed < 8; ++seed) {
        const Size size{290, 270};
        Mask a = random_mask(size, seed), b = random_mask(size, seed + 100);
        if (seed == 6) a = Mask::full(size);
        if (seed == 7) b = Mask::full(size);
        const auto check = [&](CombineMode mode, auto f) {
            Mask got = a;
            combine(got, b, mode);
            expect_near(
                got, [&](int x, int y) { return double(f(a.at(x, y), b.at(x, y))); }, 0);
        };
        check(CombineMode::replace, [](int, int q) { return q; });
        check(CombineMode::add, [](int p, int q) { return std::max(p, q); });
        check(CombineMode::subtract, [](int p, int q) { return std::min(p, 255 - q); });
        check(CombineMode::intersect, [](int p, int q) { return std::min(p, q); });
    }
}

TEST(Mask, combine_keeps_tiles_it_does_not_change) {
    const Mask a = random_mask({290, 270}, 4);
    Mask b = a;
    combine(b, a, CombineMode::add);
    combine(b, a, CombineMode::intersect);
    combine(b, Mask({290, 270}), CombineMode::subtract);
    EXPECT_EQ(changed_rect(a, b), Rect{});
}

TEST(MaskPatch, swapped_twice_is_the_identity) {
    for (unsigned seed = 0; seed < 10; ++seed) {
        const Mask before = random_mask({290, 270}, seed),
                   after = random_mask({290, 270}, seed + 50);
        MaskPatch patch(before, after);
        Mask mask = after;
        const Rect changed = patch.swap(mask);
        EXPECT_TRUE(mask == before);
        EXPECT_TRUE(changed.contains(changed_rect(before, after)) || patch.empty());
        patch.swap(mask);
        EXPECT_TRUE(mask == after);
    }
}

TEST(MaskPatch, tiles_survive_packing) {
    for (unsigned seed = 0; seed < 30; ++seed) {
        const Mask mask = random_mask({128, 128}, seed);
        if (!mask.tile(0, 0)) continue;
        EXPECT_EQ(unpacked(packed(*mask.tile(0, 0)))->coverage, mask.tile(0, 0)->coverage);
    }
    EXPECT_LT(packed(*full_tile()).size(), 8u);
    EXPECT_EQ(unpacked(packed(*full_tile()))->coverage, full_tile()->coverage);
}

TEST(MaskPatch, costs_only_differing_tiles) {
    const Mask before({16384, 16384});
    Mask after = before;
    EXPECT_TRUE(MaskPatch(before, after).empty());
    after.write({5, 5, 1, 1}, Mask::full({1, 1}).read({0, 0, 1, 1}).view());
    EXPECT_LT(MaskPatch(before, after).bytes(), 200u); // holds an empty tile
    EXPECT_LT(MaskPatch(after, before).bytes(), 200u); // holds the painted one, packed
    Mask noisy = before;
    for (std::uint8_t& v : noisy.writable_tile(3, 3).coverage)
        v = static_cast<std::uint8_t>((&v - noisy.tile(3, 3)->coverage.data()) * 77);
    const MaskPatch unpackable(noisy, before);
    EXPECT_LT(unpackable.bytes(), 200u); // the mask itself still holds the tile
    noisy = before;
    EXPECT_GE(unpackable.bytes(), sizeof(MaskTile)); // does not pack
    EXPECT_LT(unpackable.bytes(), sizeof(MaskTile) + 200);
    Mask same = after; // the same coverage in another tile
    same.writable_tile(0, 0);
    EXPECT_TRUE(MaskPatch(after, same).empty());
}

} // namespace
} // namespace mw::mask
