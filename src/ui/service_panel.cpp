#include "ui/service_panel.h"

#include <fmt/format.h>
#include <imgui.h>
#include <string.h>

#include <algorithm>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::RequestSettings;
using session::SessionView;

constexpr int kDraftCandidates = 4;

bool has_effort(const edit::ModelCapabilities& model) {
    const auto has = [&](const char* quality) {
        return std::ranges::find(model.qualities, quality) != model.qualities.end();
    };
    return has("low") && has("high");
}

const edit::ModelCapabilities* chosen(const SessionView& view) {
    for (const auto& m : view.models)
        if (m.provider == view.request.provider && m.id == view.request.model) return &m;
    return nullptr;
}

// A choice among the model's own words; "" is its own default.
void draw_choice(const char* name, const char* label, const std::vector<std::string>& known,
                 std::string& value) {
    if (known.empty()) return;
    label_left(label, 88);
    if (!begin_combo(name, value.empty() ? "model's choice" : value)) return;
    int index = 0;
    const auto row = [&](const std::string& word, const std::string& shown) {
        ImGui::PushID(index++);
        if (ImGui::Selectable("##v", word == value, 0, {0, px(24)})) value = word;
        name_item(fmt::format("{}.{}", name, word.empty() ? "auto" : word));
        ImGui::SameLine(px(8));
        text(shown);
        ImGui::PopID();
    };
    row("", "model's choice");
    for (const std::string& word : known)
        if (word != "auto") row(word, word);
    ImGui::EndPopup();
}

void close_key_popup(ServicePanelState& state) {
    ::explicit_bzero(state.typed.data(), state.typed.size());
    state.problem.clear();
    state.popup_open = false;
}

void save_key(const SessionView& view, ServicePanelState& state, session::Actions& out) {
    std::string key(state.typed.data());
    while (!key.empty() && (key.back() == ' ' || key.back() == '\n'))
        key.pop_back();
    state.problem = key.empty() ? "Paste the key first."
                    : state.set_key
                        ? state.set_key(view.request.provider, std::move(key), state.in_keyring)
                        : "Keys cannot be kept here.";
    out.push_back(session::ServicesChanged{});
    if (!state.problem.empty()) return;
    close_key_popup(state);
    ImGui::CloseCurrentPopup();
}

void draw_key_popup(const SessionView& view, ServicePanelState& state, session::Actions& out) {
    ImGui::SetNextWindowPos({ImGui::GetWindowPos().x - px(8), ImGui::GetItemRectMin().y},
                            ImGuiCond_Always, {1, 0});
    ImGui::SetNextWindowSize({px(380), 0});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(16, 14));
    if (ImGui::BeginPopup("service key")) {
        state.popup_open = true;
        text("Key for " + view.service.origin, colors().text, look().fonts.semibold);
        gap(4);
        ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
        if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
        const bool enter =
            ImGui::InputText("##key", state.typed.data(), state.typed.size(),
                             ImGuiInputTextFlags_Password | ImGuiInputTextFlags_EnterReturnsTrue |
                                 ImGuiInputTextFlags_NoUndoRedo);
        name_item("key.field");
        gap(4);
        toggle("key.keyring", "Keep it in the desktop's keyring", state.in_keyring);
        text_wrapped(state.in_keyring ? "Every program of this session can read the keyring."
                                      : "Else it is forgotten when the window closes.",
                     colors().text_second);
        if (!state.problem.empty()) text_wrapped(state.problem, colors().error);
        gap(6);
        if (button("key.save", "Use this key", {.kind = ButtonKind::primary}) || enter)
            save_key(view, state, out);
        ImGui::SameLine(0, px(8));
        if (button("key.cancel", "Cancel", {.kind = ButtonKind::quiet})) {
            close_key_popup(state);
            ImGui::CloseCurrentPopup();
        }
        ImGui::EndPopup();
    } else if (state.popup_open) {
        close_key_popup(state);
    }
    ImGui::PopStyleVar();
}

void draw_key(const SessionView& view, ServicePanelState& state, session::Actions& out) {
    const session::ServiceInfo& service = view.service;
    const std::string words = service.has_key     ? "Key from " + service.key_from
                              : service.needs_key ? "No key given yet"
                                                  : "Answers without a key";
    const bool missing = !service.has_key && service.needs_key;
    icon_text(missing ? icons::kLockOpen : icons::kLock, words,
              missing ? colors().warning : colors().text_second,
              missing ? colors().text : colors().text_second);
    name_item("service.key");
    tooltip(service.origin, {},
            missing ? "The desktop's keyring is asked when the request runs."
                    : "The key goes to this address alone, never into projects, logs or errors.");
    const float width = px(96);
    ImGui::SameLine(ImGui::GetContentRegionMax().x - width);
    gap(-4);
    if (button("service.enter_key", service.has_key ? "Another" : "Enter key",
               {.kind = ButtonKind::quiet, .width = width, .height = px(24)}))
        ImGui::OpenPopup("service key");
    draw_key_popup(view, state, out);
}

void draw_effort(const edit::ModelCapabilities& model, RequestSettings& next) {
    if (!has_effort(model)) return;
    label_left("Effort", 88);
    const Effort now = effort_of(model, next);
    const int most = std::min(kDraftCandidates, model.max_count);
    const std::string draft =
        fmt::format("Low quality, {} candidates: to find words, mask and crop.", most);
    const auto chosen = choices({{.name = "request.draft",
                                  .icon = nullptr,
                                  .label = "Draft",
                                  .key = nullptr,
                                  .detail = draft.c_str()},
                                 {.name = "request.final",
                                  .icon = nullptr,
                                  .label = "Final",
                                  .key = nullptr,
                                  .detail = "High quality, one candidate, with the same words, "
                                            "mask and crop."}},
                                now == Effort::draft    ? 0
                                : now == Effort::final_ ? 1
                                                        : -1);
    if (chosen) set_effort(*chosen == 0 ? Effort::draft : Effort::final_, model, next);
}

// Of a reference, in a square of `side`.
void draw_small(const edit::Reference& reference, ServicePanelState& state, float side) {
    const ImVec2 at = ImGui::GetCursorScreenPos(), end{at.x + side, at.y + side};
    ImGui::Dummy({side, side});
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, end, colors().field, px(4));
    if (!reference.small || !look().make_texture) return;
    ImTextureID& texture = state.pictures[reference.small];
    if (texture == nullptr) texture = look().make_texture(*reference.small);
    const auto w = static_cast<float>(reference.small->width());
    const auto h = static_cast<float>(reference.small->height());
    const float u = std::min(1.0f, h / w) / 2, v = std::min(1.0f, w / h) / 2;
    list->AddImageRounded(texture, at, end, {0.5f - u, 0.5f - v}, {0.5f + u, 0.5f + v},
                          IM_COL32_WHITE, px(4));
}

void draw_references(const SessionView& view, const edit::ModelCapabilities& model,
                     ServicePanelState& state, session::Actions& out) {
    if (model.max_references < 1) return;
    std::size_t index = 0;
    for (const edit::Reference& reference : view.request.references) {
        ImGui::PushID(static_cast<int>(index));
        constexpr float kSide = 44;
        const ImVec2 row = ImGui::GetCursorPos();
        draw_small(reference, state, px(kSide));
        ImGui::SetCursorPos({row.x + px(kSide + 8), row.y + px(4)});
        text_cut(shown_name(reference.name),
                 ImGui::GetContentRegionMax().x - row.x - px(kSide + 44));
        name_item(fmt::format("reference.{}", index));
        ImGui::SetCursorPos({row.x + px(kSide + 8), row.y + px(23)});
        text(fmt::format("{} × {}", reference.size.width, reference.size.height),
             colors().text_second, look().fonts.small);
        ImGui::SetCursorPos({ImGui::GetContentRegionMax().x - px(24), row.y + px(10)});
        if (icon_button("reference.remove", icons::kClose, false, true, 24))
            out.push_back(session::RemoveReference{index});
        name_item(fmt::format("reference.{}.remove", index));
        tooltip("Remove the reference");
        ImGui::SetCursorPos({row.x, row.y + px(kSide + 6)});
        ImGui::PopID();
        ++index;
    }
    if (button("reference.add", "Add a reference picture",
               {.kind = ButtonKind::quiet, .icon = icons::kAdd, .height = px(24)}))
        state.add_reference = true;
    tooltip("A picture for the model to go by", {},
            "Only its pixels are sent: no place, no camera, no name.");
}

// What is said with a service that remembers: the turns so far, and a way to begin anew.
void draw_conversation(const SessionView& view, ServicePanelState& state, session::Actions& out) {
    const session::ConversationView& talk = view.conversation;
    if (talk.turns.empty()) {
        icon_text(icons::kHistory, "A conversation begins with this request", colors().text_second,
                  colors().text_second);
        name_item("service.conversation");
    } else {
        const std::string words = talk.anew
                                      ? std::string("The next request begins a conversation")
                                      : fmt::format("Goes on from {} turn{}", talk.turns.size(),
                                                    talk.turns.size() == 1 ? "" : "s");
        fold("service.turns", words, state.turns_open);
        int number = 0;
        for (const session::Turn& turn : talk.turns) {
            if (!state.turns_open) break;
            ++number;
            text_wrapped(fmt::format("{}. {}", number, turn.asked),
                         talk.anew ? colors().text_off : colors().text);
            name_item(fmt::format("service.turn.{}", number));
            if (!turn.understood.empty() && turn.understood != turn.asked)
                text_wrapped("Understood as: " + turn.understood, colors().text_second,
                             look().fonts.small);
        }
        if (button("service.anew", talk.anew ? "Go on after all" : "Begin a new conversation",
                   {.kind = ButtonKind::quiet,
                    .icon = talk.anew ? icons::kHistory : icons::kAdd,
                    .height = px(24)}))
            out.push_back(session::BeginConversation{!talk.anew});
        tooltip(talk.anew ? "Go on after all" : "Begin a new conversation", {},
                "The service forgets what was said before; the picture goes along either way.");
    }
    text_wrapped("Works on in the background: a cut line is picked up again, and Cancel stops it.",
                 colors().text_second, look().fonts.small);
}

// Plain requests are lost with their line; long ones had better go where they can be picked up.
void draw_recoverable(const SessionView& view, const edit::ModelCapabilities& model,
                      session::Actions& out) {
    if (model.converses || model.can_stop || view.plan.empty()) return;
    const edit::ModelCapabilities* other = nullptr;
    for (const auto& m : view.models)
        if (m.converses && m.id == model.id && m.provider.starts_with(model.provider)) other = &m;
    const std::string& q = view.request.quality;
    const bool slow = q == "high" || q == "xhigh" || q == "max" ||
                      view.plan.front().plan.request_size.area() > 2'500'000;
    if (other == nullptr || !slow) return;
    icon_text(icons::kTimer, "May take minutes, and is lost with its line but paid all the same.",
              colors().warning, colors().text_second, true);
    name_item("service.long");
    if (button("service.recoverable", "Send so that it can be picked up",
               {.kind = ButtonKind::quiet, .icon = icons::kHistory, .height = px(24)})) {
        RequestSettings next = view.request;
        next.provider = other->provider;
        next.model = other->id;
        out.push_back(session::SetRequest{next});
    }
    tooltip(other->label, {},
            "Over the Responses API: it goes on when the line is cut, and can be stopped. A text "
            "model may reword the prompt, and is billed on top.");
}

void draw_spending(const SessionView& view) {
    const session::ServiceInfo& s = view.service;
    if (s.spent_usd <= 0 && s.uncertain_usd <= 0 && !s.budget_usd) return;
    std::string words = fmt::format("Today ${:.2f}", s.spent_usd);
    if (s.uncertain_usd > 0) words += fmt::format(", ${:.2f} uncertain", s.uncertain_usd);
    if (s.project_usd > 0 && s.project_usd < s.spent_usd)
        words += fmt::format(" (this picture ${:.2f})", s.project_usd);
    if (s.budget_usd) words += fmt::format(" of ${:.2f}", *s.budget_usd);
    text(words, colors().text_second, look().fonts.small);
    name_item("service.spent");
}

} // namespace

Effort effort_of(const edit::ModelCapabilities& model, const RequestSettings& settings) {
    if (settings.quality == "low" && settings.count == std::min(kDraftCandidates, model.max_count))
        return Effort::draft;
    return settings.quality == "high" && settings.count == 1 ? Effort::final_ : Effort::other;
}

void set_effort(Effort effort, const edit::ModelCapabilities& model, RequestSettings& settings) {
    if (effort == Effort::other || !has_effort(model)) return;
    const bool draft = effort == Effort::draft;
    settings.quality = draft ? "low" : "high";
    settings.count = draft ? std::min(kDraftCandidates, model.max_count) : 1;
}

void drop_pictures(ServicePanelState& state) {
    for (const auto& [picture, texture] : state.pictures)
        if (look().drop_texture && texture != nullptr) look().drop_texture(texture);
    state.pictures.clear();
}

void draw_service(const SessionView& view, ServicePanelState& state, session::Actions& out) {
    const edit::ModelCapabilities* model = chosen(view);
    if (model == nullptr || model->free) return;
    if (!view.model_warning.empty()) {
        icon_text(icons::kWarning, view.model_warning, colors().warning, colors().text, true);
        name_item("service.warning");
    }
    RequestSettings next = view.request;
    draw_effort(*model, next);
    draw_choice("request.quality", "Quality", model->qualities, next.quality);
    draw_choice("request.complexity", "Thinking", model->complexities, next.complexity);
    draw_size(*model, state.size, next.size);
    if (!(next == view.request)) out.push_back(session::SetRequest{next});
    if (model->converses) draw_conversation(view, state, out);
    draw_recoverable(view, *model, out);
    draw_references(view, *model, state, out);
    draw_key(view, state, out);
    draw_spending(view);
}

void draw_parameters(const edit::ModelCapabilities& model, RequestSettings& next) {
    draw_choice("request.background", "Background", model.backgrounds, next.background);
    draw_choice("request.fidelity", "Fidelity", model.input_fidelities, next.input_fidelity);
    draw_choice("request.format", "Format", model.formats, next.format);
    if (next.format == "jpeg" || next.format == "webp") {
        float percent = static_cast<float>(next.compression.value_or(100));
        if (slider("request.compression", "Kept of it", percent, 0, 100, {.format = "%.0f %%"}))
            next.compression = static_cast<int>(percent);
        tooltip("Compression of the answer", {}, "100 keeps the most. PNG loses nothing.");
    }
    if (model.max_partials < 1) return;
    float partials = static_cast<float>(next.partials);
    if (slider("request.partials", "Previews", partials, 0, static_cast<float>(model.max_partials)))
        next.partials = static_cast<int>(partials + 0.5f);
    tooltip("Pictures while it works", {},
            "Each is paid for on top, and keeps the line alive. They come where one candidate is "
            "asked for.");
}

} // namespace mw::ui
