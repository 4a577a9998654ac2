#include "ui/service_panel.h"

#include <fmt/format.h>
#include <imgui.h>
#include <string.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::RequestSettings;
using session::SessionView;

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
        text("Key for " + view.service.origin, palette::kText, look().fonts.semibold);
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
                     palette::kTextSecond);
        if (!state.problem.empty()) text_wrapped(state.problem, palette::kError);
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
              missing ? palette::kWarning : palette::kTextSecond,
              missing ? palette::kText : palette::kTextSecond);
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

void draw_references(const SessionView& view, const edit::ModelCapabilities& model,
                     ServicePanelState& state, session::Actions& out) {
    if (model.max_references < 1) return;
    std::size_t index = 0;
    for (const edit::Reference& reference : view.request.references) {
        ImGui::PushID(static_cast<int>(index));
        icon_text(icons::kImage, "", palette::kTextSecond);
        ImGui::SameLine(0, px(6));
        text_cut(shown_name(reference.name), ImGui::GetContentRegionAvail().x - px(36));
        name_item(fmt::format("reference.{}", index));
        ImGui::SameLine(ImGui::GetContentRegionMax().x - px(24));
        gap(-4);
        if (icon_button("reference.remove", icons::kClose, false, true, 24))
            out.push_back(session::RemoveReference{index});
        name_item(fmt::format("reference.{}.remove", index));
        tooltip("Remove the reference");
        ImGui::PopID();
        ++index;
    }
    if (button("reference.add", "Add a reference picture",
               {.kind = ButtonKind::quiet, .icon = icons::kAdd, .height = px(24)}))
        state.add_reference = true;
    tooltip("A picture for the model to go by", {},
            "Only its pixels are sent: no place, no camera, no name.");
}

void draw_spending(const SessionView& view) {
    const session::ServiceInfo& s = view.service;
    if (s.spent_usd <= 0 && s.uncertain_usd <= 0 && !s.budget_usd) return;
    std::string words = fmt::format("Today ${:.2f}", s.spent_usd);
    if (s.uncertain_usd > 0) words += fmt::format(", ${:.2f} uncertain", s.uncertain_usd);
    if (s.budget_usd) words += fmt::format(" of ${:.2f}", *s.budget_usd);
    text(words, palette::kTextSecond, look().fonts.small);
    name_item("service.spent");
}

} // namespace

void draw_service(const SessionView& view, ServicePanelState& state, session::Actions& out) {
    const edit::ModelCapabilities* model = chosen(view);
    if (model == nullptr || model->free) return;
    if (!view.model_warning.empty()) {
        icon_text(icons::kWarning, view.model_warning, palette::kWarning, palette::kText, true);
        name_item("service.warning");
    }
    RequestSettings next = view.request;
    draw_choice("request.quality", "Quality", model->qualities, next.quality);
    draw_choice("request.complexity", "Thinking", model->complexities, next.complexity);
    if (!(next == view.request)) out.push_back(session::SetRequest{next});
    draw_references(view, *model, state, out);
    draw_key(view, state, out);
    draw_spending(view);
}

} // namespace mw::ui
