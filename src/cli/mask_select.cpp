#include "cli/mask_select.h"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "cli/interrupt.h"
#include "mask/mask_image.h"
#include "provider/iopaint_backend.h"
#include "provider/services.h"
#include "select/color_range.h"
#include "select/smart_select.h"
#include "select/wand.h"

namespace mw::cli {
namespace {

tl::unexpected<Error> wrong(std::string text) {
    return fail(ErrorCode::invalid_argument, std::move(text));
}

struct PointAndTolerance {
    Point at;
    double tolerance = 0;
};
// X,Y,TOL: a pixel of the picture and a number from `least` on.
Result<PointAndTolerance> parse_place(const ParsedOption& option, Size size, double least) {
    const std::string_view name = option.spec->name;
    auto n = parse_numbers(name, option.values[0], 3);
    if (!n) return tl::unexpected(n.error());
    const double x = std::floor((*n)[0]), y = std::floor((*n)[1]), tolerance = (*n)[2];
    if (!(x >= 0 && y >= 0 && x < size.width && y < size.height))
        return wrong(fmt::format("{} {}: the point lies outside the picture of {} x {} pixels.",
                                 name, option.values[0], size.width, size.height));
    if (tolerance < least || tolerance > 1000)
        return wrong(fmt::format("{} {}: the tolerance is a number from {} to 1000.", name,
                                 option.values[0], least));
    return PointAndTolerance{{static_cast<int>(x), static_cast<int>(y)}, tolerance};
}

Result<mask::Mask> wand(const ParsedOption& option, image::ImageView picture) {
    auto place = parse_place(option, picture.size, 0);
    if (!place) return tl::unexpected(place.error());
    select::WandParams params;
    params.at = place->at;
    params.tolerance = place->tolerance;
    return select::magic_wand(picture, params);
}

Result<mask::Mask> color_range(const ParsedOption& option, image::ImageView picture) {
    auto place = parse_place(option, picture.size, 0.01);
    if (!place) return tl::unexpected(place.error());
    select::ColorRangeParams params;
    params.at = {place->at};
    params.tolerance = place->tolerance;
    return select::color_range(picture, params);
}

Result<mask::Mask> luminance_range(const ParsedOption& option, image::ImageView picture) {
    auto n = parse_numbers(option.spec->name, option.values[0], 2);
    if (!n) return tl::unexpected(n.error());
    const double low = (*n)[0], high = (*n)[1];
    if (!(low >= 0 && low <= high && high <= 100))
        return wrong(fmt::format("{} {}: LOW and HIGH go from 0 to 100, LOW first.",
                                 option.spec->name, option.values[0]));
    return select::luminance_range(picture, {low, high, 0});
}

Result<mask::Mask> smart(const ParsedOption& option, image::ImageView picture) {
    const std::string_view name = option.spec->name;
    auto n = parse_numbers(name, option.values[0], 4);
    if (!n) return tl::unexpected(n.error());
    const double width = picture.size.width, height = picture.size.height;
    if (!((*n)[2] > 0 && (*n)[3] > 0))
        return wrong(
            fmt::format("{} {} has no area; its third and fourth number are the width and "
                        "the height.",
                        name, option.values[0]));
    const auto edge = [](double v, double most) {
        return static_cast<int>(std::lround(std::clamp(v, 0.0, most)));
    };
    select::SmartSelectParams params;
    params.box = Rect::from_edges(edge((*n)[0], width), edge((*n)[1], height),
                                  edge((*n)[0] + (*n)[2], width), edge((*n)[1] + (*n)[3], height));
    if (params.box.empty())
        return wrong(fmt::format("{} {} holds no pixel of the picture of {} x {} pixels.", name,
                                 option.values[0], picture.size.width, picture.size.height));
    return select::smart_select(picture, params);
}

Result<mask::Mask> clicked(const ParsedOption& option, image::ImageView picture) {
    const std::string_view name = option.spec->name;
    std::vector<provider::Click> clicks;
    for (const std::string& text : option.values) {
        const bool third = std::count(text.begin(), text.end(), ',') == 2;
        auto n = parse_numbers(name, text, third ? 3 : 2);
        if (!n) return tl::unexpected(n.error());
        const double x = std::floor((*n)[0]), y = std::floor((*n)[1]);
        if (!(x >= 0 && y >= 0 && x < picture.size.width && y < picture.size.height))
            return wrong(fmt::format("{} {}: the point lies outside the picture of {} x {} pixels.",
                                     name, text, picture.size.width, picture.size.height));
        if (third && (*n)[2] != 0 && (*n)[2] != 1)
            return wrong(
                fmt::format("{} {}: the third number is 1 for what is meant, 0 for what is "
                            "not.",
                            name, text));
        clicks.push_back({{static_cast<int>(x), static_cast<int>(y)}, !third || (*n)[2] == 1});
    }
    auto service = provider::service_named("iopaint", {});
    if (!service) return tl::unexpected(service.error());
    const InterruptWatch watch;
    auto coverage = provider::select_by_clicks(*service, picture, clicks, watch.token());
    if (!coverage) return tl::unexpected(coverage.error());
    return mask::from_image(coverage->view()).mask;
}

} // namespace

image::ImageView SeenPicture::view() {
    if (!picture_->color) return picture_->pixels.view();
    if (shown_.empty()) {
        const image::DisplayTransform view(picture_->color);
        const image::ImageView pixels = picture_->pixels.view();
        shown_ = pixels.format.type == image::SampleType::f32
                     ? view.to_display(pixels)
                     : view.to_display(pixels, pixels.format.type);
    }
    return shown_.view();
}

std::optional<Result<mask::Mask>> selected(const ParsedOption& option, SeenPicture& picture) {
    const std::string_view name = option.spec->name;
    if (name == "--wand") return wand(option, picture.view());
    if (name == "--color-range") return color_range(option, picture.view());
    if (name == "--lum-range") return luminance_range(option, picture.view());
    if (name == "--smart") return smart(option, picture.view());
    if (name == "--iopaint") return clicked(option, picture.view());
    if (name == "--from-alpha") return select::from_alpha(picture.view());
    return std::nullopt;
}

} // namespace mw::cli
