#include "ui/tray.h"

#include <fmt/format.h>
#include <imgui_internal.h>

#include <cmath>

#include "embedded/icons.h"
#include "ui/widgets.h"

namespace mw::ui {
namespace {

using project::IterationId;
using project::Standing;
using session::SessionView;

constexpr float kTile = 104, kPicture = 64, kBand = 16;

// Parents before children, children side by side: a path reads from left to right.
void walk(const project::IterationTree& tree, IterationId from, std::vector<IterationId>& order) {
    std::vector<IterationId> open{from};
    while (!open.empty()) {
        const IterationId id = open.back();
        open.pop_back();
        order.push_back(id);
        const auto children = tree.children(id);
        open.insert(open.end(), children.rbegin(), children.rend());
    }
}

bool on_path(const SessionView& view, IterationId id) {
    for (IterationId at = view.document->shown; at >= 0; at = view.document->tree.at(at).parent)
        if (at == id) return true;
    return false;
}

struct Badge {
    const char* icon;
    const char* words;
    ImU32 color;
};
Badge badge_of(const SessionView& view, const project::Iteration& it) {
    if (it.id == view.document->base)
        return {icons::kCallSplit, "next from here", palette::kAccentLine};
    if (it.id == 0) return {icons::kImage, "", palette::kTextSecond};
    switch (it.standing) {
        case Standing::accepted:
            return {icons::kCheckCircle, "accepted", palette::kGood};
        case Standing::rejected:
            return {icons::kCancel, "rejected", palette::kTextSecond};
        case Standing::proposed:
            break;
    }
    return {icons::kAutoAwesome, "proposal", palette::kText};
}

void draw_picture(const SessionView& view, TrayState& state, const ImRect& box, IterationId id) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(box.Min, box.Max, palette::kField, px(4));
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

void draw_tile(const SessionView& view, TrayState& state, IterationId id, session::Actions& out) {
    const project::Iteration& it = view.document->tree.at(id);
    ImGui::PushID(id);
    ImGuiWindow* window = ImGui::GetCurrentWindow();
    const ImVec2 at = window->DC.CursorPos;
    const ImRect box(at, {at.x + px(kTile), at.y + px(kPicture + 40)});
    ImGui::ItemSize(box);
    const ImGuiID item = window->GetID("tile");
    bool hovered = false, held = false;
    const bool pressed =
        ImGui::ItemAdd(box, item) && ImGui::ButtonBehavior(box, item, &hovered, &held);
    name_item(fmt::format("iteration.{}", id));
    if (pressed) out.push_back(session::ShowIteration{id});

    const bool shown = id == view.document->shown;
    ImDrawList* list = ImGui::GetWindowDrawList();
    const ImRect picture(at, {box.Max.x, at.y + px(kPicture)});
    draw_picture(view, state, picture, id);
    if (it.standing == Standing::rejected)
        list->AddRectFilled(picture.Min, picture.Max, IM_COL32(30, 30, 30, 150), px(4));
    if (shown)
        list->AddRect({picture.Min.x - px(1), picture.Min.y - px(1)},
                      {picture.Max.x + px(1), picture.Max.y + px(1)}, palette::kAccentLine, px(5),
                      0, px(2));
    else if (hovered)
        list->AddRect(picture.Min, picture.Max, palette::kTextSecond, px(4), 0, px(1));
    ImGui::RenderNavHighlight(box, item);

    const Badge badge = badge_of(view, it);
    const Fonts& fonts = look().fonts;
    const std::string name = id == 0 ? std::string("Original") : fmt::format("{}", id);
    const float y = picture.Max.y + px(5);
    list->AddText(fonts.medium, fonts.medium->FontSize, {at.x, y}, palette::kText, name.c_str());
    if (id != 0) {
        const std::string seconds = fmt::format("{:.1f} s", it.seconds);
        const float w =
            fonts.small->CalcTextSizeA(fonts.small->FontSize, 1e9f, 0, seconds.c_str()).x;
        list->AddText(fonts.small, fonts.small->FontSize, {box.Max.x - w, y + px(1)},
                      palette::kTextSecond, seconds.c_str());
    }
    list->AddText(fonts.icons_small, fonts.icons_small->FontSize, {at.x - px(1), y + px(16)},
                  badge.color, badge.icon);
    list->AddText(fonts.small, fonts.small->FontSize, {at.x + px(19), y + px(18)},
                  palette::kTextSecond, badge.words);
    const std::string& asked = it.prompt;
    tooltip(id == 0 ? "The picture as it was opened" : it.what_was_done, {}, asked);
    if (shown && state.scrolled_to != id) {
        ImGui::SetScrollHereX(0.5f);
        state.scrolled_to = id;
    }
    ImGui::PopID();
}

// Elbows above the tiles, from the parent's middle to the child's.
void draw_links(const SessionView& view, const std::vector<IterationId>& order, ImVec2 origin) {
    ImDrawList* list = ImGui::GetWindowDrawList();
    std::map<IterationId, float> middle;
    for (std::size_t i = 0; i < order.size(); ++i)
        middle[order[i]] = origin.x + static_cast<float>(i) * px(kTile + 12) + px(kTile / 2);
    const auto link = [&](IterationId id, ImU32 color) {
        const float from = middle[view.document->tree.at(id).parent], to = middle[id];
        const float top = origin.y + px(6), bottom = origin.y + px(kBand - 3);
        list->PathLineTo({from, bottom});
        list->PathLineTo({from, top});
        list->PathLineTo({to, top});
        list->PathLineTo({to, bottom});
        list->PathStroke(color, 0, px(1.5f));
    };
    for (const bool lit : {false, true}) {
        for (const IterationId id : order)
            if (id != 0 && on_path(view, id) == lit)
                link(id, lit ? palette::kAccentLine : IM_COL32(110, 110, 110, 255));
    }
}

} // namespace

void draw_tray(const SessionView& view, TrayState& state, session::Actions& out) {
    if (view.document == nullptr) {
        drop_thumbnails(state.thumbnails);
        return;
    }
    std::vector<IterationId> order;
    walk(view.document->tree, 0, order);
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    draw_links(view, order, origin);
    gap(kBand);
    bool first = true;
    for (const IterationId id : order) {
        if (!first) ImGui::SameLine(0, px(12));
        first = false;
        draw_tile(view, state, id, out);
    }
}

} // namespace mw::ui
