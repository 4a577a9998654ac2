#include "mask/disc_rows.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <tuple>

#include "base/clones.h"

namespace mw::mask {
namespace {

int drop_at(double radius, int dx, int dy) {
    const double d = std::sqrt(double(dx) * dx + double(dy) * dy);
    return d <= radius ? 0 : static_cast<int>(255 * std::min(d - radius, 1.0) + 0.5);
}

int log2_of(int length) { // floor
    return std::bit_width(static_cast<unsigned>(length)) - 1;
}

MW_CLONES void max_into(std::uint8_t* __restrict out, const std::uint8_t* a, const std::uint8_t* b,
                        int n) {
    for (int x = 0; x < n; ++x)
        out[x] = std::max(a[x], b[x]);
}

int levels_for(const Disc& disc) {
    return log2_of(2 * disc.any.front() + 1) + 1;
}
std::ptrdiff_t stride_for(int width) {
    return width + 2 * kGrowBlock; // whole blocks may be read beyond a run
}

} // namespace

Disc make_disc(double radius, int width, int height) {
    Disc disc;
    disc.radius = radius;
    const int reach = static_cast<int>(std::ceil(radius + 1)) - 1;
    for (int dy = 0; dy <= std::min(reach, height); ++dy) {
        DiscRow row;
        // Everything well inside the circle is flat; start just before its edge.
        const double inside = radius * radius - double(dy) * dy;
        int dx = inside > 4 ? static_cast<int>(std::sqrt(inside)) - 1 : 0;
        while (dx <= width && drop_at(radius, dx, dy) == 0)
            ++dx;
        row.flat = dx - 1;
        for (int drop; dx <= width && (drop = drop_at(radius, dx, dy)) < 255; ++dx)
            row.drops.push_back(static_cast<std::uint8_t>(drop));
        row.near = static_cast<int>(
            std::upper_bound(row.drops.begin(), row.drops.end(), kNearDrop) - row.drops.begin());
        if (dx == 0) break;
        if (row.flat >= 0) disc.flat.push_back(std::min(row.flat, width));
        disc.any.push_back(std::min(dx - 1, width));
        disc.rows.push_back(std::move(row));
    }
    disc.reach = static_cast<int>(disc.rows.size()) - 1;
    return disc;
}

std::size_t DiscRows::bytes_per_row(const Disc& disc, int width) {
    return static_cast<std::size_t>(stride_for(width) * (levels_for(disc) + 1));
}

void DiscRows::start(const Disc& disc, int width, int rows) {
    levels_ = levels_for(disc);
    stride_ = stride_for(width);
    row_bytes_ = stride_ * (levels_ + 1);
    const auto bytes = static_cast<std::size_t>(row_bytes_) * static_cast<std::size_t>(rows);
    if (bytes_.size() < bytes) bytes_.resize(bytes);
    // The two places from which the levels give the maximum of [x - half, x + half].
    const auto places = [&](int half) {
        if (half < 0) return std::pair{levels_ * stride_, levels_ * stride_};
        const int k = log2_of(2 * half + 1);
        return std::pair{k * stride_ - half, k * stride_ + half + 1 - (1 << k)};
    };
    steps_.clear();
    for (std::size_t dy = 0; dy < disc.rows.size(); ++dy) {
        const DiscRow& row = disc.rows[dy];
        Step s{};
        std::tie(s.flat_a, s.flat_b) = places(row.flat);
        std::tie(s.wide_a, s.wide_b) = places(disc.any[dy]);
        s.first = row.flat + 1;
        s.near = row.near;
        s.count = static_cast<int>(row.drops.size());
        s.drops = row.drops.data();
        steps_.push_back(s);
    }
}

void DiscRows::build(int slot, const std::uint8_t* row, int n) {
    std::uint8_t* below = bytes_.data() + slot * row_bytes_;
    std::memcpy(below, row, static_cast<std::size_t>(n));
    std::memset(below + n, 0, static_cast<std::size_t>(stride_ - n));
    for (int k = 1; k < levels_; ++k) {
        std::uint8_t* here = below + stride_;
        const int half = 1 << (k - 1), count = std::max(n - half, 0);
        max_into(here, below, below + half, count);
        std::memcpy(here + count, below + count, static_cast<std::size_t>(stride_ - count));
        below = here;
    }
    std::memset(below + stride_, 0, static_cast<std::size_t>(stride_));
}

} // namespace mw::mask
