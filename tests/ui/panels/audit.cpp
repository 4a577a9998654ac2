#include "audit.h"

#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

namespace mw::ui::test {
namespace {

using Rgb = std::array<double, 3>; // 0..255, as encoded

struct Solid {
    std::array<ImVec2, 3> at;
    ImVec4 clip;
    ImU32 color = 0;
    bool picture = false; // of an unknown colour
};

struct Letter {
    ImVec2 min, max;
    ImU32 color = 0;
    unsigned int code = 0;
    const ImFont* font = nullptr;
    bool cut_left = false, cut_right = false;
    std::size_t after = 0; // solids drawn before it
    bool apart = false;    // the first of a list or a line
};

bool inside(const Solid& s, ImVec2 p) {
    if (p.x < s.clip.x || p.y < s.clip.y || p.x >= s.clip.z || p.y >= s.clip.w) return false;
    const auto side = [&](int i, int j) {
        const ImVec2 a = s.at[static_cast<std::size_t>(i)], b = s.at[static_cast<std::size_t>(j)];
        return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
    };
    const float d0 = side(0, 1), d1 = side(1, 2), d2 = side(2, 0);
    return (d0 >= 0 && d1 >= 0 && d2 >= 0) || (d0 <= 0 && d1 <= 0 && d2 <= 0);
}

unsigned alpha(ImU32 c) {
    return c >> 24;
}
void blend(Rgb& under, ImU32 c) {
    const double a = alpha(c) / 255.0;
    for (std::size_t i = 0; i < 3; ++i)
        under[i] += a * (((c >> (8 * i)) & 0xff) - under[i]);
}

double luminance(const Rgb& c) {
    const auto linear = [](double v) {
        const double s = v / 255;
        return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
}

double contrast(const Rgb& a, const Rgb& b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

struct Scene {
    std::vector<Solid> solids;
    std::vector<Letter> letters;
};

struct Known {
    const ImFont* font;
    const ImFontGlyph* glyph;
};

// Letters by where they lie in the atlas: top and bottom, and the nearest left edge.
std::map<std::pair<float, float>, std::vector<Known>> atlas_of(const Look& look) {
    std::map<std::pair<float, float>, std::vector<Known>> known;
    const Fonts& f = look.fonts;
    for (const ImFont* font :
         {f.regular, f.medium, f.semibold, f.small, f.title, f.icons, f.icons_small})
        for (const ImFontGlyph& glyph : font->Glyphs)
            known[{glyph.V0, glyph.V1}].push_back({font, &glyph});
    return known;
}

Scene read(const Look& look) {
    Scene scene;
    const auto known = atlas_of(look);
    const ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    const ImVec2 white = atlas.TexUvWhitePixel;
    const ImDrawData& data = *ImGui::GetDrawData();
    for (int l = 0; l < data.CmdListsCount; ++l) {
        const ImDrawList& list = *data.CmdLists[l];
        bool apart = true;
        for (const ImDrawCmd& cmd : list.CmdBuffer) {
            if (cmd.UserCallback != nullptr) continue;
            const auto vertex = [&](unsigned i) -> const ImDrawVert& {
                const ImDrawIdx index = list.IdxBuffer[static_cast<int>(cmd.IdxOffset + i)];
                return list.VtxBuffer[static_cast<int>(cmd.VtxOffset + index)];
            };
            for (unsigned i = 0; i + 2 < cmd.ElemCount; i += 3) {
                const ImDrawVert &a = vertex(i), &b = vertex(i + 1), &c = vertex(i + 2);
                const bool picture = cmd.GetTexID() != atlas.TexID;
                const bool plain = a.uv.x == white.x && a.uv.y == white.y && b.uv.x == white.x &&
                                   c.uv.y == white.y;
                if (picture || plain) {
                    // A fringe fades to nothing: it covers nothing for certain.
                    if (alpha(a.col) == 0 || alpha(b.col) == 0 || alpha(c.col) == 0) continue;
                    scene.solids.push_back({{a.pos, b.pos, c.pos}, cmd.ClipRect, a.col, picture});
                    apart = true;
                    continue;
                }
                if (i + 5 >= cmd.ElemCount) continue;
                const auto row = known.find({a.uv.y, c.uv.y});
                if (row == known.end()) continue; // a line of the atlas
                // A letter: top left, top right, bottom right.
                const Known* found = nullptr;
                for (const Known& one : row->second)
                    if (a.uv.x >= one.glyph->U0 - 1e-6f && c.uv.x <= one.glyph->U1 + 1e-6f)
                        found = &one;
                if (found == nullptr) continue;
                Letter letter{a.pos,       c.pos, a.col, found->glyph->Codepoint,
                              found->font, false, false, scene.solids.size(),
                              apart};
                const float one = 1;
                letter.cut_left =
                    a.uv.x > found->glyph->U0 + 1e-6f || a.pos.x < cmd.ClipRect.x - one;
                letter.cut_right =
                    c.uv.x < found->glyph->U1 - 1e-6f || c.pos.x > cmd.ClipRect.z + one;
                const bool seen = a.pos.x < cmd.ClipRect.z && c.pos.x > cmd.ClipRect.x &&
                                  a.pos.y < cmd.ClipRect.w && c.pos.y > cmd.ClipRect.y;
                if (seen) {
                    scene.letters.push_back(letter);
                    apart = false;
                }
                i += 3; // its other triangle
            }
        }
    }
    return scene;
}

void look_under(const Scene& scene, const Letter& letter, TextRun& run) {
    const ImVec2 p{(letter.min.x + letter.max.x) / 2, (letter.min.y + letter.max.y) / 2};
    // Whatever the picture is.
    Rgb dark{0, 0, 0}, light{255, 255, 255};
    for (std::size_t i = 0; i < scene.solids.size(); ++i) {
        const Solid& s = scene.solids[i];
        if (!inside(s, p)) continue;
        if (i >= letter.after) {
            run.hidden = run.hidden || s.picture || alpha(s.color) == 255;
        } else if (s.picture) {
            dark = {0, 0, 0};
            light = {255, 255, 255};
        } else {
            blend(dark, s.color);
            blend(light, s.color);
        }
    }
    for (const Rgb& under : {dark, light}) {
        Rgb ink = under;
        blend(ink, letter.color);
        run.contrast = std::min(run.contrast, contrast(ink, under));
    }
}

} // namespace

std::vector<TextRun> text_runs(const Look& look) {
    const Scene scene = read(look);
    std::vector<TextRun> runs;
    const Letter* before = nullptr;
    for (const Letter& letter : scene.letters) {
        const float size = letter.font->FontSize;
        const bool goes_on = before != nullptr && !letter.apart && before->font == letter.font &&
                             before->color == letter.color && letter.min.x >= before->min.x &&
                             letter.min.x - before->max.x < 0.6f * size &&
                             std::abs(letter.min.y - before->min.y) < size;
        if (!goes_on) {
            runs.emplace_back();
            runs.back().min = letter.min;
            runs.back().max = letter.max;
            runs.back().color = letter.color;
            runs.back().icon =
                letter.font == look.fonts.icons || letter.font == look.fonts.icons_small;
        }
        TextRun& run = runs.back();
        if (goes_on && letter.min.x - before->max.x > 0.18f * size) run.words += ' ';
        char utf8[5];
        run.words += ImTextCharToUtf8(utf8, letter.code);
        run.min = {std::min(run.min.x, letter.min.x), std::min(run.min.y, letter.min.y)};
        run.max = {std::max(run.max.x, letter.max.x), std::max(run.max.y, letter.max.y)};
        run.cut_left |= letter.cut_left;
        run.cut_right |= letter.cut_right;
        look_under(scene, letter, run);
        before = &letter;
    }
    return runs;
}

} // namespace mw::ui::test
