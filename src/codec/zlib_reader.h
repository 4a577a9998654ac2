// DEFLATE (RFC 1950) out of several pieces, as much as is asked for.
#pragma once

#include <zlib.h>
#include <optional>
#include <vector>

#include "codec/byte_reader.h"

namespace mw::codec {

class ZlibReader {
  public:
    // Pieces must outlive the reader.
    explicit ZlibReader(std::vector<ByteSpan> pieces);
    ~ZlibReader();
    ZlibReader(const ZlibReader&) = delete;
    ZlibReader& operator=(const ZlibReader&) = delete;

    enum class State { more, end, damaged, cut_off };
    // Fills all of `target`: more; or says why it could not. After `end` the checksum was right.
    State read(std::span<std::byte> target);
    std::size_t total() const { return stream_.total_out; } // bytes given so far

  private:
    z_stream stream_{};
    std::vector<ByteSpan> pieces_;
    std::size_t next_piece_ = 0;
    State state_ = State::more;
};

// All of it when it has at most max_bytes and is whole, else nothing.
std::optional<std::vector<std::byte>> inflate_all(ByteSpan compressed, std::size_t max_bytes);

} // namespace mw::codec
