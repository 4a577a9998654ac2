#include "lettering/find_font.h"

#include <fmt/format.h>
#include <fontconfig/fontconfig.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <set>

#include "embedded/embedded.h"

namespace mw::lettering {
namespace {

using Config = std::unique_ptr<FcConfig, decltype(&FcConfigDestroy)>;
using Pattern = std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)>;

// "DejaVu Sans" and "dejavu-sans" are one.
std::string plain(std::string_view name) {
    std::string out;
    for (const char c : name)
        if (c != ' ' && c != '-' && c != '_')
            out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

const FcChar8* fc(const char* text) {
    return reinterpret_cast<const FcChar8*>(text);
}
std::string text_of(const FcPattern* pattern, const char* key, int n = 0) {
    FcChar8* value = nullptr;
    if (FcPatternGetString(pattern, key, n, &value) != FcResultMatch) return {};
    return reinterpret_cast<const char*>(value);
}

bool drawn(char32_t c) {
    return c > 0x20 && !(c >= 0x200b && c <= 0x200f) && !(c >= 0x202a && c <= 0x202e) &&
           !(c >= 0x2066 && c <= 0x2069) && !(c >= 0xfe00 && c <= 0xfe0f) && c != 0xa0;
}

std::set<char32_t> missing(const Face& face, std::u32string_view text) {
    std::set<char32_t> out;
    for (const char32_t c : text)
        if (drawn(c) && !face.has(c)) out.insert(c);
    return out;
}
Result<FoundFont> built_in(bool bold) {
    const auto bytes = embedded::find(bold ? "fonts/Inter-Bold" : "fonts/Inter-Medium");
    auto face =
        Face::open(Bytes(bytes.begin(), bytes.end()), 0, bold ? "Inter Bold" : "Inter Medium");
    if (!face) return tl::unexpected(face.error());
    return FoundFont{std::move(*face), false, {}};
}

// The families there are that look most like this one.
std::string nearest(FcConfig* config, const std::string& family) {
    const Pattern all(FcPatternBuild(nullptr, FC_SCALABLE, FcTypeBool, FcTrue, nullptr),
                      &FcPatternDestroy);
    const std::unique_ptr<FcObjectSet, decltype(&FcObjectSetDestroy)> keys(
        FcObjectSetBuild(FC_FAMILY, nullptr), &FcObjectSetDestroy);
    const std::unique_ptr<FcFontSet, decltype(&FcFontSetDestroy)> set(
        FcFontList(config, all.get(), keys.get()), &FcFontSetDestroy);
    const std::string want = plain(family);
    // Common pairs of letters, as shares: enough to find a slip.
    const auto pairs = [](const std::string& s) {
        std::set<std::string> out;
        for (std::size_t i = 0; i + 1 < s.size(); ++i)
            out.insert(s.substr(i, 2));
        return out;
    };
    const std::set<std::string> wanted = pairs(want);
    std::set<std::pair<double, std::string>> ranked;
    for (int i = 0; set && i < set->nfont; ++i) {
        const std::string name = text_of(set->fonts[i], FC_FAMILY);
        const std::set<std::string> have = pairs(plain(name));
        double both = 0;
        for (const std::string& p : have)
            both += wanted.count(p) > 0;
        const double all_pairs = static_cast<double>(have.size() + wanted.size());
        ranked.insert({-2 * both / std::max(all_pairs, 1.0), name});
    }
    std::string out;
    int count = 0;
    for (const auto& [rank, name] : ranked) {
        if (++count > 3) break;
        out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", name);
    }
    return out;
}

bool is_generic(const std::string& name) {
    for (const char* generic : {"serif", "sans", "sansserif", "mono", "monospace", "cursive"})
        if (plain(name) == generic) return true;
    return false;
}

Result<FoundFont> installed(const std::string& family, bool bold, bool italic,
                            std::u32string_view text) {
    const Config config(FcInitLoadConfigAndFonts(), &FcConfigDestroy);
    if (!config)
        return fail(ErrorCode::unsupported,
                    "The list of fonts of this system cannot be read; leave the font out, or name "
                    "Inter, which is built in.");
    const Pattern wish(FcPatternCreate(), &FcPatternDestroy);
    if (!family.empty()) FcPatternAddString(wish.get(), FC_FAMILY, fc(family.c_str()));
    FcPatternAddBool(wish.get(), FC_SCALABLE, FcTrue);
    FcPatternAddBool(wish.get(), FC_OUTLINE, FcTrue);
    FcPatternAddBool(wish.get(), FC_COLOR, FcFalse);
    FcPatternAddInteger(wish.get(), FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
    FcPatternAddInteger(wish.get(), FC_SLANT, italic ? FC_SLANT_ITALIC : FC_SLANT_ROMAN);
    FcCharSet* characters = FcCharSetCreate();
    for (const char32_t c : text)
        if (drawn(c)) FcCharSetAddChar(characters, c);
    FcPatternAddCharSet(wish.get(), FC_CHARSET, characters);
    FcCharSetDestroy(characters);
    FcConfigSubstitute(config.get(), wish.get(), FcMatchPattern);
    FcDefaultSubstitute(wish.get());
    FcResult result = FcResultNoMatch;
    const Pattern match(FcFontMatch(config.get(), wish.get(), &result), &FcPatternDestroy);
    const std::string path = match ? text_of(match.get(), FC_FILE) : "";
    bool same = family.empty() || is_generic(family);
    for (int i = 0; match && !same && i < 8; ++i) {
        const std::string name = text_of(match.get(), FC_FAMILY, i);
        if (name.empty()) break;
        same = plain(name) == plain(family) ||
               plain(text_of(match.get(), FC_FULLNAME)) == plain(family);
    }
    if (path.empty() || !same) {
        const std::string near = nearest(config.get(), family);
        return fail(ErrorCode::not_found,
                    fmt::format("There is no font \"{}\" on this system{}; install it, or leave "
                                "it out for the built-in one.",
                                family, near.empty() ? "" : "; near it are " + near));
    }
    int index = 0, weight = FC_WEIGHT_REGULAR, slant = FC_SLANT_ROMAN;
    FcPatternGetInteger(match.get(), FC_INDEX, 0, &index);
    FcPatternGetInteger(match.get(), FC_WEIGHT, 0, &weight);
    FcPatternGetInteger(match.get(), FC_SLANT, 0, &slant);
    auto bytes = read_file(path);
    if (!bytes) return tl::unexpected(bytes.error());
    std::string name = text_of(match.get(), FC_FULLNAME);
    if (name.empty()) name = text_of(match.get(), FC_FAMILY);
    auto face = Face::open(std::move(*bytes), index, name);
    if (!face) return tl::unexpected(face.error());
    FoundFont found{std::move(*face), italic && slant == FC_SLANT_ROMAN, {}};
    if (found.slant) found.notes.push_back(name + " has no italic; it was slanted");
    if (bold && weight < FC_WEIGHT_DEMIBOLD) found.notes.push_back(name + " has no bold");
    return found;
}

} // namespace

std::string utf8_of(std::u32string_view text) {
    std::string out;
    for (const char32_t c : text) {
        const auto byte = [&](unsigned v) { out += static_cast<char>(v); };
        if (c < 0x80) {
            byte(c);
        } else if (c < 0x800) {
            byte(0xc0 | c >> 6), byte(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            byte(0xe0 | c >> 12), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f));
        } else {
            byte(0xf0 | c >> 18), byte(0x80 | (c >> 12 & 0x3f)), byte(0x80 | (c >> 6 & 0x3f));
            byte(0x80 | (c & 0x3f));
        }
    }
    return out;
}

std::string named(char32_t c) {
    return fmt::format("{} (U+{:04X})", utf8_of({&c, 1}), static_cast<unsigned>(c));
}

Result<FoundFont> find_font(const std::string& family, bool bold, bool italic,
                            std::u32string_view text) {
    auto own = built_in(bold);
    if (!own) return own;
    const bool ours = family.empty() || plain(family) == "inter";
    const std::set<char32_t> lacks = missing(own->face, text);
    if (ours && !italic && lacks.empty()) return own;
    auto found = installed(family, bold, italic, text);
    if (!found && ours && lacks.empty()) {
        own->slant = italic;
        own->notes.emplace_back("Inter has no italic here; it was slanted");
        return own;
    }
    return found;
}

} // namespace mw::lettering
