// Inter and the icons, rasterised by FreeType for one scale.
#pragma once

#include "ui/look.h"

namespace mw::ui {

// Fills `atlas` (emptied first) with every font at `density` device pixels per design pixel.
Fonts load_fonts(ImFontAtlas& atlas, float density);

} // namespace mw::ui
