#include "codec/icc.h"

#include <lcms2.h>
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "image/color.h"
#include "image/primaries.h"

namespace mw::codec {
namespace {

using image::ColorSpace;

template <auto kClose>
struct Closer {
    template <class T>
    void operator()(T* handle) const {
        kClose(handle);
    }
};
using Context = std::unique_ptr<_cmsContext_struct, Closer<cmsDeleteContext>>;
using Profile = std::unique_ptr<void, Closer<cmsCloseProfile>>;
using Transform = std::unique_ptr<void, Closer<cmsDeleteTransform>>;

// The numbers of a picture to XYZ under D50, as floats.
struct ToXyz {
    Transform transform;

    ToXyz(cmsContext context, cmsHPROFILE profile, int color_channels) {
        const Profile xyz(cmsCreateXYZProfileTHR(context));
        transform.reset(cmsCreateTransformTHR(
            context, profile, color_channels == 1 ? TYPE_GRAY_FLT : TYPE_RGB_FLT, xyz.get(),
            TYPE_XYZ_FLT, INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOCACHE));
    }
    explicit operator bool() const { return transform != nullptr; }
    // `count` pixels of floats in and out.
    void run(const float* in, float* out, std::size_t count) const {
        cmsDoTransform(transform.get(), in, out, static_cast<cmsUInt32Number>(count));
    }
};

std::string name_of_profile(cmsHPROFILE profile, std::string fallback) {
    char text[80] = {};
    cmsGetProfileInfoASCII(profile, cmsInfoDescription, "en", "US", text, sizeof text);
    text[sizeof text - 1] = 0;
    std::string name(text);
    std::ranges::replace_if(
        name, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    while (!name.empty() && name.back() == ' ')
        name.pop_back();
    return name.empty() ? fallback : name;
}

// Small profiles have names of a few letters ("sP3"), which tell an artist less than their
// primaries do.
std::string name_of_space(cmsHPROFILE profile, const ColorSpace& space) {
    std::string own = name_of_profile(profile, "unnamed profile");
    if (own.size() > 4 || space.kind != ColorSpace::Kind::shaper) return own;
    const std::pair<const char*, image::Primaries> known[] = {
        {"Display P3", image::kDisplayP3},
        {"Rec. 2020", image::kRec2020},
        {"Adobe RGB", image::kAdobeRgb},
        {"ProPhoto RGB", image::kProPhoto},
    };
    for (const auto& [name, primaries] : known) {
        const auto matrix = *image::matrix_to_srgb(primaries);
        if (std::equal(matrix.begin(), matrix.end(), space.to_srgb.begin(),
                       [](double a, float b) { return std::abs(a - double(b)) < 0.003; }))
            return name;
    }
    return own;
}

// Light that falls here and there by rounding, or where two formulas meet, is made to stand still;
// nothing when it really falls.
std::optional<std::vector<float>> rising(std::vector<float> table) {
    for (std::size_t i = 1; i < table.size(); ++i) {
        if (!(table[i] > table[i - 1] - 1e-3f)) return std::nullopt;
        table[i] = std::max(table[i], table[i - 1]);
    }
    return table;
}

std::optional<std::vector<float>> curve_of(const cmsToneCurve* curve) {
    // A table is taken as it is: evaluated it would come rounded to 16 bits once more.
    const cmsUInt32Number entries = cmsGetToneCurveEstimatedTableEntries(curve);
    if (cmsGetToneCurveParametricType(curve) == 0 && entries >= 2 && entries <= 65536) {
        const cmsUInt16Number* values = cmsGetToneCurveEstimatedTable(curve);
        std::vector<float> table(entries);
        for (std::size_t i = 0; i < entries; ++i)
            table[i] = static_cast<float>(values[i]) / 65535.0f;
        if (entries == 2 && table[0] == 0 && table[1] == 1) return std::vector<float>{};
        return rising(std::move(table));
    }
    return rising(curve_table([&](double v) {
        return double(cmsEvalToneCurveFloat(curve, static_cast<cmsFloat32Number>(v)));
    }));
}

bool same_tag(cmsHPROFILE profile, cmsTagSignature a, cmsTagSignature b) {
    if (cmsTagLinkedTo(profile, b) == a) return true;
    const cmsUInt32Number size = cmsReadRawTag(profile, a, nullptr, 0);
    if (size == 0 || size != cmsReadRawTag(profile, b, nullptr, 0)) return false;
    std::vector<char> one(size), other(size);
    cmsReadRawTag(profile, a, one.data(), size);
    cmsReadRawTag(profile, b, other.data(), size);
    return one == other;
}

bool has_table(cmsHPROFILE profile) {
    for (const cmsTagSignature tag : {cmsSigAToB0Tag, cmsSigAToB1Tag, cmsSigAToB2Tag,
                                      cmsSigDToB0Tag, cmsSigDToB1Tag, cmsSigDToB2Tag})
        if (cmsIsTag(profile, tag)) return true;
    return false;
}

// Nothing when it is not of this kind, or its curves do not rise.
std::optional<ColorSpace> read_matrix(cmsHPROFILE profile) {
    constexpr cmsTagSignature kColors[] = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                           cmsSigBlueColorantTag},
                              kCurves[] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
    if (has_table(profile) || cmsGetPCS(profile) != cmsSigXYZData) return std::nullopt;
    ColorSpace space;
    std::array<double, 9> to_xyz{};
    const bool one_curve =
        same_tag(profile, kCurves[0], kCurves[1]) && same_tag(profile, kCurves[0], kCurves[2]);
    for (std::size_t k = 0; k < 3; ++k) {
        const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, kColors[k]));
        const auto* tone = static_cast<const cmsToneCurve*>(cmsReadTag(profile, kCurves[k]));
        if (!xyz || !tone) return std::nullopt;
        to_xyz[k] = xyz->X;
        to_xyz[3 + k] = xyz->Y;
        to_xyz[6 + k] = xyz->Z;
        if (one_curve && k > 0) continue;
        auto curve = curve_of(tone);
        if (!curve) return std::nullopt;
        space.curve[k] = std::move(*curve);
    }
    // All or none: a straight line among curves is written out.
    if (!one_curve && std::ranges::any_of(space.curve, [](auto& c) { return !c.empty(); }))
        for (auto& curve : space.curve)
            if (curve.empty()) curve = {0, 1};
    const auto matrix = image::matrix_to_srgb_from_d50(to_xyz);
    std::ranges::transform(matrix, space.to_srgb.begin(),
                           [](double v) { return static_cast<float>(v); });
    return space;
}

std::optional<ColorSpace> read_grey(cmsContext context, cmsHPROFILE profile) {
    ColorSpace space;
    const auto* tone = static_cast<const cmsToneCurve*>(cmsReadTag(profile, cmsSigGrayTRCTag));
    if (tone && cmsGetPCS(profile) == cmsSigXYZData) {
        auto curve = curve_of(tone);
        if (!curve) return std::nullopt;
        space.curve[0] = std::move(*curve);
        return space;
    }
    const ToXyz to_xyz(context, profile, 1);
    if (!to_xyz) return std::nullopt;
    auto curve = rising(curve_table([&](double v) {
        const auto grey = static_cast<float>(v);
        std::array<float, 3> xyz{};
        to_xyz.run(&grey, xyz.data(), 1);
        return double(xyz[1]);
    }));
    if (!curve) return std::nullopt;
    space.curve[0] = std::move(*curve);
    return space;
}

// Encoded sRGB of many colours, nothing clipped.
std::vector<float> shown(const ToXyz& to_xyz, const std::vector<float>& rgb) {
    std::vector<float> out(rgb.size());
    to_xyz.run(rgb.data(), out.data(), rgb.size() / 3);
    static const auto from_d50 = image::matrix_to_srgb_from_d50({1, 0, 0, 0, 1, 0, 0, 0, 1});
    for (std::size_t i = 0; i < out.size(); i += 3) {
        const std::array<double, 3> xyz{out[i], out[i + 1], out[i + 2]};
        for (std::size_t k = 0; k < 3; ++k)
            out[i + k] = image::linear_to_srgb(static_cast<float>(from_d50[3 * k] * xyz[0] +
                                                                  from_d50[3 * k + 1] * xyz[1] +
                                                                  from_d50[3 * k + 2] * xyz[2]));
    }
    return out;
}

std::vector<float> through(const ColorSpace& space, const std::vector<float>& rgb) {
    const Size size{static_cast<int>(rgb.size() / 3), 1};
    const image::Image out =
        image::DisplayTransform(std::make_shared<const ColorSpace>(space))
            .to_display({reinterpret_cast<const std::byte*>(rgb.data()), size, image::kRgbF, 0});
    const float* row = out.view().row<float>(0);
    return {row, row + rgb.size()};
}

std::vector<float> lattice(int side) {
    std::vector<float> rgb;
    for (int r = 0; r < side; ++r)
        for (int g = 0; g < side; ++g)
            for (int b = 0; b < side; ++b)
                for (const int v : {r, g, b})
                    rgb.push_back(static_cast<float>(v) / static_cast<float>(side - 1));
    return rgb;
}

std::optional<ColorSpace> read_table(cmsContext context, cmsHPROFILE profile) {
    const ToXyz to_xyz(context, profile, 3);
    if (!to_xyz) return std::nullopt;
    ColorSpace space;
    space.kind = ColorSpace::Kind::grid;
    // Finer only where the profile bends more than the usual table follows.
    for (const int side : {33, 49}) {
        space.grid_side = side;
        space.to_display_grid = shown(to_xyz, lattice(side));
        std::vector<float> between;
        for (std::uint32_t i = 0, random = 1; i < 3 * 512; ++i) {
            random = random * 1664525u + 1013904223u;
            between.push_back(static_cast<float>(random >> 8) / 16777216.0f);
        }
        const std::vector<float> exact = shown(to_xyz, between);
        const std::vector<float> looked_up = through(space, between);
        double worst = 0;
        for (std::size_t i = 0; i < exact.size(); ++i)
            worst = std::max(worst, std::abs(double(exact[i]) - looked_up[i]));
        if (!(worst > 1.0 / 255)) break;
    }
    image::fill_from_display_grid(space);
    return space;
}

} // namespace

IccReading read_icc(ByteSpan icc, int color_channels) {
    const auto ignored = [](std::string why) {
        return IccReading{nullptr, std::move(why) + "; colours are shown as sRGB."};
    };
    const Context context(cmsCreateContext(nullptr, nullptr));
    const Profile profile(context
                              ? cmsOpenProfileFromMemTHR(context.get(), icc.data(),
                                                         static_cast<cmsUInt32Number>(icc.size()))
                              : nullptr);
    if (!profile) return ignored("The colour profile is damaged and was ignored");
    const cmsProfileClassSignature kind = cmsGetDeviceClass(profile.get());
    if (kind != cmsSigInputClass && kind != cmsSigDisplayClass && kind != cmsSigOutputClass &&
        kind != cmsSigColorSpaceClass)
        return ignored("The colour profile describes no picture and was ignored");
    std::optional<ColorSpace> space;
    if (color_channels == 1) {
        space = read_grey(context.get(), profile.get());
    } else {
        space = read_matrix(profile.get());
        if (!space || !image::well_formed(*space)) space = read_table(context.get(), profile.get());
    }
    if (space) space->name = name_of_space(profile.get(), *space);
    if (!space || !image::well_formed(*space))
        return ignored("The colour profile is damaged and was ignored");
    return {unless_srgb(std::move(*space), color_channels), {}};
}

} // namespace mw::codec
