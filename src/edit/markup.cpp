#include "edit/markup.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mw::edit {
namespace {

constexpr double kHeadLength = 4.5, kHeadWidth = 4; // of the line's width
constexpr double kLetters = 4.5;                    // of the line's width

double length(PointF a, PointF b) {
    return std::hypot(b.x - a.x, b.y - a.y);
}

} // namespace

bool make_sane(Mark& mark, Size picture) {
    std::erase_if(mark.points,
                  [](const PointF& p) { return !std::isfinite(p.x) || !std::isfinite(p.y); });
    if (mark.points.size() > kMostMarkPoints) mark.points.resize(kMostMarkPoints);
    const double w = picture.width, h = picture.height;
    for (PointF& p : mark.points)
        p = {std::clamp(p.x, -w, 2 * w), std::clamp(p.y, -h, 2 * h)};
    mark.width_px = std::isfinite(mark.width_px)
                        ? std::clamp(mark.width_px, kMinMarkWidth, kMaxMarkWidth)
                        : Mark().width_px;
    if (mark.text.size() > kMostNoteBytes) {
        std::size_t end = kMostNoteBytes;
        while (end > 0 && (static_cast<unsigned char>(mark.text[end]) & 0xc0) == 0x80)
            --end; // not inside a UTF-8 sequence
        mark.text.resize(end);
    }
    std::replace_if(
        mark.text.begin(), mark.text.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    switch (mark.kind) {
        case MarkKind::arrow:
            return mark.points.size() == 2 && length(mark.points[0], mark.points[1]) >= 1;
        case MarkKind::ellipse:
            return mark.points.size() == 2 && std::abs(mark.points[0].x - mark.points[1].x) >= 1 &&
                   std::abs(mark.points[0].y - mark.points[1].y) >= 1;
        case MarkKind::stroke:
            return !mark.points.empty();
        case MarkKind::note:
            return mark.points.size() == 1 && mark.text.find_first_not_of(' ') != std::string::npos;
    }
    return false;
}

ArrowShape arrow_shape(const Mark& arrow) {
    const PointF from = arrow.points[0], tip = arrow.points[1];
    const double all = std::max(length(from, tip), 1e-6);
    const PointF along{(tip.x - from.x) / all, (tip.y - from.y) / all};
    const double head = std::min(kHeadLength * arrow.width_px, all);
    const double half_head = head * kHeadWidth / kHeadLength / 2;
    const double half = std::min(arrow.width_px / 2, half_head);
    const auto at = [&](double back, double side) {
        return PointF{tip.x - back * along.x - side * along.y,
                      tip.y - back * along.y + side * along.x};
    };
    // The shaft goes a little into the head: no seam shows between them.
    const double end = std::max(0.0, head - arrow.width_px / 2);
    return {{at(all, half), at(end, half), at(end, -half), at(all, -half)},
            {at(0, 0), at(head, half_head), at(head, -half_head)}};
}

std::vector<PointF> ellipse_line(const Mark& ellipse) {
    const PointF a = ellipse.points[0], b = ellipse.points[1];
    const double rx = std::abs(b.x - a.x) / 2, ry = std::abs(b.y - a.y) / 2;
    const auto parts = static_cast<int>(std::clamp(8 * std::sqrt(std::max(rx, ry)), 32.0, 720.0));
    std::vector<PointF> line;
    for (int i = 0; i <= parts; ++i) {
        const double t = 2 * std::numbers::pi * i / parts;
        line.push_back({(a.x + b.x) / 2 + rx * std::cos(t), (a.y + b.y) / 2 + ry * std::sin(t)});
    }
    return line;
}

double letter_px(const Mark& note) {
    return std::max(8.0, kLetters * note.width_px);
}

double note_margin(const Mark& note) {
    return letter_px(note) * 0.3;
}

std::array<std::uint8_t, 3> ink_on(const Mark& note) {
    // Rec. 709 weights on encoded values: enough to choose between black and white.
    const double light = 0.2126 * note.color[0] + 0.7152 * note.color[1] + 0.0722 * note.color[2];
    return light > 140 ? std::array<std::uint8_t, 3>{0, 0, 0}
                       : std::array<std::uint8_t, 3>{255, 255, 255};
}

Mark moved(Mark mark, double dx, double dy) {
    for (PointF& p : mark.points)
        p = {p.x + dx, p.y + dy};
    return mark;
}

double usual_mark_width(Size picture) {
    return std::clamp(std::round(picture.longer_side() / 250.0), 3.0, 60.0);
}

} // namespace mw::edit
