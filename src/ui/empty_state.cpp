#include "ui/empty_state.h"

#include <fmt/format.h>
#include <imgui.h>

#include <cmath>

#include "embedded/icons.h"
#include "session/recent_files.h"
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
    list->AddText(f.icons, f.icons->FontSize, {at.x, at.y + px(6)}, colors().accent_line, icon);
    const std::string head = fmt::format("{}  {}", number, title);
    list->AddText(f.medium, f.medium->FontSize, {at.x + px(36), at.y}, colors().text, head.c_str());
    list->AddText(f.small, f.small->FontSize, {at.x + px(36), at.y + px(19)}, colors().text_second,
                  words);
    ImGui::Dummy({px(1), px(44)});
}

constexpr std::size_t kMostRecent = 6;
constexpr float kCard = 166, kCardPicture = 96, kCardHeight = 142;

ImTextureID picture_of(const session::SessionView& view, EmptyState& state,
                       const std::filesystem::path& file, Size& size) {
    const auto read = view.recent_pictures.find(file);
    if (read == view.recent_pictures.end() || !look().make_texture) return nullptr;
    size = read->second->size();
    const auto [made, fresh] = state.pictures.try_emplace(file, nullptr);
    if (fresh) made->second = look().make_texture(*read->second);
    return made->second;
}

void draw_card(const session::SessionView& view, EmptyState& state, int index,
               session::Actions& out) {
    const std::filesystem::path& file = view.recent_files[static_cast<std::size_t>(index)];
    ImGui::PushID(index);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 end{at.x + px(kCard), at.y + px(kCardHeight)};
    const bool pressed = ImGui::InvisibleButton("##recent", px(kCard, kCardHeight));
    const bool hovered = ImGui::IsItemHovered();
    name_item(fmt::format("recent.{}", index));
    if (pressed) out.push_back(session::OpenFile{file});
    tooltip(shown_name(file.native()));
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, end, hovered ? colors().raised : colors().panel, px(5));
    const ImVec2 corner{end.x, at.y + px(kCardPicture)};
    list->AddRectFilled(at, corner, colors().field, px(5), ImDrawFlags_RoundCornersTop);
    Size size;
    if (const ImTextureID texture = picture_of(view, state, file, size); texture != nullptr) {
        // Fills the place; what sticks out is cut equally on both sides.
        const auto w = static_cast<float>(size.width), h = static_cast<float>(size.height);
        const float fill = std::max(px(kCard) / w, px(kCardPicture) / h);
        const float u = px(kCard) / (w * fill) / 2, v = px(kCardPicture) / (h * fill) / 2;
        list->AddImageRounded(texture, at, corner, {0.5f - u, 0.5f - v}, {0.5f + u, 0.5f + v},
                              IM_COL32_WHITE, px(5), ImDrawFlags_RoundCornersTop);
    }
    if (ImGui::IsItemFocused()) list->AddRect(at, end, colors().accent_line, px(5), 0, px(1.5f));
    const bool unnamed = session::is_unnamed_project(file);
    const float room = px(kCard - 16);
    ImGui::SetCursorScreenPos({at.x + px(8), corner.y + px(6)});
    text_cut(shown_name(session::recent_title(file)), room);
    ImGui::SetCursorScreenPos({at.x + px(8), corner.y + px(25)});
    text_cut(
        unnamed ? std::string("Project without a name") : shown_name(file.parent_path().native()),
        room, colors().text_second, look().fonts.small);
    ImGui::PopID();
}

void draw_recent(const session::SessionView& view, EmptyState& state, float width,
                 session::Actions& out) {
    if (view.recent_files.empty()) return;
    if (state.asked != view.recent_files.size()) {
        state.asked = view.recent_files.size();
        out.push_back(session::ReadRecentPictures{});
    }
    text("Recent", colors().text_second, look().fonts.medium);
    const int columns = std::max(1, static_cast<int>((width + px(11)) / px(kCard + 11)));
    const int count = static_cast<int>(std::min(view.recent_files.size(), kMostRecent));
    const ImVec2 origin = ImGui::GetCursorPos();
    for (int i = 0; i < count; ++i) {
        ImGui::SetCursorPos({origin.x + static_cast<float>(i % columns) * px(kCard + 11),
                             origin.y + static_cast<float>(i / columns) * px(kCardHeight + 11)});
        draw_card(view, state, i, out);
    }
    const int rows = (count + columns - 1) / columns;
    ImGui::SetCursorPos(origin);
    ImGui::Dummy({px(1), static_cast<float>(rows) * px(kCardHeight + 11)});
}

} // namespace

void drop_pictures(EmptyState& state) {
    for (const auto& [file, texture] : state.pictures)
        if (look().drop_texture && texture != nullptr) look().drop_texture(texture);
    state.pictures.clear();
}

void draw_empty_state(const session::SessionView& view, EmptyState& state,
                      const Rect& canvas_window, const std::filesystem::path& sample,
                      session::Actions& out) {
    const ImVec2 min{static_cast<float>(canvas_window.x), static_cast<float>(canvas_window.y)};
    const ImVec2 size{static_cast<float>(canvas_window.width),
                      static_cast<float>(canvas_window.height)};
    ImGui::SetNextWindowPos(min);
    ImGui::SetNextWindowSize(size);
    ImGui::PushStyleColor(ImGuiCol_WindowBg, colors().canvas);
    ImGui::Begin("##empty", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus);
    ImGui::PopStyleColor();
    cover_canvas();
    const float margin = px(24);
    dashed_rect(ImGui::GetWindowDrawList(), {min.x + margin, min.y + margin},
                {min.x + size.x - margin, min.y + size.y - margin}, colors().part_quiet);
    const float column = std::min(px(520), size.x - px(96));
    const std::size_t recent = std::min(view.recent_files.size(), kMostRecent);
    const float rows = std::ceil(static_cast<float>(recent) / 3);
    const float height = px(280.0f + (recent > 0 ? 36 + rows * (kCardHeight + 11) : 0));
    ImGui::SetCursorPos(
        {std::floor((size.x - column) / 2), std::max(px(40), std::floor((size.y - height) / 2))});
    ImGui::BeginChild("##column", {column, size.y - ImGui::GetCursorPosY() - px(32)}, 0,
                      ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NavFlattened);
    text("Drop a picture here", colors().text, look().fonts.title);
    text("PNG, JPEG, WebP and more. Nothing outside what you paint will change.",
         colors().text_second);
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
    draw_recent(view, state, column, out);
    ImGui::EndChild();
    ImGui::End();
}

} // namespace mw::ui
