#include "ui/canvas_marks.h"

#include <algorithm>
#include <cmath>

#include "ui/look.h"
#include "ui/palette.h"

namespace mw::ui {
namespace {

constexpr float kIconRoom = 22, kPlateHeight = 26;

// From a to b, the part that lies within the clip: how far along it begins and ends, 0 .. 1.
std::pair<float, float> clipped(ImVec2 a, ImVec2 b, const Box& clip) {
    float from = 0, to = 1;
    const auto cut = [&](float start, float delta, float low, float high) {
        if (delta == 0) {
            if (start < low || start > high) from = 1, to = 0;
            return;
        }
        const float t0 = (low - start) / delta, t1 = (high - start) / delta;
        from = std::max(from, std::min(t0, t1));
        to = std::min(to, std::max(t0, t1));
    };
    cut(a.x, b.x - a.x, clip.min.x, clip.max.x);
    cut(a.y, b.y - a.y, clip.min.y, clip.max.y);
    return {from, to};
}

void dashes(ImDrawList* list, ImVec2 a, ImVec2 b, ImU32 light, float width) {
    const Box clip{list->GetClipRectMin(), list->GetClipRectMax()};
    const auto [from, to] = clipped(a, b, clip);
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (from >= to || length < 1) return;
    const float on = px(6), period = px(10);
    const auto at = [&](float t) {
        return ImVec2{a.x + (b.x - a.x) * t / length, a.y + (b.y - a.y) * t / length};
    };
    // Counted from the corner, so that a dash stays where it is while the picture moves.
    for (float t = std::floor(from * length / period) * period; t < to * length; t += period)
        list->AddLine(at(t), at(std::min(t + on, length)), light, width);
}

} // namespace

Box in_window(const CanvasState& state, const Rect& r) {
    return {
        in_window(state, PointF{static_cast<double>(r.x), static_cast<double>(r.y)}),
        in_window(state, PointF{static_cast<double>(r.right()), static_cast<double>(r.bottom())})};
}

Quad image_quad(const CanvasState& state, const Rect& pane, const Rect& image) {
    Quad quad{};
    const std::array<Point, 4> corners{Point{image.x, image.y},
                                       {image.right(), image.y},
                                       {image.right(), image.bottom()},
                                       {image.x, image.bottom()}};
    for (std::size_t i = 0; i < 4; ++i) {
        const PointF at{double(corners[i].x), double(corners[i].y)};
        quad[i] = in_window(state, render::to_screen(state.view, pane, at));
        if (state.view.turn.none()) quad[i] = {std::round(quad[i].x), std::round(quad[i].y)};
    }
    return quad;
}

Box bounds_of(const Quad& quad) {
    Box box{quad[0], quad[0]};
    for (const ImVec2& p : quad) {
        box.min = {std::min(box.min.x, p.x), std::min(box.min.y, p.y)};
        box.max = {std::max(box.max.x, p.x), std::max(box.max.y, p.y)};
    }
    return box;
}

void outline(ImDrawList* list, const Quad& quad, ImU32 light, bool dashed) {
    const float w = std::max(1.0f, px(1));
    list->AddPolyline(quad.data(), 4, IM_COL32(0, 0, 0, 150), ImDrawFlags_Closed, 3 * w);
    if (!dashed) {
        list->AddPolyline(quad.data(), 4, light, ImDrawFlags_Closed, w);
        return;
    }
    for (std::size_t i = 0; i < 4; ++i)
        dashes(list, quad[i], quad[(i + 1) % 4], light, w);
}

ImVec2 plate_size(const std::string& words, bool icon) {
    ImFont* font = look().fonts.medium;
    const ImVec2 size = font->CalcTextSizeA(font->FontSize, 1e9f, 0, words.c_str());
    return {size.x + (icon ? px(kIconRoom) : 0) + px(20), px(kPlateHeight)};
}

void plate(ImDrawList* list, ImVec2 at, const std::string& words, bool right_aligned,
           const char* icon) {
    const Fonts& fonts = look().fonts;
    ImFont* font = fonts.medium;
    const ImVec2 outer = plate_size(words, icon != nullptr);
    if (right_aligned) at.x -= outer.x;
    at = {std::floor(at.x), std::floor(at.y)};
    list->AddRectFilled(at, {at.x + outer.x, at.y + outer.y}, over_picture::kPlate, px(4));
    float x = at.x + px(10);
    if (icon != nullptr) {
        list->AddText(fonts.icons_small, fonts.icons_small->FontSize, {x, at.y + px(5)},
                      over_picture::kText, icon);
        x += px(kIconRoom);
    }
    list->AddText(font, font->FontSize, {x, at.y + std::floor((outer.y - font->FontSize) / 2)},
                  over_picture::kText, words.c_str());
}

} // namespace mw::ui
