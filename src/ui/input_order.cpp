#include "ui/input_order.h"

#include <imgui_internal.h>

#include <vector>

namespace mw::ui {
namespace {

bool is_modifier(ImGuiKey key) {
    return (key & ImGuiMod_Mask_) != 0 || (key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper);
}

bool is_shift(ImGuiKey key) {
    return key == ImGuiMod_Shift || key == ImGuiKey_LeftShift || key == ImGuiKey_RightShift;
}

bool makes_text(ImGuiKey key) {
    return key == ImGuiKey_Space || (key >= ImGuiKey_0 && key <= ImGuiKey_Z) ||
           (key >= ImGuiKey_Apostrophe && key <= ImGuiKey_GraveAccent) ||
           (key >= ImGuiKey_Keypad0 && key <= ImGuiKey_KeypadAdd);
}

// What a frame has taken so far.
struct Portion {
    bool typing = false, ctrl = false; // a text field has the keyboard; Ctrl or Alt is down
    bool moved = false, wheeled = false, key = false, text = false;
    bool pressed = false; // a key that is neither a modifier nor a letter being typed
    int buttons = 0;
    std::vector<ImGuiKey> keys;

    bool seen(ImGuiKey k) {
        for (const ImGuiKey other : keys)
            if (other == k) return true;
        keys.push_back(k);
        return false;
    }

    bool takes_key(const ImGuiInputEventKey& e) {
        if (is_modifier(e.Key)) {
            // Ctrl after a letter would make a shortcut of the letter.
            if (pressed || (text && !is_shift(e.Key))) return false;
            if (e.Key == ImGuiMod_Ctrl || e.Key == ImGuiMod_Alt) ctrl = e.Down;
            return true;
        }
        if (typing && !ctrl && makes_text(e.Key)) return true;
        if (text || buttons != 0 || seen(e.Key)) return false;
        key = true;
        pressed |= e.Down;
        return true;
    }

    bool takes(const ImGuiInputEvent& e) {
        switch (e.Type) {
            case ImGuiInputEventType_MousePos:
                if (buttons != 0 || wheeled || key || text) return false;
                return moved = true;
            case ImGuiInputEventType_MouseButton: {
                const int bit = 1 << e.MouseButton.Button;
                if ((buttons & bit) != 0 || wheeled) return false;
                buttons |= bit;
                return true;
            }
            case ImGuiInputEventType_MouseWheel:
                if (moved || buttons != 0) return false;
                return wheeled = true;
            case ImGuiInputEventType_Key:
                return takes_key(e.Key);
            case ImGuiInputEventType_Text:
                if (pressed || buttons != 0 || moved || wheeled) return false;
                return text = true;
            default:
                return true;
        }
    }
};

} // namespace

void new_frame_in_order() {
    const ImGuiIO& io = ImGui::GetIO();
    ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    Portion portion;
    portion.typing = io.WantTextInput;
    portion.ctrl = io.KeyCtrl || io.KeyAlt;
    int cut = 0;
    while (cut < queue.Size && portion.takes(queue[cut]))
        ++cut;
    const std::vector<ImGuiInputEvent> later(queue.begin() + cut, queue.end());
    queue.resize(cut);
    ImGui::NewFrame();
    for (const ImGuiInputEvent& event : later)
        queue.push_back(event);
}

} // namespace mw::ui
