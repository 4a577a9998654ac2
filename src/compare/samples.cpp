#include "compare/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/clones.h"
#include "compare/sample_sums.h"
#include "image/convert.h"

namespace mw::compare {
namespace {

using image::ImageView;
using image::SampleType;

const char* name(SampleType type) {
    return type == SampleType::u8 ? "8-bit" : type == SampleType::u16 ? "16-bit" : "float";
}

MW_CLONES void sum_u16(const std::uint16_t* a, const std::uint16_t* b, int count, SampleSums& out) {
    std::uint64_t squares = 0;
    std::uint32_t max = 0, changed = 0;
    for (int i = 0; i < count; ++i) {
        const std::uint32_t d = std::max(a[i], b[i]) - std::min(a[i], b[i]);
        max = std::max(max, d);
        changed += d != 0;
        squares += d * d; // 65535 squared fits
    }
    out.most = std::max(out.most, max);
    out.changed += changed;
    out.squares += squares;
}

SampleCount from_sums(const SampleSums& sums) {
    SampleCount out;
    out.changed = sums.changed;
    out.max_abs = sums.most;
    out.squares = static_cast<double>(sums.squares);
    return out;
}

void add_to(const SampleCount& c, std::uint8_t bits, TileCount& out) {
    for (std::size_t r = 0; r < kRegions; ++r)
        if (bits >> r & 1) out[r].add(c);
}

template <class T>
void count_rows(ImageView a, ImageView b, const TileRegions& regions, TileCount& out) {
    const int n = a.format.channels;
    if constexpr (std::is_same_v<T, std::uint8_t>)
        if (regions.bits.empty()) {
            SampleSums sums;
            add_sums(a.row<T>(0), a.stride, b.row<T>(0), b.stride, a.size.width * n, a.size.height,
                     n, sums);
            return add_to(from_sums(sums), regions.everywhere, out);
        }
    for (int y = 0; y < a.size.height; ++y) {
        const T *p = a.row<T>(y), *q = b.row<T>(y);
        if constexpr (!std::is_same_v<T, float>)
            if (std::memcmp(p, q, sizeof(T) * std::size_t(n) * std::size_t(a.size.width)) == 0)
                continue;
        for_runs(regions, y, a.size.width, [&](int begin, int end, std::uint8_t bits) {
            add_to(count_samples(p + std::ptrdiff_t{begin} * n, q + std::ptrdiff_t{begin} * n,
                                 (end - begin) * n, n),
                   bits, out);
        });
    }
}

} // namespace

SampleCount count_samples(const std::uint8_t* a, const std::uint8_t* b, int count, int channels) {
    SampleSums sums;
    add_sums(a, 0, b, 0, count, 1, channels, sums);
    return from_sums(sums);
}

SampleCount count_samples(const std::uint16_t* a, const std::uint16_t* b, int count, int channels) {
    SampleSums sums;
    sum_u16(a, b, count, sums);
    if (channels == 2 || channels == 4)
        for (int i = channels - 1; i < count; i += channels) { // alpha is no colour
            const auto d = static_cast<std::int64_t>(a[i]) - b[i];
            sums.squares -= static_cast<std::uint64_t>(d * d);
        }
    return from_sums(sums);
}

SampleCount count_samples(const float* a, const float* b, int count, int channels) {
    const int colors = channels <= 2 ? 1 : 3;
    SampleCount out;
    for (int i = 0; i < count; i += channels) {
        int bad = 0;
        double squares = 0, most = 0;
        for (int c = 0; c < channels; ++c) {
            const float p = a[i + c], q = b[i + c];
            out.changed += std::memcmp(&p, &q, sizeof p) != 0;
            const bool bad_a = !std::isfinite(p), bad_b = !std::isfinite(q);
            out.not_finite_a += bad_a;
            out.not_finite_b += bad_b;
            bad += bad_a || bad_b;
            const double d = double(p) - double(q);
            most = std::max(most, std::abs(d));
            if (c < colors) squares += d * d;
        }
        out.left_out += bad > 0;
        if (bad) continue;
        out.max_abs = std::max(out.max_abs, most);
        out.squares += squares;
    }
    return out;
}

Alike::Alike(ImageView a, ImageView b) : a_(a), b_(b) {
    const auto deeper = std::max(a.format.type, b.format.type);
    const int colors = std::max(a.format.color_channels(), b.format.color_channels());
    const bool alpha = a.format.has_alpha() || b.format.has_alpha();
    format_ = {colors + (alpha ? 1 : 0), deeper};
}

std::string Alike::note() const {
    std::string text;
    const auto add = [&](std::string part) { text += (text.empty() ? "" : "; ") + part; };
    if (a_.format.type != b_.format.type)
        add(fmt::format("{} and {} samples compared as {}", name(a_.format.type),
                        name(b_.format.type), name(format_.type)));
    if (a_.format.color_channels() != b_.format.color_channels())
        add("grey compared as equal red, green and blue");
    if (a_.format.has_alpha() != b_.format.has_alpha())
        add("the picture without alpha counts as opaque");
    return text;
}

TileCount Alike::count(const Rect& tile, const TileRegions& regions) const {
    const auto own = [&](ImageView v) {
        return v.format == format_ ? image::Image{} : image::convert(v.sub(tile), format_);
    };
    const image::Image ca = own(a_), cb = own(b_);
    const ImageView va = ca.empty() ? a_.sub(tile) : ca.view();
    const ImageView vb = cb.empty() ? b_.sub(tile) : cb.view();
    TileCount out;
    switch (format_.type) {
        case SampleType::u8:
            count_rows<std::uint8_t>(va, vb, regions, out);
            break;
        case SampleType::u16:
            count_rows<std::uint16_t>(va, vb, regions, out);
            break;
        case SampleType::f32:
            count_rows<float>(va, vb, regions, out);
            break;
    }
    return out;
}

double Alike::full_range() const {
    return format_.type == SampleType::u8 ? 255 : format_.type == SampleType::u16 ? 65535 : 1;
}

} // namespace mw::compare
