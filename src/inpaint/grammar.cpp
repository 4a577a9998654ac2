// The grammar of words.h: fillers away, what cannot be is refused, the operations parted, then the
// first words of each decide (parser.h).
#include <algorithm>

#include "inpaint/parser.h"
#include "inpaint/prompt_text.h"
#include "inpaint/quoted_text.h"

namespace mw::inpaint {

Result<Operations> parse_prompt(std::string_view prompt) {
    constexpr std::size_t kMost = 8;
    const TakenQuotes quotes = take_quotes(prompt);
    Words words = words_of(quotes.prompt);
    strip(words);
    if (words.empty()) return tl::unexpected(refusal(prompt, words, "it is empty", Ability::none));
    if (std::any_of(words.begin(), words.end(), [](const std::string& w) {
            return in(w, {"not", "never"});
        }))
        return tl::unexpected(
            refusal(prompt, words, "say what to do, not what to leave", Ability::none));
    if (std::any_of(words.begin(), words.end(), [](const std::string& w) {
            return in(w, {"redact", "censor", "anonymize", "anonymise"});
        }))
        return tl::unexpected(refusal(
            prompt, words, "a blur or mosaic can be undone, so it does not pass one off as this",
            Ability::remove));
    const std::vector<Words> parts = parted(words);
    if (parts.size() > kMost)
        return tl::unexpected(refusal(
            prompt, words, "it does eight things at most, one after the other", Ability::none));
    Operations operations;
    for (Words part : parts) {
        strip(part);
        if (parts.size() > 1 && !part.empty() &&
            in(part.back(), {"rest", "else", "others", "surroundings"}))
            return tl::unexpected(
                refusal(prompt, words, "it changes only what is masked", Ability::none));
        auto operation = Parser(prompt, std::move(part), quotes.texts).parse();
        if (!operation) return tl::unexpected(operation.error());
        operations.push_back(std::move(*operation));
    }
    return operations;
}

} // namespace mw::inpaint
