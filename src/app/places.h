// Where things of ours lie on this machine.
#pragma once

#include <filesystem>

namespace mw::app {

// Kept between starts, by the XDG rules; empty when there is no home.
std::filesystem::path state_folder();
// The sample that comes with the program: beside the build or where it was installed; empty: none.
std::filesystem::path sample_picture();
// What may be thrown away; empty when there is no home.
std::filesystem::path cache_folder();

} // namespace mw::app
