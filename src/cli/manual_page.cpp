#include <fmt/format.h>

#include "cli/reference.h"

namespace mw::cli {
namespace {

// Text as groff takes it: no request at the start of a line, hyphens that are minus signs.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string entry(const OptionSpec& option) {
    std::string head = fmt::format("\\fB{}\\fR", escaped(option.name));
    if (!option.alias.empty()) head += fmt::format(", \\fB{}\\fR", escaped(option.alias));
    if (option.values != 0) head += fmt::format(" \\fI{}\\fR", escaped(option.placeholder));
    if (option.repeatable || option.values == kMany) head += " ...";
    return fmt::format(".TP\n{}\n{}\n", head, escaped(option.help));
}

std::string verb_section(const VerbSpec& verb) {
    std::string out =
        fmt::format(".SS maskwright {}{}{}\n{}.\n", verb.name, verb.operands.empty() ? "" : " ",
                    escaped(verb.operands), escaped(verb.summary));
    for (const OptionSpec& option : verb.options)
        out += entry(option);
    return out;
}

} // namespace

std::string manual_page(std::span<const VerbSpec> verbs, std::string_view version) {
    std::string out = fmt::format(
        ".\\\" Made by \"maskwright manual\" from the table that reads the command line.\n"
        ".TH MASKWRIGHT 1 \"\" \"maskwright {}\" \"User Commands\"\n"
        ".SH NAME\nmaskwright \\- change one region of a picture and nothing else\n"
        ".SH SYNOPSIS\n.B maskwright\n[\\fIIMAGE\\fR | \\fIPROJECT\\fR]\n.br\n",
        version);
    for (const VerbSpec& verb : verbs)
        out += fmt::format(
            ".B maskwright {}\n{}{}[\\fIOPTION\\fR ...]\n.br\n", verb.name,
            verb.operands.empty() ? "" : fmt::format("\\fI{}\\fR", escaped(verb.operands)),
            verb.operands.empty() ? "" : " ");
    out +=
        ".SH DESCRIPTION\n"
        "A region of a picture is painted or selected, what should change is said, and a model or "
        "the built\\-in engine makes it. The answer is grafted: registered, matched in colour and "
        "blended through the mask, with proof that no sample outside it changed.\n"
        ".PP\nWith an image, a project or nothing, the window opens. With a verb the same is done "
        "without a window. A \\fIMASK\\fR is an 8\\-bit grey picture of the image's size: 0 is "
        "kept, 255 is changed.\n"
        ".SH VERBS\n";
    for (const VerbSpec& verb : verbs)
        out += verb_section(verb);
    out +=
        ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nthe work failed; one line on the standard error "
        "says what, and what was kept\n.TP\n2\nthe command line makes no sense\n.TP\n3\nrefused: "
        "it "
        "may cost more than was allowed, or a file exists\n"
        ".SH ENVIRONMENT\n.TP\n.B MASKWRIGHT_API_KEY\nthe key of the service that "
        "\\fB\\-\\-base\\-url\\fR names\n.TP\n.B OPENAI_API_KEY\nthe key of OpenAI\\(aqs "
        "services; other services have variables of their own, which \\fBmaskwright models\\fR "
        "names\n"
        ".SH EXAMPLES\n.nf\n"
        "maskwright photo.jpg\n"
        "maskwright mask photo.jpg \\-\\-ellipse 400,300,80,60 \\-\\-feather 4 \\-o mask.png\n"
        "maskwright edit photo.jpg \\-\\-mask mask.png \\-\\-prompt \\(dqremove the "
        "sign\\(dq \\-o out.jpg\n"
        "maskwright compare photo.jpg out.jpg \\-\\-mask mask.png\n"
        ".fi\n";
    return out;
}

} // namespace mw::cli
