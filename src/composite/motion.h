// The motion between two planes by Gauss-Newton on chosen samples. Private to the room.
#pragma once

#include <array>
#include <vector>

#include "composite/context.h"
#include "composite/plane.h"

namespace mw::composite {

inline constexpr std::size_t kMotions = 6;

// Shift, spread (scale), turn, stretch, shear, all in full-size pixels of displacement: the last
// four at `reach` from the centre.
using MotionVector = std::array<double, kMotions>;
using MotionMatrix = std::array<MotionVector, kMotions>;

struct Motion {
    MotionVector p{};
    double reach = 1;
    Registration registration() const; // its matrix and shift alone
};

// source = answer + lift + slope * t + bend * t^2 with t = (answer - 128) / 64, in levels.
struct Tone {
    float lift = 0, slope = 0, bend = 0;
    float operator()(float v) const {
        const float t = (v - 128) * (1.0f / 64);
        return v + lift + t * (slope + t * bend);
    }
};

// Pixels of the source: where, how bright, how steep; positions in the level's pixels.
struct Samples {
    std::vector<float> x, y, value, gx, gy;
    std::size_t size() const { return x.size(); }
    void push(int px, int py, const Smooth& s);
    void push(const Samples& other, std::size_t i);
};

// At most so many of them, evenly.
Samples thinned(const Samples& all, std::size_t most);

// One level of the pyramid; a pixel of it is `unit` full-size pixels.
struct Level {
    Plane source, answer;
    Ring ring;
    PointF centre;
    double unit = 1;
    Samples fit, judge; // three quarters and one quarter of the ring's pixels with detail
};

// Chooses level.fit and level.judge: every pixel of the ring that shows detail or, past `most`, the
// steepest of each cell.
void choose_samples(Level& level, std::size_t most);

// What is known beforehand: information (1 / px^2) around `mean`.
struct Belief {
    MotionVector mean{};
    MotionMatrix information{};
};

// Motion::p that may move; the others stay.
enum class Freedom { none, shift, similarity, affine };

struct MotionFit {
    bool settled = false;
    double sigma = 0; // of the residuals, levels, robust
    MotionMatrix
        information{}; // by measure_information: of the data alone, 1 / px^2, the tone unknown
};

// Fills in fit.information for all motions. What only looks like detail, gradients of the source's
// noise, which the answer does not show in the same places, is left out.
void measure_information(const Level& level, const Motion& motion, const Tone& tone,
                         MotionFit& fit);

// Forward-additive Lucas & Kanade with the gradients of the source (Baker & Matthews 2004), Tukey's
// weight at 4.685 sigma, sigma from the median of the residuals; the tone is fitted along, so that
// a drift of colour does not pass for a motion. Changes motion and tone in place.
MotionFit fit_motion(const Level& level, const Samples& samples, Motion& motion, Tone& tone,
                     Freedom freedom, const Belief& belief, int iterations);

// source - tone(answer) for each sample; kNowhere where `seen` is.
void residuals(const Samples& samples, const std::vector<float>& seen, const Tone& tone,
               std::vector<float>& out);

// The value below which `share` of the others lie; reorders them. 0 of none.
double quantile(std::vector<float>& values, double share);

// A tone that only lifts, by the middle of the shortest span that holds 40 % of the differences:
// right while no more than some 60 % are repainted, where a median is not.
Tone likely_lift(const Level& level, const Samples& samples, const Motion& motion);

// The answer at each sample under the motion; kNowhere where there is none.
void read_answer(const Level& level, const Samples& samples, const Motion& motion,
                 std::vector<float>& out);

// Mean of level.judge's residuals, each at most `cut` levels.
double cut_off_difference(const Level& level, const Motion& motion, const Tone& tone, double cut);

// How much better `found` explains the level's samples than `other` does, in standard errors, by
// Tukey's loss at `sigma`: some 3 may be chance.
double better_by(const Level& level, const Motion& found, const Tone& found_tone,
                 const Motion& other, const Tone& other_tone, double sigma);

// RMS of level.judge's residuals below their 60 % quantile: what the model repainted has no say.
double judge_motion(const Level& level, const Motion& motion, const Tone& tone);

// Solves a x = b for symmetric positive a in place; false when it is not.
template <std::size_t N>
bool solve_positive(std::array<std::array<double, N>, N> a, std::array<double, N>& b) {
    for (std::size_t i = 0; i < N; ++i) { // Cholesky, lower
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = a[i][j];
            for (std::size_t k = 0; k < j; ++k)
                sum -= a[i][k] * a[j][k];
            if (i != j) {
                a[i][j] = sum / a[j][j];
            } else {
                if (!(sum > 1e-12)) return false;
                a[i][i] = std::sqrt(sum);
            }
        }
    }
    for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t k = 0; k < i; ++k)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (std::size_t i = N; i-- > 0;) {
        for (std::size_t k = i + 1; k < N; ++k)
            b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return true;
}

} // namespace mw::composite
