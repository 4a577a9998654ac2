#include "provider/local_engine.h"

#include <cstring>

#include "codec/codec.h"
#include "image/convert.h"
#include "inpaint/coverage.h"

namespace mw::provider {

Error stopped_edit() {
    return {ErrorCode::cancelled, "The edit was cancelled; the picture is as it was."};
}

Status check_pixels(const edit::EditRequest& request) {
    const bool whole = request.pixels && !request.pixels->empty() && request.mask &&
                       request.mask->size() == request.pixels->size() &&
                       request.mask->format() == image::kGray8;
    if (!whole)
        return fail(ErrorCode::invalid_argument,
                    "The request has no pixels, or no 8-bit mask of their size; plan it again.");
    if (request.soft_mask && (request.soft_mask->size() != request.pixels->size() ||
                              request.soft_mask->format() != image::kGray8))
        return fail(ErrorCode::invalid_argument,
                    "The artist's mask has another size than the request; plan it again.");
    if (inpaint::coverage_bounds(request.mask->view()).empty())
        return fail(ErrorCode::invalid_argument,
                    "The mask is empty, so there is nothing to edit; paint over what should "
                    "change.");
    return {};
}

void keep_outside(image::Image& answer, image::ImageView picture, image::ImageView mask) {
    const auto bytes = static_cast<std::size_t>(picture.format.bytes());
    for (int y = 0; y < picture.size.height; ++y) {
        const std::uint8_t* covered = mask.row<std::uint8_t>(y);
        const std::byte* from = picture.row_bytes(y);
        std::byte* to = answer.span().row_bytes(y);
        for (std::size_t x = 0; x < static_cast<std::size_t>(picture.size.width); ++x)
            if (covered[x] == 0) std::memcpy(to + x * bytes, from + x * bytes, bytes);
    }
}

Result<edit::Answer> png_answer(const image::Image& image, std::vector<std::string>* notes) {
    codec::EncodeOptions options;
    options.png_compression = 1;
    image::ImageView view = image.view();
    image::Image narrowed;
    if (view.format.type == image::SampleType::f32) {
        narrowed = image::convert(view, {view.format.channels, image::SampleType::u16});
        view = narrowed.view();
        if (notes)
            notes->emplace_back(
                "The answer is a 16-bit PNG: float values below 0 or above 1 were clamped "
                "inside the mask.");
    }
    Result<Bytes> bytes = codec::encode(view, {}, codec::FileFormat::png, options);
    if (!bytes) return tl::unexpected(bytes.error());
    return edit::Answer{std::move(*bytes), "image/png"};
}

} // namespace mw::provider
