// Draws pictures as tiles: chooses the level, makes what is missing within the frame's budget, and
// shows something coarser where that does not suffice.
#pragma once

#include <array>
#include <map>
#include <memory>

#include "image/image.h"
#include "render/frame_budget.h"
#include "render/tile_cache.h"

namespace mw::render {

// Where and how to draw, in framebuffer pixels, y down.
struct Placement {
    Size framebuffer;
    Rect pane;
    PointF origin;                       // of the picture's corner
    double zoom = 1;                     // framebuffer pixels per picture pixel
    std::array<double, 3> keep{0, 0, 1}; // drawn where keep[0] x + keep[1] y + keep[2] >= 0
};

// Sharp is nearest neighbour; four taps for a level between its own size and half of it.
enum class Sampling { sharp, linear, four_taps };

// For pixels of `scale` framebuffer pixels, 1:1 being exact only where the origin is.
Sampling sampling_for(double zoom, double scale, PointF origin);

// Sets the uniforms that every canvas program has and draws the rectangle.
void draw_rect(const Program& program, const Placement& at, double left, double top, double right,
               double bottom);

class PicturePainter {
  public:
    static Result<PicturePainter> create(std::size_t texture_budget_bytes);

    void begin_frame();
    // Scissor, vertex array and clip distance are the caller's. False when something coarser had to
    // stand in for tiles that another frame can bring.
    bool draw(const image::ImageRef& picture, const Placement& at, FrameBudget& budget);
    TileCache& cache() { return cache_; }
    const TileCache& cache() const { return cache_; }

  private:
    struct Picture {
        std::weak_ptr<const image::Image> alive;
        std::uint32_t number = 0;
        int preview_level = 0;
        bool checks = false;
        Levels levels;
    };
    struct Job; // one picture in one pane

    explicit PicturePainter(std::size_t budget) : cache_(budget) {}
    Picture& entry(const image::ImageRef& picture, FrameBudget& budget);
    const Tile* find_or_make(const Job& job, const TileKey& key, FrameBudget& budget);
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
