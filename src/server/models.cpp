#include "server/models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mw::server {
namespace {

Model of_engine() {
    Model model;
    model.id = "maskwright-builtin";
    model.capabilities.qualities = {"low", "medium", "high", "xhigh", "max"};
    model.capabilities.size.max_side = 8192;
    model.capabilities.size.max_area = 64'000'000;
    model.capabilities.max_count = 10;
    model.facts = nullptr;
    return model;
}

} // namespace

const std::vector<Model>& models() {
    static const std::vector<Model> all = [] {
        std::vector<Model> list{of_engine()};
        if (const provider::ProviderFacts* openai = provider::built_in_models().find("openai"))
            for (const provider::ModelFacts& facts : openai->models)
                list.push_back({facts.capabilities.id, facts.capabilities, &facts});
        return list;
    }();
    return all;
}

const Model* find_model(std::string_view id) {
    const auto& all = models();
    if (id.empty()) return &all.front();
    const auto at = std::find_if(all.begin(), all.end(), [&](const Model& m) {
        const auto is_snapshot = [&] {
            const auto& snapshots = m.facts->snapshots;
            return std::find(snapshots.begin(), snapshots.end(), id) != snapshots.end();
        };
        return id == m.id || (m.facts && is_snapshot());
    });
    return at == all.end() ? nullptr : &*at;
}

std::string why_illegal(Size size, const Model& model) {
    const edit::SizeRules& rules = model.capabilities.size;
    const int longer = size.longer_side(), shorter = std::min(size.width, size.height);
    if (size.width % rules.multiple || size.height % rules.multiple)
        return fmt::format("both sides must be multiples of {}", rules.multiple);
    if (longer > rules.max_side)
        return fmt::format("the longest side is at most {}", rules.max_side);
    if (longer > rules.max_aspect * shorter)
        return fmt::format("the ratio of the sides is at most {:g}:1", rules.max_aspect);
    if (size.area() < rules.min_area || size.area() > rules.max_area)
        return fmt::format("width x height must be {} to {} pixels", rules.min_area,
                           rules.max_area);
    return {};
}

Size closest_legal(Size picture, const Model& model) {
    if (why_illegal(picture, model).empty()) return picture;
    const edit::SizeRules& rules = model.capabilities.size;
    const int m = rules.multiple;
    const double shape = std::clamp(static_cast<double>(picture.width) / picture.height,
                                    1 / rules.max_aspect, rules.max_aspect);
    Size best;
    double least = 1e300;
    for (int width = m; width <= rules.max_side; width += m)
        for (const double up : {0.0, 1.0}) {
            const Size size{width, m * static_cast<int>(std::floor(width / shape / m) + up)};
            if (size.empty() || !why_illegal(size, model).empty()) continue;
            const double scale = std::log(static_cast<double>(width) / picture.width);
            const double turn = std::log(static_cast<double>(size.width) / size.height / shape);
            const double cost = 50 * std::abs(turn) + std::abs(scale);
            if (cost < least) least = cost, best = size;
        }
    return best;
}

} // namespace mw::server
