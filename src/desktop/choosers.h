// The two dialogs behind FileChooser, as functions that block.
#pragma once

#include <stop_token>

#include "desktop/file_chooser.h"

namespace mw::desktop {

// Closes the dialog when stop is requested, and answers with nothing.
FileAnswer ask_portal(const FileQuestion& question, std::stop_token stop);
// `program` is looked for on $PATH. Started without a shell.
FileAnswer ask_zenity(const FileQuestion& question, std::stop_token stop,
                      const std::string& program = "zenity");

// Zenity's words for the question, the program's name first.
std::vector<std::string> zenity_words(const FileQuestion& question, const std::string& program);
// What it printed: a path a line, or one that has line breaks in its name.
std::vector<std::filesystem::path> zenity_paths(std::string printed, bool several);

} // namespace mw::desktop
