#include "report/lettering.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/utf8.h"
#include "embedded/embedded.h"

// Only the reader of outlines of the built-in face, which is our own file.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wsign-compare"
#endif
#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC
#include <stb_truetype.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace mw::report {
namespace {

const stbtt_fontinfo& face() {
    static const stbtt_fontinfo info = [] {
        stbtt_fontinfo f{};
        const auto bytes = embedded::find("fonts/Inter-Medium");
        stbtt_InitFont(&f, reinterpret_cast<const unsigned char*>(bytes.data()), 0);
        return f;
    }();
    return info;
}

// Code points; what is no UTF-8 becomes '?'.
std::u32string decoded(std::string_view text) {
    std::u32string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = utf8_at(text, i);
        out += c && c->code >= 0x20 ? c->code : U'?';
        i += c ? c->bytes : 1;
    }
    return out;
}

struct Glyph {
    int index;
    float advance; // pixels
};
Glyph glyph_of(char32_t c, float scale) {
    int index = stbtt_FindGlyphIndex(&face(), static_cast<int>(c));
    if (index == 0) index = stbtt_FindGlyphIndex(&face(), '?');
    int advance = 0, bearing = 0;
    stbtt_GetGlyphHMetrics(&face(), index, &advance, &bearing);
    return {index, static_cast<float>(advance) * scale};
}

float width_of(const std::u32string& text, float scale) {
    float width = 0;
    for (const char32_t c : text)
        width += glyph_of(c, scale).advance;
    return width;
}

float scale_of(int px) {
    return stbtt_ScaleForMappingEmToPixels(&face(), static_cast<float>(px));
}

std::size_t offset(const Rect& box, int x, int y) {
    return static_cast<std::size_t>(y - box.y) * static_cast<std::size_t>(box.width) +
           static_cast<std::size_t>(x - box.x);
}

// Each glyph's box and, row by row, its coverage, along a baseline.
template <class F>
void place_glyphs(const std::u32string& line, float x, int baseline, float scale, const F& put) {
    std::vector<unsigned char> coverage;
    for (const char32_t c : line) {
        const Glyph glyph = glyph_of(c, scale);
        const float shift = x - std::floor(x);
        int left = 0, top = 0, right = 0, bottom = 0;
        stbtt_GetGlyphBitmapBoxSubpixel(&face(), glyph.index, scale, scale, shift, 0, &left, &top,
                                        &right, &bottom);
        const int w = right - left, h = bottom - top;
        if (w > 0 && h > 0) {
            coverage.assign(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), 0);
            stbtt_MakeGlyphBitmapSubpixel(&face(), coverage.data(), w, h, w, scale, scale, shift, 0,
                                          glyph.index);
            put(Rect{static_cast<int>(std::floor(x)) + left, baseline + top, w, h}, coverage);
        }
        x += glyph.advance;
    }
}

} // namespace

int text_width(std::string_view text, int px) {
    return static_cast<int>(std::ceil(width_of(decoded(text), scale_of(px))));
}

void draw_text(image::ImageSpan rgb, Point at, std::string_view text, int px, int max_width,
               const std::array<std::uint8_t, 3>& color) {
    const float scale = scale_of(px);
    std::u32string line = decoded(text);
    if (width_of(line, scale) > static_cast<float>(max_width)) {
        while (!line.empty() && width_of(line + U"…", scale) > static_cast<float>(max_width))
            line.pop_back();
        line += U"…";
    }
    place_glyphs(line, static_cast<float>(at.x), at.y, scale,
                 [&](const Rect& box, const std::vector<unsigned char>& coverage) {
                     const Rect seen = intersect(box, rgb.rect());
                     for (int v = seen.y; v < seen.bottom(); ++v)
                         for (int u = seen.x; u < seen.right(); ++u) {
                             const int k = coverage[offset(box, u, v)];
                             auto* p = rgb.pixel<std::uint8_t>(u, v);
                             for (std::size_t i = 0; i < 3; ++i)
                                 p[i] = static_cast<std::uint8_t>(
                                     (p[i] * (255 - k) + color[i] * k + 127) / 255);
                         }
                 });
}

image::Image text_coverage(std::string_view text, int px) {
    const float scale = scale_of(px);
    int ascent = 0, descent = 0, gap = 0;
    stbtt_GetFontVMetrics(&face(), &ascent, &descent, &gap);
    const int base = static_cast<int>(std::ceil(static_cast<float>(ascent) * scale));
    const int below = static_cast<int>(std::ceil(static_cast<float>(-descent) * scale));
    const std::u32string line = decoded(text);
    image::Image out({std::max(1, static_cast<int>(std::ceil(width_of(line, scale)))),
                      std::max(1, base + below)},
                     image::kGray8);
    place_glyphs(line, 0, base, scale,
                 [&](const Rect& box, const std::vector<unsigned char>& coverage) {
                     const Rect seen = intersect(box, out.rect());
                     for (int v = seen.y; v < seen.bottom(); ++v)
                         for (int u = seen.x; u < seen.right(); ++u) {
                             auto* p = out.span().pixel<std::uint8_t>(u, v);
                             *p = std::max(*p, coverage[offset(box, u, v)]);
                         }
                 });
    return out;
}

} // namespace mw::report
