#include "project/pack.h"

#include <zstd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "mask/tile_pool.h"

namespace mw::project {
namespace {

constexpr int kMostSide = 1 << 20;

tl::unexpected<Error> damaged() {
    return fail(ErrorCode::corrupt, "stored pixels are damaged");
}

struct Freed {
    void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
    void operator()(ZSTD_DCtx* c) const { ZSTD_freeDCtx(c); }
};

void put32(std::byte* to, std::uint32_t value) {
    for (int i = 0; i < 4; ++i)
        to[i] = static_cast<std::byte>(value >> (8 * i));
}
std::uint32_t get32(const std::byte* from) {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i)
        value |= std::to_integer<std::uint32_t>(from[i]) << (8 * i);
    return value;
}

// --- rows of pixels. Header: width, height, channels, sample bytes (each 32 bit, little endian);
// then for each row one byte (0 as it is, 1 left, 2 up) and its bytes, the k-th byte of every
// sample together.
constexpr std::size_t kHeader = 16;

using Row = std::uint8_t;

// dst = src minus its left neighbour `step` before, or minus the row above.
void difference(const Row* src, const Row* above, Row* dst, std::size_t n, std::size_t step,
                int way) {
    if (way == 0) {
        std::memcpy(dst, src, n);
    } else if (way == 1) {
        for (std::size_t i = 0; i < std::min(step, n); ++i)
            dst[i] = src[i];
        for (std::size_t i = step; i < n; ++i)
            dst[i] = static_cast<Row>(src[i] - src[i - step]);
    } else {
        for (std::size_t i = 0; i < n; ++i)
            dst[i] = static_cast<Row>(src[i] - above[i]);
    }
}

void undo_difference(Row* row, const Row* above, std::size_t n, std::size_t step, int way) {
    if (way == 1)
        for (std::size_t i = step; i < n; ++i)
            row[i] = static_cast<Row>(row[i] + row[i - step]);
    else if (way == 2)
        for (std::size_t i = 0; i < n; ++i)
            row[i] = static_cast<Row>(row[i] + above[i]);
}

std::uint64_t roughness(const Row* row, std::size_t n) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += static_cast<std::uint64_t>(std::abs(static_cast<std::int8_t>(row[i])));
    return sum;
}

// The k-th bytes of all samples side by side, so that high bytes pack with high bytes.
void split_bytes(const std::byte* from, Row* to, std::size_t samples, std::size_t width) {
    for (std::size_t k = 0; k < width; ++k)
        for (std::size_t i = 0; i < samples; ++i)
            to[k * samples + i] = std::to_integer<Row>(from[i * width + k]);
}
void join_bytes(const Row* from, std::byte* to, std::size_t samples, std::size_t width) {
    if (width == 1) {
        std::memcpy(to, from, samples);
        return;
    }
    for (std::size_t k = 0; k < width; ++k)
        for (std::size_t i = 0; i < samples; ++i)
            to[i * width + k] = static_cast<std::byte>(from[k * samples + i]);
}

// Beyond the mask's edge there is nothing, whatever a file says.
void clip_tile(mask::MaskTile& tile, Size inside) {
    for (int y = 0; y < mask::kTileSide; ++y) {
        std::uint8_t* row = tile.coverage.data() + std::ptrdiff_t{y} * mask::kTileSide;
        const int from = y < inside.height ? inside.width : 0;
        std::memset(row + from, 0, static_cast<std::size_t>(mask::kTileSide - from));
    }
}

} // namespace

Bytes pack_bytes(std::span<const std::byte> bytes, int level) {
    thread_local const std::unique_ptr<ZSTD_CCtx, Freed> context(ZSTD_createCCtx());
    ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    Bytes out(ZSTD_compressBound(bytes.size()));
    const std::size_t n =
        ZSTD_compress2(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(n)) throw std::bad_alloc(); // nothing else can fail here
    out.resize(n);
    out.shrink_to_fit();
    return out;
}

Result<Bytes> unpack_bytes(std::span<const std::byte> bytes, std::uint64_t most_bytes) {
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) return damaged();
    if (size > most_bytes)
        return fail(ErrorCode::too_large, "stored pixels are larger than expected");
    thread_local const std::unique_ptr<ZSTD_DCtx, Freed> context(ZSTD_createDCtx());
    Bytes out(static_cast<std::size_t>(size));
    const std::size_t n =
        ZSTD_decompressDCtx(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(n) || n != out.size()) return damaged();
    return out;
}

Bytes pack_image(image::ImageView pixels) {
    const auto width = static_cast<std::size_t>(image::sample_bytes(pixels.format.type));
    const auto samples = static_cast<std::size_t>(pixels.size.width) *
                         static_cast<std::size_t>(pixels.format.channels);
    const std::size_t n = samples * width;
    const auto rows = static_cast<std::size_t>(pixels.size.height);
    Bytes plain(kHeader + rows * (n + 1));
    put32(&plain[0], static_cast<std::uint32_t>(pixels.size.width));
    put32(&plain[4], static_cast<std::uint32_t>(pixels.size.height));
    put32(&plain[8], static_cast<std::uint32_t>(pixels.format.channels));
    put32(&plain[12], static_cast<std::uint32_t>(width));
    std::vector<Row> now(n), above(n, 0), tried(n), best(n);
    std::byte* to = plain.data() + kHeader;
    for (int y = 0; y < pixels.size.height; ++y) {
        split_bytes(pixels.row_bytes(y), now.data(), samples, width);
        std::uint64_t least = ~0ull;
        int chosen = 0;
        for (int way = 0; way < 3; ++way) {
            difference(now.data(), above.data(), tried.data(), n,
                       static_cast<std::size_t>(pixels.format.channels), way);
            const std::uint64_t rough = roughness(tried.data(), n);
            if (rough >= least) continue;
            least = rough;
            chosen = way;
            best.swap(tried);
        }
        *to++ = static_cast<std::byte>(chosen);
        if (n > 0) std::memcpy(to, best.data(), n);
        to += n;
        now.swap(above);
    }
    return pack_bytes(plain);
}

Result<image::Image> unpack_image(std::span<const std::byte> bytes, std::uint64_t most_bytes) {
    // A byte more for each row, and a row has at least one.
    auto plain = unpack_bytes(bytes, 2 * most_bytes + kHeader);
    if (!plain) return tl::unexpected(plain.error());
    if (plain->size() < kHeader) return damaged();
    const std::uint32_t w = get32(&(*plain)[0]), h = get32(&(*plain)[4]);
    const std::uint32_t channels = get32(&(*plain)[8]), width = get32(&(*plain)[12]);
    if (w > kMostSide || h > kMostSide || channels < 1 || channels > 4 ||
        (width != 1 && width != 2 && width != 4))
        return damaged();
    const std::size_t samples = std::size_t{w} * channels, n = samples * width;
    if (plain->size() != kHeader + std::size_t{h} * (n + 1)) return damaged();
    if (std::uint64_t{h} * n > most_bytes)
        return fail(ErrorCode::too_large, "stored pixels are larger than expected");
    const image::PixelFormat format{static_cast<int>(channels), width == 1 ? image::SampleType::u8
                                                                : width == 2
                                                                    ? image::SampleType::u16
                                                                    : image::SampleType::f32};
    auto out = image::Image::try_create({static_cast<int>(w), static_cast<int>(h)}, format);
    if (!out) return tl::unexpected(out.error());
    const std::vector<Row> zeros(n, 0);
    const Row* above = zeros.data();
    auto* from = reinterpret_cast<Row*>(plain->data() + kHeader);
    for (std::uint32_t y = 0; y < h; ++y, from += n) {
        const int way = *from++;
        if (way > 2) return damaged();
        undo_difference(from, above, n, channels, way);
        join_bytes(from, out->span().row_bytes(static_cast<int>(y)), samples, width);
        above = from;
    }
    return out;
}

Bytes pack_tile(const mask::MaskTile& tile) {
    return pack_bytes(std::as_bytes(std::span(tile.coverage)));
}

Result<mask::TileRef> unpack_tile(std::span<const std::byte> bytes, Size inside) {
    auto plain = unpack_bytes(bytes, sizeof(mask::MaskTile));
    if (!plain) return tl::unexpected(plain.error());
    auto tile = mask::new_tile();
    if (plain->size() != tile->coverage.size()) return damaged();
    std::memcpy(tile->coverage.data(), plain->data(), plain->size());
    clip_tile(*tile, inside);
    return mask::TileRef(std::move(tile));
}

// Width, height, then for each tile that is not empty its number (32 bit, the top bit set when it
// is full) and, when it is not full, its bytes.
Bytes pack_mask(const mask::Mask& mask) {
    constexpr std::size_t kTile = sizeof(mask::MaskTile::coverage);
    Bytes plain(8);
    put32(&plain[0], static_cast<std::uint32_t>(mask.size().width));
    put32(&plain[4], static_cast<std::uint32_t>(mask.size().height));
    for (int ty = 0; ty < mask.tiles_y(); ++ty)
        for (int tx = 0; tx < mask.tiles_x(); ++tx) {
            const mask::TileRef& tile = mask.tile(tx, ty);
            if (!tile) continue;
            const bool full = tile == mask::full_tile();
            const std::size_t at = plain.size();
            plain.resize(at + 4 + (full ? 0 : kTile));
            put32(&plain[at],
                  static_cast<std::uint32_t>(ty * mask.tiles_x() + tx) | (full ? 1u << 31 : 0u));
            if (!full) std::memcpy(&plain[at + 4], tile->coverage.data(), kTile);
        }
    return pack_bytes(plain);
}

Result<mask::Mask> unpack_mask(std::span<const std::byte> bytes, Size size) {
    constexpr std::size_t kTile = sizeof(mask::MaskTile::coverage);
    mask::Mask mask(size);
    const auto tiles =
        static_cast<std::uint64_t>(mask.tiles_x()) * static_cast<std::uint64_t>(mask.tiles_y());
    auto plain = unpack_bytes(bytes, 8 + tiles * (kTile + 4));
    if (!plain) return tl::unexpected(plain.error());
    if (plain->size() < 8 || get32(&(*plain)[0]) != static_cast<std::uint32_t>(size.width) ||
        get32(&(*plain)[4]) != static_cast<std::uint32_t>(size.height))
        return damaged();
    for (std::size_t at = 8; at < plain->size();) {
        if (plain->size() - at < 4) return damaged();
        const std::uint32_t head = get32(&(*plain)[at]), number = head & ~(1u << 31);
        at += 4;
        if (number >= tiles) return damaged();
        const int tx = static_cast<int>(number) % mask.tiles_x(),
                  ty = static_cast<int>(number) / mask.tiles_x();
        if (head >> 31 != 0) {
            if (mask.tile_rect(tx, ty).area() != kTile) return damaged();
            mask.set_tile(tx, ty, mask::full_tile());
            continue;
        }
        if (plain->size() - at < kTile) return damaged();
        auto tile = mask::new_tile();
        std::memcpy(tile->coverage.data(), &(*plain)[at], kTile);
        at += kTile;
        clip_tile(*tile, mask.tile_rect(tx, ty).size());
        mask.set_tile(tx, ty, std::move(tile));
    }
    return mask;
}

} // namespace mw::project
