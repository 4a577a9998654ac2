#include "codec/png_color.h"

#include <fmt/format.h>

#include <cmath>

#include "codec/icc.h"
#include "image/primaries.h"

namespace mw::codec {
namespace {

using image::Primaries;

// By name when it is one of the known, within the rounding of files.
std::string name_of(const Primaries& p) {
    const std::pair<const char*, Primaries> known[] = {
        {"Rec. 709", image::kRec709},
        {"Display P3", image::kDisplayP3},
        {"Rec. 2020", image::kRec2020},
    };
    const auto close = [](PointF a, PointF b) {
        return std::abs(a.x - b.x) < 0.002 && std::abs(a.y - b.y) < 0.002;
    };
    for (const auto& [name, k] : known)
        if (close(p.red, k.red) && close(p.green, k.green) && close(p.blue, k.blue) &&
            close(p.white, k.white))
            return name;
    return "the file's primaries";
}

bool set_space(const Primaries& primaries, std::vector<float> curve, std::string name, int channels,
               Decoded& out) {
    image::ColorSpace space;
    const auto matrix = image::matrix_to_srgb(primaries);
    if (!matrix) return false;
    for (std::size_t i = 0; i < 9; ++i)
        space.to_srgb[i] = static_cast<float>((*matrix)[i]);
    space.curve[0] = std::move(curve);
    space.name = std::move(name);
    if (!image::well_formed(space)) return false;
    out.color = unless_srgb(std::move(space), channels);
    // Written again, the numbers take their meaning along.
    out.metadata.icc = out.color ? profile_of(*out.color, channels) : Bytes{};
    return true;
}

// ITU-T H.273, tables 2 and 3: those that a still picture can mean.
std::optional<Primaries> primaries_of(int code) {
    switch (code) {
        case 1:
            return image::kRec709;
        case 5:
            return Primaries{{0.64, 0.33}, {0.29, 0.60}, {0.15, 0.06}, image::kWhiteD65};
        case 6:
        case 7:
            return Primaries{{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}, image::kWhiteD65};
        case 9:
            return image::kRec2020;
        case 12:
            return image::kDisplayP3;
        default:
            return std::nullopt;
    }
}

std::optional<std::vector<float>> curve_of(int code) {
    switch (code) {
        case 1:
        case 6:
        case 14:
        case 15:
            return curve_table([](double v) {
                constexpr double a = 1.09929682680944, b = 0.018053968510807;
                return v < 4.5 * b ? v / 4.5 : std::pow((v + a - 1) / a, 1 / 0.45);
            });
        case 4:
            return curve_table([](double v) { return std::pow(v, 2.2); });
        case 5:
            return curve_table([](double v) { return std::pow(v, 2.8); });
        case 8:
            return std::vector<float>{};
        case 13:
            return curve_table([](double v) {
                return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
            });
        default:
            return std::nullopt;
    }
}

const char* curve_name(int code) {
    return code == 8 ? ", linear" : code == 13 ? ", sRGB curve" : "";
}

// False when it cannot be honoured.
bool read_cicp(ByteSpan data, int channels, Decoded& out) {
    if (data.size() != 4) return false;
    ByteReader r(data);
    const int primaries = r.u8(), transfer = r.u8(), matrix = r.u8(), full_range = r.u8();
    const auto colors = primaries_of(primaries);
    auto curve = curve_of(transfer);
    if (!colors || !curve || matrix != 0 || full_range != 1) return false;
    out.color = nullptr;
    return set_space(*colors, std::move(*curve), name_of(*colors) + curve_name(transfer), channels,
                     out);
}

std::optional<Primaries> read_chrm(const PngChunks& chunks) {
    const PngChunk* chunk = chunks.find("cHRM");
    if (!chunk || chunk->data.size() != 32) return std::nullopt;
    ByteReader r(chunk->data);
    const auto point = [&] {
        const double x = r.be32() / 1e5;
        return PointF{x, r.be32() / 1e5};
    };
    Primaries p;
    p.white = point();
    p.red = point();
    p.green = point();
    p.blue = point();
    return p;
}

} // namespace

void read_png_color(const PngChunks& chunks, int channels, Decoded& out) {
    if (const PngChunk* cicp = chunks.find("cICP")) {
        if (read_cicp(cicp->data, channels, out)) return;
        out.warnings.emplace_back(
            "The file names a video colour space (cICP) that is not supported; colours may look "
            "wrong.");
    }
    if (chunks.find("iCCP") || chunks.find("sRGB")) return;
    const auto named = channels == 3 ? read_chrm(chunks) : std::nullopt;
    double gamma = 0.45455;
    const PngChunk* gama = chunks.find("gAMA");
    if (gama && gama->data.size() == 4) gamma = ByteReader(gama->data).be32() / 1e5;
    if (!(gamma >= 0.01 && gamma <= 100)) {
        out.warnings.push_back(fmt::format(
            "The file asks for gamma {:.4g}, which makes no sense; it is shown as sRGB.", gamma));
        gamma = 0.45455;
    }
    // What other programs write to mean sRGB; 1 / 2.2 is not measured so finely.
    const bool srgb_curve = std::abs(gamma - 0.45455) < 0.01;
    const std::string words =
        std::abs(gamma - 1) < 1e-5 ? std::string("linear") : fmt::format("gamma {:.3g}", 1 / gamma);
    const double exponent = 1 / gamma;
    auto curve =
        srgb_curve ? *curve_of(13) : curve_table([&](double v) { return std::pow(v, exponent); });
    const Primaries primaries = named.value_or(image::kRec709);
    std::string name = named ? name_of(primaries) : "Rec. 709";
    if (!set_space(primaries, std::move(curve), srgb_curve ? name : name + ", " + words, channels,
                   out))
        out.warnings.emplace_back(
            "The primaries that the file names (cHRM) span no colours; it is shown as sRGB.");
}

} // namespace mw::codec
