// How two pictures differ, in figures: inside the mask, on the seam, outside, and everywhere.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "base/result.h"
#include "image/color_space.h"
#include "mask/mask.h"

namespace mw::compare {

// How the two pictures are shown. What an eye judges (SSIM, Delta E, FLIP, every picture made here)
// is measured on what is shown, clipped to what a screen can show; what counts samples is about the
// pictures' own numbers.
struct Views {
    image::DisplayTransform a, b;
};

// Which figures are wanted; counting, max and PSNR always are.
struct MetricSet {
    bool delta_e = true, ssim = true, flip = true;
};

struct RegionStats {
    std::int64_t pixels = 0;
    std::int64_t changed = 0; // samples (channels counted singly, alpha too) that differ
    double max_abs = 0; // in levels of the deeper picture's type: 0..255, 0..65535, or float units
    double psnr = 0;    // dB, peak = full range, colour channels; infinity when equal
    double ssim =
        1; // mean over the region of the SSIM map of luma, 11x11 Gaussian sigma 1.5 (Wang 2004)
    double delta_e_mean = 0, delta_e_p99 = 0; // CIEDE2000 (Sharma 2005)
    double flip_mean = 0;                     // LDR-FLIP (Andersson 2020), 67 pixels per degree
};

struct DiffStats {
    RegionStats inside, seam, outside, all;
    std::string note; // how different depths or channel counts were brought together; empty when
                      // they were alike
};

struct CompareParams {
    MetricSet metrics;
    Views views;
    double seam_px = 8;                 // the band on both sides of the support's edge
    double pixels_per_degree = 67.0206; // 0.7 m from a 3840-px, 0.7-m wide screen
};

// Without a mask everything is inside. inside and outside split at coverage > 0; the seam overlaps
// both. Errors: invalid_argument when sizes differ (both named), cancelled.
Result<DiffStats> compare(image::ImageView a, image::ImageView b, const mask::Mask* mask,
                          const CompareParams& params = {}, std::stop_token stop = {});

} // namespace mw::compare
