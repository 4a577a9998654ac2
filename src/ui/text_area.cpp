#include "ui/text_area.h"

#include <imgui_internal.h>

#include <algorithm>

#include "ui/look.h"
#include "ui/palette.h"
#include "ui/text_area_layout.h"

namespace mw::ui {
namespace {

struct Editor {
    std::string& text;
    TextAreaState& state;
    bool edited = false;

    std::size_t low() const { return std::min(state.caret, state.anchor); }
    std::size_t high() const { return std::max(state.caret, state.anchor); }
    bool selected() const { return state.caret != state.anchor; }

    void remember(bool run) {
        if (!(run && state.typing_run)) state.undo.push_back({text, state.caret});
        if (state.undo.size() > 200) state.undo.erase(state.undo.begin());
        state.typing_run = run;
        state.redo.clear();
        edited = true;
    }
    void replace(std::size_t from, std::size_t to, std::string_view with, bool run) {
        remember(run);
        text.replace(from, to - from, with);
        state.caret = state.anchor = from + with.size();
    }
    void insert(std::string_view with, bool run) { replace(low(), high(), with, run); }
    void move(std::size_t to, bool keep_anchor) {
        state.caret = to;
        if (!keep_anchor) state.anchor = to;
        state.typing_run = false;
    }
    void travel(std::vector<TextAreaState::Step>& from, std::vector<TextAreaState::Step>& to) {
        if (from.empty()) return;
        to.push_back({text, state.caret});
        text = from.back().text;
        state.caret = state.anchor = std::min(from.back().caret, text.size());
        from.pop_back();
        state.typing_run = false;
        edited = true;
    }
};

bool pressed(ImGuiKey key) {
    return ImGui::IsKeyPressed(key, true);
}

void edit_keys(Editor& e) {
    const bool ctrl = ImGui::GetIO().KeyCtrl, shift = ImGui::GetIO().KeyShift;
    TextAreaState& s = e.state;
    if (pressed(ImGuiKey_Backspace)) {
        const std::size_t from = e.selected() ? e.low()
                                 : ctrl       ? previous_word(e.text, s.caret)
                                              : previous_char(e.text, s.caret);
        if (from != e.high()) e.replace(from, e.high(), "", false);
    }
    if (pressed(ImGuiKey_Delete)) {
        const std::size_t to = e.selected() ? e.high()
                               : ctrl       ? next_word(e.text, s.caret)
                                            : next_char(e.text, s.caret);
        if (to != e.low()) e.replace(e.low(), to, "", false);
    }
    if ((pressed(ImGuiKey_Enter) || pressed(ImGuiKey_KeypadEnter)) && !ctrl) e.insert("\n", false);
    if (!ctrl) return;
    if (pressed(ImGuiKey_A)) s.anchor = 0, s.caret = e.text.size();
    if ((pressed(ImGuiKey_C) || pressed(ImGuiKey_X)) && e.selected()) {
        ImGui::SetClipboardText(e.text.substr(e.low(), e.high() - e.low()).c_str());
        if (pressed(ImGuiKey_X)) e.insert("", false);
    }
    if (pressed(ImGuiKey_V)) {
        if (const char* clip = ImGui::GetClipboardText(); clip != nullptr && *clip != 0) {
            std::string clean;
            for (const char* c = clip; *c != 0; ++c) {
                if (*c == '\t')
                    clean += ' ';
                else if (static_cast<unsigned char>(*c) >= 0x20 || *c == '\n')
                    clean += *c;
            }
            e.insert(clean, false);
        }
    }
    if (pressed(ImGuiKey_Y) || (shift && pressed(ImGuiKey_Z)))
        e.travel(s.redo, s.undo);
    else if (pressed(ImGuiKey_Z))
        e.travel(s.undo, s.redo);
}

void move_keys(Editor& e, const std::vector<TextLine>& lines, const ImFont& font, float size) {
    const bool ctrl = ImGui::GetIO().KeyCtrl, shift = ImGui::GetIO().KeyShift;
    TextAreaState& s = e.state;
    const std::size_t row = line_of(lines, s.caret);
    const auto sideways = [&](std::size_t to) {
        e.move(to, shift);
        s.wanted_x = -1;
    };
    if (pressed(ImGuiKey_LeftArrow))
        sideways(e.selected() && !shift ? e.low()
                 : ctrl                 ? previous_word(e.text, s.caret)
                                        : previous_char(e.text, s.caret));
    if (pressed(ImGuiKey_RightArrow))
        sideways(e.selected() && !shift ? e.high()
                 : ctrl                 ? next_word(e.text, s.caret)
                                        : next_char(e.text, s.caret));
    if (pressed(ImGuiKey_Home)) sideways(ctrl ? 0 : lines[row].begin);
    if (pressed(ImGuiKey_End)) sideways(ctrl ? e.text.size() : lines[row].end);
    const int step = pressed(ImGuiKey_DownArrow) ? 1 : pressed(ImGuiKey_UpArrow) ? -1 : 0;
    if (step == 0) return;
    const std::string_view text = e.text;
    const auto line_text = [&](const TextLine& l) { return text.substr(l.begin, l.end - l.begin); };
    if (s.wanted_x < 0)
        s.wanted_x =
            text_width(font, size, text.substr(lines[row].begin, s.caret - lines[row].begin));
    const auto target = static_cast<std::ptrdiff_t>(row) + step;
    if (target < 0)
        e.move(0, shift);
    else if (target >= static_cast<std::ptrdiff_t>(lines.size()))
        e.move(text.size(), shift);
    else {
        const TextLine& line = lines[static_cast<std::size_t>(target)];
        e.move(line.begin + offset_at(font, size, line_text(line), s.wanted_x), shift);
    }
}

void type_letters(Editor& e) {
    ImGuiIO& io = ImGui::GetIO();
    for (const ImWchar c : io.InputQueueCharacters) {
        if (c < 0x20 || c == 0x7f || io.KeyCtrl) continue;
        char utf8[5];
        e.insert(ImTextCharToUtf8(utf8, c), c != ' ');
    }
    io.InputQueueCharacters.resize(0);
}

} // namespace

TextAreaResult text_area(const char* name, std::string& text, TextAreaState& state, ImVec2 size,
                         std::string_view placeholder) {
    ImGuiContext& g = *ImGui::GetCurrentContext();
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImGuiID id = window->GetID(name);
    const ImVec2 at = window->DC.CursorPos;
    const ImRect box(at, {at.x + size.x, at.y + size.y});
    ImGui::ItemSize(box);
    // Not reached by tabbing over it only: it takes the keyboard like a field of Dear ImGui's own.
    if (!ImGui::ItemAdd(box, id, nullptr, ImGuiItemFlags_Inputable)) return {};
    state.caret = std::min(state.caret, text.size());
    state.anchor = std::min(state.anchor, text.size());

    const bool hovered = ImGui::ItemHoverable(box, id, g.LastItemData.InFlags);
    const bool clicked = hovered && ImGui::IsMouseClicked(0);
    const bool by_nav = g.NavActivateId == id;
    if (clicked || by_nav || state.grab_focus) {
        ImGui::SetActiveID(id, window);
        ImGui::SetFocusID(id, window);
        ImGui::FocusWindow(window);
        if (!clicked && g.ActiveIdIsJustActivated) state.anchor = 0, state.caret = text.size();
        state.grab_focus = false;
    }
    bool active = g.ActiveId == id;
    if (active && ImGui::IsMouseClicked(0) && !hovered) {
        ImGui::ClearActiveID();
        active = false;
    }

    const ImFont& font = *look().fonts.regular;
    const float letter = font.FontSize, line_height = letter + px(5);
    const ImVec2 pad = px(10, 8);
    const float inner = size.x - 2 * pad.x - px(4);
    Editor e{text, state};
    auto lines = wrap_text(font, letter, text, inner);
    if (active) {
        g.WantTextInputNextFrame = 1;
        g.ActiveIdUsingNavDirMask |= 0xf; // all four directions
        ImGui::SetKeyOwner(ImGuiKey_Home, id);
        ImGui::SetKeyOwner(ImGuiKey_End, id);
        const auto under_mouse = [&] {
            const float y = g.IO.MousePos.y - box.Min.y - pad.y + state.scroll;
            const auto row = static_cast<std::size_t>(std::clamp(
                static_cast<int>(y / line_height), 0, static_cast<int>(lines.size()) - 1));
            const std::string_view line =
                std::string_view(text).substr(lines[row].begin, lines[row].end - lines[row].begin);
            return lines[row].begin +
                   offset_at(font, letter, line, g.IO.MousePos.x - box.Min.x - pad.x);
        };
        if (clicked && g.IO.MouseClickedCount[0] == 2) {
            const std::size_t word = under_mouse();
            state.anchor = previous_word(text, next_char(text, word));
            state.caret = next_word(text, word);
        } else if (clicked) {
            e.move(under_mouse(), g.IO.KeyShift);
            state.wanted_x = -1;
        } else if (ImGui::IsMouseDragging(0, 2) && g.IO.MouseClickedCount[0] == 0) {
            state.caret = under_mouse();
        }
        move_keys(e, lines, font, letter);
        type_letters(e);
        edit_keys(e);
        if (e.edited) state.wanted_x = -1;
        if (ImGui::IsKeyPressed(ImGuiKey_Escape, false)) {
            ImGui::ClearActiveID();
            active = false;
        }
        lines = wrap_text(font, letter, text, inner);
        const float row_top = static_cast<float>(line_of(lines, state.caret)) * line_height;
        const float view = size.y - 2 * pad.y;
        state.scroll = std::clamp(state.scroll, row_top + line_height - view, row_top);
    }
    const float content = static_cast<float>(lines.size()) * line_height;
    if (hovered && g.IO.MouseWheel != 0) {
        state.scroll -= g.IO.MouseWheel * line_height * 2;
        ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
    }
    state.scroll = std::clamp(state.scroll, 0.0f, std::max(0.0f, content - (size.y - 2 * pad.y)));
    if (hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);

    ImDrawList* list = window->DrawList;
    list->AddRectFilled(box.Min, box.Max, colors().field, px(4));
    list->AddRect(box.Min, box.Max, active ? colors().accent_line : colors().line, px(4), 0,
                  px(active ? 1.5f : 1));
    ImGui::RenderNavHighlight(box, id);
    list->PushClipRect({box.Min.x + px(2), box.Min.y + px(2)},
                       {box.Max.x - px(2), box.Max.y - px(2)}, true);
    const ImVec2 origin{box.Min.x + pad.x, box.Min.y + pad.y - std::floor(state.scroll)};
    if (text.empty())
        list->AddText(&font, letter, origin, colors().text_off, placeholder.data(),
                      placeholder.data() + placeholder.size(), inner);
    for (std::size_t row = 0; row < lines.size(); ++row) {
        const TextLine& line = lines[row];
        const ImVec2 p{origin.x, origin.y + static_cast<float>(row) * line_height};
        const auto x_of = [&](std::size_t offset) {
            offset = std::clamp(offset, line.begin, line.end);
            return p.x + text_width(font, letter,
                                    std::string_view(text).substr(line.begin, offset - line.begin));
        };
        if (active && e.selected() && e.low() < line.next && e.high() > line.begin)
            list->AddRectFilled(
                {x_of(e.low()), p.y - px(2)},
                {x_of(e.high()) + (e.high() > line.end ? px(4) : 0), p.y + line_height - px(2)},
                colors().selected_text);
        list->AddText(&font, letter, p, colors().text, text.data() + line.begin,
                      text.data() + line.end);
        if (active && line_of(lines, state.caret) == row) {
            const float x = x_of(state.caret);
            list->AddRectFilled({x, p.y - px(1)},
                                {x + std::max(1.0f, px(1.5f)), p.y + letter + px(1)},
                                colors().accent_line);
        }
    }
    list->PopClipRect();
    if (content > size.y - 2 * pad.y) {
        const float view = size.y - 2 * pad.y, track = size.y - px(8);
        const float bar = std::max(px(16), track * view / content);
        const float y = box.Min.y + px(4) + (track - bar) * state.scroll / (content - view);
        list->AddRectFilled({box.Max.x - px(6), y}, {box.Max.x - px(3), y + bar}, colors().part,
                            px(2));
    }
    name_rect(name, box.Min, box.Max);
    if (active) look().focused = name;
    return {e.edited, active};
}

} // namespace mw::ui
