#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/reference.h"

namespace mw::cli {
namespace {

// Between single quotes of a shell.
std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

std::vector<std::string> names_of(const VerbSpec& verb) {
    std::vector<std::string> names{"--help"};
    for (const OptionSpec& option : verb.options) {
        names.emplace_back(option.name);
        if (!option.alias.empty()) names.emplace_back(option.alias);
    }
    return names;
}

// "list|recover ENTRY" of "[list|recover ENTRY|forget ENTRY]": what the first operand may be.
std::vector<std::string> first_operands(std::string_view operands) {
    std::vector<std::string> out;
    if (operands.find('|') == operands.npos) return out;
    std::string word;
    bool taking = true;
    for (const char c : operands) {
        if (c == '[' || c == ']') continue;
        if (c == '|') {
            out.push_back(std::exchange(word, {}));
            taking = true;
        } else if (c == ' ') {
            taking = false;
        } else if (taking) {
            word += c;
        }
    }
    out.push_back(word);
    const auto is_word = [](const std::string& w) {
        return std::ranges::all_of(w, [](char c) { return c >= 'a' && c <= 'z'; });
    };
    std::erase_if(out, [&](const std::string& w) { return w.empty() || !is_word(w); });
    return out;
}

// Of zsh's _arguments: no colon, bracket or backslash by itself.
std::string for_zsh(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

} // namespace

std::vector<std::string> choices_of(std::string_view placeholder) {
    std::vector<std::string> out;
    if (placeholder.find('|') == placeholder.npos) return out;
    for (std::string_view rest = placeholder;;) {
        const auto bar = rest.find('|');
        const std::string_view word = rest.substr(0, bar);
        // What is in capitals stands for a value.
        if (std::ranges::none_of(word, [](char c) { return c >= 'A' && c <= 'Z'; }))
            out.emplace_back(word);
        if (bar == rest.npos) return out;
        rest.remove_prefix(bar + 1);
    }
}

bool wants_path(std::string_view placeholder) {
    constexpr std::array<std::string_view, 12> kPaths = {"MASK",   "OUT",    "FILE",    "PNG",
                                                         "FOLDER", "IMAGE",  "NEW",     "SOURCE",
                                                         "JSON",   "ANSWER", "PROJECT", "PICTURE"};
    return std::ranges::any_of(
        kPaths, [&](std::string_view p) { return placeholder.find(p) != placeholder.npos; });
}

std::string bash_completions(std::span<const VerbSpec> verbs) {
    std::vector<std::string> words{"help", "--help", "--version"};
    for (const VerbSpec& verb : verbs)
        words.emplace_back(verb.name);
    std::string out = fmt::format(
        "# bash completion of maskwright, made by \"maskwright completions bash\".\n"
        "_maskwright() {{\n"
        "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}\n"
        "  COMPREPLY=()\n"
        "  if ((COMP_CWORD == 1)); then\n"
        "    COMPREPLY=($(compgen -W '{}' -- \"$word\") $(compgen -f -- \"$word\"))\n"
        "    return\n"
        "  fi\n"
        "  case ${{COMP_WORDS[1]}} in\n",
        joined(words));
    for (const VerbSpec& verb : verbs) {
        out += fmt::format("    {})\n      case $before in\n", verb.name);
        for (const OptionSpec& option : verb.options) {
            if (option.values == 0) continue;
            const std::string name = option.alias.empty()
                                         ? std::string(option.name)
                                         : fmt::format("{}|{}", option.name, option.alias);
            if (const auto choices = choices_of(option.placeholder); !choices.empty())
                out += fmt::format(
                    "        {}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n", name,
                    joined(choices));
            else if (wants_path(option.placeholder))
                out += fmt::format(
                    "        {}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", name);
            else
                out += fmt::format("        {}) return ;;\n", name);
        }
        out += "      esac\n";
        out += fmt::format(
            "      if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '{}' -- \"$word\")); return; "
            "fi\n",
            joined(names_of(verb)));
        if (const auto first = first_operands(verb.operands); !first.empty())
            out += fmt::format(
                "      if ((COMP_CWORD == 2)); then COMPREPLY=($(compgen -W '{}' -- \"$word\")); "
                "return; fi\n",
                joined(first));
        out += "      COMPREPLY=($(compgen -f -- \"$word\")) ;;\n";
    }
    out +=
        "  esac\n"
        "}\n"
        "complete -o filenames -F _maskwright maskwright\n";
    return out;
}

std::string zsh_completions(std::span<const VerbSpec> verbs) {
    std::string out =
        "#compdef maskwright\n"
        "# zsh completion of maskwright, made by \"maskwright completions zsh\".\n"
        "_maskwright() {\n"
        "  local -a verbs\n"
        "  verbs=(\n";
    for (const VerbSpec& verb : verbs)
        out += fmt::format("    {}\n",
                           in_quotes(fmt::format("{}:{}", verb.name, for_zsh(verb.summary))));
    out +=
        "  )\n"
        "  if ((CURRENT == 2)); then\n"
        "    _describe verb verbs\n"
        "    _files\n"
        "    return\n"
        "  fi\n"
        "  shift words; ((CURRENT--))\n"
        "  case $words[1] in\n";
    for (const VerbSpec& verb : verbs) {
        out += fmt::format("    {})\n      _arguments -S '--help[the options]' \\\n", verb.name);
        for (const OptionSpec& option : verb.options) {
            const bool again = option.repeatable || option.values == kMany;
            std::string value;
            if (option.values != 0) {
                const auto choices = choices_of(option.placeholder);
                const std::string how = !choices.empty() ? fmt::format("({})", joined(choices))
                                        : wants_path(option.placeholder) ? "_files"
                                                                         : " ";
                value = fmt::format(":{}:{}", for_zsh(option.placeholder), how);
            }
            for (const std::string_view name : {option.name, option.alias})
                if (!name.empty())
                    out += fmt::format("        {} \\\n",
                                       in_quotes(fmt::format("{}{}[{}]{}", again ? "*" : "", name,
                                                             for_zsh(option.help), value)));
        }
        const auto first = first_operands(verb.operands);
        if (!first.empty()) out += fmt::format("        '1:what:({})' \\\n", joined(first));
        out += "        '*:file:_files' ;;\n";
    }
    out += "  esac\n}\n_maskwright \"$@\"\n";
    return out;
}

std::string fish_completions(std::span<const VerbSpec> verbs) {
    std::string out =
        "# fish completion of maskwright, made by \"maskwright completions fish\".\n"
        "complete -c maskwright -n __fish_use_subcommand -l version -d 'the version'\n";
    for (const VerbSpec& verb : verbs)
        out += fmt::format("complete -c maskwright -n __fish_use_subcommand -a {} -d {}\n",
                           verb.name, in_quotes(verb.summary));
    for (const VerbSpec& verb : verbs) {
        const std::string when =
            fmt::format("complete -c maskwright -n '__fish_seen_subcommand_from {}'", verb.name);
        for (const std::string& word : first_operands(verb.operands))
            out += fmt::format("{} -a {}\n", when, word);
        for (const OptionSpec& option : verb.options) {
            std::string line = fmt::format("{} -l {}", when, option.name.substr(2));
            if (!option.alias.empty()) line += fmt::format(" -s {}", option.alias.substr(1));
            if (option.values != 0) {
                line += " -r";
                if (const auto choices = choices_of(option.placeholder); !choices.empty())
                    line += fmt::format(" -f -a {}", in_quotes(joined(choices)));
                else if (!wants_path(option.placeholder))
                    line += " -f";
            }
            out += fmt::format("{} -d {}\n", line, in_quotes(option.help));
        }
    }
    return out;
}

} // namespace mw::cli
