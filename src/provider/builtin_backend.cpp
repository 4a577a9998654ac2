#include "provider/builtin_backend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>

#include "image/continue_smoothly.h"
#include "inpaint/adjust.h"
#include "inpaint/clone.h"
#include "inpaint/color_names.h"
#include "inpaint/coverage.h"
#include "inpaint/fill.h"
#include "inpaint/words.h"
#include "lettering/lettering.h"
#include "provider/builtin_steps.h"
#include "provider/local_engine.h"

namespace mw::provider {
namespace {

using image::Image;

edit::ModelCapabilities patchmatch() {
    edit::ModelCapabilities model;
    model.provider = "builtin";
    model.id = "patchmatch";
    model.label = "Built-in engine";
    model.size.max_side = 8192;
    model.size.max_area = 64'000'000;
    model.max_count = 4;
    model.max_prompt_chars = 32'000;
    model.keeps_depth = true;
    model.takes_grey = true;
    // Nothing is uploaded; this is how the mask is written for people.
    model.mask_polarity = edit::MaskPolarity::white_edits;
    model.max_mask_bytes = 0;
    // It knows nothing but this picture: patches to copy from are all it has, and pixels are free.
    model.context_share = 1;
    model.mask_grow_px = 3;
    model.free = true;
    model.copies = true;
    return model;
}

// The longer side of what is masked.
int region_side(image::ImageView mask) {
    return inpaint::coverage_bounds(mask).size().longer_side();
}

// One request on its way.
class Job {
  public:
    Job(const edit::EditRequest& request, const edit::EditObserver& observer, std::stop_token stop)
        : request_(request),
          observer_(observer),
          stop_(std::move(stop)),
          picture_(request.pixels->view()),
          side_(region_side(request.mask->view())) {}

    Result<edit::EditResult> run(const inpaint::Operations& operations) {
        phase(edit::Phase::preparing, std::nullopt);
        result_.what_was_done = inpaint::describe(operations);
        result_.cost.actual_usd = result_.cost.estimate_usd = 0.0;
        if (inpaint::redacts(operations)) result_.laying = edit::Laying::redacted;
        if (inpaint::clone_of(operations)) result_.laying = edit::Laying::painted;
        const bool varies =
            std::any_of(operations.begin(), operations.end(), [](const inpaint::Operation& o) {
                return std::holds_alternative<inpaint::Remove>(o) ||
                       std::holds_alternative<inpaint::FillFlat>(o);
            });
        const int count = varies ? std::max(1, request_.params.count) : 1;
        if (count < request_.params.count)
            result_.notes.push_back(fmt::format(
                "All {} candidates would be the same, so one was made.", request_.params.count));
        for (int i = 0; i < count; ++i) {
            index_ = i;
            count_ = count;
            phase(edit::Phase::thinking, static_cast<double>(i) / count);
            picture_ = request_.pixels->view();
            Image last; // what picture_ shows
            for (const inpaint::Operation& operation : operations) {
                Result<Image> image =
                    std::visit([this](const auto& o) { return make(o); }, operation);
                if (!image) return tl::unexpected(image.error());
                if (stop_.stop_requested() || image->empty()) return tl::unexpected(stopped_edit());
                keep_outside(*image, picture_, request_.mask->view());
                last = std::move(*image);
                picture_ = last.view();
            }
            if (const Status added = answer(last); !added) return tl::unexpected(added.error());
        }
        if (stop_.stop_requested()) return tl::unexpected(stopped_edit());
        return std::move(result_);
    }

  private:
    void phase(edit::Phase phase, std::optional<double> fraction) const {
        if (observer_.on_phase) observer_.on_phase(phase, fraction);
    }

    Result<Image> make(const inpaint::Remove&) {
        inpaint::FillParams params;
        params.seed = request_.params.seed + static_cast<std::uint64_t>(index_);
        if (request_.barred) params.barred = request_.barred->view();
        inpaint::PreviewFunction preview;
        if (observer_.on_partial && picture_.size.area() <= 8'000'000)
            preview = [this](Image partial) {
                observer_.on_partial(std::make_shared<const Image>(std::move(partial)));
            };
        // Growing the sent mask may close its last gaps; then the artist's own must do.
        const bool closed = inpaint::covers_all(request_.mask->view()) && request_.soft_mask;
        const image::ImageView hole = (closed ? request_.soft_mask : request_.mask)->view();
        if (inpaint::covers_all(hole))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("The mask covers all of the {} x {} pixels that the engine "
                                    "sees, so there is nothing to fill it from; give it more "
                                    "context, or mask less.",
                                    hole.size.width, hole.size.height));
        return inpaint::fill(
            picture_, hole, params,
            [this](double done) { phase(edit::Phase::thinking, (index_ + done) / count_); }, stop_,
            preview);
    }
    Result<Image> make(const inpaint::Recolor& recolor) {
        if (picture_.format.color_channels() == 1)
            result_.notes.emplace_back(
                "The picture is grey, so only the lightness of the colour shows.");
        return inpaint::recolor(picture_, coverage(), recolor.srgb, 0.9, stop_);
    }
    Result<Image> make(const inpaint::Blur& blur) {
        const double sigma =
            blur.sigma_px > 0 ? blur.sigma_px * scale() : std::clamp(side_ / 24.0, 1.5, 80.0);
        return inpaint::blur(picture_, std::max(sigma, 0.1), stop_);
    }
    Result<Image> make(const inpaint::Pixelate& pixelate) {
        const int side = pixelate.side_px > 0
                             ? static_cast<int>(std::lround(pixelate.side_px * scale()))
                             : std::clamp(side_ / 12, 4, 128);
        return inpaint::pixelate(picture_, std::max(side, 2), stop_);
    }
    Result<Image> make(const inpaint::Brighten& brighten) {
        return inpaint::expose(picture_, brighten.stops, stop_);
    }
    Result<Image> make(const inpaint::Desaturate& desaturate) {
        return inpaint::desaturate(picture_, desaturate.amount, stop_);
    }

    // What is covered by how much: a mean over it is the artist's own.
    image::ImageView coverage() const {
        return (request_.soft_mask ? *request_.soft_mask : *request_.mask).view();
    }
    Result<Image> make(const inpaint::Contrast& contrast) {
        return inpaint::contrast(picture_, coverage(), contrast.amount, stop_);
    }
    Result<Image> make(const inpaint::Temper& temper) {
        if (picture_.format.color_channels() == 1)
            result_.notes.emplace_back("The picture is grey, so its light cannot be warmed.");
        return inpaint::temper(picture_, temper.mired, stop_);
    }
    Result<Image> make(const inpaint::TurnHue& hue) {
        return inpaint::turn_hue(picture_, hue.degrees, stop_);
    }
    Result<Image> make(const inpaint::Tone& tone) {
        return inpaint::tone(picture_, tone.shadows, tone.highlights, stop_);
    }
    Result<Image> make(const inpaint::Curve& curve) {
        return inpaint::curve(picture_, curve.points, stop_);
    }
    Result<Image> make(const inpaint::Sharpen& sharpen) {
        const double sigma = (sharpen.sigma_px > 0 ? sharpen.sigma_px : 1.0) * scale();
        return inpaint::sharpen(picture_, sharpen.amount, sigma, stop_);
    }
    Result<Image> make(const inpaint::Denoise& denoise) {
        return inpaint::denoise(picture_, denoise.strength, stop_);
    }
    Result<Image> make(const inpaint::LensBlur& blur) {
        const double radius =
            blur.radius_px > 0 ? blur.radius_px * scale() : std::clamp(side_ / 16.0, 2.0, 100.0);
        return inpaint::lens_blur(picture_, radius, stop_);
    }
    Result<Image> make(const inpaint::FillColor& fill) {
        return inpaint::paint(picture_, fill.srgb, stop_);
    }
    Result<Image> make(const inpaint::FillGradient& fill) {
        return inpaint::gradient(picture_, coverage(), fill.from, fill.to, fill.degrees, stop_);
    }
    Result<Image> make(const inpaint::FillFlat&) {
        return inpaint::matched_flat(picture_, request_.mask->view(),
                                     request_.params.seed + static_cast<std::uint64_t>(index_),
                                     stop_);
    }

    Result<Image> make(const inpaint::WriteText& write) {
        lettering::Style style;
        style.family = write.family;
        style.bold = write.bold;
        style.italic = write.italic;
        if (write.size_px > 0) style.size_px = write.size_px * scale();
        style.srgb = write.srgb;
        style.align = write.align == inpaint::TextAlign::left    ? lettering::Align::left
                      : write.align == inpaint::TextAlign::right ? lettering::Align::right
                                                                 : lettering::Align::center;
        style.turn_degrees = write.degrees;
        // A graft fades in from the mask's edge; letters stay clear of that.
        constexpr double kFade = 8;
        auto set =
            lettering::set_text(picture_, coverage(), write.text, style, kFade * scale(), stop_);
        if (!set) return tl::unexpected(set.error());
        std::string told = fmt::format("Set in {}, {:.0f} px", set->font, set->size_px / scale());
        if (set->lines.size() > 1) told += fmt::format(", {} lines", set->lines.size());
        if (std::abs(set->turn_degrees) >= 0.5)
            told += fmt::format(", turned by {:.0f} degrees", set->turn_degrees);
        if (!write.srgb) told += ", in " + inpaint::hex_of(set->srgb);
        if (index_ == 0) {
            result_.notes.push_back(told + ".");
            result_.notes.insert(result_.notes.end(), set->notes.begin(), set->notes.end());
        }
        return std::move(set->picture);
    }
    // Where anything of the artist's coverage falls, the gaps that the sent mask closes included.
    Image all_covered() const {
        Image hole = image::clone(request_.mask->view());
        if (!request_.soft_mask) return hole;
        for (int y = 0; y < hole.height(); ++y) {
            const auto* soft = request_.soft_mask->view().row<std::uint8_t>(y);
            auto* to = hole.span().row<std::uint8_t>(y);
            for (int x = 0; x < hole.width(); ++x)
                if (soft[x] != 0) to[x] = 255;
        }
        return hole;
    }
    // What is shown of a redaction as the answer; what is laid is made from the picture itself, all
    // islands of the mask at once (GraftParams::redact).
    Result<Image> make(const inpaint::Redact&) {
        Image out = image::clone(picture_);
        image::continue_smoothly(out.span(), all_covered().view());
        return out;
    }
    Result<Image> make(const inpaint::Clone& clone) {
        if (!request_.beside || request_.beside->size() != picture_.size ||
            request_.beside->format() != picture_.format)
            return fail(ErrorCode::invalid_argument,
                        "The request does not hold what it is to be cloned from; plan it again.");
        if (!clone.heal) return image::clone(request_.beside->view());
        const image::ImageView hole = coverage();
        if (inpaint::covers_all(hole))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("The mask covers all of the {} x {} pixels that the engine "
                                    "sees, so there are no colours to heal towards; clone, or mask "
                                    "less.",
                                    hole.size.width, hole.size.height));
        return inpaint::heal(picture_, request_.beside->view(), hole, stop_);
    }

    double scale() const { return request_.plan.scale > 0 ? request_.plan.scale : 1.0; }

    Status answer(const Image& image) {
        auto made = png_answer(image, result_.answers.empty() ? &result_.notes : nullptr);
        if (!made) return tl::unexpected(made.error());
        result_.answers.push_back(std::move(*made));
        return {};
    }

    const edit::EditRequest& request_;
    const edit::EditObserver& observer_;
    std::stop_token stop_;
    image::ImageView picture_;
    int side_, index_ = 0, count_ = 1;
    edit::EditResult result_;
};

class BuiltinBackend : public edit::EditBackend {
  public:
    std::string_view provider() const override { return "builtin"; }

    std::vector<edit::ModelCapabilities> models() const override { return {patchmatch()}; }

    Status check(const std::string& prompt, const edit::EditParams& params) const override {
        const Result<edit::ModelCapabilities> model = edit::find_model(*this, params.model);
        if (!model) return tl::unexpected(model.error());
        if (const Status status = edit::check_request(*model, prompt, params); !status)
            return status;
        const auto operations = inpaint::parse_prompt(prompt);
        return operations ? Status{} : Status{tl::unexpected(operations.error())};
    }

    std::vector<edit::PromptStep> understood(const std::string& prompt) const override {
        const auto operations = inpaint::parse_prompt(prompt);
        return operations ? steps_of(*operations) : std::vector<edit::PromptStep>();
    }
    std::string prompt_of(const std::vector<edit::PromptStep>& steps) const override {
        return inpaint::prompt_of(operations_of(steps));
    }
    Result<std::optional<Point>> source_offset(const std::string& prompt,
                                               const mask::Mask& mask) const override {
        const auto operations = inpaint::parse_prompt(prompt);
        const inpaint::Clone* clone = operations ? inpaint::clone_of(*operations) : nullptr;
        if (!clone) return std::optional<Point>();
        const Rect hole = mask.bounds();
        Point offset{clone->x, clone->y};
        if (!clone->offset)
            offset = {clone->x - (hole.x + hole.width / 2), clone->y - (hole.y + hole.height / 2)};
        const Rect source = hole.translated(offset.x, offset.y);
        if (!mask.rect().contains(source))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("What it would {} from, {} x {} pixels at {},{}, does not lie "
                                    "within the picture of {} x {}; choose a source that does, or "
                                    "mask less.",
                                    clone->heal ? "heal" : "clone", source.width, source.height,
                                    source.x, source.y, mask.size().width, mask.size().height));
        if (offset == Point{0, 0})
            return fail(ErrorCode::invalid_argument,
                        "The source is the region itself, so nothing would change; choose another "
                        "one.");
        return std::optional<Point>(offset);
    }

    edit::CostEstimate estimate(const edit::CropPlan&, const edit::EditParams&) const override {
        return {};
    }

    Result<edit::EditResult> run(const edit::EditRequest& request,
                                 const edit::EditObserver& observer,
                                 std::stop_token stop) override {
        if (const Status status = check(request.prompt, request.params); !status)
            return tl::unexpected(status.error());
        if (const Status status = check_pixels(request); !status)
            return tl::unexpected(status.error());
        if (stop.stop_requested()) return tl::unexpected(stopped_edit());
        const auto operations = inpaint::parse_prompt(request.prompt);
        try {
            return Job(request, observer, std::move(stop)).run(*operations);
        } catch (const std::bad_alloc&) {
            return fail(ErrorCode::too_large,
                        fmt::format("There is not enough memory to edit {} x {} pixels at once; "
                                    "ask for a smaller request size.",
                                    request.pixels->width(), request.pixels->height()));
        }
    }
};

} // namespace

std::unique_ptr<edit::EditBackend> make_builtin_backend() {
    return std::make_unique<BuiltinBackend>();
}

} // namespace mw::provider
