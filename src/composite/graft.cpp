#include "composite/graft.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/parallel.h"
#include "composite/context.h"
#include "image/convert.h"
#include "image/resample.h"

namespace mw::composite {
namespace {

using image::Image;
using image::ImageView;
using image::SampleType;

class Clock {
  public:
    explicit Clock(std::map<std::string, double>& seconds) : seconds_(seconds) {}
    void lap(const char* phase) {
        const auto now = std::chrono::steady_clock::now();
        seconds_[phase] += std::chrono::duration<double>(now - last_).count();
        last_ = now;
    }

  private:
    std::map<std::string, double>& seconds_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// More than this between the sides' ratios is another picture, not rounding.
constexpr double kMostStretch = 0.02;

// The answer at the crop's own size.
Result<Image> fitted(ImageView answer, const edit::CropPlan& plan,
                     std::vector<std::string>& notes) {
    const Size got = answer.size, want = plan.crop.size();
    if (answer.empty() || (got.area() == 1 && want.area() > 16))
        return fail(
            ErrorCode::corrupt,
            fmt::format("The answer is a picture of {} x {} pixels where {} x {} were "
                        "expected; the document is unchanged. Run the edit again.",
                        got.width, got.height, plan.request_size.width, plan.request_size.height));
    const auto stretch = [&](Size s) {
        return std::abs(double(got.width) * s.height / (double(got.height) * s.width) - 1);
    };
    // A side of few pixels may be off by rounding alone.
    const double rounding = 1.0 / std::min({got.width, got.height, want.width, want.height});
    const double off = std::min(stretch(want), stretch(plan.request_size));
    if (got != plan.request_size && off > std::max(kMostStretch, rounding))
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The answer is {} x {} but {} x {} was asked for: another shape, "
                        "so it would have to be stretched. The document is unchanged and "
                        "the answer kept; run the edit again or give the crop it belongs "
                        "to.",
                        got.width, got.height, plan.request_size.width, plan.request_size.height));
    if (got == want) return Image{};
    if (got != plan.request_size)
        notes.push_back(
            fmt::format("the answer came as {} x {} instead of {} x {} and was "
                        "resampled",
                        got.width, got.height, plan.request_size.width, plan.request_size.height));
    else
        notes.push_back(fmt::format("the answer of {} x {} was resampled to the crop's {} x {}",
                                    got.width, got.height, want.width, want.height));
    return image::resample(answer, want, image::Filter::lanczos);
}

Image float_colors(ImageView view, int channels) {
    return image::convert(view, {channels, SampleType::f32});
}

// `local` is the crop's answer; `window` in picture pixels.
Context make_context(ImageView source, ImageView answer, const mask::Mask& mask,
                     const edit::CropPlan& plan, const Rect& window) {
    Context context;
    context.window = window;
    context.centre = {plan.crop.x + 0.5 * plan.crop.width - 0.5 - window.x,
                      plan.crop.y + 0.5 * plan.crop.height - 0.5 - window.y};
    const int channels = source.format.color_channels();
    const ImageView here = source.sub(window);
    const ImageView there = answer.sub(window.translated(-plan.crop.x, -plan.crop.y));
    context.source = float_colors(here, channels);
    context.answer = float_colors(there, channels);
    if (answer.format.has_alpha()) {
        const Image full = image::convert(there, {2, SampleType::f32});
        context.opacity = Image(window.size(), image::kGrayF);
        for (int y = 0; y < window.height; ++y)
            for (int x = 0; x < window.width; ++x)
                *context.opacity.span().pixel<float>(x, y) = full.view().pixel<float>(x, y)[1];
    }
    const Image alpha =
        source.format.has_alpha() ? image::convert(here, {2, SampleType::u16}) : Image{};
    context.ring = mask.read(window);
    for (int y = 0; y < window.height; ++y) {
        auto* ring = context.ring.span().row<std::uint8_t>(y);
        for (int x = 0; x < window.width; ++x) {
            // What cannot be seen has no colour to compare with.
            const bool shown =
                (alpha.empty() || alpha.view().pixel<std::uint16_t>(x, y)[1] > 0) &&
                (context.opacity.empty() || context.opacity.view().row<float>(y)[x] > 0.5f);
            ring[x] = ring[x] == 0 && shown;
            context.ring_pixels += ring[x];
        }
    }
    return context;
}

double mean_outside(ImageView source, ImageView answer, const mask::Mask& mask, const Rect& visible,
                    const edit::CropPlan& plan) {
    constexpr int kBand = 64;
    const int bands = (visible.height + kBand - 1) / kBand, n = source.format.color_channels();
    std::vector<double> sums(static_cast<std::size_t>(bands)), counts(sums.size());
    parallel_for(bands, 1, [&](int begin, int end) {
        for (int band = begin; band < end; ++band) {
            const Rect rows =
                intersect(visible, {visible.x, visible.y + band * kBand, visible.width, kBand});
            const Image s = float_colors(source.sub(rows), n);
            const Image a =
                float_colors(answer.sub(rows.translated(-plan.crop.x, -plan.crop.y)), n);
            const Image covered = mask.read(rows);
            double sum = 0;
            std::int64_t count = 0;
            for (int y = 0; y < rows.height; ++y) {
                const auto* c = covered.view().row<std::uint8_t>(y);
                const float* p = s.view().row<float>(y);
                const float* q = a.view().row<float>(y);
                for (int x = 0; x < rows.width; ++x, p += n, q += n) {
                    if (c[x]) continue;
                    for (int k = 0; k < n; ++k) {
                        const float d = std::abs(p[k] - q[k]);
                        if (std::isfinite(d)) sum += d, ++count;
                    }
                }
            }
            sums[static_cast<std::size_t>(band)] = sum;
            counts[static_cast<std::size_t>(band)] = static_cast<double>(count);
        }
    });
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < sums.size(); ++i)
        sum += sums[i], count += counts[i];
    return count > 0 ? 255 * sum / count : 0;
}

template <class T>
T to_sample(float v) {
    if constexpr (std::is_same_v<T, float>) {
        return v;
    } else {
        constexpr float kMax = std::is_same_v<T, std::uint8_t> ? 255.0f : 65535.0f;
        return static_cast<T>(std::clamp(v, 0.0f, 1.0f) * kMax + 0.5f);
    }
}

// Blends on encoded values, as every painting program does by default: a fade in linear light would
// look wider on the dark side. Alpha is the source's.
template <class T>
void blend_rows(const Context& context, ImageView weights, const Rect& rect,
                const GraftReport& report, image::ImageSpan out, int begin, int end) {
    const Registration& reg = report.registration;
    const ColorMatch& color = report.color_match;
    const int n = out.format.channels, colors = out.format.color_channels();
    const int ox = rect.x - context.window.x, oy = rect.y - context.window.y;
    for (int y = begin; y < end; ++y) {
        const auto* w = weights.row<std::uint8_t>(y);
        T* to = out.row<T>(y);
        for (int x = 0; x < rect.width; ++x, to += n) {
            if (w[x] == 0) continue; // the source's bits stay
            float a[3], opacity = 1;
            if (reg.applied) {
                const PointF q = map_point(reg, context.centre, {double(x + ox), double(y + oy)});
                sample_cubic(context.answer.view(), q.x, q.y, a);
                if (!context.opacity.empty())
                    sample_cubic(context.opacity.view(), q.x, q.y, &opacity);
            } else {
                std::copy_n(context.answer.view().pixel<float>(x + ox, y + oy), colors, a);
                if (!context.opacity.empty())
                    opacity = *context.opacity.view().pixel<float>(x + ox, y + oy);
            }
            const float weight =
                static_cast<float>(w[x]) / 255.0f * std::clamp(opacity, 0.0f, 1.0f);
            if (!(weight > 0)) continue;
            const float* s = context.source.view().pixel<float>(x + ox, y + oy);
            for (int c = 0; c < colors; ++c) {
                float v = a[c];
                if (color.applied)
                    v = static_cast<float>(color.gain[static_cast<std::size_t>(c)]) * v +
                        static_cast<float>(color.offset[static_cast<std::size_t>(c)] / 255);
                if (!std::isfinite(v)) continue;
                // A weight of 1 must give the answer itself, whatever the source holds.
                const bool whole = weight >= 1 || !std::isfinite(s[c]);
                to[c] = to_sample<T>(whole ? v : s[c] + weight * (v - s[c]));
            }
        }
    }
}

Image blend(ImageView source, const Context& context, ImageView weights, const Rect& rect,
            const GraftReport& report) {
    Image out = image::clone(source.sub(rect));
    parallel_for(rect.height, 16, [&](int begin, int end) {
        switch (source.format.type) {
            case SampleType::u8:
                return blend_rows<std::uint8_t>(context, weights, rect, report, out.span(), begin,
                                                end);
            case SampleType::u16:
                return blend_rows<std::uint16_t>(context, weights, rect, report, out.span(), begin,
                                                 end);
            case SampleType::f32:
                return blend_rows<float>(context, weights, rect, report, out.span(), begin, end);
        }
    });
    return out;
}

void note_the_unusual(ImageView source, const Context& context, const Rect& support,
                      const Rect& visible, std::vector<std::string>& notes) {
    if (!visible.contains(support))
        notes.push_back("part of the mask lies outside the crop; nothing changes there");
    if (!context.opacity.empty()) {
        bool see_through = false;
        for (int y = 0; y < context.window.height && !see_through; ++y)
            for (int x = 0; x < context.window.width && !see_through; ++x)
                see_through = context.opacity.view().row<float>(y)[x] < 0.999f;
        if (see_through)
            notes.push_back(
                "the answer is partly transparent; the picture shows through there, "
                "and its own alpha is kept");
    }
    if (source.format.type != SampleType::f32) return;
    const Rect local = intersect(support, visible).translated(-context.window.x, -context.window.y);
    const int n = context.source.format().channels;
    for (int y = local.y; y < local.bottom(); ++y) {
        const float* row = context.source.view().row<float>(y);
        const auto* ring = context.ring.view().row<std::uint8_t>(y);
        for (int x = local.x; x < local.right(); ++x) {
            if (ring[x] || !(*std::max_element(row + x * n, row + (x + 1) * n) > 1)) continue;
            notes.push_back(
                "values above white under the mask were replaced by the answer's, "
                "which end at white");
            return;
        }
    }
}

Result<Graft> graft_checked(ImageView source, ImageView answer, const mask::Mask& mask,
                            const edit::CropPlan& plan, const GraftParams& params) {
    Graft out;
    GraftReport& report = out.report;
    Clock clock(report.seconds);
    auto resampled = fitted(answer, plan, report.notes);
    if (!resampled) return tl::unexpected(resampled.error());
    const ImageView a = resampled->empty() ? answer : resampled->view();
    const Rect support = intersect(mask.bounds(), source.rect());
    const Rect visible = intersect(plan.crop, source.rect());
    const Rect rect = intersect(support, visible);
    if (rect.empty())
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The crop {},{} {} x {} does not touch the marked part of the "
                                "picture, so there is nothing to graft.",
                                plan.crop.x, plan.crop.y, plan.crop.width, plan.crop.height));
    const int margin = std::max(96, rect.size().longer_side() / 2);
    const Context context =
        make_context(source, a, mask, plan, intersect(rect.grown(margin), visible));
    note_the_unusual(source, context, support, visible, report.notes);
    report.answer_outside_mean_abs = mean_outside(source, a, mask, visible, plan);
    clock.lap("prepare");

    if (params.do_register)
        report.registration = find_registration(context, rect);
    else
        report.registration.reason = "switched off";
    clock.lap("register");
    if (params.match_color)
        report.color_match = find_color_match(context, report.registration);
    else
        report.color_match.reason = "switched off";
    clock.lap("match_color");

    const Image weights = seam_weights(mask, rect, params.seam);
    out.patch = {rect,
                 std::make_shared<Image>(blend(source, context, weights.view(), rect, report))};
    clock.lap("blend");
    if (!params.prove) return out;
    prove(source, out.patch, mask, report);
    clock.lap("prove");
    if (report.changed_inside_mask == 0)
        report.notes.push_back("the answer equals the picture under the mask; nothing changed");
    return out;
}

} // namespace

Result<Graft> graft(ImageView source, ImageView answer, const mask::Mask& mask,
                    const edit::CropPlan& plan, const GraftParams& params,
                    const image::DisplayTransform& /*view*/) {
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
    try {
        return graft_checked(source, answer, mask, plan, params);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    fmt::format("Not enough memory to graft an answer of {} x {}; the answer is "
                                "kept. Close other pictures and try again.",
                                answer.size.width, answer.size.height));
    }
}

Image apply(ImageView source, const Patch& patch) {
    Image out = image::clone(source);
    if (patch.pixels && !patch.rect.empty())
        image::copy_pixels(patch.pixels->view(), out.span().sub(patch.rect));
    return out;
}

} // namespace mw::composite
