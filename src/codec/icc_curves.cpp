// Curves as tables, and the question whether a space is sRGB after all.
#include <algorithm>
#include <cmath>

#include "codec/icc.h"
#include "image/color.h"
#include "image/primaries.h"

namespace mw::codec {
namespace {

// A hair over half a level of 8 bits: the sRGB profile of 1998 itself is off by 0.0020 in pure
// green, and the much used "c2" by 0.0016 in dark greys; neither changes a grey of 8 bits.
constexpr float kNobodyCouldTell = 0.0022f;

float encoded(double light) {
    return image::linear_to_srgb(static_cast<float>(light));
}

std::vector<float> sampled(const std::function<double(double)>& light, std::size_t entries) {
    std::vector<float> table(entries);
    for (std::size_t i = 0; i < entries; ++i)
        table[i] = static_cast<float>(light(double(i) / double(entries - 1)));
    return table;
}

// Halfway between the entries, where a table is worst; densely near black, where curves are steep.
bool close_enough(const std::vector<float>& table, const std::function<double(double)>& light) {
    const std::size_t last = table.size() - 1;
    for (std::size_t i = 0; i < last; i += i < 64 ? 1 : 16) {
        const double between = (double(table[i]) + table[i + 1]) / 2;
        const double wanted = light((double(i) + 0.5) / double(last));
        if (!(std::abs(encoded(between) - encoded(wanted)) < 1e-5f)) return false;
    }
    return true;
}

bool is_identity(const std::vector<float>& table) {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (std::abs(double(table[i]) - double(i) / double(table.size() - 1)) > 1e-6) return false;
    return true;
}

} // namespace

std::vector<float> curve_table(const std::function<double(double)>& light) {
    // 16 steps to a level of 8 bits.
    std::vector<float> table = sampled(light, 16 * 255 + 1);
    if (is_identity(table)) return {};
    if (!close_enough(table, light)) table = sampled(light, 65536);
    return table;
}

image::ColorSpaceRef unless_srgb(image::ColorSpace space, int color_channels) {
    if (!image::well_formed(space)) return nullptr;
    const auto shared = std::make_shared<const image::ColorSpace>(std::move(space));
    // Every corner, the greys more densely, and darkness.
    constexpr int kSide = 9, kGreys = 511;
    std::vector<float> samples;
    for (int i = 0; i <= kGreys; ++i)
        samples.insert(samples.end(), 3, static_cast<float>(i) / kGreys);
    for (int i = 0; i < 100; ++i)
        samples.insert(samples.end(), 3, static_cast<float>(i) / 5000);
    for (int r = 0; color_channels == 3 && r < kSide; ++r)
        for (int g = 0; g < kSide; ++g)
            for (int b = 0; b < kSide; ++b)
                for (const int v : {r, g, b})
                    samples.push_back(static_cast<float>(v) / (kSide - 1));
    const auto count = static_cast<int>(samples.size() / 3);
    const image::ImageView row{
        reinterpret_cast<const std::byte*>(samples.data()), {count, 1}, image::kRgbF, 0};
    const image::Image shown = image::DisplayTransform(shared).to_display(row);
    const float* p = shown.view().row<float>(0);
    for (std::size_t i = 0; i < samples.size(); ++i)
        if (!(std::abs(std::clamp(p[i], 0.0f, 1.0f) - samples[i]) <= kNobodyCouldTell))
            return shared;
    return nullptr;
}

} // namespace mw::codec
