// Settings as JSON, for records and recipes. Private to the room.
#pragma once

#include <nlohmann/json.hpp>

#include "composite/graft.h"

namespace mw::handoff {

using Json = nlohmann::ordered_json;

// The options of `maskwright composite`, by their long names; what is as usual is left out.
Json graft_json(const composite::GraftParams& params);
Json rect_json(const Rect& rect);
Json size_json(Size size);
// Text of anywhere becomes valid UTF-8.
std::string text_of(const Json& json);
Json number(double value); // null unless finite

} // namespace mw::handoff
