#include "lettering/lettering.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "image/convert.h"
#include "lettering/find_font.h"
#include "lettering/ink_color.h"
#include "lettering/layout.h"
#include "lettering/place.h"

namespace mw::lettering {
namespace {

using image::Image;
using image::ImageView;

// Free round the ink, of the em, so that it does not touch what bounds it.
constexpr double kMargin = 0.14;
// A turned text has to be this much larger than an upright one, more lines than fewer.
constexpr double kWorthTurning = 1.2, kWorthBreaking = 1.25;
constexpr double kRadian = std::numbers::pi / 180;
constexpr double kLeastTurn = 4 * kRadian, kMostTurn = 45 * kRadian;

struct Choice {
    std::size_t layout = 0;
    Room room;
    double size = 0; // the largest there; 0: no room at all
};

// Where and how the text is largest.
class Fitting {
  public:
    Fitting(ImageView coverage, const Style& style, double edge) : edge_(edge) {
        if (style.turn_degrees) {
            regions_.emplace_back(coverage, *style.turn_degrees * kRadian);
            return;
        }
        regions_.emplace_back(coverage, 0);
        if (const auto axis = long_axis(coverage);
            axis && std::abs(*axis) >= kLeastTurn && std::abs(*axis) <= kMostTurn)
            regions_.emplace_back(coverage, *axis);
    }

    Choice best(const std::vector<TextBlock>& layouts) const {
        Choice choice = with_edge(layouts, edge_);
        // What is small against the edge keeps less of it.
        if (edge_ > 0 && choice.size < 2.5 * edge_) choice = with_edge(layouts, edge_ / 4);
        return choice;
    }

  private:
    Choice with_edge(const std::vector<TextBlock>& layouts, double edge) const {
        Choice best;
        double score = 0;
        for (std::size_t r = 0; r < regions_.size(); ++r)
            for (std::size_t i = 0; i < layouts.size(); ++i) {
                const Block block{layouts[i].width() + 2 * kMargin,
                                  layouts[i].height() + 2 * kMargin, edge};
                const auto room = regions_[r].best(block);
                if (!room) continue;
                const double size = size_in(*room, block);
                const double worth =
                    size / (r > 0 ? kWorthTurning : 1) /
                    std::pow(kWorthBreaking, static_cast<double>(layouts[i].lines.size() - 1));
                if (worth <= score) continue;
                score = worth;
                best = {i, *room, size};
            }
        return best;
    }

    std::vector<Region> regions_;
    double edge_;
};

std::u32string trimmed(std::u32string_view text) {
    const auto blank = [](char32_t c) { return c == U' ' || c == U'\n' || c == 0xa0; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return std::u32string(text);
}

Status check_glyphs(const std::vector<TextBlock>& layouts, const Face& face) {
    std::string list;
    std::set<char32_t> missing;
    for (const Line& line : layouts.front().lines)
        missing.insert(line.missing.begin(), line.missing.end());
    if (missing.empty()) return {};
    int count = 0;
    for (const char32_t c : missing) {
        if (++count > 8) {
            list += ", …";
            break;
        }
        list += (list.empty() ? "" : ", ") + named(c);
    }
    return fail(ErrorCode::unsupported,
                fmt::format("The font {} has no {}; name a font that has, or install one; nothing "
                            "was set.",
                            face.name(), list));
}

// How much of the text, from its start, has room at `size`.
std::u32string what_fits(const Fitting& fitting, const Face& face, std::u32string_view text,
                         const Style& style, bool slant, double size) {
    std::size_t low = 0, high = text.size();
    while (low + 1 < high) {
        const std::size_t middle = (low + high) / 2;
        const auto tried = layouts(face, trimmed(text.substr(0, middle)), style.align, slant);
        (!tried.empty() && fitting.best(tried).size >= size ? low : high) = middle;
    }
    // Whole words, where there are any.
    std::size_t end = low;
    if (low < text.size() && text[low] != U' ')
        if (const auto space = text.substr(0, low).rfind(U' '); space != std::u32string_view::npos)
            end = space;
    return trimmed(text.substr(0, end));
}

// Coverage 0..1 of the block's glyphs over the picture, as 8 bits.
struct Ink {
    std::vector<std::uint8_t> coverage;
    Rect bounds;
};

Ink draw(const Face& face, const TextBlock& block, const Choice& choice, double size, Align align,
         Size picture) {
    const double c = std::cos(choice.room.turn), s = std::sin(choice.room.turn);
    const Room& room = choice.room;
    const double half = size * block.width() / 2;
    const double edge = std::min(size * kMargin + 1, room.width() / 2 - half);
    const double u = align == Align::left    ? room.left + edge + half
                     : align == Align::right ? room.right - edge - half
                                             : (room.left + room.right) / 2;
    const double v = (room.top + room.bottom) / 2;
    const double middle_x = (block.ink.left + block.ink.right) / 2,
                 middle_y = (block.ink.top + block.ink.bottom) / 2;
    const double k = size / block.em;
    Ink ink;
    ink.coverage.assign(static_cast<std::size_t>(picture.area()), 0);
    int left = picture.width, top = picture.height, right = 0, bottom = 0;
    const SpanFunction take = [&](int y, int x, int length, unsigned char coverage) {
        const int row = picture.height - 1 - y;
        std::uint8_t* p =
            ink.coverage.data() + static_cast<std::ptrdiff_t>(row) * picture.width + x;
        for (int i = 0; i < length; ++i) // glyphs that touch add up as what they leave free
            p[i] = static_cast<std::uint8_t>(255 - (255 - p[i]) * (255 - coverage) / 255);
        left = std::min(left, x), right = std::max(right, x + length);
        top = std::min(top, row), bottom = std::max(bottom, row + 1);
    };
    for (std::size_t i = 0; i < block.lines.size(); ++i)
        for (const PlacedGlyph& g : block.lines[i].glyphs) {
            const double gu = u + (block.lefts[i] + g.x / block.em - middle_x) * size;
            const double gv = v - (block.baselines[i] + g.y / block.em - middle_y) * size;
            face.fill(g.glyph,
                      {c * k, (c * block.slant + s) * k, -s * k, (c - s * block.slant) * k,
                       c * gu - s * gv, picture.height - (s * gu + c * gv)},
                      picture, take);
        }
    if (right > left && bottom > top) ink.bounds = Rect::from_edges(left, top, right, bottom);
    return ink;
}

// `color` (linear) over an encoded f32 picture, in linear light.
void blend(Image& encoded, const Ink& ink, ImageView coverage, image::Float3 color) {
    const int n = encoded.format().channels, colors = encoded.format().color_channels();
    const bool alpha = encoded.format().has_alpha();
    if (colors == 1) color[0] = 0.2126f * color[0] + 0.7152f * color[1] + 0.0722f * color[2];
    for (int y = ink.bounds.y; y < ink.bounds.bottom(); ++y)
        for (int x = ink.bounds.x; x < ink.bounds.right(); ++x) {
            const std::uint8_t cover = ink.coverage[static_cast<std::size_t>(y) *
                                                        static_cast<std::size_t>(encoded.width()) +
                                                    static_cast<std::size_t>(x)];
            if (cover == 0 || coverage.row<std::uint8_t>(y)[x] == 0) continue;
            const float t = static_cast<float>(cover) / 255;
            float* p = encoded.span().row<float>(y) + std::ptrdiff_t{x} * n;
            const float under = alpha ? std::clamp(p[n - 1], 0.0f, 1.0f) : 1.0f;
            const float whole = t + under * (1 - t);
            for (int c = 0; c < colors; ++c) {
                const float before = std::isfinite(p[c]) ? image::srgb_to_linear(p[c]) : 0.0f;
                p[c] = image::linear_to_srgb(
                    (t * color[static_cast<std::size_t>(c)] + (1 - t) * under * before) / whole);
            }
            if (alpha) p[n - 1] = whole;
        }
}

Error out_of_room(const Fitting& fitting, const Face& face, std::u32string_view text,
                  const Style& style, bool slant, const Choice& choice) {
    if (style.size_px && choice.size >= kLeastSizePx)
        return {ErrorCode::invalid_argument,
                fmt::format("At {:.0f} px the text does not fit into the marked part; the largest "
                            "that does is {:.0f} px. Leave the size out, or mark more.",
                            *style.size_px, std::floor(choice.size))};
    const std::u32string some = what_fits(fitting, face, text, style, slant, kLeastSizePx);
    if (some.empty())
        return {ErrorCode::invalid_argument,
                fmt::format("The marked part is too small for text: not one letter of {:.0f} px "
                            "fits into it. Mark more.",
                            kLeastSizePx)};
    return {ErrorCode::invalid_argument,
            fmt::format("The text of {} characters does not fit into the marked part at {:.0f} px, "
                        "the smallest that it is set in; \"{}\" ({} characters) would. Mark more, "
                        "or shorten it.",
                        text.size(), kLeastSizePx, utf8_of(some), some.size())};
}

} // namespace

Result<Lettered> set_text(ImageView picture, ImageView coverage, std::string_view text,
                          const Style& style, double edge_px, std::stop_token stop) {
    assert(coverage.size == picture.size && coverage.format == image::kGray8);
    const auto stopped = [] {
        return fail(ErrorCode::cancelled, "Cancelled; the picture is as it was.");
    };
    auto all = decoded(text);
    if (!all) return tl::unexpected(all.error());
    const std::u32string wanted = trimmed(*all);
    if (wanted.empty())
        return fail(ErrorCode::invalid_argument,
                    "There is no text to set; put it between quotes, as in write \"OPEN\".");
    if (wanted.size() > kMostCharacters)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The text has {} characters, more than the {} that are set at "
                                "once; shorten it.",
                                wanted.size(), kMostCharacters));
    auto font = find_font(style.family, style.bold, style.italic, wanted);
    if (!font) return tl::unexpected(font.error());
    const Face& face = font->face;
    const std::vector<TextBlock> blocks = layouts(face, wanted, style.align, font->slant);
    if (blocks.empty())
        return fail(ErrorCode::invalid_argument,
                    "The text has nothing that can be seen, only spaces and marks.");
    if (const Status ok = check_glyphs(blocks, face); !ok) return tl::unexpected(ok.error());
    if (stop.stop_requested()) return stopped();

    const Fitting fitting(coverage, style, std::max(0.0, edge_px));
    const Choice choice = fitting.best(blocks);
    const double size = style.size_px.value_or(choice.size);
    if (choice.size < kLeastSizePx || size > choice.size * (1 + 1e-9) || !(size > 0))
        return tl::unexpected(out_of_room(fitting, face, wanted, style, font->slant, choice));
    if (stop.stop_requested()) return stopped();

    const TextBlock& block = blocks[choice.layout];
    const Ink ink = draw(face, block, choice, size, style.align, picture.size);
    if (stop.stop_requested()) return stopped();
    Image encoded = image::convert(picture, {picture.format.channels, image::SampleType::f32});
    // What the letters stand on.
    const Rect ground =
        intersect(ink.bounds.grown(static_cast<int>(size * kMargin) + 1), picture.rect());
    const image::Float3 under = mean_color(encoded.view(), [&](int x, int y) {
        return x >= ground.x && x < ground.right() && y >= ground.y && y < ground.bottom() &&
               coverage.row<std::uint8_t>(y)[x] != 0;
    });
    Lettered out;
    image::Float3 color;
    if (style.srgb) {
        for (std::size_t c = 0; c < 3; ++c)
            color[c] = image::srgb_to_linear((*style.srgb)[c]);
        if (const double ratio = contrast(color, under); ratio < 2)
            out.notes.push_back(fmt::format(
                "The text hardly stands out in that colour (a contrast of {:.1f}).", ratio));
    } else {
        color = ink_color(encoded.view(), under);
    }
    blend(encoded, ink, coverage, color);
    if (stop.stop_requested()) return stopped();
    out.picture = picture.format.type == image::SampleType::f32
                      ? std::move(encoded)
                      : image::convert(encoded.view(), picture.format);
    out.font = face.name();
    out.size_px = size;
    out.turn_degrees = choice.room.turn / kRadian;
    for (std::size_t c = 0; c < 3; ++c)
        out.srgb[c] = image::linear_to_srgb(color[c]);
    for (const Line& line : block.lines)
        out.lines.push_back(utf8_of(line.text));
    out.notes.insert(out.notes.end(), font->notes.begin(), font->notes.end());
    return out;
}

} // namespace mw::lettering
