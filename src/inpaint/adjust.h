// Adjustments of a whole crop; the graft's mask decides later where they show.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "base/result.h"
#include "image/color.h"
#include "image/image.h"

namespace mw::inpaint {

// All: same size and format as `picture` (any format), alpha kept, values computed in float. When
// stop was requested before the end an empty image comes back, within 100 ms.

// Hue and chroma of `target_srgb` (0..1 encoded) with the picture's own lightness structure kept,
// in Oklab: the mean lightness under `coverage` (kGray8, same size; one without any coverage counts
// as full) moves towards the target's by `lightness_pull` 0..1. What is paler than the mean
// (highlights, print) stays paler in proportion; colours beyond sRGB lose chroma, not hue. A grey
// picture takes the lightness alone.
image::Image recolor(image::ImageView picture, image::ImageView coverage, image::Float3 target_srgb,
                     double lightness_pull = 0.6, std::stop_token stop = {});

// Gaussian, sigma in px > 0, in linear light, edges clamped.
image::Image blur(image::ImageView picture, double sigma_px, std::stop_token stop = {});

// Square cells of side_px >= 2 aligned to the picture's corner, each its mean in linear light.
image::Image pixelate(image::ImageView picture, int side_px, std::stop_token stop = {});

// Linear light times 2^stops.
image::Image expose(image::ImageView picture, double stops, std::stop_token stop = {});

// 0 keeps, 1 leaves no colour: chroma in Oklab times 1 - amount; a negative amount saturates.
image::Image desaturate(image::ImageView picture, double amount, std::stop_token stop = {});

// The slope of Oklab lightness at its mean under `coverage` becomes 1 + amount, amount in -1 .. 4;
// a sigmoid keeps black black and white white. -1 leaves one lightness. Light beyond white as is.
image::Image contrast(image::ImageView picture, image::ImageView coverage, double amount,
                      std::stop_token stop = {});

// White point moved along the daylight locus by so many mired (> 0 warmer; -120 .. 120 are useful),
// adapted by Bradford's transform (CIE 15:2018; Lindbloom). A grey picture stays as it is.
image::Image temper(image::ImageView picture, double mired, std::stop_token stop = {});

// Hue in Oklab turned by degrees, red towards yellow for > 0; colours beyond sRGB lose chroma.
image::Image turn_hue(image::ImageView picture, double degrees, std::stop_token stop = {});

// Dark and bright parts apart: Oklab lightness of the shadows (highlights) moved by so much of the
// room there is, -1 .. 1 each, fading out towards middle grey. Black and white stay.
image::Image tone(image::ImageView picture, double shadows, double highlights,
                  std::stop_token stop = {});

// A curve through points (input, output), both 0 .. 1 encoded, inputs rising: monotone between them
// where the points are (Fritsch & Carlson 1980), flat beyond the first and the last. The same for
// all channels. No points: a copy. Values beyond white keep their distance to it.
struct CurvePoint {
    float in = 0, out = 0;
    bool operator==(const CurvePoint&) const = default;
};
image::Image curve(image::ImageView picture, std::span<const CurvePoint> points,
                   std::stop_token stop = {});

// Unsharp mask of Oklab lightness: amount 0 .. 5, Gaussian of sigma_px > 0. Overshoot is held to a
// quarter of the local contrast, so that edges get no bright line.
image::Image sharpen(image::ImageView picture, double amount, double sigma_px,
                     std::stop_token stop = {});

// Non-local means (Buades, Coll & Morel 2005, in the form of Darbon et al. 2008): patches of 5 x 5
// in a window of 15 x 15, on encoded values. strength times the noise as measured is taken for
// noise; 1 is usual.
image::Image denoise(image::ImageView picture, double strength, std::stop_token stop = {});
// Standard deviation of the noisiest colour channel, 0 .. 1 encoded: what a Laplacian sees
// (Immerkaer 1996) where the picture is smooth and has no coverage (kGray8 of its size; empty:
// anywhere).
double noise_sigma(image::ImageView picture, image::ImageView coverage = {});

// A lens out of focus: a disc of radius_px > 0, its edge antialiased, in linear light, so that
// lights become discs. Edges clamped.
image::Image lens_blur(image::ImageView picture, double radius_px, std::stop_token stop = {});

// One colour everywhere, 0..1 encoded.
image::Image paint(image::ImageView picture, image::Float3 srgb, std::stop_token stop = {});

// From one colour to another across the bounds of `coverage`, in Oklab; `degrees` 0 runs to the
// right, 90 down.
image::Image gradient(image::ImageView picture, image::ImageView coverage, image::Float3 from,
                      image::Float3 to, double degrees, std::stop_token stop = {});

// The surroundings' colours carried smoothly across what is covered (pull-push; Gortler et al.
// 1996), drawn from pixels without coverage alone, with noise as strong as the surroundings'.
// Nothing of what was covered is in it. Where all is covered: mid grey. Same seed, same bytes.
image::Image matched_flat(image::ImageView picture, image::ImageView coverage, std::uint64_t seed,
                          std::stop_token stop = {});

} // namespace mw::inpaint
