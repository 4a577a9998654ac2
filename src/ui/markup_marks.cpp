#include "ui/markup_marks.h"

#include <algorithm>
#include <cmath>

#include "ui/canvas_marks.h"
#include "ui/look.h"
#include "ui/palette.h"

namespace mw::ui {
namespace {

using edit::Mark;
using edit::MarkKind;

ImU32 color_of(const std::array<std::uint8_t, 3>& c) {
    return IM_COL32(c[0], c[1], c[2], 255);
}

double to_segment(PointF p, PointF a, PointF b) {
    const double dx = b.x - a.x, dy = b.y - a.y, all = dx * dx + dy * dy;
    const double t =
        all > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / all, 0.0, 1.0) : 0;
    return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

double to_line(PointF p, const std::vector<PointF>& line) {
    double nearest = 1e30;
    for (std::size_t i = 0; i < line.size(); ++i)
        nearest = std::min(nearest, to_segment(p, line[i], line[i + 1 < line.size() ? i + 1 : i]));
    return nearest;
}

std::vector<PointF> line_of(const Mark& mark) {
    return mark.kind == MarkKind::ellipse ? edit::ellipse_line(mark) : mark.points;
}

class Pen {
  public:
    Pen(ImDrawList* list, const CanvasState& state, const Rect& pane)
        : list_(list), state_(state), pane_(pane) {}

    void draw(const Mark& mark) const {
        const ImU32 color = color_of(mark.color);
        if (mark.kind == MarkKind::arrow) {
            const edit::ArrowShape arrow = edit::arrow_shape(mark);
            fill(arrow.shaft, color);
            fill(arrow.head, color);
        } else if (mark.kind == MarkKind::note) {
            draw_note(mark);
        } else {
            draw_line(line_of(mark), screen(mark.width_px), color, mark.kind == MarkKind::stroke);
        }
    }

    void frame(const Mark& mark) const {
        const mask::RectF box = bounds_of(mark);
        Quad quad;
        const PointF corners[] = {{box.x, box.y},
                                  {box.x + box.width, box.y},
                                  {box.x + box.width, box.y + box.height},
                                  {box.x, box.y + box.height}};
        for (std::size_t i = 0; i < 4; ++i)
            quad[i] = at(corners[i]);
        outline(list_, quad, over_picture::kAccent, true);
    }

  private:
    ImVec2 at(PointF image) const {
        return in_window(state_, render::to_screen(state_.view, pane_, image));
    }
    // Clockwise on the screen, as smooth edges want it.
    template <std::size_t N>
    void fill(const std::array<PointF, N>& shape, ImU32 color) const {
        std::array<ImVec2, N> points;
        float area = 0;
        for (std::size_t i = 0; i < N; ++i)
            points[i] = at(shape[i]);
        for (std::size_t i = 0; i < N; ++i) {
            const ImVec2 &a = points[i], &b = points[(i + 1) % N];
            area += a.x * b.y - b.x * a.y;
        }
        if (area < 0) std::reverse(points.begin(), points.end());
        list_->AddConvexPolyFilled(points.data(), static_cast<int>(N), color);
    }
    float screen(double image_px) const {
        return static_cast<float>(image_px * state_.view.zoom / state_.density);
    }

    void draw_line(const std::vector<PointF>& line, float width, ImU32 color, bool open) const {
        std::vector<ImVec2> points;
        for (const PointF& p : line) {
            const ImVec2 next = at(p);
            if (!points.empty()) {
                const ImVec2 d{next.x - points.back().x, next.y - points.back().y};
                if (d.x * d.x + d.y * d.y < 0.5f) continue;
            }
            points.push_back(next);
        }
        width = std::max(1.0f, width);
        list_->AddPolyline(points.data(), static_cast<int>(points.size()), color, 0, width);
        if (!open || width < 2) return;
        for (const ImVec2& p : points) // round at the ends and where it turns
            list_->AddCircleFilled(p, width / 2, color);
    }

    // Laid out upright, then turned and mirrored as the picture is.
    void draw_note(const Mark& note) const {
        const mask::RectF box = note_box(note);
        const PointF corner{box.x, box.y};
        const ImVec2 from = at(corner);
        const ImVec2 plate{screen(box.width), screen(box.height)};
        const float margin = screen(edit::note_margin(note));
        const float letters = screen(edit::letter_px(note));
        const int first = list_->VtxBuffer.Size;
        list_->AddRectFilled(from, {from.x + plate.x, from.y + plate.y}, color_of(note.color));
        if (letters >= 2)
            list_->AddText(look().fonts.title, letters, {from.x + margin, from.y + margin},
                           color_of(edit::ink_on(note)), note.text.c_str());
        if (state_.view.turn.none()) return;
        const ImVec2 right = at({box.x + box.width, box.y}), down = at({box.x, box.y + box.height});
        for (int i = first; i < list_->VtxBuffer.Size; ++i) {
            ImVec2& p = list_->VtxBuffer[i].pos;
            const float u = (p.x - from.x) / std::max(plate.x, 1e-3f);
            const float v = (p.y - from.y) / std::max(plate.y, 1e-3f);
            p = {from.x + u * (right.x - from.x) + v * (down.x - from.x),
                 from.y + u * (right.y - from.y) + v * (down.y - from.y)};
        }
    }

    ImDrawList* list_;
    const CanvasState& state_;
    const Rect& pane_;
};

} // namespace

mask::RectF note_box(const Mark& note) {
    const double letters = edit::letter_px(note), margin = edit::note_margin(note);
    ImFont* font = look().fonts.title;
    // Measured at the face's own size: letters scale evenly.
    const ImVec2 words = font->CalcTextSizeA(font->FontSize, 1e9f, 0, note.text.c_str());
    const double scale = letters / font->FontSize;
    return {note.points[0].x, note.points[0].y, words.x * scale + 2 * margin,
            words.y * scale + 2 * margin};
}

mask::RectF bounds_of(const Mark& mark) {
    if (mark.kind == MarkKind::note) return note_box(mark);
    double left = 1e30, top = 1e30, right = -1e30, bottom = -1e30;
    const auto take = [&](PointF p) {
        left = std::min(left, p.x), right = std::max(right, p.x);
        top = std::min(top, p.y), bottom = std::max(bottom, p.y);
    };
    for (const PointF& p : mark.points)
        take(p);
    if (mark.kind == MarkKind::arrow)
        for (const PointF& p : edit::arrow_shape(mark).head)
            take(p);
    const double half = mark.width_px / 2;
    return {left - half, top - half, right - left + 2 * half, bottom - top + 2 * half};
}

int mark_at(const edit::Markup& markup, PointF at, double reach) {
    for (auto mark = markup.marks.rbegin(); mark != markup.marks.rend(); ++mark) {
        const mask::RectF box = bounds_of(*mark);
        if (at.x < box.x - reach || at.y < box.y - reach || at.x > box.x + box.width + reach ||
            at.y > box.y + box.height + reach)
            continue;
        if (mark->kind == MarkKind::note ||
            to_line(at, line_of(*mark)) <= mark->width_px / 2 + reach)
            return mark->id;
    }
    return 0;
}

void draw_marks(ImDrawList* list, const session::SessionView& view, const CanvasState& state,
                const Rect& pane) {
    const edit::Markup& markup = view.document->markup;
    const Pen pen(list, state, pane);
    if (!markup.hidden)
        for (const Mark& mark : markup.marks)
            pen.draw(mark);
    if (state.marks.draft && !state.marks.writing) {
        Mark draft = *state.marks.draft;
        if (edit::make_sane(draft, view.shown->size())) pen.draw(draft);
    }
    if (view.tool != session::Tool::markup || markup.hidden) return;
    for (const Mark& mark : markup.marks)
        if (mark.id == state.marks.picked) pen.frame(mark);
}

} // namespace mw::ui
