#include "select/bits.h"

#include <cstring>

namespace mw::select {

void expand(const Row* rows, mask::MaskTile& tile) {
    static const auto table = [] {
        std::array<std::uint64_t, 256> t{};
        for (unsigned bits = 0; bits < 256; ++bits)
            for (unsigned i = 0; i < 8; ++i)
                if (bits >> i & 1) t[bits] |= std::uint64_t{255} << (8 * i);
        return t;
    }();
    std::uint8_t* to = tile.coverage.data();
    for (int y = 0; y < mask::kTileSide; ++y, to += mask::kTileSide) {
        if (rows[y] == 0 || rows[y] == kAllBits) {
            std::memset(to, rows[y] ? 255 : 0, mask::kTileSide);
            continue;
        }
        for (int half = 0; half < 2; ++half) {
            auto word = static_cast<std::uint64_t>(rows[y] >> (64 * half));
            for (int i = 0; i < 8; ++i, word >>= 8)
                std::memcpy(to + 64 * half + 8 * i, &table[word & 255], 8);
        }
    }
}

} // namespace mw::select
