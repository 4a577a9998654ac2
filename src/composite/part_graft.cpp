#include "composite/part_graft.h"

#include <fmt/format.h>

#include <chrono>

#include "base/parallel.h"
#include "composite/blend.h"
#include "composite/corrected.h"
#include "composite/cut_off.h"
#include "composite/fitted.h"
#include "composite/respect.h"
#include "composite/seam.h"
#include "composite/visibility.h"
#include "image/convert.h"
#include "mask/refine.h"

namespace mw::composite {
namespace {

using image::Image;
using image::ImageView;

class Clock {
  public:
    explicit Clock(std::map<std::string, double>& seconds) : seconds_(&seconds) {}
    void lap(const char* phase) {
        const auto now = std::chrono::steady_clock::now();
        (*seconds_)[phase] += std::chrono::duration<double>(now - last_).count();
        last_ = now;
    }

  private:
    std::map<std::string, double>* seconds_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

tl::unexpected<Error> stopped() {
    return fail(ErrorCode::cancelled, "Stopped; nothing was changed.");
}

// mask::grow's flank is one pixel wide: with this its last pixel is the one reach_px away.
constexpr double kFlank = 0.98;

void note_the_unusual(ImageView answer, const Context& context, const Rect& support,
                      const Rect& visible, std::vector<std::string>& notes) {
    if (!visible.contains(support))
        notes.push_back("part of the mask lies outside the crop; nothing changes there");
    if (answer.format.has_alpha()) {
        bool see_through = false;
        for (int y = 0; y < context.window.height && !see_through; ++y)
            for (int x = 0; x < context.window.width && !see_through; ++x)
                see_through = context.opacity.view().row<float>(y)[x] < 0.999f;
        if (see_through)
            notes.push_back(
                "the answer is partly transparent; the picture shows through there, "
                "and its own alpha is kept");
    }
}

void note_above_white(const Unchanged& unchanged, std::vector<std::string>& notes) {
    if (unchanged.above_white_kept > 0)
        notes.push_back(fmt::format(
            "{} pixels above white under the mask keep their values, as the answer is white there "
            "too",
            unchanged.above_white_kept));
    if (unchanged.above_white_replaced > 0)
        notes.push_back(
            fmt::format("{} pixels above white under the mask were replaced by the "
                        "answer's, which ends at white",
                        unchanged.above_white_replaced));
}

// Of both where both are known.
image::Image product(image::Image a, ImageView b) {
    if (b.empty()) return a;
    if (a.empty()) return image::clone(b);
    for (int y = 0; y < b.size.height; ++y)
        for (int x = 0; x < b.size.width; ++x)
            a.span().row<float>(y)[x] *= b.row<float>(y)[x];
    return a;
}

void add(ImageView from, image::ImageSpan to) {
    parallel_for(to.size.height, 32, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* f = from.row<float>(y);
            float* t = to.row<float>(y);
            for (int i = 0; i < to.size.width * to.format.channels; ++i)
                t[i] += f[i];
        }
    });
}

} // namespace

Result<PartGraft> PartGraft::create(ImageView source, ImageView answer, mask::Mask mask,
                                    const edit::CropPlan& plan,
                                    const image::DisplayTransform& view) {
    if (source.empty() || plan.crop.empty() || plan.request_size.empty())
        return fail(ErrorCode::invalid_argument,
                    "There is no picture or no crop to graft onto; open a picture first.");
    if (mask.size() != source.size)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The mask is {} x {} but the picture is {} x {}; use a mask of the "
                                "picture's size.",
                                mask.size().width, mask.size().height, source.size.width,
                                source.size.height));
    if (mask.empty())
        return fail(ErrorCode::invalid_argument,
                    "The mask is empty, so nothing of the answer could be used; paint over the "
                    "part that should change.");
    PartGraft part;
    auto resampled = fitted(answer, plan, part.notes_);
    if (!resampled) return tl::unexpected(resampled.error());
    part.support_ = intersect(mask.bounds(), source.rect());
    part.visible_ = intersect(plan.crop, source.rect());
    if (intersect(part.support_, part.visible_).empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The crop {},{} {} x {} does not touch the marked part of the "
                                "picture, so there is nothing to graft.",
                                plan.crop.x, plan.crop.y, plan.crop.width, plan.crop.height));
    part.resampled_ = std::move(*resampled);
    part.answer_ = part.resampled_.empty() ? answer : part.resampled_.view();
    part.source_ = source;
    part.declared_ = mask;
    part.mask_ = std::move(mask);
    part.plan_ = plan;
    part.view_ = view;
    return part;
}

const mask::Mask& PartGraft::declared(double reach_out_px) {
    const double reach = std::isfinite(reach_out_px) ? std::clamp(reach_out_px, 0.0, 256.0) : 0;
    if (reach == reach_) return declared_;
    declared_ = reach > 0 ? mask::grow(mask_, std::max(0.0, reach - kFlank)) : mask_;
    reach_ = reach;
    return declared_;
}

void PartGraft::prepare(double reach_out_px) {
    const Rect shown = intersect(support_, visible_);
    const int least = static_cast<int>(reach_out_px) + 32;
    const int margin = std::max({96, shown.size().longer_side() / 2, least});
    if (margin_ == margin) return;
    context_ = make_context(source_, answer_, mask_, plan_,
                            intersect(shown.grown(margin), visible_), view_);
    margin_ = margin;
    registration_.reset();
    color_match_ = {};
    corrections_.reset();
}

void PartGraft::correct(const GraftParams& params, GraftReport& report) {
    Clock clock(report.seconds);
    if (params.do_register) {
        if (!registration_)
            registration_ = find_registration(context_, intersect(support_, visible_));
        report.registration = *registration_;
        if (report.registration.asks && params.accept_large_move)
            report.registration.applied = true;
    } else {
        report.registration.reason = "switched off";
    }
    clock.lap("register");
    const bool aligned = report.registration.applied;
    if (params.match_color) {
        auto& match = color_match_[aligned ? 1 : 0];
        if (!match) match = find_color_match(context_, report.registration);
        report.color_match = *match;
    } else {
        report.color_match.reason = "switched off";
    }
    clock.lap("match_color");
    const Corrections wanted{aligned, report.color_match.applied, margin_};
    if (corrections_ != wanted) {
        corrected_ = corrected_answer(context_, report.registration, report.color_match);
        opacity_ = aligned_opacity(context_, report.registration);
        blocks_ = block_means(context_, corrected_.view(), mask_);
        membrane_.reset();
        grain_.reset();
        corrections_ = wanted;
        clock.lap("blend");
        respect_ = judge_respect(blocks_, report.registration);
        // What redrew the surroundings does not tell by them what it left alone.
        usual_ = respect_.verdict == Respect::Verdict::kept ||
                         respect_.verdict == Respect::Verdict::redrawn
                     ? usual_difference(context_, blocks_)
                     : UsualDifference{};
        cut_off_ = respect_.verdict == Respect::Verdict::unrelated
                       ? CutOff{}
                       : find_cut_off(context_, corrected_.view(), mask_);
    }
    report.respect = respect_;
    // What is laid as it is was drawn for exactly this mask.
    report.cut_off = params.keep_unchanged ? cut_off_ : CutOff{};
    if (respect_.verdict == Respect::Verdict::unknown && one_color(blocks_))
        report.notes.push_back("the answer is one colour all over; it has probably failed");
    clock.lap("judge");
}

void PartGraft::finish(const GraftParams& params, const Rect& area, GraftReport& report) {
    Clock clock(report.seconds);
    if (params.membrane) {
        if (!membrane_ || membrane_area_ != area) {
            membrane_ = find_membrane(context_, blocks_, declared_, area);
            membrane_area_ = area;
        }
        report.membrane = membrane_->report;
    } else {
        report.membrane.reason = "switched off";
    }
    clock.lap("membrane");
    if (params.grain) {
        if (!grain_) grain_ = find_grain(context_, corrected_.view(), blocks_);
        report.grain = grain_->report;
    } else {
        report.grain.reason = "switched off";
    }
    clock.lap("grain");
    const Finish wanted{*corrections_, area, report.membrane.applied, params.keep_unchanged,
                        report.grain.applied};
    if (finish_ != wanted) {
        const Rect local = area.translated(-context_.window.x, -context_.window.y);
        finished_ = image::clone(corrected_.view().sub(local));
        if (wanted.membrane) add(membrane_->correction.view(), finished_.span());
        unchanged_ = find_unchanged(context_, corrected_.view(), finished_.view(), declared_, area,
                                    deeper_than_answer(),
                                    params.keep_unchanged ? usual_ : UsualDifference{});
        share_ = product(std::move(unchanged_.share),
                         opacity_.empty() ? ImageView{} : opacity_.view().sub(local));
        if (wanted.grain) add_grain(*grain_, area, finished_.span());
        finish_ = wanted;
    }
    report.kept_share = unchanged_.kept_share;
    note_above_white(unchanged_, report.notes);
    clock.lap("blend");
}

const Image& PartGraft::weights(const SeamParams& params) {
    const Rect wanted = rect(params.reach_out_px);
    const bool fitting = params.kind == SeamKind::fitting;
    if (seam_ == params && weights_rect_ == wanted && (!fitting || weights_of_ == finish_))
        return weights_;
    // Where the fade reaches out it still ends as far inside as it would.
    SeamParams grown = params;
    if (reach_ > 0)
        grown.feather_px =
            params.feather_px.value_or(fitting ? kDefaultReach : kDefaultFeather) + reach_;
    if (fitting) {
        const Rect local = wanted.translated(-context_.window.x, -context_.window.y);
        weights_ = fitting_weights(declared_, wanted, grown, context_.source.view().sub(local),
                                   finished_.view());
    } else {
        weights_ = seam_weights(declared_, wanted, grown);
    }
    weights_rect_ = wanted;
    weights_of_ = finish_;
    seam_ = params;
    return weights_;
}

Status PartGraft::lay(const GraftParams& params, const Rect& patch_rect, image::ImageSpan patch,
                      bool fresh, GraftReport& report, std::stop_token stop) {
    Clock clock(report.seconds);
    const Rect area = rect(params.seam.reach_out_px);
    prepare(reach_);
    report.declared = area;
    report.notes.insert(report.notes.end(), notes_.begin(), notes_.end());
    note_the_unusual(answer_, context_, support_, visible_, report.notes);
    if (params.prove) {
        if (!mean_outside_) mean_outside_ = mean_outside(source_, answer_, mask_, plan_, view_);
        report.answer_outside_mean_abs = *mean_outside_;
    }
    clock.lap("prepare");
    if (stop.stop_requested()) return stopped();
    correct(params, report);
    if (stop.stop_requested()) return stopped();
    finish(params, area, report);
    if (stop.stop_requested()) return stopped();
    clock = Clock(report.seconds);
    const Rect local = area.translated(-context_.window.x, -context_.window.y);
    const image::ImageSpan target = patch.sub(area.translated(-patch_rect.x, -patch_rect.y));
    BlendInput input;
    input.rect = area;
    input.source = context_.source.view().sub(local);
    Image below; // another part was here before
    if (!fresh) {
        below = view_.to_display(target);
        if (below.format().has_alpha())
            below = image::convert(below.view(), context_.source.format());
        input.source = below.view();
    }
    input.answer = finished_.view();
    if (!share_.empty()) input.share = share_.view();
    input.weights = weights(params.seam).view();
    input.same_depth = !deeper_than_answer();
    input.dither = params.dither;
    blend(input, view_, target);
    clock.lap("blend");
    if (params.prove) {
        report.seam_visibility = seam_visibility(context_, target, area, declared_, view_);
        clock.lap("judge");
    }
    return {};
}

} // namespace mw::composite
