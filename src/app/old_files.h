// Folders of files that others read for a while.
#pragma once

#include <chrono>
#include <filesystem>

namespace mw::app {

// Removes what lies in `folder`, folders with all they hold, and was written longer ago than
// `kept`. What cannot be removed stays.
void forget_old_files(const std::filesystem::path& folder, std::chrono::hours kept);

} // namespace mw::app
