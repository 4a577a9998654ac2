#include "ui/markup_options.h"

#include <fmt/format.h>
#include <imgui.h>

#include "embedded/icons.h"
#include "ui/markup_tool.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using Color = std::array<std::uint8_t, 3>;
using session::SessionView;

void draw_hands(MarkCanvas& marks) {
    const auto chosen = choices({{.name = "markup.pick",
                                  .icon = icons::kNearMe,
                                  .label = "Pick a mark",
                                  .key = nullptr,
                                  .detail = "Drag moves it, arrow keys too; Delete removes it. "
                                            "Double click a note to write it anew."},
                                 {.name = "markup.arrow",
                                  .icon = icons::kCallMade,
                                  .label = "Arrow",
                                  .key = nullptr,
                                  .detail = "Shift: in steps of 45°."},
                                 {.name = "markup.ellipse",
                                  .icon = icons::kPanoramaFishEye,
                                  .label = "Circle",
                                  .key = nullptr,
                                  .detail = "Shift: round."},
                                 {"markup.stroke", icons::kGesture, "Freehand", nullptr},
                                 {"markup.note", icons::kTextFields, "Note", nullptr}},
                                static_cast<int>(marks.hand));
    if (chosen) marks.hand = static_cast<MarkHand>(*chosen);
}

// The colour pressed, if any.
bool draw_color(Color& color) {
    const auto as_float = [](const Color& c) {
        return ImVec4{static_cast<float>(c[0]) / 255, static_cast<float>(c[1]) / 255,
                      static_cast<float>(c[2]) / 255, 1};
    };
    bool changed = false;
    if (ImGui::ColorButton("##markup", as_float(color), ImGuiColorEditFlags_NoTooltip, px(28, 28)))
        ImGui::OpenPopup("markup color");
    name_item("markup.color");
    tooltip("Colour of the marks", {}, "One that the picture does not have is seen best.");
    if (ImGui::BeginPopup("markup color")) {
        constexpr Color kPresets[] = {{230, 0, 0},   {255, 210, 0}, {0, 190, 60},   {0, 110, 255},
                                      {230, 0, 220}, {0, 0, 0},     {255, 255, 255}};
        int index = 0;
        for (const Color& preset : kPresets) {
            if (index > 0) ImGui::SameLine(0, px(4));
            ImGui::PushID(index);
            if (ImGui::ColorButton("##c", as_float(preset), ImGuiColorEditFlags_NoTooltip,
                                   px(28, 28))) {
                color = preset;
                changed = true;
                ImGui::CloseCurrentPopup();
            }
            name_item(fmt::format("markup.color.{}", index++));
            ImGui::PopID();
        }
        ImGui::EndPopup();
    }
    return changed;
}

} // namespace

void draw_markup_options(const SessionView& view, MarkCanvas& marks, float unit,
                         session::Actions& out) {
    draw_hands(marks);
    ImGui::SameLine(0, px(8));
    // Of the picked mark, else of those to come.
    const edit::Mark* picked = picked_mark(view, marks);
    session::MarkStyle style = view.markup.style;
    if (picked != nullptr) style = {picked->color, picked->width_px};
    const session::MarkStyle before = style;
    draw_color(style.color);
    ImGui::SameLine(0, px(4));
    float width = static_cast<float>(style.width_px);
    if (slider("markup.width", "Width", width, edit::kMinMarkWidth, 60,
               {.width = unit, .format = "%.0f px"}))
        style.width_px = static_cast<double>(width);
    const bool held = ImGui::IsItemActive();
    tooltip("Width of the lines", {}, "The letters of a note follow it.");
    ImGui::SameLine(0, px(6));
    if (!(style == before)) {
        if (picked != nullptr) {
            edit::Mark next = *picked;
            next.color = style.color;
            next.width_px = style.width_px;
            out.push_back(session::ChangeMark{std::move(next), held});
        }
        out.push_back(session::SetMarkStyle{style});
    }
    const edit::Markup& markup = view.document->markup;
    const bool any = !markup.marks.empty();
    if (icon_button("markup.shown", markup.hidden ? icons::kVisibilityOff : icons::kVisibility,
                    false, any, 28))
        ask(Command::toggle_marks);
    tooltip(Command::toggle_marks, markup.hidden ? "Hidden: they are not sent." : "");
    ImGui::SameLine(0, px(2));
    if (icon_button("markup.delete", icons::kDelete, false, picked != nullptr, 28))
        ask(Command::delete_mark);
    tooltip(Command::delete_mark, "The right button removes a mark too.");
    ImGui::SameLine(0, px(2));
    if (icon_button("markup.clear", icons::kDeleteSweep, false, any, 28))
        out.push_back(session::ClearMarks{});
    tooltip("Remove all marks", {}, any ? fmt::format("There are {}.", markup.marks.size()) : "");
}

void draw_markup_use(const SessionView& view, session::Actions& out) {
    if (view.document == nullptr || view.document->markup.marks.empty()) return;
    using session::MarkupUse;
    const std::size_t n = view.document->markup.marks.size();
    const bool hidden = view.document->markup.hidden;
    const std::string marks = n == 1 ? "The mark" : fmt::format("{} marks", n);
    const bool missed =
        view.markup.use == MarkupUse::unseen || view.markup.use == MarkupUse::no_room;
    std::string words;
    switch (view.markup.use) {
        case MarkupUse::none:
            words = n == 1 ? "The mark is hidden: the mask is sent"
                           : "Marks are hidden: the mask is sent";
            break;
        case MarkupUse::instead_of_mask:
            words = marks + (n == 1 ? " is" : " are") +
                    " sent instead of the mask; what is taken is still what lies under the mask";
            break;
        case MarkupUse::reference:
            words = "The mask is sent, and the picture with " +
                    (n == 1 ? std::string("the mark") : marks) + " as a reference";
            break;
        case MarkupUse::no_room:
            words =
                marks + (n == 1 ? " is" : " are") + " not sent: the references take all the places";
            break;
        case MarkupUse::unseen:
            words = marks + (n == 1 ? " is" : " are") +
                    " not sent: this model is not shown any. The mask is";
            break;
    }
    const char* icon = missed ? icons::kWarning : icons::kRateReview;
    icon_text(icon, words + ".", missed ? colors().warning : colors().text_second,
              colors().text_second, true);
    name_item("request.markup");
    if (button("request.markup_shown", hidden ? "Show and send the marks" : "Hide the marks",
               {.kind = ButtonKind::quiet,
                .icon = hidden ? icons::kVisibility : icons::kVisibilityOff,
                .height = px(24)}))
        out.push_back(session::ShowMarks{hidden});
}

} // namespace mw::ui
