// What a frame's draw lists put on the screen, read back: every run of text with what lies under
// it. For checks that hold for all panels at once: contrast, text over text, text cut off.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "ui/look.h"

namespace mw::ui::test {

struct TextRun {
    std::string words;
    bool icon = false; // of the font of icons
    ImU32 color = 0;
    ImVec2 min, max; // of its letters' ink, window coordinates
    double contrast =
        21;              // the least of its letters', WCAG 2; over a picture: for the worst picture
    bool hidden = false; // something opaque was drawn over its middle
    bool cut_left = false, cut_right = false; // by a clip rectangle
};

// Of the newest frame of the current context; `look` names the fonts.
std::vector<TextRun> text_runs(const Look& look);

} // namespace mw::ui::test
