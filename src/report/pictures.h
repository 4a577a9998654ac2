// Pictures for review: contact sheets and flips.
#pragma once

#include <span>
#include <string>

#include "codec/codec.h"
#include "image/color_space.h"
#include "image/image.h"

namespace mw::report {

struct LabelledPicture {
    image::ImageView picture;
    image::DisplayTransform view;
    std::string label;  // UTF-8, cut off with "…" where it is too long
    std::string detail; // a second, fainter line; may be empty
};

inline constexpr std::size_t kMostOnSheet = 16;

struct SheetParams {
    int width = 3840;  // of the sheet at most, pixels, 320 .. 16384
    int columns = 0;   // 1 .. 16; 0: as the number and the shape of the pictures want it
    std::string title; // may be empty
};
// Up to 16 pictures beside and below each other, each as large as its cell, never enlarged over one
// pixel for one, its label below. kRgb8 on a neutral grey. Errors: invalid_argument for none or
// more than 16; too_large.
Result<image::Image> contact_sheet(std::span<const LabelledPicture> pictures,
                                   const SheetParams& params = {});

struct FlipParams {
    int milliseconds = 700; // each picture, 20 .. 60000
    int max_side = 1280;    // scaled down to this
    bool labels = true;     // in the corner
};
// The pictures, of one size, in turn for ever; webp or gif. Errors: as of codec::encode_animation.
Result<Bytes> flip_animation(std::span<const LabelledPicture> pictures, codec::FileFormat format,
                             const FlipParams& params = {});

} // namespace mw::report
