#include "worker/markup_work.h"

#include <algorithm>
#include <cmath>

#include "mask/brush.h"
#include "mask/shapes.h"
#include "report/lettering.h"

namespace mw::worker {
namespace {

using Color = std::array<std::uint8_t, 3>;

// Straight alpha, laid over what is there.
void lay(image::ImageSpan out, const mask::Mask& shape, const Color& color) {
    const Rect box = intersect(shape.bounds(), out.rect());
    if (box.empty()) return;
    const image::Image coverage = shape.read(box);
    for (int y = 0; y < box.height; ++y) {
        const auto* k = coverage.view().row<std::uint8_t>(y);
        auto* to = out.pixel<std::uint8_t>(box.x, box.y + y);
        for (int x = 0; x < box.width; ++x, to += 4) {
            const int above = k[x], below = to[3] * (255 - above) / 255, alpha = above + below;
            if (above == 0) continue;
            for (std::size_t c = 0; c < 3; ++c)
                to[c] = static_cast<std::uint8_t>((color[c] * above + to[c] * below + alpha / 2) /
                                                  alpha);
            to[3] = static_cast<std::uint8_t>(alpha);
        }
    }
}

mask::Mask line_shape(Size size, const std::vector<PointF>& points, double width) {
    mask::Brush pen;
    pen.radius_px = width / 2;
    pen.hardness = 1;
    std::vector<mask::StrokeSample> samples;
    for (const PointF& p : points)
        samples.push_back({p.x, p.y, 1, 0});
    return mask::paint_stroke(mask::Mask(size), pen, samples);
}

void draw_note(image::ImageSpan out, const edit::Mark& note) {
    const auto letters = static_cast<int>(std::lround(edit::letter_px(note)));
    const image::Image words = report::text_coverage(note.text, letters);
    const double margin = edit::note_margin(note);
    const PointF at = note.points[0];
    lay(out,
        mask::rectangle(out.size,
                        {at.x, at.y, words.width() + 2 * margin, words.height() + 2 * margin}),
        note.color);
    const Point corner{static_cast<int>(std::lround(at.x + margin)),
                       static_cast<int>(std::lround(at.y + margin))};
    mask::Mask ink(out.size);
    ink.write(Rect{corner.x, corner.y, words.width(), words.height()}, words.view());
    lay(out, ink, edit::ink_on(note));
}

} // namespace

image::Image draw_marks(const std::vector<edit::Mark>& marks, const Rect& area) {
    image::Image out(area.size(), image::kRgba8);
    const image::ImageSpan span = out.span();
    for (const edit::Mark& whole : marks) {
        edit::Mark mark = edit::moved(whole, -area.x, -area.y);
        if (!edit::make_sane(mark, {1 << 20, 1 << 20})) continue;
        switch (mark.kind) {
            case edit::MarkKind::arrow: {
                const edit::ArrowShape arrow = edit::arrow_shape(mark);
                mask::Mask shape = mask::polygon(span.size, arrow.shaft);
                mask::combine(shape, mask::polygon(span.size, arrow.head), mask::CombineMode::add);
                lay(span, shape, mark.color);
                break;
            }
            case edit::MarkKind::ellipse:
                lay(span, line_shape(span.size, edit::ellipse_line(mark), mark.width_px),
                    mark.color);
                break;
            case edit::MarkKind::stroke:
                lay(span, line_shape(span.size, mark.points, mark.width_px), mark.color);
                break;
            case edit::MarkKind::note:
                draw_note(span, mark);
                break;
        }
    }
    return out;
}

bool any_drawn(image::ImageView rgba) {
    for (int y = 0; y < rgba.size.height; ++y) {
        const auto* row = rgba.row<std::uint8_t>(y);
        for (int x = 0; x < rgba.size.width; ++x)
            if (row[4 * x + 3] != 0) return true;
    }
    return false;
}

} // namespace mw::worker
