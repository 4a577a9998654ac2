#include <fmt/format.h>
#include <algorithm>
#include <cmath>

#include "codec/decode_exr.h"
#include "codec/linear_space.h"

namespace mw::codec {
namespace {

std::string printable(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    if (text.size() > 60) text.resize(60);
    return text;
}

bool is_deep(const ExrFile& file, const ExrHeader& part) {
    return part.type.starts_with("deep") || (!file.multi_part && file.deep);
}

bool is_known_type(const ExrHeader& part) {
    return part.type.empty() || part.type == "scanlineimage" || part.type == "tiledimage";
}

tl::unexpected<Error> no_colors(const ExrFile& file) {
    if (std::ranges::all_of(file.parts, [&](const auto& p) { return is_deep(file, p); }))
        return fail(ErrorCode::unsupported,
                    "is a deep OpenEXR (many samples in a pixel), which is not supported; flatten "
                    "it first");
    std::string names;
    for (const ExrChannel& c : file.parts[0].channels)
        if (names.size() < 80) names += (names.empty() ? "" : ", ") + printable(c.name);
    return fail(ErrorCode::unsupported,
                fmt::format("is an OpenEXR without colours that can be shown (R, G, B or Y; it has "
                            "{}); export it with RGB channels",
                            names));
}

// The library works on half floats there.
bool chroma_is_rounded(const ExrChoice& choice) {
    return std::ranges::any_of(choice.layout.main, [&](int index) {
        return choice.header.channels[static_cast<std::size_t>(index)].type != ExrSample::half;
    });
}

void warn_of_layout(const ExrChoice& choice, Decoded& out) {
    const auto& [header, layout, part] = choice;
    if (layout.kind == ExrLayout::Kind::luma_chroma) {
        out.warnings.emplace_back(
            "Stored as luminance and coarser colour; it is shown and written as RGB.");
        if (chroma_is_rounded(choice))
            out.warnings.emplace_back("Its floats were rounded to 16-bit half floats.");
    }
    if (!layout.prefix.empty())
        out.warnings.push_back(
            fmt::format("The layer {} is shown.",
                        printable(layout.prefix.substr(0, layout.prefix.size() - 1))));
    for (std::size_t c = 0; c < layout.main.size(); ++c) {
        if (layout.main[c] < 0)
            out.warnings.push_back(fmt::format("The channel {} is missing; it is taken as 0.",
                                               layout.name(header, c)));
        else if (header.channels[static_cast<std::size_t>(layout.main[c])].type == ExrSample::whole)
            out.warnings.push_back(fmt::format(
                "The channel {} holds whole numbers; it is read and written as 32-bit float, which "
                "rounds beyond 16777216.",
                layout.name(header, c)));
    }
}

} // namespace

Result<ExrChoice> choose_exr_part(ByteSpan file, const Canvas& canvas, Decoded& out) {
    auto all = read_exr_file(file);
    if (!all) return tl::unexpected(all.error());
    for (const ExrHeader& part : all->parts) // a lie is told before anything else
        for (const ExrBox& b : {part.data, part.display})
            if (Status s = canvas.check(b.width(), b.height(), image::kGray8); !s)
                return tl::unexpected(s.error());
    if (Status s = check_exr_tables(*all); !s) return tl::unexpected(s.error());
    for (std::size_t i = 0; i < all->parts.size(); ++i) {
        ExrHeader& part = all->parts[i];
        if (is_deep(*all, part) || !is_known_type(part)) continue;
        auto layout = exr_layout(part);
        // The library turns chroma into RGB in the first part alone.
        if (!layout || (layout->kind == ExrLayout::Kind::luma_chroma && i > 0)) continue;
        if (all->parts.size() > 1)
            out.warnings.push_back(fmt::format(
                "A file of {} parts; {} is shown, and written alone.", all->parts.size(),
                part.text("name").empty() ? fmt::format("number {}", i + 1)
                                          : printable(part.text("name"))));
        return ExrChoice{std::move(part), std::move(*layout), static_cast<int>(i)};
    }
    return no_colors(*all);
}

std::string exr_names(const ExrChoice& choice) {
    std::string names;
    constexpr std::size_t kNamed = 8;
    const auto& others = choice.layout.others;
    for (std::size_t i = 0; i < std::min(others.size(), kNamed); ++i)
        names += (i ? ", " : "") +
                 printable(choice.header.channels[static_cast<std::size_t>(others[i])].name);
    if (others.size() > kNamed) names += fmt::format(" and {} more", others.size() - kNamed);
    return names;
}

void describe_exr(const ExrChoice& choice, Decoded& out) {
    const auto& [header, layout, part] = choice;
    out.source_bits = 16;
    for (std::size_t c = 0; c < layout.main.size(); ++c)
        if (layout.type(header, c) != ExrSample::half) out.source_bits = 32;
    out.color = linear_space(header.chromaticities());
    if (!out.color) {
        out.color = linear_rec709();
        out.warnings.emplace_back(
            "The primaries the file names are none; its colours are read as Rec. 709.");
    }
    warn_of_layout(choice, out);
    if (!header.data.contains(header.display))
        out.warnings.emplace_back(
            "The stored pixels do not cover the whole picture; what is missing is empty.");
    if (header.tiles && (header.tiles->mode & 15) != 0)
        out.warnings.emplace_back(
            "The smaller copies of the picture (mipmaps) are not kept: they would show the old "
            "one.");
    if (const auto aspect = header.number("pixelAspectRatio"); aspect && *aspect != 1)
        out.warnings.emplace_back(
            "The file says that its pixels are not square; they are shown square.");
    if (const auto density = header.number("xDensity");
        density && std::isfinite(*density) && *density > 0)
        out.metadata.dots_per_inch = *density;
    if (header.bytes.size() <= kMaxExrHeader)
        out.metadata.exr_header.assign(header.bytes.begin(), header.bytes.end());
    else
        out.warnings.emplace_back(
            "The attributes in the header have more than 1 MB; they are not kept, nor are other "
            "channels.");
}

} // namespace mw::codec
