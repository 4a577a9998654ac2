// Which projects are open, on disk, so that the next start after a crash can open them again.
#pragma once

#include <filesystem>
#include <vector>

namespace mw::session {

// One file for each running program, held locked while it runs and removed when it ends in peace:
// one that nobody holds was left by a program that was cut off.
class OpenList {
  public:
    // An empty folder keeps nothing.
    explicit OpenList(std::filesystem::path folder);
    ~OpenList();
    OpenList(const OpenList&) = delete;
    OpenList& operator=(const OpenList&) = delete;

    // What programs that were cut off had open, in their order; their lists are removed. Once.
    std::vector<std::filesystem::path> take_left_open();
    // Written at once when it differs from the last; failures are ignored: the projects themselves
    // are not concerned.
    void write(const std::vector<std::filesystem::path>& open);
    // The program ends in peace: there is nothing to open again.
    void forget();

  private:
    std::filesystem::path folder_, file_;
    std::vector<std::filesystem::path> written_;
    int lock_ = -1;
};

} // namespace mw::session
