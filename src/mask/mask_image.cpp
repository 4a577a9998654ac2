#include "mask/mask_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "image/convert.h"

namespace mw::mask {
namespace {

// Encoders and colour management leave a level or two of noise on a colour that was meant as one.
constexpr int kFlatTolerance = 4;

struct AlphaLook {
    bool opaque = true; // alpha 255 everywhere
    bool flat = true;   // one colour everywhere
};

AlphaLook look_at(image::ImageView rgba8) {
    AlphaLook look;
    std::array<std::uint8_t, 3> low{255, 255, 255}, high{0, 0, 0};
    for (int y = 0; y < rgba8.size.height; ++y) {
        const auto* p = rgba8.row<std::uint8_t>(y);
        for (int x = 0; x < rgba8.size.width; ++x, p += 4) {
            if (p[3] != 255) look.opaque = false;
            for (std::size_t c = 0; c < 3; ++c) {
                low[c] = std::min(low[c], p[c]);
                high[c] = std::max(high[c], p[c]);
            }
        }
    }
    for (std::size_t c = 0; c < 3; ++c)
        if (high[c] - low[c] > kFlatTolerance) look.flat = false;
    return look;
}

} // namespace

MaskReading from_image(image::ImageView picture) {
    MaskReading reading{Mask(picture.size), ""};
    if (picture.empty()) {
        reading.note = "an empty picture";
        return reading;
    }
    const Rect all = picture.rect();
    const int colors = picture.format.color_channels();
    if (picture.format.has_alpha()) {
        const image::Image rgba = image::convert(picture, image::kRgba8);
        const AlphaLook look = look_at(rgba.view());
        if (!look.opaque && look.flat) {
            image::Image coverage(picture.size, image::kGray8);
            for (int y = 0; y < all.height; ++y) {
                const auto* from = rgba.view().row<std::uint8_t>(y);
                auto* to = coverage.span().row<std::uint8_t>(y);
                for (int x = 0; x < all.width; ++x)
                    to[x] = static_cast<std::uint8_t>(255 - from[4 * x + 3]);
            }
            reading.mask.write(all, coverage.view());
            reading.note = "alpha, 0 = edit";
            return reading;
        }
        reading.note = colors == 1 ? "grey" : "luma of RGB";
        if (!look.opaque) reading.note += ", alpha ignored";
    } else {
        reading.note = colors == 1 ? "grey" : "luma of RGB";
    }
    if (picture.format.type == image::SampleType::u16) reading.note += ", 16-bit rounded to 8";
    if (picture.format.type == image::SampleType::f32) reading.note += ", float rounded to 8 bits";
    reading.mask.write(all, image::convert(picture, image::kGray8).view());
    return reading;
}

Result<MaskReading> from_image_for(image::ImageView picture, Size size, std::string_view label) {
    if (picture.size != size)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The mask {} is {} x {}, the picture is {} x {}; scale the mask to the "
                        "picture's size first.",
                        label, picture.size.width, picture.size.height, size.width, size.height));
    return from_image(picture);
}

} // namespace mw::mask
