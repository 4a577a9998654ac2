#include "cli/command.h"

#include <fmt/format.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "mask/mask_image.h"

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

void print_lines(const Json& json, const std::string& prefix);

void print_line(const std::string& name, const Json& value) {
    if (value.is_object()) return print_lines(value, name + ".");
    // A list of texts or of objects: one after the other; of numbers: in one line.
    if (value.is_array() && (value.empty() || !value[0].is_number())) {
        if (value.size() == 1 && value[0].is_object()) return; // as the lines above
        for (std::size_t i = 0; i < value.size(); ++i)
            print_line(value[0].is_object() ? fmt::format("{}.{}", name, i + 1) : name, value[i]);
        return;
    }
    const std::string text = value.is_string()
                                 ? value.get<std::string>()
                                 : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    print_out(fmt::format("{:<36} {}\n", name, one_line(text)));
}

void print_lines(const Json& json, const std::string& prefix) {
    for (const auto& [key, value] : json.items())
        print_line(prefix + key, value);
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

Status check_ending(const std::string& out) {
    if (codec::format_or_layers_for_path(out) != codec::FileFormat::unknown) return {};
    return fail(ErrorCode::invalid_argument,
                fmt::format("-o {} has no ending that says what to write; end it with .png, .jpg, "
                            ".webp, .tif or .exr, or with .ora or .psd for layers.",
                            display_path(out)));
}

std::vector<std::string> output_names(const std::string& out, std::size_t count) {
    if (count == 1) return {out};
    const std::filesystem::path path(out);
    std::vector<std::string> names;
    for (std::size_t i = 1; i <= count; ++i)
        names.push_back((path.parent_path() /
                         fmt::format("{}-{}{}", path.stem().string(), i, path.extension().string()))
                            .string());
    return names;
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

void print_result(const Json& json, const ParsedArgs& args) {
    // A file name need not be UTF-8; JSON must be.
    if (args.has("--json"))
        print_out(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    else
        print_lines(json, "");
}

} // namespace mw::cli
