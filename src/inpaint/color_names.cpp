#include "inpaint/color_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mw::inpaint {
namespace {

struct Entry {
    std::string_view name;
    std::uint32_t rgb;
};

// CSS Color Module Level 4, section 6.1, with "gray" spelt that way ("grey" is folded before), then
// names that people use and CSS does not have.
// clang-format off
constexpr auto kColors = std::to_array<Entry>({
    {"aliceblue", 0xf0f8ff}, {"antiquewhite", 0xfaebd7}, {"aqua", 0x00ffff},
    {"aquamarine", 0x7fffd4}, {"azure", 0xf0ffff}, {"beige", 0xf5f5dc}, {"bisque", 0xffe4c4},
    {"black", 0x000000}, {"blanchedalmond", 0xffebcd}, {"blue", 0x0000ff},
    {"blueviolet", 0x8a2be2}, {"brown", 0xa52a2a}, {"burlywood", 0xdeb887},
    {"cadetblue", 0x5f9ea0}, {"chartreuse", 0x7fff00}, {"chocolate", 0xd2691e},
    {"coral", 0xff7f50}, {"cornflowerblue", 0x6495ed}, {"cornsilk", 0xfff8dc},
    {"crimson", 0xdc143c}, {"cyan", 0x00ffff}, {"darkblue", 0x00008b}, {"darkcyan", 0x008b8b},
    {"darkgoldenrod", 0xb8860b}, {"darkgray", 0xa9a9a9}, {"darkgreen", 0x006400},
    {"darkkhaki", 0xbdb76b}, {"darkmagenta", 0x8b008b}, {"darkolivegreen", 0x556b2f},
    {"darkorange", 0xff8c00}, {"darkorchid", 0x9932cc}, {"darkred", 0x8b0000},
    {"darksalmon", 0xe9967a}, {"darkseagreen", 0x8fbc8f}, {"darkslateblue", 0x483d8b},
    {"darkslategray", 0x2f4f4f}, {"darkturquoise", 0x00ced1}, {"darkviolet", 0x9400d3},
    {"deeppink", 0xff1493}, {"deepskyblue", 0x00bfff}, {"dimgray", 0x696969},
    {"dodgerblue", 0x1e90ff}, {"firebrick", 0xb22222}, {"floralwhite", 0xfffaf0},
    {"forestgreen", 0x228b22}, {"fuchsia", 0xff00ff}, {"gainsboro", 0xdcdcdc},
    {"ghostwhite", 0xf8f8ff}, {"gold", 0xffd700}, {"goldenrod", 0xdaa520}, {"gray", 0x808080},
    {"green", 0x008000}, {"greenyellow", 0xadff2f}, {"honeydew", 0xf0fff0},
    {"hotpink", 0xff69b4}, {"indianred", 0xcd5c5c}, {"indigo", 0x4b0082}, {"ivory", 0xfffff0},
    {"khaki", 0xf0e68c}, {"lavender", 0xe6e6fa}, {"lavenderblush", 0xfff0f5},
    {"lawngreen", 0x7cfc00}, {"lemonchiffon", 0xfffacd}, {"lightblue", 0xadd8e6},
    {"lightcoral", 0xf08080}, {"lightcyan", 0xe0ffff}, {"lightgoldenrodyellow", 0xfafad2},
    {"lightgray", 0xd3d3d3}, {"lightgreen", 0x90ee90}, {"lightpink", 0xffb6c1},
    {"lightsalmon", 0xffa07a}, {"lightseagreen", 0x20b2aa}, {"lightskyblue", 0x87cefa},
    {"lightslategray", 0x778899}, {"lightsteelblue", 0xb0c4de}, {"lightyellow", 0xffffe0},
    {"lime", 0x00ff00}, {"limegreen", 0x32cd32}, {"linen", 0xfaf0e6}, {"magenta", 0xff00ff},
    {"maroon", 0x800000}, {"mediumaquamarine", 0x66cdaa}, {"mediumblue", 0x0000cd},
    {"mediumorchid", 0xba55d3}, {"mediumpurple", 0x9370db}, {"mediumseagreen", 0x3cb371},
    {"mediumslateblue", 0x7b68ee}, {"mediumspringgreen", 0x00fa9a},
    {"mediumturquoise", 0x48d1cc}, {"mediumvioletred", 0xc71585}, {"midnightblue", 0x191970},
    {"mintcream", 0xf5fffa}, {"mistyrose", 0xffe4e1}, {"moccasin", 0xffe4b5},
    {"navajowhite", 0xffdead}, {"navy", 0x000080}, {"oldlace", 0xfdf5e6}, {"olive", 0x808000},
    {"olivedrab", 0x6b8e23}, {"orange", 0xffa500}, {"orangered", 0xff4500},
    {"orchid", 0xda70d6}, {"palegoldenrod", 0xeee8aa}, {"palegreen", 0x98fb98},
    {"paleturquoise", 0xafeeee}, {"palevioletred", 0xdb7093}, {"papayawhip", 0xffefd5},
    {"peachpuff", 0xffdab9}, {"peru", 0xcd853f}, {"pink", 0xffc0cb}, {"plum", 0xdda0dd},
    {"powderblue", 0xb0e0e6}, {"purple", 0x800080}, {"rebeccapurple", 0x663399},
    {"red", 0xff0000}, {"rosybrown", 0xbc8f8f}, {"royalblue", 0x4169e1},
    {"saddlebrown", 0x8b4513}, {"salmon", 0xfa8072}, {"sandybrown", 0xf4a460},
    {"seagreen", 0x2e8b57}, {"seashell", 0xfff5ee}, {"sienna", 0xa0522d}, {"silver", 0xc0c0c0},
    {"skyblue", 0x87ceeb}, {"slateblue", 0x6a5acd}, {"slategray", 0x708090}, {"snow", 0xfffafa},
    {"springgreen", 0x00ff7f}, {"steelblue", 0x4682b4}, {"tan", 0xd2b48c}, {"teal", 0x008080},
    {"thistle", 0xd8bfd8}, {"tomato", 0xff6347}, {"turquoise", 0x40e0d0}, {"violet", 0xee82ee},
    {"wheat", 0xf5deb3}, {"white", 0xffffff}, {"whitesmoke", 0xf5f5f5}, {"yellow", 0xffff00},
    {"yellowgreen", 0x9acd32},
    {"amber", 0xffbf00}, {"apricot", 0xfbceb1}, {"babyblue", 0x89cff0}, {"bottlegreen", 0x006a4e},
    {"brickred", 0xcb4154}, {"bronze", 0xcd7f32}, {"burgundy", 0x800020}, {"canary", 0xffef99},
    {"caramel", 0xaf6e4d}, {"cerulean", 0x2a52be}, {"charcoal", 0x36454f},
    {"cherryred", 0xd2042d}, {"cobalt", 0x0047ab}, {"cobaltblue", 0x0047ab}, {"copper", 0xb87333},
    {"cream", 0xfffdd0}, {"denim", 0x1560bd}, {"ebony", 0x3c352f}, {"eggplant", 0x614051},
    {"emerald", 0x50c878}, {"emeraldgreen", 0x50c878}, {"golden", 0xffd700},
    {"huntergreen", 0x355e3b}, {"jade", 0x00a86b}, {"khakigreen", 0x728639},
    {"lemon", 0xfff44f}, {"lilac", 0xc8a2c8}, {"mahogany", 0xc04000}, {"mauve", 0xe0b0ff},
    {"mint", 0x98ff98}, {"mintgreen", 0x98ff98}, {"mustard", 0xe1ad01}, {"navyblue", 0x000080},
    {"ochre", 0xcc7722}, {"offwhite", 0xfaf9f6}, {"olivegreen", 0x708238}, {"peach", 0xffcba4},
    {"pearl", 0xeae0c8}, {"petrol", 0x005f6a}, {"pistachio", 0x93c572}, {"rose", 0xff007f},
    {"ruby", 0xe0115f}, {"rust", 0xb7410e}, {"sage", 0xb2ac88}, {"sand", 0xc2b280},
    {"sapphire", 0x0f52ba}, {"scarlet", 0xff2400}, {"taupe", 0x8b8589}, {"terracotta", 0xe2725b},
    {"ultramarine", 0x3f00ff}, {"vermilion", 0xe34234}, {"wine", 0x722f37},
});
// clang-format on

image::Float3 srgb_of(std::uint32_t rgb) {
    return {static_cast<float>(rgb >> 16 & 255) / 255.0f,
            static_cast<float>(rgb >> 8 & 255) / 255.0f, static_cast<float>(rgb & 255) / 255.0f};
}

std::string folded(std::string word) {
    for (std::size_t i = 0; (i = word.find("grey", i)) != std::string::npos; i += 4)
        word[i + 2] = 'a';
    return word;
}

std::optional<std::uint32_t> hex(std::string_view word) {
    if (word.size() != 4 && word.size() != 7) return std::nullopt;
    if (word[0] != '#') return std::nullopt;
    std::string digits(word.substr(1));
    if (digits.size() == 3)
        digits = {digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]};
    std::uint32_t rgb = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + 6, rgb, 16);
    if (error != std::errc{} || end != digits.data() + 6) return std::nullopt;
    return rgb;
}

std::optional<int> byte_value(std::string_view word) {
    int v = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), v);
    if (error != std::errc{} || end != word.data() + word.size() || v < 0 || v > 255)
        return std::nullopt;
    return v;
}

// The last n words as one.
std::string joined(const std::vector<std::string>& words, std::size_t n, std::string_view between) {
    std::string out;
    for (std::size_t i = words.size() - n; i < words.size(); ++i) {
        if (!out.empty()) out += between;
        out += words[i];
    }
    return out;
}

std::optional<NamedColor> plain_color(const std::vector<std::string>& words) {
    if (words.size() >= 4 && words[words.size() - 4] == "rgb") {
        const auto r = byte_value(words[words.size() - 3]), g = byte_value(words[words.size() - 2]),
                   b = byte_value(words[words.size() - 1]);
        if (!r || !g || !b) return std::nullopt;
        const image::Float3 c = srgb_of(static_cast<std::uint32_t>(*r << 16 | *g << 8 | *b));
        return NamedColor{c, hex_of(c), 4};
    }
    for (std::size_t n = std::min<std::size_t>(3, words.size()); n >= 1; --n) {
        const std::string name = folded(joined(words, n, ""));
        const auto found =
            std::find_if(kColors.begin(), kColors.end(), [&](Entry e) { return e.name == name; });
        if (found != kColors.end())
            return NamedColor{srgb_of(found->rgb), joined(words, n, " "), static_cast<int>(n)};
    }
    if (!words.empty())
        if (const auto rgb = hex(words.back()))
            return NamedColor{srgb_of(*rgb), hex_of(srgb_of(*rgb)), 1};
    return std::nullopt;
}

struct Shade {
    std::string_view word;
    float lightness, chroma; // lightness: part of the way to white (or, negative, to black)
};
constexpr auto kShades = std::to_array<Shade>({
    {"light", 0.45f, 0.65f},
    {"lighter", 0.45f, 0.65f},
    {"pale", 0.6f, 0.45f},
    {"pastel", 0.6f, 0.5f},
    {"soft", 0.35f, 0.6f},
    {"dark", -0.4f, 0.8f},
    {"darker", -0.4f, 0.8f},
    {"deep", -0.25f, 1.0f},
    {"vivid", 0.0f, 1.4f},
    {"bright", 0.1f, 1.3f},
    {"neon", 0.15f, 1.6f},
    {"dull", 0.0f, 0.5f},
    {"muted", 0.0f, 0.5f},
});

image::Float3 shaded(image::Float3 srgb, const Shade& shade) {
    image::Float3 lab =
        image::linear_to_oklab({image::srgb_to_linear(srgb[0]), image::srgb_to_linear(srgb[1]),
                                image::srgb_to_linear(srgb[2])});
    lab[0] += shade.lightness > 0 ? shade.lightness * (1 - lab[0]) : shade.lightness * lab[0];
    lab[1] *= shade.chroma;
    lab[2] *= shade.chroma;
    image::Float3 c = image::oklab_to_linear(lab);
    for (float& v : c)
        v = std::clamp(image::linear_to_srgb(v), 0.0f, 1.0f);
    return c;
}

} // namespace

std::optional<NamedColor> color_at_end(const std::vector<std::string>& words) {
    std::optional<NamedColor> color = plain_color(words);
    if (!color) return std::nullopt;
    const auto word_before = [&]() -> std::string_view {
        const auto n = static_cast<std::size_t>(color->words);
        return n < words.size() ? std::string_view(words[words.size() - n - 1])
                                : std::string_view();
    };
    for (int most = 0; most < 3; ++most) {
        const std::string_view word = word_before();
        const auto shade = std::find_if(kShades.begin(), kShades.end(),
                                        [&](const Shade& s) { return s.word == word; });
        if (shade == kShades.end()) break;
        color->srgb = shaded(color->srgb, *shade);
        color->name = fmt::format("{} {}", word, color->name);
        ++color->words;
        if (word_before() == "very") {
            color->srgb = shaded(color->srgb, *shade);
            color->name = "very " + color->name;
            ++color->words;
        }
    }
    return color;
}

std::string hex_of(image::Float3 srgb) {
    const auto byte = [](float v) {
        return static_cast<int>(std::clamp(v, 0.0f, 1.0f) * 255 + 0.5f);
    };
    return fmt::format("#{:02x}{:02x}{:02x}", byte(srgb[0]), byte(srgb[1]), byte(srgb[2]));
}

} // namespace mw::inpaint
