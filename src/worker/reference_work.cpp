#include "image/convert.h"
#include "image/shrink.h"
#include "worker/work.h"

namespace mw::worker {

Result<edit::Reference> load_reference(const std::filesystem::path& path,
                                       const codec::DecodeLimits& limits, std::stop_token stop) {
    auto picture = codec::decode_file(path, limits, std::move(stop));
    if (!picture) return tl::unexpected(picture.error());
    const image::DisplayTransform view(picture->color);
    image::Image shown =
        picture->color ? view.to_display(picture->pixels.view()) : std::move(picture->pixels);
    const image::PixelFormat wanted = shown.format().has_alpha() ? image::kRgba8 : image::kRgb8;
    if (shown.format() != wanted) shown = image::convert(shown.view(), wanted);
    auto bytes = codec::encode(shown.view(), {}, codec::FileFormat::png);
    if (!bytes) return tl::unexpected(bytes.error());
    const Size size = shown.size();
    image::Image small = image::shrink_into(image::convert(shown.view(), image::kRgba8).view(),
                                            edit::kSmallReference);
    return edit::Reference{path.filename().string(),
                           std::make_shared<const Bytes>(std::move(*bytes)), "image/png", size,
                           std::make_shared<const image::Image>(std::move(small))};
}

} // namespace mw::worker
