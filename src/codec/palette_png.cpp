#include "codec/palette_png.h"

#include <spng.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

namespace mw::codec {
namespace {

struct Closer {
    void operator()(spng_ctx* c) const { spng_ctx_free(c); }
    void operator()(void* p) const { std::free(p); }
};

// Colours in the order they are met, found again by their place in a table.
class Palette {
  public:
    // -1 when there is no room for one more.
    int index_of(const std::uint8_t* rgb) {
        const std::uint32_t color = rgb[0] | rgb[1] << 8 | rgb[2] << 16;
        if (color == last_) return last_index_;
        std::size_t at = color * 2654435761u >> 21;
        while (places_[at] >= 0 && colors_[static_cast<std::size_t>(places_[at])] != color)
            at = (at + 1) % places_.size();
        if (places_[at] < 0) {
            if (count_ == 256) return -1;
            colors_[static_cast<std::size_t>(count_)] = color;
            places_[at] = static_cast<std::int16_t>(count_++);
        }
        last_ = color;
        return last_index_ = places_[at];
    }
    spng_plte chunk() const {
        spng_plte out{};
        out.n_entries = static_cast<std::uint32_t>(count_);
        for (std::size_t i = 0; i < out.n_entries; ++i) {
            out.entries[i].red = static_cast<std::uint8_t>(colors_[i]);
            out.entries[i].green = static_cast<std::uint8_t>(colors_[i] >> 8);
            out.entries[i].blue = static_cast<std::uint8_t>(colors_[i] >> 16);
        }
        return out;
    }
    Palette() { places_.fill(-1); }

  private:
    std::array<std::int16_t, 2048> places_;
    std::array<std::uint32_t, 256> colors_{};
    int count_ = 0, last_index_ = 0;
    std::uint32_t last_ = ~0u;
};

} // namespace

Result<std::optional<Bytes>> encode_palette_png(image::ImageView rgb) {
    Palette palette;
    std::vector<std::uint8_t> indices(static_cast<std::size_t>(rgb.size.area()));
    std::uint8_t* to = indices.data();
    for (int y = 0; y < rgb.size.height; ++y) {
        const auto* p = rgb.row<std::uint8_t>(y);
        for (int x = 0; x < rgb.size.width; ++x, p += 3) {
            const int index = palette.index_of(p);
            if (index < 0) return std::optional<Bytes>();
            *to++ = static_cast<std::uint8_t>(index);
        }
    }
    const std::unique_ptr<spng_ctx, Closer> ctx(spng_ctx_new(SPNG_CTX_ENCODER));
    if (!ctx) return fail(ErrorCode::too_large, "Not enough memory to write a PNG.");
    spng_ihdr ihdr{static_cast<std::uint32_t>(rgb.size.width),
                   static_cast<std::uint32_t>(rgb.size.height),
                   8,
                   SPNG_COLOR_TYPE_INDEXED,
                   0,
                   0,
                   0};
    spng_plte plte = palette.chunk();
    spng_set_option(ctx.get(), SPNG_ENCODE_TO_BUFFER, 1);
    spng_set_option(ctx.get(), SPNG_IMG_COMPRESSION_LEVEL, 1);
    spng_set_option(ctx.get(), SPNG_FILTER_CHOICE, SPNG_DISABLE_FILTERING);
    int error = spng_set_ihdr(ctx.get(), &ihdr);
    if (!error) error = spng_set_plte(ctx.get(), &plte);
    if (!error)
        error = spng_encode_image(ctx.get(), indices.data(), indices.size(), SPNG_FMT_PNG,
                                  SPNG_ENCODE_FINALIZE);
    std::size_t size = 0;
    std::unique_ptr<void, Closer> buffer;
    if (!error) buffer.reset(spng_get_png_buffer(ctx.get(), &size, &error));
    if (error || !buffer)
        return fail(error == SPNG_EMEM ? ErrorCode::too_large : ErrorCode::io,
                    std::string("The PNG could not be made (") + spng_strerror(error) +
                        "); nothing was written.");
    const auto* bytes = static_cast<const std::byte*>(buffer.get());
    return std::optional(Bytes(bytes, bytes + size));
}

} // namespace mw::codec
