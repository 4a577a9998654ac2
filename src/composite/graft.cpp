#include "composite/graft.h"

#include <chrono>
#include <cmath>

#include "composite/part_graft.h"
#include "composite/proof.h"
#include "image/continue_smoothly.h"

namespace mw::composite {
namespace {

tl::unexpected<Error> no_memory() {
    return fail(ErrorCode::too_large,
                "Not enough memory to graft this answer; the answer is kept. Close other pictures "
                "and try again.");
}

double reach_of(const GraftParams& params) {
    if (params.redact) return 0;
    const double reach = params.seam.reach_out_px;
    return std::isfinite(reach) ? std::clamp(reach, 0.0, 256.0) : 0;
}

// The parts of one graft over pixels that somebody else keeps.
struct Parts {
    image::ImageView source;
    std::vector<PartGraft> parts;
    std::optional<Proof> proof;
    double proof_reach = 0;

    Result<Graft> run(const GraftParams& params, const std::stop_token& stop);
    Graft redact();
    void prove(Graft& graft, double reach);
    mask::Mask declared(double reach);
};

// The largest part speaks for all.
void summarise(GraftReport& report) {
    const auto largest = std::max_element(report.parts.begin(), report.parts.end(),
                                          [](const GraftReport& a, const GraftReport& b) {
                                              return a.declared.area() < b.declared.area();
                                          });
    GraftReport top = *largest;
    top.declared = {};
    top.seconds.clear();
    top.notes.clear();
    for (const GraftReport& part : report.parts) {
        top.declared = unite(top.declared, part.declared);
        for (const auto& [phase, seconds] : part.seconds)
            top.seconds[phase] += seconds;
        for (const std::string& note : part.notes)
            if (std::find(top.notes.begin(), top.notes.end(), note) == top.notes.end())
                top.notes.push_back(note);
    }
    if (report.parts.size() > 1) top.parts = std::move(report.parts);
    report = std::move(top);
}

mask::Mask Parts::declared(double reach) {
    mask::Mask all = parts.front().declared(reach);
    for (std::size_t i = 1; i < parts.size(); ++i)
        mask::combine(all, parts[i].declared(reach), mask::CombineMode::add);
    return all;
}

// All parts are one hole, so that none is continued from what another covers.
Graft Parts::redact() {
    Graft out;
    const auto start = std::chrono::steady_clock::now();
    const mask::Mask hole = declared(0);
    const Rect rect = intersect(hole.bounds(), source.rect());
    const Rect window = intersect(rect.grown(image::kContinuedFrom), source.rect());
    image::Image pixels = image::clone(source.sub(window));
    image::continue_smoothly(pixels.span(), hole.read(window).view());
    out.patch.rect = rect;
    out.patch.pixels = std::make_shared<const image::Image>(
        image::clone(pixels.view().sub(rect.translated(-window.x, -window.y))));
    GraftReport& report = out.report;
    report.declared = rect;
    for (std::string* reason : {&report.registration.reason, &report.color_match.reason,
                                &report.membrane.reason, &report.grain.reason})
        *reason = "a redaction takes nothing from an answer";
    report.seconds["blend"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

Result<Graft> Parts::run(const GraftParams& params, const std::stop_token& stop) {
    if (params.redact) {
        Graft redacted = redact();
        if (stop.stop_requested())
            return fail(ErrorCode::cancelled, "Stopped; nothing was changed.");
        if (params.prove) prove(redacted, 0);
        return redacted;
    }
    Graft out;
    GraftReport& report = out.report;
    const double reach = reach_of(params);
    for (PartGraft& part : parts)
        out.patch.rect = unite(out.patch.rect, part.rect(reach));
    auto pixels = std::make_shared<image::Image>(image::clone(source.sub(out.patch.rect)));
    std::vector<Rect> done;
    for (PartGraft& part : parts) {
        const Rect rect = part.rect(reach);
        const bool fresh = std::none_of(done.begin(), done.end(), [&](const Rect& other) {
            return !intersect(rect, other).empty();
        });
        report.parts.emplace_back();
        const Status laid =
            part.lay(params, out.patch.rect, pixels->span(), fresh, report.parts.back(), stop);
        if (!laid) return tl::unexpected(laid.error());
        done.push_back(rect);
    }
    out.patch.pixels = std::move(pixels);
    summarise(report);
    if (params.prove) prove(out, reach);
    return out;
}

void Parts::prove(Graft& graft, double reach) {
    const auto start = std::chrono::steady_clock::now();
    if (!proof || proof_reach != reach) {
        proof.emplace(source, declared(reach));
        proof_reach = reach;
    }
    proof->prove(graft.patch, graft.report);
    graft.report.seconds["prove"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (graft.report.changed_inside_mask == 0)
        graft.report.notes.push_back(
            "the answer equals the picture under the mask; nothing changed");
}

} // namespace

GraftParams laid(GraftParams params, edit::Laying how) {
    if (how == edit::Laying::redacted) params.redact = true;
    if (how == edit::Laying::painted) {
        params.do_register = params.match_color = params.membrane = params.keep_unchanged =
            params.grain = false;
        params.seam = {};
        params.seam.feather_px = 0;
    }
    return params;
}

struct Grafter::Impl {
    image::ImageRef source; // what the views of `parts` look at
    std::vector<image::ImageRef> answers;
    Parts parts;
};

Grafter::Grafter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Grafter::Grafter(Grafter&&) noexcept = default;
Grafter& Grafter::operator=(Grafter&&) noexcept = default;
Grafter::~Grafter() = default;

Result<Grafter> Grafter::create(image::ImageRef source, std::vector<GraftPart> parts,
                                image::DisplayTransform view) {
    if (!source || parts.empty())
        return fail(ErrorCode::invalid_argument,
                    "There is no picture or no answer to graft; open a picture first.");
    try {
        auto impl = std::make_unique<Impl>();
        impl->parts.source = source->view();
        impl->source = std::move(source);
        for (GraftPart& part : parts) {
            const image::ImageView answer = part.answer ? part.answer->view() : image::ImageView{};
            auto made = PartGraft::create(impl->parts.source, answer, std::move(part.mask),
                                          part.plan, view);
            if (!made) return tl::unexpected(made.error());
            impl->parts.parts.push_back(std::move(*made));
            impl->answers.push_back(std::move(part.answer));
        }
        return Grafter(std::move(impl));
    } catch (const std::bad_alloc&) {
        return no_memory();
    }
}

Result<Graft> Grafter::run(const GraftParams& params, std::stop_token stop) {
    try {
        return impl_->parts.run(params, stop);
    } catch (const std::bad_alloc&) {
        return no_memory();
    }
}

Result<Graft> graft(image::ImageView source, image::ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const GraftParams& params,
                    const image::DisplayTransform& view) {
    try {
        auto part = PartGraft::create(source, answer, mask, plan, view);
        if (!part) return tl::unexpected(part.error());
        Parts parts{source, {}, {}, 0};
        parts.parts.push_back(std::move(*part));
        return parts.run(params, {});
    } catch (const std::bad_alloc&) {
        return no_memory();
    }
}

image::Image apply(image::ImageView source, const Patch& patch) {
    image::Image out = image::clone(source);
    lay(out.span(), patch);
    return out;
}

void lay(image::ImageSpan picture, const Patch& patch) {
    if (patch.pixels && !patch.rect.empty())
        image::copy_pixels(patch.pixels->view(), picture.sub(patch.rect));
}

} // namespace mw::composite
