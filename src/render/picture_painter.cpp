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

Rect tile_texels(int x, int y, Size level) {
    return intersect({x * kTileTexels, y * kTileTexels, kTileTexels, kTileTexels}, Rect::of(level));
}

TileKey key_of(std::uint32_t picture, int level, int x, int y) {
    return {picture, static_cast<std::uint8_t>(level), static_cast<std::uint16_t>(x),
            static_cast<std::uint16_t>(y)};
}

} // namespace

struct PicturePainter::Job {
    const Placement& at;
    const image::Image& picture;
    Picture* entry = nullptr;
    int level = 0;
    Size size;                 // of the level
    double scale = 1;          // canvas pixels per texel
    std::vector<TileKey> keys; // that touch the clip

    int level_of(const TileKey& key) const {
        return key.level == kPreviewKey ? entry->preview_level : key.level;
    }
    TileKey preview() const { return {entry->number, kPreviewKey, 0, 0}; }
};

Result<PicturePainter> PicturePainter::create(std::size_t texture_budget_bytes) {
    PicturePainter painter(texture_budget_bytes);
    for (const std::size_t taps : {0, 1})
        for (const std::size_t checks : {0, 1}) {
            const std::string defines =
                std::string(taps ? "FOUR_TAPS " : "") + (checks ? "CHECKS" : "");
            auto program = make_program("canvas.vert", "picture.frag", defines);
            if (!program) return tl::unexpected(program.error());
            painter.programs_[taps][checks] = std::move(*program);
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

PicturePainter::Picture* PicturePainter::known(const Shown& shown) {
    const image::ImageRef& picture = shown.picture;
    const auto found = pictures_.find(picture.get());
    if (found == pictures_.end()) return nullptr;
    // An address may have been used again since, and a picture be shown in another way.
    const auto& alive = found->second.alive;
    if (!alive.owner_before(picture) && !picture.owner_before(alive) &&
        found->second.view == shown.view)
        return &found->second;
    cache_.drop_picture(found->second.number);
    pictures_.erase(found);
    return nullptr;
}

PicturePainter::Picture& PicturePainter::learn(const Shown& shown) {
    const image::ImageRef& picture = shown.picture;
    int preview = 0;
    while (level_size(picture->size(), preview).longer_side() > kPreviewSide)
        ++preview;
    return pictures_
        .emplace(picture.get(), Picture{picture, shown.view, next_number_++, preview,
                                        picture->format().has_alpha(), Levels(picture->size())})
        .first->second;
}

PicturePainter::Job PicturePainter::job_for(const Shown& shown, const Placement& at) {
    const image::ImageRef& picture = shown.picture;
    Job job{at, *picture};
    job.level = std::clamp(static_cast<int>(std::floor(std::log2(1 / at.zoom) + 1e-9)), 0,
                           last_level(picture->size()));
    job.scale = at.zoom * std::exp2(job.level);
    job.size = level_size(picture->size(), job.level);
    const Rect visible =
        intersect(units_touching(at.clip, at.origin, job.scale), Rect::of(job.size));
    if (visible.empty()) return job;
    job.entry = known(shown);
    if (!job.entry) job.entry = &learn(shown);
    for (int y = visible.y / kTileTexels; y * kTileTexels < visible.bottom(); ++y)
        for (int x = visible.x / kTileTexels; x * kTileTexels < visible.right(); ++x)
            job.keys.push_back(key_of(job.entry->number, job.level, x, y));
    return job;
}

bool PicturePainter::make(const Job& job, const TileKey& key, FrameBudget& budget) {
    const bool preview = key.level == kPreviewKey;
    if (no_room_ || (!preview && budget.spent())) return false;
    const int level = job.level_of(key);
    const Rect window = tile_texels(key.x, key.y, level_size(job.picture.size(), level)).grown(1);
    staging_.resize(static_cast<std::size_t>(window.area()));
    const std::size_t bytes = staging_.size() * sizeof(Texel);
    if (!cache_.make_room(bytes)) {
        no_room_ = true;
        return false;
    }
    if (preview)
        sample_points(job.picture.view(), job.entry->view, level, window, staging_.data());
    else if (!job.entry->levels.read(job.picture.view(), job.entry->view, level, window,
                                     staging_.data(), budget))
        return false;
    const bool made = cache_.add(key, window.size(), staging_.data()) != nullptr;
    no_room_ = !made;
    if (made && !preview) budget.spend(bytes);
    return made;
}

bool PicturePainter::prepare(const Shown& shown, const Placement& at, FrameBudget& budget) {
    if (!shown.picture || shown.picture->empty()) return true;
    const bool first_time = !known(shown);
    const Job job = job_for(shown, at);
    // In use from here on, so that making new tiles does not drop those that are there.
    std::vector<TileKey> missing;
    for (const TileKey& key : job.keys)
        if (!cache_.find(key)) missing.push_back(key);
    if (missing.empty()) return true;
    if (first_time) {
        const auto now = std::chrono::steady_clock::now();
        budget.deadline = std::max(budget.deadline, now + kFirstTime);
        budget.bytes_left = std::max(budget.bytes_left, kFirstBytes);
    }
    if (!cache_.find(job.preview())) make(job, job.preview(), budget);

    // From the middle outwards: that is where one looks first.
    const double tile = job.scale * kTileTexels;
    const PointF middle{at.clip.x + at.clip.width / 2.0, at.clip.y + at.clip.height / 2.0};
    const auto distance = [&](const TileKey& key) {
        return std::hypot(at.origin.x + (key.x + 0.5) * tile - middle.x,
                          at.origin.y + (key.y + 0.5) * tile - middle.y);
    };
    std::sort(missing.begin(), missing.end(),
              [&](const TileKey& a, const TileKey& b) { return distance(a) < distance(b); });
    for (const TileKey& key : missing)
        if (!make(job, key, budget)) return no_room_;
    return true;
}

void PicturePainter::paint(const Shown& shown, const Placement& at,
                           std::vector<StandIn>& stand_ins) {
    if (!shown.picture || shown.picture->empty()) return;
    const Job job = job_for(shown, at);
    std::vector<TileKey> missing;
    for (const TileKey& key : job.keys) {
        if (const Tile* tile = cache_.find(key))
            draw_tile(job, *tile, key, tile_texels(key.x, key.y, job.size));
        else
            missing.push_back(key);
    }
    for (const TileKey& key : missing) {
        draw_stand_in(job, key);
        const Rect texels = tile_texels(key.x, key.y, job.size);
        stand_ins.push_back(
            {key, intersect(pixels_touching(texels, at.origin, job.scale), at.clip)});
    }
}

void PicturePainter::draw_tile(const Job& job, const Tile& tile, const TileKey& key,
                               const Rect& part) {
    const double scale = job.at.zoom * std::exp2(job.level_of(key));
    const Sampling sampling = sampling_for(job.at.zoom, scale, job.at.origin);
    const Program& program = programs_[sampling == Sampling::four_taps][job.entry->checks];
    glUseProgram(program.name.get());
    glBindSampler(0, sampling == Sampling::sharp ? nearest_.get() : linear_.get());
    glBindTexture(GL_TEXTURE_2D, tile.texture.get());
    const PointF o = job.at.origin;
    glUniform2f(program.origin, f(o.x + (key.x * kTileTexels - 1) * scale),
                f(o.y + (key.y * kTileTexels - 1) * scale));
    glUniform2f(program.scale, f(1 / (scale * tile.texture_size.width)),
                f(1 / (scale * tile.texture_size.height)));
    if (job.entry->checks) {
        glUniform3f(program.checks, f(job.at.pane.x), f(job.at.pane.y), f(kCheckSide));
        glUniform2f(program.check_values, kCheckLight / 255.0f, kCheckDark / 255.0f);
    }
    // The last texel of an odd level reaches beyond the picture; the picture ends where it ends.
    const double right = o.x + job.picture.width() * job.at.zoom;
    const double bottom = o.y + job.picture.height() * job.at.zoom;
    draw_rect(program, job.at, o.x + part.x * job.scale, o.y + part.y * job.scale,
              std::min(right, o.x + part.right() * job.scale),
              std::min(bottom, o.y + part.bottom() * job.scale));
}

void PicturePainter::draw_stand_in(const Job& job, const TileKey& missing) {
    const Rect part = tile_texels(missing.x, missing.y, job.size);
    const auto draw_if_there = [&](const TileKey& key, const Rect& where) {
        const Tile* tile = cache_.find(key);
        if (tile) draw_tile(job, *tile, key, where);
        return tile != nullptr;
    };
    const int last = last_level(job.picture.size());
    bool covered = false;
    for (int up = 1; !covered && job.level + up <= last; ++up)
        covered = draw_if_there(
            key_of(missing.picture, job.level + up, missing.x >> up, missing.y >> up), part);
    if (!covered) draw_if_there(job.preview(), part);
    if (job.level == 0) return;
    for (int i = 0; i < 4; ++i) { // what was there before zooming out
        const int x = 2 * missing.x + i % 2, y = 2 * missing.y + i / 2, half = kTileTexels / 2;
        const Rect where = intersect({x * half, y * half, half, half}, part);
        if (!where.empty()) draw_if_there(key_of(missing.picture, job.level - 1, x, y), where);
    }
}

} // namespace mw::render
