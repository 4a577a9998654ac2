// The part of a mask that is on the screen, as one R8 texture that wraps round: level tile (x, y)
// lies in slot (x mod slots_x, y mod slots_y), so that moving the view uploads only what comes in,
// and filtering across tiles needs no borders.
#pragma once

#include <vector>

#include "mask/mask.h"
#include "render/frame_budget.h"
#include "render/gl_objects.h"

namespace mw::render {

// A texel of level L is the largest coverage of 2^L x 2^L pixels, so that a thin stroke stays
// visible from afar. A level tile is mask::kTileSide texels wide and draws on (2^L)^2 mask tiles.
class MaskWindow {
  public:
    static constexpr int kMaxLevel = 7; // one texel a mask tile

    // Brings the level tiles `tiles` (x, y, counts; all within the mask) up to date: only mask
    // tiles whose pointer differs from the uploaded one are read, and only their texels uploaded.
    // It keeps references to what it uploaded, so that an owner's next write makes a new tile.
    // Appends what changed to `changed`, in texels of the level, counted from the mask's corner.
    // False when the budget was spent first, or when the driver has no memory (allocated() is false
    // then).
    bool update(const mask::Mask& mask, int level, const Rect& tiles, FrameBudget& budget,
                std::vector<Rect>& changed);
    bool allocated() const { return bool(texture_); }
    // Whether the level tile was brought up to date by the last update.
    bool holds(int tx, int ty) const;
    // The same, and there is coverage in it.
    bool has_coverage(int tx, int ty) const;
    // The slot's first texel.
    Point slot_texel(int tx, int ty) const;

    GLuint texture() const { return texture_.get(); }
    Size texture_size() const { return {slots_x_ * mask::kTileSide, slots_y_ * mask::kTileSide}; }
    std::size_t bytes() const {
        return texture_ ? static_cast<std::size_t>(texture_size().area()) : 0;
    }
    // Texels uploaded by the last update.
    std::size_t uploaded() const { return uploaded_; }

  private:
    struct Slot {
        int tx = -1, ty = -1, level = -1;
        bool zero = true;                   // the texture holds zeros here
        std::vector<mask::TileRef> sources; // row by row, (2^level)^2; empty: all null
    };
    Slot& slot(int tx, int ty);
    const Slot& slot(int tx, int ty) const;
    bool allocate(int slots_x, int slots_y);
    void refresh(Slot& slot, const mask::Mask& mask, int tx, int ty, int level, FrameBudget& budget,
                 std::vector<Rect>& changes);
    void upload(const Slot& slot, const Rect& texels);

    Texture texture_;
    int slots_x_ = 0, slots_y_ = 0, level_ = 0;
    std::vector<Slot> slots_;
    std::vector<std::uint8_t> staging_; // one level tile
    std::size_t uploaded_ = 0;
};

} // namespace mw::render
