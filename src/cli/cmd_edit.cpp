#include <fmt/format.h>
#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "image/convert.h"
#include "project/redaction.h"
#include "project/store.h"
#include "worker/work.h"

namespace mw::cli {
namespace {

constexpr auto kOptions =
    joined(std::array{kMaskOption,
                      OptionSpec{"--prompt", "", 1, "TEXT", "what should change"},
                      kOutOption,
                      kProviderOption,
                      kModelFileOption,
                      kModelOption,
                      kQualityOption,
                      kSizeOption,
                      OptionSpec{"--count", "-n", 1, "N", "candidates, written to OUT-1 ... OUT-N"},
                      OptionSpec{"--copy-not-from", "", 1, "MASK",
                                 "where the built-in engine must not copy from to fill"},
                      OptionSpec{"--seed", "", 1, "N", "of anything random (default 1)"},
                      kReferenceOption,
                      OptionSpec{"--markup", "", 1, "PNG",
                                 "strokes and notes drawn over the picture, instead of a mask"},
                      kComplexityOption,
                      kBackgroundOption,
                      kFidelityOption,
                      kModerationOption,
                      kFormatOption,
                      kCompressionOption,
                      kPartialsOption,
                      OptionSpec{"--continue", "", 1, "ID",
                                 "go on from this answer (service_id of an earlier --json)"},
                      OptionSpec{"--project", "", 1, "FILE.mwr", "record everything there"},
                      kContextOption,
                      kPlanCropOption,
                      kEnlargeOption,
                      kResampleOption,
                      kIslandsOption},
           kPictureOptions, std::array{kEditRecordOption, kExposureOption}, kGraftOptions,
           std::array{kMaxCostOption, kDayBudgetOption, kBaseUrlOption, kForceHttpOption,
                      kMegapixelsOption, kOverwriteOption, kJsonOption});

void show_progress(const worker::JobProgress& progress) {
    if (const auto* told = std::get_if<worker::FateTold>(&progress);
        told && !told->fate.journal_entry.empty() &&
        told->fate.outcome != edit::Outcome::answered) {
        print_note(fmt::format("request {}: {}. {} See maskwright jobs.", told->fate.journal_entry,
                               to_string(told->fate.outcome), meaning(told->fate.outcome)));
        return;
    }
    const auto* phase = std::get_if<worker::PhaseChanged>(&progress);
    if (!phase || !::isatty(STDERR_FILENO)) return;
    const std::string share =
        phase->fraction ? fmt::format(" {:.0f} %", *phase->fraction * 100) : "";
    const std::string part =
        phase->parts > 1 ? fmt::format("part {} of {}: ", phase->part + 1, phase->parts) : "";
    fmt::print(stderr, "\r{}{}{}\x1b[K", part, to_string(phase->phase), share);
    std::fflush(stderr);
}

struct EditOptions {
    worker::EditJob job;
    std::vector<std::string> outputs;
    handoff::ExportOptions how;
    double exposure = 0;
};

tl::expected<EditOptions, CommandError> read_options(const ParsedArgs& args) {
    if (auto ok = require(kEditVerb.spec, args, {"--mask", "--prompt", "--output"}); !ok)
        return tl::unexpected(ok.error());
    EditOptions options;
    worker::EditJob& job = options.job;
    auto choice = choose_model(args);
    if (!choice) return usage_failure(choice);
    if (args.has("--markup") && !choice->model.takes_markup && choice->model.max_references < 1)
        return usage_failure(fmt::format("--markup: the provider \"{}\" takes none; leave it out.",
                                         choice->backend->provider()));
    if (args.has("--reference") && choice->model.max_references < 1)
        return usage_failure(
            fmt::format("--reference: the provider \"{}\" takes none; leave it out.",
                        choice->backend->provider()));
    if (args.has("--copy-not-from") && !choice->model.copies)
        return usage_failure(fmt::format(
            "--copy-not-from: {} does not copy from the picture; leave it out.", choice->model.id));
    if (args.has("--continue") && !choice->model.converses)
        return usage_failure(fmt::format(
            "--continue: the provider \"{}\" does not remember answers; leave it out, or use "
            "openai-responses.",
            choice->backend->provider()));
    if (const auto project = args.value("--project");
        project && std::filesystem::path(*project).extension() != ".mwr")
        return usage_failure(
            fmt::format("--project {}: a project's name ends in .mwr.", display_path(*project)));
    job.backend = choice->backend;
    job.model = choice->model;
    job.params.model = choice->model.id;
    job.params.continues = args.value("--continue").value_or("");
    job.prompt = *args.value("--prompt");
    if (const auto text = args.value("--count")) {
        auto count = parse_integer("-n", *text, 1, job.model.max_count);
        if (!count) return usage_failure(count);
        job.params.count = *count;
    }
    if (const auto text = args.value("--seed")) {
        auto seed = parse_integer("--seed", *text, 0, 2147483647);
        if (!seed) return usage_failure(seed);
        job.params.seed = static_cast<std::uint64_t>(*seed);
    }
    auto plan = plan_params(args, choice->model);
    if (!plan) return usage_failure(plan);
    job.plan = *plan;
    if (Status ok = check_cost(args, {}); !ok) return usage_failure(ok);
    auto graft = graft_params(args);
    if (!graft) return usage_failure(graft);
    job.graft = *graft;
    auto exposure = exposure_of(args);
    if (!exposure) return usage_failure(exposure);
    options.exposure = *exposure;
    auto how = export_options(args);
    if (!how) return usage_failure(how);
    options.how = *how;
    options.outputs =
        output_names(*args.value("--output"), static_cast<std::size_t>(job.params.count));
    return options;
}

handoff::EditRecord record_of(const std::string& source, const worker::EditJob& job,
                              const worker::Edited& edited, const worker::Candidate& candidate) {
    handoff::RecordedEdit edit{job.prompt,
                               edited.what_was_done,
                               job.mask,
                               edited.graft,
                               candidate.graft.report.changed_outside_mask,
                               candidate.graft.report.outside_sha256,
                               candidate.graft.report.outside_sha256_before,
                               {}};
    for (const edit::AnsweredPart& part : candidate.parts)
        edit.answers.push_back(handoff::recorded(part));
    return {source, false, {edit}};
}

Status check_budget(const ParsedArgs& args, const worker::EditJob& job) {
    if (!args.has("--max-cost")) return {};
    auto parts = edit::plan_parts(job.source->size(), job.mask, job.model.size, job.plan);
    if (!parts) return tl::unexpected(parts.error());
    return check_cost(args, cost_of(*job.backend, *parts, job.params));
}

// The markup's own pixels, and nothing else that its file may say.
Result<image::ImageRef> load_markup(const std::string& path, Size size,
                                    const codec::DecodeLimits& limits) {
    auto picture = load_picture(path, limits);
    if (!picture) return tl::unexpected(picture.error());
    if (picture->pixels.size() != size || picture->pixels.format().channels != 4)
        return fail(ErrorCode::invalid_argument,
                    fmt::format("The markup {} must be a picture with transparency of the "
                                "picture's size, {} x {} pixels.",
                                display_path(path), size.width, size.height));
    return std::make_shared<const image::Image>(
        image::convert(picture->pixels.view(), image::kRgba8));
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Json describe(const worker::Edited& edited, const worker::Candidate& candidate) {
    Json json, parts = Json::array();
    for (const edit::AnsweredPart& part : candidate.parts)
        parts.push_back(to_json(edit::PlannedPart{part.mask, part.request->plan}));
    for (const char* key : {"crop", "request_size", "scale"})
        json[key] = parts[0][key];
    json["parts"] = std::move(parts);
    json["what_was_done"] = edited.what_was_done;
    add_report(json, candidate.graft.report);
    for (const auto& [phase, seconds] : edited.seconds_by_phase)
        json["seconds"][phase] = seconds;
    for (const std::string& note : edited.notes)
        json["notes"].push_back(note);
    json["cost"] = {
        {"estimate_usd", edited.cost.estimate_usd.value_or(0)},
        {"actual_usd", edited.cost.actual_usd ? Json(*edited.cost.actual_usd) : Json()}};
    if (!edited.revised_prompt.empty()) json["revised_prompt"] = edited.revised_prompt;
    if (!edited.service_id.empty()) json["service_id"] = edited.service_id;
    for (const edit::RequestFate& fate : edited.fates)
        json["requests"].push_back(to_json(fate));
    return json;
}

// What no candidate holds may have been paid for: its bytes are kept beside the output, under names
// that nothing has yet.
std::string keep_unused(const std::vector<worker::UnusedAnswer>& answers, const std::string& out) {
    std::string kept;
    int number = 0;
    for (const worker::UnusedAnswer& answer : answers) {
        std::string name;
        std::error_code ignored;
        do
            name = fmt::format("{}.answer-{}", out, ++number);
        while (std::filesystem::exists(std::filesystem::symlink_status(name, ignored)));
        if (write_file_atomic(name, answer.part.answer.bytes))
            kept += (kept.empty() ? "" : ", ") + display_path(name);
    }
    return kept;
}

// A project that an edit is recorded in: the one that is there, of the same picture, or a new one.
struct Recording {
    std::shared_ptr<project::Store> store;
    std::unique_ptr<project::Document> document;
};
Result<Recording> record_in(const std::string& path, const std::string& picture_path,
                            codec::Picture picture, const codec::DecodeLimits& limits) {
    Recording made;
    made.document = std::make_unique<project::Document>(picture_path, std::move(picture));
    std::error_code ignored;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
        project::CreateParams params;
        params.limits = limits;
        std::string note;
        auto store = project::Store::create(path, *made.document, params, &note);
        if (!store) return tl::unexpected(store.error());
        if (!note.empty()) print_note(note);
        made.store = std::move(*store);
        return made;
    }
    project::OpenParams params;
    params.limits = limits;
    // Looked at before it is opened to be written: that of another picture stays as it is.
    params.read_only = true;
    auto looked_at = project::Store::open(path, params);
    if (!looked_at) return tl::unexpected(looked_at.error());
    if (!image::identical(looked_at->document->tree.picture(0)->view(),
                          made.document->tree.picture(0)->view()))
        return fail(
            ErrorCode::refused,
            fmt::format("{} is the project of another picture ({}); choose another name.",
                        display_path(path), display_path(looked_at->document->path.filename())));
    looked_at->store.reset();
    params.read_only = false;
    auto opened = project::Store::open(path, params);
    if (!opened) return tl::unexpected(opened.error());
    for (const std::string& note : opened->notes)
        print_note(note);
    if (opened->store->read_only())
        return fail(ErrorCode::permission_denied,
                    fmt::format("Nothing can be recorded in {}.", display_path(path)));
    made.document = std::move(opened->document);
    made.store = std::move(opened->store);
    return made;
}

// The candidates as children of the original, the first one shown.
Status record(Recording& recording, const worker::EditJob& job, const worker::Edited& edited) {
    project::Document& document = *recording.document;
    project::Recorder recorder(document);
    document.mask = job.mask;
    document.prompt = job.prompt;
    project::IterationId first = -1;
    for (const worker::Candidate& candidate : edited.candidates) {
        project::Iteration it;
        it.parent = 0;
        it.prompt = edited.prompt;
        it.what_was_done = edited.what_was_done;
        it.provider = edited.provider;
        it.model = edited.model;
        it.request = edited.request;
        it.service_id = edited.service_id;
        it.created_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
        it.view = edited.view;
        it.cost = edited.cost;
        it.seconds = edited.seconds;
        it.graft = edited.graft;
        it.report = candidate.graft.report;
        it.patch = candidate.graft.patch;
        it.mask = edited.mask;
        it.parts = candidate.parts;
        it.pinned = true; // a file was made of it
        const auto id = document.tree.add(std::move(it));
        if (first < 0) first = id;
    }
    if (first >= 0) document.shown = first;
    if (Status ok = recording.store->write(recorder.take(document)); !ok) return ok;
    return recording.store->close();
}

CommandResult run_edit_verb(const ParsedArgs& args) {
    auto options = read_options(args);
    if (!options) return tl::unexpected(options.error());
    worker::EditJob& job = options->job;
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    auto params = model_params(args, job.model, *limits);
    if (!params) return usage_failure(params);
    params->count = job.params.count;
    params->seed = job.params.seed;
    params->continues = job.params.continues;
    std::error_code no_matter;
    params->project = std::filesystem::absolute(args.operands[0], no_matter).string();
    job.params = std::move(*params);
    if (const std::string warning = provider::retirement_warning(job.model, provider::today());
        !warning.empty())
        print_note(warning);
    // Everything that can be refused is refused before the picture costs time.
    for (const std::string& name : options->outputs) {
        if (Status ok = check_ending(name); !ok) return usage_failure(ok);
        if (Status ok = check_output(name, args); !ok) return failure(ok);
    }
    if (Status ok = edit::check_request(job.model, job.prompt, job.params); !ok) return failure(ok);
    if (Status ok = job.backend->check(job.prompt, job.params); !ok) return failure(ok);

    const auto start = std::chrono::steady_clock::now();
    auto picture = load_picture(args.operands[0], *limits);
    if (!picture) return failure(picture);
    auto mask = load_mask(*args.value("--mask"), picture->pixels.size(), *limits);
    if (!mask) return failure(mask);
    job.mask = std::move(*mask);
    if (const auto file = args.value("--copy-not-from")) {
        auto barred = load_mask(*file, picture->pixels.size(), *limits);
        if (!barred) return failure(barred);
        job.params.barred = std::make_shared<const mask::Mask>(std::move(*barred));
    }
    job.view = view_of(*picture, options->exposure);
    const codec::Metadata metadata = picture->metadata;
    Recording recording;
    if (const auto project = args.value("--project")) {
        auto made = record_in(*project, args.operands[0], std::move(*picture), *limits);
        if (!made) return failure(made);
        recording = std::move(*made);
        job.source = recording.document->tree.picture(0);
        job.store = recording.store;
        job.request = recording.document->tree.new_request();
    } else {
        job.source = std::make_shared<const image::Image>(std::move(picture->pixels));
    }
    const double open_seconds = seconds_since(start);
    if (const auto path = args.value("--markup")) {
        auto markup = load_markup(*path, job.source->size(), *limits);
        if (!markup) return failure(markup);
        job.params.markup = std::move(*markup);
    }
    if (Status ok = check_budget(args, job); !ok) return failure(ok);

    const InterruptWatch watch;
    auto edited = worker::run_edit(job, show_progress, watch.token());
    if (::isatty(STDERR_FILENO)) fmt::print(stderr, "\r\x1b[K");
    if (!edited) return failure(edited);
    const std::string kept = keep_unused(edited->unused, options->outputs.front());
    if (edited->candidates.empty()) {
        Error error = edited->problem.value_or(
            Error{ErrorCode::engine, "The engine gave no answer; the picture is as it was."});
        if (!kept.empty()) error.message += fmt::format(" What it sent is kept in {}.", kept);
        return tl::unexpected(CommandError(std::move(error)));
    }
    if (!kept.empty())
        print_note(fmt::format("answers that no result holds are kept in {}.", kept));
    for (const std::string& note : edited->notes)
        print_note(note);

    if (recording.store)
        if (Status ok = record(recording, job, *edited); !ok) return failure(ok);
    if (recording.store && edited->graft.redact)
        print_note(fmt::format("{}: {}", *args.value("--project"), project::keeps_the_original()));
    Json all = Json::array();
    for (std::size_t i = 0; i < edited->candidates.size(); ++i) {
        const composite::Graft& graft = edited->candidates[i].graft;
        worker::ExportJob save;
        save.path = options->outputs[std::min(i, options->outputs.size() - 1)];
        save.picture =
            std::make_shared<const image::Image>(composite::apply(job.source->view(), graft.patch));
        save.original = job.source;
        save.touched = touched_by(job.mask, edited->graft);
        save.metadata = metadata;
        save.view = job.view;
        save.options = options->how;
        if (edited->graft.redact)
            save.redacted = save.picture;
        else
            save.steps.push_back({job.prompt, graft.patch, save.touched});
        save.record = record_of(args.operands[0], job, *edited, edited->candidates[i]);
        save.record.source_provenance = picture->provenance;
        save.overwrite_record = args.has("--overwrite");
        const auto saving = std::chrono::steady_clock::now();
        auto saved = worker::export_picture(save, watch.token());
        if (!saved) return failure(saved);
        Json json{{"output", save.path.string()}};
        json.update(describe(*edited, edited->candidates[i]));
        add_exported(json, *saved, save.record);
        json["seconds"]["open"] = open_seconds;
        json["seconds"]["save"] = seconds_since(saving);
        if (edited->graft.redact) json["redacted"] = true;
        if (!saved->lossless)
            print_note(
                fmt::format("{} re-encodes every pixel: {} samples outside the mask differ in the "
                            "file. Write a .png to keep every sample.",
                            display_path(save.path), saved->changed_outside));
        tell_verdicts(graft.report);
        all.push_back(std::move(json));
    }
    // The files are written: what the journal kept of the answers is no longer needed.
    if (edited->unused.empty() || !kept.empty())
        for (const edit::RequestFate& fate : edited->fates)
            if (fate.outcome == edit::Outcome::answered && !fate.journal_entry.empty())
                job.backend->delivered(fate.journal_entry);
    if (all.size() == 1) {
        print_result(all[0], args);
    } else {
        Json json = all[0];
        json["candidates"] = all;
        print_result(json, args);
    }
    return {};
}

} // namespace

const Verb kEditVerb{{"edit", "IMAGE", 1, 1, "plan, request, graft and write the result", kOptions},
                     run_edit_verb};

} // namespace mw::cli
