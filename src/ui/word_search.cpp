#include "ui/word_search.h"

#include <algorithm>

namespace mw::ui {

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return out;
}

std::vector<std::string> words_of(std::string_view query) {
    std::vector<std::string> words;
    const std::string all = lower(query);
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = std::min(all.find(' ', at), all.size());
        if (end > at) words.push_back(all.substr(at, end - at));
        at = end + 1;
    }
    return words;
}

bool holds_words(std::string_view text, std::string_view query) {
    const std::string all = lower(text);
    return std::ranges::all_of(words_of(query), [&](const std::string& word) {
        return all.find(word) != std::string::npos;
    });
}

} // namespace mw::ui
