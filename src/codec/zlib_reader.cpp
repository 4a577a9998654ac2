#include "codec/zlib_reader.h"

#include <algorithm>
#include <utility>

namespace mw::codec {

ZlibReader::ZlibReader(std::vector<ByteSpan> pieces) : pieces_(std::move(pieces)) {
    if (inflateInit(&stream_) != Z_OK) state_ = State::damaged;
}

ZlibReader::~ZlibReader() {
    inflateEnd(&stream_);
}

ZlibReader::State ZlibReader::read(std::span<std::byte> target) {
    while (!target.empty() && state_ == State::more) {
        if (stream_.avail_in == 0 && next_piece_ < pieces_.size()) {
            const ByteSpan piece = pieces_[next_piece_++];
            stream_.next_in = const_cast<Bytef*>(chars(piece));
            stream_.avail_in = static_cast<uInt>(piece.size());
            continue;
        }
        const auto room = static_cast<uInt>(std::min<std::size_t>(target.size(), 1u << 30));
        stream_.next_out = reinterpret_cast<Bytef*>(target.data());
        stream_.avail_out = room;
        const int code = inflate(&stream_, Z_NO_FLUSH);
        target = target.subspan(room - stream_.avail_out);
        if (code == Z_STREAM_END)
            state_ = State::end;
        else if (code == Z_BUF_ERROR ||
                 (code == Z_OK && stream_.avail_out != 0 && stream_.avail_in == 0)) {
            if (next_piece_ == pieces_.size()) state_ = State::cut_off;
        } else if (code != Z_OK)
            state_ = State::damaged;
    }
    return target.empty() ? State::more : state_;
}

std::optional<std::vector<std::byte>> inflate_all(ByteSpan compressed, std::size_t max_bytes) {
    ZlibReader reader({compressed});
    std::vector<std::byte> out;
    for (std::size_t step = 4096;; step *= 2) {
        const std::size_t had = out.size();
        // One more than allowed, to see that there is more.
        out.resize(std::min(had + step, max_bytes + 1));
        const auto state = reader.read(std::span(out).subspan(had));
        out.resize(reader.total());
        if (out.size() > max_bytes) return std::nullopt;
        if (state == ZlibReader::State::end) return out;
        if (state != ZlibReader::State::more) return std::nullopt;
    }
}

} // namespace mw::codec
