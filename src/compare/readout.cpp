#include "compare/readout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "compare/fit.h"
#include "compare/metrics.h"
#include "image/convert.h"

namespace mw::compare {
namespace {

std::array<double, 3> lab_of(const PixelValue& v) {
    image::Float3 linear{};
    for (std::size_t c = 0; c < 3; ++c)
        linear[c] = image::srgb_to_linear(static_cast<float>(v.display[c] / 255));
    const image::Float3 lab = image::linear_to_lab(linear);
    return {lab[0], lab[1], lab[2]};
}

double source_value(image::ImageView picture, Point at, int c) {
    switch (picture.format.type) {
        case image::SampleType::u8:
            return picture.pixel<std::uint8_t>(at.x, at.y)[c];
        case image::SampleType::u16:
            return picture.pixel<std::uint16_t>(at.x, at.y)[c];
        case image::SampleType::f32:
            break;
    }
    return static_cast<double>(picture.pixel<float>(at.x, at.y)[c]);
}

} // namespace

PixelValue pixel_value(image::ImageView picture, Point at, const image::DisplayTransform& view) {
    PixelValue out;
    out.channels = picture.format.channels;
    for (int c = 0; c < out.channels; ++c)
        out.source[static_cast<std::size_t>(c)] = source_value(picture, at, c);
    const image::ImageView one = picture.sub({at.x, at.y, 1, 1});
    image::Image shown;
    if (!view.is_identity()) shown = view.to_display(one);
    const image::Image rgba = image::convert(shown.empty() ? one : shown.view(), image::kRgbaF);
    const float* p = rgba.view().row<float>(0);
    for (std::size_t c = 0; c < 4; ++c)
        out.display[c] =
            255 * (std::isfinite(p[c]) ? static_cast<double>(std::clamp(p[c], 0.0f, 1.0f)) : 0);
    return out;
}

Result<PixelReadout> readout(image::ImageView a, image::ImageView b, Point at, const Views& views,
                             Point nudge) {
    const Point in_b{at.x - nudge.x, at.y - nudge.y};
    if (!a.rect().contains(at) || !b.rect().contains(in_b))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The pixel {}, {} is not in both pictures.", at.x, at.y));
    PixelReadout out{at, pixel_value(a, at, views.a), pixel_value(b, in_b, views.b), {}, 0};
    for (std::size_t c = 0; c < 4; ++c)
        out.delta[c] = out.b.display[c] - out.a.display[c];
    out.delta_e = ciede2000(lab_of(out.a), lab_of(out.b));
    return out;
}

Result<LineProfile> line_profile(image::ImageView a, image::ImageView b, Point from, Point to,
                                 const Views& views) {
    if (Status ok = check_sizes(a.size, b.size); !ok) return tl::unexpected(ok.error());
    const auto inside = [&](Point p) {
        return Point{std::clamp(p.x, 0, a.size.width - 1), std::clamp(p.y, 0, a.size.height - 1)};
    };
    from = inside(from), to = inside(to);
    const int dx = to.x - from.x, dy = to.y - from.y, steps = std::max(std::abs(dx), std::abs(dy));
    LineProfile out;
    out.length_px = std::hypot(dx, dy);
    for (int i = 0; i <= steps; ++i) {
        const double t = steps ? double(i) / steps : 0;
        const Point at{from.x + static_cast<int>(std::lround(dx * t)),
                       from.y + static_cast<int>(std::lround(dy * t))};
        auto one = readout(a, b, at, views);
        if (!one) return tl::unexpected(one.error());
        out.samples.push_back(std::move(*one));
    }
    return out;
}

} // namespace mw::compare
