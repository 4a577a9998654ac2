#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "handoff/project_folder.h"
#include "project/recover.h"
#include "project/redaction.h"
#include "project/replay.h"
#include "worker/work.h"

namespace mw::cli {
namespace {

constexpr OptionSpec kOriginalOption{"--original", "", 1, "FILE",
                                     "where the linked original is now"};

constexpr OptionSpec kProjectOptions[] = {
    {"--output", "-o", 1, "FOLDER|NEW.mwr",
     "of export, the folder; of recover, the project to write"},
    kOriginalOption,
    kMegapixelsOption,
    kOverwriteOption,
    kJsonOption,
};
constexpr auto kReplayOptions = joined(
    std::array{kOutOption,
               OptionSpec{"--iteration", "", 1, "ID", "which one (default: the one that is shown)"},
               kOriginalOption},
    kPictureOptions, std::array{kMegapixelsOption, kOverwriteOption, kJsonOption});

Result<project::OpenedProject> open_to_read(const ParsedArgs& args, const std::string& path,
                                            std::stop_token stop) {
    auto limits = decode_limits(args);
    if (!limits) return tl::unexpected(limits.error());
    project::OpenParams params;
    params.read_only = true;
    params.limits = *limits;
    params.stop = std::move(stop);
    if (const auto original = args.value("--original")) params.original = *original;
    auto opened = project::Store::open(path, params);
    if (opened)
        for (std::size_t i = 1; i < opened->notes.size(); ++i) // the first says "as asked for"
            print_note(opened->notes[i]);
    return opened;
}

void show_count(const char* what, int done, int all) {
    if (!::isatty(STDERR_FILENO)) return;
    fmt::print(stderr, "\r{} {} of {}\x1b[K{}", what, done, all, done == all ? "\r\x1b[K" : "");
    std::fflush(stderr);
}

constexpr std::string_view kStandings[] = {"proposed", "accepted", "rejected"};

Json describe(const project::Document& document, project::IterationId id) {
    const project::Iteration& it = document.tree.any(id);
    Json json{{"id", it.id},
              {"parent", it.parent},
              {"standing", kStandings[static_cast<std::size_t>(it.standing)]},
              {"prompt", it.prompt},
              {"model", it.model},
              {"what_was_done", it.what_was_done}};
    if (!it.marks.name.empty()) json["name"] = it.marks.name;
    if (!it.marks.note.empty()) json["note"] = it.marks.note;
    if (it.marks.starred) json["starred"] = true;
    if (!document.tree.alive(id)) json["in_trash"] = true;
    if (it.cost.actual_usd) json["actual_usd"] = *it.cost.actual_usd;
    json["changed"] = to_json(it.report.declared);
    json["changed_outside_mask"] = it.report.changed_outside_mask;
    return json;
}

CommandResult run_info(const ParsedArgs& args, const std::string& path) {
    const InterruptWatch watch;
    auto opened = open_to_read(args, path, watch.token());
    if (!opened) return failure(opened);
    const project::Document& d = *opened->document;
    double cost = 0;
    std::int64_t last_request = 0;
    Json iterations = Json::array();
    int erased = 0;
    for (std::size_t i = 1; i < d.tree.size(); ++i) {
        const auto id = static_cast<project::IterationId>(i);
        if (!d.tree.contains(id)) {
            ++erased;
            continue;
        }
        const project::Iteration& it = d.tree.at(id);
        // Candidates of one request share its cost.
        if (it.request == 0 || it.request != last_request) cost += it.cost.actual_usd.value_or(0);
        last_request = it.request;
        iterations.push_back(describe(d, id));
    }
    const Size size = d.tree.picture(0)->size();
    std::error_code ignored;
    Json json{{"project", path},
              {"bytes", std::filesystem::file_size(path, ignored)},
              {"picture", d.path.filename().string()},
              {"size", to_json(size)},
              {"iterations", iterations.size()},
              {"erased", erased},
              {"base", d.base},
              {"shown", d.shown},
              {"undo_steps", d.undo.undo_commands().size()},
              {"redo_steps", d.undo.redo_commands().size()},
              {"kept_masks", d.slots.size()},
              {"cost_usd", cost},
              {"answers_without_iteration", opened->unfinished.size()}};
    if (args.has("--json")) json["tree"] = iterations;
    print_result(json, args);
    if (!args.has("--json"))
        for (const Json& it : iterations)
            print_out(fmt::format("{:>4} of {:<4} {:<9} {}\n", it["id"].get<int>(),
                                  it["parent"].get<int>(), it["standing"].get<std::string>(),
                                  it["prompt"].get<std::string>()));
    return {};
}

CommandResult run_verify(const ParsedArgs& args, const std::string& path) {
    const InterruptWatch watch;
    auto opened = open_to_read(args, path, watch.token());
    if (!opened) return failure(opened);
    auto done = project::verify(
        *opened->store, *opened->document, [](int n, int all) { show_count("iteration", n, all); },
        watch.token());
    if (!done) return failure(done);
    Json json{{"project", path},
              {"whole", done->problems.empty()},
              {"parts", done->parts},
              {"iterations", done->iterations},
              {"grafted_again", done->grafted_again},
              {"combined", done->combined},
              {"original_sha256", done->original_sha256},
              {"pictures_sha256", done->pictures_sha256}};
    for (const std::string& problem : done->problems)
        json["problems"].push_back(problem);
    if (args.has("--json"))
        print_result(json, args);
    else if (done->problems.empty())
        print_out(
            fmt::format("{}: whole. {} parts as stored, {} of {} iterations grafted again bit "
                        "for bit{}; original {}, pictures {}.\n",
                        display_path(path), done->parts, done->grafted_again, done->iterations,
                        done->combined > 0 ? fmt::format(" ({} combined)", done->combined) : "",
                        done->original_sha256.substr(0, 16), done->pictures_sha256.substr(0, 16)));
    if (done->problems.empty()) return {};
    for (const std::string& problem : done->problems)
        print_note(problem);
    return tl::unexpected(CommandError(
        Error{ErrorCode::corrupt,
              fmt::format("{} is not what was stored: {} problems. \"maskwright project recover\" "
                          "saves what it still holds.",
                          display_path(path), done->problems.size())}));
}

CommandResult run_recover(const ParsedArgs& args, const std::string& path) {
    if (!args.has("--output"))
        return usage_failure("project recover needs -o NEW.mwr, the project to write.");
    const std::string out = *args.value("--output");
    if (std::filesystem::path(out).extension() != ".mwr")
        return usage_failure(fmt::format("{}: a project's name ends in .mwr.", display_path(out)));
    if (Status ok = check_output(out, args); !ok) return failure(ok);
    auto limits = decode_limits(args);
    if (!limits) return usage_failure(limits);
    project::OpenParams params;
    params.limits = *limits;
    if (const auto original = args.value("--original")) params.original = *original;
    auto done = project::recover(path, out, params, args.has("--overwrite"));
    if (!done) return failure(done);
    Json json{{"output", out},
              {"iterations", done->iterations},
              {"answers", done->answers},
              {"undo_steps", done->undo_steps},
              {"complete", done->lost.empty()}};
    for (const std::string& lost : done->lost) {
        json["lost"].push_back(lost);
        if (args.has("--json")) print_note(lost);
    }
    print_result(json, args);
    return {};
}

CommandResult run_export_folder(const ParsedArgs& args, const std::string& path) {
    const auto out = args.value("--output");
    if (!out) return usage_failure("project export needs -o FOLDER, the folder to write.");
    const InterruptWatch watch;
    auto opened = open_to_read(args, path, watch.token());
    if (!opened) return failure(opened);
    handoff::FolderParams params;
    params.overwrite = args.has("--overwrite");
    // As it was opened, when the project or its link still has it.
    if (auto original =
            opened->store->original_file({.original = args.value("--original").value_or("")}))
        params.original = std::make_shared<const Bytes>(std::move(*original));
    auto done = handoff::export_folder(*opened->document, *out, params, watch.token());
    if (!done) return failure(done);
    Json json{{"output", *out}, {"files", done->files}, {"iterations", done->iterations}};
    for (const std::string& note : done->notes) {
        print_note(note);
        json["notes"].push_back(note);
    }
    print_result(json, args);
    return {};
}

CommandResult run_project(const ParsedArgs& args) {
    const std::string &what = args.operands[0], &path = args.operands[1];
    if (what == "info") return run_info(args, path);
    if (what == "export") return run_export_folder(args, path);
    if (what == "verify") return run_verify(args, path);
    if (what == "recover") return run_recover(args, path);
    return usage_failure(
        fmt::format("project {}: it is info, export, verify or recover.", display_path(what)));
}

CommandResult run_replay(const ParsedArgs& args) {
    if (auto ok = require(kReplayVerb.spec, args, {"--output"}); !ok) return ok;
    const std::string out = *args.value("--output");
    if (Status ok = check_ending(out); !ok) return usage_failure(ok);
    auto options = export_options(args);
    if (!options) return usage_failure(options);
    if (Status ok = check_output(out, args); !ok) return failure(ok);
    const InterruptWatch watch;
    auto opened = open_to_read(args, args.operands[0], watch.token());
    if (!opened) return failure(opened);
    const project::Document& d = *opened->document;
    project::IterationId id = d.shown;
    if (const auto text = args.value("--iteration")) {
        auto number = parse_integer("--iteration", *text, 0, 1 << 30);
        if (!number) return usage_failure(number);
        id = *number;
    }
    auto done = project::replay(d, id, watch.token());
    if (!done) return failure(done);
    worker::ExportJob save;
    save.path = out;
    save.picture = done->picture;
    save.original = d.tree.picture(0);
    save.touched = mask::Mask(save.original->size());
    for (project::IterationId step = id; step > 0; step = d.tree.at(step).parent)
        mask::combine(save.touched, touched_by(*d.tree.at(step).mask, d.tree.at(step).graft),
                      mask::CombineMode::add);
    save.metadata = d.metadata;
    const project::IterationId redaction = project::last_redaction(d.tree, id);
    // Layers are the replayed picture alone, after a redaction on the way; else an edit each.
    if (redaction != 0)
        save.redacted = save.picture;
    else
        save.steps = handoff::steps_to(d.tree, id);
    save.options = *options;
    save.view = image::DisplayTransform(d.color);
    auto saved = worker::export_picture(save, watch.token());
    if (!saved) return failure(saved);
    for (const std::string& note : saved->notes)
        print_note(note);
    for (const project::IterationId step : done->without_answer)
        print_note(
            fmt::format("iteration {} was combined by hand: its stored pixels were taken.", step));
    const std::string made = project::pixels_sha256(done->picture->view());
    const bool same = made == project::pixels_sha256(d.tree.picture(id)->view());
    print_result(Json{{"output", out},
                      {"iteration", id},
                      {"pixels_sha256", made},
                      {"same_as_stored", same},
                      {"file_lossless", saved->lossless},
                      {"file_changed_outside_mask", saved->changed_outside}},
                 args);
    if (!same)
        return tl::unexpected(CommandError(
            Error{ErrorCode::corrupt,
                  fmt::format("Iteration {} was made again, but not as it is stored; {} has what "
                              "the answers give. See maskwright project verify.",
                              id, display_path(out))}));
    return {};
}

} // namespace

const Verb kProjectVerb{{"project", "info|export|verify|recover PROJECT", 2, 2,
                         "look into, write out, check or salvage a project", kProjectOptions},
                        run_project};
const Verb kReplayVerb{
    {"replay", "PROJECT", 1, 1,
     "make an iteration again from its stored answers, without a network", kReplayOptions},
    run_replay};

} // namespace mw::cli
