#include "cli/compare_inputs.h"

#include <fmt/format.h>

#include <future>

namespace mw::cli {
namespace {

tl::unexpected<Error> wrong(std::string message) {
    return fail(ErrorCode::invalid_argument, std::move(message));
}

Status add_metric(const std::string& name, CompareWish& wish) {
    using compare::Metric;
    compare::MetricSet none{false, false, false, false};
    if (name == "all") {
        wish.metrics = {true, true, true, true};
        return {};
    }
    wish.metrics = none;
    if (name == "flip")
        wish.metrics.flip = true, wish.heat.metric = Metric::flip;
    else if (name == "deltae")
        wish.metrics.delta_e = true, wish.heat.metric = Metric::delta_e;
    else if (name == "ssim")
        wish.metrics.ssim = true, wish.heat.metric = Metric::ssim;
    else if (name == "yiq")
        wish.metrics.threshold = true, wish.heat.metric = Metric::absolute;
    else if (name == "psnr")
        wish.heat.metric = Metric::absolute;
    else
        return wrong(fmt::format("--metric wants flip, deltae, ssim, psnr, yiq or all, not \"{}\".",
                                 name.substr(0, 80)));
    return {};
}

Status heat_of(const ParsedArgs& args, compare::HeatParams& heat) {
    using compare::Metric;
    if (const auto name = args.value("--heatmap-metric")) {
        if (*name == "flip")
            heat.metric = Metric::flip;
        else if (*name == "deltae")
            heat.metric = Metric::delta_e;
        else if (*name == "ssim")
            heat.metric = Metric::ssim;
        else if (*name == "absolute")
            heat.metric = Metric::absolute;
        else
            return wrong(
                fmt::format("--heatmap-metric wants flip, deltae, ssim or absolute, not "
                            "\"{}\".",
                            name->substr(0, 80)));
    }
    if (const auto text = args.value("--gain")) {
        auto gain = parse_number("--gain", *text, 1, 64);
        if (!gain) return tl::unexpected(gain.error());
        heat.gain = *gain;
    }
    const auto degrees = args.value("--pixels-per-degree"),
               distance = args.value("--viewing-distance");
    if (degrees && distance)
        return wrong(
            "--pixels-per-degree and --viewing-distance exclude each other: both say how "
            "near the picture is; leave one out.");
    if (degrees) {
        auto number = parse_number("--pixels-per-degree", *degrees, 1, 500);
        if (!number) return tl::unexpected(number.error());
        heat.pixels_per_degree = *number;
    }
    if (distance) {
        auto metres = parse_number("--viewing-distance", *distance, 0.05, 5);
        if (!metres) return tl::unexpected(metres.error());
        heat.pixels_per_degree = compare::pixels_per_degree(*metres);
    }
    return {};
}

Result<Point> whole_point(std::string_view option, const std::vector<double>& numbers,
                          std::size_t first) {
    constexpr double kFar = 1 << 20;
    for (std::size_t i = first; i < first + 2; ++i)
        if (numbers[i] != std::floor(numbers[i]) || std::abs(numbers[i]) > kFar)
            return wrong(fmt::format("{} wants whole pixels.", option));
    return Point{static_cast<int>(numbers[first]), static_cast<int>(numbers[first + 1])};
}

Status places_of(const ParsedArgs& args, CompareWish& wish) {
    if (const auto text = args.value("--nudge")) {
        auto numbers = parse_numbers("--nudge", *text, 2);
        if (!numbers) return tl::unexpected(numbers.error());
        auto by = whole_point("--nudge", *numbers, 0);
        if (!by) return tl::unexpected(by.error());
        wish.nudge = *by;
    }
    if (const auto text = args.value("--pixel")) {
        auto numbers = parse_numbers("--pixel", *text, 2);
        if (!numbers) return tl::unexpected(numbers.error());
        auto at = whole_point("--pixel", *numbers, 0);
        if (!at) return tl::unexpected(at.error());
        wish.pixel = *at;
    }
    if (const auto text = args.value("--profile")) {
        auto numbers = parse_numbers("--profile", *text, 4);
        if (!numbers) return tl::unexpected(numbers.error());
        auto from = whole_point("--profile", *numbers, 0),
             to = whole_point("--profile", *numbers, 2);
        if (!from) return tl::unexpected(from.error());
        if (!to) return tl::unexpected(to.error());
        wish.profile = Rect{from->x, from->y, to->x, to->y};
    }
    return {};
}

// Warnings are printed later, in order.
Result<std::vector<codec::Picture>> load_all(const std::vector<std::string>& paths,
                                             const codec::DecodeLimits& limits) {
    std::vector<codec::Picture> out;
    std::optional<Error> error;
    for (std::size_t i = 0; i < paths.size(); i += 2) {
        std::future<Result<codec::Picture>> next;
        if (i + 1 < paths.size())
            next = std::async(std::launch::async,
                              [&] { return codec::decode_file(paths[i + 1], limits); });
        auto first = codec::decode_file(paths[i], limits);
        std::optional<Result<codec::Picture>> second;
        if (next.valid()) second = next.get();
        if (!first) return tl::unexpected(first.error());
        out.push_back(std::move(*first));
        if (!second) continue;
        if (!*second) return tl::unexpected(second->error());
        out.push_back(std::move(**second));
    }
    for (std::size_t i = 0; i < paths.size(); ++i)
        for (const std::string& warning : out[i].warnings)
            print_note(fmt::format("{}: {}", display_path(paths[i]), warning));
    return out;
}

// The mask of A on the canvas the two were brought to.
mask::Mask mask_on(const mask::Mask& mask, Size canvas) {
    if (mask.size() == canvas) return mask;
    if (mask.rect().contains(Rect::of(canvas))) return compare::cut(mask, Rect::of(canvas));
    mask::Mask out(canvas);
    out.write(mask.rect(), mask.read(mask.rect()).view());
    return out;
}

} // namespace

Result<CompareWish> compare_wish(const ParsedArgs& args) {
    CompareWish wish;
    if (Status ok = add_metric(args.value("--metric").value_or("all"), wish); !ok)
        return tl::unexpected(ok.error());
    if (Status ok = heat_of(args, wish.heat); !ok) return tl::unexpected(ok.error());
    if (Status ok = places_of(args, wish); !ok) return tl::unexpected(ok.error());
    if (const auto text = args.value("--threshold")) {
        auto number = parse_number("--threshold", *text, 0, 1);
        if (!number) return tl::unexpected(number.error());
        wish.threshold = *number;
    }
    if (const auto text = args.value("--worst")) {
        auto number = parse_integer("--worst", *text, 1, 1000);
        if (!number) return tl::unexpected(number.error());
        wish.worst = *number;
    }
    if (const auto text = args.value("--fit")) {
        if (*text != "scale" && *text != "crop" && *text != "pad")
            return wrong(
                fmt::format("--fit wants scale, crop or pad, not \"{}\".", text->substr(0, 80)));
        wish.fit = *text == "scale"  ? compare::Fit::scale
                   : *text == "crop" ? compare::Fit::crop
                                     : compare::Fit::pad;
    }
    for (const ParsedOption& option : args.options) {
        if (option.spec->name != "--fail-if") continue;
        auto gate = compare::parse_gate(option.values.front());
        if (!gate) return tl::unexpected(gate.error());
        using compare::FigureNeeds;
        const FigureNeeds needs = gate->figure->needs; // measured even where --metric left it out
        wish.metrics.delta_e |= needs == FigureNeeds::delta_e;
        wish.metrics.ssim |= needs == FigureNeeds::ssim;
        wish.metrics.flip |= needs == FigureNeeds::flip;
        wish.metrics.threshold |= needs == FigureNeeds::threshold;
        wish.gates.push_back(std::move(*gate));
    }
    wish.prompt = args.value("--prompt").value_or("");
    wish.title = args.value("--title").value_or("");
    return wish;
}

Result<Inputs> load_inputs(const ParsedArgs& args, const CompareWish& wish,
                           const codec::DecodeLimits& limits) {
    auto pictures = load_all(args.operands, limits);
    if (!pictures) return tl::unexpected(pictures.error());
    Inputs out;
    out.path_a = args.operands[0];
    out.a = std::move(pictures->front());
    mask::Mask mask;
    if (const auto path = args.value("--mask")) {
        auto loaded = load_mask(*path, out.a.pixels.size(), limits);
        if (!loaded) return tl::unexpected(loaded.error());
        mask = std::move(*loaded);
        out.masked = true;
        if (mask.empty())
            print_note(fmt::format("{} is empty: nothing is inside it, and everything outside.",
                                   display_path(*path)));
    }
    for (std::size_t i = 1; i < pictures->size(); ++i) {
        Pair pair;
        pair.path = args.operands[i];
        pair.picture = std::move((*pictures)[i]);
        const image::ImageView a = out.a.pixels.view(), b = pair.picture.pixels.view();
        if (a.size != b.size && !wish.fit)
            return wrong(fmt::format(
                "{} is {} x {} and {} is {} x {}, and only pictures of one size lie on each other; "
                "add --fit scale, crop or pad to bring them together.",
                display_path(out.path_a), a.size.width, a.size.height, display_path(pair.path),
                b.size.width, b.size.height));
        auto fitted = compare::bring_together(a, b, wish.fit.value_or(compare::Fit::crop));
        if (!fitted) return tl::unexpected(fitted.error());
        pair.fitted = std::move(*fitted);
        auto both = compare::overlap(pair.fitted.a, pair.fitted.b, wish.nudge);
        if (!both) return tl::unexpected(both.error());
        pair.a = both->a, pair.b = both->b;
        if (out.masked) pair.mask = compare::cut(mask_on(mask, pair.fitted.a.size), both->in_a);
        out.pairs.push_back(std::move(pair));
    }
    return out;
}

Status measure(const Inputs& inputs, Pair& pair, const CompareWish& wish) {
    const mask::Mask* mask = inputs.masked ? &pair.mask : nullptr;
    const compare::Views views = inputs.views(pair);
    compare::CompareParams params;
    params.metrics = wish.metrics;
    params.views = views;
    params.pixels_per_degree = wish.heat.pixels_per_degree;
    params.threshold = wish.threshold;
    auto stats = compare::compare(pair.a, pair.b, mask, params);
    if (!stats) return tl::unexpected(stats.error());
    pair.stats = std::move(*stats);
    const std::string& fitted = pair.fitted.note;
    if (!fitted.empty())
        pair.stats.note = pair.stats.note.empty() ? fitted : fitted + "; " + pair.stats.note;
    if (wish.worst > 0) {
        compare::SpotParams spots{wish.heat.metric, wish.worst};
        spots.pixels_per_degree = wish.heat.pixels_per_degree;
        auto found = compare::worst_spots(pair.a, pair.b, spots, views);
        if (!found) return tl::unexpected(found.error());
        pair.spots = std::move(*found);
    }
    if (mask) {
        // A picture that changed everywhere by its encoding has no areas worth counting one by one.
        pair.exact_areas = pair.stats.outside.changed < pair.stats.outside.pixels / 2;
        auto areas = compare::changed_areas(
            pair.a, pair.b, mask,
            pair.exact_areas ? compare::exact_change() : compare::visible_change(), views);
        if (!areas) return tl::unexpected(areas.error());
        pair.areas = std::move(*areas);
    }
    if (!wish.prompt.empty()) {
        const Rect region = mask && !mask->empty() ? mask->bounds() : Rect::of(pair.a.size);
        auto texts = compare::check_text(pair.a, pair.b, region, wish.prompt, views);
        if (texts)
            pair.texts = std::move(*texts);
        else if (texts.error().code == ErrorCode::unsupported)
            pair.texts_left_out = texts.error().message;
        else
            return tl::unexpected(texts.error());
    }
    return {};
}

} // namespace mw::cli
