#include "lettering/shape.h"

#include <fribidi.h>
#include <hb.h>

#include <algorithm>
#include <memory>

#include "base/utf8.h"

namespace mw::lettering {
namespace {

struct Run {
    int begin = 0, end = 0;
    FriBidiLevel level = 0;
    hb_script_t script = HB_SCRIPT_COMMON;
};

std::vector<FriBidiLevel> levels_of(std::u32string_view text) {
    const auto n = text.size();
    std::vector<FriBidiChar> characters(text.begin(), text.end());
    std::vector<FriBidiCharType> types(n);
    std::vector<FriBidiBracketType> brackets(n);
    std::vector<FriBidiLevel> levels(n, 0);
    const auto length = static_cast<FriBidiStrIndex>(n);
    fribidi_get_bidi_types(characters.data(), length, types.data());
    fribidi_get_bracket_types(characters.data(), length, types.data(), brackets.data());
    FriBidiParType base = FRIBIDI_PAR_ON;
    if (fribidi_get_par_embedding_levels_ex(types.data(), brackets.data(), length, &base,
                                            levels.data()) == 0)
        std::fill(levels.begin(), levels.end(), FriBidiLevel{0}); // no memory: as it stands
    return levels;
}

// What is common to scripts goes with what is before it, at the start with what comes.
std::vector<hb_script_t> scripts_of(std::u32string_view text) {
    hb_unicode_funcs_t* unicode = hb_unicode_funcs_get_default();
    std::vector<hb_script_t> scripts;
    for (const char32_t c : text)
        scripts.push_back(hb_unicode_script(unicode, c));
    const auto real = [](hb_script_t s) {
        return s != HB_SCRIPT_COMMON && s != HB_SCRIPT_INHERITED && s != HB_SCRIPT_UNKNOWN;
    };
    const auto first = std::find_if(scripts.begin(), scripts.end(), real);
    hb_script_t last = first == scripts.end() ? HB_SCRIPT_LATIN : *first;
    for (hb_script_t& s : scripts)
        s = last = real(s) ? s : last;
    return scripts;
}

// In visual order: UAX #9, L2.
std::vector<Run> runs_of(std::u32string_view text) {
    const std::vector<FriBidiLevel> levels = levels_of(text);
    const std::vector<hb_script_t> scripts = scripts_of(text);
    std::vector<Run> runs;
    FriBidiLevel highest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (runs.empty() || runs.back().level != levels[i] || runs.back().script != scripts[i])
            runs.push_back({static_cast<int>(i), 0, levels[i], scripts[i]});
        runs.back().end = static_cast<int>(i) + 1;
        highest = std::max(highest, levels[i]);
    }
    for (FriBidiLevel level = highest; level >= 1; --level)
        for (auto at = runs.begin(); at != runs.end();) {
            const auto from =
                std::find_if(at, runs.end(), [&](const Run& r) { return r.level >= level; });
            at = std::find_if(from, runs.end(), [&](const Run& r) { return r.level < level; });
            std::reverse(from, at);
        }
    return runs;
}

void shape_run(const Face& face, std::u32string_view text, const Run& run, Line& line) {
    const std::unique_ptr<hb_buffer_t, decltype(&hb_buffer_destroy)> buffer(hb_buffer_create(),
                                                                            &hb_buffer_destroy);
    // All of the text, so that letters join across runs of one script.
    static_assert(sizeof(char32_t) == sizeof(std::uint32_t));
    hb_buffer_add_utf32(buffer.get(), reinterpret_cast<const std::uint32_t*>(text.data()),
                        static_cast<int>(text.size()), static_cast<unsigned>(run.begin),
                        run.end - run.begin);
    hb_buffer_set_direction(buffer.get(), run.level % 2 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer.get(), run.script);
    hb_buffer_set_language(buffer.get(), hb_language_from_string("und", -1));
    hb_shape(face.shaper(), buffer.get(), nullptr, 0);
    unsigned count = 0;
    const hb_glyph_info_t* infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
    const hb_glyph_position_t* places = hb_buffer_get_glyph_positions(buffer.get(), &count);
    for (unsigned i = 0; i < count; ++i) {
        if (infos[i].codepoint == 0) line.missing.insert(text[infos[i].cluster]);
        const double x = line.advance + places[i].x_offset, y = places[i].y_offset;
        line.glyphs.push_back({infos[i].codepoint, x, y});
        line.ink.unite(face.ink(infos[i].codepoint).moved(x, y));
        line.advance += places[i].x_advance;
    }
}

} // namespace

Line shape(const Face& face, std::u32string_view text) {
    Line line;
    line.text = text;
    if (text.empty()) return line;
    for (const Run& run : runs_of(text))
        shape_run(face, text, run, line);
    return line;
}

Result<std::u32string> decoded(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = utf8_at(text, i);
        if (!c)
            return fail(ErrorCode::invalid_argument,
                        "The text to be set is no valid UTF-8; type it again.");
        const char32_t code = c->code;
        const bool control =
            code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
        out += control && code != U'\n' ? U' ' : code;
        i += c->bytes;
    }
    return out;
}

} // namespace mw::lettering
