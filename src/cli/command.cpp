#include "cli/command.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "mask/mask_image.h"
#include "provider/registry.h"

namespace mw::cli {
namespace {

// The code point at the start of text and its bytes; 0 bytes when it is no UTF-8.
struct CodePoint {
    char32_t value = 0;
    std::size_t bytes = 0;
};
CodePoint code_point_at(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t bytes = lead < 0x80   ? 1
                              : lead < 0xc2 ? 0
                              : lead < 0xe0 ? 2
                              : lead < 0xf0 ? 3
                              : lead < 0xf5 ? 4
                                            : 0;
    if (bytes == 0 || bytes > text.size()) return {};
    char32_t value = bytes == 1 ? lead : lead & (0x7fu >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if ((c & 0xc0) != 0x80) return {};
        value = value << 6 | (c & 0x3f);
    }
    const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    if (overlong || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
    return {value, bytes};
}

// Controls of file names and foreign texts stay out of the terminal: escape sequences, and the
// marks that turn the direction of what follows (Unicode UAX #9).
std::string one_line(std::string_view text) {
    const auto turns = [](char32_t c) {
        return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
               (c >= 0x2066 && c <= 0x2069);
    };
    std::string line;
    while (!text.empty()) {
        const CodePoint c = code_point_at(text);
        if (c.bytes == 0)
            line += '?';
        else if (c.value < 0x20 || (c.value >= 0x7f && c.value < 0xa0) || c.value == 0x2028 ||
                 c.value == 0x2029)
            line += ' ';
        else if (turns(c.value))
            line += '?';
        else
            line += text.substr(0, c.bytes);
        text.remove_prefix(std::max<std::size_t>(c.bytes, 1));
    }
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
        print_out(fmt::format("{:<36} {}\n", prefix + key, one_line(text)));
    }
}

} // namespace

void print_note(std::string_view text) {
    const std::string line = fmt::format("maskwright: {}\n", one_line(text));
    std::fwrite(line.data(), 1, line.size(), stderr);
}

void print_out(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
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
    auto reading = mask::from_image_for(picture->pixels.view(), size, display_path(path));
    if (!reading) return tl::unexpected(reading.error());
    if (picture->pixels.format() != image::kGray8)
        print_note(fmt::format("{}: read from its {}.", display_path(path), reading->note));
    return std::move(reading->mask);
}

Status check_output(const std::string& path, const ParsedArgs& args) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} is a folder; add a file name.", display_path(path)));
    if (!args.has("--overwrite") && fs::exists(fs::symlink_status(path, ignored)))
        return fail(
            ErrorCode::refused,
            fmt::format("{} exists already and was not touched; add --overwrite to replace it.",
                        display_path(path)));
    const fs::path folder = fs::path(path).has_parent_path() ? fs::path(path).parent_path() : ".";
    if (!fs::is_directory(folder, ignored))
        return fail(ErrorCode::not_found,
                    fmt::format("There is no folder {} to write {} into; create it first or choose "
                                "another.",
                                display_path(folder), display_path(fs::path(path).filename())));
    if (::access(folder.c_str(), W_OK | X_OK) != 0)
        return fail(code_from_errno(errno),
                    fmt::format("Cannot write into the folder {}: {}. Choose another folder.",
                                display_path(folder), text_from_errno(errno)));
    return {};
}

CommandResult require(const VerbSpec& verb, const ParsedArgs& args,
                      std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (args.has(name)) continue;
        for (const OptionSpec& spec : verb.options)
            if (spec.name == name)
                return usage_failure(fmt::format("{} needs {} {}; see maskwright {} --help.",
                                                 verb.name, spec.alias.empty() ? name : spec.alias,
                                                 spec.placeholder, verb.name));
    }
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

Result<edit::PlanParams> plan_params(const ParsedArgs& args, const edit::ModelCapabilities& model) {
    edit::PlanParams plan = edit::default_plan(model);
    if (const auto text = args.value("--context")) {
        auto context = parse_integer("--context", *text, 0, 32768);
        if (!context) return tl::unexpected(context.error());
        plan.context_px = *context;
    }
    if (const auto text = args.value("--size"); text && *text != "auto") {
        auto size = parse_size("--size", *text);
        if (!size) return tl::unexpected(size.error());
        plan.request_size = *size;
    }
    return plan;
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
        print_out(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    else
        print_lines(json, "");
}

} // namespace mw::cli
