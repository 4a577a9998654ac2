#include "server/fault.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace mw::server {
namespace {

using Kind = Fault::Kind;

constexpr double kRandomCut = -2;

struct Name {
    std::string_view text;
    Kind kind;
    double a = 0, b = 0;
    // The least and the most that VALUE may be; values 0: takes none.
    int values = 0;
    double min = 0, max = 0;
};
constexpr std::array kNames{
    Name{"401", Kind::unauthorized, 401},
    Name{"500", Kind::server_error, 500},
    Name{"502", Kind::server_error, 502},
    Name{"503", Kind::unavailable, 1, 0, 1, 0, 1e6},
    Name{"429", Kind::rate_limit, 1, 0, 1, 0, 1e6},
    Name{"quota", Kind::quota},
    Name{"moderation", Kind::moderation, 0, 0, 1},
    Name{"html", Kind::html, 502},
    Name{"delay", Kind::delay, 1, 0, 1, 0, 3600},
    Name{"cut", Kind::cut, -1, 0, 1, 0, 1e12},
    Name{"stall", Kind::stall, 0, 0, 1, 0, 1e12},
    Name{"heartbeat", Kind::heartbeat, 1, 0, 1, 0.01, 3600},
    Name{"slow", Kind::slow, 50, 0, 1, 1, 1e6},
    Name{"huge-line", Kind::huge_line, 100, 0, 1, 1, 4096},
    Name{"wrong-size", Kind::wrong_size, 0, 0, 2, 1, 8192},
    Name{"drift", Kind::drift, 3, -2, 2, -512, 512},
    Name{"dropped-mask", Kind::dropped_mask},
    Name{"svg", Kind::svg},
};

// Takes the text up to `sign` (or all) off the front.
std::string_view take(std::string_view& rest, char sign) {
    const std::size_t at = rest.find(sign);
    const std::string_view part = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
    return trimmed(part);
}

std::optional<double> number(std::string_view text, double min, double max) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= min && value <= max))
        return std::nullopt;
    return value;
}

tl::unexpected<Error> not_understood(std::string_view part, std::string_view what) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("--fault: \"{}\" {}.", part.substr(0, 60), what));
}

Result<Fault> parse_fault(std::string_view text) {
    std::string_view value = text;
    const std::string_view name = take(value, '=');
    const bool given = text.find('=') != std::string_view::npos;
    const auto* known =
        std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.text == name; });
    if (known == kNames.end()) {
        std::string all = "none";
        for (const Name& n : kNames)
            all += fmt::format(", {}", n.text);
        return not_understood(text, "is no fault; there are: " + all);
    }
    Fault fault{known->kind, known->a, known->b, false, std::string(text)};
    if (!given) return fault;
    if (known->values == 0) return not_understood(text, "takes no value");
    if (fault.kind == Kind::moderation) {
        if (value != "input" && value != "output")
            return not_understood(text, "wants input or output");
        fault.at_output = value == "output";
        return fault;
    }
    if (fault.kind == Kind::cut && value == "random") {
        fault.a = kRandomCut;
        return fault;
    }
    if ((fault.kind == Kind::rate_limit || fault.kind == Kind::unavailable) && value == "x") {
        fault.a = -1;
        return fault;
    }
    const char between = fault.kind == Kind::wrong_size ? 'x' : ',';
    const std::string wants =
        fmt::format("wants {} {:g} to {:g}{}",
                    known->values == 2 ? "two numbers of" : "a number of", known->min, known->max,
                    known->values == 2 ? fmt::format(", with {} between", between) : "");
    const auto first =
        number(known->values == 2 ? take(value, between) : value, known->min, known->max);
    if (!first) return not_understood(text, wants);
    fault.a = *first;
    if (known->values == 2) {
        const auto second = number(value, known->min, known->max);
        if (!second) return not_understood(text, wants);
        fault.b = *second;
    }
    return fault;
}

} // namespace

Result<FaultPlan> FaultPlan::parse(std::string_view spec, std::uint64_t seed) {
    FaultPlan plan;
    plan.seed_ = seed;
    while (!trimmed(spec).empty()) {
        const std::string_view text = take(spec, ';');
        if (text.empty()) continue;
        Rule rule;
        std::string_view faults = text;
        if (text.find(':') != std::string_view::npos) {
            const std::string_view which = take(faults, ':');
            rule.numbered = true;
            std::string_view rest = which;
            if (which.ends_with('%')) {
                const auto chance = number(which.substr(0, which.size() - 1), 0, 100);
                if (!chance) return not_understood(which, "is no share of requests, like 20%");
                rule.chance = *chance / 100;
            } else if (which != "*") {
                const bool range = which.find('-') != std::string_view::npos;
                const auto from = number(take(rest, '-'), 1, 1e9);
                const auto to = range && rest.empty() ? std::optional(0.0)
                                                      : number(range ? rest : which, 1, 1e9);
                if (!from || !to || *from != std::floor(*from) || *to != std::floor(*to))
                    return not_understood(which, "names no requests; write 3, 2-5, 4-, 20% or *");
                rule.from = static_cast<int>(*from);
                rule.to = static_cast<int>(*to);
            }
        }
        while (!trimmed(faults).empty()) {
            const std::string_view name = take(faults, '+');
            if (name == "none") continue;
            auto fault = parse_fault(name);
            if (!fault) return tl::unexpected(fault.error());
            rule.faults.push_back(std::move(*fault));
        }
        plan.rules_.push_back(std::move(rule));
    }
    return plan;
}

std::vector<Fault> FaultPlan::faults_of(int request) const {
    std::seed_seq mixed{static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32),
                        static_cast<std::uint32_t>(request)};
    std::mt19937_64 random(mixed);
    // Not std::uniform_real_distribution: its results differ between libraries.
    const auto chance = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
    std::vector<Fault> chosen;
    bool found = false;
    std::vector<const Rule*> turns;
    for (const Rule& rule : rules_) {
        if (!rule.numbered) {
            turns.push_back(&rule);
            continue;
        }
        const bool fits = rule.chance < 1
                              ? chance() < rule.chance
                              : request >= rule.from && (rule.to == 0 || request <= rule.to);
        if (!found && fits) {
            chosen = rule.faults;
            found = true;
        }
    }
    if (!found && !turns.empty())
        chosen = turns[static_cast<std::size_t>(request - 1) % turns.size()]->faults;
    for (Fault& fault : chosen)
        if (fault.kind == Kind::cut && fault.a == kRandomCut)
            fault.a = std::floor(std::pow(2.0, 4 + 14 * chance())); // 16 bytes .. 256 KiB
    return chosen;
}

} // namespace mw::server
