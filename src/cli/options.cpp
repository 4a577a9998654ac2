// What the options of several verbs say about the plan, the model and the graft.
#include <fmt/format.h>

#include "cli/command.h"
#include "mask/refine.h"
#include "worker/work.h"

namespace mw::cli {

Result<composite::GraftParams> graft_params(const ParsedArgs& args) {
    composite::GraftParams params;
    params.do_register = !args.has("--no-register");
    params.keep_unchanged = !args.has("--no-keep-unchanged");
    params.redact = args.has("--redact");
    params.accept_large_move = args.has("--accept-large-move");
    params.match_color = !args.has("--no-color-match");
    params.membrane = !args.has("--no-membrane");
    params.grain = !args.has("--no-grain");
    params.dither = !args.has("--no-dither");
    if (params.accept_large_move && !params.do_register)
        return fail(ErrorCode::invalid_argument,
                    "--accept-large-move and --no-register exclude each other; leave one out.");
    if (const auto text = args.value("--seam")) {
        if (*text != "fade" && *text != "fitting")
            return fail(
                ErrorCode::invalid_argument,
                fmt::format("--seam wants fade or fitting, not \"{}\".", text->substr(0, 80)));
        params.seam.kind =
            *text == "fade" ? composite::SeamKind::fade : composite::SeamKind::fitting;
    }
    if (const auto text = args.value("--feather")) {
        auto feather = parse_number("--feather", *text, 0, 4096);
        if (!feather) return tl::unexpected(feather.error());
        params.seam.feather_px = *feather;
    }
    if (const auto text = args.value("--reach-out")) {
        auto reach = parse_number("--reach-out", *text, 0, 256);
        if (!reach) return tl::unexpected(reach.error());
        params.seam.reach_out_px = *reach;
    }
    return params;
}

mask::Mask touched_by(const mask::Mask& mask, const composite::GraftParams& params) {
    return params.seam.reach_out_px > 0 ? mask::grow(mask, params.seam.reach_out_px) : mask;
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
    if (const auto text = args.value("--crop")) {
        auto crop = parse_rect("--crop", *text);
        if (!crop) return tl::unexpected(crop.error());
        plan.crop = *crop;
    }
    if (const auto text = args.value("--enlarge")) {
        auto enlarge = parse_number("--enlarge", *text, 1, 8);
        if (!enlarge) return tl::unexpected(enlarge.error());
        plan.enlarge = *enlarge;
    }
    if (const auto text = args.value("--resample")) {
        if (*text == "lanczos")
            plan.resampling = edit::Resampling::lanczos;
        else if (*text == "area")
            plan.resampling = edit::Resampling::area;
        else if (*text == "edges")
            plan.resampling = edit::Resampling::edges;
        else if (*text != "automatic")
            return fail(
                ErrorCode::invalid_argument,
                fmt::format("--resample wants automatic, lanczos, area or edges, not \"{}\".",
                            text->substr(0, 80)));
    }
    if (const auto text = args.value("--islands")) {
        if (*text == "together")
            plan.islands = edit::Islands::together;
        else if (*text == "apart")
            plan.islands = edit::Islands::apart;
        else if (*text != "automatic")
            return fail(ErrorCode::invalid_argument,
                        fmt::format("--islands wants automatic, together or apart, not \"{}\".",
                                    text->substr(0, 80)));
    }
    if (plan.request_size && plan.enlarge > 1)
        return fail(ErrorCode::invalid_argument,
                    "--size and --enlarge exclude each other: both say how large the request is; "
                    "leave one out.");
    if (plan.crop && plan.context_px)
        return fail(ErrorCode::invalid_argument,
                    "--crop and --context exclude each other: both say what is shown around the "
                    "mask; leave one out.");
    if (plan.crop && plan.islands == edit::Islands::apart)
        return fail(ErrorCode::invalid_argument,
                    "--crop is for a request in one part; leave out --islands apart.");
    return plan;
}

Result<provider::BackendOptions> backend_options(const ParsedArgs& args) {
    provider::BackendOptions options;
    options.base_url = args.value("--base-url").value_or("");
    options.http_anywhere = args.has("--force-http");
    if (const auto file = args.value("--model-file")) {
        if (args.value("--provider").value_or("onnx") != "onnx")
            return fail(
                ErrorCode::invalid_argument,
                "--model-file is for --provider onnx, which it chooses by itself; leave one "
                "out.");
        options.model_file = *file;
    }
    if (const auto text = args.value("--day-budget")) {
        auto usd = parse_number("--day-budget", *text, 0, 1e6);
        if (!usd) return tl::unexpected(usd.error());
        options.day_budget = *usd;
    }
    return options;
}

Result<edit::EditParams> model_params(const ParsedArgs& args, const edit::ModelCapabilities& model,
                                      const codec::DecodeLimits& limits) {
    edit::EditParams params;
    params.model = model.id;
    const std::pair<const char*, std::string*> texts[] = {
        {"--quality", &params.quality},       {"--complexity", &params.complexity},
        {"--background", &params.background}, {"--input-fidelity", &params.input_fidelity},
        {"--moderation", &params.moderation}, {"--format", &params.format}};
    for (const auto& [option, value] : texts)
        *value = args.value(option).value_or("");
    if (params.quality == "auto" && !model.qualities.empty()) params.quality.clear();
    if (const auto text = args.value("--compression")) {
        auto value = parse_integer("--compression", *text, 0, 100);
        if (!value) return tl::unexpected(value.error());
        params.compression = *value;
    }
    if (const auto text = args.value("--partials")) {
        auto value = parse_integer("--partials", *text, 0, model.max_partials);
        if (!value) return tl::unexpected(value.error());
        params.partials = *value;
    }
    for (const ParsedOption& option : args.options) {
        if (option.spec->name != "--reference") continue;
        auto reference = worker::load_reference(option.values.front(), limits, {});
        if (!reference) return tl::unexpected(reference.error());
        params.references.push_back(std::move(*reference));
    }
    return params;
}

Status check_cost(const ParsedArgs& args, const edit::CostEstimate& cost) {
    const auto text = args.value("--max-cost");
    if (!text) return {};
    const auto most = parse_number("--max-cost", *text, 0, 1e6);
    if (!most) return tl::unexpected(most.error());
    if (cost.most_usd > *most)
        return fail(ErrorCode::refused,
                    fmt::format("This may cost {:.4f} USD, over the budget of {:.4f}; nothing was "
                                "sent. Raise --max-cost.",
                                cost.most_usd, *most));
    return {};
}

Result<ModelChoice> choose_model(const ParsedArgs& args) {
    auto options = backend_options(args);
    if (!options) return tl::unexpected(options.error());
    auto backend = provider::make_backend(
        args.value("--provider").value_or(options->model_file.empty() ? "builtin" : "onnx"),
        *options);
    if (!backend) return tl::unexpected(backend.error());
    ModelChoice choice{std::move(*backend), {}};
    auto model = edit::find_model(*choice.backend, args.value("--model").value_or(""));
    if (!model) return tl::unexpected(model.error());
    choice.model = std::move(*model);
    return choice;
}

Result<double> exposure_of(const ParsedArgs& args) {
    const auto text = args.value("--exposure");
    return text ? parse_number("--exposure", *text, -20, 20) : Result<double>(0.0);
}

image::DisplayTransform view_of(const codec::Picture& picture, double exposure) {
    if (exposure != 0 && !(picture.color && picture.color->scene_linear))
        print_note("--exposure is for scene-linear pictures; this one is not, so it was ignored.");
    return image::DisplayTransform(picture.color, exposure);
}

} // namespace mw::cli
