// What was clicked on, by Segment Anything (Kirillov et al. 2023) and those that keep its interface
// (MobileSAM, EfficientSAM's exports with the same decoder).
#pragma once

#include <stop_token>
#include <vector>

#include "base/geometry.h"
#include "base/result.h"
#include "image/image.h"
#include "learned/network.h"

namespace mw::learned {

struct Click {
    Point at;            // pixel of the picture
    bool belongs = true; // to what is meant; false: does not
};

class ClickModel {
  public:
    // Encoder: one input of f32, 1 x 3 x S x S (S fixed), sRGB 0..255 less the means 123.675,
    // 116.28, 103.53, over 58.395, 57.12, 57.375, the longer side scaled to S, zeros beyond;
    // its first output goes into the decoder. Decoder: the official export, inputs by their names
    // image_embeddings, point_coords (1 x N x 2, pixels of S x S), point_labels (1 x N; 1 belongs,
    // 0 does not, -1 padding), mask_input (zeros), has_mask_input (0), orig_im_size (height,
    // width); outputs masks (1 x M x height x width, above 0 belongs) and iou_predictions (1 x M).
    // Errors: those of Network::load; unsupported, with what is missing, for other networks.
    static Result<ClickModel> load(const std::filesystem::path& encoder,
                                   const std::filesystem::path& decoder);

    // kGray8 of the picture's size, 0 or 255: of the masks that come the one with the highest
    // prediction. Errors: invalid_argument without a click that belongs, or for one outside; engine
    // for an answer of another shape or with values that are no numbers; those of Network::run.
    Result<image::Image> select(image::ImageView picture, const std::vector<Click>& clicks,
                                std::stop_token stop) const;

  private:
    Network encoder_, decoder_;
    int side_ = 0, low_side_ = 256;
};

} // namespace mw::learned
