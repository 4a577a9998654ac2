#include <fmt/format.h>

#include <charconv>

#include "base/hash.h"
#include "project/pack.h"
#include "project/store_core.h"

namespace mw::project {
namespace {

// Pieces of a blob have ids of their own below this.
constexpr std::int64_t kMostPieces = 1 << 16;
constexpr std::size_t kRecentBytes = 192u << 20;

} // namespace

void RecentValues::keep(std::shared_ptr<const void> value, std::size_t bytes) {
    std::list<std::pair<std::shared_ptr<const void>, std::size_t>> gone; // after the lock
    const std::lock_guard lock(mutex_);
    values_.emplace_front(std::move(value), bytes);
    bytes_ += bytes;
    while (bytes_ > kRecentBytes && values_.size() > 1) {
        bytes_ -= values_.back().second;
        gone.splice(gone.end(), values_, std::prev(values_.end()));
    }
}

std::string hex_of(std::span<const std::byte> digest) {
    std::string out;
    for (const std::byte b : digest)
        out += fmt::format("{:02x}", std::to_integer<int>(b));
    return out;
}

Bytes digest_of(std::string_view hex) {
    Bytes out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
        out.push_back(static_cast<std::byte>(value));
    }
    return out;
}

std::string pixels_sha256(image::ImageView pixels) {
    Sha256 hash;
    const std::string head =
        fmt::format("{} {} {} {}\n", pixels.size.width, pixels.size.height, pixels.format.channels,
                    image::sample_bytes(pixels.format.type));
    hash.update(std::as_bytes(std::span(head)));
    const auto row = static_cast<std::size_t>(pixels.size.width) *
                     static_cast<std::size_t>(pixels.format.bytes());
    for (int y = 0; y < pixels.size.height; ++y)
        hash.update({pixels.row_bytes(y), row});
    return hash.finish_hex();
}

Result<std::int64_t> Store::Core::put(std::span<const std::byte> bytes) {
    const Bytes digest = digest_of(sha256_hex(bytes));
    {
        Query known(database, "SELECT id FROM blob WHERE sha256 = ?");
        auto row = known.bind(digest).next();
        if (!row) return tl::unexpected(row.error());
        if (*row) return known.integer(0);
    }
    if (bytes.size() / kPieceBytes >= kMostPieces)
        return fail(ErrorCode::too_large,
                    fmt::format("{}: a part of {} MB is too large for a project.",
                                display_path(database.path().filename()), bytes.size() >> 20));
    {
        Query add(database, "INSERT INTO blob(sha256, size, bytes) VALUES(?, ?, ?)");
        if (auto ok = add.bind(digest)
                          .bind(static_cast<std::int64_t>(bytes.size()))
                          .bind(bytes.first(std::min(bytes.size(), kPieceBytes)))
                          .run();
            !ok)
            return tl::unexpected(ok.error());
    }
    auto id = database.number("SELECT last_insert_rowid()");
    if (!id) return id;
    std::int64_t piece = *id * kMostPieces;
    for (std::size_t at = kPieceBytes; at < bytes.size(); at += kPieceBytes) {
        Query more(database, "INSERT INTO piece(id, blob, bytes) VALUES(?, ?, ?)");
        if (auto ok = more.bind(piece++)
                          .bind(*id)
                          .bind(bytes.subspan(at, std::min(bytes.size() - at, kPieceBytes)))
                          .run();
            !ok)
            return tl::unexpected(ok.error());
    }
    return id;
}

Result<Bytes> Store::Core::get(std::int64_t blob, std::uint64_t most_bytes) {
    const auto damaged = fail(ErrorCode::corrupt, "a stored part is damaged");
    Bytes out, digest;
    std::uint64_t whole = 0;
    {
        Query query(database, "SELECT size, sha256, bytes FROM blob WHERE id = ?");
        auto row = query.bind(blob).next();
        if (!row) return tl::unexpected(row.error());
        if (!*row || query.integer(0) < 0) return damaged;
        whole = static_cast<std::uint64_t>(query.integer(0));
        if (whole > most_bytes)
            return fail(ErrorCode::too_large, "a stored part is larger than expected");
        const auto bytes = query.blob(2);
        if (bytes.size() != std::min<std::uint64_t>(whole, kPieceBytes)) return damaged;
        const auto sum = query.blob(1);
        digest.assign(sum.begin(), sum.end());
        out.assign(bytes.begin(), bytes.end());
    }
    if (whole > kPieceBytes) {
        Query pieces(database, "SELECT bytes FROM piece WHERE id >= ? AND id < ? ORDER BY id");
        pieces.bind(blob * kMostPieces).bind((blob + 1) * kMostPieces);
        for (;;) {
            auto row = pieces.next();
            if (!row) return tl::unexpected(row.error());
            if (!*row) break;
            const auto bytes = pieces.blob(0);
            if (bytes.size() > whole - out.size()) return damaged;
            out.insert(out.end(), bytes.begin(), bytes.end());
        }
    }
    if (out.size() != whole || digest_of(sha256_hex(out)) != digest) return damaged;
    return out;
}

Result<std::int64_t> Store::Core::put_mask(const mask::Mask& mask) {
    return put(pack_mask(mask));
}

Result<mask::Mask> Store::Core::get_mask(std::int64_t blob) {
    auto bytes = get(blob, 1ull << 31);
    if (!bytes) return tl::unexpected(bytes.error());
    return unpack_mask(*bytes, size);
}

} // namespace mw::project
