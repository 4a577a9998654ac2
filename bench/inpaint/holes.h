// The holes that the fill is judged by: in photographs, over background alone, so that what was
// there is known. The list was fixed before anything was run on it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/image.h"

namespace mw::bench {

enum class Shape { ellipse, rectangle, blob };

struct Hole {
    std::string name, kind; // kind: texture, edge, structure, sky, mixed
    std::string photo;      // in shared/images/photos
    int shrink = 1;         // the photograph is made so many times smaller first (area filter)
    Rect crop;              // of the smaller photograph; about 2 MP
    Rect bounds;            // of the hole, in the smaller photograph
    Shape shape = Shape::ellipse;
    bool sheet = false; // one of the twelve that are shown
};

const std::vector<Hole>& holes();

// Whether choices may be made by this one; the others are only reported. Every second one.
bool for_tuning(std::size_t index);

struct Scene {
    image::Image truth;  // kRgb8
    image::Image mask;   // kGray8, 255 in the hole
    image::Image before; // truth with something else in the hole
    Rect bounds;         // of the hole, in the crop
    double part = 0;     // of the crop that is hole, 0 .. 1
};

// Nothing, and a message on stderr, where the photograph is missing or cannot be read.
std::optional<Scene> load(const Hole& hole, const std::string& photos);

} // namespace mw::bench
