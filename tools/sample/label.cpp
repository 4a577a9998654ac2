#include "label.h"

#include <array>
#include <string_view>

#include "sdf.h"

namespace mw::sample {
namespace {

constexpr float kHalfWidth = 4.7f, kHalfHeight = 3.5f;

// Distance to the paper's edge, negative inside, `inset` centimetres within it.
float frame_distance(float u, float v, float inset) {
    const float x = std::abs(u), y = std::abs(v), w = kHalfWidth - inset, h = kHalfHeight - inset;
    const float box = std::max(x - w, y - h);
    const float scoop = 0.55f - length(x - kHalfWidth, y - kHalfHeight) + inset;
    return std::max(box, scoop);
}

struct Stroke {
    float ax, ay, bx, by;
    float half; // Half width; letters are 1 high, about 0.75 wide.
};

// Own letters, drawn with the thick and thin strokes of a broad pen.
constexpr float kThick = 0.075f, kThin = 0.028f;
constexpr std::array<Stroke, 3> kH{
    {{.1f, 0, .1f, 1, kThick}, {.65f, 0, .65f, 1, kThick}, {.1f, .5f, .65f, .5f, kThin}}};
constexpr std::array<Stroke, 3> kN{
    {{.1f, 0, .1f, 1, kThin}, {.1f, 1, .65f, 0, kThick}, {.65f, 0, .65f, 1, kThin}}};
constexpr std::array<Stroke, 4> kE{{{.12f, 0, .12f, 1, kThick},
                                    {.12f, 1, .6f, 1, kThin},
                                    {.12f, .52f, .5f, .52f, kThin},
                                    {.12f, 0, .62f, 0, kThin}}};
constexpr std::array<Stroke, 3> kY{
    {{.05f, 1, .38f, .45f, kThick}, {.7f, 1, .38f, .45f, kThin}, {.38f, .45f, .38f, 0, kThick}}};
constexpr std::array<Stroke, 4> kM{{{.05f, 0, .12f, 1, kThin},
                                    {.12f, 1, .38f, .2f, kThick},
                                    {.38f, .2f, .64f, 1, kThin},
                                    {.64f, 1, .71f, 0, kThick}}};
constexpr std::array<Stroke, 3> kA{
    {{.04f, 0, .37f, 1, kThin}, {.37f, 1, .7f, 0, kThick}, {.16f, .35f, .58f, .35f, kThin}}};
constexpr std::array<Stroke, 4> kW{{{.02f, 1, .2f, 0, kThick},
                                    {.2f, 0, .38f, .8f, kThin},
                                    {.38f, .8f, .55f, 0, kThick},
                                    {.55f, 0, .73f, 1, kThin}}};
constexpr std::array<Stroke, 1> kI{{{.37f, 0, .37f, 1, kThick}}};
constexpr std::array<Stroke, 2> kL{{{.15f, 0, .15f, 1, kThick}, {.15f, 0, .62f, 0, kThin}}};

float round_letter(float x, float y, float cx, float wide) {
    // Outer ellipse less a narrower one: thick at the sides, thin above and below.
    const float outer = sd_ellipsoid({x - cx, y - 0.5f, 0}, {wide, 0.53f, 1});
    const float inner = sd_ellipsoid({x - cx, y - 0.5f, 0}, {wide - 0.15f, 0.475f, 1});
    return std::max(outer, -inner);
}

template <size_t N>
float strokes(const std::array<Stroke, N>& list, float x, float y) {
    float d = 9;
    for (const Stroke& s : list) {
        d = std::min(d, sd_segment(x, y, s.ax, s.ay, s.bx, s.by) - s.half);
    }
    // Cut the round ends flat at cap height and base line.
    return std::max(d, std::abs(y - 0.5f) - 0.53f);
}

float letter(char c, float x, float y) {
    switch (c) {
        case 'H':
            return strokes(kH, x, y);
        case 'O':
            return round_letter(x, y, 0.37f, 0.42f);
        case 'N':
            return strokes(kN, x, y);
        case 'E':
            return strokes(kE, x, y);
        case 'Y':
            return strokes(kY, x, y);
        case 'M':
            return strokes(kM, x, y);
        case 'A':
            return strokes(kA, x, y);
        case 'W':
            return strokes(kW, x, y);
        case 'I':
            return strokes(kI, x, y);
        case 'L':
            return strokes(kL, x, y);
        case 'D':
            return std::max(std::min(strokes(kI, x + 0.25f, y), round_letter(x, y, 0.2f, 0.48f)),
                            0.05f - x);
        default:
            return 9;
    }
}

// Distance to `text` set centred on (0, base), `high` centimetres tall, one letter per `pitch`.
float line_distance(std::string_view text, float u, float v, float base, float high, float pitch) {
    const float x = u / high + 0.5f * pitch * static_cast<float>(text.size());
    const int at = static_cast<int>(std::floor(x / pitch));
    if (at < 0 || at >= static_cast<int>(text.size())) return 9;
    const float in_cell = x - static_cast<float>(at) * pitch - 0.5f * (pitch - 0.75f);
    return high * letter(text[static_cast<size_t>(at)], in_cell, (v - base) / high);
}

float hexagon(float x, float y, float r) {
    x = std::abs(x);
    y = std::abs(y);
    return std::max(0.8660254f * x + 0.5f * y, y) - r;
}

} // namespace

bool label_paper(float u, float v) {
    return frame_distance(u, v, 0) < 0;
}

float label_ink(float u, float v) {
    float d = std::abs(frame_distance(u, v, 0.28f)) - 0.06f;
    d = std::min(d, std::abs(frame_distance(u, v, 0.43f)) - 0.018f);
    d = std::min(d, line_distance("HONEY", u, v, -0.75f, 1.65f, 0.96f));
    d = std::min(d, line_distance("WILD MEADOW", u, v, -2.15f, 0.55f, 1.0f));
    d = std::min(d, std::max(std::abs(v + 1.22f) - 0.02f, std::abs(u) - 2.4f));
    for (float i : {-1.0f, 0.0f, 1.0f}) {
        const float cell = hexagon(u - 0.62f * i, v - 1.85f - (i == 0 ? 0.36f : 0), 0.3f);
        d = std::min(d, i == 0 ? cell : std::abs(cell) - 0.04f);
    }
    return 1 - smoothstep(-0.01f, 0.01f, d);
}

} // namespace mw::sample
