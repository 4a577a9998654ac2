// The verbs as text: what the window does, headless, through the same functions.
#pragma once

#include <string_view>

namespace mw::cli {

// Exit codes.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // message on stderr, one line
inline constexpr int kUsage = 2;   // the command line makes no sense
inline constexpr int kRefused = 3; // would cost more than the budget, or overwrite something

// argv[1] is a verb, --help or --version (see is_verb). Never throws.
int run(int argc, char** argv);
bool is_verb(std::string_view word);

} // namespace mw::cli
