#include "app/old_files.h"

namespace mw::app {
namespace fs = std::filesystem;

void forget_old_files(const fs::path& folder, std::chrono::hours kept) {
    std::error_code error;
    const auto now = fs::file_time_type::clock::now();
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto written = entry.last_write_time(error);
        if (!error && now - written > kept) fs::remove_all(entry.path(), error);
    }
}

} // namespace mw::app
