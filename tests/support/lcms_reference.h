// What Little CMS itself makes of a profile: the reference for our tables. Header only.
#pragma once

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "codec/codec.h"

namespace mw::test {

// Encoded sRGB of `rgb` (triples, or greys when `channels` is 1), relative colorimetric, clipped to
// 0..1; empty when the library refuses the profile.
inline std::vector<float> lcms_to_srgb(const Bytes& icc, const std::vector<float>& rgb,
                                       int channels) {
    cmsHPROFILE in = cmsOpenProfileFromMem(icc.data(), static_cast<cmsUInt32Number>(icc.size()));
    if (!in) return {};
    cmsHPROFILE srgb = cmsCreate_sRGBProfile();
    cmsHTRANSFORM t =
        cmsCreateTransform(in, channels == 1 ? TYPE_GRAY_FLT : TYPE_RGB_FLT, srgb, TYPE_RGB_FLT,
                           INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE | cmsFLAGS_NOOPTIMIZE);
    std::vector<float> out;
    if (t) {
        out.resize(rgb.size() / static_cast<std::size_t>(channels) * 3);
        cmsDoTransform(t, rgb.data(), out.data(),
                       static_cast<cmsUInt32Number>(rgb.size() / std::size_t(channels)));
        cmsDeleteTransform(t);
        for (float& v : out)
            v = std::clamp(v, 0.0f, 1.0f);
    }
    cmsCloseProfile(srgb);
    cmsCloseProfile(in);
    return out;
}

inline std::vector<float> random_colors(std::size_t count, int channels, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> value(0, 1);
    std::vector<float> out(count * static_cast<std::size_t>(channels));
    for (float& v : out)
        v = value(random);
    return out;
}

struct Difference {
    double worst = 0, mean = 0;
};
// Between the reference and DisplayTransform, over random colours, in 0..1 encoded.
inline Difference difference_from_lcms(const Bytes& icc, const image::ColorSpaceRef& color,
                                       int channels) {
    const std::vector<float> in = random_colors(20000, channels);
    const std::vector<float> expected = lcms_to_srgb(icc, in, channels);
    if (expected.empty()) return {99, 99};
    const int count = static_cast<int>(in.size()) / channels;
    const image::ImageView row{reinterpret_cast<const std::byte*>(in.data()),
                               {count, 1},
                               {channels, image::SampleType::f32},
                               0};
    const image::Image out = image::DisplayTransform(color).to_display(row);
    const float* got = out.view().row<float>(0);
    Difference d;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const auto at = channels == 1 ? 3 * i : i;
        const double e = std::abs(std::clamp(got[i], 0.0f, 1.0f) - expected[at]);
        d.worst = std::max(d.worst, e);
        d.mean += e / static_cast<double>(in.size());
    }
    return d;
}

} // namespace mw::test
