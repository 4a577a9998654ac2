#include "ui/request_panel.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "embedded/icons.h"
#include "ui/markup_options.h"
#include "ui/prompt_steps.h"
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

// Beside the heading: earlier and kept words, and keeping these.
void draw_prompt_buttons(const SessionView& view, RequestPanelState& state, session::Actions& out) {
    constexpr float kSide = 24;
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(2 * kSide + 4));
    gap(-3);
    if (icon_button("prompt.recall", icons::kHistory, false, true, kSide))
        ask(Command::recall_prompt);
    tooltip(Command::recall_prompt);
    const edit::ModelCapabilities* model = chosen_model(view);
    draw_prompt_recall(view, state.recall, model == nullptr || model->free, out);
    ImGui::SameLine(0, px(4));
    gap(-3);
    const bool kept = is_kept(view);
    if (icon_button("prompt.keep", icons::kBookmarks, kept, !view.prompt.empty(), kSide))
        ask(Command::keep_prompt);
    tooltip(Command::keep_prompt, kept ? "They are; again to keep them no longer." : "");
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
    // They are those of the engine of this machine; a service understands whatever is said.
    const edit::ModelCapabilities* model = chosen_model(view);
    if (view.abilities.empty() || (model != nullptr && !model->free))
        return ImGui::Dummy({0, px(24)});
    if (button("request.abilities", "What it can do",
               {.kind = ButtonKind::quiet, .icon = icons::kHelpOutline, .height = px(24)}))
        ImGui::OpenPopup("abilities");
    // Beside the panel, so that the request stays in sight.
    ImGui::SetNextWindowPos({ImGui::GetWindowPos().x - px(8), ImGui::GetItemRectMin().y},
                            ImGuiCond_Always, {1, 0});
    ImGui::SetNextWindowSizeConstraints({px(360), 0}, {px(420), px(480)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(16, 12));
    if (ImGui::BeginPopup("abilities")) {
        text("The engine understands", colors().text, look().fonts.semibold);
        for (const std::string& line : view.abilities)
            text_wrapped(line, colors().text_second);
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

// What the service says of one of ours, shown where it is chosen; empty: nothing new.
std::string doubt_about(const SessionView& view, const edit::ModelCapabilities& m) {
    // A list is about the service of the model that is chosen.
    const bool same = m.provider.substr(0, 6) == view.request.provider.substr(0, 6);
    if (!same || m.free || !view.catalogue.models) return {};
    for (const edit::OfferedModel& offered : *view.catalogue.models)
        if (offered.id == m.id) return {};
    return "not offered";
}

// Pictures are made by these; the list has every kind of model.
bool makes_pictures(const std::string& id) {
    return id.find("image") != std::string::npos;
}

void draw_model_row(const SessionView& view, const edit::ModelCapabilities& m, bool chosen,
                    session::Actions& out) {
    if (ImGui::Selectable("##m", chosen, 0, {0, px(24)})) {
        RequestSettings next = view.request;
        next.provider = m.provider;
        next.model = m.id;
        out.push_back(session::SetRequest{next});
    }
    // Services share models.
    const bool alone = m.provider == "builtin" || m.provider.starts_with("openai");
    name_item(fmt::format("request.model.{}{}{}", alone ? "" : m.provider + ".", m.id,
                          m.converses ? ".conversation" : ""));
    const std::string doubt = doubt_about(view, m);
    const std::string end = m.shutdown.empty() ? "" : "ends " + m.shutdown.substr(0, 7);
    const std::string& aside = doubt.empty() ? end : doubt;
    ImGui::SameLine(px(8));
    text(m.label, doubt.empty() ? colors().text : colors().text_off);
    if (aside.empty()) return;
    ImFont* small = look().fonts.small;
    ImGui::SameLine(0, px(10));
    gap(2);
    text(aside, doubt.empty() ? colors().warning : colors().text_off, small);
}

// What the service has and this program does not know, and a way to ask.
void draw_catalogue(const SessionView& view, session::Actions& out) {
    if (!view.lists_models) return;
    ImGui::Separator();
    const session::Catalogue& list = view.catalogue;
    if (list.models)
        for (const edit::OfferedModel& offered : *list.models) {
            bool known = !makes_pictures(offered.id);
            for (const auto& m : view.models)
                known = known || offered.id == m.id || offered.id.starts_with(m.id + "-");
            if (known) continue;
            ImGui::SetCursorPosX(px(8));
            text(offered.id + ": offered, but not known here; models.json can add it",
                 colors().text_off, look().fonts.small);
        }
    if (!list.problem.empty()) {
        ImGui::SetCursorPosX(px(8));
        text_cut(list.problem, px(280), colors().error, look().fonts.small);
    }
    const std::string words =
        list.asking   ? "Asking the service …"
        : list.models ? fmt::format("Asked {}: ask again what this key may use", list.asked)
                      : std::string("Ask what this key may use");
    if (ImGui::Selectable("##ask", false,
                          ImGuiSelectableFlags_DontClosePopups |
                              (list.asking ? ImGuiSelectableFlags_Disabled : 0),
                          {0, px(24)}))
        out.push_back(session::AskCatalogue{});
    name_item("request.models.ask");
    ImGui::SameLine(px(8));
    text(words, list.asking ? colors().text_off : colors().text_second);
}

void draw_model(const SessionView& view, session::Actions& out) {
    const edit::ModelCapabilities* model = chosen_model(view);
    if (model == nullptr) return;
    if (begin_combo("request.model", model->label)) {
        int index = 0;
        for (const auto& m : view.models) {
            ImGui::PushID(index++);
            draw_model_row(view, m, &m == model, out);
            ImGui::PopID();
        }
        draw_catalogue(view, out);
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

void draw_enlarge(RequestSettings& next) {
    constexpr double kTimes[] = {1, 2, 4, 8};
    label_left("Enlarge", 72);
    int selected = -1;
    for (int i = 0; i < 4; ++i)
        if (next.enlarge == kTimes[i]) selected = i;
    const auto chosen =
        choices({{"request.enlarge_1", nullptr, "1×", nullptr},
                 {"request.enlarge_2", nullptr, "2×", nullptr},
                 {"request.enlarge_4", nullptr, "4×", nullptr},
                 {.name = "request.enlarge_8", .icon = nullptr, .label = "8×", .key = nullptr}},
                selected);
    if (chosen) next.enlarge = kTimes[*chosen];
}

// Only where a request has another size than its crop.
void draw_resampling(const SessionView& view, RequestSettings& next) {
    const bool scaled = std::any_of(view.plan.begin(), view.plan.end(), [](const auto& part) {
        return part.plan.crop.size() != part.plan.request_size;
    });
    if (!scaled && next.resampling == edit::Resampling::automatic) return;
    constexpr edit::Resampling kHow[] = {edit::Resampling::automatic, edit::Resampling::lanczos,
                                         edit::Resampling::area, edit::Resampling::edges};
    label_left("Scaling", 72);
    int selected = -1;
    for (int i = 0; i < 4; ++i)
        if (next.resampling == kHow[i]) selected = i;
    const auto chosen =
        choices({{.name = "request.resample_auto",
                  .icon = nullptr,
                  .label = "Auto",
                  .key = nullptr,
                  .detail = "Edges are followed where the request is larger than its crop, Lanczos "
                            "otherwise; the answer comes back the same way."},
                 {.name = "request.resample_lanczos",
                  .icon = nullptr,
                  .label = "Lanczos",
                  .key = nullptr,
                  .detail = "Sharp, without halos."},
                 {.name = "request.resample_area",
                  .icon = nullptr,
                  .label = "Area",
                  .key = nullptr,
                  .detail = "Exact means where it shrinks: soft, calm in fine patterns."},
                 {.name = "request.resample_edges",
                  .icon = nullptr,
                  .label = "Edges",
                  .key = nullptr,
                  .detail = "Slanted edges stay smooth where it enlarges."}},
                selected);
    if (chosen) next.resampling = kHow[*chosen];
}

// Which of the kept masks is left out where an engine copies from the picture. Also without any, so
// that one learns of it.
void draw_not_from(const SessionView& view, RequestSettings& next) {
    const auto* model = chosen_model(view);
    if (model == nullptr || !model->copies || view.document == nullptr) return;
    const auto& slots = view.document->slots;
    const auto chosen = std::find_if(slots.begin(), slots.end(),
                                     [&](const auto& s) { return s.id == next.not_from; });
    label_left("Copy from", 72);
    const std::string shown = chosen != slots.end() ? "not " + chosen->name : "anywhere";
    if (begin_combo("request.not_from", shown)) {
        const auto row = [&](int id, const std::string& words) {
            ImGui::PushID(id);
            if (ImGui::Selectable(words.c_str(), id == next.not_from, 0, {0, px(24)}))
                next.not_from = id;
            ImGui::PopID();
            name_item(fmt::format("request.not_from.{}", id));
        };
        row(0, "anywhere");
        for (const auto& slot : slots)
            row(slot.id, "not " + slot.name);
        if (slots.empty()) text("No mask is kept yet", colors().text_second);
        ImGui::EndPopup();
    }
    tooltip("Copy from", {},
            "A removal is filled from around the hole. Keep a mask of what must not be "
            "copied under a name, and choose it here.");
}

void draw_islands(RequestSettings& next) {
    label_left("Islands", 72);
    const auto chosen = choices(
        {{.name = "request.islands_auto",
          .icon = nullptr,
          .label = "Auto",
          .key = nullptr,
          .detail = "Far-apart parts of the mask go as requests of their own where one crop over "
                    "all of them would be wasteful."},
         {.name = "request.islands_together",
          .icon = nullptr,
          .label = "Together",
          .key = nullptr,
          .detail = "One request whose crop holds the whole mask."},
         {.name = "request.islands_apart",
          .icon = nullptr,
          .label = "Apart",
          .key = nullptr,
          .detail = "A request for each part of the mask; each is paid for."}},
        static_cast<int>(next.islands));
    if (!chosen) return;
    next.islands = static_cast<edit::Islands>(*chosen);
    if (next.islands == edit::Islands::apart) next.crop.reset(); // a dragged crop is one crop
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
    if (const auto* model = chosen_model(view); model != nullptr && model->free)
        draw_size(*model, state.service.size, next.size);
    draw_enlarge(next);
    draw_resampling(view, next);
    draw_islands(next);
    draw_not_from(view, next);
    if (const auto* model = chosen_model(view); model != nullptr) draw_parameters(*model, next);
    if (const auto* model = chosen_model(view); model != nullptr && model->max_count > 1) {
        float count = static_cast<float>(next.count);
        slider("request.count", "Candidates", count, 1, static_cast<float>(model->max_count));
        next.count = static_cast<int>(std::lround(count));
    }
    if (!(next == view.request)) out.push_back(session::SetRequest{next});
}

std::string cost_words(const SessionView& view) {
    if (!view.cost) return "";
    if (view.cost->high_usd <= 0) return "free";
    if (view.cost->low_usd == view.cost->high_usd)
        return fmt::format("${:.3f}", view.cost->high_usd);
    return fmt::format("${:.3f} to ${:.3f}", view.cost->low_usd, view.cost->high_usd);
}

// The choice where it matters, also while the options are folded in.
void draw_parts(const SessionView& view, session::Actions& out) {
    RequestSettings next = view.request;
    draw_islands(next);
    if (!(next == view.request)) out.push_back(session::SetRequest{next});
}

void draw_crop_by_hand(const SessionView& view, session::Actions& out) {
    if (!view.request.crop) return;
    icon_text(icons::kCrop, "Crop set by hand", colors().text_second, colors().text);
    const float width = px(96);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - width);
    gap(-4);
    if (button("request.crop_auto", "Automatic",
               {.kind = ButtonKind::quiet, .width = width, .height = px(24)})) {
        RequestSettings next = view.request;
        next.crop.reset();
        out.push_back(session::SetRequest{next});
    }
    tooltip("Automatic crop", {}, "Also by a double click in the crop.");
}

// Every note once, in full: what it says may change what the artist asks for.
void draw_plan_notes(const SessionView& view) {
    std::vector<std::string_view> said;
    for (const edit::PlannedPart& part : view.plan)
        for (const std::string& note : part.plan.notes) {
            if (std::find(said.begin(), said.end(), note) != said.end()) continue;
            said.push_back(note);
            std::string words = note;
            if (words[0] >= 'a' && words[0] <= 'z')
                words[0] = static_cast<char>(words[0] - 'a' + 'A');
            icon_text(icons::kInfo, words + ".", colors().warning, colors().text_second, true);
        }
    if (!said.empty()) name_item("request.notes");
}

void draw_plan(const SessionView& view, bool options, session::Actions& out) {
    if (view.plan.empty()) return;
    std::string words = view.plan.size() == 1 ? "Sends " + plan_words(view.plan[0].plan)
                                              : fmt::format("{} requests", view.plan.size());
    icon_text(icons::kCrop, words, colors().text_second,
              view.plan.size() == 1 ? colors().text_second : colors().text);
    name_item("request.plan");
    if (view.plan.size() > 1) {
        std::string each;
        for (const edit::PlannedPart& part : view.plan)
            each += (each.empty() ? "" : "\n") + plan_words(part.plan);
        tooltip("Sends, largest first", {}, each);
    }
    const std::string cost = cost_words(view);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - ImGui::CalcTextSize(cost.c_str()).x);
    text(cost, colors().text);
    name_item("request.cost");
    if (!options && view.plan.size() > 1) draw_parts(view, out);
    draw_crop_by_hand(view, out);
    draw_plan_notes(view);
}

// The start of a long reason, cut between words; all of it is in the tooltip.
std::string shortened(const std::string& words) {
    constexpr std::size_t kMost = 120;
    if (words.size() <= kMost) return words;
    // At the end of a sentence or a part of one, else between words.
    for (const char* end : {". ", ": ", "; ", " "}) {
        const auto at = words.rfind(end, kMost);
        if (at != std::string::npos && at > kMost / 3) return words.substr(0, at) + " …";
    }
    return words.substr(0, kMost) + " …";
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
        icon_text(icons::kInfo, reason, colors().text_second, colors().text_second, true);
        name_item("request.reason");
        if (reason != view.cannot_run) tooltip("Why it cannot run", {}, view.cannot_run);
    }
}

} // namespace

std::string plan_words(const edit::CropPlan& plan) {
    const std::string ratio = plan.scale == 1 ? "1:1" : fmt::format("{:.0f} %", 100 * plan.scale);
    return fmt::format("{} × {} px, {}", plan.request_size.width, plan.request_size.height, ratio);
}

void draw_request_panel(const SessionView& view, RequestPanelState& state, session::Actions& out) {
    heading("Request");
    draw_prompt_buttons(view, state, out);
    draw_prompt(view, state, out);
    draw_prompt_steps(view, out);
    draw_model(view, out);
    draw_abilities(view);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - px(132));
    draw_options(view, state, out);
    draw_service(view, state.service, out);
    draw_markup_use(view, out);
    draw_plan(view, state.show_options, out);
    draw_run(view);
}

} // namespace mw::ui
