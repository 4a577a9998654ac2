#include "handoff/layers.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

#include "codec/layers.h"
#include "composite/layer.h"
#include "image/convert.h"

namespace mw::handoff {
namespace {

using image::Image;
using image::ImageRef;
using image::ImageView;

ImageRef share(Image image) {
    return std::make_shared<const Image>(std::move(image));
}

std::string label_of(const std::string& name, std::size_t number) {
    return name.empty() ? fmt::format("Edit {}", number) : fmt::format("{} {}", number, name);
}

template <class T>
bool translucent(const T* pixel, int channels) {
    return pixel[channels - 1] != 0 && pixel[channels - 1] != static_cast<T>(~T{0});
}

bool translucent(ImageView picture, int x, int y) {
    const int channels = picture.format.channels;
    return picture.format.type == image::SampleType::u8
               ? translucent(picture.pixel<std::uint8_t>(x, y), channels)
               : translucent(picture.pixel<std::uint16_t>(x, y), channels);
}

void set_alpha(image::ImageSpan pixels, int x, int y, std::uint8_t value) {
    const int last = pixels.format.channels - 1;
    if (pixels.format.type == image::SampleType::u8)
        pixels.pixel<std::uint8_t>(x, y)[last] = value;
    else
        pixels.pixel<std::uint16_t>(x, y)[last] = static_cast<std::uint16_t>(value * 257);
}

// Makes one layer after the other, from the bottom up.
class Layers {
  public:
    Layers(const LayerSource& source, codec::FileFormat format, std::stop_token stop)
        : source_(source), ora_(format == codec::FileFormat::ora), stop_(std::move(stop)) {
        floating_ = source.result->format().type == image::SampleType::f32;
        original_ = floating_ ? shown(source.original->view()) : source.original;
        result_ = floating_ ? shown(source.result->view()) : source.result;
        if (original_->format().has_alpha()) find_tops();
        below_ = image::clone(original_->view());
    }

    const Image& result() const { return *result_; }
    bool floating() const { return floating_; }

    std::vector<codec::Layer> list() {
        std::vector<codec::Layer> layers;
        const auto add = [&](Kind kind, std::size_t step, codec::Layer layer) {
            plan_.push_back({kind, step});
            layers.push_back(std::move(layer));
        };
        if (holes_ && ora_)
            add(Kind::whole_original, 0,
                {source_.name + ", whole", original_->rect(), false, false});
        add(Kind::original, 0, {source_.name, original_->rect(), true, holes_ && !ora_});
        for (std::size_t i = 0; i < source_.steps.size(); ++i) {
            const Step& step = source_.steps[i];
            const std::string label = label_of(step.name, i + 1);
            if (!step.patch.rect.empty())
                add(Kind::patch, i, {label, step.patch.rect, true, !ora_});
            add(Kind::mask, i, {"Mask of " + label, original_->rect(), false, false});
        }
        return layers;
    }

    Result<codec::LayerPixels> make(std::size_t layer) {
        if (stop_.stop_requested())
            return fail(ErrorCode::cancelled, "Cancelled; nothing was written.");
        const auto [kind, step] = plan_[layer];
        switch (kind) {
            case Kind::whole_original:
                return codec::LayerPixels{original_, nullptr};
            case Kind::original:
                return original();
            case Kind::patch:
                return patch(step);
            case Kind::mask:
                return codec::LayerPixels{share(source_.steps[step].mask.read(original_->rect())),
                                          nullptr};
        }
        return fail(ErrorCode::invalid_argument, "There is no such layer.");
    }

  private:
    enum class Kind { whole_original, original, patch, mask };
    struct Planned {
        Kind kind;
        std::size_t step;
    };

    ImageRef shown(ImageView picture) const {
        return share(source_.view.to_display(picture, image::SampleType::u16));
    }
    ImageRef patch_pixels(const Step& step) const {
        return floating_ ? shown(step.patch.pixels->view()) : step.patch.pixels;
    }

    // Alpha cannot be less where two layers lie over each other, so of a translucent pixel the last
    // layer alone may show.
    void find_tops() {
        tops_ = Image(original_->size(), {1, image::SampleType::u16});
        Image below = image::clone(original_->view());
        for (std::size_t i = 0; i < source_.steps.size(); ++i) {
            const Step& step = source_.steps[i];
            if (step.patch.rect.empty()) continue;
            const Rect r = step.patch.rect;
            const ImageRef pixels = patch_pixels(step);
            const Image changed = composite::changed_pixels(below.view().sub(r), pixels->view());
            for (int y = 0; y < r.height; ++y)
                for (int x = 0; x < r.width; ++x)
                    if (changed.view().row<std::uint8_t>(y)[x] != 0 &&
                        translucent(pixels->view(), x, y)) {
                        *tops_.span().pixel<std::uint16_t>(r.x + x, r.y + y) =
                            static_cast<std::uint16_t>(std::min<std::size_t>(i + 1, 65535));
                        holes_ = true;
                    }
            image::copy_pixels(pixels->view(), below.span().sub(r));
        }
    }
    // Which step alone shows a pixel: 0 for the original; nothing when all may.
    std::optional<std::size_t> only(int x, int y) const {
        if (tops_.empty()) return {};
        const std::uint16_t top = *tops_.view().pixel<std::uint16_t>(x, y);
        return top == 0 ? std::nullopt : std::optional<std::size_t>(top);
    }

    codec::LayerPixels original() {
        if (!holes_) return {original_, nullptr};
        if (!ora_) {
            Image mask(original_->size(), image::kGray8);
            for (int y = 0; y < mask.height(); ++y)
                for (int x = 0; x < mask.width(); ++x)
                    mask.span().row<std::uint8_t>(y)[x] = only(x, y) ? 0 : 255;
            return {original_, share(std::move(mask))};
        }
        Image cut = image::clone(original_->view());
        for (int y = 0; y < cut.height(); ++y)
            for (int x = 0; x < cut.width(); ++x)
                if (only(x, y)) set_alpha(cut.span(), x, y, 0);
        return {share(std::move(cut)), nullptr};
    }

    codec::LayerPixels patch(std::size_t index) {
        const Step& step = source_.steps[index];
        const Rect r = step.patch.rect;
        const ImageRef pixels = patch_pixels(step);
        codec::LayerPixels out = ora_ ? cut_out(index, r, *pixels) : masked(index, r, *pixels);
        image::copy_pixels(pixels->view(), below_.span().sub(r));
        return out;
    }

    codec::LayerPixels cut_out(std::size_t index, const Rect& r, const Image& pixels) {
        const Image changed = composite::changed_pixels(below_.view().sub(r), pixels.view());
        const image::PixelFormat format{pixels.format().color_channels() + 1, pixels.format().type};
        Image layer(r.size(), format);
        image::convert_into(pixels.view(), layer.span());
        for (int y = 0; y < r.height; ++y)
            for (int x = 0; x < r.width; ++x) {
                const auto top = only(r.x + x, r.y + y);
                if (changed.view().row<std::uint8_t>(y)[x] == 0 || (top && *top != index + 1))
                    set_alpha(layer.span(), x, y, 0);
            }
        return {share(std::move(layer)), nullptr};
    }

    codec::LayerPixels masked(std::size_t index, const Rect& r, const Image& pixels) {
        composite::SeparatedLayer layer = composite::separate_layer(
            below_.view().sub(r), pixels.view(), step_mask(index, r).view());
        if (holes_)
            for (int y = 0; y < r.height; ++y)
                for (int x = 0; x < r.width; ++x)
                    decide(layer, index, pixels.view(), {x, y}, {r.x + x, r.y + y});
        return {share(std::move(layer.colors)), share(std::move(layer.show))};
    }
    // A translucent pixel, whose last layer alone may show.
    void decide(composite::SeparatedLayer& layer, std::size_t index, ImageView pixels, Point at,
                Point in_picture) const {
        if (!translucent(pixels, at.x, at.y)) return;
        const auto top = only(in_picture.x, in_picture.y);
        const bool shows = top && *top == index + 1;
        layer.show.span().row<std::uint8_t>(at.y)[at.x] = shows ? 255 : 0;
        const Rect pixel{at.x, at.y, 1, 1};
        image::copy_pixels(pixels.sub(pixel), layer.colors.span().sub(pixel));
    }
    Image step_mask(std::size_t index, const Rect& r) const {
        return source_.steps[index].mask.read(r);
    }

    const LayerSource& source_;
    bool ora_, floating_ = false, holes_ = false;
    std::stop_token stop_;
    ImageRef original_, result_;
    Image below_; // what the layers made so far give
    Image tops_;  // of a picture with alpha: the step (from 1) that alone shows a pixel
    std::vector<Planned> plan_;
};

// Programs guess what untagged 16-bit layers mean, and not all guess sRGB: so it is said.
const Bytes& srgb_profile(int color_channels) {
    static const auto make = [](int channels) {
        image::ColorSpace space;
        space.name = "sRGB";
        constexpr int kSteps = 4095;
        for (int i = 0; i <= kSteps; ++i) {
            const double v = double(i) / kSteps; // IEC 61966-2-1
            space.curve[0].push_back(
                static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4)));
        }
        return codec::profile_of(space, channels);
    };
    static const Bytes grey = make(1), rgb = make(3);
    return color_channels == 1 ? grey : rgb;
}

Result<LayersWritten> write(const std::filesystem::path& path, codec::FileFormat format,
                            const LayerSource& source, std::stop_token stop) {
    Layers layers(source, format, std::move(stop));
    codec::LayeredPicture picture;
    picture.merged = layers.result().view();
    picture.metadata = source.metadata;
    picture.layers = layers.list();
    picture.make = [&](std::size_t i) { return layers.make(i); };
    LayersWritten out;
    if (layers.floating()) {
        picture.metadata.icc.clear();
        out.note = fmt::format(
            "{} layers hold no floating point, so the picture is written as it is shown: 16-bit "
            "sRGB at an exposure of {:+.4g}. OpenEXR and TIFF keep every sample, without layers.",
            codec::name_of(format), source.view.exposure_stops());
    }
    if (picture.metadata.icc.empty())
        picture.metadata.icc = srgb_profile(picture.merged.format.color_channels());
    auto file = AtomicFile::create(path);
    if (!file) return tl::unexpected(file.error());
    const Status written = format == codec::FileFormat::psd ? codec::write_psd(*file, picture)
                                                            : codec::write_ora(*file, picture);
    if (!written) return tl::unexpected(written.error());
    out.bytes = file->size();
    out.layers = picture.layers.size();
    if (Status s = file->commit(); !s) return tl::unexpected(s.error());
    return out;
}

} // namespace

std::vector<project::IterationId> way_to(const project::IterationTree& tree,
                                         project::IterationId id) {
    std::vector<project::IterationId> way;
    for (; id > 0; id = tree.at(id).parent)
        way.push_back(id);
    std::ranges::reverse(way);
    return way;
}

std::vector<Step> steps_to(const project::IterationTree& tree, project::IterationId id,
                           project::IterationId after) {
    std::vector<Step> steps;
    for (const project::IterationId on_way : way_to(tree, id)) {
        if (after != 0 && tree.descends(after, on_way)) continue;
        const project::Iteration& i = tree.at(on_way);
        steps.push_back({i.prompt, *i.patch, *i.mask});
    }
    return steps;
}

Result<LayersWritten> write_layers(const std::filesystem::path& path, codec::FileFormat format,
                                   const LayerSource& source, std::stop_token stop) {
    if (format != codec::FileFormat::psd && format != codec::FileFormat::ora)
        return fail(ErrorCode::invalid_argument,
                    "Layers are written as .ora or .psd; nothing was written.");
    try {
        return write(path, format, source, std::move(stop));
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "There is not enough memory to make the layers; nothing was written. Close "
                    "other pictures or programs and try again.");
    }
}

} // namespace mw::handoff
