#include <cstring>
#include <system_error>
#include <thread>

#include "base/hash.h"
#include "composite/context.h"

namespace mw::composite {
namespace {

template <class T>
std::int64_t differing(const std::byte* a, const std::byte* b, int samples) {
    std::int64_t count = 0;
    for (int i = 0; i < samples; ++i) // bits, not values: -0 and 0 differ, a NaN equals itself
        count += std::memcmp(a + i * int{sizeof(T)}, b + i * int{sizeof(T)}, sizeof(T)) != 0;
    return count;
}

std::int64_t differing(const std::byte* a, const std::byte* b, image::PixelFormat format) {
    switch (image::sample_bytes(format.type)) {
        case 1:
            return differing<std::uint8_t>(a, b, format.channels);
        case 2:
            return differing<std::uint16_t>(a, b, format.channels);
        default:
            return differing<float>(a, b, format.channels);
    }
}

void count_changes(image::ImageView source, const Patch& patch, image::ImageView coverage,
                   GraftReport& report) {
    const int pixel = source.format.bytes();
    for (int y = 0; y < patch.rect.height; ++y) {
        const std::byte* before =
            source.row_bytes(patch.rect.y + y) + std::ptrdiff_t{patch.rect.x} * pixel;
        const std::byte* after = patch.pixels->view().row_bytes(y);
        const auto length = static_cast<std::size_t>(patch.rect.width) * std::size_t(pixel);
        if (std::memcmp(before, after, length) == 0) continue;
        const auto* covered = coverage.row<std::uint8_t>(y);
        for (int x = 0; x < patch.rect.width; ++x) {
            const std::ptrdiff_t at = std::ptrdiff_t{x} * pixel;
            if (std::memcmp(before + at, after + at, std::size_t(pixel)) == 0) continue;
            const std::int64_t n = differing(before + at, after + at, source.format);
            (covered[x] ? report.changed_inside_mask : report.changed_outside_mask) += n;
        }
    }
}

// The samples where the mask is 0, row by row, of the source or of the source under the patch.
std::string hash_outside(image::ImageView source, const Patch* patch, const Rect& rect,
                         image::ImageView coverage) {
    Sha256 hash;
    const std::ptrdiff_t pixel = source.format.bytes();
    const auto feed = [&](const std::byte* from, int pixels) {
        hash.update({from, static_cast<std::size_t>(pixels * pixel)});
    };
    for (int y = 0; y < source.size.height; ++y) {
        const std::byte* row = source.row_bytes(y);
        if (y < rect.y || y >= rect.bottom()) {
            feed(row, source.size.width);
            continue;
        }
        if (rect.x > 0) feed(row, rect.x);
        const std::byte* middle =
            patch ? patch->pixels->view().row_bytes(y - rect.y) : row + rect.x * pixel;
        const auto* covered = coverage.row<std::uint8_t>(y - rect.y);
        for (int x = 0; x < rect.width;) {
            if (covered[x]) {
                ++x;
                continue;
            }
            const int first = x;
            while (x < rect.width && !covered[x])
                ++x;
            feed(middle + first * pixel, x - first);
        }
        if (rect.right() < source.size.width)
            feed(row + rect.right() * pixel, source.size.width - rect.right());
    }
    return hash.finish_hex();
}

} // namespace

void prove(image::ImageView source, const Patch& patch, const mask::Mask& mask,
           GraftReport& report) {
    // All of the mask, which may reach beyond the patch: its pixels there are declared, not
    // outside.
    const Rect rect = unite(patch.rect, intersect(mask.bounds(), source.rect()));
    const image::Image coverage = mask.read(rect);
    const image::ImageView here = coverage.view().sub(patch.rect.translated(-rect.x, -rect.y));
    report.changed_inside_mask = report.changed_outside_mask = 0;
    count_changes(source, patch, here, report);
    // Laid over the whole united rectangle, so that both hashes walk the same runs.
    Patch laid;
    if (rect != patch.rect) {
        auto pixels = std::make_shared<image::Image>(image::clone(source.sub(rect)));
        image::copy_pixels(patch.pixels->view(),
                           pixels->span().sub(patch.rect.translated(-rect.x, -rect.y)));
        laid = {rect, std::move(pixels)};
    } else {
        laid = patch;
    }
    // Not on the pool of parallel_for: OpenSSL keeps state for each thread, and its clean-up at the
    // end of the program comes before the pool's threads end.
    std::jthread other;
    try {
        other = std::jthread([&] {
            report.outside_sha256_before = hash_outside(source, nullptr, rect, coverage.view());
        });
    } catch (const std::system_error&) { // no thread to be had: one after the other
        report.outside_sha256_before = hash_outside(source, nullptr, rect, coverage.view());
    }
    report.outside_sha256 = hash_outside(source, &laid, rect, coverage.view());
    if (other.joinable()) other.join();
}

} // namespace mw::composite
