#include "learned/hole_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>

#include "image/convert.h"
#include "image/resample.h"

namespace mw::learned {
namespace {

using image::Image;
using image::ImageView;

constexpr int kMostSide = 1024, kMultiple = 8;

std::string words_of(const std::vector<Port>& ports) {
    std::string out;
    for (const Port& p : ports) {
        const char* const names[] = {"float", "byte", "int64", "another type"};
        out += fmt::format("{}\"{}\" of {}", out.empty() ? "" : ", ", p.name.substr(0, 40),
                           names[static_cast<int>(p.element)]);
        for (std::size_t i = 0; i < p.shape.size(); ++i)
            out += fmt::format("{}{}", i == 0 ? " " : " x ",
                               p.shape[i] < 0 ? "any" : std::to_string(p.shape[i]));
    }
    return out.empty() ? "none" : out;
}

// NCHW of one picture with so many channels, or as many as it likes.
bool has_channels(const Port& p, std::int64_t channels) {
    return p.shape.size() == 4 && (p.shape[0] == 1 || p.shape[0] < 0) && p.shape[1] == channels;
}

Rect bounds(ImageView hole) {
    Rect out;
    for (int y = 0; y < hole.size.height; ++y) {
        const std::uint8_t* row = hole.row<std::uint8_t>(y);
        for (int x = 0; x < hole.size.width; ++x)
            if (row[x]) out = unite(out, Rect{x, y, 1, 1});
    }
    return out;
}

// What the network is shown: round the hole, of the shape of what it takes.
struct Window {
    Rect seen;  // of the picture; may stick out where that is smaller
    Size taken; // by the network
};

Window window_for(Size picture, const Rect& hole, Size fixed) {
    Window w;
    const auto place = [&](int at, int length, int side, int limit) {
        const int start = at + length / 2 - side / 2;
        return side >= limit ? (limit - side) / 2 : std::clamp(start, 0, limit - side);
    };
    const auto up = [](int v) { return (v + kMultiple - 1) / kMultiple * kMultiple; };
    Size seen;
    if (!fixed.empty()) {
        // At its own size where the hole leaves as much context; else as much larger.
        const double scale =
            std::max({1.0, 1.5 * hole.width / fixed.width, 1.5 * hole.height / fixed.height});
        seen = {static_cast<int>(std::lround(fixed.width * scale)),
                static_cast<int>(std::lround(fixed.height * scale))};
        w.taken = fixed;
    } else {
        const auto side = [&](int length, int limit) {
            return std::min(std::max(2 * length, 512), limit);
        };
        seen = {side(hole.width, picture.width), side(hole.height, picture.height)};
        const double scale = std::min(1.0, double(kMostSide) / seen.longer_side());
        w.taken = {up(std::max(kMultiple, static_cast<int>(seen.width * scale))),
                   up(std::max(kMultiple, static_cast<int>(seen.height * scale)))};
        if (scale == 1) seen = w.taken;
    }
    w.seen = {place(hole.x, hole.width, seen.width, picture.width),
              place(hole.y, hole.height, seen.height, picture.height), seen.width, seen.height};
    return w;
}

Image at_size(Image image, Size size) {
    if (image.size() == size) return image;
    const bool smaller = size.area() < image.size().area();
    return image::resample(image.view(), size,
                           smaller ? image::Filter::area : image::Filter::edge_directed);
}

} // namespace

Result<HoleModel> HoleModel::load(const std::filesystem::path& file) {
    auto network = Network::load(file);
    if (!network) return tl::unexpected(network.error());
    HoleModel model;
    model.network_ = std::move(*network);
    const std::vector<Port>& in = model.network_.inputs();
    const std::vector<Port>& out = model.network_.outputs();
    const auto find = [&](std::int64_t channels) {
        return static_cast<std::size_t>(
            std::find_if(in.begin(), in.end(),
                         [&](const Port& p) { return has_channels(p, channels); }) -
            in.begin());
    };
    const auto no = [&] {
        return fail(
            ErrorCode::unsupported,
            fmt::format(
                "{} takes {} and gives {}: no network that fills holes. One takes a picture "
                "of 1 x 3 x height x width and a mask of 1 x 1 x height x width, both float "
                "(LaMa) or both byte (MI-GAN's pipeline), or 1 x 4 x height x width "
                "(MI-GAN); see docs/learned-models.md.",
                model.name(), words_of(in), words_of(out)));
    };
    if (out.empty()) return no();
    if (in.size() == 1 && has_channels(in[0], 4) && in[0].element == Element::f32) {
        model.kind_ = HoleKind::generator;
    } else if (in.size() == 2) {
        model.image_port_ = find(3);
        model.mask_port_ = find(1);
        if (model.image_port_ == 2 || model.mask_port_ == 2) return no();
        const Element element = in[model.image_port_].element;
        if (in[model.mask_port_].element != element) return no();
        if (element != Element::f32 && element != Element::u8) return no();
        model.kind_ = element == Element::f32 ? HoleKind::lama : HoleKind::pipeline;
    } else {
        return no();
    }
    const std::vector<std::int64_t>& shape = in[model.image_port_].shape;
    const auto side_ok = [](std::int64_t side) { return side >= 8 && side <= 4096; };
    if (shape[2] > 0 || shape[3] > 0) {
        if (!side_ok(shape[2]) || !side_ok(shape[3])) return no();
        model.fixed_ = {static_cast<int>(shape[3]), static_cast<int>(shape[2])};
    }
    return model;
}

Result<Image> HoleModel::fill(ImageView picture, ImageView hole, std::stop_token stop) const {
    assert(hole.size == picture.size && hole.format == image::kGray8);
    const Rect covered = bounds(hole);
    if (covered.empty())
        return fail(ErrorCode::invalid_argument,
                    "The mask is empty, so there is nothing to fill; paint over what should go.");
    const Window w = window_for(picture.size, covered, fixed_);
    const image::PixelFormat rgb{3, image::SampleType::f32};
    const Image seen =
        at_size(image::convert(image::extract_reflected(picture, w.seen).view(), rgb), w.taken);
    // Any part of a pixel that is covered is unknown.
    Image gone = image::extract_reflected(hole, w.seen);
    for (std::byte& b : gone.bytes())
        b = b != std::byte{0} ? std::byte{255} : std::byte{0};
    gone = at_size(std::move(gone), w.taken);
    const int width = w.taken.width, height = w.taken.height;
    const auto area = static_cast<std::size_t>(w.taken.area());

    const Element element = kind_ == HoleKind::pipeline ? Element::u8 : Element::f32;
    std::vector<Tensor> inputs(network_.inputs().size());
    const auto shape = [&](std::int64_t channels) {
        return std::vector<std::int64_t>{1, channels, height, width};
    };
    if (kind_ == HoleKind::generator) {
        inputs[0] = Tensor::zeros(element, shape(4));
    } else {
        inputs[image_port_] = Tensor::zeros(element, shape(3));
        inputs[mask_port_] = Tensor::zeros(element, shape(1));
    }
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const std::size_t at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                   static_cast<std::size_t>(x);
            const bool open = gone.view().row<std::uint8_t>(y)[x] != 0;
            const float* p = seen.view().row<float>(y) + std::ptrdiff_t{x} * 3;
            for (std::size_t c = 0; c < 3; ++c) {
                const float v = std::isfinite(p[c]) ? std::clamp(p[c], 0.0f, 1.0f) : 0.0f;
                if (kind_ == HoleKind::generator)
                    inputs[0].as<float>()[(c + 1) * area + at] = open ? 0.0f : 2 * v - 1;
                else if (kind_ == HoleKind::lama)
                    inputs[image_port_].as<float>()[c * area + at] = v;
                else
                    inputs[image_port_].as<std::uint8_t>()[c * area + at] =
                        static_cast<std::uint8_t>(std::lround(255 * v));
            }
            if (kind_ == HoleKind::generator)
                inputs[0].as<float>()[at] = open ? -0.5f : 0.5f;
            else if (kind_ == HoleKind::lama)
                inputs[mask_port_].as<float>()[at] = open ? 1.0f : 0.0f;
            else
                inputs[mask_port_].as<std::uint8_t>()[at] = open ? 0 : 255;
        }
    if (stop.stop_requested())
        return fail(ErrorCode::cancelled, "Cancelled; the picture is as it was.");
    auto outputs = network_.run(inputs, stop);
    if (!outputs) return tl::unexpected(outputs.error());
    const Tensor& answer = outputs->front();
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::engine,
                    fmt::format("{} answered with {}; the picture is as it was.", name(), what));
    };
    if (answer.element != element || answer.shape != shape(3))
        return wrong(fmt::format("{} where {} was expected",
                                 words_of({{"it", answer.element, answer.shape}}),
                                 words_of({{"it", element, shape(3)}})));

    Image made(w.taken, rgb);
    float scale = 1 / 255.0f, offset = 0;
    if (element == Element::f32) {
        const auto values = answer.as<float>();
        if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
            return wrong("values that are no numbers");
        const float most = *std::max_element(values.begin(), values.end());
        scale = kind_ == HoleKind::generator ? 0.5f : most > 2 ? 1 / 255.0f : 1.0f;
        offset = kind_ == HoleKind::generator ? 0.5f : 0.0f;
    }
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const std::size_t at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                   static_cast<std::size_t>(x);
            float* p = made.span().row<float>(y) + std::ptrdiff_t{x} * 3;
            for (std::size_t c = 0; c < 3; ++c) {
                const float v = element == Element::f32
                                    ? answer.as<float>()[c * area + at]
                                    : static_cast<float>(answer.as<std::uint8_t>()[c * area + at]);
                p[c] = std::clamp(v * scale + offset, 0.0f, 1.0f);
            }
        }
    made = at_size(std::move(made), w.seen.size());
    const int n = picture.format.channels, colors = picture.format.color_channels();
    const Image own = image::convert(made.view(), {colors, image::SampleType::f32});
    Image wide = image::convert(picture, {n, image::SampleType::f32});
    for (int y = covered.y; y < covered.bottom(); ++y)
        for (int x = covered.x; x < covered.right(); ++x) {
            if (hole.row<std::uint8_t>(y)[x] == 0) continue;
            const float* from =
                own.view().row<float>(y - w.seen.y) + std::ptrdiff_t{x - w.seen.x} * colors;
            std::copy_n(from, colors, wide.span().row<float>(y) + std::ptrdiff_t{x} * n);
        }
    return picture.format.type == image::SampleType::f32
               ? std::move(wide)
               : image::convert(wide.view(), picture.format);
}

} // namespace mw::learned
