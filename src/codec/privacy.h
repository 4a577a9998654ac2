// What of a file's metadata goes on into the next one.
#pragma once

#include "codec/codec.h"

namespace mw::codec {

enum class KeepMetadata {
    all,
    no_location, // without where it was taken, maker notes and embedded previews
    none,        // only what the pixels mean: profile, resolution, OpenEXR's own description
};

// Never with a reference to Content Credentials, which do not vouch for a changed picture. An XMP
// packet that says anything of GPS in a way that is not understood goes as a whole.
Metadata kept_metadata(const Metadata& metadata, KeepMetadata keep);

// What may stand beside a picture in which something was redacted: profile, resolution, what EXIF
// says of camera, time and author in short values, what OpenEXR needs to be read. No preview,
// maker note, XMP, free text, other channel or overscan, where what was covered may still be.
Metadata metadata_of_redacted(const Metadata& metadata);

// Whether EXIF, XMP or an OpenEXR header say where it was taken.
bool has_location(const Metadata& metadata);

} // namespace mw::codec
