// How the samples of a TIFF lie in a row, and how such a row becomes ours.
#pragma once

#include <array>
#include <vector>

#include "codec/byte_reader.h"
#include "image/image.h"

namespace mw::codec {

struct TiffLayout {
    std::int64_t width = 0, height = 0;
    int bits = 8, samples = 1; // of a sample; of a pixel in the file
    bool floating = false;
    int photometric = 1, compression = 1, orientation = 1;
    bool planar = false; // a plane for each sample
    int alpha_sample = -1;
    bool premultiplied = false;
    // RGB for each of the 2^bits values. `palette8`: all are 257 times an 8-bit value.
    std::vector<std::array<std::uint16_t, 3>> palette;
    bool palette8 = true;

    int color_samples() const { return photometric == 2 || photometric == 6 ? 3 : 1; }
    image::PixelFormat format() const;
};

// Something a conversion could not keep.
struct TiffLosses {
    bool rounded = false; // a 32-bit integer or 64-bit float that f32 cannot hold
};

// `row` holds `width` pixels of `samples` values each (those of sample `first` on) and goes to line
// y of `target`, from x on.
void place_tiff_row(const TiffLayout& layout, const std::byte* row, int first, int samples,
                    int width, image::ImageSpan target, int x, int y, TiffLosses& losses);

// Straight alpha from premultiplied; colour under alpha 0 is left as it is.
void unpremultiply(image::ImageSpan pixels);

} // namespace mw::codec
