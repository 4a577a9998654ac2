// Content Credentials (C2PA 2.1, section 11.3 and appendix A): whether a file carries them.
#pragma once

#include "codec/byte_reader.h"

namespace mw::codec {

// A manifest store inside (PNG caBX, JPEG APP11, WebP C2PA, TIFF 52545), or an XMP property that
// names one elsewhere. Looks at the container's structure alone and believes no length; what it
// says is not checked. Any bytes are fine.
bool carries_provenance(ByteSpan file);

// What a person should know of a source, or of an answer, that does.
std::string_view provenance_warning();

} // namespace mw::codec
