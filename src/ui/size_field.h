// The size of what is sent and comes back.
#pragma once

#include <optional>
#include <string>

#include "base/geometry.h"
#include "edit/model.h"

namespace mw::ui {

struct SizeFieldState {
    std::string typed; // "1536x1024"
    bool typing = false;
    std::string problem; // why what was typed is none
};

// The crop's own, usual ones that the model accepts, or any other typed: what it refuses is told
// with the rule that forbids it.
void draw_size(const edit::ModelCapabilities& model, SizeFieldState& state,
               std::optional<Size>& size);

// "1536x1024", "1536 × 1024"; empty: no size.
std::optional<Size> size_in(const std::string& words);

} // namespace mw::ui
