// What every panel shares while a frame is built: fonts, scale, the commands asked for, and the
// names of widgets for the inspection file. Reached through ImGui's user data, so that it belongs
// to a context and not to the program.
#pragma once

#include <imgui.h>

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "image/image.h"
#include "ui/keymap.h"
#include "ui/palette.h"

namespace mw::ui {

struct Fonts {
    ImFont* regular = nullptr;     // 14
    ImFont* medium = nullptr;      // 14
    ImFont* semibold = nullptr;    // 14
    ImFont* small = nullptr;       // 12
    ImFont* title = nullptr;       // 22, semibold
    ImFont* icons = nullptr;       // 20
    ImFont* icons_small = nullptr; // 16
};

struct NamedRect {
    float x = 0, y = 0, width = 0, height = 0; // window coordinates
    bool enabled = true;
};

struct Look {
    Fonts fonts;
    float scale = 1; // of everything measured in design pixels
    Theme theme = Theme::dark;
    Keymap keys;

    // Takes theme and keys from them, where they changed.
    void follow(const session::Preferences& preferences);

    // Uploads straight-alpha RGBA8 for drawing and gives it back. Set by who owns the device.
    std::function<ImTextureID(const image::Image& rgba)> make_texture;
    std::function<void(ImTextureID)> drop_texture;

    // Filled while a frame is built, emptied by begin_frame.
    std::vector<Command> commands;
    double wake_after = std::numeric_limits<double>::infinity(); // seconds until it must draw again
    std::map<std::string, NamedRect, std::less<>> widgets;
    std::string focused;                 // name of the widget with the keyboard
    std::vector<NamedRect> above_canvas; // windows that take the pointer from the canvas

    // The same of the frame before, for hit tests before windows are built.
    std::vector<NamedRect> above_canvas_before;

    void begin_frame();

  private:
    // That keys was made from.
    std::string key_preset_;
    std::map<std::string, std::string> key_changes_;
};

// The Look of the current ImGui context (ImGuiIO::UserData must point to it).
Look& look();

// Design pixels to window coordinates, whole.
float px(float design);
ImVec2 px(float x, float y);

inline void ask(Command command) {
    look().commands.push_back(command);
}
// The frame must be drawn again this soon.
void wake_in(double seconds);

// Gives the last item, or a rectangle, a name by which tests find it.
void name_item(std::string_view name);
void name_rect(std::string_view name, ImVec2 min, ImVec2 max, bool enabled = true);
// After Begin: the keyboard, when it walks this window and is on nothing, goes to its first item.
void settle_focus();
// The current window lies over the canvas and takes the pointer there.
void cover_canvas();

} // namespace mw::ui
