// What the numbers of a picture mean, as tables: a profile's parser is needed once, where the file
// is read; from there on pixels are carried to the display and back with these alone.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "image/image.h"

namespace mw::image {

// Immutable once made, shared between threads. Numbers of the picture are taken as 0..1 (u8 and u16
// by their maximum, f32 as it is).
struct ColorSpace {
    enum class Kind : std::uint8_t {
        shaper, // a curve for each channel, then a matrix: matrix/TRC profiles, grey, linear files
        grid,   // an interpolated table each way: table profiles
    };
    Kind kind = Kind::shaper;
    std::string name; // for people, printable ASCII: "Display P3", "scene-linear, AP0"
    // Light without an upper end, of a float file: exposure applies, white is only where the view
    // says.
    bool scene_linear = false;

    // shaper. Encoded 0..1 at even steps to linear 0..1, never falling; 2..65536 entries, one table
    // for all channels (curve[0]) or one for each; all empty: linear already, of any range.
    std::array<std::vector<float>, 3> curve;
    // Row major, linear picture RGB to linear sRGB primaries under D65, white to white.
    std::array<float, 9> to_srgb{1, 0, 0, 0, 1, 0, 0, 0, 1};

    // grid. side^3 triples, the last channel fastest: picture RGB to encoded sRGB, and back.
    int grid_side = 0; // 2..65
    std::vector<float> to_display_grid, from_display_grid;

    bool operator==(const ColorSpace&) const = default;
};
// Fit for use: sizes as said above, every number finite and of a sane size, curves that do not fall
// and end above where they begin, a matrix with an inverse. What does not come from our own reader
// is asked this first.
bool well_formed(const ColorSpace& space);

// from_display_grid as the inverse of to_display_grid, for a reader that has only that; where it
// has none, a neighbour of the nearest colours.
void fill_from_display_grid(ColorSpace& space);

using ColorSpaceRef = std::shared_ptr<const ColorSpace>; // null: sRGB, the default

// From a picture's own samples to what the screen and a model are shown, encoded sRGB, and back.
// Cheap to copy, less so to make (some microseconds); const use from any thread.
class DisplayTransform {
  public:
    DisplayTransform() = default; // sRGB: identity
    // `exposure_stops` (-20..20) brightens scene-linear pictures by 2^stops and is ignored by
    // others. `space` must be well formed.
    explicit DisplayTransform(ColorSpaceRef space, double exposure_stops = 0);

    bool is_identity() const { return !space_; }
    const ColorSpaceRef& space() const { return space_; }
    double exposure_stops() const { return exposure_stops_; }
    bool operator==(const DisplayTransform& other) const {
        const bool same =
            space_ == other.space_ || (space_ && other.space_ && *space_ == *other.space_);
        return same && exposure_stops_ == other.exposure_stops_;
    }

    // Encoded sRGB as f32, channels and alpha as the picture's. A shaper clips nothing: what is
    // beyond the sRGB gamut or above white lies outside 0..1 (IEC 61966-2-1, continued odd below 0
    // and on above 1); a grid clips the numbers it is given. NaN becomes 0. Rows in parallel.
    //
    // from_display gives the numbers back to 1e-5, 8-bit samples exactly. 16-bit samples too,
    // unless one channel is so much darker than another that f32 cannot hold both: the light that
    // comes back is off by less than a millionth of the brightest channel's.
    Image to_display(ImageView source) const;
    // What a screen or a model is sent: the same, clipped to 0..1, as u8 or u16 (`type`).
    Image to_display(ImageView source, SampleType type) const;
    // As either, into pixels that exist: same size and channels, any type (f32 is not clipped).
    void to_display_into(ImageView source, ImageSpan target) const;

    // The inverse, in place: f32 encoded sRGB to f32 numbers of the picture (0..1 of the integer
    // range), not yet quantised or clipped; a grid gives the nearest of 0..1. 1 to 4 channels,
    // alpha untouched. Rows in parallel.
    void from_display(ImageSpan pixels) const;

  private:
    struct Tables;

    ColorSpaceRef space_;
    double exposure_stops_ = 0;
    std::shared_ptr<const Tables> tables_; // what is worked out once from the space
};

} // namespace mw::image
