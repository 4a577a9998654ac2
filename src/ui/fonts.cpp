#include "ui/fonts.h"

#include <imgui_freetype.h>

#include <cmath>

#include "embedded/embedded.h"
#include "embedded/icons.h"

namespace mw::ui {
namespace {

// Latin, its extensions, Greek and Cyrillic: what file names and prompts of most of our users
// need. Punctuation, arrows and mathematical signs of the texts of the panels.
constexpr ImWchar kWide[] = {0x20,   0x17f,  0x370,  0x3ff,  0x400,  0x4ff,  0x2010, 0x2027,
                             0x2030, 0x203a, 0x20ac, 0x20ac, 0x2190, 0x2193, 0x2202, 0x2202,
                             0x2206, 0x2206, 0x2212, 0x2212, 0x221e, 0x221e, 0x2248, 0x2248,
                             0x2260, 0x2265, 0xfffd, 0xfffd, 0};
constexpr ImWchar kNarrow[] = {0x20,   0xff,   0x394,  0x394,  0x2010, 0x2027, 0x2190,
                               0x2193, 0x2212, 0x2212, 0x2260, 0x2265, 0};

ImFont* add(ImFontAtlas& atlas, std::string_view name, float size, const ImWchar* ranges,
            unsigned int hinting, float drop = 0) {
    const auto bytes = embedded::find(name);
    ImFontConfig config;
    config.FontDataOwnedByAtlas = false; // lives in the binary
    config.OversampleH = config.OversampleV = 1;
    config.PixelSnapH = true;
    config.GlyphOffset.y = drop;
    config.FontBuilderFlags = hinting;
    // ImGui takes a mutable pointer but does not write through it when it does not own the data.
    void* data = const_cast<std::byte*>(bytes.data());
    return atlas.AddFontFromMemoryTTF(data, static_cast<int>(bytes.size()), size, &config, ranges);
}

} // namespace

Fonts load_fonts(ImFontAtlas& atlas, float density) {
    atlas.Clear();
    atlas.Flags |= ImFontAtlasFlags_NoMouseCursors;
    // Light hinting snaps stems to rows only: letters keep their widths at every scale.
    constexpr auto kLight = ImGuiFreeTypeBuilderFlags_LightHinting;
    constexpr auto kNone = ImGuiFreeTypeBuilderFlags_NoHinting;
    const auto size = [density](float design) { return std::floor(design * density + 0.5f); };
    Fonts f;
    f.regular = add(atlas, "fonts/Inter-Regular", size(14), kWide, kLight);
    f.medium = add(atlas, "fonts/Inter-Medium", size(14), kNarrow, kLight);
    f.semibold = add(atlas, "fonts/Inter-SemiBold", size(14), kNarrow, kLight);
    f.small = add(atlas, "fonts/Inter-Regular", size(12), kWide, kLight);
    f.title = add(atlas, "fonts/Inter-SemiBold", size(22), kNarrow, kLight);
    f.icons = add(atlas, "fonts/Icons", size(20), icons::kGlyphRanges, kNone);
    f.icons_small = add(atlas, "fonts/Icons", size(16), icons::kGlyphRanges, kNone);
    return f;
}

} // namespace mw::ui
