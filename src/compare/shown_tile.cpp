#include "compare/shown_tile.h"

#include <algorithm>
#include <cmath>

namespace mw::compare {
namespace {

bool mark(image::ImageView picture, const Rect& window, image::Image& marks) {
    if (picture.format.type != image::SampleType::f32) return false;
    const int n = picture.format.channels;
    bool any = false;
    for (int y = 0; y < window.height; ++y) {
        const float* p = picture.pixel<float>(window.x, window.y + y);
        const int count = window.width * n;
        // What is not finite makes the sum so; a sum over the largest float is looked at in vain.
        float sum = 0;
        for (int i = 0; i < count; ++i)
            sum += p[i] * 0;
        if (sum == 0) continue;
        if (marks.empty()) marks = image::Image(window.size(), image::kGray8);
        auto* to = marks.span().row<std::uint8_t>(y);
        for (int i = 0; i < count; ++i)
            if (!std::isfinite(p[i])) to[i / n] = 1, any = true;
    }
    return any;
}

void blacken(const image::Image& marks, image::ImageSpan picture) {
    const auto pixel = static_cast<std::size_t>(picture.format.bytes());
    for (int y = 0; y < picture.size.height; ++y) {
        const auto* m = marks.view().row<std::uint8_t>(y);
        std::byte* p = picture.row_bytes(y);
        for (int x = 0; x < picture.size.width; ++x)
            if (m[x]) std::fill_n(p + static_cast<std::size_t>(x) * pixel, pixel, std::byte{0});
    }
}

} // namespace

image::Image not_finite(image::ImageView a, image::ImageView b, const Rect& window) {
    image::Image marks;
    const bool in_a = mark(a, window, marks), in_b = mark(b, window, marks);
    return in_a || in_b ? std::move(marks) : image::Image{};
}

ShownTile::ShownTile(image::ImageView a, image::ImageView b, const Views& views, const Rect& tile,
                     int halo)
    : a_(a), b_(b), tile_(tile) {
    const bool plain = views.a.is_identity() && views.b.is_identity();
    const bool floats =
        a.format.type == image::SampleType::f32 || b.format.type == image::SampleType::f32;
    if (plain && !floats) return;
    const Rect window = with_halo(tile, halo, a.size);
    const image::Image marks = not_finite(a, b, window);
    if (plain && marks.empty()) return;
    a_ = a.sub(window);
    b_ = b.sub(window);
    tile_ = tile.translated(-window.x, -window.y);
    if (!marks.empty()) {
        finite_a_ = image::clone(a_), finite_b_ = image::clone(b_);
        blacken(marks, finite_a_.span());
        blacken(marks, finite_b_.span());
        a_ = finite_a_.view(), b_ = finite_b_.view();
    }
    // Equal numbers shown alike are equal: they need no showing.
    if (plain || (views.a == views.b && same_samples(a_, b_, a_.rect()))) return;
    own_a_ = shown(a_, views.a);
    own_b_ = shown(b_, views.b);
    if (!own_a_.empty()) a_ = own_a_.view();
    if (!own_b_.empty()) b_ = own_b_.view();
}

} // namespace mw::compare
