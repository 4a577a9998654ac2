// Project files as things in a folder: made whole beside their place, held by one window, copied
// while another program writes. For the room only.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.h"

namespace mw::project {

// Files that this process has open, so that none is opened twice: the second close() would drop the
// first one's locks. A file is known by what it is, not by its name. False when it is held already,
// or is not there.
class HeldFile {
  public:
    HeldFile() = default;
    HeldFile(HeldFile&& other) noexcept;
    HeldFile& operator=(HeldFile&& other) noexcept;
    ~HeldFile();
    bool take(const std::filesystem::path& path);
    bool taken() const { return held_; }

  private:
    std::pair<std::uint64_t, std::uint64_t> id_{};
    bool held_ = false;
};
bool is_held(const std::filesystem::path& path);

// A name beside `path` that nothing has.
std::filesystem::path temporary_beside(const std::filesystem::path& path);
// Syncs `temporary` and gives it its name. refused when something is there and `overwrite` is not
// set; then, and on any failure, the temporary file is gone.
Status move_into_place(const std::filesystem::path& temporary, const std::filesystem::path& path,
                       bool overwrite);

// A copy of the project with its log in a private folder that the caller removes: what it held at
// one moment, even while another program writes.
Result<std::filesystem::path> private_copy(const std::filesystem::path& path);

// Neither half written nor in the middle of a change: no log lies beside it.
bool at_rest(const std::filesystem::path& path);
bool can_write(const std::filesystem::path& path); // the file and its folder

} // namespace mw::project
