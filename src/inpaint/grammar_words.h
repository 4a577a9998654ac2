// The pieces that prompts are parsed with: words, the parts of a prompt, amounts. Internal to the
// room.
#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mw::inpaint {

using Words = std::vector<std::string>;
using Set = std::initializer_list<std::string_view>;

template <class Range = Set>
bool in(std::string_view word, const Range& set) {
    return std::find(set.begin(), set.end(), word) != set.end();
}
inline bool starts(const Words& words, Set phrase) {
    return words.size() >= phrase.size() && std::equal(phrase.begin(), phrase.end(), words.begin());
}
inline bool ends(const Words& words, Set phrase) {
    return words.size() >= phrase.size() &&
           std::equal(phrase.begin(), phrase.end(),
                      words.end() - static_cast<std::ptrdiff_t>(phrase.size()));
}
inline Words from(const Words& words, std::size_t index) {
    return {words.begin() + static_cast<std::ptrdiff_t>(std::min(index, words.size())),
            words.end()};
}
inline Words slice(const Words& words, std::size_t begin, std::size_t end) {
    return {words.begin() + static_cast<std::ptrdiff_t>(begin),
            words.begin() + static_cast<std::ptrdiff_t>(end)};
}
template <class Range = Set>
Words without(const Words& words, const Range& set) {
    Words out;
    std::copy_if(words.begin(), words.end(), std::back_inserter(out),
                 [&](const std::string& w) { return !in(w, set); });
    return out;
}

inline constexpr auto kArticles = std::to_array<std::string_view>(
    {"the", "a", "an", "all", "its", "this", "that", "these", "those", "my", "any", "of"});

// Takes away, in front and at the end, what is said for politeness or to join.
void strip(Words& words);

// In digits, or a word from half to ten.
std::optional<double> number(const std::string& word);

// Whether any of it asks that nothing be left to see.
bool speaks_of_redacting(const Words& words);

// The prompt's operations apart: "… and then blur it".
std::vector<Words> parted(const Words& words);

enum class Unit { none, px, percent, stops, degrees, mired };
struct Amount {
    double value = 0;
    Unit unit = Unit::none;
    std::size_t begin = 0, end = 0; // words it takes, "by" included
};

// Every number that has a unit, or stands where an amount stands ("blur 12", "by 12", "it 12").
std::vector<Amount> amounts(const Words& words);

} // namespace mw::inpaint
