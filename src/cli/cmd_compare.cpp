#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "compare/pictures.h"
#include "compare/stats.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    kMaskOption,
    {"--heatmap", "", 1, "OUT.png", "write where and how much the two differ"},
    {"--side-by-side", "", 1, "OUT.png", "write A and B beside each other"},
    {"--metric", "", 1, "flip|deltae|ssim|psnr|all", "figures wanted and the heat map's metric"},
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};

Json region_json(const compare::RegionStats& s, const compare::MetricSet& metrics) {
    Json json{{"pixels", s.pixels},
              {"changed", s.changed},
              {"max_abs", number(s.max_abs)},
              {"psnr", number(s.psnr)}};
    if (metrics.ssim) json["ssim"] = number(s.ssim);
    if (metrics.delta_e) {
        json["delta_e_mean"] = number(s.delta_e_mean);
        json["delta_e_p99"] = number(s.delta_e_p99);
    }
    if (metrics.flip) json["flip_mean"] = number(s.flip_mean);
    return json;
}

struct Wanted {
    compare::MetricSet metrics;
    compare::Metric heat = compare::Metric::flip;
};

Result<Wanted> wanted_of(const std::string& name) {
    using compare::Metric;
    if (name == "all") return Wanted{};
    if (name == "flip") return Wanted{{false, false, true}, Metric::flip};
    if (name == "deltae") return Wanted{{true, false, false}, Metric::delta_e};
    if (name == "ssim") return Wanted{{false, true, false}, Metric::ssim};
    if (name == "psnr") return Wanted{{false, false, false}, Metric::absolute};
    return fail(ErrorCode::invalid_argument,
                fmt::format("--metric wants flip, deltae, ssim, psnr or all, not \"{}\".", name));
}

CommandResult run_compare(const ParsedArgs& args) {
    auto wanted = wanted_of(args.value("--metric").value_or("all"));
    if (!wanted) return usage_failure(wanted);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    for (const std::string_view name : {"--heatmap", "--side-by-side"})
        if (const auto path = args.value(name)) {
            if (codec::format_for_path(*path) == codec::FileFormat::unknown)
                return usage_failure(
                    fmt::format("{} {} has no ending that says what to write; end "
                                "it with .png, .jpg or .webp.",
                                name, display_path(*path)));
            if (Status ok = check_output(*path, args); !ok) return failure(ok);
        }
    auto a = load_picture(args.operands[0], *limits);
    if (!a) return failure(a);
    auto b = load_picture(args.operands[1], *limits);
    if (!b) return failure(b);
    std::optional<mask::Mask> mask;
    if (const auto path = args.value("--mask")) {
        auto loaded = load_mask(*path, a->pixels.size(), *limits);
        if (!loaded) return failure(loaded);
        mask = std::move(*loaded);
    }
    const mask::Mask* region = mask ? &*mask : nullptr;
    compare::CompareParams params;
    params.metrics = wanted->metrics;
    params.views = {image::DisplayTransform(a->color), image::DisplayTransform(b->color)};
    auto stats = compare::compare(a->pixels.view(), b->pixels.view(), region, params);
    if (!stats) return failure(stats);

    Json json;
    json["a"] = args.operands[0];
    json["b"] = args.operands[1];
    json["size"] = to_json(a->pixels.size());
    json["inside"] = region_json(stats->inside, params.metrics);
    json["seam"] = region_json(stats->seam, params.metrics);
    json["outside"] = region_json(stats->outside, params.metrics);
    json["all"] = region_json(stats->all, params.metrics);
    if (!stats->note.empty()) json["note"] = stats->note;
    if (const auto path = args.value("--heatmap")) {
        auto heat = compare::heat_map(a->pixels.view(), b->pixels.view(), {wanted->heat}, region,
                                      params.views);
        if (!heat) return failure(heat);
        if (Status saved = codec::save(*path, heat->view(), {}); !saved) return failure(saved);
        json["heatmap"] = *path;
    }
    if (const auto path = args.value("--side-by-side")) {
        auto pair = compare::side_by_side(a->pixels.view(), b->pixels.view(), 4096, params.views);
        if (!pair) return failure(pair);
        if (Status saved = codec::save(*path, pair->view(), {}); !saved) return failure(saved);
        json["side_by_side"] = *path;
    }
    print_result(json, args);
    return {};
}

} // namespace

const Verb kCompareVerb{{"compare", "A B", 2, 2,
                         "figures inside, on the seam and outside the mask; pictures", kOptions},
                        run_compare};

} // namespace mw::cli
