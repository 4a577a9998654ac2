// What a picture that came from an OpenEXR file brings along for the next one.
#pragma once

#include <OpenEXR/ImfHeader.h>

#include "codec/codec.h"
#include "codec/exr_samples.h"

namespace mw::codec {

struct ExrSource {
    ExrHeader header; // windows of the picture's size when there was none
    std::optional<ExrLayout> layout;
    std::optional<ExrBeside> beside; // fits header and layout
    std::optional<double> dots_per_inch;

    std::string name(std::size_t channel, const char* otherwise) const;
    ExrSample type(std::size_t channel) const;
    bool linear(std::size_t channel) const;
    const std::byte* overscan() const; // null: none
    // The stored bits of each colour of a pixel that straight alpha does not give back; null: none.
    // `pixel` counts row by row and must not fall; `cursor` starts at 0.
    const std::uint32_t* exact(std::uint32_t pixel, std::size_t& cursor) const;
};

// What of `metadata` fits these pixels; it must outlive what is returned.
ExrSource find_exr_source(const Metadata& metadata, image::ImageView pixels);

// Windows, attributes, packing (without loss) and tiles; no channels yet. Throws what OpenEXR does.
Imf::Header exr_library_header(const ExrSource& source, const ExrBox& data,
                               image::ImageView pixels);

} // namespace mw::codec
