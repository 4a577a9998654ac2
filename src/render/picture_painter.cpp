#include "render/picture_painter.h"

#include <algorithm>
#include <cmath>

#include "render/canvas.h"

namespace mw::render {
namespace {

constexpr int kPreviewSide = 256;
// The level number of the preview tile; real levels end at 30.
constexpr std::uint8_t kPreviewKey = 255;
// When a picture is shown for the first time a frame may take this long and bring this much, so
// that switching between iterations does not show a blurred frame in between.
constexpr std::chrono::milliseconds kFirstTime{50};
constexpr std::size_t kFirstBytes = 64u << 20;

float f(double v) {
    return static_cast<float>(v);
}

bool whole(double v) {
    return v == std::floor(v);
}

Rect tile_texels(const TileKey& key, Size level) {
    return intersect({key.x * kTileTexels, key.y * kTileTexels, kTileTexels, kTileTexels},
                     Rect::of(level));
}

} // namespace

Sampling sampling_for(double zoom, double scale, PointF origin) {
    if (zoom >= 2 || (scale == 1 && whole(origin.x) && whole(origin.y))) return Sampling::sharp;
    return scale >= 1 ? Sampling::linear : Sampling::four_taps;
}

void draw_rect(const Program& program, const Placement& at, double left, double top, double right,
               double bottom) {
    glUniform2f(program.framebuffer, f(at.framebuffer.width), f(at.framebuffer.height));
    glUniform3f(program.keep, f(at.keep[0]), f(at.keep[1]), f(at.keep[2]));
    glUniform4f(program.rect, f(left), f(top), f(right), f(bottom));
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

struct PicturePainter::Job {
    const Placement& at;
    const image::Image& picture;
    Picture& entry;
    int level;
    Rect visible; // texels of the level
    double scale(int of_level) const { return at.zoom * std::exp2(of_level); }
};

Result<PicturePainter> PicturePainter::create(std::size_t texture_budget_bytes) {
    PicturePainter painter(texture_budget_bytes);
    for (const int taps : {0, 1})
        for (const int checks : {0, 1}) {
            const std::string defines =
                std::string(taps ? "FOUR_TAPS " : "") + (checks ? "CHECKS" : "");
            auto program = make_program("canvas.vert", "picture.frag", defines);
            if (!program) return tl::unexpected(program.error());
            painter.programs_[static_cast<std::size_t>(taps)][static_cast<std::size_t>(checks)] =
                std::move(*program);
        }
    painter.nearest_ = make_sampler(GL_NEAREST, GL_CLAMP_TO_EDGE);
    painter.linear_ = make_sampler(GL_LINEAR, GL_CLAMP_TO_EDGE);
    return painter;
}

void PicturePainter::begin_frame() {
    cache_.begin_frame();
    no_room_ = false;
    std::erase_if(pictures_, [&](const auto& item) {
        if (!item.second.alive.expired()) return false;
        cache_.drop_picture(item.second.number);
        return true;
    });
}

PicturePainter::Picture& PicturePainter::entry(const image::ImageRef& picture,
                                               FrameBudget& budget) {
    auto found = pictures_.find(picture.get());
    if (found != pictures_.end()) {
        // An address may have been used again since.
        const auto& alive = found->second.alive;
        if (!alive.owner_before(picture) && !picture.owner_before(alive)) return found->second;
        cache_.drop_picture(found->second.number);
        pictures_.erase(found);
    }
    const auto now = std::chrono::steady_clock::now();
    budget.deadline = std::max(budget.deadline, now + kFirstTime);
    budget.bytes_left = std::max(budget.bytes_left, kFirstBytes);
    int preview = 0;
    while (level_size(picture->size(), preview).longer_side() > kPreviewSide)
        ++preview;
    Picture made{picture, next_number_++, preview, picture->format().has_alpha(),
                 Levels(picture->size())};
    return pictures_.emplace(picture.get(), std::move(made)).first->second;
}

const Tile* PicturePainter::find_or_make(const Job& job, const TileKey& key, FrameBudget& budget) {
    if (const Tile* tile = cache_.find(key)) return tile;
    const bool preview = key.level == kPreviewKey;
    if (no_room_ || (!preview && budget.spent())) return nullptr;
    const int level = preview ? job.entry.preview_level : key.level;
    const Rect window = tile_texels(key, level_size(job.picture.size(), level)).grown(1);
    staging_.resize(static_cast<std::size_t>(window.area()));
    if (preview)
        sample_points(job.picture.view(), level, window, staging_.data());
    else if (!job.entry.levels.read(job.picture.view(), level, window, staging_.data(), budget))
        return nullptr;
    const Tile* tile = cache_.add(key, window.size(), staging_.data());
    if (!tile) no_room_ = true;
    if (tile && !preview) budget.spend(staging_.size() * sizeof(Texel));
    return tile;
}

void PicturePainter::draw_tile(const Job& job, const Tile& tile, const TileKey& key,
                               const Rect& part) {
    const int level = key.level == kPreviewKey ? job.entry.preview_level : key.level;
    const double scale = job.scale(level), pixels = job.scale(job.level);
    const Sampling sampling = sampling_for(job.at.zoom, scale, job.at.origin);
    const Program& program = programs_[sampling == Sampling::four_taps][job.entry.checks];
    glUseProgram(program.name.get());
    glBindSampler(0, sampling == Sampling::sharp ? nearest_.get() : linear_.get());
    glBindTexture(GL_TEXTURE_2D, tile.texture.get());
    const PointF o = job.at.origin;
    glUniform2f(program.origin, f(o.x + (key.x * kTileTexels - 1) * scale),
                f(o.y + (key.y * kTileTexels - 1) * scale));
    glUniform2f(program.scale, f(1 / (scale * tile.texture_size.width)),
                f(1 / (scale * tile.texture_size.height)));
    if (job.entry.checks) {
        glUniform3f(program.checks, f(job.at.pane.x), f(job.at.pane.y), f(kCheckSide));
        glUniform2f(program.check_values, kCheckLight / 255.0f, kCheckDark / 255.0f);
    }
    // The last texel of an odd level reaches beyond the picture; the picture ends where it ends.
    const double right = o.x + job.picture.width() * job.at.zoom;
    const double bottom = o.y + job.picture.height() * job.at.zoom;
    draw_rect(program, job.at, o.x + part.x * pixels, o.y + part.y * pixels,
              std::min(right, o.x + part.right() * pixels),
              std::min(bottom, o.y + part.bottom() * pixels));
}

void PicturePainter::draw_stand_in(const Job& job, const TileKey& missing) {
    const Rect part = tile_texels(missing, level_size(job.picture.size(), job.level));
    const auto draw_if_there = [&](TileKey key, const Rect& where) {
        const Tile* tile = cache_.find(key);
        if (tile) draw_tile(job, *tile, key, where);
        return tile != nullptr;
    };
    const int last = last_level(job.picture.size());
    bool covered = false;
    for (int up = 1; !covered && job.level + up <= last; ++up)
        covered = draw_if_there({missing.picture, static_cast<std::uint8_t>(job.level + up),
                                 static_cast<std::uint16_t>(missing.x >> up),
                                 static_cast<std::uint16_t>(missing.y >> up)},
                                part);
    if (!covered) draw_if_there({missing.picture, kPreviewKey, 0, 0}, part);
    if (job.level == 0) return;
    for (int i = 0; i < 4; ++i) { // what was there before zooming out
        const TileKey child{missing.picture, static_cast<std::uint8_t>(job.level - 1),
                            static_cast<std::uint16_t>(2 * missing.x + i % 2),
                            static_cast<std::uint16_t>(2 * missing.y + i / 2)};
        const int half = kTileTexels / 2;
        const Rect where = intersect({child.x * half, child.y * half, half, half},
                                     Rect::of(part.size()).translated(part.x, part.y));
        if (!where.empty()) draw_if_there(child, where);
    }
}

bool PicturePainter::draw(const image::ImageRef& picture, const Placement& at,
                          FrameBudget& budget) {
    if (!picture || picture->empty()) return true;
    const int level = std::clamp(static_cast<int>(std::floor(std::log2(1 / at.zoom) + 1e-9)), 0,
                                 last_level(picture->size()));
    const double scale = at.zoom * std::exp2(level);
    const auto texel = [&](double pixel, double origin) {
        return static_cast<int>(std::floor(std::clamp((pixel - origin) / scale, -1e6, 1e6)));
    };
    const Rect& pane = at.pane;
    const Rect visible =
        intersect(Rect::from_edges(texel(pane.x, at.origin.x), texel(pane.y, at.origin.y),
                                   texel(pane.right(), at.origin.x) + 1,
                                   texel(pane.bottom(), at.origin.y) + 1),
                  Rect::of(level_size(picture->size(), level)));
    if (visible.empty()) return true;
    const Job job{at, *picture, entry(picture, budget), level, visible};
    const std::uint32_t number = job.entry.number;

    // From the middle outwards: that is where one looks first.
    std::vector<TileKey> keys;
    for (int y = visible.y / kTileTexels; y * kTileTexels < visible.bottom(); ++y)
        for (int x = visible.x / kTileTexels; x * kTileTexels < visible.right(); ++x)
            keys.push_back({number, static_cast<std::uint8_t>(level), static_cast<std::uint16_t>(x),
                            static_cast<std::uint16_t>(y)});
    const auto far = [&](const TileKey& key) {
        const int dx = (2 * key.x + 1) * kTileTexels - (visible.x + visible.right());
        const int dy = (2 * key.y + 1) * kTileTexels - (visible.y + visible.bottom());
        return std::int64_t{dx} * dx + std::int64_t{dy} * dy;
    };
    std::sort(keys.begin(), keys.end(),
              [&](const TileKey& a, const TileKey& b) { return far(a) < far(b); });

    // In use from here on, so that making new tiles does not drop what is about to be drawn.
    bool complete = true;
    for (const TileKey& key : keys)
        complete = cache_.find(key) && complete;
    if (!complete) find_or_make(job, {number, kPreviewKey, 0, 0}, budget);
    std::vector<TileKey> missing;
    for (const TileKey& key : keys) {
        if (const Tile* tile = find_or_make(job, key, budget))
            draw_tile(job, *tile, key, tile_texels(key, level_size(picture->size(), level)));
        else
            missing.push_back(key);
    }
    for (const TileKey& key : missing)
        draw_stand_in(job, key);
    return missing.empty() || no_room_;
}

} // namespace mw::render
