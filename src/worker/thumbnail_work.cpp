// Small pictures of documents, on disk for the list of recent files.
#include <cmath>
#include <cstring>

#include "base/hash.h"
#include "image/convert.h"
#include "image/shrink.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

constexpr int kBox = 256, kGlance = 96;
// What may be read for a glance.
constexpr std::uint64_t kMostGlanceBytes = 40u << 20;
constexpr std::int64_t kMostGlancePixels = 60'000'000;

// Every step-th pixel of every step-th row.
image::Image sampled(image::ImageView picture, int step) {
    const Size size{(picture.size.width + step - 1) / step,
                    (picture.size.height + step - 1) / step};
    image::Image out(size, picture.format);
    const auto bytes = static_cast<std::size_t>(picture.format.bytes());
    for (int y = 0; y < size.height; ++y) {
        const std::byte* from = picture.row_bytes(y * step);
        std::byte* to = out.span().row_bytes(y);
        for (int x = 0; x < size.width; ++x)
            std::memcpy(to + static_cast<std::size_t>(x) * bytes,
                        from + static_cast<std::size_t>(x) * static_cast<std::size_t>(step) * bytes,
                        bytes);
    }
    return out;
}

// Its longer side at most `box`, as displayed, kRgba8.
image::Image small_picture(image::ImageView picture, const image::DisplayTransform& view, int box) {
    // Three samples a pixel and side are enough for a small picture.
    const int step = std::max(1, picture.size.longer_side() / (3 * box));
    const image::Image shown =
        view.to_display(sampled(picture, step).view(), image::SampleType::u8);
    const image::Image rough = image::convert(shown.view(), image::kRgba8);
    return image::shrink_into(rough.view(), box);
}

} // namespace

std::filesystem::path thumbnail_file(const std::filesystem::path& folder,
                                     const std::filesystem::path& of) {
    const std::string& name = of.native();
    return folder / (sha256_hex(std::as_bytes(std::span(name))).substr(0, 32) + ".png");
}

Status write_thumbnail(const ThumbnailJob& job) {
    const image::Image small = small_picture(job.picture->view(), job.view, kBox);
    std::error_code ignored;
    std::filesystem::create_directories(job.file.parent_path(), ignored);
    return codec::save(job.file, small.view(), {});
}

ThumbnailsRead read_thumbnails(const ReadThumbnailsJob& job, std::stop_token stop) {
    ThumbnailsRead read;
    for (const auto& [of, file] : job.files) {
        std::error_code none;
        if (!std::filesystem::exists(file, none)) continue;
        auto picture = codec::decode_file(file, {}, stop);
        if (!picture || picture->pixels.size().longer_side() > 4 * kBox) continue;
        read.pictures[of] = std::make_shared<const image::Image>(
            image::convert(picture->pixels.view(), image::kRgba8));
    }
    return read;
}

Glanced glance_at(const GlanceJob& job, std::stop_token stop) {
    Glanced seen{job.file, nullptr};
    codec::DecodeLimits limits;
    limits.max_file_bytes = kMostGlanceBytes;
    limits.max_pixels = kMostGlancePixels;
    limits.max_seconds = 5;
    const auto picture = codec::decode_file(job.file, limits, std::move(stop));
    if (picture)
        seen.picture = std::make_shared<const image::Image>(small_picture(
            picture->pixels.view(), image::DisplayTransform(picture->color), kGlance));
    return seen;
}

} // namespace mw::worker
