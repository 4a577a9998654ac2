#include "cli/command.h"

#include <fmt/format.h>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "mask/mask_image.h"
#include "provider/registry.h"

namespace mw::cli {
namespace {

// Control bytes and escape sequences of file names and foreign texts stay out of the terminal.
std::string one_line(std::string_view text) {
    std::string line(text);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return line;
}

void print_lines(const Json& json, const std::string& prefix) {
    for (const auto& [key, value] : json.items()) {
        if (value.is_object()) {
            print_lines(value, prefix + key + ".");
            continue;
        }
        const std::string text = value.is_string()
                                     ? value.get<std::string>()
                                     : value.dump(-1, ' ', false, Json::error_handler_t::replace);
        fmt::print("{:<36} {}\n", prefix + key, one_line(text));
    }
}

} // namespace

void print_note(std::string_view text) {
    fmt::print(stderr, "maskwright: {}\n", one_line(text));
}

Result<codec::DecodeLimits> decode_limits(const ParsedArgs& args) {
    codec::DecodeLimits limits;
    if (const auto text = args.value("--max-megapixels")) {
        auto megapixels = parse_number("--max-megapixels", *text, 0.001, 1074);
        if (!megapixels) return tl::unexpected(megapixels.error());
        limits.max_pixels = static_cast<std::int64_t>(*megapixels * 1e6);
    }
    return limits;
}

Result<codec::Picture> load_picture(const std::string& path, const codec::DecodeLimits& limits) {
    auto picture = codec::decode_file(path, limits);
    if (picture)
        for (const std::string& warning : picture->warnings)
            print_note(fmt::format("{}: {}", display_path(path), warning));
    return picture;
}

Result<mask::Mask> load_mask(const std::string& path, Size size,
                             const codec::DecodeLimits& limits) {
    auto picture = load_picture(path, limits);
    if (!picture) return tl::unexpected(picture.error());
    if (picture->pixels.size() != size)
        return fail(
            ErrorCode::invalid_argument,
            fmt::format("The mask {} is {} x {}, the picture is {} x {}; scale the mask to the "
                        "picture's size first.",
                        display_path(path), picture->pixels.width(), picture->pixels.height(),
                        size.width, size.height));
    mask::MaskReading reading = mask::from_image(picture->pixels.view());
    if (picture->pixels.format() != image::kGray8)
        print_note(fmt::format("{}: read from its {}.", display_path(path), reading.note));
    return std::move(reading.mask);
}

Status check_output(const std::string& path, const ParsedArgs& args) {
    std::error_code ignored;
    if (!args.has("--overwrite") && std::filesystem::exists(path, ignored) &&
        !std::filesystem::is_directory(path, ignored))
        return fail(
            ErrorCode::refused,
            fmt::format("{} exists already and was not touched; add --overwrite to replace it.",
                        display_path(path)));
    return {};
}

Result<composite::GraftParams> graft_params(const ParsedArgs& args) {
    composite::GraftParams params;
    params.do_register = !args.has("--no-register");
    params.match_color = !args.has("--no-color-match");
    if (const auto text = args.value("--feather")) {
        auto feather = parse_number("--feather", *text, 0, 4096);
        if (!feather) return tl::unexpected(feather.error());
        params.seam.feather_px = *feather;
    }
    return params;
}

Result<ModelChoice> choose_model(const ParsedArgs& args) {
    auto backend = provider::make_backend(args.value("--provider").value_or("builtin"));
    if (!backend) return tl::unexpected(backend.error());
    ModelChoice choice{std::move(*backend), {}};
    auto model = edit::find_model(*choice.backend, args.value("--model").value_or(""));
    if (!model) return tl::unexpected(model.error());
    choice.model = std::move(*model);
    return choice;
}

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json to_json(const Rect& r) {
    return Json::array({r.x, r.y, r.width, r.height});
}

Json to_json(Size size) {
    return Json::array({size.width, size.height});
}

void add_report(Json& json, const composite::GraftReport& report) {
    json["changed_outside_mask"] = report.changed_outside_mask;
    json["changed_inside_mask"] = report.changed_inside_mask;
    json["outside_sha256"] = report.outside_sha256;
    json["outside_sha256_before"] = report.outside_sha256_before;
    const auto& r = report.registration;
    json["registration"] = {{"dx", number(r.dx)},
                            {"dy", number(r.dy)},
                            {"scale", number(r.scale)},
                            {"residual_before", number(r.residual_before)},
                            {"residual_after", number(r.residual_after)},
                            {"applied", r.applied},
                            {"reason", r.reason}};
    const auto& c = report.color_match;
    json["color_match"] = {{"applied", c.applied},
                           {"delta_e_before", number(c.delta_e_before)},
                           {"delta_e_after", number(c.delta_e_after)},
                           {"gain", c.gain},
                           {"offset", c.offset},
                           {"reason", c.reason}};
    json["answer_outside_mean_abs"] = number(report.answer_outside_mean_abs);
    for (const auto& [phase, seconds] : report.seconds)
        json["seconds"][phase] = number(seconds);
    for (const std::string& note : report.notes)
        json["notes"].push_back(note);
}

void print_result(const Json& json, const ParsedArgs& args) {
    // A file name need not be UTF-8; JSON must be.
    if (args.has("--json"))
        fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    else
        print_lines(json, "");
}

} // namespace mw::cli
