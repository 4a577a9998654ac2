// How a picture is to be written.
#pragma once

#include <cstdint>

#include "codec/codec.h"
#include "codec/privacy.h"

namespace mw::handoff {

enum class Depth : std::uint8_t { source, u8, u16, half, f32 };
enum class Region : std::uint8_t {
    whole,
    changed, // the rectangle round what differs from the original
    mask,    // the rectangle round every mask on the way
};
enum class RecordChoice : std::uint8_t {
    automatic, // where the source or an answer carries Content Credentials
    always,
    never,
};

struct ExportOptions {
    codec::EncodeOptions encode;
    Depth depth = Depth::source;
    bool to_srgb = false; // else the picture's own colours with its profile
    codec::KeepMetadata metadata = codec::KeepMetadata::all;
    Region region = Region::whole;
    bool mask_alpha = false; // the mask becomes the alpha of the file (times the picture's own)
    RecordChoice record = RecordChoice::automatic;
};

} // namespace mw::handoff
