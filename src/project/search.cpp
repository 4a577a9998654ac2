#include "project/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <optional>

namespace mw::project {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}
bool holds(std::string_view text, const std::string& wanted) {
    return lowered(text).find(wanted) != std::string::npos;
}

// One term as it is written: key, comparison and value, or a word alone.
struct Written {
    bool turned = false;
    std::string key;
    std::string relation; // ":", "=", "<", "<=", ">", ">="; empty: a word
    std::string value;
    std::string text; // all of it, for messages
};

Written split(std::string text, bool turned, bool quoted) {
    Written w{turned, {}, {}, text, text};
    const auto at = quoted ? std::string::npos : text.find_first_of(":=<>");
    if (at == std::string::npos || at == 0) return w;
    w.key = lowered(text.substr(0, at));
    w.relation = text[at];
    std::size_t rest = at + 1;
    if ((w.relation == "<" || w.relation == ">") && rest < text.size() && text[rest] == '=') {
        w.relation += '=';
        ++rest;
    }
    w.value = text.substr(rest);
    return w;
}

std::vector<Written> written_terms(std::string_view text) {
    std::vector<Written> out;
    std::size_t i = 0;
    while (i < text.size()) {
        if (std::isspace(static_cast<unsigned char>(text[i]))) {
            ++i;
            continue;
        }
        const bool turned = text[i] == '-' && i + 1 < text.size() && text[i + 1] != ' ';
        if (turned) ++i;
        const bool quoted = text[i] == '"'; // the whole term is a phrase
        std::string term;
        bool inside = false;
        for (; i < text.size(); ++i) {
            if (text[i] == '"')
                inside = !inside;
            else if (!inside && std::isspace(static_cast<unsigned char>(text[i])))
                break;
            else
                term += text[i];
        }
        if (!term.empty()) out.push_back(split(std::move(term), turned, quoted));
    }
    return out;
}

std::optional<double> number(std::string_view text) {
    if (text.starts_with('$')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

bool compares(double have, const std::string& relation, double wanted) {
    if (relation == "<") return have < wanted;
    if (relation == "<=") return have <= wanted;
    if (relation == ">") return have > wanted;
    if (relation == ">=") return have >= wanted;
    return std::abs(have - wanted) < 1e-9;
}

// Days since 1970 where this machine is.
std::int64_t day_of(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms >= 0 ? ms / 1000 : (ms - 999) / 1000);
    std::tm local{};
    localtime_r(&seconds, &local);
    local.tm_hour = 12;
    local.tm_min = local.tm_sec = 0;
    return static_cast<std::int64_t>(timegm(&local)) / 86400;
}

std::optional<std::int64_t> written_day(const std::string& value, std::int64_t now_ms) {
    if (lowered(value) == "today") return day_of(now_ms);
    if (lowered(value) == "yesterday") return day_of(now_ms) - 1;
    int year = 0, month = 0, day = 0, used = 0;
    if (std::sscanf(value.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 ||
        static_cast<std::size_t>(used) != value.size() || month < 1 || month > 12 || day < 1 ||
        day > 31)
        return std::nullopt;
    std::tm utc{};
    utc.tm_year = year - 1900;
    utc.tm_mon = month - 1;
    utc.tm_mday = day;
    utc.tm_hour = 12;
    return static_cast<std::int64_t>(timegm(&utc)) / 86400;
}

Rect changed_rect(const Iteration& it) {
    return it.report.declared;
}

using Term = std::function<bool(const Iteration&, Size)>;

tl::unexpected<Error> not_understood(const Written& w, std::string_view wanted) {
    return fail(ErrorCode::invalid_argument, fmt::format("{}: {}.", w.text, wanted));
}

Result<Term> text_term(const Written& w) {
    const std::string wanted = lowered(w.value);
    const auto in = [wanted](auto... of) {
        return Term([=](const Iteration& it, Size) { return (holds(of(it), wanted) || ...); });
    };
    const auto name = [](const Iteration& it) -> std::string_view { return it.marks.name; };
    const auto note = [](const Iteration& it) -> std::string_view { return it.marks.note; };
    const auto prompt = [](const Iteration& it) -> std::string_view { return it.prompt; };
    const auto done = [](const Iteration& it) -> std::string_view { return it.what_was_done; };
    if (w.key == "name") return in(name);
    if (w.key == "note") return in(note);
    if (w.key == "prompt") return in(prompt);
    if (w.key == "model")
        return in([](const Iteration& it) { return it.provider + " " + it.model; });
    return in(name, note, prompt, done);
}

Result<Term> figure_term(const Written& w) {
    std::string value = w.value;
    const bool share = w.key == "area" && value.ends_with('%');
    if (share) value.pop_back();
    const auto wanted = number(value);
    if (!wanted)
        return not_understood(w, w.key == "area" ? "a number of pixels or a share is expected, as "
                                                   "in area>5000 or area<2%"
                                                 : "a number is expected, as in cost>0.05");
    const double figure = *wanted;
    const std::string relation = w.relation;
    if (w.key == "seconds")
        return Term(
            [=](const Iteration& it, Size) { return compares(it.seconds, relation, figure); });
    if (w.key == "cost")
        return Term([=](const Iteration& it, Size) {
            const auto cost = it.cost.actual_usd ? it.cost.actual_usd : it.cost.estimate_usd;
            return cost && compares(*cost, relation, figure);
        });
    return Term([=](const Iteration& it, Size picture) {
        const auto area = static_cast<double>(changed_rect(it).size().area());
        const auto all = static_cast<double>(std::max<std::int64_t>(1, picture.area()));
        return it.id != 0 && compares(share ? 100 * area / all : area, relation, figure);
    });
}

Result<Term> state_term(const Written& w) {
    const std::string wanted = lowered(w.value);
    if (wanted == "combined")
        return Term([](const Iteration& it, Size) { return it.combined.has_value(); });
    const auto standing = wanted == "accepted"   ? std::optional(Standing::accepted)
                          : wanted == "rejected" ? std::optional(Standing::rejected)
                          : wanted == "proposed" ? std::optional(Standing::proposed)
                                                 : std::nullopt;
    if (!standing) return not_understood(w, "accepted, rejected, proposed or combined is expected");
    return Term([s = *standing](const Iteration& it, Size) { return it.standing == s; });
}

Result<Term> term_of(const Written& w, std::int64_t now_ms) {
    if (w.relation.empty() && w.text.starts_with('#')) {
        const auto id = number(std::string_view(w.text).substr(1));
        if (!id) return not_understood(w, "a number is expected, as in #12");
        return Term([n = *id](const Iteration& it, Size) { return it.id == n; });
    }
    const bool equal = w.relation == ":" || w.relation == "=";
    const bool words = w.relation.empty() || w.key == "name" || w.key == "note" ||
                       w.key == "prompt" || w.key == "model";
    if (words && (w.relation.empty() || equal)) return text_term(w);
    if (w.key == "cost" || w.key == "area" || w.key == "seconds") return figure_term(w);
    if (w.key == "date") {
        const auto day = written_day(w.value, now_ms);
        if (!day)
            return not_understood(w, "a day is expected, as in date>=2026-11-27 or date:today");
        return Term([d = *day, relation = w.relation](const Iteration& it, Size) {
            return it.created_ms != 0 && compares(static_cast<double>(day_of(it.created_ms)),
                                                  relation, static_cast<double>(d));
        });
    }
    if (w.key == "star" && equal) {
        const std::string value = lowered(w.value);
        if (value != "yes" && value != "no") return not_understood(w, "yes or no is expected");
        return Term(
            [yes = value == "yes"](const Iteration& it, Size) { return it.marks.starred == yes; });
    }
    if (w.key == "state" && equal) return state_term(w);
    if (w.key == "at" && equal) {
        Point p;
        int used = 0;
        if (std::sscanf(w.value.c_str(), "%d,%d%n", &p.x, &p.y, &used) != 2 ||
            static_cast<std::size_t>(used) != w.value.size())
            return not_understood(w, "a pixel is expected, as in at:820,400");
        return Term(
            [p](const Iteration& it, Size) { return it.id != 0 && changed_rect(it).contains(p); });
    }
    return not_understood(w,
                          "not understood; there are star: state: name: note: prompt: model: "
                          "cost> date> area> at: seconds> and words");
}

} // namespace

Result<Query> Query::parse(std::string_view text, std::int64_t now_ms) {
    Query query;
    for (const Written& written : written_terms(text)) {
        auto term = term_of(written, now_ms);
        if (!term) return tl::unexpected(term.error());
        if (written.turned)
            query.terms_.push_back(
                [t = std::move(*term)](const Iteration& it, Size size) { return !t(it, size); });
        else
            query.terms_.push_back(std::move(*term));
    }
    return query;
}

bool Query::matches(const Iteration& iteration, Size picture) const {
    return std::all_of(terms_.begin(), terms_.end(),
                       [&](const Term& term) { return term(iteration, picture); });
}

} // namespace mw::project
