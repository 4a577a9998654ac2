// Pictures and files made in memory for the codec tests.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "codec/codec.h"

namespace mw::codec::test {

// Different values in every sample, the same on every machine.
image::Image pattern(Size size, image::PixelFormat format, unsigned seed = 1);

// A TIFF structure with one entry: the orientation.
Bytes exif_with_orientation(int orientation, bool big_endian = false);
// 132 bytes that look like a profile for "RGB " or "GRAY".
Bytes profile(const char* space);
Bytes bytes_of(std::string_view text);

// One chunk with length and CRC; `type` has four letters.
Bytes png_chunk(std::string_view type, const Bytes& data);
Bytes png_header(unsigned width, unsigned height, int depth, int color_type, int interlace = 0);
// Signature, header, the chunks, pixel data of `rows` (each with its filter byte), end.
Bytes png_file(const Bytes& header, const std::vector<Bytes>& chunks, const Bytes& rows);
Bytes deflated(const Bytes& raw);

Result<Picture> open(const Bytes& file, const DecodeLimits& limits = {}, std::stop_token stop = {});

// A folder of its own, gone at the end.
class Scratch {
  public:
    Scratch();
    ~Scratch();
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

} // namespace mw::codec::test
