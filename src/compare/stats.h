// How two pictures differ, in figures: inside the mask, on the seam, outside, and everywhere.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stop_token>

#include "base/result.h"
#include "compare/histogram.h"
#include "image/color_space.h"
#include "mask/mask.h"

namespace mw::compare {

// How the two pictures are shown. What an eye judges (SSIM, Delta E, FLIP, every picture made here)
// is measured on what is shown, clipped to what a screen can show; what counts samples is about the
// pictures' own numbers.
struct Views {
    image::DisplayTransform a, b;
};

// Which figures are wanted; counting, max, RMSE and PSNR always are.
struct MetricSet {
    bool delta_e = true, ssim = true, flip = true;
    bool threshold = false; // perceptible and antialiased
};

// Samples that are NaN or infinite are counted, and their pixels left out of every other figure but
// `pixels` and `changed`.
struct RegionStats {
    std::int64_t pixels = 0;
    std::int64_t changed = 0; // samples (channels counted singly, alpha too) whose bits differ
    std::int64_t not_finite_a = 0, not_finite_b = 0; // samples of A and of B
    double max_abs = 0; // in levels of the deeper picture's type: 0..255, 0..65535, or float units
    double rmse = 0;    // in the same levels, colour channels
    double psnr = 0;    // dB, peak = full range, colour channels; infinity when equal
    double ssim =
        1; // mean over the region of the SSIM map of luma, 11x11 Gaussian sigma 1.5 (Wang 2004)
    double delta_e_mean = 0, delta_e_p99 = 0, delta_e_max = 0; // CIEDE2000 (Sharma 2005)
    double flip_mean = 0, flip_max = 0;                        // LDR-FLIP (Andersson 2020)
    // Of FLIP, each pixel weighted by its error, as the authors' tool gives them, to 1e-3.
    double flip_first_quartile = 0, flip_median = 0, flip_third_quartile = 0;
    // Pixels over CompareParams::threshold, and those that differ as an antialiased edge does.
    std::int64_t perceptible = 0, antialiased = 0;
    ErrorHistogram delta_e_histogram{kDeltaEHistogramEnd}, flip_histogram{1};
};

struct DiffStats {
    RegionStats inside, seam, outside, all;
    std::string note; // how different depths or channel counts were brought together, and what
                      // was left out; empty when there is nothing to say
    Rect compared;    // the part of A that was compared: all of it unless nudged
};

inline constexpr double kPixelsPerDegree = 67.0206; // 0.7 m from a 3840-px, 0.7-m wide screen
// Of a screen `width_px` across and `width_m` wide from `distance_m`, as FLIP's authors define it.
double pixels_per_degree(double distance_m, double width_px = 3840, double width_m = 0.7);

struct CompareParams {
    MetricSet metrics;
    Views views;
    double seam_px = 8; // the band on both sides of the support's edge
    double pixels_per_degree = kPixelsPerDegree;
    double threshold = 0.1; // of the perceptible difference, see threshold.h
    Point nudge;            // B is held against A moved by this, see overlap() in fit.h
};

// Without a mask everything is inside. inside and outside split at coverage > 0; the seam overlaps
// both. Errors: invalid_argument when sizes differ and nothing is nudged (both named), or nothing
// overlaps; cancelled.
Result<DiffStats> compare(image::ImageView a, image::ImageView b, const mask::Mask* mask,
                          const CompareParams& params = {}, std::stop_token stop = {});

} // namespace mw::compare
