// A file system of SQLite's over the real one that fails when it is told to, and that knows what a
// loss of power would leave: for tests of the project's file. For one thread.
#pragma once

#include <filesystem>
#include <random>

namespace mw::test {

enum class DiskFault { none, full, io, short_write };
struct DiskPlan {
    DiskFault fault = DiskFault::none;
    int after = 0;      // writes, syncs and truncations that still work
    bool lasts = false; // every later one fails as well
    int seen = 0, failed = 0;
};
DiskPlan& disk_plan();

// While it lives every connection that is opened goes through it.
class FaultyFiles {
  public:
    // `remembered`: the folder for whose files lose_power() works.
    explicit FaultyFiles(const std::filesystem::path& remembered = {});
    ~FaultyFiles();
    FaultyFiles(const FaultyFiles&) = delete;
    FaultyFiles& operator=(const FaultyFiles&) = delete;

    // What may lie on the disk had the power gone now, under the files' own names in `folder`: what
    // was synced is whole; of later writes any, in any order, by sectors of 512 bytes.
    void lose_power(const std::filesystem::path& folder, std::mt19937& random) const;
};

} // namespace mw::test
