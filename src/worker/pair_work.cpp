// What a comparison needs beside the screen: raw answers and files as pictures, figures, heat maps.
#include "worker/pair_work.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "compare/fit.h"
#include "image/convert.h"
#include "image/resample.h"
#include "worker/work.h"

namespace mw::worker {
namespace {

tl::unexpected<Error> stopped() {
    return fail(ErrorCode::cancelled, "The comparison was cancelled; nothing is lost.");
}

// Rows of one format laid over a part of a picture that has it too.
void lay(image::ImageView from, image::ImageSpan over) {
    for (int y = 0; y < from.size.height; ++y)
        std::memcpy(over.row_bytes(y), from.row_bytes(y),
                    static_cast<std::size_t>(from.size.width) *
                        static_cast<std::size_t>(from.format.bytes()));
}

bool same_shape(Size a, Size b) {
    const double ratio = double(a.width) * b.height / (double(a.height) * b.width);
    return std::abs(ratio - 1) < 0.01;
}

// Two views of one part of the picture, on which a moved B lies.
Result<compare::Overlap> lying(const PairPicture& a, const PairPicture& b, Point nudge) {
    return compare::overlap(a.picture->view(), b.picture->view(), nudge);
}

compare::Views views_of(const PairPicture& a, const PairPicture& b) {
    return {a.view, b.view};
}

void move(Rect& rect, Point by) {
    rect = rect.translated(by.x, by.y);
}

// Counted in the part that was compared, told in the whole picture's pixels.
Result<compare::ChangedAreas> areas_of(const compare::Overlap& part, const mask::Mask& asked,
                                       bool visible, const compare::Views& views,
                                       std::stop_token stop) {
    const auto params = visible ? compare::visible_change() : compare::exact_change();
    const bool whole = part.in_a == asked.rect();
    const mask::Mask there = whole ? asked : compare::cut(asked, part.in_a);
    auto areas = compare::changed_areas(part.a, part.b, &there, params, views, std::move(stop));
    if (!areas || whole) return areas;
    for (compare::ChangedArea& area : areas->areas)
        move(area.bounds, {part.in_a.x, part.in_a.y});
    return areas;
}

} // namespace

Result<RawMade> raw_over_parent(const RawJob& job, std::stop_token stop) {
    RawMade made{job.iteration, nullptr, {}};
    std::vector<image::ImageRef> answers;
    image::PixelFormat format = job.parent->format();
    if (!job.view.is_identity()) format.type = image::SampleType::u16;
    for (const edit::AnsweredPart& part : job.parts) {
        auto answer = decode_answer(part.answer, stop);
        if (!answer) return tl::unexpected(answer.error());
        const image::PixelFormat own = (*answer)->format();
        // Colour in a grey picture is what one wants to see.
        if (own.color_channels() > format.color_channels())
            format.channels += own.color_channels() - format.color_channels();
        format.type = std::max(format.type, own.type);
        answers.push_back(std::move(*answer));
    }
    image::Image under;
    if (job.view.is_identity()) {
        under = image::convert(job.parent->view(), format);
    } else {
        under = image::convert(
            job.view.to_display(job.parent->view(), image::SampleType::u16).view(), format);
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (stop.stop_requested()) return stopped();
        const edit::CropPlan& plan = job.parts[i].request->plan;
        image::Image fitting = image::convert(answers[i]->view(), format);
        if (fitting.size() != plan.crop.size()) {
            made.note =
                fmt::format("the answer came as {} x {} and is scaled to its crop of {} x {}",
                            fitting.width(), fitting.height(), plan.crop.width, plan.crop.height);
            const bool smaller = fitting.size().area() > plan.crop.size().area();
            fitting = image::resample(fitting.view(), plan.crop.size(),
                                      smaller ? image::Filter::area : image::Filter::lanczos);
        }
        const Rect visible = intersect(plan.crop, under.rect());
        if (visible.empty()) continue;
        lay(fitting.view().sub(visible.translated(-plan.crop.x, -plan.crop.y)),
            under.span().sub(visible));
    }
    made.picture = std::make_shared<const image::Image>(std::move(under));
    return made;
}

Result<BesideOpened> open_beside(const BesideJob& job, std::stop_token stop) {
    codec::DecodeLimits limits;
    limits.max_pixels = std::max(limits.max_pixels, job.size.area());
    auto file = codec::decode_file(job.path, limits, std::move(stop));
    if (!file) return tl::unexpected(file.error());
    BesideOpened opened{job.number, nullptr, file->color, {}};
    const Size own = file->pixels.size();
    if (own == job.size) {
        opened.picture = std::make_shared<const image::Image>(std::move(file->pixels));
        return opened;
    }
    if (own.empty())
        return fail(ErrorCode::corrupt, fmt::format("{} has no pixels; compare another picture.",
                                                    display_path(job.path.filename())));
    image::Image fitted;
    if (same_shape(own, job.size)) {
        const bool smaller = own.area() > job.size.area();
        fitted = image::resample(file->pixels.view(), job.size,
                                 smaller ? image::Filter::area : image::Filter::lanczos);
        opened.note = fmt::format("scaled from {} x {} to {} x {}", own.width, own.height,
                                  job.size.width, job.size.height);
    } else {
        fitted = image::Image(job.size, file->pixels.format());
        std::fill(fitted.bytes().begin(), fitted.bytes().end(), std::byte{0});
        const Rect common = intersect(Rect::of(own), Rect::of(job.size));
        lay(file->pixels.view().sub(common), fitted.span().sub(common));
        opened.note = fmt::format(
            "{} x {} laid on the top left corner of {} x {}; what sticks out is cut off, what is "
            "missing is {}",
            own.width, own.height, job.size.width, job.size.height,
            fitted.format().has_alpha() ? "transparent" : "black");
    }
    opened.picture = std::make_shared<const image::Image>(std::move(fitted));
    return opened;
}

Result<PairFigures> judge_pair(const PairJob& job, std::stop_token stop) {
    auto part = lying(job.a, job.b, job.nudge);
    if (!part) return tl::unexpected(part.error());
    const compare::Views views = views_of(job.a, job.b);
    compare::CompareParams params;
    params.views = views;
    params.nudge = job.nudge;
    params.pixels_per_degree = job.pixels_per_degree;
    const mask::Mask* mask = job.mask ? &*job.mask : nullptr;
    PairFigures out;
    auto stats = compare::compare(job.a.picture->view(), job.b.picture->view(), mask, params, stop);
    if (!stats) return tl::unexpected(stats.error());
    out.stats = std::move(*stats);
    compare::SpotParams spots;
    spots.count = 8;
    spots.pixels_per_degree = job.pixels_per_degree;
    auto worst = compare::worst_spots(part->a, part->b, spots, views, stop);
    if (!worst) return tl::unexpected(worst.error());
    out.spots = std::move(*worst);
    // What is left of a spot some pixels away is nothing to look at.
    std::erase_if(out.spots, [](const compare::Spot& spot) { return spot.value < 0.001; });
    for (compare::Spot& spot : out.spots) {
        move(spot.bounds, {part->in_a.x, part->in_a.y});
        spot.peak = {spot.peak.x + part->in_a.x, spot.peak.y + part->in_a.y};
    }
    if (mask == nullptr) return out;
    const Rect asked_for = intersect(mask->bounds(), part->in_a);
    if (!asked_for.empty() && !compare::wanted_texts(job.prompt).empty()) {
        auto texts = compare::check_text(part->a, part->b,
                                         asked_for.translated(-part->in_a.x, -part->in_a.y),
                                         job.prompt, views);
        if (texts)
            out.texts = std::move(*texts);
        else
            out.texts_problem = texts.error().message;
    }
    auto areas = areas_of(*part, *mask, job.visible_areas, views, stop);
    if (!areas) return tl::unexpected(areas.error());
    out.areas = std::move(*areas);
    if (job.raw) {
        auto raw = raw_over_parent(*job.raw, stop);
        if (!raw && raw.error().code == ErrorCode::cancelled) return tl::unexpected(raw.error());
        // An answer that can no longer be read costs its own line, not the others.
        if (raw) {
            const compare::Views shown{job.raw->view, {}};
            auto count = compare::changed_areas(job.raw->parent->view(), raw->picture->view(), mask,
                                                compare::visible_change(), shown, stop);
            if (!count && count.error().code == ErrorCode::cancelled)
                return tl::unexpected(count.error());
            if (count) out.raw_areas = std::move(*count);
        }
    }
    const bool raw_itself = job.visible_areas && !job.raw;
    out.areas_words = raw_itself ? compare::areas_sentence(&*out.areas, nullptr)
                                 : compare::areas_sentence(
                                       out.raw_areas ? &*out.raw_areas : nullptr, &*out.areas);
    return out;
}

Result<HeatMade> make_heat(const HeatJob& job, std::stop_token stop) {
    auto part = lying(job.a, job.b, job.nudge);
    if (!part) return tl::unexpected(part.error());
    auto heat = compare::heat_map(part->a, part->b, job.params, nullptr, views_of(job.a, job.b));
    if (!heat) return tl::unexpected(heat.error());
    if (stop.stop_requested()) return stopped();
    return HeatMade{std::make_shared<const image::Image>(std::move(*heat)),
                    {part->in_a.x, part->in_a.y}};
}

Result<CandidateJudged> judge_candidate(const CandidateJob& job, std::stop_token stop) {
    compare::CompareParams params;
    params.views = {job.view, job.view};
    params.pixels_per_degree = job.pixels_per_degree;
    const image::Image whole = composite::apply(job.parent->view(), job.patch);
    auto stats =
        compare::compare(job.parent->view(), whole.view(), &job.mask, params, std::move(stop));
    if (!stats) return tl::unexpected(stats.error());
    return CandidateJudged{job.iteration, job.patch_identity, std::move(*stats)};
}

} // namespace mw::worker
