#include "ui/request_panel.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::RequestSettings;
using session::SessionView;

const edit::ModelCapabilities* chosen_model(const SessionView& view) {
    for (const auto& m : view.models) {
        if (m.provider == view.request.provider && m.id == view.request.model) return &m;
    }
    return view.models.empty() ? nullptr : &view.models.front();
}

void draw_prompt(const SessionView& view, RequestPanelState& state, session::Actions& out) {
    if (state.focus_prompt) state.prompt.grab_focus = true;
    state.focus_prompt = false;
    std::string prompt = view.prompt;
    const TextAreaResult result =
        text_area("prompt", prompt, state.prompt, {ImGui::GetContentRegionAvail().x, px(84)},
                  "What should change here? For example: remove the ball");
    if (result.edited) out.push_back(session::SetPrompt{prompt});
}

void draw_abilities(const SessionView& view) {
    if (view.abilities.empty()) return;
    if (button("request.abilities", "What it can do",
               {.kind = ButtonKind::quiet, .icon = icons::kHelpOutline, .height = px(24)}))
        ImGui::OpenPopup("abilities");
    // Beside the panel, so that the request stays in sight.
    ImGui::SetNextWindowPos({ImGui::GetWindowPos().x - px(8), ImGui::GetItemRectMin().y},
                            ImGuiCond_Always, {1, 0});
    ImGui::SetNextWindowSizeConstraints({px(360), 0}, {px(420), px(480)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(16, 12));
    if (ImGui::BeginPopup("abilities")) {
        text("The engine understands", palette::kText, look().fonts.semibold);
        for (const std::string& line : view.abilities)
            text_wrapped(line, palette::kTextSecond);
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

void draw_model(const SessionView& view, session::Actions& out) {
    const edit::ModelCapabilities* model = chosen_model(view);
    if (model == nullptr) return;
    if (begin_combo("request.model", model->label)) {
        int index = 0;
        for (const auto& m : view.models) {
            ImGui::PushID(index++);
            if (ImGui::Selectable("##m", &m == model, 0, {0, px(24)})) {
                RequestSettings next = view.request;
                next.provider = m.provider;
                next.model = m.id;
                out.push_back(session::SetRequest{next});
            }
            ImGui::SameLine(px(8));
            text(m.label);
            ImGui::PopID();
        }
        ImGui::EndPopup();
    }
    tooltip("Engine", {}, model->free ? "Works on this machine, costs nothing." : model->id);
}

// A value that is either automatic or a number.
template <class T>
void automatic_slider(const char* name, const char* auto_name, const char* label,
                      std::optional<T>& value, float usual, float low, float high) {
    const float width = ImGui::GetContentRegionAvail().x;
    bool automatic = !value.has_value();
    float shown = automatic ? usual : static_cast<float>(*value);
    if (slider(name, label, shown, low, high,
               {.width = width - px(72), .format = automatic ? "auto" : "%.0f px"})) {
        value = static_cast<T>(std::round(shown));
        automatic = false;
    }
    ImGui::SameLine(0, px(12));
    if (toggle(auto_name, "Auto", automatic))
        value = automatic ? std::optional<T>() : std::optional<T>(static_cast<T>(usual));
}

void draw_options(const SessionView& view, RequestPanelState& state, session::Actions& out) {
    const bool open = state.show_options;
    if (button("request.options", open ? "Fewer options" : "More options",
               {.kind = ButtonKind::quiet,
                .icon = open ? icons::kExpandLess : icons::kExpandMore,
                .height = px(24)}))
        state.show_options = !open;
    if (!open) return;
    RequestSettings next = view.request;
    automatic_slider("request.context", "request.context_auto", "Context", next.context_px, 64, 0,
                     1024);
    automatic_slider("request.feather", "request.feather_auto", "Seam fade", next.feather_px, 8, 0,
                     64);
    if (const auto* model = chosen_model(view); model != nullptr && model->max_count > 1) {
        float count = static_cast<float>(next.count);
        slider("request.count", "Candidates", count, 1, static_cast<float>(model->max_count));
        next.count = static_cast<int>(std::lround(count));
    }
    toggle("request.register", "Align the answer", next.do_register);
    tooltip("Align the answer", {}, "Finds and undoes a shift of the answer against the picture.");
    ImGui::SameLine(0, px(16));
    toggle("request.match", "Match colours", next.match_color);
    tooltip("Match colours", {}, "Undoes a colour cast of the answer, measured outside the mask.");
    if (!(next == view.request)) out.push_back(session::SetRequest{next});
}

std::string cost_words(const SessionView& view) {
    if (!view.cost) return "";
    if (view.cost->high_usd <= 0) return "free";
    if (view.cost->low_usd == view.cost->high_usd)
        return fmt::format("${:.3f}", view.cost->high_usd);
    return fmt::format("${:.3f} to ${:.3f}", view.cost->low_usd, view.cost->high_usd);
}

void draw_plan(const SessionView& view) {
    if (!view.plan) return;
    const edit::CropPlan& plan = *view.plan;
    const std::string ratio = plan.scale == 1 ? "1:1" : fmt::format("{:.0f} %", 100 * plan.scale);
    icon_text(icons::kCrop,
              fmt::format("Sends {} × {} px, {}", plan.request_size.width, plan.request_size.height,
                          ratio),
              palette::kTextSecond, palette::kTextSecond);
    name_item("request.plan");
    if (!plan.notes.empty()) {
        std::string notes;
        for (const std::string& note : plan.notes)
            notes += (notes.empty() ? "" : "\n") + note;
        tooltip("Why this crop", {}, notes);
    }
    const std::string cost = cost_words(view);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - ImGui::CalcTextSize(cost.c_str()).x);
    text(cost, palette::kText);
    name_item("request.cost");
}

// The start of a long reason, cut between words; all of it is in the tooltip.
std::string shortened(const std::string& words) {
    constexpr std::size_t kMost = 120;
    if (words.size() <= kMost) return words;
    const auto blank = words.rfind(' ', kMost);
    return words.substr(0, blank == std::string::npos ? kMost : blank) + " …";
}

void draw_run(const SessionView& view) {
    const bool can = view.cannot_run.empty();
    const float width = ImGui::GetContentRegionAvail().x;
    if (button("run", "Run",
               {.kind = ButtonKind::primary,
                .icon = icons::kAutoAwesome,
                .width = width,
                .height = px(36),
                .enabled = can}))
        ask(Command::run);
    tooltip(Command::run, can ? std::string_view() : std::string_view(view.cannot_run));
    if (!can) {
        const std::string reason = shortened(view.cannot_run);
        icon_text(icons::kInfo, reason, palette::kTextSecond, palette::kTextSecond, true);
        name_item("request.reason");
        if (reason != view.cannot_run) tooltip("Why it cannot run", {}, view.cannot_run);
    }
}

} // namespace

void draw_request_panel(const SessionView& view, RequestPanelState& state, session::Actions& out) {
    heading("Request");
    draw_prompt(view, state, out);
    draw_model(view, out);
    draw_abilities(view);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(132));
    draw_options(view, state, out);
    draw_plan(view);
    draw_run(view);
}

} // namespace mw::ui
