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
    if (speaks_of_redacting(words) && !redacts(operations))
        return tl::unexpected(
            refusal(prompt, words,
                    "a blur or mosaic can be undone, and a redaction is all that is done at once",
                    Ability::redact));
    for (const Operation& operation : operations)
        if (operations.size() > 1 && std::holds_alternative<Clone>(operation))
            return tl::unexpected(
                refusal(prompt, words, "cloning is a step of its own", Ability::clone));
    return operations;
}

} // namespace mw::inpaint
