#include "ui/notices.h"

#include <fmt/format.h>
#include <imgui.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using session::Notice;
using session::Severity;

constexpr double kNewsSeconds = 8;

void draw_notice(const Notice& notice, const std::function<void(std::uint64_t)>& act,
                 session::Actions& out) {
    const bool news = notice.severity == Severity::info;
    const char* icon = news                                   ? icons::kInfo
                       : notice.severity == Severity::warning ? icons::kWarning
                                                              : icons::kError;
    const ImU32 color = news                                   ? colors().accent_line
                        : notice.severity == Severity::warning ? colors().warning
                                                               : colors().error;
    const float right = ImGui::GetContentRegionMax().x;
    const ImVec2 start = ImGui::GetCursorPos();
    ImGui::PushTextWrapPos(right - px(32));
    ImGui::SetCursorPosY(start.y + px(1));
    icon_text(icon, "", color);
    ImGui::SetCursorPos({start.x + px(24), start.y});
    text(notice.text);
    name_item(fmt::format("notice.{}", notice.id));
    ImGui::PopTextWrapPos();
    const float end = ImGui::GetCursorPosY();
    ImGui::SetCursorPos({right - px(24), start.y - px(4)});
    if (icon_button("notice.dismiss", icons::kClose, false, true, 24))
        out.push_back(session::DismissNotice{notice.id});
    name_item(fmt::format("notice.{}.dismiss", notice.id));
    tooltip("Dismiss");
    ImGui::SetCursorPos({start.x + px(24), end});
    if (notice.action_label) {
        if (button("notice.action", *notice.action_label)) act(notice.id);
        name_item(fmt::format("notice.{}.action", notice.id));
    }
}

} // namespace

void draw_notices(const session::SessionView& view, NoticesState& state, const Rect& canvas_window,
                  const std::function<void(std::uint64_t)>& act, session::Actions& out) {
    const double now = ImGui::GetTime();
    std::erase_if(state.first_seen, [&](const auto& seen) {
        for (const Notice& n : view.notices)
            if (n.id == seen.first) return false;
        return true;
    });
    const float width = std::min(px(440), static_cast<float>(canvas_window.width) - px(32));
    float bottom = static_cast<float>(canvas_window.bottom()) - px(16);
    constexpr std::size_t kMost = 4;
    std::size_t drawn = 0;
    for (auto n = view.notices.rbegin(); n != view.notices.rend() && drawn < kMost; ++n, ++drawn) {
        const double since = now - state.first_seen.try_emplace(n->id, now).first->second;
        if (n->severity == Severity::info && !n->action_label) {
            if (since >= kNewsSeconds) out.push_back(session::DismissNotice{n->id});
            wake_in(std::max(0.05, kNewsSeconds - since));
        }
        ImGui::SetNextWindowPos({static_cast<float>(canvas_window.right()) - px(16), bottom},
                                ImGuiCond_Always, {1, 1});
        ImGui::SetNextWindowSize({width, 0});
        ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(12, 12));
        ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, px(6));
        ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, px(1)));
        const std::string id = fmt::format("##notice{}", n->id);
        ImGui::Begin(id.c_str(), nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                         ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoSavedSettings |
                         ImGuiWindowFlags_AlwaysAutoResize);
        draw_notice(*n, act, out);
        cover_canvas();
        bottom = ImGui::GetWindowPos().y - px(8);
        ImGui::End();
        ImGui::PopStyleVar(3);
    }
}

} // namespace mw::ui
