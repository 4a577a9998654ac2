// The command line as a table: one description of each verb serves the parser, the help and the
// messages.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/geometry.h"
#include "base/result.h"

namespace mw::cli {

// How many values an option takes: a count, or kMany for all that follow up to the next option (at
// least one).
inline constexpr int kMany = -1;

struct OptionSpec {
    std::string_view name;  // "--mask"
    std::string_view alias; // "-o"; empty: none
    int values = 0;
    std::string_view placeholder; // "MASK"
    std::string_view help;
    bool repeatable = false;
};

struct VerbSpec {
    std::string_view name;
    std::string_view operands; // "IMAGE"
    int min_operands = 0, max_operands = 0;
    std::string_view summary;
    std::span<const OptionSpec> options;
};

struct ParsedOption {
    const OptionSpec* spec = nullptr;
    std::vector<std::string> values;
};

struct ParsedArgs {
    std::vector<std::string> operands;
    std::vector<ParsedOption> options; // in the order given
    bool help = false;

    bool has(std::string_view name) const { return find(name) != nullptr; }
    const ParsedOption* find(std::string_view name) const; // the last one given
    std::optional<std::string> value(std::string_view name) const;
};

// Errors: invalid_argument, naming the option and the verb's form. "--name=value" and "--" are
// understood; a value may begin with '-' only when it is a number.
Result<ParsedArgs> parse(const VerbSpec& verb, std::span<const std::string> args);
std::string help_text(const VerbSpec& verb);

// Numbers in option values. Errors name the option and what it wants; NaN and infinity are refused.
Result<double> parse_number(std::string_view option, std::string_view text, double min, double max);
Result<int> parse_integer(std::string_view option, std::string_view text, int min, int max);
// "X,Y,W,H" and the like: exactly `count` numbers.
Result<std::vector<double>> parse_numbers(std::string_view option, std::string_view text,
                                          std::size_t count);
// "X,Y,W,H" in whole pixels, at most 2^20 from the origin; sides at least 1.
Result<Rect> parse_rect(std::string_view option, std::string_view text);
// "1024x768".
Result<Size> parse_size(std::string_view option, std::string_view text);

} // namespace mw::cli
