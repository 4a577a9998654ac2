#include "lettering/layout.h"

#include <algorithm>

namespace mw::lettering {
namespace {

constexpr int kMostLines = 6;
constexpr double kSlant = 0.2126; // 12 degrees

std::vector<std::u32string> parted(std::u32string_view text, char32_t at) {
    std::vector<std::u32string> out;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(at, begin), text.size());
        out.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

TextBlock block_of(const Face& face, const std::vector<std::u32string>& texts, Align align,
                   bool slanted) {
    TextBlock block;
    block.em = face.units_per_em();
    block.slant = slanted ? kSlant : 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        Line line = shape(face, texts[i]);
        const double baseline = -static_cast<double>(i) * face.line_height() / block.em;
        Box ink = line.ink;
        ink.left /= block.em, ink.right /= block.em, ink.top /= block.em, ink.bottom /= block.em;
        ink.right += std::max(0.0, ink.top) * block.slant;
        ink.left += std::min(0.0, ink.bottom) * block.slant;
        const double left = align == Align::left    ? -ink.left
                            : align == Align::right ? -ink.right
                                                    : -(ink.left + ink.right) / 2;
        block.ink.unite(ink.moved(left, baseline));
        block.lines.push_back(std::move(line));
        block.lefts.push_back(left);
        block.baselines.push_back(baseline);
    }
    return block;
}

// As few lines as `limit` allows, filled one after the other.
std::vector<std::u32string> filled(const std::vector<std::u32string>& words,
                                   const std::vector<double>& widths, double space, double limit) {
    std::vector<std::u32string> lines;
    double width = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (lines.empty() || width + space + widths[i] > limit) {
            lines.push_back(words[i]);
            width = widths[i];
        } else {
            lines.back() += U" " + words[i];
            width += space + widths[i];
        }
    }
    return lines;
}

} // namespace

std::vector<TextBlock> layouts(const Face& face, std::u32string_view text, Align align,
                               bool slanted) {
    std::vector<TextBlock> out;
    const auto add = [&](const std::vector<std::u32string>& lines) {
        TextBlock block = block_of(face, lines, align, slanted);
        if (!block.ink.empty()) out.push_back(std::move(block));
    };
    if (text.find(U'\n') != std::u32string_view::npos) {
        add(parted(text, U'\n'));
        return out;
    }
    std::vector<std::u32string> words = parted(text, U' ');
    words.erase(std::remove(words.begin(), words.end(), U""), words.end());
    std::vector<double> widths;
    double total = 0, longest = 0;
    const double space = shape(face, U" ").advance;
    for (const std::u32string& w : words) {
        widths.push_back(shape(face, w).advance);
        total += widths.back() + space;
        longest = std::max(longest, widths.back());
    }
    add({std::u32string(text)});
    std::size_t last = 1;
    for (int k = 2; k <= kMostLines && last < words.size(); ++k) {
        double limit = std::max(longest, total / k);
        std::vector<std::u32string> lines = filled(words, widths, space, limit);
        while (lines.size() > static_cast<std::size_t>(k))
            lines = filled(words, widths, space, limit *= 1.02);
        if (lines.size() <= last) continue;
        last = lines.size();
        add(lines);
    }
    return out;
}

} // namespace mw::lettering
