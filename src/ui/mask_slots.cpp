#include "ui/mask_slots.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include "embedded/icons.h"
#include "ui/select_options.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::SessionView;

constexpr float kWidth = 296;

// A line that can be pressed; with room at the right for what follows it.
bool pressed_line(const std::string& name, const std::string& words, float room) {
    ImGui::PushID(name.c_str());
    const bool pressed = button(name.c_str(), "", {.kind = ButtonKind::quiet, .width = room});
    ImGui::PopID();
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImFont* font = look().fonts.regular;
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRect(min, {max.x - px(6), max.y}, true);
    list->AddText(font, font->FontSize,
                  {min.x + px(8), std::floor(min.y + (max.y - min.y - font->FontSize) / 2)},
                  colors().text, words.c_str());
    list->PopClipRect();
    return pressed;
}

// The field for a name; true when it was confirmed.
bool name_field(const char* widget, MaskSlotsState& state, float width) {
    ImGui::SetNextItemWidth(width);
    if (state.focus) ImGui::SetKeyboardFocusHere();
    state.focus = false;
    const bool entered = ImGui::InputTextWithHint(
        "##name", "Name", &state.name,
        ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
    name_item(widget);
    return entered;
}

void draw_slot(const session::MaskSlot& slot, MaskSlotsState& state, session::Actions& out) {
    ImGui::PushID(slot.id);
    const std::string name = fmt::format("slot.{}", slot.id);
    const float room = px(kWidth - 2 * 32);
    if (state.renaming == slot.id) {
        const bool entered = name_field("slot.field", state, room);
        ImGui::SameLine(0, px(4));
        if (icon_button("slot.ok", icons::kCheck, false, true, 28) || entered) {
            out.push_back(session::RenameSlot{slot.id, state.name});
            state.renaming = 0;
            state.name.clear();
        }
    } else {
        if (pressed_line(name, slot.name, room)) {
            out.push_back(session::RecallSlot{slot.id, state.mode});
            ImGui::CloseCurrentPopup();
        }
        tooltip(slot.name, {}, "Press to recall it.");
        ImGui::SameLine(0, px(4));
        if (icon_button((name + ".rename").c_str(), icons::kEdit, false, true, 28)) {
            state.renaming = slot.id;
            state.name = slot.name;
            state.focus = true;
        }
        tooltip("Rename");
        ImGui::SameLine(0, px(4));
        if (icon_button((name + ".delete").c_str(), icons::kDelete, false, true, 28))
            out.push_back(session::DeleteSlot{slot.id});
        tooltip("Delete", {}, "It can be brought back from the notice.");
    }
    ImGui::PopID();
}

// What made each result: its mask can be taken up again.
void draw_results(const SessionView& view, const MaskSlotsState& state, session::Actions& out) {
    const project::IterationTree& tree = view.document->tree;
    if (tree.size() < 2) return;
    ImGui::Separator();
    text("Masks of results", colors().text_second, look().fonts.small);
    for (int id = static_cast<int>(tree.size()) - 1; id > 0; --id) {
        if (!tree.alive(id)) continue;
        const project::Iteration& it = tree.at(id);
        if (pressed_line(fmt::format("slot.result.{}", id),
                         fmt::format("{} · {}", id, shown_name(it.prompt)), px(kWidth))) {
            out.push_back(session::CopyMask{id, state.mode});
            ImGui::CloseCurrentPopup();
        }
        tooltip(fmt::format("The mask of result {}", id), {}, it.prompt);
    }
}

void draw_others(const SessionView& view, const MaskSlotsState& state, session::Actions& out) {
    ImGui::Separator();
    const bool alpha = view.shown != nullptr && view.shown->format().has_alpha();
    const float half = std::floor((px(kWidth) - px(4)) / 2);
    if (button("slot.alpha", "From alpha", {.width = half, .enabled = alpha})) {
        out.push_back(session::Select{worker::AlphaShape{}, state.mode});
        ImGui::CloseCurrentPopup();
    }
    tooltip("From alpha", {}, "What is opaque in the picture, as far as it is.");
    ImGui::SameLine(0, px(4));
    if (button("slot.reselect", "Reselect",
               {.width = half, .enabled = view.selection.can_reselect})) {
        ask(Command::reselect);
        ImGui::CloseCurrentPopup();
    }
    tooltip(Command::reselect, "Brings back the mask that was cleared last.");
}

} // namespace

void draw_mask_slots(const SessionView& view, MaskSlotsState& state, session::Actions& out) {
    const bool open = view.document != nullptr;
    if (icon_button("mask.slots", icons::kBookmarks, false, open)) {
        ImGui::OpenPopup("kept masks");
        state.renaming = 0;
        state.name.clear();
    }
    tooltip("Kept masks", {}, "Masks under a name, and those of results.");
    if (!open) return;
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(12, 12));
    ImGui::SetNextWindowSizeConstraints({0, 0}, {px(600), ImGui::GetIO().DisplaySize.y * 0.7f});
    if (ImGui::BeginPopup("kept masks", ImGuiWindowFlags_NoMove)) {
        draw_mode_choice({"slot.replace", "slot.add", "slot.subtract", "slot.intersect"},
                         state.mode);
        gap(4);
        const auto& slots = view.document->slots;
        if (slots.empty()) text("No mask is kept yet", colors().text_second);
        for (const session::MaskSlot& slot : slots)
            draw_slot(slot, state, out);
        if (state.renaming == 0) {
            const bool some = view.mask != nullptr && !view.mask->empty();
            ImGui::PushID("new");
            const bool entered = name_field("slot.name", state, px(kWidth - 68));
            ImGui::SameLine(0, px(4));
            if (button("slot.keep", "Keep", {.width = px(64), .enabled = some}) ||
                (entered && some)) {
                out.push_back(session::SaveSlot{state.name});
                state.name.clear();
            }
            tooltip("Keep the mask under this name", {},
                    some ? "" : "There is no mask to keep yet.");
            ImGui::PopID();
        }
        draw_results(view, state, out);
        draw_others(view, state, out);
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

} // namespace mw::ui
