#include "cli/args.h"

#include <fmt/format.h>
#include <charconv>
#include <cmath>

namespace mw::cli {
namespace {

const OptionSpec* find_spec(const VerbSpec& verb, std::string_view name) {
    for (const OptionSpec& spec : verb.options)
        if (name == spec.name || (!spec.alias.empty() && name == spec.alias)) return &spec;
    return nullptr;
}

bool looks_like_option(std::string_view text) {
    if (text.size() < 2 || text[0] != '-') return false;
    // -5 and -.5,3 are values.
    return !(text[1] >= '0' && text[1] <= '9') && text[1] != '.';
}

tl::unexpected<Error> wrong(const VerbSpec& verb, std::string text) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}; see maskwright {} --help.", text, verb.name));
}

} // namespace

const ParsedOption* ParsedArgs::find(std::string_view name) const {
    for (auto it = options.rbegin(); it != options.rend(); ++it)
        if (it->spec->name == name) return &*it;
    return nullptr;
}

std::optional<std::string> ParsedArgs::value(std::string_view name) const {
    const ParsedOption* option = find(name);
    if (!option || option->values.empty()) return std::nullopt;
    return option->values.front();
}

Result<ParsedArgs> parse(const VerbSpec& verb, std::span<const std::string> args) {
    ParsedArgs parsed;
    bool only_operands = false;
    for (std::size_t i = 0; i < args.size(); ++i) {
        std::string_view arg = args[i];
        if (only_operands || !looks_like_option(arg)) {
            parsed.operands.emplace_back(arg);
            continue;
        }
        if (arg == "--") {
            only_operands = true;
            continue;
        }
        if (arg == "--help" || arg == "-h") {
            parsed.help = true;
            return parsed;
        }
        std::optional<std::string> attached;
        if (const auto equals = arg.find('='); arg.starts_with("--") && equals != arg.npos) {
            attached = std::string(arg.substr(equals + 1));
            arg = arg.substr(0, equals);
        }
        const OptionSpec* spec = find_spec(verb, arg);
        if (!spec) return wrong(verb, fmt::format("{} has no option {}", verb.name, arg));
        if (!spec->repeatable && parsed.has(spec->name))
            return wrong(verb, fmt::format("{} is given twice", spec->name));
        ParsedOption option{spec, {}};
        if (attached) {
            if (spec->values == 0) return wrong(verb, fmt::format("{} takes no value", spec->name));
            option.values.push_back(*attached);
        }
        const auto wanted =
            spec->values == kMany ? args.size() : static_cast<std::size_t>(spec->values);
        while (option.values.size() < wanted && i + 1 < args.size()) {
            // A text such as a prompt may begin with a dash when exactly one value is wanted and it
            // is no option of ours.
            const std::string& next = args[i + 1];
            if (looks_like_option(next) && (spec->values == kMany || find_spec(verb, next) ||
                                            next == "--help" || next == "-h"))
                break;
            option.values.push_back(args[++i]);
        }
        if (spec->values != 0 &&
            option.values.size() <
                (spec->values == kMany ? 1 : static_cast<std::size_t>(spec->values)))
            return wrong(verb, fmt::format("{} needs {}", spec->name, spec->placeholder));
        parsed.options.push_back(std::move(option));
    }
    const int count = static_cast<int>(parsed.operands.size());
    if (count < verb.min_operands)
        return wrong(verb, fmt::format("{} needs {}", verb.name, verb.operands));
    if (count > verb.max_operands)
        return wrong(verb,
                     fmt::format("{} does not know what to do with \"{}\"", verb.name,
                                 parsed.operands[static_cast<std::size_t>(verb.max_operands)]));
    return parsed;
}

std::string help_text(const VerbSpec& verb) {
    std::string text =
        fmt::format("maskwright {} {}\n{}\n", verb.name, verb.operands, verb.summary);
    for (const OptionSpec& spec : verb.options) {
        std::string left = fmt::format("  {}{}{}", spec.alias.empty() ? "" : spec.alias,
                                       spec.alias.empty() ? "" : ", ", spec.name);
        if (spec.values != 0) left += fmt::format(" {}", spec.placeholder);
        text += fmt::format("{:<30} {}\n", left, spec.help);
    }
    return text;
}

Result<double> parse_number(std::string_view option, std::string_view text, double min,
                            double max) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
        value < min || value > max)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} wants a number from {} to {}, not \"{}\".", option, min, max,
                                text.substr(0, 80)));
    return value;
}

Result<int> parse_integer(std::string_view option, std::string_view text, int min, int max) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < min || value > max)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} wants a whole number from {} to {}, not \"{}\".", option, min,
                                max, text.substr(0, 80)));
    return value;
}

Result<std::vector<double>> parse_numbers(std::string_view option, std::string_view text,
                                          std::size_t count) {
    constexpr double kFar = 1e9;
    std::vector<double> numbers;
    std::string_view rest = text;
    while (true) {
        const auto comma = rest.find(',');
        auto number = parse_number(option, rest.substr(0, comma), -kFar, kFar);
        if (!number) return tl::unexpected(number.error());
        numbers.push_back(*number);
        if (comma == rest.npos) break;
        rest.remove_prefix(comma + 1);
    }
    if (numbers.size() != count)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} wants {} numbers with commas, not \"{}\".", option, count,
                                text.substr(0, 80)));
    return numbers;
}

Result<Rect> parse_rect(std::string_view option, std::string_view text) {
    auto numbers = parse_numbers(option, text, 4);
    if (!numbers) return tl::unexpected(numbers.error());
    constexpr double kFar = 1 << 20;
    for (std::size_t i = 0; i < 4; ++i) {
        const double n = (*numbers)[i];
        if (n != std::floor(n) || std::abs(n) > kFar || (i >= 2 && n < 1))
            return fail(ErrorCode::invalid_argument,
                        fmt::format("{} wants X,Y,W,H in whole pixels, W and H at least 1, not "
                                    "\"{}\".",
                                    option, text.substr(0, 80)));
    }
    const auto at = [&](std::size_t i) { return static_cast<int>((*numbers)[i]); };
    return Rect{at(0), at(1), at(2), at(3)};
}

Result<Size> parse_size(std::string_view option, std::string_view text) {
    constexpr int kMaxSide = 32768;
    const auto cross = text.find('x');
    if (cross == text.npos)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("{} wants auto or WIDTHxHEIGHT, such as 1024x768, not \"{}\".",
                                option, text.substr(0, 80)));
    auto width = parse_integer(option, text.substr(0, cross), 1, kMaxSide);
    if (!width) return tl::unexpected(width.error());
    auto height = parse_integer(option, text.substr(cross + 1), 1, kMaxSide);
    if (!height) return tl::unexpected(height.error());
    return Size{*width, *height};
}

} // namespace mw::cli
