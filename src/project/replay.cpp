#include "project/replay.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "project/combination.h"

namespace mw::project {
namespace {

tl::unexpected<Error> cancelled() {
    return fail(ErrorCode::cancelled, "Cancelled; nothing was changed.");
}

std::vector<IterationId> way_to(const Document& document, IterationId id) {
    std::vector<IterationId> way;
    for (; id > 0; id = document.tree.at(id).parent)
        way.push_back(id);
    std::reverse(way.begin(), way.end());
    return way;
}

bool same(const composite::Patch& a, const composite::Patch& b) {
    if (!a.pixels || !b.pixels) return !a.pixels && !b.pixels;
    return a.rect == b.rect && image::identical(a.pixels->view(), b.pixels->view());
}

} // namespace

Result<image::ImageRef> decode_answer(const edit::Answer& answer, std::stop_token stop,
                                      std::vector<std::string>* warnings) {
    auto picture = codec::decode(answer.bytes, "The engine's answer", {}, std::move(stop));
    if (!picture) return tl::unexpected(picture.error());
    if (warnings) *warnings = std::move(picture->warnings);
    if (!picture->color) return std::make_shared<const image::Image>(std::move(picture->pixels));
    const image::DisplayTransform view(picture->color);
    return std::make_shared<const image::Image>(view.to_display(picture->pixels.view()));
}

Result<composite::Graft> graft_again(image::ImageRef parent,
                                     const std::vector<edit::AnsweredPart>& parts,
                                     const composite::GraftParams& params,
                                     const image::DisplayTransform& view, std::stop_token stop) {
    std::vector<composite::GraftPart> decoded;
    for (const edit::AnsweredPart& part : parts) {
        auto answer = decode_answer(part.answer, stop);
        if (!answer) return tl::unexpected(answer.error());
        decoded.push_back({std::move(*answer), part.mask, part.request->plan});
    }
    auto grafter = composite::Grafter::create(std::move(parent), std::move(decoded), view);
    if (!grafter) return tl::unexpected(grafter.error());
    return grafter->run(params, stop);
}

Result<Replayed> replay(const Document& document, IterationId id, std::stop_token stop) {
    if (!document.tree.contains(id))
        return fail(ErrorCode::not_found, fmt::format("There is no iteration {}.", id));
    Replayed done{document.tree.picture(0), {}};
    for (const IterationId step : way_to(document, id)) {
        if (stop.stop_requested()) return cancelled();
        const Iteration& it = document.tree.at(step);
        const auto parts = it.parts.get();
        if (it.combined) {
            auto source = combination_source(document.tree, *it.combined);
            if (!source) return tl::unexpected(source.error());
            for (const auto& [of, picture] :
                 {std::pair{it.combined->a, &source->a}, std::pair{it.combined->b, &source->b},
                  std::pair{source->parent, &source->base}}) {
                auto made = replay(document, of, stop);
                if (!made) return made;
                *picture = made->picture;
            }
            auto combined = combine(*source, stop);
            if (!combined) return tl::unexpected(combined.error());
            done.picture = std::make_shared<const image::Image>(
                composite::apply(done.picture->view(), *combined->patch));
            continue;
        }
        if (it.parts.empty()) {
            done.without_answer.push_back(step);
            done.picture = std::make_shared<const image::Image>(
                composite::apply(done.picture->view(), *it.patch));
            continue;
        }
        if (parts->empty())
            return fail(ErrorCode::corrupt,
                        fmt::format("The answer of iteration {} is damaged in the file.", step));
        auto graft = graft_again(done.picture, *parts, it.graft, it.view, stop);
        if (!graft) return tl::unexpected(graft.error());
        done.picture = std::make_shared<const image::Image>(
            composite::apply(done.picture->view(), graft->patch));
    }
    return done;
}

Result<std::vector<Iteration>> finish(const Document& document, const Unfinished& unfinished,
                                      std::vector<std::string>* problems, std::stop_token stop) {
    if (!document.tree.contains(unfinished.parent))
        return fail(ErrorCode::not_found,
                    "An answer came for an iteration that is not in the tree any more.");
    std::size_t candidates = 0;
    for (const Unfinished::Part& part : unfinished.parts)
        candidates =
            candidates == 0 ? part.answers.size() : std::min(candidates, part.answers.size());
    std::vector<Iteration> made;
    for (std::size_t k = 0; k < candidates; ++k) {
        if (stop.stop_requested()) return cancelled();
        Iteration it;
        it.parent = unfinished.parent;
        it.prompt = unfinished.parts.front().request->prompt;
        it.what_was_done = unfinished.result.what_was_done;
        it.provider = unfinished.provider;
        it.model = unfinished.parts.front().request->params.model;
        it.request = unfinished.number;
        it.service_id = unfinished.result.service_id;
        it.cost = unfinished.result.cost;
        it.view = unfinished.view;
        it.graft = composite::laid(unfinished.graft, unfinished.result.laying);
        it.mask = unfinished.mask;
        std::vector<edit::AnsweredPart> parts;
        for (const Unfinished::Part& part : unfinished.parts)
            parts.push_back({part.request, part.mask, part.answers[k]});
        auto graft = graft_again(document.tree.picture(it.parent), parts, it.graft, it.view, stop);
        if (!graft) {
            if (problems) problems->push_back(graft.error().message);
            continue;
        }
        it.parts = std::move(parts);
        it.patch = std::move(graft->patch);
        it.report = std::move(graft->report);
        made.push_back(std::move(it));
    }
    return made;
}

Result<Verification> verify(Store& store, const Document& document,
                            const std::function<void(int, int)>& progress, std::stop_token stop) {
    Verification done;
    if (auto ok = store.check_parts(done.parts, done.original_sha256, done.problems, document); !ok)
        return tl::unexpected(ok.error());
    Sha256 all;
    const int count = static_cast<int>(document.tree.size());
    for (IterationId id = 1; id < count; ++id) {
        if (stop.stop_requested()) return cancelled();
        if (progress) progress(id, count - 1);
        if (!document.tree.contains(id)) continue;
        const Iteration& it = document.tree.at(id);
        ++done.iterations;
        const image::ImageRef parent = document.tree.picture(it.parent);
        const auto stored = it.patch.get();
        const std::string sum = pixels_sha256(composite::apply(parent->view(), *stored).view());
        all.update(std::as_bytes(std::span(sum)));
        if (it.combined) {
            ++done.combined;
            auto source = combination_source(document.tree, *it.combined);
            auto again = source ? combine(*source, stop) : tl::unexpected(source.error());
            if (!again || !same(*again->patch, *stored))
                done.problems.push_back(fmt::format(
                    "Iteration {}: the stored pixels are not what its two sources give.", id));
            continue;
        }
        if (it.parts.empty()) continue;
        auto graft = graft_again(parent, *it.parts.get(), it.graft, it.view, stop);
        if (!graft) {
            done.problems.push_back(
                fmt::format("Iteration {} cannot be made again: {}", id, graft.error().message));
            continue;
        }
        ++done.grafted_again;
        if (!same(graft->patch, *stored))
            done.problems.push_back(
                fmt::format("Iteration {}: the stored pixels are not what its answer gives.", id));
        else if (graft->report.outside_sha256 != it.report.outside_sha256)
            done.problems.push_back(fmt::format(
                "Iteration {}: the hash of what lies outside the mask is not the stored one.", id));
    }
    done.pictures_sha256 = all.finish_hex();
    for (std::string& problem : store.take_problems())
        done.problems.push_back(std::move(problem));
    return done;
}

} // namespace mw::project
