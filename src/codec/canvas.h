// Where a decoder puts its pixels. It asks here before it decodes: caps are checked, then memory is
// given.
#pragma once

#include <functional>

#include "codec/codec.h"

namespace mw::codec {

// A multiple of every page size.
inline constexpr std::size_t kBesideStep = 64u << 10;

class Canvas {
  public:
    // Memory for the upright picture, zeroed; nullptr when there is none. Called once at most.
    using Allocate = std::function<std::byte*(std::size_t bytes)>;
    // The same for what goes beside the picture, at this many bytes from its first.
    using AllocateBeside = std::function<std::byte*(std::size_t offset, std::size_t bytes)>;
    // Room to work for a picture of that size, before it is made.
    using Expect = std::function<void(std::size_t bytes)>;

    // The first rows of picture() are final.
    using TellRows = std::function<void(int rows)>;

    // limits.max_decoded_bytes must be given.
    Canvas(const DecodeLimits& limits, Allocate allocate, AllocateBeside beside = {},
           Expect expect = {});

    const DecodeLimits& limits() const { return limits_; }

    // What a header claims, against the limits. Errors read as the rest of a sentence whose subject
    // is the file.
    Status check(std::int64_t width, std::int64_t height, image::PixelFormat format) const;

    // check, then the memory and time that create() would allow: for a decoder that must look at
    // the pixels to know how many channels there are.
    Status expect(std::int64_t width, std::int64_t height, image::PixelFormat format) const;

    // check, then zeroed pixels to decode into, as stored in the file. `orientation` is EXIF's,
    // 1..8.
    Result<image::ImageSpan> create(std::int64_t width, std::int64_t height,
                                    image::PixelFormat format, int orientation = 1);

    // For decoders that go from the top down: so many rows of what create() gave are done. Told on
    // where it matters.
    void rows_done(int rows) {
        if (tell_rows_ && orientation_ == 1) tell_rows_(rows);
    }
    void on_rows(TellRows tell) { tell_rows_ = std::move(tell); }

    // Zeroed memory for what the picture has no channels for; nullptr when there is none or the
    // limit would be passed. After create(), as often as needed: each piece begins at the next
    // multiple of kBesideStep, counted from the first. It comes to the other side as one.
    std::byte* beside(std::size_t bytes);
    std::size_t beside_bytes() const { return beside_bytes_; }
    // Where the first piece lies, after a picture of so many bytes.
    static std::uint64_t beside_offset(std::uint64_t picture_bytes);

    // Turns the decoded pixels upright. Call once, after decoding.
    Status finish();

    // The upright picture; empty before create().
    image::ImageSpan picture() const { return picture_; }

  private:
    DecodeLimits limits_;
    Allocate allocate_;
    AllocateBeside allocate_beside_;
    Expect expect_;
    TellRows tell_rows_;
    std::size_t beside_bytes_ = 0;
    image::Image unturned_;
    image::ImageSpan picture_;
    int orientation_ = 1;
};

// min(25 % of RAM, 4 GiB).
std::uint64_t default_decode_budget();

// Copies `source` into `target` so that a picture of EXIF orientation 1..8 is upright; from 5 on
// the sides of `target` are swapped.
void turn_upright(image::ImageView source, image::ImageSpan target, int orientation);

} // namespace mw::codec
