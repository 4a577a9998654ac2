#include "provider/upload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "codec/codec.h"

namespace mw::provider {
namespace {

using image::Image;
using image::ImageView;

// Every block of `side` x `side` pixels with something in it, whole.
Image in_blocks(ImageView binary, int side) {
    Image out(binary.size, image::kGray8);
    const auto w = static_cast<std::size_t>(binary.size.width);
    std::vector<std::uint8_t> cells(w / static_cast<std::size_t>(side) + 1);
    for (int top = 0; top < binary.size.height; top += side) {
        const int bottom = std::min(top + side, binary.size.height);
        std::fill(cells.begin(), cells.end(), std::uint8_t{0});
        for (int y = top; y < bottom; ++y) {
            const auto* row = binary.row<std::uint8_t>(y);
            for (std::size_t x = 0; x < w; ++x)
                if (row[x]) cells[x / static_cast<std::size_t>(side)] = 255;
        }
        for (int y = top; y < bottom; ++y)
            for (std::size_t x = 0; x < w; ++x)
                out.span().row<std::uint8_t>(y)[x] = cells[x / static_cast<std::size_t>(side)];
    }
    return out;
}

} // namespace

Image mask_picture(ImageView binary, edit::MaskPolarity polarity) {
    using edit::MaskPolarity;
    const bool rgba =
        polarity == MaskPolarity::alpha_zero_edits || polarity == MaskPolarity::alpha_opaque_edits;
    const std::uint8_t edit_alpha = polarity == MaskPolarity::alpha_opaque_edits ? 255 : 0;
    const std::uint8_t edit_grey = polarity == MaskPolarity::black_edits ? 0 : 255;
    Image out(binary.size, rgba ? image::kRgba8 : image::kGray8);
    for (int y = 0; y < binary.size.height; ++y) {
        const auto* from = binary.row<std::uint8_t>(y);
        auto* to = out.span().row<std::uint8_t>(y);
        for (int x = 0; x < binary.size.width; ++x) {
            const bool edit = from[x] > 0;
            const auto grey = static_cast<std::uint8_t>(edit ? edit_grey : 255 - edit_grey);
            if (!rgba) {
                to[x] = grey;
                continue;
            }
            std::memset(to + 4 * x, grey, 3);
            to[4 * x + 3] = static_cast<std::uint8_t>(edit ? edit_alpha : 255 - edit_alpha);
        }
    }
    return out;
}

Result<Upload> encode_pixels(const edit::EditRequest& request) {
    auto bytes = codec::encode(request.pixels->view(), {}, codec::FileFormat::png);
    if (!bytes) return tl::unexpected(bytes.error());
    return Upload{std::move(*bytes), "image/png", {}};
}

Result<Upload> encode_mask(const edit::EditRequest& request, const edit::ModelCapabilities& model) {
    Upload upload;
    upload.media_type = "image/png";
    std::size_t size = 0;
    for (const int block : {1, 2, 4, 8}) {
        const Image coarse = block > 1 ? in_blocks(request.mask->view(), block) : Image{};
        const Image picture =
            mask_picture(block > 1 ? coarse.view() : request.mask->view(), model.mask_polarity);
        // The fast level first: nearly every mask is tiny at any. The slowest would save another
        // third of pure noise, but takes fifteen seconds of it.
        for (const int level : {1, 4}) {
            codec::EncodeOptions options;
            options.png_compression = level;
            auto bytes = codec::encode(picture.view(), {}, codec::FileFormat::png, options);
            if (!bytes) return tl::unexpected(bytes.error());
            size = bytes->size();
            if (model.max_mask_bytes > 0 && size > static_cast<std::size_t>(model.max_mask_bytes))
                continue;
            if (block > 1)
                upload.notes.push_back(
                    fmt::format("the mask is too fine for a file of {} bytes, the most that {} "
                                "takes; it is sent in blocks of {} x {} pixels. What is grafted "
                                "keeps to your own mask",
                                model.max_mask_bytes, model.id, block, block));
            upload.bytes = std::move(*bytes);
            return upload;
        }
    }
    return fail(ErrorCode::too_large,
                fmt::format("The mask makes a file of {} bytes even in blocks of 8 pixels, but {} "
                            "takes at most {}; nothing was sent. Mark a smaller or simpler part.",
                            size, model.id, model.max_mask_bytes));
}

} // namespace mw::provider
