// The widgets every panel is made of, drawn in our own look. A `name` is the widget's id within its
// window and its name in the inspection file; labels are never ids.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "ui/look.h"
#include "ui/palette.h"

namespace mw::ui {

// --- text ---
void text(std::string_view words, ImU32 color = colors().text, ImFont* font = nullptr);
void text_wrapped(std::string_view words, ImU32 color = colors().text, ImFont* font = nullptr);
// One line cut with an ellipsis at `width`; the whole of it as a tooltip when cut.
void text_cut(std::string_view words, float width, ImU32 color = colors().text,
              ImFont* font = nullptr);
// A path of any bytes as one line that can be shown: control bytes replaced, invalid UTF-8 too.
std::string shown_name(std::string_view bytes);
// An icon in a line of text.
void icon_text(const char* icon, std::string_view words, ImU32 icon_color,
               ImU32 color = colors().text, bool wrapped = false);

// --- tooltips ---
// For the last item: title, its key in a lighter grey, and a second line.
void tooltip(std::string_view title, std::string_view key = {}, std::string_view detail = {});
void tooltip(Command command, std::string_view detail = {});

// --- buttons ---
enum class ButtonKind { normal, primary, quiet };
struct ButtonLook {
    ButtonKind kind = ButtonKind::normal;
    const char* icon = nullptr;
    float width = 0;  // window coordinates; 0: fits the label
    float height = 0; // 0: 28 design pixels
    bool enabled = true;
    bool selected = false;
    bool left = false; // the label begins at the left; else it is centred
};
bool button(const char* name, std::string_view label, const ButtonLook& how = {});
// Square, an icon only; the tooltip is the caller's.
bool icon_button(const char* name, const char* icon, bool selected = false, bool enabled = true,
                 float side = 32);
// An icon button for a command: asks for it when pressed and explains itself.
void command_button(const char* name, Command command, bool selected = false, bool enabled = true,
                    float side = 32);
// Adjoining choices; the index of the one pressed.
struct Choice {
    const char* name;
    const char* icon;  // null: the label
    const char* label; // shown, or the tooltip of an icon
    const char* key;
    bool enabled = true;
    const char* detail = nullptr; // a second line of the tooltip
};
std::optional<int> choices(std::initializer_list<Choice> all, int selected);

// --- values ---
// A field with its label on the left, the value on the right and a line for the share; drag, or
// Ctrl+click and type.
struct SliderLook {
    float width = 0; // 0: all that is left
    bool logarithmic = false;
    const char* format = "%.0f"; // of the value shown, with its unit
};
bool slider(const char* name, std::string_view label, float& value, float low, float high,
            const SliderLook& how = {});
bool toggle(const char* name, std::string_view label, bool& value, bool enabled = true);

// A field that opens a list below it; when true the rows follow, then ImGui::EndPopup().
bool begin_combo(const char* name, std::string_view shown);

// --- arrangement ---
// A dialog in the middle of the window, the rest in a shade: at most as large as said, and as the
// window has room for. When true its contents follow, then ImGui::EndPopup().
bool begin_sheet(const char* name, float design_width, float design_height);
// The heading of a section of a panel, with a line above unless it is the first.
void heading(std::string_view words, bool first = false);
// A line that opens and closes what follows it; whether it is open.
bool fold(const char* name, std::string_view words, bool& open);
void gap(float design);
// A label in a left column, level with the fields; what follows stands on the same line.
void label_left(std::string_view words, float design_width);
// A label of key names ("Ctrl", "Z") as a small cap.
void key_cap(std::string_view words);

} // namespace mw::ui
