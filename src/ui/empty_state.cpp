#include "ui/empty_state.h"

#include <fmt/format.h>
#include <imgui.h>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

void dashed_rect(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 color) {
    const float dash = px(8), space = px(6), w = px(1.5f);
    for (float x = a.x; x < b.x; x += dash + space) {
        const float end = std::min(x + dash, b.x);
        list->AddLine({x, a.y}, {end, a.y}, color, w);
        list->AddLine({x, b.y}, {end, b.y}, color, w);
    }
    for (float y = a.y; y < b.y; y += dash + space) {
        const float end = std::min(y + dash, b.y);
        list->AddLine({a.x, y}, {a.x, end}, color, w);
        list->AddLine({b.x, y}, {b.x, end}, color, w);
    }
}

void step(const char* icon, const char* number, const char* title, const char* words) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList* list = ImGui::GetWindowDrawList();
    const Fonts& f = look().fonts;
    list->AddText(f.icons, f.icons->FontSize, {at.x, at.y + px(6)}, palette::kAccentLine, icon);
    const std::string head = fmt::format("{}  {}", number, title);
    list->AddText(f.medium, f.medium->FontSize, {at.x + px(36), at.y}, palette::kText,
                  head.c_str());
    list->AddText(f.small, f.small->FontSize, {at.x + px(36), at.y + px(19)}, palette::kTextSecond,
                  words);
    ImGui::Dummy({px(1), px(44)});
}

void draw_recent(const session::SessionView& view, session::Actions& out) {
    if (view.recent_files.empty()) return;
    text("Recent", palette::kTextSecond, look().fonts.medium);
    int index = 0;
    for (const auto& path : view.recent_files) {
        if (index == 4) break;
        ImGui::PushID(index);
        const ImVec2 at = ImGui::GetCursorPos();
        if (ImGui::Selectable("##recent", false, 0, {ImGui::GetContentRegionAvail().x, px(24)}))
            out.push_back(session::OpenFile{path});
        name_item(fmt::format("recent.{}", index));
        ImGui::SetCursorPos({at.x + px(4), at.y + px(4)});
        text_cut(shown_name(path.filename().native()), px(200));
        ImGui::SameLine(px(220));
        ImGui::SetCursorPosY(at.y + px(5));
        text_cut(shown_name(path.parent_path().native()), ImGui::GetContentRegionAvail().x,
                 palette::kTextSecond, look().fonts.small);
        ImGui::SetCursorPos({at.x, at.y + px(26)});
        ImGui::PopID();
        ++index;
    }
}

} // namespace

void draw_empty_state(const session::SessionView& view, const Rect& canvas_window,
                      const std::filesystem::path& sample, session::Actions& out) {
    const ImVec2 min{static_cast<float>(canvas_window.x), static_cast<float>(canvas_window.y)};
    const ImVec2 size{static_cast<float>(canvas_window.width),
                      static_cast<float>(canvas_window.height)};
    ImGui::SetNextWindowPos(min);
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleColor(ImGuiCol_WindowBg, palette::kCanvas);
    ImGui::Begin("##empty", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus);
    ImGui::PopStyleColor();
    cover_canvas();
    const float margin = px(24);
    dashed_rect(ImGui::GetWindowDrawList(), {min.x + margin, min.y + margin},
                {min.x + size.x - margin, min.y + size.y - margin}, IM_COL32(96, 96, 96, 255));
    const float column = std::min(px(520), size.x - px(96));
    const std::size_t recent = std::min<std::size_t>(view.recent_files.size(), 4);
    const float height = px(280.0f + (recent > 0 ? 36.0f + 34.0f * static_cast<float>(recent) : 0));
    ImGui::SetCursorPos(
        {std::floor((size.x - column) / 2), std::max(px(40), std::floor((size.y - height) / 2))});
    ImGui::BeginChild("##column", {column, 0}, 0, ImGuiWindowFlags_NoScrollbar);
    text("Drop a picture here", palette::kText, look().fonts.title);
    text("PNG, JPEG, WebP and more. Nothing outside what you paint will change.",
         palette::kTextSecond);
    gap(8);
    if (button("empty.open", "Open a picture",
               {.kind = ButtonKind::primary, .icon = icons::kFolderOpen, .height = px(36)}))
        ask(Command::open);
    tooltip(Command::open);
    if (!sample.empty()) {
        ImGui::SameLine();
        if (button("empty.sample", "Open the sample", {.icon = icons::kImage, .height = px(36)}))
            out.push_back(session::OpenFile{sample});
    }
    gap(16);
    step(icons::kBrush, "1", "Paint", "over the thing that should change");
    step(icons::kEdit, "2", "Say", "what should happen, in a few words");
    step(icons::kCompare, "3", "Run and judge",
         "side by side or with a wipe, then accept and export");
    gap(8);
    draw_recent(view, out);
    ImGui::EndChild();
    ImGui::End();
}

} // namespace mw::ui
