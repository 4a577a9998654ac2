#include "report/embed_picture.h"

#include "codec/codec.h"
#include "compare/pictures.h"

namespace mw::report {
namespace {

Result<std::string> url_of(image::ImageView rgb, int quality) {
    codec::EncodeOptions options;
    options.webp_lossless = quality >= 100;
    options.jpeg_quality = quality;
    auto bytes = codec::encode(rgb, {}, codec::FileFormat::webp, options);
    if (!bytes) return tl::unexpected(bytes.error());
    return "data:image/webp;base64," + base64(*bytes);
}

} // namespace

std::string base64(std::span<const std::byte> bytes) {
    constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t word = 0;
        for (std::size_t k = 0; k < 3; ++k)
            word = word << 8 | (k < n ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= n ? kDigits[word >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

Result<std::string> picture_url(image::ImageView picture, const image::DisplayTransform& view,
                                int max_side, int quality) {
    auto shown = compare::shown_picture(picture, view, max_side);
    if (!shown) return tl::unexpected(shown.error());
    return url_of(shown->view(), quality);
}

Result<std::string> detail_url(image::ImageView picture, const image::DisplayTransform& view,
                               const Rect& part, int side) {
    const image::Image cut = image::extract_reflected(picture, part);
    auto shown = compare::shown_picture(cut.view(), view, part.size().longer_side());
    if (!shown) return tl::unexpected(shown.error());
    const int times = std::max(1, side / std::max(1, part.size().longer_side()));
    image::Image large({part.width * times, part.height * times}, image::kRgb8);
    for (int y = 0; y < large.height(); ++y)
        for (int x = 0; x < large.width(); ++x)
            std::copy_n(shown->view().pixel<std::uint8_t>(x / times, y / times), 3,
                        large.span().pixel<std::uint8_t>(x, y));
    return url_of(large.view(), 100);
}

} // namespace mw::report
