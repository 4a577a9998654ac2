// The object on a small picture: the solver behind smart select. Private to the room.
#pragma once

#include <stop_token>
#include <vector>

#include "base/geometry.h"
#include "select/color_model.h"

namespace mw::select {

// A small picture in CIELAB with what is known of each of its cells.
struct Field {
    enum Known : std::uint8_t { unknown, object, background };
    Size size;
    std::vector<Color3> lab;
    std::vector<Known> known;
    std::vector<float> prior; // nats in favour of the object, any sign; empty: none

    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
               static_cast<std::size_t>(x);
    }
};

struct ColorModels {
    ColorModel object, background;
};

// The energies of a cut, in nats and in the cut's whole numbers.
inline constexpr float kBorder = 50;      // a border between equal colours (GrabCut's gamma)
inline constexpr float kCertain = 100000; // what is known
std::int32_t cut_units(float nats);       // clamped to 0..kCertain
// Of calling a cell object / background, the smaller taken off both. `prior` speaks for the object.
struct CellCosts {
    float as_object, as_background;
};
CellCosts cell_costs(const ColorModels& models, const Color3& lab, Field::Known known, float prior);
float squared_difference(const Color3& a, const Color3& b);

// 1 where the object is, after at most `rounds` (>= 1) of learning the models from the labels, and
// cutting by them. `start` says what the models are first learnt from: 1 the object, 0 the
// background; models that know something are learnt further. Stops early when hardly anything
// changes. Empty when stopped.
std::vector<std::uint8_t> cut_object(const Field& field, const std::vector<std::uint8_t>& start,
                                     ColorModels& models, int rounds, const std::stop_token& stop);

} // namespace mw::select
