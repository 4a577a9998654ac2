#include "select/object_cut.h"

#include <algorithm>
#include <cmath>

#include "select/min_cut.h"

namespace mw::select {
namespace {

constexpr float kUnit = 1024; // whole numbers per nat

struct Step {
    int dx, dy;
    int slot;
    float weight; // by length
};
constexpr Step kSteps[] = {
    {1, 0, 0, 1.0f}, {0, 1, 1, 1.0f}, {1, 1, 2, 0.70710678f}, {-1, 1, 3, 0.70710678f}};

template <class F>
void for_each_edge(Size size, F f) {
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            for (const Step& s : kSteps)
                if (x + s.dx >= 0 && x + s.dx < size.width && y + s.dy < size.height) f(x, y, s);
}

} // namespace

std::int32_t cut_units(float nats) {
    return static_cast<std::int32_t>(std::clamp(nats, 0.0f, kCertain) * kUnit + 0.5f);
}

float squared_difference(const Color3& a, const Color3& b) {
    float sum = 0;
    for (std::size_t c = 0; c < 3; ++c)
        sum += (a[c] - b[c]) * (a[c] - b[c]);
    return sum;
}

CellCosts cell_costs(const ColorModels& models, const Color3& lab, Field::Known known,
                     float prior) {
    if (known == Field::object) return {0, kCertain};
    if (known == Field::background) return {kCertain, 0};
    const float object = models.object.cost(lab), background = models.background.cost(lab) + prior;
    const float least = std::min(object, background);
    return {object - least, background - least};
}

std::vector<std::uint8_t> cut_object(const Field& field, const std::vector<std::uint8_t>& start,
                                     ColorModels& models, int rounds, const std::stop_token& stop) {
    double total = 0, count = 0;
    for_each_edge(field.size, [&](int x, int y, const Step& s) {
        total += double(
            squared_difference(field.lab[field.at(x, y)], field.lab[field.at(x + s.dx, y + s.dy)]));
        count += 1;
    });
    const auto beta = static_cast<float>(total > 0 ? count / (2 * total) : 0);
    std::vector<std::int32_t> edges;
    for_each_edge(field.size, [&](int x, int y, const Step& s) {
        const float d =
            squared_difference(field.lab[field.at(x, y)], field.lab[field.at(x + s.dx, y + s.dy)]);
        edges.push_back(cut_units(kBorder * s.weight * std::exp(-beta * d)));
    });

    std::vector<std::uint8_t> label = start;
    std::vector<Color3> in, out;
    for (int round = 0; round < rounds; ++round) {
        in.clear();
        out.clear();
        for (std::size_t i = 0; i < label.size(); ++i)
            (label[i] ? in : out).push_back(field.lab[i]);
        models.object.refit(in);
        models.background.refit(out);
        MinCut cut(label.size());
        for (std::size_t i = 0; i < label.size(); ++i) {
            const CellCosts cost = cell_costs(models, field.lab[i], field.known[i],
                                              field.prior.empty() ? 0.0f : field.prior[i]);
            cut.set_terminals(i, cut_units(cost.as_background), cut_units(cost.as_object));
        }
        std::size_t edge = 0;
        for_each_edge(field.size, [&](int x, int y, const Step& s) {
            cut.set_edge(field.at(x, y), field.at(x + s.dx, y + s.dy), s.slot, edges[edge++]);
        });
        if (!cut.solve(stop)) return {};
        std::size_t changed = 0;
        for (std::size_t i = 0; i < label.size(); ++i) {
            const std::uint8_t now = cut.is_object(i);
            changed += now != label[i];
            label[i] = now;
        }
        if (changed * 2000 < label.size() && round > 0) break;
    }
    return label;
}

} // namespace mw::select
