#include "codec/huffman.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

namespace mw::codec {
namespace {

constexpr int kMost = 15;

// Depths of the leaves, rarest first, of the tree that joins the two lightest until one is left.
std::vector<int> depths(const std::vector<std::uint64_t>& leaves) {
    const std::size_t n = leaves.size();
    std::vector<std::uint64_t> weight(leaves);
    std::vector<std::size_t> parent(2 * n - 1);
    // Joined nodes come out by weight as well, so two queues do for a heap.
    std::size_t leaf = 0, joined = n;
    while (weight.size() < 2 * n - 1) {
        std::uint64_t sum = 0;
        for (int i = 0; i < 2; ++i) {
            const bool take_leaf =
                leaf < n && (joined == weight.size() || weight[leaf] <= weight[joined]);
            const std::size_t taken = take_leaf ? leaf++ : joined++;
            parent[taken] = weight.size();
            sum += weight[taken];
        }
        weight.push_back(sum);
    }
    std::vector<int> depth(2 * n - 1);
    for (std::size_t i = 2 * n - 2; i-- > 0;)
        depth[i] = depth[parent[i]] + 1;
    depth.resize(n);
    return depth;
}

std::uint16_t reversed(std::uint32_t code, int length) {
    std::uint32_t out = 0;
    for (int i = 0; i < length; ++i)
        out |= (code >> i & 1) << (length - 1 - i);
    return static_cast<std::uint16_t>(out);
}

} // namespace

std::vector<std::uint8_t> huffman_lengths(std::span<const std::uint32_t> counts, int longest) {
    const std::size_t n = counts.size();
    assert(n >= 2 && longest <= kMost && n <= std::size_t{1} << longest);
    std::vector<std::size_t> order(n); // rarest first
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
    std::vector<std::uint64_t> sorted;
    for (const std::size_t s : order)
        sorted.push_back(counts[s]);
    // How many symbols have each length; those that are too deep are cut to the limit, and others
    // go down until the code is one again.
    std::array<std::uint32_t, kMost + 1> with{};
    for (const int depth : depths(sorted))
        ++with[static_cast<std::size_t>(std::min(depth, longest))];
    const auto limit = static_cast<std::size_t>(longest);
    std::uint64_t taken = 0;
    for (std::size_t l = 1; l <= limit; ++l)
        taken += std::uint64_t{with[l]} << (limit - l);
    for (; taken > std::uint64_t{1} << limit; --taken) {
        std::size_t l = limit - 1;
        while (with[l] == 0)
            --l;
        // One leaf becomes two, the other of which takes one from the limit.
        --with[l];
        with[l + 1] += 2;
        --with[limit];
    }
    std::vector<std::uint8_t> lengths(n);
    std::size_t next = 0;
    for (std::size_t l = limit; l >= 1; --l)
        for (std::uint32_t k = 0; k < with[l]; ++k)
            lengths[order[next++]] = static_cast<std::uint8_t>(l);
    return lengths;
}

std::vector<HuffmanWord> huffman_words(std::span<const std::uint8_t> lengths) {
    std::vector<HuffmanWord> words(lengths.size());
    std::uint32_t next = 0;
    for (int length = 1; length <= kMost; ++length, next <<= 1)
        for (std::size_t s = 0; s < lengths.size(); ++s)
            if (lengths[s] == length)
                words[s] = {reversed(next++, length), static_cast<std::uint8_t>(length)};
    return words;
}

} // namespace mw::codec
