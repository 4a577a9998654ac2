// Headers of OpenEXR files ("OpenEXR File Layout", openexr.com), read by ourselves: what is claimed
// is checked before the library allocates for it, and attributes are kept as they are, known or
// not.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "codec/byte_reader.h"

namespace mw::codec {

enum class ExrSample : std::uint8_t { whole = 0, half = 1, single = 2 };
constexpr std::size_t exr_sample_bytes(ExrSample s) {
    return s == ExrSample::half ? 2 : 4;
}

struct ExrChannel {
    std::string name;
    ExrSample type = ExrSample::half;
    bool linear = false; // to the eye; a hint for lossy packing
    int x_sampling = 1, y_sampling = 1;
};

// Inclusive, as in the file. Sides fit an int.
struct ExrBox {
    std::int64_t min_x = 0, min_y = 0, max_x = 0, max_y = 0;

    bool operator==(const ExrBox&) const = default;
    std::int64_t width() const { return max_x - min_x + 1; }
    std::int64_t height() const { return max_y - min_y + 1; }
    bool contains(const ExrBox& b) const {
        return min_x <= b.min_x && min_y <= b.min_y && max_x >= b.max_x && max_y >= b.max_y;
    }
    ExrBox united(const ExrBox& b) const;
};

// How many samples a subsampled channel has from `first` to `last`.
std::int64_t exr_samples(std::int64_t first, std::int64_t last, int sampling);

struct ExrAttribute {
    std::string name, type;
    ByteSpan value;
};

struct ExrHeader {
    std::vector<ExrAttribute> attributes; // those below as well
    std::vector<ExrChannel> channels;     // sorted by name
    ExrBox data, display;
    int compression = 0, line_order = 0;
    struct Tiles {
        std::uint32_t width = 0, height = 0;
        int mode = 0; // low four bits: 0 one level, 1 mipmaps, 2 ripmaps
    };
    std::optional<Tiles> tiles;
    std::string type; // of a part: "scanlineimage", "tiledimage", "deepscanline", "deeptile", ...
    ByteSpan bytes;   // all attributes with the zero that ends them

    const ExrAttribute* find(std::string_view name) const;
    std::optional<float> number(std::string_view name) const; // of type float
    std::string text(std::string_view name) const;            // of type string; else empty
    // CIE xy of red, green, blue, white; those of Rec. 709 when the file names none.
    std::array<float, 8> chromaticities() const;
};

// Reads one header from the start of `bytes`. Errors read as the rest of a sentence about the file.
Result<ExrHeader> read_exr_header(ByteSpan bytes);

struct ExrFile {
    std::vector<ExrHeader> parts; // at least one
    bool multi_part = false, tiled = false, deep = false;
    std::size_t bytes_after = 0; // the headers
};
Result<ExrFile> read_exr_file(ByteSpan file);
// That the tables of chunks, which the claimed sizes ask for, fit in what follows the headers.
Status check_exr_tables(const ExrFile& file);

// The samples of a file that are the picture, and the others.
struct ExrLayout {
    enum class Kind : std::uint8_t { rgb, grey, luma_chroma };
    Kind kind = Kind::rgb;
    std::string prefix; // of the layer, "beauty." or empty
    // Index into header.channels for each channel of the picture; -1: not in the file.
    std::vector<int> main;
    std::vector<int> others;

    int channels() const { return static_cast<int>(main.size()); }
    // The same with the alpha channel among the others: some programs store one that is 0
    // everywhere and means nothing.
    ExrLayout without_alpha() const;
    bool has_alpha() const { return main.size() == 2 || main.size() == 4; }
    // How a channel of the picture is called and stored when it is written: luminance/chroma
    // becomes RGB of half, whole numbers float.
    std::string name(const ExrHeader& header, std::size_t channel) const;
    ExrSample type(const ExrHeader& header, std::size_t channel) const;
};
// Nothing when the header has no colours.
std::optional<ExrLayout> exr_layout(const ExrHeader& header);

} // namespace mw::codec
