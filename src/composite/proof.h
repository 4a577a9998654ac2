// The proof that nothing but the declared region changed: counted, and hashed. Private to the room.
#pragma once

#include <optional>
#include <string>

#include "base/hash.h"
#include "composite/graft.h"

namespace mw::composite {

// Of one source and one declared region (mask above 0), for as many patches as wanted. What the
// source alone decides is hashed once: SHA-256 goes over the samples outside row by row, so up to
// the region's first row it is the source's own state, and when it is in the source's state again
// after the last one, what follows is the same bytes in both, and so is the end.
class Proof {
  public:
    // The source must outlive this.
    Proof(image::ImageView source, mask::Mask declared);

    const mask::Mask& declared() const { return declared_; }

    // Fills the counts and hashes of `report`. patch.rect lies within the picture.
    void prove(const Patch& patch, GraftReport& report);

  private:
    void hash_source();

    image::ImageView source_;
    mask::Mask declared_;
    Rect rect_; // of the declared region
    std::optional<Sha256> before_;
    std::string after_, whole_; // of the source: up to the region's last row, and all
};

} // namespace mw::composite
