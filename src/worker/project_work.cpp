// The lane that owns the writing of projects.
#include <condition_variable>

#include "worker/work.h"

namespace mw::worker {
namespace {

// False when it was cancelled. The program's end is no reason to wait.
bool waited(const RetryAfter& after, const std::stop_token& stop, const std::stop_token& ending) {
    if (after.milliseconds <= 0) return true;
    std::mutex mutex;
    std::condition_variable_any wake;
    const std::stop_callback end_wakes(ending, [&] { wake.notify_all(); });
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::milliseconds(after.milliseconds),
                  [&] { return ending.stop_requested(); });
    return !stop.stop_requested();
}

tl::unexpected<Error> not_tried() {
    return fail(ErrorCode::cancelled, "Not tried again yet.");
}

} // namespace

Status ProjectFile::write_waiting() {
    for (;;) {
        project::Batch next;
        std::shared_ptr<project::Store> into;
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.empty()) return {};
            next = waiting_.front();
            into = store_;
        }
        if (!into)
            return fail(ErrorCode::io, "There is no project file yet; the work is in memory.");
        if (Status written = into->write(next); !written) return written;
        const std::lock_guard lock(mutex_);
        waiting_.pop_front();
    }
}

Result<ProjectCreated> create_project(const CreateProjectJob& job, std::stop_token stop,
                                      std::stop_token ending) {
    if (!waited(job.after, stop, ending)) return not_tried();
    std::error_code failed;
    std::filesystem::create_directories(job.path.parent_path(), failed); // create() says if not
    project::CreateParams params;
    params.limits = job.limits;
    params.overwrite = job.overwrite;
    ProjectCreated created{job.path, {}};
    auto store = project::Store::create(job.path, *job.snapshot, params, &created.note);
    if (!store) return tl::unexpected(store.error());
    job.file->set_store(std::move(*store));
    if (Status written = job.file->write_waiting(); !written)
        return tl::unexpected(written.error());
    return created;
}

Result<ProjectWritten> write_project(const WriteProjectJob& job, std::stop_token stop,
                                     std::stop_token ending) {
    if (!waited(job.after, stop, ending)) return not_tried();
    if (Status written = job.file->write_waiting(); !written)
        return tl::unexpected(written.error());
    return ProjectWritten{};
}

Result<ProjectSavedAs> save_project_as(const SaveProjectAsJob& job) {
    const auto store = job.file->store();
    if (!store)
        return fail(ErrorCode::io, "There is no project file yet that could be saved elsewhere.");
    if (Status saved = store->save_as(job.path, job.overwrite); !saved)
        return tl::unexpected(saved.error());
    if (Status written = job.file->write_waiting(); !written)
        return tl::unexpected(written.error());
    return ProjectSavedAs{job.path};
}

Result<ProjectClosed> close_project(const CloseProjectJob& job) {
    const auto store = job.file->store();
    if (!store) return ProjectClosed{};
    const bool own = !store->read_only();
    const std::filesystem::path path = store->path();
    Status written = own ? job.file->write_waiting() : Status{};
    const Status closed = store->close();
    if (!written) return tl::unexpected(written.error());
    if (!closed) return tl::unexpected(closed.error());
    std::error_code ignored;
    if (job.nothing_in_it && own) std::filesystem::remove(path, ignored);
    return ProjectClosed{};
}

} // namespace mw::worker
