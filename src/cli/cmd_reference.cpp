// The verbs that tell what the table of verbs says.
#include "cli/command.h"
#include "cli/reference.h"

namespace mw::cli {
namespace {

std::vector<VerbSpec> specs() {
    std::vector<VerbSpec> out;
    for (const Verb* verb : all_verbs())
        out.push_back(verb->spec);
    return out;
}

CommandResult run_manual(const ParsedArgs&) {
    print_out(manual_page(specs(), MASKWRIGHT_VERSION));
    return {};
}

CommandResult run_completions(const ParsedArgs& args) {
    const std::string& shell = args.operands.front();
    if (shell == "bash")
        print_out(bash_completions(specs()));
    else if (shell == "zsh")
        print_out(zsh_completions(specs()));
    else if (shell == "fish")
        print_out(fish_completions(specs()));
    else
        return usage_failure("completions are there for bash, zsh and fish.");
    return {};
}

} // namespace

const Verb kManualVerb{{"manual", "", 0, 0, "the manual page, for man", {}}, run_manual};
const Verb kCompletionsVerb{
    {"completions", "bash|zsh|fish", 1, 1, "what completes a command line in a shell", {}},
    run_completions};

} // namespace mw::cli
