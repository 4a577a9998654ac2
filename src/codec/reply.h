// What the decoding child says about the file, and how that travels through the pipe.
#pragma once

#include "codec/decoder.h"

namespace mw::codec {

struct Reply {
    Error error{ErrorCode::corrupt, {}}; // a message means that decoding failed
    Size size;
    image::PixelFormat format;
    Decoded decoded;
    std::uint64_t beside_bytes = 0; // after the pixels, from Canvas::beside_offset on
    std::int64_t peak_kib = 0;      // the child's largest resident size
};

constexpr std::size_t kMaxReply = 16u << 20;

Bytes pack_reply(const Reply& reply);

// The child may have been taken over by the file it read: nothing is believed that is not checked
// here. Texts are cut and made printable; a colour space must be well formed. False when the bytes
// are no whole reply.
bool unpack_reply(ByteSpan bytes, Reply& reply);

} // namespace mw::codec
