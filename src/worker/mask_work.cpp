// Selections, refinements and the live wire.
#include <cmath>

#include "mask/cleanup.h"
#include "mask/refine.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

constexpr double kMostPx = 4096;

tl::unexpected<Error> cancelled() {
    return fail(ErrorCode::cancelled, "Cancelled.");
}

// The picture as it is shown; its own pixels where those are sRGB.
image::ImageView seen(SelectBench& bench) {
    if (bench.seen) return bench.seen->view();
    const image::ImageView pixels = bench.picture->view();
    if (bench.view.is_identity())
        bench.seen = bench.picture;
    else
        bench.seen = std::make_shared<const image::Image>(
            pixels.format.type == image::SampleType::f32
                ? bench.view.to_display(pixels)
                : bench.view.to_display(pixels, pixels.format.type));
    return bench.seen->view();
}

struct Maker {
    const MaskJob& job;
    const ReportProgress& report;
    std::stop_token stop;

    Size size() const { return job.before.size(); }
    Result<mask::Mask> operator()(const RectangleShape& s) const {
        return mask::rectangle(size(), s.box);
    }
    Result<mask::Mask> operator()(const EllipseShape& s) const {
        return mask::ellipse(size(), s.box);
    }
    Result<mask::Mask> operator()(const PolygonShape& s) const {
        return select::lasso(size(), s.points);
    }
    Result<mask::Mask> operator()(const GivenShape& s) const {
        if (s.mask.size() == size()) return s.mask;
        return fail(ErrorCode::invalid_argument,
                    "That mask belongs to a picture of another size; this one's is as it was.");
    }
    Result<mask::Mask> operator()(const AlphaShape&) const {
        return select::from_alpha(seen(*job.bench), stop);
    }
    Result<mask::Mask> operator()(const select::WandParams& p) const {
        return select::magic_wand(seen(*job.bench), p, stop);
    }
    Result<mask::Mask> operator()(const select::ColorRangeParams& p) const {
        return select::color_range(seen(*job.bench), p, stop);
    }
    Result<mask::Mask> operator()(const select::LuminanceRangeParams& p) const {
        return select::luminance_range(seen(*job.bench), p, stop);
    }
    Result<mask::Mask> operator()(const AskedShape& s) const {
        auto found = s.ask(seen(*job.bench), s.clicks, stop);
        if (found && found->size() != size())
            return fail(ErrorCode::corrupt,
                        "The answer is a mask of another size; the selection is as it was.");
        return found;
    }
    // A quick answer first: there is something to see while the edge is worked out.
    Result<mask::Mask> operator()(const select::SmartSelectParams& p) const {
        const image::ImageView picture = seen(*job.bench);
        if (p.refine) {
            select::SmartSelectParams quick = p;
            quick.refine = false;
            auto first = select::smart_select(picture, quick, stop);
            if (!first) return first;
            mask::Mask shown = job.before;
            mask::combine(shown, *first, job.op.mode);
            report(MaskPreview{std::move(shown)});
        }
        return select::smart_select(picture, p, stop);
    }
};

mask::Mask refined(const mask::Mask& mask, const Refinement& how) {
    const double amount =
        std::isnan(how.amount) ? 0 : std::clamp(how.amount, 0.0, kMostPx * kMostPx);
    const double px = std::min(amount, kMostPx);
    switch (how.kind) {
        case RefineKind::grow:
            return mask::grow(mask, px);
        case RefineKind::shrink:
            return mask::shrink(mask, px);
        case RefineKind::feather:
            return mask::feather(mask, px);
        case RefineKind::smooth:
            return mask::smooth(mask, px);
        case RefineKind::border:
            return px > 0 ? mask::border(mask, px, px) : mask;
        case RefineKind::contrast:
            return mask::contrast(mask, std::min(amount, 1.0));
        case RefineKind::remove_islands:
            return mask::remove_islands(mask, static_cast<std::int64_t>(std::ceil(amount)));
        case RefineKind::fill_holes:
            return mask::fill_holes(mask);
        case RefineKind::invert:
            return mask::inverted(mask);
        case RefineKind::fill:
            return mask::Mask::full(mask.size());
        case RefineKind::clear:
            return mask::Mask(mask.size());
    }
    return mask;
}

} // namespace

MaskCount count_mask(const mask::Mask& mask) {
    return {mask.bounds(), mask.support_area()};
}

Result<MaskMade> make_mask(const MaskJob& job, const ReportProgress& report, std::stop_token stop) {
    MaskMade made;
    if (const auto* how = std::get_if<Refinement>(&job.op.what)) {
        made.mask = refined(job.before, *how);
    } else {
        made.shape = job.shape;
        if (!made.shape) {
            auto shape = std::visit(Maker{job, report, stop}, std::get<Shape>(job.op.what));
            if (!shape) return tl::unexpected(shape.error());
            made.shape = std::move(*shape);
        }
        made.found_nothing = made.shape->empty();
        made.mask = job.before;
        mask::combine(made.mask, *made.shape, job.op.mode);
    }
    if (stop.stop_requested()) return cancelled();
    made.patch = mask::MaskPatch(job.current, made.mask);
    made.count = count_mask(made.mask);
    if (stop.stop_requested()) return cancelled();
    return made;
}

Result<Wired> find_wire(const WireJob& job, std::stop_token stop) {
    SelectBench& bench = *job.bench;
    if (!bench.scissors) {
        bench.scissors.emplace(seen(bench));
        bench.anchor.reset();
    }
    if (bench.anchor != job.from) {
        bench.scissors->set_anchor(job.from);
        bench.anchor = job.from;
    }
    auto path = bench.scissors->path_to(job.to, stop);
    if (!path) return tl::unexpected(path.error());
    return Wired{std::move(*path)};
}

} // namespace mw::worker
