#include "ui/history_rows.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <chrono>
#include <cmath>
#include <ctime>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using project::Iteration;
using project::IterationId;
using project::Standing;
using session::HistoryRow;
using session::SessionView;

constexpr float kRow = 54, kThumb = 44, kIndent = 14, kArrow = 20;
constexpr int kDeepest = 6; // indents; deeper branches stand under each other

struct Mark {
    const char* icon;
    ImU32 color;
};
Mark mark_of(const SessionView& view, const Iteration& it) {
    if (it.id == view.document->base) return {icons::kCallSplit, colors().accent_line};
    if (it.id == 0) return {icons::kImage, colors().text_second};
    if (it.standing == Standing::accepted) return {icons::kCheckCircle, colors().good};
    if (it.standing == Standing::rejected) return {icons::kCancel, colors().text_second};
    return {icons::kAutoAwesome, colors().text};
}

std::string title_of(const Iteration& it) {
    if (!it.marks.name.empty()) return shown_name(it.marks.name);
    return it.id == 0 ? std::string("Original") : fmt::format("Result {}", it.id);
}

std::string words_of(const SessionView& view, const Iteration& it) {
    if (it.id == 0) return shown_name(view.document->path.filename().native());
    if (!it.prompt.empty()) return shown_name(it.prompt);
    return shown_name(it.what_was_done);
}

std::int64_t now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

void draw_thumb(const SessionView& view, HistoryState& state, const ImRect& box, IterationId id) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(box.Min, box.Max, colors().field, px(3));
    const float density = ImGui::GetIO().DisplayFramebufferScale.x;
    const Thumbnail* t = thumbnail(view, state.thumbnails, id,
                                   static_cast<int>(std::lround(box.GetWidth() * density)));
    if (t == nullptr || t->texture == nullptr) return;
    const ImVec2 size{static_cast<float>(t->size.width) / density,
                      static_cast<float>(t->size.height) / density};
    // Whole, in the middle: what was changed should be recognised by its shape too.
    const float fit = std::min(box.GetWidth() / size.x, box.GetHeight() / size.y);
    const ImVec2 half{size.x * fit / 2, size.y * fit / 2}, middle = box.GetCenter();
    list->AddImageRounded(t->texture, {middle.x - half.x, middle.y - half.y},
                          {middle.x + half.x, middle.y + half.y}, {0, 0}, {1, 1}, IM_COL32_WHITE,
                          px(3));
}

// One line that ends at `right`, with an ellipsis where it is cut.
void line(ImVec2 at, float right, const std::string& words, ImFont* font, ImU32 color) {
    ImGui::PushFont(font);
    ImGui::PushStyleColor(ImGuiCol_Text, color);
    ImGui::RenderTextEllipsis(ImGui::GetWindowDrawList(), at,
                              {right, at.y + font->FontSize + px(4)}, right, right, words.c_str(),
                              words.c_str() + words.size(), nullptr);
    ImGui::PopStyleColor();
    ImGui::PopFont();
}

float right_words(ImVec2 end, const std::string& words) {
    ImFont* font = look().fonts.small;
    const float width = font->CalcTextSizeA(font->FontSize, 1e9f, 0, words.c_str()).x;
    ImGui::GetWindowDrawList()->AddText(font, font->FontSize, {end.x - width, end.y},
                                        colors().text_second, words.c_str());
    return words.empty() ? 0 : width + px(6);
}

void row_menu(const SessionView& view, HistoryState& state, const Iteration& it,
              session::Actions& out) {
    if (!ImGui::BeginPopupContextItem("##menu")) return;
    const auto item = [](const char* name, const char* words, bool on = true) {
        const bool pressed = ImGui::MenuItem(words, nullptr, false, on);
        name_item(name);
        return pressed;
    };
    if (state.trash) {
        if (item("history.menu.restore", "Take out of the trash"))
            out.push_back(session::RestoreIteration{it.id});
        return ImGui::EndPopup();
    }
    if (item("history.menu.a", "Make it A")) compare_with(view, it.id, false, out);
    if (item("history.menu.b", "Make it B")) compare_with(view, it.id, true, out);
    ImGui::Separator();
    if (item("history.menu.star", it.marks.starred ? "Take the star off" : "Star"))
        out.push_back(session::MarkIteration{it.id, !it.marks.starred, {}, {}, {}});
    if (item("history.menu.name", "Name and note")) {
        state.writing = it.id;
        state.name = it.marks.name;
        state.note = it.marks.note;
        state.focus_name = true;
    }
    if (!view.document->tree.children(it.id).empty() &&
        item("history.menu.fold", it.marks.collapsed ? "Unfold" : "Fold away what follows"))
        out.push_back(session::MarkIteration{it.id, {}, !it.marks.collapsed, {}, {}});
    ImGui::Separator();
    if (item("history.menu.prune", "Move to the trash", it.id != 0))
        out.push_back(session::PruneIteration{it.id});
    ImGui::EndPopup();
}

// The arrow before a line whose branch folds.
void draw_fold(const HistoryRow& row, const Iteration& it, ImVec2 at, session::Actions& out) {
    if (!row.foldable) return;
    ImGui::SetCursorScreenPos({at.x, at.y + px((kRow - kArrow) / 2)});
    if (icon_button(fmt::format("history.fold.{}", it.id).c_str(),
                    it.marks.collapsed ? icons::kChevronRight : icons::kExpandMore, false, true,
                    kArrow))
        out.push_back(session::MarkIteration{it.id, {}, !it.marks.collapsed, {}, {}});
}

void draw_row(const SessionView& view, HistoryState& state, const HistoryRow& row, float width,
              session::Actions& out) {
    const Iteration& it = view.document->tree.at(row.id);
    const Fonts& fonts = look().fonts;
    ImGui::PushID(row.id);
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 at = window->DC.CursorPos;
    const float indent = px(kIndent * static_cast<float>(std::min(row.depth, kDeepest)));
    draw_fold(row, it, {at.x + indent, at.y}, out);
    const ImRect box({at.x + indent + px(kArrow + 2), at.y}, {at.x + width, at.y + px(kRow - 2)});
    window->DC.CursorPos = box.Min;
    ImGui::ItemSize(box);
    const ImGuiID item = window->GetID("row");
    bool hovered = false, held = false;
    const bool pressed =
        ImGui::ItemAdd(box, item) && ImGui::ButtonBehavior(box, item, &hovered, &held);
    name_item(fmt::format("history.{}", row.id));
    if (pressed && state.trash) out.push_back(session::RestoreIteration{row.id});
    if (pressed && !state.trash) out.push_back(session::ShowIteration{row.id});
    const bool shown = row.id == view.document->shown;
    ImDrawList* list = ImGui::GetWindowDrawList();
    if (shown || hovered)
        list->AddRectFilled(box.Min, box.Max, shown ? colors().raised : colors().card, px(4));
    if (shown)
        list->AddRectFilled(box.Min, {box.Min.x + px(3), box.Max.y}, colors().accent_line, px(2));
    ImGui::RenderNavHighlight(box, item);

    const ImVec2 corner{box.Min.x + px(7), box.Min.y + px(4)};
    draw_thumb(view, state, {corner, {corner.x + px(kThumb), corner.y + px(kThumb)}}, row.id);
    const float left = corner.x + px(kThumb + 8), right = box.Max.x - px(6);
    const float top = box.Min.y + px(7), bottom = box.Min.y + px(28);
    const float time = right_words({right, top + px(1)}, time_words(it.created_ms, now_ms()));
    std::string cost;
    if (const auto usd = it.cost.actual_usd ? it.cost.actual_usd : it.cost.estimate_usd;
        usd && *usd > 0)
        cost = fmt::format("${:.3f}", *usd);
    if (row.hidden > 0) cost = fmt::format("+{}{}{}", row.hidden, cost.empty() ? "" : "  ", cost);
    using Kind = session::CompareSource::Kind;
    const bool is_a = view.compare.a == session::CompareSource{Kind::iteration, it.id};
    const bool is_b = view.compare.b == session::CompareSource{Kind::iteration, it.id};
    if (is_a || is_b)
        cost = fmt::format("{}{}{}{}", cost, cost.empty() ? "" : "  ", is_a ? "A" : "",
                           is_b ? "B" : "");
    const float money = right_words({right, bottom + px(1)}, cost);
    const Mark mark = mark_of(view, it);
    list->AddText(fonts.icons_small, fonts.icons_small->FontSize, {left - px(1), top}, mark.color,
                  mark.icon);
    float title = left + px(19);
    if (it.marks.starred) {
        list->AddText(fonts.icons_small, fonts.icons_small->FontSize, {title - px(1), top},
                      colors().warning, icons::kStar);
        title += px(18);
    }
    line({title, top}, right - time, title_of(it), fonts.medium, colors().text);
    line({left, bottom}, right - money, words_of(view, it), fonts.small, colors().text_second);
    std::string detail = it.marks.note.empty() ? it.prompt : it.marks.note + "\n" + it.prompt;
    tooltip(title_of(it), {}, state.trash ? "Press to take it out of the trash." : detail);
    row_menu(view, state, it, out);
    ImGui::PopID();
}

} // namespace

std::string time_words(std::int64_t created_ms, std::int64_t now) {
    if (created_ms == 0) return {};
    const auto local = [](std::int64_t ms) {
        const auto seconds = static_cast<std::time_t>(ms / 1000);
        std::tm out{};
        localtime_r(&seconds, &out);
        return out;
    };
    const std::tm then = local(created_ms), today = local(now);
    const bool same = then.tm_year == today.tm_year && then.tm_yday == today.tm_yday;
    if (same) return fmt::format("{:02}:{:02}", then.tm_hour, then.tm_min);
    constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (then.tm_year == today.tm_year)
        return fmt::format("{} {}", then.tm_mday, kMonths[then.tm_mon]);
    return fmt::format("{} {}", kMonths[then.tm_mon], 1900 + then.tm_year);
}

void draw_history_rows(const SessionView& view, HistoryState& state,
                       const std::vector<HistoryRow>& rows, session::Actions& out) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
    const float height = px(kRow), width = ImGui::GetContentRegionAvail().x;
    const ImVec2 origin = ImGui::GetCursorPos();
    // What is shown comes into sight when it changed, whoever changed it.
    if (!state.trash && state.scrolled_to != view.document->shown) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i].id != view.document->shown) continue;
            const float y = static_cast<float>(i) * height, seen = ImGui::GetScrollY();
            const float room = ImGui::GetWindowHeight();
            if (y < seen || y + height > seen + room)
                ImGui::SetScrollY(std::max(0.0f, y - (room - height) / 2));
        }
        state.scrolled_to = view.document->shown;
    }
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(rows.size()), height);
    while (clipper.Step())
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            ImGui::SetCursorPos({origin.x, origin.y + static_cast<float>(i) * height});
            draw_row(view, state, rows[static_cast<std::size_t>(i)], width, out);
        }
    ImGui::PopStyleVar();
}

} // namespace mw::ui
