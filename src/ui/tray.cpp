#include "ui/tray.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <cmath>

#include "embedded/icons.h"
#include "session/history.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using project::IterationId;
using project::Standing;
using session::SessionView;

constexpr float kBand = 16, kWords = 40, kBetween = 12;

// Window coordinates. Pictures take the height that the panel has.
struct Tile {
    float width, picture;
    float step() const { return width + px(kBetween); }
};
Tile tile_size() {
    constexpr float kAround = 28; // the panel's padding and its bar of scrolling
    const float picture = std::max(px(64), ImGui::GetWindowHeight() - px(kBand + kWords + kAround));
    return {std::floor(picture * 13 / 8), picture};
}

// Parents before children, children side by side: a path reads from left to right. What is
// collapsed in the history is not here either.
std::vector<IterationId> tray_order(const SessionView& view) {
    std::vector<IterationId> order;
    for (const session::HistoryRow& row :
         session::history_rows(view.document->tree, {}, view.original->size()))
        order.push_back(row.id);
    return order;
}

struct Badge {
    const char* icon;
    const char* words;
    ImU32 color;
};
Badge badge_of(const SessionView& view, const project::Iteration& it) {
    if (it.id == view.document->base)
        return {icons::kCallSplit, "next from here", colors().accent_line};
    if (it.id == 0) return {icons::kImage, "", colors().text_second};
    switch (it.standing) {
        case Standing::accepted:
            return {icons::kCheckCircle, "accepted", colors().good};
        case Standing::rejected:
            return {icons::kCancel, "rejected", colors().text_second};
        case Standing::proposed:
            break;
    }
    return {icons::kAutoAwesome, "proposal", colors().text};
}

void draw_picture(const SessionView& view, TrayState& state, const ImRect& box, IterationId id) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(box.Min, box.Max, colors().field, px(4));
    const auto density = ImGui::GetIO().DisplayFramebufferScale.x;
    const int side = static_cast<int>(std::lround(box.GetWidth() * density));
    const Thumbnail* t = thumbnail(view, state.thumbnails, id, side);
    if (t == nullptr || t->texture == nullptr) return;
    ImVec2 size{static_cast<float>(t->size.width) / density,
                static_cast<float>(t->size.height) / density};
    // Fills the tile; what sticks out of it is cut equally on both sides.
    const float fill = std::max(box.GetWidth() / size.x, box.GetHeight() / size.y);
    const float u = std::min(1.0f, box.GetWidth() / (size.x * fill)) / 2;
    const float v = std::min(1.0f, box.GetHeight() / (size.y * fill)) / 2;
    list->AddImageRounded(t->texture, box.Min, box.Max, {0.5f - u, 0.5f - v}, {0.5f + u, 0.5f + v},
                          IM_COL32_WHITE, px(4));
}

// Under the pointer, while it is pulled out of the tray.
void draw_carried(const SessionView& view, TrayState& state, float width, IterationId id) {
    const float density = ImGui::GetIO().DisplayFramebufferScale.x;
    const Thumbnail* t =
        thumbnail(view, state.thumbnails, id, static_cast<int>(std::lround(width * density)));
    if (t == nullptr || t->texture == nullptr) return;
    const auto w = static_cast<float>(t->size.width), h = static_cast<float>(t->size.height);
    const float fit = width / std::max(w, h);
    const ImVec2 at{ImGui::GetIO().MousePos.x + px(12), ImGui::GetIO().MousePos.y + px(12)};
    ImGui::GetForegroundDrawList()->AddImage(t->texture, at, {at.x + w * fit, at.y + h * fit},
                                             {0, 0}, {1, 1}, IM_COL32(255, 255, 255, 200));
}

void draw_tile(const SessionView& view, TrayState& state, const Tile& tile, IterationId id,
               session::Actions& out) {
    const project::Iteration& it = view.document->tree.at(id);
    ImGui::PushID(id);
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 at = window->DC.CursorPos;
    const ImRect box(at, {at.x + tile.width, at.y + tile.picture + px(kWords)});
    ImGui::ItemSize(box);
    const ImGuiID item = window->GetID("tile");
    bool hovered = false, held = false;
    const bool pressed =
        ImGui::ItemAdd(box, item) && ImGui::ButtonBehavior(box, item, &hovered, &held);
    name_item(fmt::format("iteration.{}", id));
    if (pressed) out.push_back(session::ShowIteration{id});
    if (held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, px(12)) && state.dragged != id) {
        state.drag = state.dragged = id; // once, until the button is up
    } else if (!held && state.dragged == id) {
        state.dragged.reset();
    }
    if (held && state.dragged == id) draw_carried(view, state, tile.width, id);

    const bool shown = id == view.document->shown;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImRect picture(at, {box.Max.x, at.y + tile.picture});
    draw_picture(view, state, picture, id);
    if (it.standing == Standing::rejected)
        list->AddRectFilled(picture.Min, picture.Max, IM_COL32(30, 30, 30, 150), px(4));
    if (shown)
        list->AddRect({picture.Min.x - px(1), picture.Min.y - px(1)},
                      {picture.Max.x + px(1), picture.Max.y + px(1)}, colors().accent_line, px(5),
                      0, px(2));
    else if (hovered)
        list->AddRect(picture.Min, picture.Max, colors().text_second, px(4), 0, px(1));
    ImGui::RenderNavHighlight(box, item);

    const Badge badge = badge_of(view, it);
    const Fonts& fonts = look().fonts;
    const std::string& given = it.marks.name;
    const std::string name = !given.empty() ? shown_name(given)
                             : id == 0      ? std::string("Original")
                                            : fmt::format("{}", id);
    const float y = picture.Max.y + px(5);
    const float name_end = box.Max.x - px(id == 0 ? 0.0f : 44.0f);
    list->PushClipRect({at.x, y}, {name_end, box.Max.y}, true);
    list->AddText(fonts.medium, fonts.medium->FontSize, {at.x, y}, colors().text, name.c_str());
    list->PopClipRect();
    if (it.marks.starred)
        list->AddText(fonts.icons_small, fonts.icons_small->FontSize,
                      {picture.Max.x - px(19), picture.Min.y + px(3)}, colors().warning,
                      icons::kStar);
    if (id != 0) {
        const std::string seconds = fmt::format("{:.1f} s", it.seconds);
        const float w =
            fonts.small->CalcTextSizeA(fonts.small->FontSize, 1e9f, 0, seconds.c_str()).x;
        list->AddText(fonts.small, fonts.small->FontSize, {box.Max.x - w, y + px(1)},
                      colors().text_second, seconds.c_str());
    }
    list->AddText(fonts.icons_small, fonts.icons_small->FontSize, {at.x - px(1), y + px(16)},
                  badge.color, badge.icon);
    list->AddText(fonts.small, fonts.small->FontSize, {at.x + px(19), y + px(18)},
                  colors().text_second, badge.words);
    const std::string& asked = it.prompt;
    tooltip(id == 0 ? "The picture as it was opened" : it.what_was_done, {}, asked);
    if (shown && state.scrolled_to != id) {
        ImGui::SetScrollHereX(0.5f);
        state.scrolled_to = id;
    }
    ImGui::PopID();
}

// Elbows above the tiles, from the parent's middle to the child's.
void draw_links(const SessionView& view, const Tile& tile, const std::vector<IterationId>& order,
                int first, int end, ImVec2 origin) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    std::vector<int> place(view.document->tree.size());
    std::vector<float> middle(view.document->tree.size());
    std::vector<bool> lit_path(view.document->tree.size());
    // Parents whose line to what lies beyond the right edge is drawn: one stands for all.
    std::vector<bool> leads_on(view.document->tree.size());
    for (IterationId at = view.document->shown; at >= 0; at = view.document->tree.at(at).parent)
        lit_path[static_cast<std::size_t>(at)] = true;
    for (std::size_t i = 0; i < order.size(); ++i) {
        place[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
        middle[static_cast<std::size_t>(order[i])] =
            origin.x + static_cast<float>(i) * tile.step() + tile.width / 2;
    }
    const auto link = [&](IterationId id, ImU32 color) {
        const IterationId parent = view.document->tree.at(id).parent;
        const int a = place[static_cast<std::size_t>(parent)],
                  b = place[static_cast<std::size_t>(id)];
        if (std::max(a, b) < first || std::min(a, b) >= end) return; // out of sight
        if (b >= end) {
            if (leads_on[static_cast<std::size_t>(parent)]) return;
            leads_on[static_cast<std::size_t>(parent)] = true;
        }
        const float from = middle[static_cast<std::size_t>(parent)],
                    to = middle[static_cast<std::size_t>(id)];
        const float top = origin.y + px(6), bottom = origin.y + px(kBand - 3);
        list->PathLineTo({from, bottom});
        list->PathLineTo({from, top});
        list->PathLineTo({to, top});
        list->PathLineTo({to, bottom});
        list->PathStroke(color, 0, px(1.5f));
    };
    for (const bool lit : {false, true}) {
        leads_on.assign(leads_on.size(), false);
        for (const IterationId id : order)
            if (id != 0 && lit_path[static_cast<std::size_t>(id)] == lit)
                link(id, lit ? colors().accent_line : colors().part);
    }
}

} // namespace

void draw_tray(const SessionView& view, TrayState& state, session::Actions& out) {
    if (view.document == nullptr) {
        drop_thumbnails(state.thumbnails);
        return;
    }
    const std::vector<IterationId> order = tray_order(view);
    const ImVec2 origin = ImGui::GetCursorScreenPos(), at = ImGui::GetCursorPos();
    // Those in sight, with one on each side for the keyboard to go on to, and the one that is shown
    // when it is to be scrolled to.
    const Tile tile = tile_size();
    const float step = tile.step();
    const ImRect sight = ImGui::GetCurrentWindow()->InnerClipRect;
    const int count = static_cast<int>(order.size());
    const int first = std::max(0, static_cast<int>((sight.Min.x - origin.x) / step) - 1);
    const int end = std::min(count, static_cast<int>((sight.Max.x - origin.x) / step) + 2);
    draw_links(view, tile, order, first, end, origin);
    for (int i = 0; i < count; ++i) {
        const IterationId id = order[static_cast<std::size_t>(i)];
        const bool wanted = id == view.document->shown && state.scrolled_to != id;
        if ((i < first || i >= end) && !wanted) continue;
        ImGui::SetCursorPos({at.x + static_cast<float>(i) * step, at.y + px(kBand)});
        draw_tile(view, state, tile, id, out);
    }
    ImGui::SetCursorPos({at.x, at.y + px(kBand)});
    ImGui::Dummy({static_cast<float>(count) * step - px(kBetween), tile.picture + px(kWords)});
}

} // namespace mw::ui
