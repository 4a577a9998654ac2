#include "composite/proof.h"

#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

namespace mw::composite {
namespace {

constexpr int kBand = 128; // rows of coverage held at a time

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

// The picture's row y from x on, as it is under the patch.
const std::byte* laid_row(image::ImageView source, const Patch* patch, const Rect& rect, int y,
                          std::vector<std::byte>& buffer) {
    const std::ptrdiff_t pixel = source.format.bytes();
    const std::byte* row = source.row_bytes(y) + rect.x * pixel;
    if (!patch) return row;
    const Rect here = intersect(rect, patch->rect);
    if (y < here.y || y >= here.bottom()) return row;
    buffer.assign(row, row + rect.width * pixel);
    std::memcpy(
        buffer.data() + (here.x - rect.x) * pixel,
        patch->pixels->view().row_bytes(y - patch->rect.y) + (here.x - patch->rect.x) * pixel,
        static_cast<std::size_t>(here.width * pixel));
    return buffer.data();
}

void feed(Sha256& hash, const std::byte* from, std::ptrdiff_t bytes) {
    if (bytes > 0) hash.update({from, static_cast<std::size_t>(bytes)});
}

void hash_rows(Sha256& hash, image::ImageView source, int begin, int end) {
    const std::ptrdiff_t bytes = std::ptrdiff_t{source.size.width} * source.format.bytes();
    for (int y = begin; y < end; ++y)
        feed(hash, source.row_bytes(y), bytes);
}

// The rows of the declared region, without what it covers.
void hash_region(Sha256& hash, image::ImageView source, const Patch* patch,
                 const mask::Mask& declared, const Rect& rect) {
    const std::ptrdiff_t pixel = source.format.bytes();
    std::vector<std::byte> laid, kept(static_cast<std::size_t>(rect.width * pixel));
    image::Image coverage;
    for (int y = rect.y; y < rect.bottom(); ++y) {
        const int row = (y - rect.y) % kBand;
        if (row == 0)
            coverage = declared.read({rect.x, y, rect.width, std::min(kBand, rect.bottom() - y)});
        feed(hash, source.row_bytes(y), rect.x * pixel);
        const std::byte* middle = laid_row(source, patch, rect, y, laid);
        const auto* covered = coverage.view().row<std::uint8_t>(row);
        std::byte* to = kept.data();
        for (int x = 0; x < rect.width;) {
            const int first = x;
            while (x < rect.width && !covered[x])
                ++x;
            std::memcpy(to, middle + first * pixel, static_cast<std::size_t>((x - first) * pixel));
            to += (x - first) * pixel;
            while (x < rect.width && covered[x])
                ++x;
        }
        feed(hash, kept.data(), to - kept.data());
        feed(hash, source.row_bytes(y) + rect.right() * pixel,
             (source.size.width - rect.right()) * pixel);
    }
}

void count_changes(image::ImageView source, const Patch& patch, const mask::Mask& declared,
                   GraftReport& report) {
    const int pixel = source.format.bytes();
    const Rect rect = patch.rect;
    image::Image coverage;
    report.changed_inside_mask = report.changed_outside_mask = 0;
    for (int y = 0; y < rect.height; ++y) {
        if (y % kBand == 0)
            coverage =
                declared.read({rect.x, rect.y + y, rect.width, std::min(kBand, rect.height - y)});
        const std::byte* before = source.row_bytes(rect.y + y) + std::ptrdiff_t{rect.x} * pixel;
        const std::byte* after = patch.pixels->view().row_bytes(y);
        const auto length = static_cast<std::size_t>(rect.width) * std::size_t(pixel);
        if (std::memcmp(before, after, length) == 0) continue;
        const auto* covered = coverage.view().row<std::uint8_t>(y % kBand);
        for (int x = 0; x < rect.width; ++x) {
            const std::ptrdiff_t at = std::ptrdiff_t{x} * pixel;
            if (std::memcmp(before + at, after + at, std::size_t(pixel)) == 0) continue;
            const std::int64_t n = differing(before + at, after + at, source.format);
            (covered[x] ? report.changed_inside_mask : report.changed_outside_mask) += n;
        }
    }
}

} // namespace

Proof::Proof(image::ImageView source, mask::Mask declared)
    : source_(source),
      declared_(std::move(declared)),
      // All of it, which may reach beyond a patch: its pixels there are declared, not outside.
      rect_(intersect(declared_.bounds(), source.rect())) {}

void Proof::hash_source() {
    Sha256 hash = *before_;
    hash_region(hash, source_, nullptr, declared_, rect_);
    after_ = Sha256(hash).finish_hex();
    hash_rows(hash, source_, rect_.bottom(), source_.size.height);
    whole_ = hash.finish_hex();
}

void Proof::prove(const Patch& patch, GraftReport& report) {
    count_changes(source_, patch, declared_, report);
    if (!before_) {
        before_.emplace();
        hash_rows(*before_, source_, 0, rect_.y);
    }
    // Not on the pool of parallel_for: OpenSSL keeps state for each thread, and its clean-up at the
    // end of the program comes before the pool's threads end.
    std::jthread other;
    if (whole_.empty()) {
        try {
            other = std::jthread([this] { hash_source(); });
        } catch (const std::system_error&) { // no thread to be had: one after the other
            hash_source();
        }
    }
    Sha256 hash = *before_;
    hash_region(hash, source_, &patch, declared_, rect_);
    const std::string after = Sha256(hash).finish_hex();
    if (other.joinable()) other.join();
    report.outside_sha256_before = whole_;
    if (after == after_) {
        report.outside_sha256 = whole_;
    } else {
        hash_rows(hash, source_, rect_.bottom(), source_.size.height);
        report.outside_sha256 = hash.finish_hex();
    }
}

} // namespace mw::composite
