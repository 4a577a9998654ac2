#include "image/laplace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/parallel.h"
#include "unit/composite/composite_fixture.h"

namespace mw::composite {
namespace {

using image::Image;
using image::kGiven;
using image::kNowhere;
using image::kWanted;
using image::solve_laplace;

// Cells of a mask and one pixel of given values around it; smooth values with steps, in levels.
struct Problem {
    Image cells, values;
};

Problem around(const mask::Mask& mask, int channels = 1, int none_above = -1) {
    const Size size = mask.size();
    Problem p{Image(size, image::kGray8), Image(size, {channels, image::SampleType::f32})};
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            auto& cell = *p.cells.span().pixel<std::uint8_t>(x, y);
            if (mask.at(x, y)) {
                cell = kWanted;
                continue;
            }
            const bool beside =
                mask.at(x - 1, y) || mask.at(x + 1, y) || mask.at(x, y - 1) || mask.at(x, y + 1);
            if (!beside || y <= none_above) continue;
            cell = kGiven;
            for (int c = 0; c < channels; ++c)
                p.values.span().pixel<float>(x, y)[c] =
                    static_cast<float>(8 * std::sin(0.05 * x + c) * std::cos(0.07 * y) +
                                       (x > size.width / 2 ? 6 : -3));
        }
    return p;
}

// Gauss-Seidel until nothing moves.
Image slowly(const Problem& p) {
    Image out = image::clone(p.values.view());
    const Size size = p.cells.size();
    const auto cell = [&](int x, int y) -> int {
        return x < 0 || y < 0 || x >= size.width || y >= size.height
                   ? int{kNowhere}
                   : *p.cells.view().pixel<std::uint8_t>(x, y);
    };
    for (int round = 0; round < 40000; ++round) {
        double most = 0;
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                if (cell(x, y) != kWanted) continue;
                double sum = 0;
                int n = 0;
                for (const auto [i, j] :
                     {Point{x - 1, y}, Point{x + 1, y}, Point{x, y - 1}, Point{x, y + 1}})
                    if (cell(i, j) != kNowhere) sum += *out.view().pixel<float>(i, j), ++n;
                float& v = *out.span().pixel<float>(x, y);
                const float better = n ? static_cast<float>(sum / n) : 0.0f;
                most = std::max(most, std::abs(double(better) - v));
                v = better;
            }
        if (most < 1e-6) break;
    }
    return out;
}

double furthest(const Image& a, const Image& b) {
    double most = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width() * a.format().channels; ++x)
            most = std::max(
                most, std::abs(double(a.view().row<float>(y)[x]) - b.view().row<float>(y)[x]));
    return most;
}

void expect_exact(const Problem& p) {
    Problem fast{image::clone(p.cells.view()), image::clone(p.values.view())};
    solve_laplace(fast.cells.view(), fast.values.span(), 0.01f);
    EXPECT_LT(furthest(fast.values, slowly(p)), 0.05);
}

TEST(Laplace, EqualsASlowSolve) {
    expect_exact(around(disc({90, 80}, 45, 40, 30)));
    expect_exact(around(mask::rectangle({70, 90}, {5, 5, 60, 80})));
    mask::Mask ring = disc({100, 100}, 50, 50, 44);
    mask::combine(ring, disc({100, 100}, 50, 50, 22), mask::CombineMode::subtract);
    expect_exact(around(ring));
}

TEST(Laplace, ThinPartsGapsAndSpecks) {
    const Size size{80, 64};
    mask::Mask m = mask::rectangle(size, {4, 4, 70, 2});
    mask::combine(m, mask::rectangle(size, {4, 7, 70, 9}), mask::CombineMode::add); // 1 px apart
    mask::combine(m, mask::rectangle(size, {10, 20, 1, 40}), mask::CombineMode::add);
    mask::combine(m, mask::rectangle(size, {40, 40, 1, 1}), mask::CombineMode::add);
    expect_exact(around(m));
    std::mt19937 random(4);
    for (int i = 0; i < 6; ++i)
        expect_exact(around(random_mask(size, random)));
    Image checker(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            *checker.span().pixel<std::uint8_t>(x, y) = (x + y) & 1 ? 255 : 0;
    mask::Mask squares(size);
    squares.write(squares.rect(), checker.view());
    expect_exact(around(squares));
}

TEST(Laplace, EndsFreelyWhereNothingIsGiven) {
    expect_exact(around(mask::rectangle({60, 50}, {0, 0, 60, 30}))); // at the picture's border
    expect_exact(around(disc({80, 70}, 40, 35, 25), 1, 40));
    Problem alone = around(mask::rectangle({40, 30}, {0, 0, 40, 30}));
    solve_laplace(alone.cells.view(), alone.values.span(), 0.01f);
    EXPECT_EQ(furthest(alone.values, Image(alone.values.size(), image::kGrayF)), 0);
}

TEST(Laplace, StaysWithinWhatIsGivenAndIsTheSameOnAnyNumberOfThreads) {
    const Problem p = around(disc({400, 300}, 200, 150, 140), 3);
    Image one = image::clone(p.values.view()), four = image::clone(p.values.view());
    const int threads = parallel_threads();
    set_parallel_threads(1);
    solve_laplace(p.cells.view(), one.span(), 0.01f);
    set_parallel_threads(4);
    solve_laplace(p.cells.view(), four.span(), 0.01f);
    set_parallel_threads(threads);
    EXPECT_TRUE(image::identical(one.view(), four.view()));
    for (int y = 0; y < 300; ++y)
        for (int x = 0; x < 1200; ++x) {
            EXPECT_LE(one.view().row<float>(y)[x], 14.01f);
            EXPECT_GE(one.view().row<float>(y)[x], -11.01f);
        }
}

} // namespace
} // namespace mw::composite
