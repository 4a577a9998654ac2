// A document's file, and the jobs of the lane that writes it: in the order given, each to its end,
// also while the program goes.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>

#include "project/store.h"
#include "worker/ids.h"

namespace mw::worker {

// What the session hands down and the lane writes, oldest first. The session appends, the lane
// takes away what is on the disk.
class ProjectFile {
  public:
    void add(project::Batch batch) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(batch));
    }
    bool all_written() const {
        const std::lock_guard lock(mutex_);
        return waiting_.empty();
    }
    std::shared_ptr<project::Store> store() const {
        const std::lock_guard lock(mutex_);
        return store_;
    }
    void set_store(std::shared_ptr<project::Store> store) {
        const std::lock_guard lock(mutex_);
        store_ = std::move(store);
    }
    // For the lane: everything that waits, in order. On an error what was not written still waits.
    Status write_waiting();

  private:
    mutable std::mutex mutex_;
    std::deque<project::Batch> waiting_;
    std::shared_ptr<project::Store> store_; // null: there is no file yet
};
using ProjectFileRef = std::shared_ptr<ProjectFile>;

// After a failure: waits so long before it tries again; cancelled meanwhile, it has done nothing.
struct RetryAfter {
    int milliseconds = 0;
};

// A new file of the document as it was, then what waits.
struct CreateProjectJob {
    DocumentId document = 0;
    ProjectFileRef file;
    std::filesystem::path path;
    std::shared_ptr<const project::Document> snapshot; // nobody else's
    codec::DecodeLimits limits;                        // the picture was opened with
    bool overwrite = false;
    RetryAfter after;
};
struct WriteProjectJob {
    DocumentId document = 0;
    ProjectFileRef file;
    RetryAfter after;
};
// The file goes on elsewhere; what waits is written there.
struct SaveProjectAsJob {
    DocumentId document = 0;
    ProjectFileRef file;
    std::filesystem::path path;
    bool overwrite = false;
};
// Writes what waits and folds the file into one. `nothing_in_it`: it is removed.
struct CloseProjectJob {
    DocumentId document = 0;
    ProjectFileRef file;
    bool nothing_in_it = false;
};

struct ProjectCreated {
    std::filesystem::path path;
    std::string note; // empty: none
};
struct ProjectWritten {};
struct ProjectSavedAs {
    std::filesystem::path path;
};
struct ProjectClosed {};

} // namespace mw::worker
