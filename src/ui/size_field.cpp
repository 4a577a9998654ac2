#include "ui/size_field.h"

#include <fmt/format.h>
#include <imgui.h>
#include <imgui_stdlib.h>

#include <cctype>

#include "edit/backend.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

// Those that people ask for; the model's rules say which of them it has.
constexpr Size kUsual[] = {{1024, 1024}, {1536, 1024}, {1024, 1536}, {2048, 2048},
                           {2048, 1152}, {1152, 2048}, {3840, 2160}, {2160, 3840}};

std::string words_of(const Size& size) {
    return fmt::format("{} × {}", size.width, size.height);
}

void draw_rows(const edit::ModelCapabilities& model, SizeFieldState& state,
               std::optional<Size>& size) {
    int index = 0;
    const auto row = [&](const std::string& name, const std::string& shown, bool chosen) {
        ImGui::PushID(index++);
        const bool pressed = ImGui::Selectable("##s", chosen, 0, {0, px(24)});
        name_item("request.size." + name);
        ImGui::SameLine(px(8));
        text(shown);
        ImGui::PopID();
        if (pressed) {
            state.typing = false;
            state.problem.clear();
        }
        return pressed;
    };
    if (row("auto", "the crop's own", !size)) size.reset();
    for (const Size& usual : kUsual)
        if (edit::check_request_size(model, usual) &&
            row(fmt::format("{}x{}", usual.width, usual.height), words_of(usual), size == usual))
            size = usual;
    if (row("other", "another …", false)) {
        state.typing = true;
        state.typed = size ? fmt::format("{}x{}", size->width, size->height) : "";
    }
}

} // namespace

std::optional<Size> size_in(const std::string& words) {
    std::string digits[2];
    std::size_t at = 0;
    bool between = false;
    for (const char c : words) {
        if (std::isdigit(static_cast<unsigned char>(c))) {
            if (between && at == 0)
                at = 1;
            else if (between)
                return std::nullopt;
            between = false;
            digits[at] += c;
        } else if (!digits[0].empty()) {
            between = true;
        }
    }
    if (digits[0].empty() || digits[1].empty() || digits[0].size() > 5 || digits[1].size() > 5)
        return std::nullopt;
    return Size{std::stoi(digits[0]), std::stoi(digits[1])};
}

void draw_size(const edit::ModelCapabilities& model, SizeFieldState& state,
               std::optional<Size>& size) {
    label_left("Size", 88);
    if (begin_combo("request.size", size ? words_of(*size) : "the crop's own")) {
        draw_rows(model, state, size);
        ImGui::EndPopup();
    }
    tooltip("Size of what is sent", {},
            "The crop's own is 1:1, so that nothing is resampled; another size decides the crop's "
            "shape, and the answer is scaled back.");
    if (state.typing) {
        label_left("", 88);
        ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
        if (state.typed.empty() && !ImGui::IsAnyItemActive()) ImGui::SetKeyboardFocusHere();
        const bool entered = ImGui::InputTextWithHint("##size", "width x height", &state.typed,
                                                      ImGuiInputTextFlags_EnterReturnsTrue);
        name_item("request.size.field");
        if (entered || ImGui::IsItemDeactivatedAfterEdit()) {
            const auto typed = size_in(state.typed);
            state.problem = typed ? "" : "Type a size as 1536x1024.";
            if (typed)
                if (const Status ok = edit::check_request_size(model, *typed); !ok)
                    state.problem = ok.error().message;
            if (state.problem.empty()) {
                size = typed;
                state.typing = false;
            }
        }
    }
    std::string problem = state.typing ? state.problem : "";
    // Chosen for another model.
    if (problem.empty() && size)
        if (const Status ok = edit::check_request_size(model, *size); !ok)
            problem = ok.error().message;
    if (problem.empty()) return;
    text_wrapped(problem, colors().error, look().fonts.small);
    name_item("request.size.problem");
}

} // namespace mw::ui
