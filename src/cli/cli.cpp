#include "cli/cli.h"

#include <fmt/format.h>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <new>

#include "cli/command.h"

namespace mw::cli {
namespace {

constexpr std::string_view kVersion = MASKWRIGHT_VERSION;

const Verb* const kVerbs[] = {&kEditVerb,    &kGenerateVerb,   &kPlanVerb,   &kCompositeVerb,
                              &kCompareVerb, &kMaskVerb,       &kExportVerb, &kModelsVerb,
                              &kServeVerb,   &kJobsVerb,       &kReplayVerb, &kProjectVerb,
                              &kManualVerb,  &kCompletionsVerb};

const Verb* find_verb(std::string_view name) {
    for (const Verb* verb : kVerbs)
        if (verb->spec.name == name) return verb;
    return nullptr;
}

std::string overview() {
    std::string text =
        "maskwright [IMAGE]                 open the window\n"
        "maskwright VERB ...                work without a window:\n";
    for (const Verb* verb : kVerbs)
        text += fmt::format("  {:<12} {}\n", verb->spec.name, verb->spec.summary);
    text +=
        "maskwright VERB --help             the options of a verb\n"
        "Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 refused (cost, overwriting).\n";
    return text;
}

int run_verb(const Verb& verb, const std::vector<std::string>& words) {
    auto parsed = parse(verb.spec, words);
    if (!parsed) {
        print_note(parsed.error().message);
        return kUsage;
    }
    if (parsed->help) {
        print_out(help_text(verb.spec));
        return kDone;
    }
    try {
        const CommandResult result = verb.run(*parsed);
        if (result) return kDone;
        print_note(result.error().message);
        return result.error().exit_code;
    } catch (const std::bad_alloc&) {
        print_note("not enough memory; nothing was written. Work on a smaller picture.");
        return kFailed;
    }
}

int run_words(int argc, char** argv) {
    const std::string_view word = argc > 1 ? argv[1] : "--help";
    if (word == "--version") {
        print_out(fmt::format("maskwright {}\n", kVersion));
        return kDone;
    }
    if (word == "--help" || word == "-h" || word == "help") {
        const Verb* verb = argc > 2 ? find_verb(argv[2]) : nullptr;
        print_out(verb ? help_text(verb->spec) : overview());
        return kDone;
    }
    if (const Verb* verb = find_verb(word)) return run_verb(*verb, {argv + 2, argv + argc});
    std::error_code ignored;
    if (std::filesystem::exists(word, ignored)) {
        print_note(
            fmt::format("{} is there, but this program was built without a window; "
                        "maskwright --help lists what it can do with it.",
                        display_path(word)));
        return kUsage;
    }
    print_note(
        fmt::format("there is no verb and no file {}; see maskwright --help.", display_path(word)));
    return kUsage;
}

} // namespace

std::span<const Verb* const> all_verbs() {
    return kVerbs;
}

bool is_verb(std::string_view word) {
    return word.starts_with("-") || word == "help" || find_verb(word) != nullptr;
}

int run(int argc, char** argv) {
    // A file over the limit of its size is an error to tell, not a reason to die half-way.
    std::signal(SIGXFSZ, SIG_IGN);
    const int status = run_words(argc, argv);
    // Where the figures were to go may be a full disk, or closed.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
    print_note(
        "cannot write to the standard output; what files were asked for are written all the same. "
        "Free some space or send the figures elsewhere.");
    return status == kDone ? kFailed : status;
}

} // namespace mw::cli
