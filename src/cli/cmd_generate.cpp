#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupt.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOptions[] = {
    {"--prompt", "", 1, "TEXT", "what it should show"},
    {"--size", "", 1, "WxH", "of the picture"},
    kOutOption,
    kProviderOption,
    kModelOption,
    kQualityOption,
    {"--count", "-n", 1, "N", "candidates, written to OUT-1 ... OUT-N"},
    kComplexityOption,
    kBackgroundOption,
    kModerationOption,
    kFormatOption,
    kCompressionOption,
    kPartialsOption,
    kMaxCostOption,
    kDayBudgetOption,
    kBaseUrlOption,
    kForceHttpOption,
    kOverwriteOption,
    kJsonOption,
};

edit::EditObserver observer_of(std::vector<edit::RequestFate>& fates) {
    edit::EditObserver observer;
    observer.on_fate = [&fates](const edit::RequestFate& fate) { fates.push_back(fate); };
    return observer;
}

// The service's own bytes are what is written: nothing is encoded a second time.
CommandResult run_generate(const ParsedArgs& args) {
    if (auto ok = require(kGenerateVerb.spec, args, {"--prompt", "--size", "--output"}); !ok)
        return ok;
    auto choice = choose_model(args);
    if (!choice) return usage_failure(choice);
    if (!choice->model.generates)
        return usage_failure(
            fmt::format("The provider \"{}\" cannot start from nothing; use --provider openai.",
                        choice->backend->provider()));
    edit::EditRequest request;
    auto params = model_params(args, choice->model, {});
    if (!params) return usage_failure(params);
    request.params = std::move(*params);
    if (const auto text = args.value("--count")) {
        auto count = parse_integer("-n", *text, 1, choice->model.max_count);
        if (!count) return usage_failure(count);
        request.params.count = *count;
    }
    auto size = parse_size("--size", *args.value("--size"));
    if (!size) return usage_failure(size);
    if (Status ok = edit::check_request_size(choice->model, *size); !ok) return usage_failure(ok);
    request.plan.request_size = *size;
    request.plan.crop = Rect{0, 0, size->width, size->height};
    request.prompt = *args.value("--prompt");
    request.id = edit::new_request_id();
    const auto outputs =
        output_names(*args.value("--output"), static_cast<std::size_t>(request.params.count));
    for (const std::string& name : outputs)
        if (Status ok = check_output(name, args); !ok) return failure(ok);
    if (Status ok = choice->backend->check(request.prompt, request.params); !ok) return failure(ok);
    const edit::CostEstimate cost = choice->backend->estimate(request.plan, request.params);
    if (Status ok = check_cost(args, cost); !ok) return failure(ok);

    const InterruptWatch watch;
    std::vector<edit::RequestFate> fates;
    auto result = choice->backend->run(request, observer_of(fates), watch.token());
    if (!result) {
        for (const edit::RequestFate& fate : fates)
            if (!fate.journal_entry.empty())
                print_note(fmt::format("request {}: {}. See maskwright jobs.", fate.journal_entry,
                                       to_string(fate.outcome)));
        return failure(result);
    }
    Json json;
    for (std::size_t i = 0; i < result->answers.size() && i < outputs.size(); ++i) {
        if (Status ok = write_file_atomic(outputs[i], result->answers[i].bytes); !ok)
            return failure(ok);
        json["outputs"].push_back(
            {{"output", outputs[i]}, {"media_type", result->answers[i].media_type}});
    }
    for (const std::string& note : result->notes)
        print_note(note);
    json["model"] = request.params.model;
    json["cost"] = {
        {"estimate_usd", cost.high_usd},
        {"actual_usd", result->cost.actual_usd ? Json(*result->cost.actual_usd) : Json()}};
    if (!result->revised_prompt.empty()) json["revised_prompt"] = result->revised_prompt;
    for (const edit::RequestFate& fate : fates) {
        json["requests"].push_back(to_json(fate));
        if (!fate.journal_entry.empty()) choice->backend->delivered(fate.journal_entry);
    }
    print_result(json, args);
    return {};
}

} // namespace

const Verb kGenerateVerb{
    {"generate", "", 0, 0, "a picture from words alone, by a service", kOptions}, run_generate};

} // namespace mw::cli
