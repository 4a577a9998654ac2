// A large picture while it is still being decoded: the child tells how many rows there are, the
// parent takes a coarse copy of them.
#pragma once

#include "codec/canvas.h"

namespace mw::codec {

// What the child sends before its reply; all numbers as in a picture that is whole.
struct EarlyRows {
    Size size;
    image::PixelFormat format;
    int rows = 0; // from the top
};
inline constexpr std::size_t kEarlyBytes = 24;
// A picture of fewer bytes is there before anybody could look.
inline constexpr std::size_t kEarlyPicture = 32u << 20, kEarlyStep = 8u << 20;
Bytes pack_early(const EarlyRows& rows);

// The parent's side of one picture. Nothing the child says is believed before it is checked; when
// something is wrong, there is just nothing to see until the end.
class EarlyView {
  public:
    // `pixels`: the file that the child writes to; it stays the caller's.
    EarlyView(int pixels, const DecodeLimits& limits, const DecodeWatch& watch);
    ~EarlyView();
    EarlyView(const EarlyView&) = delete;
    EarlyView& operator=(const EarlyView&) = delete;

    // Takes what was sent so far out of the front of `said` and leaves the reply.
    void take(Bytes& said);

  private:
    bool look(const EarlyRows& rows);

    int pixels_;
    Canvas limits_;
    const DecodeWatch& watch_;
    bool lost_ = false;
    EarlyRows seen_;
    const std::byte* memory_ = nullptr;
    std::size_t bytes_ = 0;
    int step_ = 1;
    image::Image coarse_;
    double shown_at_ = 0; // seconds
};

} // namespace mw::codec
