#include "server/card.h"

#include <stb_easy_font.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include "image/color.h"
#include "inpaint/color_names.h"

namespace mw::server {
namespace {

using image::Float3;

std::uint64_t mixed(std::uint64_t value) {
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9ull;
    value ^= value >> 27;
    value *= 0x94d049bb133111ebull;
    return value ^ (value >> 31);
}

std::vector<std::string> words_of(std::string_view prompt) {
    std::vector<std::string> words(1);
    for (const char c : prompt) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isspace(u) || c == ',' || c == '.') {
            if (!words.back().empty()) words.emplace_back();
        } else {
            words.back() += u < 127 && u > 32 ? c : '?';
        }
        if (words.size() > 200) break;
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

// The colours named, in order, at most two; what is missing comes from the letters.
std::array<Float3, 2> colors_of(const std::vector<std::string>& words, std::uint64_t seed) {
    std::vector<Float3> found;
    std::vector<std::string> so_far;
    std::uint64_t letters = seed;
    for (const std::string& word : words) {
        std::string lower = word;
        for (char& c : lower)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        for (const char c : lower)
            letters = mixed(letters + static_cast<unsigned char>(c));
        so_far.push_back(lower);
        if (so_far.size() > 4) so_far.erase(so_far.begin());
        if (const auto named = inpaint::color_at_end(so_far)) {
            if (!found.empty() && named->words > 1)
                found.pop_back(); // "dark" and then "dark green"
            found.push_back(named->srgb);
        }
    }
    // One colour goes with a lighter or darker one of its own.
    if (found.size() == 1) {
        const float toward = found[0][0] + found[0][1] + found[0][2] > 1.5f ? 0.0f : 1.0f;
        Float3 other = found[0];
        for (float& part : other)
            part += 0.5f * (toward - part);
        found.push_back(other);
    }
    while (found.size() < 2) {
        letters = mixed(letters + 1);
        const auto part = [&](int shift) {
            return 0.25f + 0.6f * static_cast<float>((letters >> shift) & 255) / 255.0f;
        };
        found.push_back({part(0), part(8), part(16)});
    }
    return {found[0], found[found.size() - 1]};
}

void fill_rect(image::ImageSpan to, double x0, double y0, double x1, double y1, std::uint8_t grey) {
    const Rect area =
        intersect(Rect{static_cast<int>(std::lround(x0)), static_cast<int>(std::lround(y0)),
                       static_cast<int>(std::lround(x1) - std::lround(x0)),
                       static_cast<int>(std::lround(y1) - std::lround(y0))},
                  Rect::of(to.size));
    for (int y = area.y; y < area.y + area.height; ++y)
        for (int x = area.x; x < area.x + area.width; ++x)
            std::fill_n(to.pixel<std::uint8_t>(x, y), 3, grey);
}

// stb_easy_font gives rectangles of four corners, 16 bytes each: x, y, z, colour.
void write_line(image::ImageSpan to, std::string line, double left, double top, double scale,
                std::uint8_t grey) {
    std::vector<float> corners(line.size() * 300 / sizeof(float) + 64);
    const int quads = stb_easy_font_print(0, 0, line.data(), nullptr, corners.data(),
                                          static_cast<int>(corners.size() * sizeof(float)));
    for (int q = 0; q < quads; ++q) {
        const float* a = corners.data() + q * 16;
        const float* c = a + 8; // the opposite corner
        fill_rect(to, left + scale * static_cast<double>(a[0]),
                  top + scale * static_cast<double>(a[1]), left + scale * static_cast<double>(c[0]),
                  top + scale * static_cast<double>(c[1]), grey);
    }
}

} // namespace

image::Image draw_card(std::string_view prompt, Size size, std::uint64_t seed, bool transparent) {
    const std::vector<std::string> words = words_of(prompt.substr(0, 2000));
    const auto [top, bottom] = colors_of(words, seed);
    image::Image card(size, image::kRgba8);
    const double corner = transparent ? 0.08 * std::min(size.width, size.height) : 0;
    for (int y = 0; y < size.height; ++y) {
        const float t = (static_cast<float>(y) + 0.5f) / static_cast<float>(size.height);
        auto* row = card.span().row<std::uint8_t>(y);
        for (int x = 0; x < size.width; ++x) {
            const std::uint64_t noise =
                mixed(seed * 0x9e3779b97f4a7c15ull + (static_cast<std::uint64_t>(y) << 32) +
                      static_cast<std::uint64_t>(x));
            const float grain = (static_cast<float>(noise & 255) - 127.5f) / 255.0f * 0.06f;
            for (std::size_t c = 0; c < 3; ++c) {
                const float value = top[c] + (bottom[c] - top[c]) * t + grain;
                row[4 * x + static_cast<int>(c)] =
                    static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255));
            }
            const double dx = std::max({corner - x - 0.5, x + 0.5 - (size.width - corner), 0.0});
            const double dy = std::max({corner - y - 0.5, y + 0.5 - (size.height - corner), 0.0});
            row[4 * x + 3] = dx * dx + dy * dy > corner * corner ? 0 : 255;
        }
    }
    const float luma = 0.3f * top[0] + 0.6f * top[1] + 0.1f * top[2];
    const std::uint8_t ink = luma > 0.5f ? 16 : 240;
    // Letters are about 7 by 12 units; 28 of them across.
    const double scale = std::max(1.0, size.width / 200.0);
    const double margin = 8 * scale;
    const auto across =
        static_cast<std::size_t>(std::max(4.0, (size.width - 2 * margin) / (6.5 * scale)));
    std::string line;
    double at = margin;
    const double last = size.height - 3 * 12 * scale;
    for (std::size_t i = 0; i <= words.size(); ++i) {
        const bool end = i == words.size();
        if (end || (!line.empty() && line.size() + 1 + words[i].size() > across)) {
            if (at > last) line = "...";
            write_line(card.span(), line, margin, at, scale, ink);
            at += 12 * scale;
            line.clear();
            if (at > last + 12 * scale) break;
        }
        if (!end) line += (line.empty() ? "" : " ") + words[i].substr(0, across);
    }
    write_line(card.span(), "rehearsal card, no model made it", margin,
               size.height - margin - 6 * scale, 0.6 * scale, ink);
    return card;
}

} // namespace mw::server
