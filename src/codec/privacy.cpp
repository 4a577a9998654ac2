#include "codec/privacy.h"

#include <algorithm>
#include <array>
#include <functional>

#include "codec/exif.h"
#include "codec/exr_header.h"
#include "codec/tiff_directory.h"

namespace mw::codec {
namespace {

using NameTest = std::function<bool(std::string_view)>;

std::string_view local_name(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_location(std::string_view name) {
    // IPTC's and Photoshop's words for a place.
    constexpr std::array kPlaces = {
        "City",          "State",        "Country",       "Location",    "CountryCode",
        "CountryName",   "Sublocation",  "ProvinceState", "WorldRegion", "LocationCreated",
        "LocationShown", "LocationName", "LocationId"};
    const std::string_view local = local_name(name);
    return local.starts_with("GPS") || std::ranges::find(kPlaces, local) != kPlaces.end();
}

bool is_provenance(std::string_view name) {
    return name == "dcterms:provenance";
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The end of the tag that begins at `at`, past its '>', quotes respected; npos when there is none.
std::size_t tag_end(std::string_view xml, std::size_t at) {
    char quote = 0;
    for (; at < xml.size(); ++at) {
        if (quote) {
            if (xml[at] == quote) quote = 0;
        } else if (xml[at] == '"' || xml[at] == '\'') {
            quote = xml[at];
        } else if (xml[at] == '>') {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

// A start tag without the attributes whose names are unwanted.
std::string without_attributes(std::string_view tag, const NameTest& unwanted) {
    std::string out;
    std::size_t at = 0;
    while (at < tag.size() && !is_space(tag[at]))
        out += tag[at++];
    while (at < tag.size()) {
        const std::size_t begin = at;
        while (at < tag.size() && is_space(tag[at]))
            ++at;
        const std::size_t name = at;
        while (at < tag.size() && !is_space(tag[at]) && tag[at] != '=' && tag[at] != '>')
            ++at;
        const std::string_view word = tag.substr(name, at - name);
        while (at < tag.size() && is_space(tag[at]))
            ++at;
        if (at < tag.size() && tag[at] == '=') {
            ++at;
            while (at < tag.size() && is_space(tag[at]))
                ++at;
            if (at < tag.size() && (tag[at] == '"' || tag[at] == '\'')) {
                const std::size_t close = tag.find(tag[at], at + 1);
                at = close == std::string_view::npos ? tag.size() : close + 1;
            }
            if (unwanted(word)) continue;
        } else if (at == begin) {
            ++at; // '>'
        }
        out += tag.substr(begin, at - begin);
    }
    return out;
}

// An XMP packet without the properties whose names are unwanted, as attributes or elements.
std::string without_properties(std::string_view xml, const NameTest& unwanted) {
    std::string out;
    std::size_t at = 0;
    while (at < xml.size()) {
        const std::size_t open = std::min(xml.find('<', at), xml.size());
        out += xml.substr(at, open - at);
        if (open == xml.size()) break;
        const std::size_t end = tag_end(xml, open);
        if (end == std::string_view::npos) {
            out += xml.substr(open);
            break;
        }
        const std::string_view tag = xml.substr(open, end - open);
        at = end;
        const bool starts = tag.size() > 2 && tag[1] != '/' && tag[1] != '?' && tag[1] != '!';
        if (!starts) {
            out += tag;
            continue;
        }
        const std::size_t name_end = std::min(tag.find_first_of(" \t\r\n/>", 1), tag.size());
        const std::string_view name = tag.substr(1, name_end - 1);
        if (!unwanted(name)) {
            out += without_attributes(tag, unwanted);
            continue;
        }
        if (tag[tag.size() - 2] == '/') continue;
        const std::size_t close = xml.find("</" + std::string(name), end);
        const std::size_t past =
            close == std::string_view::npos ? std::string_view::npos : xml.find('>', close);
        if (past == std::string_view::npos) break; // the rest is inside it
        at = past + 1;
    }
    return out;
}

bool says(std::string_view text, std::string_view lower_case) {
    return std::search(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                       [](char a, char b) {
                           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
                       }) != text.end();
}

Bytes clean_xmp(const Bytes& xmp, bool location_too) {
    const std::string_view text(reinterpret_cast<const char*>(xmp.data()), xmp.size());
    const bool suspicious =
        says(text, "provenance") || location_too || text.find('\0') != text.npos;
    if (!suspicious) return xmp;
    const std::string clean = without_properties(text, [&](std::string_view name) {
        return is_provenance(name) || (location_too && is_location(name));
    });
    // Another prefix, another encoding: rather nothing than half.
    const bool doubtful = says(clean, "provenance") || clean.find('\0') != clean.npos ||
                          (location_too && (says(clean, "gps") || says(clean, "latitude")));
    if (doubtful) return {};
    const auto* begin = reinterpret_cast<const std::byte*>(clean.data());
    return {begin, begin + clean.size()};
}

bool is_place_attribute(std::string_view name) {
    return says(name, "gps") || says(name, "latitude") || says(name, "longitude") ||
           says(name, "altitude");
}

// What the samples mean and how they lie; the rest tells of people and places.
bool describes_samples(std::string_view name) {
    constexpr std::array kNames = {"channels",
                                   "compression",
                                   "dataWindow",
                                   "displayWindow",
                                   "lineOrder",
                                   "pixelAspectRatio",
                                   "screenWindowWidth",
                                   "screenWindowCenter",
                                   "tiles",
                                   "type",
                                   "version",
                                   "chunkCount",
                                   "name",
                                   "view",
                                   "multiView",
                                   "chromaticities",
                                   "whiteLuminance",
                                   "adoptedNeutral",
                                   "xDensity",
                                   "wrapmodes",
                                   "maxSamplesPerPixel",
                                   "envmap",
                                   "worldToCamera",
                                   "worldToNDC"};
    return std::ranges::find(kNames, name) != kNames.end();
}

Bytes without_exr_attributes(const Bytes& header_bytes, const NameTest& unwanted) {
    const auto header = read_exr_header(header_bytes);
    if (!header) return {};
    Bytes out;
    const auto add = [&](ByteSpan bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    for (const ExrAttribute& a : header->attributes) {
        if (unwanted(a.name)) continue;
        for (const std::string& text : {a.name, a.type}) {
            add(std::as_bytes(std::span(text)));
            out.push_back({});
        }
        const auto size = static_cast<std::uint32_t>(a.value.size());
        for (int shift = 0; shift < 32; shift += 8)
            out.push_back(std::byte(size >> shift & 255));
        add(a.value);
    }
    out.push_back({});
    return out;
}

} // namespace

Metadata kept_metadata(const Metadata& metadata, KeepMetadata keep) {
    Metadata out = metadata;
    switch (keep) {
        case KeepMetadata::all:
            out.xmp = clean_xmp(metadata.xmp, false);
            break;
        case KeepMetadata::no_location:
            out.xmp = clean_xmp(metadata.xmp, true);
            out.exif = exif_without_location(metadata.exif);
            if (!out.exr_header.empty())
                out.exr_header = without_exr_attributes(out.exr_header, is_place_attribute);
            break;
        case KeepMetadata::none:
            out.xmp.clear();
            out.exif.clear();
            if (!out.exr_header.empty())
                out.exr_header = without_exr_attributes(
                    out.exr_header, [](std::string_view name) { return !describes_samples(name); });
            break;
    }
    return out;
}

Metadata metadata_of_redacted(const Metadata& metadata) {
    Metadata out;
    out.icc = metadata.icc;
    out.dots_per_inch = metadata.dots_per_inch;
    out.exif = exif_of_camera(metadata.exif);
    if (!metadata.exr_header.empty())
        out.exr_header = without_exr_attributes(
            metadata.exr_header, [](std::string_view name) { return !describes_samples(name); });
    return out;
}

bool has_location(const Metadata& metadata) {
    const std::string_view xmp(reinterpret_cast<const char*>(metadata.xmp.data()),
                               metadata.xmp.size());
    if (says(xmp, "gps")) return true;
    if (const auto tiff = TiffStructure::open(metadata.exif))
        if (const auto first = tiff->first(); first && first->find(kGpsPointer)) return true;
    if (metadata.exr_header.empty()) return false;
    const auto header = read_exr_header(metadata.exr_header);
    return header && std::ranges::any_of(header->attributes, [](const ExrAttribute& a) {
               return is_place_attribute(a.name);
           });
}

} // namespace mw::codec
