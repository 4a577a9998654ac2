// Who answers at the rehearsal server: the built-in engine under the names that clients know, each
// with that model's rules, so that what a service would refuse is refused here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/geometry.h"
#include "provider/model_data.h"

namespace mw::server {

struct Model {
    std::string id;
    edit::ModelCapabilities capabilities;
    const provider::ModelFacts* facts = nullptr; // null: the engine's own name
};

// The first is the engine by its own name, which takes any size.
const std::vector<Model>& models();
// The first for an empty name; null for one that nobody has.
const Model* find_model(std::string_view id);

// What a size breaks, in the service's words; empty when it is legal.
std::string why_illegal(Size size, const Model& model);
// The legal size closest to a picture's: same shape as nearly as may be, not smaller where it fits.
Size closest_legal(Size picture, const Model& model);

} // namespace mw::server
