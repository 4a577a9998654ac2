#include "mask/refine.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

Result<composite::Grafter> make_grafter(const GraftBench& bench, std::stop_token stop) {
    std::vector<composite::GraftPart> parts;
    for (const edit::AnsweredPart& part : bench.parts) {
        auto picture = decode_answer(part.answer, stop);
        if (!picture) return tl::unexpected(picture.error());
        composite::GraftPart answered;
        answered.answer = std::move(*picture);
        answered.mask = part.mask;
        answered.plan = part.request->plan;
        parts.push_back(std::move(answered));
    }
    return composite::Grafter::create(bench.source, std::move(parts), bench.view);
}

// A mask within `window` alone.
mask::Mask clipped(const mask::Mask& mask, const Rect& window) {
    mask::Mask out(mask.size());
    out.write(intersect(window, mask.rect()), mask.read(intersect(window, mask.rect())).view());
    return out;
}

// Each part's mask grown by what its answer wants, within its crop and not over the other parts.
void grow_parts(GraftBench& bench, const std::vector<composite::CutOff>& by) {
    for (std::size_t i = 0; i < bench.parts.size() && i < by.size(); ++i) {
        edit::AnsweredPart& part = bench.parts[i];
        const mask::Mask own = part.mask;
        mask::Mask grown =
            mask::grow_sides(own, {by[i].left, by[i].above, by[i].right, by[i].below});
        for (std::size_t k = 0; k < bench.parts.size(); ++k)
            if (k != i) mask::combine(grown, bench.parts[k].mask, mask::CombineMode::subtract);
        mask::combine(grown, own, mask::CombineMode::add);
        part.mask = clipped(grown, part.request->plan.crop);
    }
}

mask::Mask union_of(const std::vector<edit::AnsweredPart>& parts) {
    mask::Mask all = parts.front().mask;
    for (std::size_t i = 1; i < parts.size(); ++i)
        mask::combine(all, parts[i].mask, mask::CombineMode::add);
    return all;
}

} // namespace

Result<Regrafted> regraft(const RegraftJob& job, std::stop_token stop) {
    GraftBench& bench = *job.bench;
    if (!job.grow.empty()) {
        grow_parts(bench, job.grow);
        bench.mask = union_of(bench.parts);
        bench.grafter.reset();
    }
    if (!bench.grafter) {
        auto made = make_grafter(bench, stop);
        if (!made) return tl::unexpected(made.error());
        bench.grafter = std::move(*made);
    }
    auto graft = bench.grafter->run(job.params, stop);
    if (!graft) return tl::unexpected(graft.error());
    Regrafted done;
    done.iteration = job.iteration;
    done.grafted.report = std::move(graft->report);
    done.grafted.graft = job.params;
    if (job.params.prove)
        done.picture = std::make_shared<const image::Image>(
            composite::apply(bench.source->view(), graft->patch));
    done.grafted.patch = std::move(graft->patch);
    if (!job.params.prove) return done;
    done.grafted.mask = bench.mask;
    done.grafted.parts = bench.parts;
    return done;
}

} // namespace mw::worker
