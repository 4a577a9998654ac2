// The files opened last, remembered between starts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mw::session {

// What a file in the list is called: a project that was never named by its picture.
std::string recent_title(const std::filesystem::path& file);
// One in the recovery folder.
bool is_unnamed_project(const std::filesystem::path& file);

class RecentFiles {
  public:
    // Reads `folder`/recent.txt when it is there; an empty folder remembers nothing beyond this
    // run.
    explicit RecentFiles(std::filesystem::path folder);

    const std::vector<std::filesystem::path>& files() const { return files_; }
    // To the front; at most 12 are kept. A failure to write is ignored: the list is a convenience.
    void add(const std::filesystem::path& file);
    void remove(const std::filesystem::path& file);

  private:
    void write() const;
    std::filesystem::path folder_;
    std::vector<std::filesystem::path> files_;
};

} // namespace mw::session
