#include "mask/tile_pack.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "mask/tile_pool.h"

namespace mw::mask {
namespace {

constexpr std::size_t kBytes = sizeof(MaskTile::coverage);
constexpr std::size_t kWorthARun = 4, kLongestRun = 32768, kMostLiterals = 128;

std::size_t run_at(const std::uint8_t* from, std::size_t most) {
    std::size_t n = 1;
    for (; n + 8 <= most; n += 8) // as long as eight bytes equal those one before
        if (std::memcmp(from + n, from + n - 1, 8) != 0) break;
    while (n < most && from[n] == from[0])
        ++n;
    return n;
}

} // namespace

std::vector<std::uint8_t> packed(const MaskTile& tile) {
    const std::uint8_t* from = tile.coverage.data();
    std::vector<std::uint8_t> out;
    std::size_t literals = 0; // just before x, not written yet
    const auto flush = [&](std::size_t x) {
        while (literals > 0) {
            const std::size_t n = std::min(literals, kMostLiterals);
            out.push_back(static_cast<std::uint8_t>(n - 1));
            out.insert(out.end(), from + x - literals, from + x - literals + n);
            literals -= n;
        }
    };
    for (std::size_t x = 0; x < kBytes;) {
        const std::size_t n = run_at(from + x, std::min(kBytes - x, kLongestRun));
        if (n < kWorthARun) {
            literals += n;
            x += n;
            continue;
        }
        flush(x);
        out.push_back(static_cast<std::uint8_t>(128 + (n - 1) / 256));
        out.push_back(static_cast<std::uint8_t>((n - 1) % 256));
        out.push_back(from[x]);
        x += n;
    }
    flush(kBytes);
    out.shrink_to_fit();
    return out;
}

std::shared_ptr<MaskTile> unpacked(const std::vector<std::uint8_t>& bytes) {
    auto tile = new_tile();
    std::uint8_t* to = tile->coverage.data();
    std::uint8_t* const end = to + kBytes;
    for (std::size_t i = 0; i < bytes.size() && to < end;) {
        const std::size_t room = static_cast<std::size_t>(end - to);
        if (bytes[i] < 128) {
            const std::size_t n = std::min<std::size_t>(bytes[i] + 1u, room);
            std::memcpy(to, bytes.data() + i + 1, n);
            to += n;
            i += n + 1;
        } else {
            const std::size_t n =
                std::min((bytes[i] - 128u) * 256u + bytes[i + 1] + std::size_t{1}, room);
            std::memset(to, bytes[i + 2], n);
            to += n;
            i += 3;
        }
    }
    assert(to == end);
    return tile;
}

} // namespace mw::mask
