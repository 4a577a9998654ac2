#include "project/combination.h"

#include <fmt/format.h>

#include "composite/combine.h"
#include "mask/refine.h"

namespace mw::project {
namespace {

std::vector<CombinationSource::Step> steps_to(const IterationTree& tree, IterationId from,
                                              IterationId to) {
    std::vector<CombinationSource::Step> steps;
    for (; to != from; to = tree.at(to).parent)
        steps.push_back({*tree.at(to).mask, tree.at(to).graft.seam.reach_out_px});
    return steps;
}

struct Regions {
    mask::Mask declared, coverage;
};

Regions regions_of(const std::vector<CombinationSource::Step>& steps, Size size) {
    Regions all{mask::Mask(size), mask::Mask(size)};
    for (const CombinationSource::Step& step : steps) {
        mask::combine(all.coverage, step.mask, mask::CombineMode::add);
        // An answer that was told to may have faded in beyond its mask.
        mask::combine(all.declared,
                      step.reach_out_px > 0 ? mask::grow(step.mask, step.reach_out_px) : step.mask,
                      mask::CombineMode::add);
    }
    return all;
}

} // namespace

Result<CombinationSource> combination_source(const IterationTree& tree, const Combination& of) {
    for (const IterationId id : {of.a, of.b})
        if (id == 0 || !tree.alive(id))
            return fail(ErrorCode::invalid_argument,
                        id == 0 ? std::string("The original changed nothing; choose two results to "
                                              "combine.")
                                : fmt::format("There is no result {} to combine.", id));
    CombinationSource source;
    source.of = of;
    source.parent = tree.common_ancestor(of.a, of.b);
    if (source.parent == of.a || source.parent == of.b)
        return fail(ErrorCode::invalid_argument,
                    of.a == of.b
                        ? fmt::format("A and B are both result {}; choose two that differ.", of.a)
                        : fmt::format("Result {} was made from result {} and holds its change "
                                      "already; choose two of different branches.",
                                      std::max(of.a, of.b), std::min(of.a, of.b)));
    source.base = tree.picture(source.parent);
    source.a = tree.picture(of.a);
    source.b = tree.picture(of.b);
    source.of_a = steps_to(tree, source.parent, of.a);
    source.of_b = steps_to(tree, source.parent, of.b);
    return source;
}

Result<Grafted> combine(const CombinationSource& source, std::stop_token stop) {
    const Regions a = regions_of(source.of_a, source.base->size());
    const Regions b = regions_of(source.of_b, source.base->size());
    auto made =
        composite::combine(source.base->view(), {source.a->view(), &a.declared, &a.coverage},
                           {source.b->view(), &b.declared, &b.coverage}, std::move(stop));
    if (!made) return tl::unexpected(made.error());
    Grafted grafted;
    grafted.patch = std::move(made->patch);
    mask::Mask both = a.coverage;
    mask::combine(both, b.coverage, mask::CombineMode::add);
    grafted.mask = std::move(both);
    grafted.report = std::move(made->report);
    return grafted;
}

} // namespace mw::project
