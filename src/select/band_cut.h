// An object's edge made finer, in a band along it alone. Private to the room.
#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "select/cells.h"
#include "select/object_cut.h"

namespace mw::select {

// Labels (1 object) of a grid, row after row.
struct Labels {
    Size size;
    std::vector<std::uint8_t> cells;
};

// What is known of a cell of `cells`, by its place.
using KnownAt = std::function<Field::Known(int x, int y)>;

// The labels of `coarse` on the finer grid of `cells` (at most about twice as fine), cut anew where
// a coarse cell or one beside it lies on the edge (Lombaert et al. 2005). Models are taken as they
// are. Cost: a copy, and the rest in proportion to the edge's length. Empty when stopped.
Labels cut_band(const Labels& coarse, const Cells& cells, const KnownAt& known,
                const ColorModels& models, const std::stop_token& stop);

} // namespace mw::select
