// Draws pictures as tiles: chooses the level, makes what is missing within the frame's budget, and
// shows something coarser where that does not suffice.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "image/color_space.h"
#include "render/frame_budget.h"
#include "render/placement.h"
#include "render/tile_cache.h"

namespace mw::render {

// A picture and how it is shown. Tiles are kept for one way at a time.
struct Shown {
    const image::ImageRef& picture;
    const image::DisplayTransform& view;
};

// Canvas pixels that show something coarser than the tile that belongs there.
struct StandIn {
    TileKey tile;
    Rect pixels;
};

class PicturePainter {
  public:
    static Result<PicturePainter> create(std::size_t texture_budget_bytes);

    void begin_frame();
    // Makes tiles that the clip needs, from its middle outwards. False when another frame can bring
    // more.
    bool prepare(const Shown& shown, const Placement& at, FrameBudget& budget);
    // Draws what there is, after prepare in the same frame, and appends what it stood in for.
    // Scissor, vertex array and clip distance are the caller's.
    void paint(const Shown& shown, const Placement& at, std::vector<StandIn>& stand_ins);

    TileCache& cache() { return cache_; }
    const TileCache& cache() const { return cache_; }

  private:
    struct Picture {
        std::weak_ptr<const image::Image> alive;
        image::DisplayTransform view;
        std::uint32_t number = 0;
        int preview_level = 0;
        bool checks = false;
        Levels levels;
    };
    struct Job; // one picture in one pane

    explicit PicturePainter(std::size_t budget) : cache_(budget) {}
    Job job_for(const Shown& shown, const Placement& at);
    Picture* known(const Shown& shown);
    Picture& learn(const Shown& shown);
    bool make(const Job& job, const TileKey& key, FrameBudget& budget);
    void draw_stand_in(const Job& job, const TileKey& missing);
    void draw_tile(const Job& job, const Tile& tile, const TileKey& key, const Rect& part);

    TileCache cache_;
    std::array<std::array<Program, 2>, 2> programs_; // [four taps][checks]
    Sampler nearest_, linear_;
    std::map<const image::Image*, Picture> pictures_;
    std::uint32_t next_number_ = 1;
    std::vector<Texel> staging_;
    bool no_room_ = false; // this frame's own tiles fill the budget
};

} // namespace mw::render
