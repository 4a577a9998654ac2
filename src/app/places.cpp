#include "app/places.h"

#include <cstdlib>

namespace mw::app {
namespace fs = std::filesystem;

fs::path state_folder() {
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
        return fs::path(state) / "maskwright";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return fs::path(home) / ".local/state/maskwright";
    return {};
}

fs::path cache_folder() {
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
        return fs::path(cache) / "maskwright";
    if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return fs::path(home) / ".cache/maskwright";
    return {};
}

fs::path sample_picture() {
    std::error_code error;
    const fs::path self = fs::read_symlink("/proc/self/exe", error);
    if (error) return {};
    // bin/ of an installation, build/<preset>/ of a checkout.
    for (const char* way :
         {"../share/maskwright/sample", "../../assets/sample", "../assets/sample"}) {
        const fs::path file = (self.parent_path() / way / "still_life.png").lexically_normal();
        if (fs::is_regular_file(file, error)) return file;
    }
    return {};
}

} // namespace mw::app
