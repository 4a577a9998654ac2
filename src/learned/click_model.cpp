#include "learned/click_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "image/convert.h"
#include "image/resample.h"

namespace mw::learned {
namespace {

using image::Image;
using image::ImageView;

constexpr std::array<const char*, 6> kDecoderInputs = {"image_embeddings", "point_coords",
                                                       "point_labels",     "mask_input",
                                                       "has_mask_input",   "orig_im_size"};
constexpr float kMeans[3] = {123.675f, 116.28f, 103.53f};
constexpr float kDeviations[3] = {58.395f, 57.12f, 57.375f};

const Port* port_named(const std::vector<Port>& ports, std::string_view name) {
    const auto found =
        std::find_if(ports.begin(), ports.end(), [&](const Port& p) { return p.name == name; });
    return found == ports.end() ? nullptr : &*found;
}
std::size_t index_named(const std::vector<Port>& ports, std::string_view name) {
    return static_cast<std::size_t>(port_named(ports, name) - ports.data());
}

} // namespace

Result<ClickModel> ClickModel::load(const std::filesystem::path& encoder,
                                    const std::filesystem::path& decoder) {
    ClickModel model;
    auto first = Network::load(encoder);
    if (!first) return tl::unexpected(first.error());
    auto second = Network::load(decoder);
    if (!second) return tl::unexpected(second.error());
    model.encoder_ = std::move(*first);
    model.decoder_ = std::move(*second);
    const auto no = [](const Network& network, const std::string& what) {
        return fail(ErrorCode::unsupported,
                    fmt::format("{} is no network that selects by clicks: {}; see "
                                "docs/learned-models.md.",
                                network.name(), what));
    };
    const std::vector<Port>& in = model.encoder_.inputs();
    if (in.size() != 1 || in[0].element != Element::f32 || in[0].shape.size() != 4 ||
        in[0].shape[1] != 3 || in[0].shape[2] != in[0].shape[3] || in[0].shape[2] < 64 ||
        in[0].shape[2] > 4096 || model.encoder_.outputs().empty())
        return no(model.encoder_, "an encoder takes one picture, float of 1 x 3 x S x S");
    model.side_ = static_cast<int>(in[0].shape[2]);
    const std::vector<Port>& asked = model.decoder_.inputs();
    for (const char* name : kDecoderInputs) {
        const Port* port = port_named(asked, name);
        if (port == nullptr || port->element != Element::f32)
            return no(model.decoder_, fmt::format("a decoder has a float input \"{}\"", name));
    }
    if (asked.size() != kDecoderInputs.size())
        return no(model.decoder_, "it has more inputs than a decoder");
    for (const char* name : {"masks", "iou_predictions"})
        if (port_named(model.decoder_.outputs(), name) == nullptr)
            return no(model.decoder_, fmt::format("a decoder has an output \"{}\"", name));
    const std::vector<std::int64_t>& low = port_named(asked, "mask_input")->shape;
    if (low.size() == 4 && low[2] > 0 && low[2] <= 4096) model.low_side_ = static_cast<int>(low[2]);
    return model;
}

Result<Image> ClickModel::select(ImageView picture, const std::vector<Click>& clicks,
                                 std::stop_token stop) const {
    if (std::none_of(clicks.begin(), clicks.end(), [](const Click& c) { return c.belongs; }))
        return fail(ErrorCode::invalid_argument,
                    "No click says what is meant; click on the thing first.");
    for (const Click& c : clicks)
        if (!picture.rect().contains(c.at))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("The click {},{} lies outside the picture of {} x {}.", c.at.x,
                                    c.at.y, picture.size.width, picture.size.height));
    // The longer side becomes S, and the whole goes to the top left.
    const double scale = double(side_) / picture.size.longer_side();
    const Size size{
        std::clamp(static_cast<int>(std::lround(picture.size.width * scale)), 1, side_),
        std::clamp(static_cast<int>(std::lround(picture.size.height * scale)), 1, side_)};
    const Image rgb = image::convert(picture, image::kRgbF);
    const Image seen = image::resample(
        rgb.view(), size, scale < 1 ? image::Filter::area : image::Filter::lanczos_limited);
    Tensor input = Tensor::zeros(Element::f32, {1, 3, side_, side_});
    const auto plane = static_cast<std::size_t>(side_) * static_cast<std::size_t>(side_);
    for (int y = 0; y < size.height; ++y) {
        const float* p = seen.view().row<float>(y);
        for (int x = 0; x < size.width; ++x, p += 3)
            for (std::size_t c = 0; c < 3; ++c) {
                const float v = std::isfinite(p[c]) ? 255 * std::clamp(p[c], 0.0f, 1.0f) : 0.0f;
                input.as<float>()[c * plane +
                                  static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) +
                                  static_cast<std::size_t>(x)] = (v - kMeans[c]) / kDeviations[c];
            }
    }
    auto embedded = encoder_.run({&input, 1}, stop);
    if (!embedded) return tl::unexpected(embedded.error());

    const auto count = static_cast<std::int64_t>(clicks.size()) + 1;
    const std::vector<Port>& asked = decoder_.inputs();
    std::vector<Tensor> inputs(asked.size());
    const auto at = [&](const char* name) -> Tensor& { return inputs[index_named(asked, name)]; };
    at("image_embeddings") = std::move(embedded->front());
    at("point_coords") = Tensor::zeros(Element::f32, {1, count, 2});
    at("point_labels") = Tensor::zeros(Element::f32, {1, count});
    at("mask_input") = Tensor::zeros(Element::f32, {1, 1, low_side_, low_side_});
    at("has_mask_input") = Tensor::zeros(Element::f32, {1});
    at("orig_im_size") = Tensor::zeros(Element::f32, {2});
    for (std::size_t i = 0; i < clicks.size(); ++i) {
        at("point_coords").as<float>()[2 * i] =
            static_cast<float>((clicks[i].at.x + 0.5) * size.width / picture.size.width);
        at("point_coords").as<float>()[2 * i + 1] =
            static_cast<float>((clicks[i].at.y + 0.5) * size.height / picture.size.height);
        at("point_labels").as<float>()[i] = clicks[i].belongs ? 1.0f : 0.0f;
    }
    at("point_labels").as<float>()[clicks.size()] = -1; // no box: a point of padding
    at("orig_im_size").as<float>()[0] = static_cast<float>(picture.size.height);
    at("orig_im_size").as<float>()[1] = static_cast<float>(picture.size.width);
    auto outputs = decoder_.run(inputs, stop);
    if (!outputs) return tl::unexpected(outputs.error());
    const Tensor& masks = (*outputs)[index_named(decoder_.outputs(), "masks")];
    const Tensor& quality = (*outputs)[index_named(decoder_.outputs(), "iou_predictions")];
    const std::int64_t many = masks.shape.size() == 4 ? masks.shape[1] : 0;
    if (masks.element != Element::f32 || quality.element != Element::f32 || many < 1 ||
        masks.shape !=
            std::vector<std::int64_t>{1, many, picture.size.height, picture.size.width} ||
        quality.count() != many)
        return fail(ErrorCode::engine,
                    fmt::format("{} answered with masks of another shape than the picture's {} x "
                                "{}; the selection is as it was.",
                                decoder_.name(), picture.size.width, picture.size.height));
    const auto marks = quality.as<float>();
    const auto best = std::max_element(marks.begin(), marks.end()) - marks.begin();
    const auto area = static_cast<std::size_t>(picture.size.area());
    const auto values = masks.as<float>().subspan(static_cast<std::size_t>(best) * area, area);
    if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
        return fail(ErrorCode::engine,
                    fmt::format("{} answered with values that are no numbers; the selection is as "
                                "it was.",
                                decoder_.name()));
    Image out(picture.size, image::kGray8);
    for (std::size_t i = 0; i < area; ++i)
        out.bytes()[i] = values[i] > 0 ? std::byte{255} : std::byte{0};
    return out;
}

} // namespace mw::learned
