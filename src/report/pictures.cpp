#include "report/pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "codec/animation.h"
#include "compare/pictures.h"
#include "report/lettering.h"

namespace mw::report {
namespace {

using Color = std::array<std::uint8_t, 3>;
constexpr Color kGround{38, 39, 42}, kInk{238, 236, 232}, kFaint{158, 162, 170};

void fill(image::ImageSpan span, const Rect& where, const Color& color) {
    const Rect r = intersect(where, span.rect());
    for (int y = r.y; y < r.bottom(); ++y)
        for (int x = r.x; x < r.right(); ++x)
            std::copy(color.begin(), color.end(), span.pixel<std::uint8_t>(x, y));
}

// The number of columns that shows the pictures largest on a sheet of about 16 : 10.
int columns_for(std::size_t count, double aspect) {
    int best = 1;
    double most = 0;
    for (int columns = 1; columns <= static_cast<int>(count); ++columns) {
        const int rows = (static_cast<int>(count) + columns - 1) / columns;
        const double width = std::min(1.0 / columns, aspect / (1.6 * rows)); // of a picture
        if (width > most + 1e-9) most = width, best = columns;
    }
    return best;
}

struct Layout {
    int columns, rows, cell_width, cell_height, text, gap, title;
    Size sheet;
};

Layout layout_of(std::span<const LabelledPicture> pictures, const SheetParams& params) {
    Layout l{};
    const int width = std::clamp(params.width, 320, 16384);
    double aspect = 0; // the widest
    int widest = 1;
    bool details = false;
    for (const LabelledPicture& p : pictures) {
        aspect = std::max(aspect, double(p.picture.size.width) / p.picture.size.height);
        widest = std::max(widest, p.picture.size.width);
        details |= !p.detail.empty();
    }
    l.columns = params.columns > 0 ? std::clamp(params.columns, 1, 16)
                                   : columns_for(pictures.size(), aspect);
    l.columns = std::min(l.columns, static_cast<int>(pictures.size()));
    l.rows = (static_cast<int>(pictures.size()) + l.columns - 1) / l.columns;
    l.gap = std::max(12, width / 120);
    l.cell_width = std::max(1, (width - l.gap * (l.columns + 1)) / l.columns);
    l.cell_width = std::min(l.cell_width, std::max(widest, 160));
    l.text = std::clamp(l.cell_width / 26, 12, 32);
    double tallest = 1;
    for (const LabelledPicture& p : pictures) {
        const double factor = std::min({1.0, double(l.cell_width) / p.picture.size.width,
                                        2.0 * l.cell_width / p.picture.size.height}); // no towers
        tallest = std::max(tallest, p.picture.size.height * factor);
    }
    l.cell_height = static_cast<int>(std::lround(tallest));
    l.title = params.title.empty() ? 0 : l.text * 5 / 2;
    const int caption = l.text * (details ? 33 : 19) / 10;
    l.sheet = {l.columns * l.cell_width + (l.columns + 1) * l.gap,
               l.title + l.rows * (l.cell_height + caption) + (l.rows + 1) * l.gap};
    return l;
}

} // namespace

Result<image::Image> contact_sheet(std::span<const LabelledPicture> pictures,
                                   const SheetParams& params) {
    if (pictures.empty() || pictures.size() > kMostOnSheet)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("A contact sheet shows 1 to {} pictures, not {}.", kMostOnSheet,
                                pictures.size()));
    for (const LabelledPicture& p : pictures)
        if (p.picture.empty())
            return fail(ErrorCode::invalid_argument, "A picture of the sheet has no pixels.");
    const Layout l = layout_of(pictures, params);
    auto sheet = image::Image::try_create(l.sheet, image::kRgb8);
    if (!sheet) return sheet;
    const image::ImageSpan span = sheet->span();
    fill(span, span.rect(), kGround);
    const int row_height = (l.sheet.height - l.title - l.gap) / l.rows;
    if (l.title)
        draw_text(span, {l.gap, l.gap + l.text * 3 / 2}, params.title, l.text * 3 / 2,
                  l.sheet.width - 2 * l.gap, kInk);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const LabelledPicture& p = pictures[i];
        const Size size = p.picture.size;
        const double factor =
            std::min({1.0, double(l.cell_width) / size.width, double(l.cell_height) / size.height});
        const int longer =
            std::max(1, static_cast<int>(std::floor(size.longer_side() * factor + 1e-6)));
        auto shown = compare::shown_picture(p.picture, p.view, longer);
        if (!shown) return shown;
        const int x = l.gap + static_cast<int>(i) % l.columns * (l.cell_width + l.gap);
        const int y = l.title + l.gap + static_cast<int>(i) / l.columns * row_height;
        const Rect at =
            intersect({x + (l.cell_width - shown->width()) / 2, y + l.cell_height - shown->height(),
                       shown->width(), shown->height()},
                      span.rect());
        image::copy_pixels(shown->view().sub(Rect::of(at.size())), span.sub(at));
        const int left = std::max(at.x, x), room = x + l.cell_width - left;
        draw_text(span, {left, y + l.cell_height + l.text * 3 / 2}, p.label, l.text, room, kInk);
        draw_text(span, {left, y + l.cell_height + l.text * 29 / 10}, p.detail, l.text * 9 / 10,
                  room, kFaint);
    }
    return sheet;
}

Result<Bytes> flip_animation(std::span<const LabelledPicture> pictures, codec::FileFormat format,
                             const FlipParams& params) {
    std::vector<image::Image> own;
    std::vector<codec::AnimationFrame> frames;
    for (const LabelledPicture& p : pictures) {
        auto shown = compare::shown_picture(p.picture, p.view, std::max(16, params.max_side));
        if (!shown) return tl::unexpected(shown.error());
        if (params.labels && !p.label.empty()) {
            const image::ImageSpan span = shown->span();
            const int px = std::clamp(span.size.longer_side() / 48, 12, 28), pad = px / 2;
            const int room = std::max(1, span.size.width - 4 * pad);
            const int width = std::min(text_width(p.label, px), room);
            const Rect box{pad, span.size.height - pad - 2 * px, width + 2 * pad, 2 * px};
            fill(span, box, kGround);
            draw_text(span, {box.x + pad, box.y + px * 27 / 20}, p.label, px, width, kInk);
        }
        own.push_back(std::move(*shown));
        frames.push_back({own.back().view(), params.milliseconds});
    }
    codec::EncodeOptions options;
    options.webp_lossless = false;
    return codec::encode_animation(frames, format, options);
}

} // namespace mw::report
