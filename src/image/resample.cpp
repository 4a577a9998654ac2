#include "image/resample.h"

#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "image/convert.h"
#include "image/double_lattice.h"
#include "image/taps.h"

namespace mw::image {
namespace {

void weight_by_alpha(ImageSpan pixels) {
    const int n = pixels.format.channels;
    for (int y = 0; y < pixels.size.height; ++y) {
        float* p = pixels.row<float>(y);
        for (int x = 0; x < pixels.size.width; ++x, p += n)
            for (int c = 0; c + 1 < n; ++c)
                p[c] *= p[n - 1];
    }
}

void divide_by_alpha(ImageSpan pixels) {
    const int n = pixels.format.channels;
    for (int y = 0; y < pixels.size.height; ++y) {
        float* p = pixels.row<float>(y);
        for (int x = 0; x < pixels.size.width; ++x, p += n)
            for (int c = 0; c + 1 < n; ++c)
                p[c] = p[n - 1] > 1e-6f ? p[c] / p[n - 1] : 0.0f;
    }
}

// What shows edges: the luma of the colours, and alpha, which has edges of its own. The source's
// border repeated, so that a lattice's rim lies outside.
std::vector<Plane> padded_planes(ImageView wide) {
    const int n = wide.format.channels, colors = wide.format.color_channels();
    const int width = wide.size.width + 2 * kLatticeRim,
              height = wide.size.height + 2 * kLatticeRim;
    const bool guide = n > 1;
    std::vector<Plane> planes(static_cast<std::size_t>(n + guide));
    for (Plane& p : planes) {
        p.width = width;
        p.height = height;
        p.samples.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    }
    parallel_for(height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            const float* s = wide.row<float>(std::clamp(y - kLatticeRim, 0, wide.size.height - 1));
            for (int x = 0; x < width; ++x) {
                const float* p = s + std::clamp(x - kLatticeRim, 0, wide.size.width - 1) * n;
                for (int c = 0; c < n; ++c)
                    planes[static_cast<std::size_t>(c)].row(y)[x] = p[c];
                if (guide)
                    planes.back().row(y)[x] =
                        (colors == 3 ? 0.2126f * p[0] + 0.7152f * p[1] + 0.0722f * p[2] : p[0]) +
                        (wide.format.has_alpha() ? p[n - 1] : 0.0f);
            }
        }
    });
    return planes;
}

Image along_edges(ImageView wide, Size size) {
    const int n = wide.format.channels;
    const double scale =
        std::sqrt(double(size.width) / wide.size.width * size.height / wide.size.height);
    const int times = std::clamp(static_cast<int>(std::lround(std::log2(scale))), 1, 3);
    std::vector<Plane> planes = padded_planes(wide);
    for (int i = 0; i < times; ++i)
        planes = double_lattice(planes, planes.size() - 1);
    const Plane& first = planes.front();
    Image lattice({first.width, first.height}, wide.format);
    parallel_for(first.height, 16, [&](int begin, int end) {
        for (int y = begin; y < end; ++y) {
            float* row = lattice.span().row<float>(y);
            for (int c = 0; c < n; ++c) {
                const float* p = planes[static_cast<std::size_t>(c)].row(y);
                for (int x = 0; x < first.width; ++x)
                    row[x * n + c] = p[x];
            }
        }
    });
    planes.clear();
    // The source's own samples lie at multiples of `fine`, from the rim on.
    const auto taps = [&](int from, int to, int lattice_side) {
        const Grid g = Grid::aligned(from, to);
        const int fine = 1 << times;
        return make_taps(lattice_side, to, {fine * (g.origin + kLatticeRim), fine * g.step},
                         Filter::lanczos);
    };
    // Not limited: on photographs PSNR and FLIP both lose by it (bench_resample).
    return through_taps(lattice.view(), taps(wide.size.width, size.width, lattice.width()),
                        taps(wide.size.height, size.height, lattice.height()), false);
}

} // namespace

Image resample(ImageView source, Size size, Filter filter) {
    assert(!source.empty() && !size.empty());
    const PixelFormat wide_format{source.format.channels, SampleType::f32};
    Image wide = convert(source, wide_format);
    if (source.format.has_alpha()) weight_by_alpha(wide.span());
    const double wider = double(size.width) / source.size.width,
                 taller = double(size.height) / source.size.height;
    Image out;
    if (filter == Filter::edge_directed && std::min(wider, taller) > 1) {
        out = along_edges(wide.view(), size);
    } else {
        const auto taps = [&](int from, int to) {
            return make_taps(from, to, Grid::aligned(from, to), filter);
        };
        out = through_taps(wide.view(), taps(source.size.width, size.width),
                           taps(source.size.height, size.height),
                           filter == Filter::lanczos_limited || filter == Filter::edge_directed);
    }
    if (source.format.has_alpha()) divide_by_alpha(out.span());
    return source.format.type == SampleType::f32 ? std::move(out)
                                                 : convert(out.view(), source.format);
}

Image halve(ImageView source) {
    assert(source.format.type == SampleType::u8);
    const int n = source.format.channels;
    Image out({(source.size.width + 1) / 2, (source.size.height + 1) / 2}, source.format);
    for (int y = 0; y < out.height(); ++y) {
        const auto* a = source.row<std::uint8_t>(2 * y);
        const auto* b = source.row<std::uint8_t>(std::min(2 * y + 1, source.size.height - 1));
        auto* t = out.span().row<std::uint8_t>(y);
        for (int x = 0; x < out.width(); ++x) {
            const int left = 2 * x * n, right = std::min(2 * x + 1, source.size.width - 1) * n;
            for (int c = 0; c < n; ++c)
                t[x * n + c] = static_cast<std::uint8_t>(
                    (a[left + c] + a[right + c] + b[left + c] + b[right + c] + 2) >> 2);
        }
    }
    return out;
}

} // namespace mw::image
