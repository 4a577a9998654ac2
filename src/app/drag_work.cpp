#include "app/drag_work.h"

#include <fmt/format.h>

#include "app/old_files.h"
#include "app/pen.h"
#include "app/picture_out.h"

namespace mw::app {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kKept{24};

// A folder for each drag, so that the file has the name the artist knows.
fs::path fresh_file(const fs::path& folder, const std::string& name) {
    std::error_code error;
    forget_old_files(folder, kKept);
    for (int n = 1;; ++n)
        if (const fs::path one = folder / std::to_string(n); !fs::exists(one, error))
            return one / name;
}

} // namespace

DragWork::DragWork(fs::path folder, std::function<void()> wake)
    : folder_(std::move(folder)), wake_(std::move(wake)) {}

void DragWork::begin(project::IterationId id, const session::Desk& desk, const Window& window) {
    const session::SessionView& view = desk.view();
    if (folder_.empty() || view.document == nullptr || !view.document->tree.contains(id)) return;
    const std::string stem = view.document->path.stem().string();
    desktop::DragSource::Params params;
    params.file = fresh_file(folder_, id == 0 ? stem + ".png" : fmt::format("{} {}.png", stem, id));
    params.window = x11_window(window.handle());
    params.wake = wake_;
    params.make = [encode = png_of(view, id, false),
                   shared = shared_](const fs::path& file) -> Status {
        const auto write = [&]() -> Status {
            std::error_code error;
            fs::create_directories(file.parent_path(), error);
            fs::permissions(file.parent_path().parent_path(), fs::perms::owner_all, error);
            auto made = encode({});
            if (!made) return tl::unexpected(made.error());
            return write_file_atomic(file, made->png);
        };
        Status done = write();
        if (!done) {
            const std::lock_guard lock(shared->mutex);
            shared->problem = done.error();
        }
        return done;
    };
    drag_ = desktop::DragSource::begin(std::move(params));
}

bool DragWork::pump(session::Desk& desk) {
    if (drag_ && drag_->end() != desktop::DragEnd::none) drag_.reset();
    std::optional<Error> problem;
    {
        const std::lock_guard lock(shared_->mutex);
        problem = std::exchange(shared_->problem, std::nullopt);
    }
    if (!problem) return false;
    desk.tell({0,
               session::Severity::error,
               "The picture could not be handed to the other program: " + problem->message,
               {}});
    return true;
}

} // namespace mw::app
