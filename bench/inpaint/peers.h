// Other programs' fills of the same hole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "holes.h"

namespace mw::bench {

struct Fill {
    image::Image picture;
    double seconds = 0;     // wall clock; of a program as a whole, its files in a memory disk
    double cpu_seconds = 0; // of all threads
};

// "telea", "navier-stokes" (OpenCV, radius 3), "gmic" (the program gmic, -inpaint_matchpatch with
// its defaults), "resynthesizer" (the program that MASKWRIGHT_RESYNTHESIZER names: IN.ppm MASK.pgm
// OUT.ppm, GIMP's heal-selection). Those that are there.
std::vector<std::string> peers_there();

// From `cache` when it was made before with the same pixels, else made and kept there. Nothing when
// the peer failed, or is another program that must be `cached` and is not.
std::optional<Fill> peer_fill(const std::string& peer, const Hole& hole, const Scene& scene,
                              const std::string& cache, bool again, bool cached);

double seconds_now();     // of a steady clock
double cpu_seconds_now(); // of this process and its ended children

} // namespace mw::bench
