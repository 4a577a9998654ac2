#include "select/smart_select.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "select/band_cut.h"
#include "select/matte.h"
#include "select/object_cut.h"

namespace mw::select {
namespace {

constexpr int kFirstSide = 160, kSmallSide = 384; // cells along the window's longer side
constexpr double kContext = 0.4;                  // of the box's longer side, around it
constexpr float kCentre = 1;                      // nats: an object rather fills the box's middle

// Where the object may lie, and what is known of places.
struct Hints {
    Rect region;
    const mask::Mask* inside = nullptr;
    const mask::Mask* outside = nullptr;

    Field::Known at(Point p) const {
        if (inside && inside->at(p.x, p.y)) return Field::object;
        if (outside && outside->at(p.x, p.y)) return Field::background;
        return region.contains(p) ? Field::unknown : Field::background;
    }
};

Size scaled(Size size, int longer_side) {
    const double scale = std::min(1.0, double(longer_side) / size.longer_side());
    return {std::clamp(static_cast<int>(std::lround(size.width * scale)), 1, size.width),
            std::clamp(static_cast<int>(std::lround(size.height * scale)), 1, size.height)};
}

// Every cell a stroke touches, however thin the stroke.
void mark(Field& field, const Rect& window, const mask::Mask& strokes, Field::Known as) {
    const Rect part = intersect(window, strokes.bounds());
    for (int y = part.y; y < part.bottom(); ++y)
        for (int x = part.x; x < part.right(); ++x) {
            if (x % mask::kTileSide == 0 || x == part.x) {
                if (!strokes.tile(x / mask::kTileSide, y / mask::kTileSide)) {
                    x += mask::kTileSide - 1 - x % mask::kTileSide; // an empty tile
                    continue;
                }
            }
            if (!strokes.at(x, y)) continue;
            const auto u = std::int64_t{x - window.x} * field.size.width / window.width;
            const auto v = std::int64_t{y - window.y} * field.size.height / window.height;
            field.known[field.at(static_cast<int>(u), static_cast<int>(v))] = as;
        }
}

Field field_of(const Cells& cells, const Hints& hints, bool box) {
    Field field;
    field.size = cells.size;
    const auto count = static_cast<std::size_t>(cells.size.area());
    field.lab.resize(count);
    field.known.resize(count);
    if (box) field.prior.resize(count);
    const Rect& r = hints.region;
    for (int y = 0; y < cells.size.height; ++y)
        for (int x = 0; x < cells.size.width; ++x) {
            const std::size_t i = field.at(x, y);
            field.lab[i] = cells.lab(x, y);
            const Point p = cells.pixel(x, y);
            field.known[i] = r.contains(p) ? Field::unknown : Field::background;
            if (!box) continue;
            const double u = 2 * (p.x + 0.5 - r.x) / r.width - 1;
            const double v = 2 * (p.y + 0.5 - r.y) / r.height - 1;
            field.prior[i] = kCentre * static_cast<float>(1 - 1.12 * (u * u + v * v));
        }
    if (hints.outside) mark(field, cells.window, *hints.outside, Field::background);
    if (hints.inside) mark(field, cells.window, *hints.inside, Field::object);
    return field;
}

// What the first models are learnt from: all of a box, else what is stroked and nothing more.
std::vector<std::uint8_t> start_of(const Field& field, bool box) {
    std::vector<std::uint8_t> start(field.known.size());
    for (std::size_t i = 0; i < start.size(); ++i)
        start[i] = field.known[i] == Field::object || (box && field.known[i] == Field::unknown);
    return start;
}

std::vector<std::uint8_t> enlarged(const Labels& from, Size to) {
    std::vector<std::uint8_t> out;
    for (int y = 0; y < to.height; ++y)
        for (int x = 0; x < to.width; ++x)
            out.push_back(from.cells[static_cast<std::size_t>(y * from.size.height / to.height) *
                                         static_cast<std::size_t>(from.size.width) +
                                     static_cast<std::size_t>(x * from.size.width / to.width)]);
    return out;
}

struct Coarse {
    Labels labels; // empty when stopped
    ColorModels models;
};

Coarse cut_small(image::ImageView picture, const Rect& window, const Hints& hints, bool box,
                 const std::stop_token& stop) {
    Coarse made;
    for (const int side : {kFirstSide, kSmallSide}) {
        const Cells cells{picture, window, scaled(window.size(), side)};
        const Field field = field_of(cells, hints, box);
        const bool first = made.labels.cells.empty();
        const auto start = first ? start_of(field, box) : enlarged(made.labels, cells.size);
        made.labels = {cells.size, cut_object(field, start, made.models, first ? 5 : 1, stop)};
        if (made.labels.cells.empty()) break;
    }
    return made;
}

// The quick answer: small labels interpolated, the edge at their half.
void write_smooth(const Labels& labels, const Rect& window, mask::Mask& mask) {
    const int w = labels.size.width, h = labels.size.height;
    struct Place {
        int first, second;
        float share;
    };
    const auto places = [](int length, int cells) {
        std::vector<Place> made;
        for (int i = 0; i < length; ++i) {
            const double at = std::clamp((i + 0.5) * cells / length - 0.5, 0.0, cells - 1.0);
            const int first = static_cast<int>(at);
            made.push_back({first, std::min(first + 1, cells - 1), static_cast<float>(at - first)});
        }
        return made;
    };
    const std::vector<Place> across = places(window.width, w), down = places(window.height, h);
    const auto value = [&](int x, int y) -> std::uint8_t { // within the window
        const Place &u = across[static_cast<std::size_t>(x)],
                    &v = down[static_cast<std::size_t>(y)];
        const std::uint8_t* a = labels.cells.data() + std::ptrdiff_t{v.first} * w;
        const std::uint8_t* b = labels.cells.data() + std::ptrdiff_t{v.second} * w;
        const float top = a[u.first] + (a[u.second] - a[u.first]) * u.share;
        const float low = b[u.first] + (b[u.second] - b[u.first]) * u.share;
        return top + (low - top) * v.share >= 0.5f ? 255 : 0;
    };
    for (int ty = 0; ty < mask.tiles_y(); ++ty)
        for (int tx = 0; tx < mask.tiles_x(); ++tx) {
            const Rect whole = mask.tile_rect(tx, ty), r = intersect(whole, window);
            if (r.empty()) continue;
            // The cells that matter to the tile: most see one label alone.
            const Rect part = r.translated(-window.x, -window.y);
            const int u0 = across[static_cast<std::size_t>(part.x)].first;
            const int u1 = across[static_cast<std::size_t>(part.right() - 1)].second;
            const int v0 = down[static_cast<std::size_t>(part.y)].first;
            const int v1 = down[static_cast<std::size_t>(part.bottom() - 1)].second;
            std::int64_t sum = 0;
            for (int v = v0; v <= v1; ++v)
                for (int u = u0; u <= u1; ++u)
                    sum += labels.cells[static_cast<std::size_t>(v * w + u)];
            if (sum == 0) continue;
            const bool all = sum == std::int64_t{u1 - u0 + 1} * (v1 - v0 + 1);
            if (all && r.area() == std::int64_t{mask::kTileSide} * mask::kTileSide) {
                mask.set_tile(tx, ty, mask::full_tile());
                continue;
            }
            auto& tile = mask.writable_tile(tx, ty);
            for (int y = 0; y < r.height; ++y)
                for (int x = 0; x < r.width; ++x)
                    tile.coverage[static_cast<std::size_t>((r.y - whole.y + y) * mask::kTileSide +
                                                           r.x - whole.x + x)] =
                        all ? std::uint8_t{255} : value(part.x + x, part.y + y);
            mask.normalize_tile(tx, ty);
        }
}

// Whether the object reaches the region's side where the picture goes on.
bool cut_off(const Labels& labels, const Rect& window, const Rect& region, const Rect& picture) {
    const Cells cells{{}, window, labels.size};
    const int slack = 1 + window.size().longer_side() / labels.size.longer_side();
    for (int y = 0; y < labels.size.height; ++y)
        for (int x = 0; x < labels.size.width; ++x) {
            if (!labels.cells[static_cast<std::size_t>(y * labels.size.width + x)]) continue;
            const Point p = cells.pixel(x, y);
            if ((p.x - region.x < slack && region.x > picture.x) ||
                (p.y - region.y < slack && region.y > picture.y) ||
                (region.right() - p.x <= slack && region.right() < picture.right()) ||
                (region.bottom() - p.y <= slack && region.bottom() < picture.bottom()))
                return true;
        }
    return false;
}

tl::unexpected<Error> stopped() {
    return fail(ErrorCode::cancelled, "The selection was cancelled.");
}

Status check(image::ImageView picture, const SmartSelectParams& params) {
    for (const mask::Mask* m : {&params.inside, &params.outside})
        if (m->size() != Size{} && m->size() != picture.size)
            return fail(ErrorCode::invalid_argument,
                        "The strokes of smart select belong to a picture of another size.");
    const bool strokes = !params.inside.empty();
    if (params.box == Rect{} && !strokes)
        return fail(ErrorCode::invalid_argument,
                    "Smart select needs a box around the object or a stroke over it.");
    if (params.box == Rect{}) return {};
    const Rect box = params.box;
    if (box.empty())
        return fail(ErrorCode::invalid_argument, "The box of smart select has no area.");
    // In 64 bits: a box may end far away.
    const bool meets = box.x < picture.size.width && box.y < picture.size.height &&
                       std::int64_t{box.x} + box.width > 0 && std::int64_t{box.y} + box.height > 0;
    if (!meets)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The box of smart select lies outside the picture of {} x {} pixels.",
                        picture.size.width, picture.size.height));
    return {};
}

Rect clipped(const Rect& r, Size size) {
    const auto edge = [](std::int64_t v, int most) {
        return static_cast<int>(std::clamp<std::int64_t>(v, 0, most));
    };
    return Rect::from_edges(edge(r.x, size.width), edge(r.y, size.height),
                            edge(std::int64_t{r.x} + r.width, size.width),
                            edge(std::int64_t{r.y} + r.height, size.height));
}

} // namespace

Result<mask::Mask> smart_select(image::ImageView picture, const SmartSelectParams& params,
                                std::stop_token stop) {
    if (picture.empty())
        return fail(ErrorCode::invalid_argument, "There is no picture to select in.");
    if (Status ok = check(picture, params); !ok) return tl::unexpected(ok.error());
    const bool box = params.box != Rect{};
    Hints hints;
    if (!params.inside.empty()) hints.inside = &params.inside;
    if (!params.outside.empty()) hints.outside = &params.outside;
    const Rect all = picture.rect();
    hints.region = box ? clipped(params.box, picture.size) : params.inside.bounds();
    if (!box)
        hints.region = intersect(
            hints.region.grown(std::max(hints.region.size().longer_side(), all.width / 10)), all);

    Rect window;
    Coarse coarse;
    for (int tries = 0; tries < 4; ++tries) {
        const Rect reach =
            hints.inside ? unite(hints.region, hints.inside->bounds()) : hints.region;
        window = intersect(
            reach.grown(std::max(16, static_cast<int>(kContext * reach.size().longer_side()))),
            all);
        coarse = cut_small(picture, window, hints, box, stop);
        if (coarse.labels.cells.empty()) return stopped();
        if (box || !cut_off(coarse.labels, window, hints.region, all)) break;
        hints.region = intersect(hints.region.grown(hints.region.size().longer_side() / 2), all);
    }

    mask::Mask mask(picture.size);
    Labels labels = std::move(coarse.labels);
    const Size small = labels.size;
    if (!params.refine) {
        write_smooth(labels, window, mask);
        return mask;
    }
    const double zoom = double(window.size().longer_side()) / small.longer_side();
    const int levels = zoom > 1 ? static_cast<int>(std::ceil(std::log2(zoom))) : 0;
    for (int level = 1; level <= levels; ++level) {
        const double grown = std::pow(zoom, double(level) / levels);
        Cells cells{picture, window, window.size()};
        if (level < levels)
            cells.size = {std::min(window.width, static_cast<int>(small.width * grown)),
                          std::min(window.height, static_cast<int>(small.height * grown))};
        labels = cut_band(
            labels, cells, [&](int x, int y) { return hints.at(cells.pixel(x, y)); }, coarse.models,
            stop);
        if (labels.cells.empty()) return stopped();
    }
    image::Image coverage(window.size(), image::kGray8);
    for (std::size_t i = 0; i < labels.cells.size(); ++i)
        coverage.bytes()[i] = std::byte{static_cast<std::uint8_t>(labels.cells[i] ? 255 : 0)};
    mask.write(window, coverage.view());
    if (!params.soft_edge) return mask;
    // Hair is about as long in every picture, for its size.
    const int side = picture.size.longer_side();
    const EdgeReach reach{std::clamp(side / 400, 2, 6), std::clamp(side / 110, 4, 24)};
    if (!soften_edge(mask, picture, window, reach, stop)) return stopped();
    return mask;
}

} // namespace mw::select
