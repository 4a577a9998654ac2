// What `compare` writes: JSON, pictures, reports.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/compare_inputs.h"
#include "codec/palette_png.h"
#include "compare/modes.h"
#include "compare/readout.h"
#include "compare/threshold.h"
#include "report/html.h"
#include "report/pictures.h"
#include "report/table.h"

namespace mw::cli {
namespace {

struct Output {
    std::string_view option, key;
    enum class Kind { picture, animation, page, table } kind;
    bool for_each_pair = false;
};
using Kind = Output::Kind;
constexpr Output kOutputs[] = {
    {"--heatmap", "heatmap", Kind::picture, true},
    {"--difference", "difference", Kind::picture, true},
    {"--threshold-picture", "threshold_picture", Kind::picture, true},
    {"--side-by-side", "side_by_side", Kind::picture, true},
    {"--contact-sheet", "contact_sheet", Kind::picture},
    {"--flip", "flip", Kind::animation},
    {"--report", "report", Kind::page},
    {"--csv", "csv", Kind::table},
};

bool ends_with(std::string_view path, std::string_view ending) {
    if (path.size() <= ending.size()) return false;
    return std::equal(
        ending.begin(), ending.end(), path.end() - std::ptrdiff_t(ending.size()),
        [](char want, char c) { return want == (c >= 'A' && c <= 'Z' ? c + 32 : c); });
}

Json region_json(const compare::RegionStats& s, const compare::MetricSet& metrics) {
    Json json;
    for (const compare::Figure& f : compare::figures()) {
        if (!compare::is_measured(f, metrics)) continue;
        const double value = f.of(s);
        json[std::string(f.name)] =
            f.whole ? Json(static_cast<std::int64_t>(value)) : number(value);
    }
    return json;
}

Json values_json(const std::array<double, 4>& values, int channels) {
    Json json = Json::array();
    for (int c = 0; c < channels; ++c)
        json.push_back(number(values[static_cast<std::size_t>(c)]));
    return json;
}

Json readout_json(const compare::PixelReadout& r) {
    Json json{{"at", {r.at.x, r.at.y}}};
    for (const auto& [key, value] : {std::pair{"a", &r.a}, std::pair{"b", &r.b}})
        json[key] = {{"source", values_json(value->source, value->channels)},
                     {"display", values_json(value->display, 4)}};
    json["delta"] = values_json(r.delta, 4);
    json["delta_e"] = number(r.delta_e);
    return json;
}

Json areas_json(const compare::ChangedAreas& areas, bool exact) {
    Json json{{"count", areas.areas.size()},
              {"pixels", areas.pixels},
              {"complete", areas.complete},
              {"counted", exact ? "every sample" : "visible changes"},
              {"text", compare::areas_sentence(nullptr, &areas)}};
    constexpr std::size_t kMost = 100;
    json["largest"] = Json::array();
    for (std::size_t i = 0; i < std::min(areas.areas.size(), kMost); ++i)
        json["largest"].push_back(
            {{"bounds", to_json(areas.areas[i].bounds)}, {"pixels", areas.areas[i].pixels}});
    return json;
}

// A file's name as a caption: fit to be read, without the quotes of a message.
std::string name_of(const std::string& path) {
    std::string name = display_path(std::filesystem::path(path).filename());
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
        name = name.substr(1, name.size() - 2);
    return name;
}

Status save_text(const std::string& path, std::string_view text) {
    return write_file_atomic(path, std::as_bytes(std::span(text.data(), text.size())));
}

// Pictures of few colours are written in a fraction of the time.
Status save_picture(const std::string& path, const image::Image& picture) {
    if (codec::format_for_path(path) == codec::FileFormat::png) {
        auto bytes = codec::encode_palette_png(picture.view());
        if (!bytes) return tl::unexpected(bytes.error());
        if (*bytes) return write_file_atomic(path, **bytes);
    }
    return codec::save(path, picture.view(), {});
}

Result<image::Image> picture_of(std::string_view option, const Inputs& inputs, const Pair& pair,
                                const CompareWish& wish) {
    const compare::Views views = inputs.views(pair);
    if (option == "--heatmap")
        return compare::heat_map(pair.a, pair.b, wish.heat, inputs.masked ? &pair.mask : nullptr,
                                 views);
    if (option == "--difference")
        return compare::difference_picture(pair.a, pair.b, std::max(1.0, wish.heat.gain), views);
    if (option == "--threshold-picture") {
        auto made = compare::threshold_picture(pair.a, pair.b, {wish.threshold, true}, views);
        if (!made) return tl::unexpected(made.error());
        return std::move(made->picture);
    }
    return compare::side_by_side(pair.a, pair.b, 4096, views);
}

std::string summary(const Pair& pair, const Inputs& inputs, const CompareWish& wish) {
    const compare::RegionStats& s = inputs.masked ? pair.stats.outside : pair.stats.all;
    std::string text =
        fmt::format("{} samples changed{}", s.changed, inputs.masked ? " outside" : "");
    if (wish.metrics.flip) text += fmt::format(" · FLIP {:.3f}", pair.stats.all.flip_mean);
    if (wish.metrics.ssim) text += fmt::format(" · SSIM {:.3f}", pair.stats.all.ssim);
    return text;
}

std::vector<report::LabelledPicture> labelled(const Inputs& inputs, const CompareWish& wish) {
    std::vector<report::LabelledPicture> out;
    out.push_back({inputs.pairs[0].a,
                   image::DisplayTransform(inputs.a.color),
                   "A: " + name_of(inputs.path_a),
                   {}});
    for (const Pair& pair : inputs.pairs)
        out.push_back({pair.b, image::DisplayTransform(pair.picture.color),
                       (inputs.pairs.size() == 1 ? "B: " : "") + name_of(pair.path),
                       summary(pair, inputs, wish)});
    return out;
}

Result<std::string> page(const Inputs& inputs, const CompareWish& wish) {
    report::Comparison c;
    c.title = !wish.title.empty() ? wish.title : name_of(inputs.path_a);
    c.name_a = name_of(inputs.path_a);
    c.a = inputs.pairs[0].a;
    c.view = image::DisplayTransform(inputs.a.color);
    c.mask = inputs.masked ? &inputs.pairs[0].mask : nullptr;
    c.metrics = wish.metrics;
    c.heat = wish.heat;
    for (const Pair& pair : inputs.pairs) {
        using Tone = report::Candidate::Tone;
        report::Candidate one;
        one.name = name_of(pair.path);
        one.picture = pair.b;
        one.view = image::DisplayTransform(pair.picture.color);
        one.stats = pair.stats;
        one.prompt = wish.prompt;
        if (pair.areas)
            one.findings.push_back({compare::areas_sentence(nullptr, &*pair.areas),
                                    pair.stats.outside.changed == 0 ? Tone::good : Tone::bad});
        if (pair.texts)
            for (const compare::TextCheck& t : *pair.texts)
                one.findings.push_back({t.sentence, t.as_asked ? Tone::good : Tone::bad});
        if (!pair.texts_left_out.empty())
            one.findings.push_back({pair.texts_left_out, Tone::plain});
        if (wish.worst > 0) {
            one.spots = pair.spots;
        } else {
            compare::SpotParams spots{wish.heat.metric, 6};
            spots.pixels_per_degree = wish.heat.pixels_per_degree;
            auto found = compare::worst_spots(pair.a, pair.b, spots, inputs.views(pair));
            if (!found) return tl::unexpected(found.error());
            one.spots = std::move(*found);
        }
        c.candidates.push_back(std::move(one));
    }
    return report::html_report(c);
}

std::string table(const Inputs& inputs, const CompareWish& wish) {
    std::vector<report::Row> rows;
    for (const Pair& pair : inputs.pairs)
        rows.push_back({pair.path, pair.stats, {}, {}, wish.prompt});
    return report::to_csv(rows, wish.metrics);
}

Status write_one(const Output& output, const std::string& path, const Inputs& inputs,
                 const CompareWish& wish) {
    switch (output.kind) {
        case Kind::picture: {
            auto sheet = report::contact_sheet(labelled(inputs, wish), {3840, 0, wish.title});
            if (!sheet) return tl::unexpected(sheet.error());
            return codec::save(path, sheet->view(), {});
        }
        case Kind::animation: {
            const auto format =
                ends_with(path, ".gif") ? codec::FileFormat::gif : codec::FileFormat::webp;
            auto bytes = report::flip_animation(labelled(inputs, wish), format);
            if (!bytes) return tl::unexpected(bytes.error());
            return write_file_atomic(path, *bytes);
        }
        case Kind::page: {
            auto html = page(inputs, wish);
            if (!html) return tl::unexpected(html.error());
            return save_text(path, *html);
        }
        case Kind::table:
            break;
    }
    return save_text(path, table(inputs, wish));
}

} // namespace

Json to_json(const Inputs& inputs, const Pair& pair, const CompareWish& wish) {
    Json json;
    json["b"] = pair.path;
    json["size"] = to_json(pair.a.size);
    for (std::size_t r = 0; r < std::size(compare::kRegionNames); ++r)
        json[std::string(compare::kRegionNames[r])] =
            region_json(compare::region_of(pair.stats, r), wish.metrics);
    if (!pair.stats.note.empty()) json["note"] = pair.stats.note;
    if (wish.nudge != Point{}) json["nudge"] = {wish.nudge.x, wish.nudge.y};
    if (pair.areas) json["changed_areas_outside"] = areas_json(*pair.areas, pair.exact_areas);
    if (pair.texts && !pair.texts->empty()) {
        json["texts"] = Json::array();
        for (const compare::TextCheck& t : *pair.texts)
            json["texts"].push_back({{"wanted", t.wanted},
                                     {"before", t.before},
                                     {"after", t.after},
                                     {"as_asked", t.as_asked},
                                     {"text", t.sentence}});
    }
    if (wish.worst > 0) {
        json["worst"] = Json::array();
        for (const compare::Spot& s : pair.spots)
            json["worst"].push_back({{"bounds", to_json(s.bounds)},
                                     {"value", number(s.value)},
                                     {"peak", {s.peak.x, s.peak.y}},
                                     {"peak_value", number(s.peak_value)}});
    }
    const compare::Views views = inputs.views(pair);
    if (wish.pixel) {
        if (auto r = compare::readout(pair.a, pair.b, *wish.pixel, views))
            json["pixel"] = readout_json(*r);
        else
            print_note(r.error().message);
    }
    if (wish.profile) {
        const auto line = compare::line_profile(pair.a, pair.b, {wish.profile->x, wish.profile->y},
                                                {wish.profile->width, wish.profile->height}, views);
        if (line) {
            json["profile"]["length_px"] = number(line->length_px);
            json["profile"]["samples"] = Json::array();
            for (const compare::PixelReadout& r : line->samples)
                json["profile"]["samples"].push_back(readout_json(r));
        }
    }
    return json;
}

CommandResult check_outputs(const ParsedArgs& args) {
    const std::size_t pairs = args.operands.size() - 1;
    for (const Output& output : kOutputs) {
        const auto path = args.value(output.option);
        if (!path) continue;
        const auto complain = [&](std::string_view endings) {
            return usage_failure(
                fmt::format("{} {} has no ending that says what to write; end it "
                            "with {}.",
                            output.option, display_path(*path), endings));
        };
        if (output.kind == Kind::picture &&
            codec::format_for_path(*path) == codec::FileFormat::unknown)
            return complain(".png, .jpg or .webp");
        if (output.kind == Kind::animation && !ends_with(*path, ".webp") &&
            !ends_with(*path, ".gif"))
            return complain(".webp or .gif");
        if (output.kind == Kind::page && !ends_with(*path, ".html") && !ends_with(*path, ".htm"))
            return complain(".html");
        if (output.kind == Kind::table && !ends_with(*path, ".csv")) return complain(".csv");
        for (const std::string& name : output_names(*path, output.for_each_pair ? pairs : 1))
            if (Status ok = check_output(name, args); !ok) return failure(ok);
    }
    return {};
}

Status write_outputs(const ParsedArgs& args, const Inputs& inputs, const CompareWish& wish,
                     Json& json) {
    for (const Output& output : kOutputs) {
        const auto path = args.value(output.option);
        if (!path) continue;
        const std::string key(output.key);
        if (!output.for_each_pair) {
            if (Status ok = write_one(output, *path, inputs, wish); !ok) return ok;
            json[key] = *path;
            continue;
        }
        const auto names = output_names(*path, inputs.pairs.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            auto picture = picture_of(output.option, inputs, inputs.pairs[i], wish);
            if (!picture) return tl::unexpected(picture.error());
            if (Status ok = save_picture(names[i], *picture); !ok) return ok;
            (inputs.pairs.size() > 1 ? json["candidates"][i][key] : json[key]) = names[i];
        }
    }
    return {};
}

} // namespace mw::cli
