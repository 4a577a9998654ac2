// A mask is sparse, tiled, copy-on-write 8-bit coverage over a picture: 0 keep, 255 edit. Empty and
// full tiles cost a pointer; copying a Mask is a snapshot that shares every tile, cheap enough for
// each request and undo step.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/geometry.h"
#include "image/image.h"

namespace mw::mask {

inline constexpr int kTileSide = 128;

struct alignas(64) MaskTile {
    std::array<std::uint8_t, kTileSide * kTileSide> coverage;
};
// nullptr is a tile of zeros. A tile is never written while more than one Mask refers to it.
using TileRef = std::shared_ptr<const MaskTile>;
// The one full tile every mask shares; compare pointers with it.
const TileRef& full_tile();

enum class CombineMode { replace, add, subtract, intersect };

class Mask {
  public:
    Mask() = default;
    explicit Mask(Size size); // empty; sides 0..1 << 20
    static Mask full(Size size);

    Size size() const { return size_; }
    Rect rect() const { return Rect::of(size_); }
    int tiles_x() const { return tiles_x_; }
    int tiles_y() const { return tiles_y_; }
    // The image pixels tile (tx, ty) covers, clipped to the mask.
    Rect tile_rect(int tx, int ty) const;
    const TileRef& tile(int tx, int ty) const { return tiles_[index(tx, ty)]; }
    // Takes the tile as it is; what lies beyond the mask's edge must be 0. A tile of zeros becomes
    // nullptr, a full inner tile the shared full one.
    void set_tile(int tx, int ty, TileRef tile);
    // For painters: the tile to write in place, its own from now on (copied when shared, zeros when
    // it was empty). normalize_tile() must follow before anybody else looks at the mask.
    MaskTile& writable_tile(int tx, int ty);
    void normalize_tile(int tx, int ty);

    // 0 outside the mask.
    std::uint8_t at(int x, int y) const;
    // No pixel above 0.
    bool empty() const;
    // The smallest rectangle that holds every pixel above 0, exact; Rect{} when empty.
    Rect bounds() const;
    // Pixels above 0.
    std::int64_t support_area() const;
    // Sum of coverage / 255, in pixels.
    double coverage_area() const;

    // Coverage of `window` (which may stick out: 0 there) as a kGray8 image, and back (clipped to
    // the mask).
    image::Image read(const Rect& window) const;
    void write(const Rect& window, image::ImageView coverage);

    // Same size and coverage.
    bool operator==(const Mask& other) const;

    // Bytes of tiles, the shared full tile not counted; with `than`, only those that differ from
    // its own.
    std::size_t tile_bytes(const Mask* than = nullptr) const;

  private:
    std::size_t index(int tx, int ty) const {
        return static_cast<std::size_t>(ty) * static_cast<std::size_t>(tiles_x_) +
               static_cast<std::size_t>(tx);
    }
    Size size_;
    int tiles_x_ = 0, tiles_y_ = 0;
    std::vector<TileRef> tiles_;
};

// The union of the tile rectangles in which a and b (of one size) hold different tile pointers:
// what must be redrawn.
Rect changed_rect(const Mask& a, const Mask& b);

// target (mode) shape, both of one size: replace copies, add is max, subtract is min(t, 255 - s),
// intersect is min.
void combine(Mask& target, const Mask& shape, CombineMode mode);

} // namespace mw::mask
