// Text, icons in text and tooltips.
#include <imgui_internal.h>

#include "ui/widgets.h"

namespace mw::ui {
namespace {

// Length of the valid UTF-8 sequence at the start of `s`, 0 when it is none.
std::size_t sequence_length(std::string_view s) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
    const unsigned char lead = byte(0);
    const std::size_t length = lead < 0x80         ? 1
                               : lead >> 5 == 0x6  ? 2
                               : lead >> 4 == 0xe  ? 3
                               : lead >> 3 == 0x1e ? 4
                                                   : 0;
    if (length == 0 || length > s.size()) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (byte(i) >> 6 != 0x2) return 0;
    }
    return length;
}

} // namespace

std::string shown_name(std::string_view bytes) {
    std::string shown;
    while (!bytes.empty()) {
        const std::size_t length = sequence_length(bytes);
        const auto lead = static_cast<unsigned char>(bytes[0]);
        // Bidirectional controls could make "gnp.exe" of "exe.png".
        const bool bidi = length == 3 && (bytes.substr(0, 2) == "\xe2\x80" &&
                                          static_cast<unsigned char>(bytes[2]) >= 0xaa &&
                                          static_cast<unsigned char>(bytes[2]) <= 0xae);
        if (length == 0 || lead < 0x20 || lead == 0x7f || bidi)
            shown += "\xef\xbf\xbd";
        else
            shown += bytes.substr(0, length);
        bytes.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

void text(std::string_view words, ImU32 color, ImFont* font) {
    ImGui::PushFont(font != nullptr ? font : look().fonts.regular);
    ImGui::PushStyleColor(ImGuiCol_Text, color);
    ImGui::TextUnformatted(words.data(), words.data() + words.size());
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

void text_wrapped(std::string_view words, ImU32 color, ImFont* font) {
    ImGui::PushTextWrapPos(0);
    text(words, color, font);
    ImGui::PopTextWrapPos();
}

void text_cut(std::string_view words, float width, ImU32 color, ImFont* font) {
    ImGui::PushFont(font != nullptr ? font : look().fonts.regular);
    const char* end = words.data() + words.size();
    const ImVec2 whole = ImGui::CalcTextSize(words.data(), end);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 size{std::min(width, whole.x), whole.y};
    ImGui::Dummy(size);
    ImGui::PushStyleColor(ImGuiCol_Text, color);
    ImGui::RenderTextEllipsis(ImGui::GetWindowDrawList(), at, {at.x + width, at.y + size.y},
                              at.x + width, at.x + width, words.data(), end, &whole);
    ImGui::PopStyleColor();
    ImGui::PopFont();
    if (whole.x > width) tooltip(words);
}

void icon_text(const char* icon, std::string_view words, ImU32 icon_color, ImU32 color,
               bool wrapped) {
    ImGui::PushFont(look().fonts.icons_small);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddText({at.x, at.y - px(1)}, icon_color, icon);
    ImGui::PopFont();
    ImGui::SetCursorScreenPos({at.x + px(24), at.y});
    if (wrapped)
        text_wrapped(words, color);
    else
        text(words, color);
}

void tooltip(std::string_view title, std::string_view key, std::string_view detail) {
    constexpr auto kAny = ImGuiHoveredFlags_AllowWhenDisabled;
    if (ImGui::IsItemActive()) return; // what is being pulled explains itself
    if (!ImGui::IsItemHovered(ImGuiHoveredFlags_ForTooltip | kAny)) {
        // Nothing else may draw the frame in which the delay is over.
        if (ImGui::IsItemHovered(kAny)) wake_in(0.15);
        return;
    }
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, px(10, 8));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, px(4));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, px(1)));
    if (ImGui::BeginTooltip()) {
        ImGui::PushTextWrapPos(px(360));
        text(title, colors().text);
        if (!key.empty()) {
            ImGui::SameLine(0, px(10));
            text(key, colors().text_second);
        }
        if (!detail.empty()) text(detail, colors().text_second, look().fonts.small);
        ImGui::PopTextWrapPos();
        // Its first frames are hidden while it finds its size.
        const ImGuiWindow* window = ImGui::GetCurrentWindow();
        if (window->Hidden || window->Appearing) wake_in(0);
        ImGui::EndTooltip();
    }
    ImGui::PopStyleVar(3);
}

void tooltip(Command command, std::string_view detail) {
    tooltip(info(command).name, first_key(command), detail);
}

void key_cap(std::string_view words) {
    ImGui::PushFont(look().fonts.small);
    const ImVec2 size = ImGui::CalcTextSize(words.data(), words.data() + words.size());
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const ImVec2 outer{size.x + px(12), px(20)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, {at.x + outer.x, at.y + outer.y}, colors().raised, px(4));
    list->AddText({at.x + px(6), at.y + std::floor((outer.y - size.y) / 2)}, colors().text,
                  words.data(), words.data() + words.size());
    ImGui::PopFont();
    ImGui::Dummy(outer);
}

} // namespace mw::ui
