// Networks that fill holes: LaMa and MI-GAN.
#pragma once

#include <stop_token>

#include "base/result.h"
#include "image/image.h"
#include "learned/network.h"

namespace mw::learned {

// How a file wants its picture and mask. Told by its inputs alone; sides are NCHW.
enum class HoleKind {
    // Two of f32: three channels 0..1 sRGB, and one, 1 where the hole is. Answer f32 of three
    // channels, 0..1, or 0..255 where a value is above 2 (LaMa; Suvorov et al. 2022, as exported).
    lama,
    // Two of u8: three channels, and one, 0 where the hole is, 255 elsewhere. Answer u8 of three
    // channels (MI-GAN's pipeline; Sargsyan et al. 2023).
    pipeline,
    // One of f32, four channels: 0.5 where the picture is known and -0.5 in the hole, then -1..1
    // sRGB, 0 in the hole. Answer f32 of three channels, -1..1 (MI-GAN's generator).
    generator,
};

class HoleModel {
  public:
    // Errors: those of Network::load; unsupported, with the inputs and outputs that the file has,
    // when they are none of the above.
    static Result<HoleModel> load(const std::filesystem::path& file);

    HoleKind kind() const { return kind_; }
    const std::string& name() const { return network_.name(); }
    // The side it was trained for; empty: any multiple of 8.
    Size fixed() const { return fixed_; }

    // `picture` with what `hole` (kGray8, its size, above 0) covers filled, in its own format;
    // every other sample as it was. What the network sees is a part of the picture round the hole,
    // twice as long and wide where there is so much, at its own size where that fits, else scaled
    // down (to 1024 pixels where the size is not fixed); what comes back is scaled up along edges.
    // Errors: invalid_argument for no hole, engine for an answer of another shape or with values
    // that are no numbers, else those of Network::run.
    Result<image::Image> fill(image::ImageView picture, image::ImageView hole,
                              std::stop_token stop) const;

  private:
    Network network_;
    HoleKind kind_ = HoleKind::lama;
    Size fixed_;
    std::size_t image_port_ = 0, mask_port_ = 0;
};

} // namespace mw::learned
