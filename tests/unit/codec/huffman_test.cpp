#include "codec/huffman.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <queue>
#include <random>

namespace mw::codec {
namespace {

// Bits of the best code without a limit: the sum of all joints.
std::uint64_t best_cost(const std::vector<std::uint32_t>& counts) {
    std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> heap(
        counts.begin(), counts.end());
    std::uint64_t cost = 0;
    while (heap.size() > 1) {
        const std::uint64_t a = heap.top();
        heap.pop();
        const std::uint64_t b = heap.top();
        heap.pop();
        cost += a + b;
        heap.push(a + b);
    }
    return cost;
}

std::uint64_t cost_of(const std::vector<std::uint32_t>& counts,
                      const std::vector<std::uint8_t>& lengths) {
    std::uint64_t cost = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        cost += std::uint64_t{counts[i]} * lengths[i];
    return cost;
}

TEST(Huffman, codes_are_complete_within_the_limit_and_as_short_as_can_be) {
    std::mt19937 random(3);
    for (int trial = 0; trial < 200; ++trial) {
        std::vector<std::uint32_t> counts(2 + random() % 285);
        for (std::uint32_t& c : counts)
            c = 1 + (trial % 2 ? random() % 50 : 1u << random() % 20);
        for (const int longest : {9, 13, 15}) {
            const auto lengths = huffman_lengths(counts, longest);
            double taken = 0;
            for (const std::uint8_t l : lengths) {
                ASSERT_GE(l, 1);
                ASSERT_LE(l, longest);
                taken += std::pow(0.5, l);
            }
            ASSERT_EQ(taken, 1) << "neither too many words nor words to spare";
            const std::uint64_t cost = cost_of(counts, lengths), best = best_cost(counts);
            ASSERT_GE(cost, best);
            if (*std::ranges::max_element(lengths) < longest) {
                ASSERT_EQ(cost, best);
            }
        }
    }
}

TEST(Huffman, fibonacci_counts_are_cut_to_the_limit) {
    std::vector<std::uint32_t> counts{1, 1};
    while (counts.size() < 30)
        counts.push_back(counts[counts.size() - 1] + counts[counts.size() - 2]);
    const auto lengths = huffman_lengths(counts, 13);
    EXPECT_EQ(*std::ranges::max_element(lengths), 13);
    EXPECT_LT(cost_of(counts, lengths), best_cost(counts) * 102 / 100);
}

TEST(Huffman, no_word_begins_another) {
    const std::vector<std::uint8_t> lengths{2, 1, 3, 3, 0};
    const auto words = huffman_words(lengths);
    // RFC 1951: 10, 0, 110, 111; the first bit lowest.
    EXPECT_EQ(words[0].bits, 0b01);
    EXPECT_EQ(words[1].bits, 0b0);
    EXPECT_EQ(words[2].bits, 0b011);
    EXPECT_EQ(words[3].bits, 0b111);
    EXPECT_EQ(words[4].length, 0);
}

} // namespace
} // namespace mw::codec
