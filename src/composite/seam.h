// Where the answer begins and ends inside a mask. Private to the room.
#pragma once

#include <vector>

#include "composite/graft.h"

namespace mw::composite {

inline constexpr double kDefaultFeather = 8; // px
inline constexpr double kDefaultReach = 24;  // px; how deep a fitting seam may run

// How far a mask's edge is and how thick the mask is locally, as far as a fade of `most` px can
// tell: what is beyond 1.5 times that counts as that.
class Depth {
  public:
    // For the pixels of `window` that belong to the mask.
    Depth(const mask::Mask& mask, const Rect& window, float most);

    // The part of the window that has any.
    const Rect& shown() const { return shown_; }
    // To the nearest pixel outside the support, px; (x, y) in picture pixels, within shown().
    float distance(int x, int y) const {
        return distance_.view().row<float>(y - seen_.y)[x - seen_.x];
    }
    // Diameter of the largest disc in the support that covers the pixel.
    float widest(int x, int y) const { return widest_[cell(x, y)]; }
    // The same, but growing by 1 a pixel at most from where it is less.
    float thickness(int x, int y) const { return thickness_[cell(x, y)]; }

  private:
    std::size_t cell(int x, int y) const {
        return static_cast<std::size_t>((y - seen_.y) / step_) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>((x - seen_.x) / step_);
    }
    Rect seen_, shown_;
    int step_ = 1, width_ = 0;
    image::Image distance_;
    std::vector<float> widest_, thickness_; // of cells of step_ px
};

// SeamKind::fitting: where source and answer differ least. From the mask's edge and from a third of
// the local thickness (at most params.feather_px) inwards, source and answer are flooded, strongest
// differences first (watershed cuts: Cousty et al. 2009), so that they meet where the difference is
// least; there a fade of kNarrowFade px. Weights as seam_weights, of `window`; source and answer
// are f32 of window.
image::Image fitting_weights(const mask::Mask& mask, const Rect& window, const SeamParams& params,
                             image::ImageView source, image::ImageView answer);
inline constexpr double kNarrowFade = 4;

} // namespace mw::composite
