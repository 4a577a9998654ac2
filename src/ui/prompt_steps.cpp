#include "ui/prompt_steps.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using edit::PromptParameter;
using edit::PromptStep;
using Kind = PromptParameter::Kind;

constexpr double kTypedFrom = 10'000; // a range as wide is typed, not pulled

// What one pull of a slider can mean.
double stepped(double value, const PromptParameter& p) {
    const double step = p.kind == Kind::whole_number ? 1
                        : p.unit == "stops"          ? 0.05
                        : p.unit == "px"             ? (value < 10 ? 0.1 : 1)
                                                     : 1;
    return std::clamp(std::round(value / step) * step, p.low, p.high);
}

std::string format_of(const PromptParameter& p) {
    const std::string unit = p.unit == "%" ? " %%" : p.unit.empty() ? "" : " " + p.unit;
    const bool fine =
        p.unit == "stops" || (p.unit == "px" && p.value < 10 && p.kind == Kind::number);
    return (p.unit == "stops" ? "%+.2f" : fine ? "%.1f" : p.low < 0 ? "%+.0f" : "%.0f") + unit;
}

std::string label_of(const PromptParameter& p) {
    std::string label = p.name;
    if (!label.empty() && label[0] >= 'a' && label[0] <= 'z')
        label[0] = static_cast<char>(label[0] - 'a' + 'A');
    return label;
}

bool draw_number(const std::string& name, PromptParameter& p) {
    const bool automatic = !p.automatic.empty();
    const float all = ImGui::GetContentRegionAvail().x;
    float value = static_cast<float>(p.value);
    // An open one stands where a usual value would.
    if (p.open) value = static_cast<float>(std::clamp(p.unit == "px" ? 12.0 : 1.0, p.low, p.high));
    const std::string format = p.open ? "auto" : format_of(p);
    bool changed = false;
    if (slider(name.c_str(), label_of(p), value, static_cast<float>(p.low),
               static_cast<float>(p.high),
               {.width = automatic ? all - px(72) : 0,
                .logarithmic = p.low > 0 && p.high > 100 * p.low,
                .format = format.c_str()})) {
        const double now = stepped(static_cast<double>(value), p);
        changed = p.open || now != p.value;
        p.value = now;
        p.open = false;
    }
    if (!automatic) return changed;
    if (p.open) tooltip(label_of(p), {}, "Left to the engine: " + p.automatic + ".");
    ImGui::SameLine(0, px(12));
    bool open = p.open;
    if (toggle((name + "_auto").c_str(), "Auto", open)) {
        p.open = open;
        if (!open) p.value = stepped(static_cast<double>(value), p);
        changed = true;
    }
    tooltip("Left to the engine", {}, p.automatic);
    return changed;
}

bool draw_typed(const std::string& name, PromptParameter& p) {
    label_left(label_of(p), 40);
    int value = static_cast<int>(std::lround(p.value));
    ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
    const int low = static_cast<int>(p.low), high = static_cast<int>(p.high);
    ImGui::PushID(name.c_str());
    const bool changed =
        ImGui::DragInt("##v", &value, 1, low, high, "%d px", ImGuiSliderFlags_AlwaysClamp);
    ImGui::PopID();
    name_item(name);
    tooltip(label_of(p), {}, "Drag, or Ctrl+click and type.");
    p.value = value;
    return changed;
}

bool draw_color(const std::string& name, PromptParameter& p) {
    label_left(label_of(p), p.name.size() > 4 ? 60 : 40);
    const ImVec4 shown{p.color[0], p.color[1], p.color[2], 1};
    ImGui::PushID(name.c_str());
    if (ImGui::ColorButton("##color", shown, ImGuiColorEditFlags_NoTooltip, px(28, 28)))
        ImGui::OpenPopup("pick");
    name_item(name);
    tooltip("Change the colour");
    ImGui::SameLine(0, px(8));
    const auto byte = [](float v) { return static_cast<int>(std::lround(v * 255)); };
    const std::string hex =
        fmt::format("#{:02x}{:02x}{:02x}", byte(p.color[0]), byte(p.color[1]), byte(p.color[2]));
    text(p.unit.empty() || p.unit == hex ? hex : fmt::format("{}  {}", p.unit, hex),
         colors().text_second);
    bool changed = false;
    if (ImGui::BeginPopup("pick")) {
        ImGui::SetNextItemWidth(px(220));
        changed =
            ImGui::ColorPicker3("##pick", p.color.data(),
                                ImGuiColorEditFlags_NoSidePreview | ImGuiColorEditFlags_NoLabel |
                                    ImGuiColorEditFlags_DisplayHex);
        ImGui::EndPopup();
    }
    ImGui::PopID();
    return changed;
}

bool draw_choice(const std::string& name, PromptParameter& p) {
    label_left(label_of(p), 60);
    const auto at = static_cast<std::size_t>(std::clamp(p.value, p.low, p.high));
    bool changed = false;
    if (begin_combo(name.c_str(), p.choices[at])) {
        for (std::size_t i = 0; i < p.choices.size(); ++i) {
            if (ImGui::Selectable(p.choices[i].c_str(), i == at, 0, {0, px(24)})) {
                p.value = static_cast<double>(i);
                changed = i != at;
            }
            name_item(fmt::format("{}.{}", name, i));
        }
        ImGui::EndPopup();
    }
    return changed;
}

bool draw_words(const std::string& name, PromptParameter& p) {
    label_left(label_of(p), 60);
    std::string words = p.words;
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::PushID(name.c_str());
    const bool lines = words.find('\n') != words.npos;
    const bool changed = lines ? ImGui::InputTextMultiline("##words", &words, {width, px(64)})
                               : (ImGui::SetNextItemWidth(width),
                                  ImGui::InputTextWithHint("##words", "as usual", &words));
    ImGui::PopID();
    name_item(name);
    if (!changed) return false;
    p.words = std::move(words);
    return true;
}

bool draw_parameter(const std::string& name, PromptParameter& p) {
    switch (p.kind) {
        case Kind::text:
            return draw_words(name, p);
        case Kind::color:
            return draw_color(name, p);
        case Kind::choice:
            return !p.choices.empty() && draw_choice(name, p);
        case Kind::whole_number:
            if (p.high - p.low > kTypedFrom) return draw_typed(name, p);
            [[fallthrough]];
        case Kind::number:
            return draw_number(name, p);
    }
    return false;
}

// Its name, and a cross to take it out where it is not the only one; whether that was pressed.
bool draw_head(const std::string& name, const PromptStep& step, bool can_go) {
    const float top = ImGui::GetCursorPosY();
    gap(4);
    text(step.name, colors().text);
    name_item(name);
    if (!can_go) return false;
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(24));
    ImGui::SetCursorPosY(top);
    const bool pressed = icon_button((name + ".remove").c_str(), icons::kClose, false, true, 24);
    tooltip("Take this step out of the prompt");
    return pressed;
}

// A selection ends where the thing ends: its rim, which fades into the picture, would stay as an
// outline, and so would its shadow.
void draw_tight_hint(const session::SessionView& view, session::Actions& out) {
    constexpr double kRim = 12; // px, more than the graft's usual fade
    const auto& refined = view.selection.refinement;
    const bool grown = refined && refined->kind == session::RefineKind::grow;
    const bool removes = std::any_of(view.understood.begin(), view.understood.end(),
                                     [](const PromptStep& step) { return step.name == "Remove"; });
    if (!removes || grown || !session::is_selecting(view.tool) || view.selection.pixels == 0)
        return;
    icon_text(icons::kInfo, "Rim and shadow in the mask?", colors().text_second,
              colors().text_second);
    ImGui::SameLine();
    gap(-4);
    if (button("step.grow", fmt::format("Grow {:.0f} px", kRim),
               {.kind = ButtonKind::quiet, .height = px(24)}))
        out.push_back(session::RefineMask{{session::RefineKind::grow, kRim}});
    tooltip("Grow the mask", {},
            "What of a thing lies in the soft edge of the mask stays as an outline.");
}

} // namespace

void draw_prompt_steps(const session::SessionView& view, session::Actions& out) {
    if (view.understood.empty()) return;
    std::vector<PromptStep> steps = view.understood;
    bool changed = false;
    std::optional<std::size_t> gone;
    for (std::size_t s = 0; s < steps.size(); ++s) {
        const std::string name = fmt::format("step.{}", s);
        if (draw_head(name, steps[s], steps.size() > 1)) gone = s;
        for (std::size_t p = 0; p < steps[s].parameters.size(); ++p)
            changed |= draw_parameter(fmt::format("{}.{}", name, p), steps[s].parameters[p]);
    }
    if (gone) steps.erase(steps.begin() + static_cast<std::ptrdiff_t>(*gone));
    if (changed || gone) out.push_back(session::SetPromptSteps{std::move(steps)});
    draw_tight_hint(view, out);
}

} // namespace mw::ui
