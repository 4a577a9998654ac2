#include "inpaint/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "inpaint/prompt_text.h"
#include "inpaint/words.h"

namespace mw::inpaint {
namespace {

struct Hint {
    std::string_view word;
    Ability nearest;
};
// Words of the abilities themselves, for misspellings, and of what people ask instead.
constexpr auto kHints = std::to_array<Hint>({
    {"remove", Ability::remove},
    {"erase", Ability::remove},
    {"delete", Ability::remove},
    {"replace", Ability::remove},
    {"swap", Ability::remove},
    {"crop", Ability::remove},
    {"retouch", Ability::remove},
    {"redact", Ability::redact},
    {"censor", Ability::redact},
    {"anonymise", Ability::redact},
    {"clone", Ability::clone},
    {"stamp", Ability::clone},
    {"recolor", Ability::recolor},
    {"recolour", Ability::recolor},
    {"colour", Ability::recolor},
    {"color", Ability::recolor},
    {"paint", Ability::recolor},
    {"change", Ability::recolor},
    {"turn", Ability::recolor},
    {"make", Ability::recolor},
    {"warmer", Ability::temper},
    {"cooler", Ability::temper},
    {"blur", Ability::blur},
    {"soften", Ability::blur},
    {"denoise", Ability::denoise},
    {"noise", Ability::denoise},
    {"grain", Ability::denoise},
    {"bokeh", Ability::blur},
    {"sharpen", Ability::sharpen},
    {"sharper", Ability::sharpen},
    {"pixelate", Ability::pixelate},
    {"mosaic", Ability::pixelate},
    {"brighten", Ability::brighten},
    {"lighten", Ability::brighten},
    {"darken", Ability::brighten},
    {"contrast", Ability::contrast},
    {"exposure", Ability::brighten},
    {"brightness", Ability::brighten},
    {"desaturate", Ability::desaturate},
    {"saturation", Ability::desaturate},
    {"grayscale", Ability::desaturate},
    {"vibrance", Ability::desaturate},
    {"temperature", Ability::temper},
    {"shadows", Ability::tone},
    {"highlights", Ability::tone},
    {"curves", Ability::curve},
    {"gradient", Ability::fill},
    {"write", Ability::text},
    {"text", Ability::text},
    {"lettering", Ability::text},
    {"font", Ability::text},
    {"caption", Ability::text},
});

Ability guess(const std::vector<std::string>& words) {
    constexpr std::size_t kLooked = 12, kLongest = 16;
    const std::size_t looked = std::min(words.size(), kLooked);
    int least = 3;
    Ability best = Ability::remove; // the main job
    for (std::size_t i = 0; i < looked; ++i) {
        if (words[i].size() < 4 || words[i].size() > kLongest) continue;
        for (const Hint& hint : kHints) {
            // One slip in a short word, two in a long one.
            const int allowed = hint.word.size() > 6 ? 2 : 1;
            const int distance = edit_distance(words[i], hint.word);
            const bool swapped =
                distance == 2 && std::is_permutation(words[i].begin(), words[i].end(),
                                                     hint.word.begin(), hint.word.end());
            if ((distance > allowed && !swapped) || distance >= least) continue;
            least = distance;
            best = hint.nearest;
        }
    }
    return best;
}

std::string_view example_of(Ability ability) {
    switch (ability) {
        case Ability::recolor:
            return "make it dark green";
        case Ability::blur:
            return "blur by 4 px";
        case Ability::pixelate:
            return "pixelate by 16 px";
        case Ability::brighten:
            return "brighten by 20 %";
        case Ability::desaturate:
            return "desaturate by 50 %";
        case Ability::contrast:
            return "increase the contrast by 20 %";
        case Ability::temper:
            return "warm it by 20 mired";
        case Ability::hue:
            return "turn the hue by 30 degrees";
        case Ability::tone:
            return "lift the shadows by 20 %";
        case Ability::curve:
            return "curve 64 to 80";
        case Ability::sharpen:
            return "sharpen by 80 %";
        case Ability::denoise:
            return "denoise";
        case Ability::fill:
            return "fill with navy";
        case Ability::text:
            return "write 'OPEN' in white";
        case Ability::redact:
            return "redact";
        case Ability::clone:
            return "clone by -60,0";
        default:
            return "remove it";
    }
}

// All it can, an example of each: what they do is plain from the words.
std::string in_short() {
    std::string all;
    for (const std::string& line : abilities()) {
        const std::size_t begin = line.find('"'), end = line.find('"', begin + 1);
        if (end == std::string::npos) continue;
        all += (all.empty() ? "" : ", ") + line.substr(begin, end + 1 - begin);
    }
    return all;
}

} // namespace

Error refusal(std::string_view prompt, const std::vector<std::string>& words,
              std::string_view reason, Ability nearest) {
    if (nearest == Ability::none) nearest = guess(words);
    return {
        ErrorCode::engine,
        fmt::format("The built-in engine cannot do \"{}\"{}{}; the nearest it can do is \"{}\", "
                    "of all it can: {}.",
                    quoted(prompt), reason.empty() ? "" : ": ", reason, example_of(nearest),
                    in_short())};
}

} // namespace mw::inpaint
