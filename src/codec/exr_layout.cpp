// Which channels of an OpenEXR are the picture.
#include <algorithm>

#include "codec/exr_header.h"

namespace mw::codec {
namespace {

constexpr const char* kRgb[] = {"R", "G", "B"};

int index_of(const ExrHeader& h, const std::string& name) {
    const auto at = std::ranges::find(h.channels, name, &ExrChannel::name);
    return at == h.channels.end() ? -1 : static_cast<int>(at - h.channels.begin());
}

bool whole(const ExrHeader& h, int index) {
    if (index < 0) return true;
    const ExrChannel& c = h.channels[static_cast<std::size_t>(index)];
    return c.x_sampling == 1 && c.y_sampling == 1;
}

bool is_chroma(const ExrHeader& h, int index) {
    if (index < 0) return false;
    const ExrChannel& c = h.channels[static_cast<std::size_t>(index)];
    return c.x_sampling == 2 && c.y_sampling == 2;
}

std::optional<ExrLayout> of_layer(const ExrHeader& h, const std::string& prefix, bool partial) {
    const auto find = [&](const char* name) { return index_of(h, prefix + name); };
    ExrLayout layout;
    layout.prefix = prefix;
    const int r = find("R"), g = find("G"), b = find("B"), y = find("Y"), ry = find("RY"),
              by = find("BY"), a = find("A");
    if (partial ? (r >= 0 || g >= 0 || b >= 0) : (r >= 0 && g >= 0 && b >= 0)) {
        layout.main = {r, g, b};
    } else if (y >= 0 && prefix.empty() && is_chroma(h, ry) && is_chroma(h, by)) {
        layout.kind = ExrLayout::Kind::luma_chroma;
        layout.main = {y, ry, by};
    } else if (y >= 0) {
        layout.kind = ExrLayout::Kind::grey;
        layout.main = {y};
    } else
        return {};
    if (a >= 0) layout.main.push_back(a);
    for (const int index : layout.main)
        if (index != ry && index != by && !whole(h, index)) return {};
    return layout;
}

} // namespace

std::string ExrLayout::name(const ExrHeader& header, std::size_t channel) const {
    if (main[channel] >= 0 && kind != Kind::luma_chroma)
        return header.channels[static_cast<std::size_t>(main[channel])].name;
    return prefix + (channel < 3 ? kRgb[channel] : "A");
}

ExrSample ExrLayout::type(const ExrHeader& header, std::size_t channel) const {
    if (kind == Kind::luma_chroma) return ExrSample::half;
    int index = main[channel];
    for (const int other : main) // a colour that is missing is stored like the others
        if (index < 0) index = other;
    const ExrSample type = header.channels[static_cast<std::size_t>(index)].type;
    return type == ExrSample::whole ? ExrSample::single : type;
}

ExrLayout ExrLayout::without_alpha() const {
    ExrLayout out = *this;
    out.others.push_back(out.main.back());
    std::ranges::sort(out.others);
    out.main.pop_back();
    return out;
}

std::optional<ExrLayout> exr_layout(const ExrHeader& h) {
    auto layout = of_layer(h, "", true);
    for (const ExrChannel& c : h.channels)
        if (const std::size_t dot = c.name.rfind('.'); !layout && dot != std::string::npos)
            layout = of_layer(h, c.name.substr(0, dot + 1), false);
    if (!layout) return {};
    for (int i = 0; i < static_cast<int>(h.channels.size()); ++i)
        if (std::ranges::find(layout->main, i) == layout->main.end()) layout->others.push_back(i);
    return layout;
}

} // namespace mw::codec
