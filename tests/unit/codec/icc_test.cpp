// Profiles of every kind against Little CMS itself.
#include "codec/icc.h"

#include <cmath>

#include "support.h"
#include "support/lcms_reference.h"

namespace mw::codec::test {
namespace {

using mw::test::difference_from_lcms;
using Kind = image::ColorSpace::Kind;

Bytes saved(cmsHPROFILE profile) {
    cmsUInt32Number size = 0;
    cmsSaveProfileToMem(profile, nullptr, &size);
    Bytes bytes(size);
    cmsSaveProfileToMem(profile, bytes.data(), &size);
    cmsCloseProfile(profile);
    return bytes;
}

const cmsCIExyY kD65{0.3127, 0.3290, 1};
const cmsCIExyYTRIPLE kP3{{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
const cmsCIExyYTRIPLE kAdobe{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
const cmsCIExyYTRIPLE kSrgb{{0.64, 0.33, 1}, {0.30, 0.60, 1}, {0.15, 0.06, 1}};

// `version` 2 or 4; takes the curves.
Bytes matrix_profile(const cmsCIExyYTRIPLE& primaries, std::array<cmsToneCurve*, 3> curves,
                     double version = 4.3) {
    cmsHPROFILE p = cmsCreateRGBProfile(&kD65, &primaries, curves.data());
    cmsSetProfileVersion(p, version);
    for (std::size_t k = 0; k < 3; ++k)
        if (k == 0 || curves[k] != curves[0]) cmsFreeToneCurve(curves[k]);
    return saved(p);
}
Bytes matrix_profile(const cmsCIExyYTRIPLE& primaries, cmsToneCurve* curve, double version = 4.3) {
    return matrix_profile(primaries, std::array{curve, curve, curve}, version);
}

cmsToneCurve* gamma(double g) {
    return cmsBuildGamma(nullptr, g);
}
cmsToneCurve* srgb_curve() {
    const double p[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return cmsBuildParametricToneCurve(nullptr, 4, p);
}
template <class F>
cmsToneCurve* table(std::size_t entries, F f) {
    std::vector<cmsUInt16Number> t(entries);
    for (std::size_t i = 0; i < entries; ++i)
        t[i] =
            static_cast<cmsUInt16Number>(std::lround(65535 * f(double(i) / double(entries - 1))));
    return cmsBuildTabulatedToneCurve16(nullptr, static_cast<cmsUInt32Number>(entries), t.data());
}

// A table of 17 nodes, whose numbers are P3's with two channels exchanged, a little bent.
Bytes table_profile(cmsColorSpaceSignature pcs) {
    const auto p3 = matrix_profile(kP3, srgb_curve());
    cmsHPROFILE from = cmsOpenProfileFromMem(p3.data(), static_cast<cmsUInt32Number>(p3.size()));
    cmsHPROFILE to = pcs == cmsSigLabData ? cmsCreateLab4Profile(nullptr) : cmsCreateXYZProfile();
    cmsHTRANSFORM t =
        cmsCreateTransform(from, TYPE_RGB_16, to, pcs == cmsSigLabData ? TYPE_Lab_16 : TYPE_XYZ_16,
                           INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_NOOPTIMIZE);
    cmsHPROFILE p = cmsCreateProfilePlaceholder(nullptr);
    cmsSetProfileVersion(p, 4.3);
    cmsSetDeviceClass(p, cmsSigInputClass);
    cmsSetColorSpace(p, cmsSigRgbData);
    cmsSetPCS(p, pcs);
    cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 3, 3);
    cmsStage* clut = cmsStageAllocCLut16bit(nullptr, 17, 3, 3, nullptr);
    const auto sampler = [](const cmsUInt16Number in[], cmsUInt16Number out[],
                            void* cargo) -> cmsInt32Number {
        const auto bent = [](double v) {
            return static_cast<cmsUInt16Number>(std::lround(65535 * std::pow(v / 65535, 1.2)));
        };
        const cmsUInt16Number turned[] = {bent(in[1]), in[0], in[2]};
        cmsDoTransform(cargo, turned, out, 1);
        return TRUE;
    };
    cmsStageSampleCLut16bit(clut, sampler, t, 0);
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
    cmsPipelineInsertStage(pipeline, cmsAT_END, clut);
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
    cmsWriteTag(p, cmsSigAToB0Tag, pipeline);
    cmsPipelineFree(pipeline);
    cmsDeleteTransform(t);
    cmsCloseProfile(to);
    cmsCloseProfile(from);
    return saved(p);
}

image::ColorSpaceRef color_of(const Bytes& icc, int channels = 3) {
    const IccReading reading = read_icc(icc, channels);
    EXPECT_EQ(reading.warning, "");
    return reading.color;
}

TEST(Icc, MatrixProfilesMatchTheLibrary) {
    const std::pair<const char*, Bytes> all[] = {
        {"P3", matrix_profile(kP3, srgb_curve())},
        {"P3, version 2, 1024 entries",
         matrix_profile(kP3, table(1024, [](double v) { return std::pow(v, 2.4); }), 2.1)},
        {"Adobe RGB", matrix_profile(kAdobe, gamma(563 / 256.0), 2.1)},
        {"linear", matrix_profile(kAdobe, gamma(1))},
        {"gamma 1.8", matrix_profile(kAdobe, gamma(1.8))},
        {"gamma 0.5", matrix_profile(kSrgb, gamma(0.5))},
        {"three curves", matrix_profile(kP3, {gamma(2.2), gamma(1.0), srgb_curve()})},
    };
    for (const auto& [name, icc] : all) {
        SCOPED_TRACE(name);
        const auto color = color_of(icc);
        ASSERT_TRUE(color);
        EXPECT_EQ(color->kind, Kind::shaper);
        EXPECT_LT(color->curve[0].size(), 70000u);
        const auto d = difference_from_lcms(icc, color, 3);
        EXPECT_LT(d.worst, 2e-4); // the library rounds tables to 16 bits of light
        EXPECT_LT(d.mean, 1e-5);
    }
    EXPECT_TRUE(color_of(all[3].second)->curve[0].empty());
}

TEST(Icc, WhatIsSrgbCostsNothing) {
    EXPECT_FALSE(color_of(matrix_profile(kSrgb, srgb_curve())));
    EXPECT_FALSE(color_of(matrix_profile(kSrgb, srgb_curve(), 2.1)));
    // 1024 entries, as the profile of 1998 has them.
    EXPECT_FALSE(color_of(matrix_profile(kSrgb,
                                         table(1024,
                                               [](double v) {
                                                   return v <= 0.04045
                                                              ? v / 12.92
                                                              : std::pow((v + 0.055) / 1.055, 2.4);
                                               }),
                                         2.1)));
    EXPECT_TRUE(color_of(matrix_profile(kSrgb, gamma(2.2)))); // 2.2 is not sRGB in the dark
}

TEST(Icc, GreyProfilesMatchTheLibrary) {
    const cmsCIExyY d50{0.3457, 0.3585, 1};
    for (const double g : {1.0, 1.8, 2.2}) {
        cmsToneCurve* curve = gamma(g);
        const Bytes icc = saved(cmsCreateGrayProfile(&d50, curve));
        cmsFreeToneCurve(curve);
        const auto color = color_of(icc, 1);
        ASSERT_TRUE(color);
        EXPECT_LT(difference_from_lcms(icc, color, 1).worst, 2e-4) << g;
    }
    cmsToneCurve* curve = srgb_curve();
    EXPECT_FALSE(color_of(saved(cmsCreateGrayProfile(&d50, curve)), 1));
    cmsFreeToneCurve(curve);
}

TEST(Icc, TableProfilesMatchTheLibrary) {
    for (const cmsColorSpaceSignature pcs : {cmsSigLabData, cmsSigXYZData}) {
        const Bytes icc = table_profile(pcs);
        const auto color = color_of(icc);
        ASSERT_TRUE(color);
        EXPECT_EQ(color->kind, Kind::grid);
        const auto d = difference_from_lcms(icc, color, 3);
        EXPECT_LT(d.worst, 0.03);
        EXPECT_LT(d.mean, 0.001);
        // And back.
        const std::vector<float> in = mw::test::random_colors(5000, 3);
        const image::ImageView row{
            reinterpret_cast<const std::byte*>(in.data()), {5000, 1}, image::kRgbF, 0};
        const image::DisplayTransform t(color);
        image::Image back = t.to_display(row);
        t.from_display(back.span());
        double worst = 0;
        int off = 0;
        for (std::size_t i = 0; i < in.size(); ++i) {
            const double e = std::abs(back.view().row<float>(0)[i] - in[i]);
            worst = std::max(worst, e);
            off += e > 1e-4;
        }
        RecordProperty("there and back, worst", std::to_string(worst));
        EXPECT_LT(off, 15);
    }
}

TEST(Icc, CurvesThatFallBecomeTables) {
    const Bytes icc = matrix_profile(kP3, table(256, [](double v) { return 1 - v; }));
    const auto color = color_of(icc);
    ASSERT_TRUE(color);
    EXPECT_EQ(color->kind, Kind::grid);
    EXPECT_LT(difference_from_lcms(icc, color, 3).mean, 0.01);
}

TEST(Icc, BlackForAWhileIsAllowed) {
    const Bytes icc =
        matrix_profile(kP3, table(4096, [](double v) { return std::max(0.0, v - 0.1) / 0.9; }));
    const auto color = color_of(icc);
    ASSERT_TRUE(color);
    EXPECT_EQ(color->kind, Kind::shaper);
}

TEST(Icc, DamagedProfilesAreIgnoredAndSaid) {
    const Bytes good = matrix_profile(kP3, srgb_curve());
    Bytes cut = good, other = good, zero = good;
    cut.resize(200);
    std::fill(other.begin() + 132, other.end(), std::byte{0xff});
    std::fill(zero.begin() + 128, zero.end(), std::byte{0});
    for (const Bytes& bad : {cut, other, zero, profile("RGB ")}) {
        const IccReading reading = read_icc(bad, 3);
        EXPECT_FALSE(reading.color);
        EXPECT_NE(reading.warning.find("was ignored"), std::string::npos) << reading.warning;
    }
}

TEST(Icc, AnyByteMayBeWrong) {
    for (const Bytes& good : {matrix_profile(kP3, table(64, [](double v) { return v * v; })),
                              table_profile(cmsSigLabData)}) {
        std::mt19937 random(3);
        for (int i = 0; i < (good.size() > 10000 ? 5 : 80); ++i) {
            Bytes bad = good;
            for (int k = 0; k < 4; ++k) // most in the header and the list of tags
                bad[random() % std::min<std::size_t>(bad.size(), k < 3 ? 600 : bad.size())] =
                    std::byte(random() & 255);
            const IccReading reading = read_icc(bad, 3);
            if (reading.color) {
                EXPECT_TRUE(image::well_formed(*reading.color));
            }
        }
    }
}

TEST(Icc, ComesOutOfTheChildWithThePicture) {
    const Bytes icc = matrix_profile(kP3, srgb_curve());
    for (const FileFormat format : {FileFormat::png, FileFormat::jpeg, FileFormat::webp}) {
        Metadata metadata;
        metadata.icc = icc;
        const auto file = encode(pattern({8, 8}, image::kRgb8).view(), metadata, format);
        ASSERT_TRUE(file);
        const auto picture = open(*file);
        ASSERT_TRUE(picture) << picture.error().message;
        EXPECT_EQ(picture->metadata.icc, icc);
        ASSERT_TRUE(picture->color) << name_of(format);
        EXPECT_TRUE(*picture->color == *color_of(icc));
        EXPECT_TRUE(picture->warnings.empty());
        // A damaged one is carried all the same.
        metadata.icc = icc;
        std::fill(metadata.icc.begin() + 132, metadata.icc.end(), std::byte{0xff});
        const auto odd = encode(pattern({8, 8}, image::kRgb8).view(), metadata, format);
        ASSERT_TRUE(odd);
        const auto ignored = open(*odd);
        ASSERT_TRUE(ignored);
        EXPECT_EQ(ignored->metadata.icc, metadata.icc);
        EXPECT_FALSE(ignored->color);
        EXPECT_EQ(ignored->warnings.size(), 1u);
    }
}

TEST(Icc, OurOwnProfilesSayTheSame) {
    for (const Bytes& icc :
         {matrix_profile(kP3, srgb_curve()), matrix_profile(kAdobe, gamma(563 / 256.0)),
          matrix_profile(kAdobe, gamma(1)), matrix_profile(kSrgb, gamma(0.5)),
          matrix_profile(kP3, table(1024, [](double v) { return v * v * (2 - v); })),
          matrix_profile(kP3, {gamma(2.2), gamma(1.0), srgb_curve()})}) {
        const auto color = color_of(icc);
        ASSERT_TRUE(color);
        const Bytes own = profile_of(*color, 3);
        const auto again = color_of(own);
        ASSERT_TRUE(again);
        EXPECT_EQ(again->name, color->name);
        for (std::size_t i = 0; i < 9; ++i)
            EXPECT_NEAR(again->to_srgb[i], color->to_srgb[i], 1e-4);
        // The library reads it as we mean it.
        const auto d = difference_from_lcms(own, color, 3);
        EXPECT_LT(d.worst, 0.002);
        EXPECT_LT(d.mean, 5e-5);
    }
    const cmsCIExyY d50{0.3457, 0.3585, 1};
    cmsToneCurve* curve = gamma(1.8);
    const auto grey = color_of(saved(cmsCreateGrayProfile(&d50, curve)), 1);
    cmsFreeToneCurve(curve);
    EXPECT_LT(difference_from_lcms(profile_of(*grey, 1), grey, 1).worst, 2e-4);
    EXPECT_TRUE(profile_of(*color_of(table_profile(cmsSigLabData)), 3).empty());
}

} // namespace
} // namespace mw::codec::test
