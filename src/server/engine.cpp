#include "server/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>

#include "codec/codec.h"
#include "edit/backend.h"
#include "image/convert.h"
#include "image/resample.h"
#include "inpaint/adjust.h"
#include "inpaint/coverage.h"
#include "inpaint/words.h"
#include "provider/builtin_backend.h"
#include "server/card.h"
#include "server/models.h"
#include "server/usage.h"

namespace mw::server {
namespace {

using image::Image;

ApiError stopped() {
    return {499, "The request was cancelled.", "server_error", "", "cancelled", "", {}};
}

const Fault* find(const std::vector<Fault>& faults, Fault::Kind kind) {
    const auto at = std::find_if(faults.begin(), faults.end(),
                                 [&](const Fault& fault) { return fault.kind == kind; });
    return at == faults.end() ? nullptr : &*at;
}

ApiResult<Image> decode_picture(const Bytes& file, const std::string& param, std::stop_token stop) {
    codec::DecodeLimits limits;
    limits.max_side = 8192;
    limits.max_pixels = 64'000'000;
    auto picture = codec::decode(file, param, limits, stop);
    if (picture) return image::convert(picture->pixels.view(), image::kRgba8);
    if (stop.stop_requested()) return tl::unexpected(stopped());
    return bad_request(
        "Invalid image file or mode for image " + param + ": " + picture.error().message, param,
        picture.error().code == ErrorCode::too_large ? "image_too_large" : "invalid_image_file");
}

// Coverage (kGray8, 255 edit) of a mask file: alpha 0 edits, RGB does not count.
ApiResult<Image> decode_mask(const Bytes& file, Size size, std::stop_token stop) {
    auto picture = codec::decode(file, "mask", {}, stop);
    if (!picture)
        return bad_request("Invalid mask image format - " + picture.error().message, "mask",
                           "invalid_image_file");
    if (picture->pixels.size() != size)
        return bad_request("Invalid mask image format - mask size does not match image size",
                           "mask", "invalid_image_file");
    if (!picture->pixels.format().has_alpha())
        return bad_request("Invalid mask image format - mask image missing alpha channel", "mask",
                           "invalid_image_file");
    const Image rgba = image::convert(picture->pixels.view(), image::kRgba8);
    Image coverage(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            *coverage.span().pixel<std::uint8_t>(x, y) =
                static_cast<std::uint8_t>(255 - rgba.view().pixel<std::uint8_t>(x, y)[3]);
    return coverage;
}

// What the drawn overlay lies over: the box round its strokes.
ApiResult<Image> decode_markup(const Bytes& file, Size size, std::stop_token stop) {
    auto overlay = decode_picture(file, "markup", stop);
    if (!overlay) return tl::unexpected(overlay.error());
    if (overlay->size() != size)
        return bad_request("Invalid markup image: its size does not match the image.", "markup",
                           "invalid_image_file");
    Rect box;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            if (overlay->view().pixel<std::uint8_t>(x, y)[3] > 0) box = unite(box, {x, y, 1, 1});
    if (box.area() == size.area())
        return bad_request("Invalid markup image: it must have transparent pixels.", "markup",
                           "invalid_image_file");
    Image coverage(size, image::kGray8);
    for (int y = box.y; y < box.bottom(); ++y)
        std::fill_n(coverage.span().pixel<std::uint8_t>(box.x, y), box.width, std::uint8_t{255});
    return coverage;
}

// Without a mask a model changes what it likes; here that is an oval in the middle.
Image middle(Size size) {
    Image coverage(size, image::kGray8);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            const double dx = (x + 0.5) / size.width - 0.5, dy = (y + 0.5) / size.height - 0.5;
            if (dx * dx + dy * dy < 0.04) *coverage.span().pixel<std::uint8_t>(x, y) = 255;
        }
    return coverage;
}

Image binary(image::ImageView soft) {
    Image out(soft.size, image::kGray8);
    for (int y = 0; y < soft.size.height; ++y)
        for (int x = 0; x < soft.size.width; ++x)
            *out.span().pixel<std::uint8_t>(x, y) = *soft.pixel<std::uint8_t>(x, y) > 127 ? 255 : 0;
    return out;
}

// A rough version of what is to come, as a partial frame: the edited region in blocks.
Image rough(image::ImageView picture, image::ImageView mask, int side) {
    Image out = image::clone(picture);
    for (int top = 0; top < picture.size.height; top += side)
        for (int left = 0; left < picture.size.width; left += side) {
            const auto* from = picture.pixel<std::uint8_t>(left, top);
            const Rect block = intersect({left, top, side, side}, picture.rect());
            for (int y = block.y; y < block.bottom(); ++y)
                for (int x = block.x; x < block.right(); ++x)
                    if (mask.empty() || *mask.pixel<std::uint8_t>(x, y))
                        std::copy_n(from, 4, out.span().pixel<std::uint8_t>(x, y));
        }
    return out;
}

Image drifted(image::ImageView picture, int dx, int dy) {
    Image moved = image::extract_reflected(picture, picture.rect().translated(-dx, -dy));
    auto brighter = inpaint::expose(moved.view(), 0.06, {});
    return brighter.empty() ? std::move(moved) : std::move(brighter);
}

// As models do that were given no mask: every pixel is new, and a little softer.
Image redrawn(image::ImageView picture) {
    Image soft = inpaint::blur(picture, 1.2, {});
    for (int y = 0; y < soft.height(); ++y)
        for (int x = 0; x < soft.width(); ++x) {
            auto* at = soft.span().pixel<std::uint8_t>(x, y);
            for (int c = 0; c < 3; ++c)
                at[c] = static_cast<std::uint8_t>(
                    std::clamp(at[c] + ((x * 7 + y * 5) % 13) - 2, 0, 255));
        }
    return soft;
}

constexpr std::string_view kDrawing =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\">"
    "<rect width=\"64\" height=\"64\" fill=\"teal\"/></svg>";

class Call {
  public:
    Call(const ImageCall& call, const std::vector<Fault>& faults, const OnProgress& progress,
         const OnPartial& partial, std::stop_token stop)
        : call_(call), faults_(faults), on_progress_(progress), on_partial_(partial), stop_(stop) {}

    ApiResult<Made> run() {
        const Model& model = *find_model(call_.model);
        made_.format = call_.format;
        made_.media_type = "image/" + call_.format;
        if (call_.edit) {
            if (auto ready = read_files(); !ready) return tl::unexpected(ready.error());
        }
        const Size wanted = call_.size.value_or(call_.edit ? closest_legal(picture_.size(), model)
                                                           : Size{1024, 1024});
        made_.size = wanted;
        if (const Fault* fault = find(faults_, Fault::Kind::wrong_size))
            made_.size = fault->a > 0
                             ? Size{static_cast<int>(fault->a), static_cast<int>(fault->b)}
                             : Size{std::max(1, wanted.width / 2), std::max(1, wanted.height / 2)};
        for (int i = 0; i < call_.n; ++i) {
            auto picture = call_.edit ? edited(i) : ApiResult<Image>(drawn(i));
            if (!picture) return tl::unexpected(picture.error());
            if (stop_.stop_requested()) return tl::unexpected(stopped());
            finish(*picture);
            send_missing_partials(*picture);
            auto file = encoded(picture->view());
            if (!file) return tl::unexpected(file.error());
            made_.pictures.push_back(std::move(*file));
        }
        if (find(faults_, Fault::Kind::svg))
            for (Bytes& file : made_.pictures) {
                const auto* at = reinterpret_cast<const std::byte*>(kDrawing.data());
                file.assign(at, at + kDrawing.size());
            }
        made_.usage = usage_of(call_, wanted, sizes_);
        return std::move(made_);
    }

  private:
    tl::expected<void, ApiError> read_files() {
        for (std::size_t i = 0; i < call_.images.size(); ++i) {
            auto picture =
                decode_picture(call_.images[i], i ? fmt::format("image[{}]", i) : "image", stop_);
            if (!picture) return tl::unexpected(picture.error());
            sizes_.push_back(picture->size());
            if (i == 0) picture_ = std::move(*picture);
        }
        soft_ = middle(picture_.size());
        if (call_.mask || call_.markup) {
            auto mask = call_.mask ? decode_mask(*call_.mask, picture_.size(), stop_)
                                   : decode_markup(*call_.markup, picture_.size(), stop_);
            if (!mask) return tl::unexpected(mask.error());
            soft_ = std::move(*mask);
        }
        mask_ = binary(soft_.view());
        return {};
    }

    ApiResult<Image> edited(int index) {
        const auto words = inpaint::parse_prompt(call_.prompt);
        const std::string prompt = words ? call_.prompt : "remove it";
        const std::string where = call_.mask     ? "under the mask"
                                  : call_.markup ? "in the box round the markup"
                                                 : "in the middle, since no mask says where";
        if (inpaint::coverage_bounds(mask_.view()).empty()) {
            made_.revised_prompt = "Nothing is marked, so the picture is as it was.";
            return image::clone(picture_.view());
        }
        // The engine fills from what is round the hole; where all is hole, there is nothing.
        if (inpaint::covers_all(mask_.view()) && (!words || inpaint::removes(*words))) {
            made_.revised_prompt = "The mask covers all, so this is a rehearsal card.";
            return draw_card(call_.prompt, picture_.size(), static_cast<std::uint64_t>(index) + 1,
                             false);
        }
        edit::EditRequest request;
        request.prompt = prompt;
        request.params.seed = static_cast<std::uint64_t>(index) + 1;
        request.plan.crop = picture_.rect();
        request.plan.request_size = picture_.size();
        request.pixels = std::make_shared<Image>(image::clone(picture_.view()));
        request.mask = std::make_shared<Image>(image::clone(mask_.view()));
        request.soft_mask = std::make_shared<Image>(image::clone(soft_.view()));
        edit::EditObserver observer;
        observer.on_phase = [&](edit::Phase, std::optional<double> fraction) {
            if (on_progress_) on_progress_((index + fraction.value_or(0)) / call_.n);
        };
        const auto engine = provider::make_builtin_backend();
        auto result = engine->run(request, observer, stop_);
        if (!result) {
            if (stop_.stop_requested()) return tl::unexpected(stopped());
            return tl::unexpected(
                ApiError{500, result.error().message, "server_error", "", "", "", {}});
        }
        made_.revised_prompt = fmt::format("{} {}.", result->what_was_done, where);
        if (!words)
            made_.revised_prompt +=
                " The built-in engine does not know what was asked for; a "
                "rehearsal answers all the same.";
        auto picture =
            codec::decode(result->answers.front().bytes, "the engine's answer", {}, stop_);
        if (!picture)
            return tl::unexpected(
                ApiError{500, picture.error().message, "server_error", "", "", "", {}});
        return image::convert(picture->pixels.view(), image::kRgba8);
    }

    Image drawn(int index) {
        made_.revised_prompt =
            "A rehearsal card in the prompt's colours; the built-in engine "
            "cannot invent pictures.";
        return draw_card(call_.prompt, call_.size.value_or(Size{1024, 1024}),
                         static_cast<std::uint64_t>(index) + 1, call_.background == "transparent");
    }

    void finish(Image& picture) const {
        if (find(faults_, Fault::Kind::dropped_mask)) picture = redrawn(picture.view());
        if (picture.size() != made_.size)
            picture =
                image::resample(picture.view(), made_.size,
                                picture.size().area() > made_.size.area() ? image::Filter::area
                                                                          : image::Filter::lanczos);
        if (const Fault* fault = find(faults_, Fault::Kind::drift))
            picture =
                drifted(picture.view(), static_cast<int>(fault->a), static_cast<int>(fault->b));
    }

    ApiResult<Bytes> encoded(image::ImageView picture) const {
        codec::EncodeOptions options;
        options.png_compression = 1;
        options.jpeg_quality = std::max(1, call_.compression);
        options.webp_lossless = call_.compression == 100;
        const bool opaque = call_.format == "jpeg" || call_.background == "opaque";
        Image plain;
        if (opaque) {
            plain = image::convert(picture, image::kRgb8);
            picture = plain.view();
        }
        auto file = codec::encode(picture, {},
                                  call_.format == "jpeg"   ? codec::FileFormat::jpeg
                                  : call_.format == "webp" ? codec::FileFormat::webp
                                                           : codec::FileFormat::png,
                                  options);
        if (file) return std::move(*file);
        return tl::unexpected(ApiError{500, file.error().message, "server_error", "", "", "", {}});
    }

    // Of the first picture only, coarse to fine.
    void send_missing_partials(const Image& picture) {
        if (!on_partial_ || !made_.pictures.empty()) return;
        for (int i = 0; i < call_.partial_images; ++i) {
            const bool fits = mask_.size() == picture.size();
            const Image frame =
                rough(picture.view(), fits ? mask_.view() : image::ImageView{}, 32 >> i);
            if (const auto file = encoded(frame.view())) on_partial_(i, *file);
        }
    }

    const ImageCall& call_;
    const std::vector<Fault>& faults_;
    const OnProgress& on_progress_;
    const OnPartial& on_partial_;
    std::stop_token stop_;
    Image picture_, soft_, mask_; // kRgba8; kGray8
    std::vector<Size> sizes_;
    Made made_;
};

} // namespace

bool Gate::enter(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, std::move(stop), [&] { return free_ > 0; })) return false;
    --free_;
    return true;
}

void Gate::leave() {
    {
        const std::lock_guard lock(mutex_);
        ++free_;
    }
    changed_.notify_one();
}

ApiResult<Made> make_pictures(const ImageCall& call, const std::vector<Fault>& faults,
                              const OnProgress& on_progress, const OnPartial& on_partial,
                              std::stop_token stop) {
    try {
        return Call(call, faults, on_progress, on_partial, std::move(stop)).run();
    } catch (const std::bad_alloc&) {
        return tl::unexpected(ApiError{500,
                                       "There is not enough memory for a picture of that size.",
                                       "server_error",
                                       "",
                                       "",
                                       "",
                                       {}});
    }
}

} // namespace mw::server
