#include <gtest/gtest.h>

#include <random>

#include "project/iteration_tree.h"

namespace mw::project {
namespace {

image::Image noise(Size size, image::PixelFormat format, std::mt19937& random) {
    image::Image picture(size, format);
    for (std::byte& b : picture.bytes())
        b = static_cast<std::byte>(random() & 0xff);
    return picture;
}

Iteration iteration(IterationId parent, Rect rect, image::Image pixels) {
    Iteration made;
    made.parent = parent;
    made.patch = composite::Patch{rect, std::make_shared<const image::Image>(std::move(pixels))};
    return made;
}

Rect random_rect(Size size, std::mt19937& random) {
    const int x = static_cast<int>(random() % unsigned(size.width));
    const int y = static_cast<int>(random() % unsigned(size.height));
    return {x, y, 1 + static_cast<int>(random() % unsigned(size.width - x)),
            1 + static_cast<int>(random() % unsigned(size.height - y))};
}

// The slow reference: the parent's whole picture with the rectangle's rows copied over it.
image::Image over(const image::Image& parent, const composite::Patch& patch) {
    image::Image picture = image::clone(parent.view());
    image::copy_pixels(patch.pixels->view(), picture.span().sub(patch.rect));
    return picture;
}

class TreeOfFormat : public testing::TestWithParam<image::PixelFormat> {};

// Whatever is asked for in whatever order, a picture is the original with the patches of its
// ancestors laid over it, oldest first, bit for bit.
TEST_P(TreeOfFormat, PictureIsTheChainOfPatches) {
    std::mt19937 random(7);
    const Size size{37, 23};
    const auto original = std::make_shared<const image::Image>(noise(size, GetParam(), random));
    IterationTree tree(original);
    std::vector<image::Image> expected;
    expected.push_back(image::clone(original->view()));
    for (int i = 1; i <= 40; ++i) {
        const auto parent = static_cast<IterationId>(random() % expected.size());
        const Rect rect = random_rect(size, random);
        const IterationId id =
            tree.add(iteration(parent, rect, noise(rect.size(), GetParam(), random)));
        ASSERT_EQ(id, i);
        expected.push_back(over(expected[std::size_t(parent)], *tree.at(id).patch));
    }
    for (int i = 0; i < 300; ++i) {
        const auto id = static_cast<IterationId>(random() % expected.size());
        EXPECT_TRUE(image::identical(tree.picture(id)->view(), expected[std::size_t(id)].view()))
            << "iteration " << id;
    }
}
INSTANTIATE_TEST_SUITE_P(Formats, TreeOfFormat,
                         testing::Values(image::kGray8, image::kRgb8,
                                         image::PixelFormat{4, image::SampleType::u16},
                                         image::PixelFormat{3, image::SampleType::f32}));

TEST(Tree, TheOriginalIsHandedOutAsItIs) {
    const auto original = std::make_shared<const image::Image>(Size{4, 4}, image::kRgb8);
    IterationTree tree(original);
    EXPECT_EQ(tree.picture(0), original);
    EXPECT_EQ(tree.at(0).parent, -1);
    EXPECT_EQ(tree.at(0).standing, Standing::accepted);
}

TEST(Tree, KeepsFewPicturesAlive) {
    std::mt19937 random(3);
    IterationTree tree(std::make_shared<const image::Image>(Size{8, 8}, image::kRgb8));
    std::vector<std::weak_ptr<const image::Image>> seen;
    for (int i = 0; i < 12; ++i)
        tree.add(iteration(i, {i % 8, 0, 1, 8}, noise({1, 8}, image::kRgb8, random)));
    for (int i = 1; i <= 12; ++i)
        seen.push_back(tree.picture(i));
    int alive = 0;
    for (const auto& picture : seen)
        alive += !picture.expired();
    EXPECT_LE(alive, 3);
    EXPECT_EQ(tree.picture(12), tree.picture(12)) << "the last one is kept, not made again";
}

// A long session is a long chain.
TEST(Tree, ChainOfFiveHundred) {
    IterationTree tree(std::make_shared<const image::Image>(Size{500, 1}, image::kGray8));
    for (int i = 0; i < 500; ++i) {
        image::Image one({1, 1}, image::kGray8);
        one.bytes()[0] = std::byte{9};
        tree.add(iteration(i, {i, 0, 1, 1}, std::move(one)));
    }
    const auto last = tree.picture(500);
    for (const std::byte b : last->bytes())
        ASSERT_EQ(b, std::byte{9});
    EXPECT_EQ(tree.picture(250)->bytes()[249], std::byte{9});
    EXPECT_EQ(tree.picture(250)->bytes()[250], std::byte{0});
}

TEST(Tree, BranchesAndKeepsWhatWasThere) {
    std::mt19937 random(1);
    IterationTree tree(std::make_shared<const image::Image>(Size{4, 4}, image::kRgb8));
    const auto child = [&](IterationId parent) {
        return tree.add(iteration(parent, {0, 0, 1, 1}, noise({1, 1}, image::kRgb8, random)));
    };
    const IterationId a = child(0), b = child(0), c = child(a);
    const Iteration* first = &tree.at(a);
    for (int i = 0; i < 100; ++i)
        child(b);
    EXPECT_EQ(first, &tree.at(a)) << "append-only: nodes do not move";
    EXPECT_EQ(tree.children(0), (std::vector<IterationId>{a, b}));
    EXPECT_EQ(tree.children(a), (std::vector<IterationId>{c}));
    EXPECT_TRUE(tree.children(c).empty());
    EXPECT_FALSE(tree.contains(-1));
    EXPECT_FALSE(tree.contains(104));
    EXPECT_EQ(tree.at(c).standing, Standing::proposed);
    tree.set_standing(c, Standing::rejected);
    EXPECT_EQ(tree.at(c).standing, Standing::rejected);
}

} // namespace
} // namespace mw::project
