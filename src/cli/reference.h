// What the table of verbs says, for manuals and shells. Private to the room.
#pragma once

#include <span>
#include <string>

#include "cli/args.h"

namespace mw::cli {

// The manual page, section 1, in the man macros (groff_man(7)).
std::string manual_page(std::span<const VerbSpec> verbs, std::string_view version);

// Completion of verbs, options and their values; where a file is wanted the shell's own way.
std::string bash_completions(std::span<const VerbSpec> verbs);
std::string zsh_completions(std::span<const VerbSpec> verbs);
std::string fish_completions(std::span<const VerbSpec> verbs);

// "fade|fitting" and "png, jpeg"-like placeholders: the words to choose from; none where a value is
// free.
std::vector<std::string> choices_of(std::string_view placeholder);
// A name of a file or folder belongs there.
bool wants_path(std::string_view placeholder);

} // namespace mw::cli
