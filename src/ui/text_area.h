// A text field of several lines that wraps its words.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mw::ui {

struct TextAreaState {
    std::size_t caret = 0, anchor = 0; // byte offsets; text between them is selected
    float scroll = 0;                  // window coordinates
    float wanted_x = -1;               // column kept over up and down; < 0: none
    struct Step {
        std::string text;
        std::size_t caret = 0;
    };
    std::vector<Step> undo, redo;
    bool typing_run = false; // consecutive letters are one step
    bool grab_focus = false; // set: takes the keyboard in the next frame
};

struct TextAreaResult {
    bool edited = false;
    bool active = false;
};

// `text` is UTF-8. Copy, cut, paste, undo, word steps and the mouse work as everywhere; Tab and
// Ctrl+Enter are left to others, Esc gives the keyboard back.
TextAreaResult text_area(const char* name, std::string& text, TextAreaState& state, ImVec2 size,
                         std::string_view placeholder);

} // namespace mw::ui
