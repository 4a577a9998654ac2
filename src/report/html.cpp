#include "report/html.h"

#include <fmt/format.h>

#include <cmath>

#include "compare/figures.h"
#include "compare/fit.h"
#include "embedded/embedded.h"
#include "report/embed_picture.h"

namespace mw::report {
namespace {

using compare::Figure;
using compare::Metric;

constexpr int kSpotSide = 240;        // of its two pictures, pixels
constexpr std::size_t kMostSpots = 6; // shown for each candidate

// 12345678 as 12 345 678, the blanks narrow and unbroken.
std::string grouped(double value) {
    std::string digits = fmt::format("{:.0f}", value), out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) out += "\u202f";
        out += digits[i];
    }
    return out;
}

std::string value_text(const Figure& figure, double value) {
    if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
    if (std::isnan(value)) return "–";
    if (figure.whole) return grouped(value);
    if (value == 0) return "0";
    const double size = std::abs(value);
    return size >= 1000  ? grouped(value)
           : size >= 100 ? fmt::format("{:.1f}", value)
           : size >= 1   ? fmt::format("{:.2f}", value)
           : size < 5e-5 ? "< 0.0001"
                         : fmt::format("{:.4f}", value);
}

bool is_key(std::string_view name) {
    return name == "changed" || name == "delta_e_p99" || name == "ssim" || name == "flip_mean";
}

std::string_view name_of(Metric metric) {
    switch (metric) {
        case Metric::flip:
            return "FLIP";
        case Metric::delta_e:
            return "Delta E";
        case Metric::ssim:
            return "1 − SSIM";
        case Metric::absolute:
            break;
    }
    return "Difference";
}

// Figures that are 0 everywhere and only then worth a row are left out.
bool is_shown(const Figure& figure, const compare::DiffStats& stats) {
    if (figure.name != "not_finite_a" && figure.name != "not_finite_b" &&
        figure.name != "antialiased")
        return true;
    return figure.of(stats.all) != 0;
}

std::string figures_table(const Candidate& c, const compare::MetricSet& metrics, bool masked) {
    std::string html = "<div class=\"scroll\"><table><thead><tr><th></th>";
    const auto columns =
        masked ? std::vector<std::size_t>{0, 1, 2, 3} : std::vector<std::size_t>{3};
    constexpr std::string_view kHeads[] = {"Inside the mask", "On the seam", "Outside",
                                           "Whole picture"};
    for (const std::size_t r : columns)
        html += fmt::format("<th scope=\"col\">{}</th>", kHeads[r]);
    html += "</tr></thead><tbody>";
    for (const Figure& f : compare::figures()) {
        if (!compare::is_measured(f, metrics) || !is_shown(f, c.stats)) continue;
        html += fmt::format("<tr><th scope=\"row\" title=\"{}\">{}</th>", escaped(f.meaning),
                            escaped(f.label));
        for (const std::size_t r : columns) {
            const compare::RegionStats& s = compare::region_of(c.stats, r);
            if (s.pixels == 0 && f.name != "pixels")
                html += "<td class=\"none\">–</td>";
            else
                html += fmt::format("<td{}>{}</td>", is_key(f.name) ? " class=\"key\"" : "",
                                    value_text(f, f.of(s)));
        }
        html += "</tr>";
    }
    return html + "</tbody></table></div>";
}

// One row for each candidate, the figures that decide.
std::string candidates_table(const Comparison& comparison, bool masked) {
    struct Column {
        std::size_t region;
        std::string_view figure, head;
    };
    const std::vector<Column> columns =
        masked ? std::vector<Column>{{2, "changed", "Changed outside"},
                                     {0, "delta_e_p99", "Delta E p99 inside"},
                                     {1, "delta_e_mean", "Delta E on the seam"},
                                     {3, "ssim", "SSIM"},
                                     {3, "flip_mean", "FLIP"}}
               : std::vector<Column>{{3, "changed", "Changed samples"},
                                     {3, "delta_e_mean", "Delta E, mean"},
                                     {3, "delta_e_p99", "Delta E, p99"},
                                     {3, "ssim", "SSIM"},
                                     {3, "flip_mean", "FLIP"}};
    const auto any = [&](std::string Candidate::*text) {
        return std::any_of(comparison.candidates.begin(), comparison.candidates.end(),
                           [&](const Candidate& c) { return !(c.*text).empty(); });
    };
    const bool costs = any(&Candidate::cost), times = any(&Candidate::time);
    std::string html =
        "<section class=\"card\"><h2>All candidates</h2><div class=\"scroll\"><table><thead><tr>"
        "<th></th>";
    const auto wanted = [&](const Column& column) -> const Figure* {
        for (const Figure& f : compare::figures())
            if (f.name == column.figure && compare::is_measured(f, comparison.metrics)) return &f;
        return nullptr;
    };
    for (const Column& column : columns)
        if (wanted(column)) html += fmt::format("<th scope=\"col\">{}</th>", column.head);
    html += fmt::format("{}{}</tr></thead><tbody>", costs ? "<th scope=\"col\">Cost</th>" : "",
                        times ? "<th scope=\"col\">Time</th>" : "");
    for (const Candidate& c : comparison.candidates) {
        html += fmt::format("<tr><th scope=\"row\">{}</th>", escaped(c.name));
        for (const Column& column : columns)
            if (const Figure* f = wanted(column))
                html +=
                    fmt::format("<td>{}</td>",
                                value_text(*f, f->of(compare::region_of(c.stats, column.region))));
        for (const auto& [show, text] : {std::pair{costs, &c.cost}, std::pair{times, &c.time}})
            if (show) html += fmt::format("<td>{}</td>", text->empty() ? "–" : escaped(*text));
        html += "</tr>";
    }
    return html + "</tbody></table></div></section>";
}

std::string fact(std::string_view name, std::string_view value) {
    return value.empty() ? "" : fmt::format("<span>{} <b>{}</b></span>", name, escaped(value));
}

std::string findings(const Candidate& c) {
    std::string html = "<ul class=\"verdict\">";
    for (const Candidate::Finding& f : c.findings)
        html += fmt::format("<li{}>{}</li>",
                            f.tone == Candidate::Tone::good  ? " class=\"good\""
                            : f.tone == Candidate::Tone::bad ? " class=\"bad\""
                                                             : "",
                            escaped(f.text));
    if (!c.stats.note.empty()) html += fmt::format("<li>{}.</li>", escaped(c.stats.note));
    return html + "</ul>";
}

// A square around a spot, half as large again, so that there is something to see it against.
Rect around(const Rect& spot) {
    const int side = spot.size().longer_side() * 3 / 2;
    return {spot.x + spot.width / 2 - side / 2, spot.y + spot.height / 2 - side / 2, side, side};
}

Result<std::string> spots_html(const Comparison& comparison, const Candidate& c) {
    if (c.spots.empty()) return std::string();
    std::string html =
        "<section class=\"card\"><h2>Where it differs most</h2><div class=\"spots\">";
    const Size size = comparison.a.size;
    for (std::size_t i = 0; i < std::min(c.spots.size(), kMostSpots); ++i) {
        const compare::Spot& s = c.spots[i];
        const Rect part = around(s.bounds);
        auto a = detail_url(comparison.a, comparison.view, part, kSpotSide);
        if (!a) return a;
        auto b = detail_url(c.picture, c.view, part, kSpotSide);
        if (!b) return b;
        html += fmt::format(
            "<button class=\"spot\" type=\"button\" data-at=\"{},{},{},{},{},{}\">"
            "<span><img src=\"{}\" alt=\"A\"><img src=\"{}\" alt=\"B\"></span>"
            "<small><b>{} {:.3g}</b>, at most {:.3g}</small>"
            "<small>{} × {} px at {}, {}</small></button>",
            s.bounds.x, s.bounds.y, s.bounds.width, s.bounds.height, size.width, size.height, *a,
            *b, name_of(comparison.heat.metric), s.value, s.peak_value, s.bounds.width,
            s.bounds.height, s.bounds.x, s.bounds.y);
    }
    return html + "</div></section>";
}

std::string button(std::string_view attribute, std::string_view label) {
    return fmt::format("<button type=\"button\" {}>{}</button>", attribute, escaped(label));
}

std::string view_html(std::string_view which, bool slider, std::string_view name_a, Size size,
                      int max_side) {
    const double factor = std::min(1.0, double(max_side) / size.longer_side());
    return fmt::format(
        "<div class=\"view {}\" style=\"--fit:{:.0f}\"{}><img class=\"a\" alt=\"A\">"
        "<img class=\"over b\" alt=\"B\"><img class=\"over heat\" alt=\"Heat map\">"
        "<span class=\"tag left\">A: {}</span><span class=\"tag right\"></span>{}</div>",
        which, size.width * factor,
        slider ? " tabindex=\"0\" role=\"slider\" aria-label=\"Wipe: A on the left of the line, B "
                 "on the right\" aria-valuemin=\"0\" aria-valuemax=\"100\" aria-valuenow=\"50\""
               : "",
        escaped(name_a),
        slider ? "<span class=\"line\"><span class=\"grip\"><svg viewBox=\"0 0 24 24\" "
                 "aria-hidden=\"true\"><path d=\"M9 6l-6 6 6 6M15 6l6 6-6 6\"/></svg></span></span>"
               : "");
}

std::string stage_html(const Comparison& comparison, int max_side) {
    std::string html = "<section class=\"card live\" hidden><div class=\"bar\">";
    if (comparison.candidates.size() > 1) {
        html += "<div class=\"group\" role=\"group\" aria-label=\"Candidate\">";
        for (std::size_t i = 0; i < comparison.candidates.size(); ++i)
            html += button(fmt::format("data-choose=\"{}\" aria-pressed=\"false\"", i),
                           comparison.candidates[i].name);
        html += "</div>";
    }
    html += "<div class=\"group\" role=\"group\" aria-label=\"How to compare\">";
    constexpr std::pair<std::string_view, std::string_view> kModes[] = {
        {"wipe", "Wipe"}, {"pair", "Side by side"}, {"a", "A"}, {"b", "B"}, {"heat", "Heat map"}};
    for (const auto& [mode, label] : kModes)
        html += button(fmt::format("data-set-mode=\"{}\" aria-pressed=\"{}\"", mode,
                                   mode == "wipe" ? "true" : "false"),
                       label);
    html += "</div><div class=\"group\">" + button("data-flip", "Flip A / B") + "</div></div>";
    html += "<div class=\"stage\" data-mode=\"wipe\">";
    html += view_html("first", true, comparison.name_a, comparison.a.size, max_side);
    html += view_html("second", false, comparison.name_a, comparison.a.size, max_side);
    html +=
        "</div><p class=\"keys\">Drag the line, or <kbd>←</kbd> <kbd>→</kbd> when it has the "
        "focus, with <kbd>Shift</kbd> ten times as far. <kbd>F</kbd> flips, <kbd>W</kbd> wipe, "
        "<kbd>S</kbd> side by side, <kbd>H</kbd> heat map";
    if (comparison.candidates.size() > 1) html += ", <kbd>,</kbd> <kbd>.</kbd> other candidates";
    return html + ".</p></section>";
}

std::string figure_html(std::string_view id, std::string_view url, std::string_view alt,
                        std::string_view caption) {
    return fmt::format(
        "<figure><img id=\"{}\" src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>", id,
        url, escaped(alt), escaped(caption));
}

Result<std::string> strip_html(const Comparison& comparison, const HtmlParams& params) {
    std::string html = "<section class=\"card\"><h2>Pictures</h2><div class=\"strip\">";
    auto a = picture_url(comparison.a, comparison.view, params.max_side, params.quality);
    if (!a) return a;
    html += figure_html("a", *a, comparison.name_a, "A: " + comparison.name_a);
    for (std::size_t i = 0; i < comparison.candidates.size(); ++i) {
        const Candidate& c = comparison.candidates[i];
        auto b = picture_url(c.picture, c.view, params.max_side, params.quality);
        if (!b) return b;
        auto heat = compare::heat_map(comparison.a, c.picture, comparison.heat, comparison.mask,
                                      {comparison.view, c.view});
        if (!heat) return tl::unexpected(heat.error());
        auto h = picture_url(heat->view(), {}, params.max_side, params.quality);
        if (!h) return h;
        const bool one = comparison.candidates.size() == 1;
        html += figure_html(fmt::format("b{}", i), *b, c.name, "B: " + c.name);
        html += figure_html(fmt::format("heat{}", i), *h, "Heat map",
                            fmt::format("{} heat map{}", name_of(comparison.heat.metric),
                                        one ? "" : ": " + c.name));
    }
    return html + "</div></section>";
}

std::string glossary(const compare::MetricSet& metrics) {
    std::string html = "<details><summary>What the figures mean</summary><dl>";
    for (const Figure& f : compare::figures())
        if (compare::is_measured(f, metrics))
            html += fmt::format("<dt>{}</dt><dd>{}</dd>", escaped(f.label), escaped(f.meaning));
    return html + "</dl></details>";
}

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default: // controls are no text in HTML
                out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
        }
    }
    return out;
}

Result<std::string> html_report(const Comparison& comparison, const HtmlParams& params) {
    if (comparison.candidates.empty())
        return fail(ErrorCode::invalid_argument, "A report needs something to compare A with.");
    for (const Candidate& c : comparison.candidates)
        if (Status ok = compare::check_sizes(comparison.a.size, c.picture.size); !ok)
            return tl::unexpected(ok.error());
    try {
        const bool masked = comparison.mask != nullptr;
        const bool many = comparison.candidates.size() > 1;
        const std::string title = escaped(comparison.title);
        std::string html = fmt::format(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src "
            "data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            "<title>{}</title><style>\n{}</style></head>\n<body><header><h1>{}</h1>"
            "<p class=\"soft\">{}: {} against {} · {} × {} px</p></header><main>\n",
            title, embedded::text("report/report.css"), title, many ? "Candidates" : "Comparison",
            many ? fmt::format("{} pictures", comparison.candidates.size())
                 : escaped(comparison.candidates[0].name),
            escaped(comparison.name_a), comparison.a.size.width, comparison.a.size.height);
        html += stage_html(comparison, params.max_side) + "\n";
        if (many) html += candidates_table(comparison, masked) + "\n";
        for (const Candidate& c : comparison.candidates) {
            html += "<div class=\"candidate\">";
            if (many) html += fmt::format("<h2>{}</h2>", escaped(c.name));
            const bool told = !c.findings.empty() || !c.stats.note.empty();
            const std::string facts =
                fact("Model", c.model) + fact("Cost", c.cost) + fact("Time", c.time);
            if (told || !c.prompt.empty() || !facts.empty()) {
                html += "<section class=\"card\"><h2>Request and findings</h2>";
                if (!c.prompt.empty())
                    html += fmt::format("<p class=\"prompt\">{}</p>", escaped(c.prompt));
                if (!facts.empty()) html += fmt::format("<div class=\"facts\">{}</div>", facts);
                if (told) html += findings(c);
                html += "</section>";
            }
            html += "<section class=\"card\"><h2>Figures</h2>" +
                    figures_table(c, comparison.metrics, masked) + "</section>";
            auto spots = spots_html(comparison, c);
            if (!spots) return spots;
            html += *spots + "</div>\n";
        }
        auto strip = strip_html(comparison, params);
        if (!strip) return strip;
        html +=
            *strip + "\n<section class=\"card live\" hidden>" + glossary(comparison.metrics) +
            "</section></main>\n<footer>Figures are of the pictures at their full size. Made by "
            "Maskwright.</footer>\n";
        html += fmt::format("<script>\n{}</script></body></html>\n",
                            embedded::text("report/report.js"));
        return html;
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::too_large,
                    "Not enough memory for the report; close other pictures first.");
    }
}

} // namespace mw::report
